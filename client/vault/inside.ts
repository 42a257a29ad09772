/** What the page may ask of an open pocket (api.ts, Inside), each part handed to the module that answers it. */
import type { Inside } from "./api.ts";
import type { Beyond } from "./beyond.ts";
import { CodeAgain } from "./code-again.ts";
import type { Kdf } from "./codes.ts";
import { decodeCover, encodeCover, toCover } from "./covers.ts";
import { createDevicesInside } from "./devices-inside.ts";
import { createDoorInside } from "./door-inside.ts";
import { createMediaInside } from "./media-inside.ts";
import { Memories } from "./memories.ts";
import { createOwnInside } from "./own-inside.ts";
import { OwnPages } from "./own-pages.ts";
import type { DrawPicture } from "./picture.ts";
import type { Pocket } from "./pocket.ts";
import type { Recorder } from "./recorder.ts";
import { createRoomInside } from "./room-inside.ts";
import type { Side } from "./side/side.ts";
import { NO_SIDE } from "./side/side-inside.ts";
import { createStorageInside } from "./storage-inside.ts";
import { createTakeAlong } from "./take-along/take-along.ts";
import { UnderWay } from "./under-way.ts";
import { createWaysInInside } from "./ways-in-inside.ts";

type Covers = Pick<Inside, "cover" | "changeCover" | "profile" | "setName">;

/** How long a letter may take from the page's port to here. */
const PORTS_MS = 20;
/** What the small pocket doesn't get before a lock, it gets at the next unlock: only copies wait for it. */
const FOLLOW_AT_MOST_MS = 1_000;

export interface InsideDeps {
  readonly draw: DrawPicture;
  readonly kdf: Kdf;
  /** Whether the browser still gives so many bytes. */
  hasRoom(bytes: number): Promise<boolean>;
  /** It was opened with the card: whoever forgot the code may make a new one without it. */
  readonly byCard: boolean;
  /** The second code; null in the small pocket that it opens. */
  readonly side: Side | null;
}

export function createInside(
  pocket: Pocket,
  beyond: Beyond,
  recorder: Recorder,
  { draw, kdf, byCard, hasRoom, side }: InsideDeps,
): Inside {
  const again = new CodeAgain(pocket, kdf);
  const ownPages = new OwnPages(pocket);
  const memories = new Memories(pocket);
  const devices = createDevicesInside(pocket, beyond.devices, kdf);
  const media = createMediaInside(pocket, beyond, recorder, draw);
  const photos = new UnderWay();
  return {
    ...coversOf(pocket, beyond),
    ...createOwnInside(pocket, beyond),
    ...media,
    // A photo of the camera has no other copy: sealing waits for it.
    addPhoto: (...args) => photos.add(media.addPhoto(...args)),
    addStopPhoto: (...args) => photos.add(media.addStopPhoto(...args)),
    putDrawing: (...args) => photos.add(media.putDrawing(...args)),
    ...createDoorInside(pocket),
    ...createWaysInInside(pocket, beyond, { kdf, again, byCard, side }),
    ...(side?.inside(again) ?? NO_SIDE),
    ...beyond.sharing,
    show: async (...args) => {
      again.require();
      return beyond.sharing.show(...args);
    },
    sameAgain: async (person, earlier) => {
      if (earlier !== null) again.require();
      return beyond.sharing.sameAgain(person, earlier);
    },
    ...beyond.joint,
    ...devices,
    ...createRoomInside(pocket, beyond.room),
    ...createStorageInside(pocket, {
      again,
      hasRoom,
      cardReach: () => devices.cardReach(),
      fetchOwnBlob: (blob) => beyond.fetchOwnBlob(blob),
    }),
    page: (kind) => ownPages.page(kind),
    memorySettings: () => memories.settings(),
    setMemories: (change) => memories.set(change),
    setBrake: (brake, on) => memories.setBrake(brake, on),
    memories: () => memories.today(),
    ...createTakeAlong({
      pocket,
      beyond,
      draw,
      page: (kind) => ownPages.page(kind),
      requireCode: () => again.require(),
    }),
    syncState: async () => beyond.syncState(),
    seal: async (flushMs) => {
      // What was typed a moment ago travels on another port than this call, and may come after it.
      await new Promise<void>((resolve) => pocket.clock.after(PORTS_MS, resolve));
      const commit = () => pocket.documents.commitAll({ last: true }).finally(() => void pocket.roomAgain());
      await commit();
      if (await photos.settled()) await commit();
      if (flushMs > 0) await beyond.flush(flushMs);
      if (side !== null) await follow(pocket, side);
    },
  };
}

async function follow({ clock }: Pocket, side: Side): Promise<void> {
  let cancel = (): void => undefined;
  const late = new Promise<void>((resolve) => {
    cancel = clock.after(FOLLOW_AT_MOST_MS, resolve);
  });
  await Promise.race([side.follow().catch(() => undefined), late]);
  cancel();
}

const coversOf = (pocket: Pocket, beyond: Beyond): Covers => ({
  cover: async () => toCover(pocket.row),
  changeCover: (patch) =>
    pocket.changeRow((row) => ({ ...row, cover: encodeCover({ ...decodeCover(row), ...patch }) })),
  profile: async () => ({ name: pocket.keyring.me.name, role: pocket.keyring.me.role }),
  setName: async (name) => {
    await pocket.keyring.setName(name.trim());
    await beyond.renamed();
  },
});
