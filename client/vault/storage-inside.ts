/** How safely things lie here, as the page asks for it from inside (api-storage.ts). */
import type { BlobId } from "../../crypto/types.ts";
import type { CardReach } from "./api-devices.ts";
import type { Copies, RoomKind, StorageInside, StorageWord } from "./api-storage.ts";
import { readCardRow } from "./card.ts";
import type { CodeAgain } from "./code-again.ts";
import { listDevices } from "./intents.ts";
import { findMediaKey } from "./media-keys.ts";
import { findOriginal, keepOriginals, keepsOriginals, removeOriginal } from "./originals.ts";
import type { Pocket } from "./pocket.ts";

/**
 * Bytes that must be free before one of these is taken: sealed, and as much again for everything else. A photo of 2048 px has at
 * most some 2 MiB; a recording of the longest kind 2.5 and 10.
 */
export const ROOM_BYTES: Readonly<Record<RoomKind, number>> = {
  photo: 6 * 1024 * 1024,
  sound: 8 * 1024 * 1024,
  video: 32 * 1024 * 1024,
};

/** Milliseconds of quiet after it was spoken of: a word on home, or the browser's own question. */
const QUIET_MS: Readonly<Record<StorageWord, number>> = { "home-screen": 3 * 86_400_000, keep: 30 * 86_400_000 };

const GROUP = ["storage-words"] as const;

export interface StorageDeps {
  readonly again: CodeAgain;
  /** Whether the browser still gives so many bytes. */
  hasRoom(bytes: number): Promise<boolean>;
  cardReach(): Promise<CardReach>;
  /** Fetches a blob that another device of mine put in. @throws offline, not-here */
  fetchOwnBlob(blob: BlobId): Promise<void>;
}

export function createStorageInside(pocket: Pocket, deps: StorageDeps): StorageInside {
  const { store, clock } = pocket;
  return {
    copies: () => readCopies(pocket, deps),
    roomLeft: () => pocket.roomLeft(),
    roomFor: (kind) => deps.hasRoom(ROOM_BYTES[kind]),
    maySpeakOf: async (word) => {
      const at = await store.read<number>("keyring", GROUP, word).catch(() => null);
      return at === null || clock.now() - at >= QUIET_MS[word];
    },
    spokeOf: (word) => store.commit([store.put("keyring", GROUP, word, clock.now())]),
    keepsOriginals: () => keepsOriginals(pocket),
    keepOriginals: (on) => keepOriginals(pocket, on),
    takeOriginal: async (document, photo) => {
      deps.again.require();
      const { file, type } = await findOriginal(pocket, document, photo);
      await deps.fetchOwnBlob(file.blob);
      const key = await findMediaKey(pocket, file.blob);
      return new Blob([(await pocket.blobs.read(file.space, file.blob, key)).slice()], { type });
    },
    removeOriginal: (document, photo) => removeOriginal(pocket, document, photo),
  };
}

async function readCopies(pocket: Pocket, { cardReach }: StorageDeps): Promise<Copies> {
  const { pocket: space } = pocket.keyring.me;
  const [pending, frozen, { cursor }, devices, card, reach, room] = await Promise.all([
    pocket.outbox.pending(space),
    pocket.outbox.frozen(space),
    pocket.log(space).state(),
    listDevices(pocket),
    readCardRow(pocket),
    cardReach(),
    pocket.roomLeft(),
  ]);
  return {
    unsent: pending.length + frozen.length,
    onServer: cursor !== null,
    otherDevices: devices.filter(({ isThis, removing }) => !isThis && !removing).length,
    card: card?.state ?? "none",
    cardReach: reach,
    room,
  };
}
