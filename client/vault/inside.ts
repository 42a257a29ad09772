/** What the page may ask of an open pocket (api.ts, Inside), each call handed to the module that does it. */
import type { BlobId, BlobKey, DocumentTag } from "../../crypto/types.ts";
import { addPhotoTo, appendText, setFrom } from "../documents/entry.ts";
import type { BlobRef } from "../documents/kinds.ts";
import { setBinned } from "../documents/marks.ts";
import type { MediaGone } from "../documents/media-port.ts";
import { plainToRichText } from "../documents/rich-text.ts";
import { setSource } from "../documents/taken-along.ts";
import type { DoorItem, Inside, RecordingSource, SyncState } from "./api.ts";
import type { SideInside } from "./api-side.ts";
import { type BeyondDevices, createDevicesInside } from "./beyond-devices.ts";
import { makeCard, readCardRow, tryCard } from "./card.ts";
import { CodeAgain } from "./code-again.ts";
import { changeCode, type Kdf } from "./codes.ts";
import { decodeCover, encodeCover, toCover } from "./covers.ts";
import { forgetDoorItem, listDoorItems, readDoorItem, turnDoorKey } from "./door.ts";
import { VaultFailure } from "./failure.ts";
import { markedWordsOf } from "./marked-words.ts";
import { findMediaKey } from "./media-keys.ts";
import { Memories } from "./memories.ts";
import { sealOriginal } from "./originals.ts";
import { overviewOf } from "./overview.ts";
import { addPhoto, createDocument, newPhoto, putPhoto, removeDocument, requireDocument } from "./own-documents.ts";
import { OwnPages } from "./own-pages.ts";
import { addPasskey, removePasskey } from "./passkey.ts";
import type { DrawPicture } from "./picture.ts";
import { servePlayback } from "./playback.ts";
import type { Pocket } from "./pocket.ts";
import type { Write } from "./ports.ts";
import type { Recorder } from "./recorder.ts";
import { Reminders } from "./reminders.ts";
import { type BeyondRoom, createRoomInside } from "./room-inside.ts";
import { gatherTexts, search } from "./search.ts";
import type { Side } from "./side/side.ts";
import { createStorageInside } from "./storage-inside.ts";
import { tagOf } from "./take-along/keep-document.ts";
import { createTakeAlong } from "./take-along/take-along.ts";

type Covers = Pick<Inside, "cover" | "changeCover" | "profile" | "setName">;
type Own = Pick<
  Inside,
  | "createDocument"
  | "timeline"
  | "overview"
  | "summaries"
  | "answeredBefore"
  | "isWhole"
  | "markedWords"
  | "search"
  | "removeDocument"
  | "takeOutOfBin"
  | "addPhoto"
>;
type Door = Pick<Inside, "setDoor" | "doorItems" | "acceptDoorItem" | "binDoorItem">;
type WaysIn = Pick<Inside, "confirmCode" | "changeCode" | "makeCard" | "tryCard" | "cardState">;
export type Sharing = Pick<
  Inside,
  | "people"
  | "invite"
  | "join"
  | "confirmPictures"
  | "removePerson"
  | "previewAgain"
  | "sameAgain"
  | "preview"
  | "show"
  | "shares"
  | "takeBack"
  | "received"
  | "markOpened"
  | "answer"
  | "seeAnswers"
  | "keepInCaseFile"
>;
export type Joint = Pick<Inside, "jointPages" | "startJoint" | "setPresence">;

/** How long a letter may take from the page's port to here. */
const PORTS_MS = 20;

/** What reaches beyond this device. */
export interface Beyond {
  readonly sharing: Sharing;
  readonly joint: Joint;
  /** The space a document stands in: the pocket, or the circle of a joint page. @throws not-here */
  spaceOf(document: DocumentTag): Promise<BlobRef["space"]>;
  /** The key of a photo or recording in a circle, which is fetched when it isn't here. @throws not-here, offline */
  circleBlobKey(ref: BlobRef): Promise<BlobKey>;
  /** Fetches a photo or recording that another device of mine put in, unless it is here. @throws offline, not-here */
  /** `document`: whose it is, where that is known. */
  fetchOwnBlob(blob: BlobId, document?: DocumentTag): Promise<void>;
  syncState(): SyncState;
  /** Gives the server what waits, for at most `ms`. */
  flush(ms: number): Promise<void>;
  /** What to write together with a removal, so that the server is told of it whatever happens in between. */
  removing(document: DocumentTag): readonly Write[];
  /** A document was removed: the server is told as soon as there is net. */
  removed(document: DocumentTag): void;
  /** My name changed. */
  renamed(): Promise<void>;
  /** There is a new card: its wrap goes to the server. */
  cardChanged(): Promise<void>;
  /** Null without a server. */
  readonly devices: BeyondDevices | null;
  /** Null without a server. */
  readonly room: BeyondRoom | null;
}

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
  const { beginRecording, appendRecording, endRecording, dropRecording } = recorder;
  const again = new CodeAgain(pocket, kdf);
  const reminders = new Reminders(pocket);
  const ownPages = new OwnPages(pocket);
  const memories = new Memories(pocket);
  const devices = createDevicesInside(pocket, beyond.devices, kdf);
  return {
    beginRecording,
    appendRecording,
    endRecording,
    dropRecording,
    openRecording: (recording, port) => openRecording(pocket, beyond, recording, port),
    ...coversOf(pocket, beyond),
    ...ownOf(pocket, beyond, draw),
    ...doorOf(pocket),
    ...waysInOf(pocket, beyond, { kdf, again, byCard, side }),
    ...(side?.inside(again) ?? NO_SIDE),
    addPasskey: async (passkey) => {
      again.require();
      await addPasskey(pocket, kdf, passkey);
    },
    removePasskey: () => removePasskey(pocket),
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
    reminder: () => reminders.due(),
    dismissReminder: (which) => reminders.dismiss(which),
    openDocument: async (document) => pocket.documents.connect(await beyond.spaceOf(document), document),
    readBlob: async (ref) => new Blob([(await readBlob(pocket, beyond, ref)).slice()], { type: "image/jpeg" }),
    syncState: async () => beyond.syncState(),
    seal: async (flushMs) => {
      // What was typed a moment ago travels on another port than this call, and may come after it.
      await new Promise<void>((resolve) => pocket.clock.after(PORTS_MS, resolve));
      await pocket.documents.commitAll({ last: true }).finally(() => void pocket.roomAgain());
      if (flushMs > 0) await beyond.flush(flushMs);
      await side?.follow().catch(() => undefined);
    },
  };
}

const refuse = async (): Promise<never> => {
  throw new VaultFailure("not-allowed");
};

/** The small pocket has no second code of its own. */
const NO_SIDE: SideInside = {
  sideState: async () => ({ on: false, seen: [] }),
  letSee: refuse,
  setSideCode: refuse,
  endSide: refuse,
};

/**
 * The small pocket behind a second code: an ordinary one that has no server, no door, no card and no other devices, and
 * whose cover isn't its own.
 */
export function createSideInside(pocket: Pocket, beyond: Beyond, recorder: Recorder, deps: InsideDeps): Inside {
  const inside = createInside(pocket, beyond, recorder, { ...deps, side: null });
  return {
    ...inside,
    cover: async () => ({ ...toCover(pocket.row), isSide: true }),
    reminder: async () => null,
    memories: async () => [],
    maySpeakOf: async () => false,
    page: refuse,
    changeCode: refuse,
    addPasskey: refuse,
    removePasskey: refuse,
    makeCard: refuse,
    setDoor: refuse,
    doorItems: async () => [],
    room: async () => ({ tokens: 0, pocket: null, asks: null }),
    addTokens: refuse,
    giveMoreRoom: refuse,
  };
}

async function openRecording(
  pocket: Pocket,
  beyond: Beyond,
  recording: RecordingSource,
  port: MessagePort,
): Promise<void> {
  const { space, blob } = recording.media;
  const own = pocket.keyring.me;
  try {
    if (space === own.pocket) await beyond.fetchOwnBlob(blob);
    const key = space === own.pocket ? await findMediaKey(pocket, blob) : await beyond.circleBlobKey(recording.media);
    if (!(await pocket.blobs.has(space, blob))) throw new VaultFailure("not-here");
    await servePlayback(recording, (index) => pocket.blobs.readChunk(space, blob, key, index, recording.bytes), port);
  } catch (error) {
    // Whoever holds the other end waits for an answer, and it may not be the one who called.
    port.postMessage({ type: "gone" } satisfies MediaGone);
    throw error;
  }
}

async function readBlob(pocket: Pocket, beyond: Beyond, ref: BlobRef): Promise<Uint8Array> {
  const { pocket: own } = pocket.keyring.me;
  if (ref.space !== own) return pocket.blobs.read(ref.space, ref.blob, await beyond.circleBlobKey(ref));
  await beyond.fetchOwnBlob(ref.blob);
  if (await pocket.blobs.has(own, ref.blob))
    return pocket.blobs.read(own, ref.blob, await findMediaKey(pocket, ref.blob));
  // The photo of something left at the door that nobody has accepted yet.
  const { photo } = await readDoorItem(pocket.store, ref.blob);
  if (photo === null) throw new VaultFailure("not-here");
  return photo.full;
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

const ownOf = (pocket: Pocket, beyond: Beyond, draw: DrawPicture): Own => ({
  createDocument: (kind) => createDocument(pocket, kind),
  timeline: async (kind, before, limit, where) => pocket.pages.newest(kind, before, limit, where),
  overview: async (kind) => overviewOf(pocket.pages, kind),
  isWhole: async (document) => {
    requireDocument(pocket, document);
    return pocket.log(pocket.keyring.me.pocket).isWhole(document);
  },
  answeredBefore: async () =>
    [...pocket.pages.fromNewest()].filter(({ before, marks }) => before !== undefined && marks.binnedAt === null),
  summaries: async (documents) => documents.flatMap((document) => pocket.pages.get(document) ?? []),
  markedWords: async () => markedWordsOf(pocket.pages),
  search: async (query, filters, limit) => {
    if (!pocket.texts.isComplete) void gatherTexts(pocket).catch(() => undefined);
    return search(pocket, query, filters, limit);
  },
  removeDocument: async (document) => {
    await removeDocument(pocket, document, beyond.removing(document));
    beyond.removed(document);
  },
  takeOutOfBin: async (document) => {
    requireDocument(pocket, document);
    await pocket.documents.edit(pocket.keyring.me.pocket, document, (doc) => setBinned(doc, null), []);
  },
  addPhoto: async (document, picture, original = false) => {
    requireDocument(pocket, document);
    const drawn = await draw(picture);
    return addPhoto(pocket, document, drawn, async () => (original ? sealOriginal(pocket, document, picture) : null));
  },
});

interface WaysInDeps {
  readonly kdf: Kdf;
  readonly again: CodeAgain;
  readonly byCard: boolean;
  readonly side: Side | null;
}

const waysInOf = (pocket: Pocket, beyond: Beyond, { kdf, again, byCard, side }: WaysInDeps): WaysIn => ({
  confirmCode: (code) => again.confirm(code),
  changeCode: async (code) => {
    if (!byCard) again.require();
    await changeCode(pocket, kdf, code);
    await side?.endUnless(code.kind);
  },
  makeCard: async () => {
    again.require();
    const rows = await makeCard(pocket);
    await beyond.cardChanged();
    return rows;
  },
  tryCard: (rows) => tryCard(pocket, rows),
  cardState: async () => (await readCardRow(pocket))?.state ?? "none",
});

const doorOf = (pocket: Pocket): Door => {
  const space = pocket.keyring.me.pocket;
  /** The photo of an item that nobody accepted yet is read under the item's id (readBlob). */
  const photoRef = (id: string, photo: unknown): BlobRef | null =>
    photo === null ? null : { space, blob: id as BlobId };
  const changed = (): void => pocket.emit({ type: "changed", what: "door" });
  return {
    setDoor: async (open) => {
      const { door, settle } = await turnDoorKey(pocket.store, open);
      await pocket.changeRow((row) => ({ ...row, door }));
      await settle();
    },
    doorItems: async () =>
      (await listDoorItems(pocket.store)).map(
        ({ id, from, text, photo, at }): DoorItem => ({ id, from, text, at, photo: photoRef(id, photo) }),
      ),
    acceptDoorItem: async (id) => {
      const item = await readDoorItem(pocket.store, id);
      // As an archive in which it waits would bring it in: so it comes once, also where a device of mine took it in before.
      const tag = await tagOf(pocket, id);
      if (pocket.pages.get(tag) !== null) {
        await pocket.store.commit([forgetDoorItem(pocket.store, id)]);
        changed();
        return tag;
      }
      const photo = item.photo === null ? null : newPhoto(pocket, item.photo);
      const document = await createDocument(
        pocket,
        "entry",
        (doc) => {
          setSource(doc, id);
          setFrom(doc, item.from);
          if (item.text.trim() !== "") appendText(doc, plainToRichText(item.text));
          if (photo !== null) addPhotoTo(doc, photo);
        },
        (batch, made) => {
          if (photo !== null && item.photo !== null) putPhoto(pocket, batch, made, photo, item.photo);
          batch.add(forgetDoorItem(pocket.store, id));
          return photo === null ? [] : [photo.full.blob, photo.thumbnail.blob];
        },
        tag,
      );
      changed();
      return document;
    },
    binDoorItem: async (id) => {
      await pocket.store.commit([forgetDoorItem(pocket.store, id)]);
      changed();
    },
  };
};
