/**
 * The page's view of how safely things lie: copies, room, and the originals of photos. Part of api.ts, whose rules hold here
 * too. Types only.
 */
import type { BlobId, DocumentTag } from "../../crypto/types.ts";
import type { CardReach } from "./api-devices.ts";

/** What the vault knows of copies; what the browser knows (persistence, how it was installed) the page asks itself. */
export interface Copies {
  /** Records, with what they name, that the server has not acknowledged; counted also without net. */
  readonly unsent: number;
  /** The server has this pocket: it was there at least once. */
  readonly onServer: boolean;
  /** Of this person, not being removed, this one not counted. */
  readonly otherDevices: number;
  readonly card: "none" | "made" | "tried";
  readonly cardReach: CardReach;
  readonly room: RoomLeft;
}

/** Whether this device has room, and what becomes of the words that are written now. */
export type RoomLeft =
  | "enough"
  /** none but what was laid aside for words: they are kept in that */
  | "short"
  /** the last words wait in memory; a lock keeps them */
  | "waits"
  /** all of it is kept, and not even a lock finds room for more */
  | "none"
  /** the last words wait in memory, and a lock could not keep them */
  | "unkept";

/** What is about to be taken: each needs a room of its own. */
export type RoomKind = "photo" | "sound" | "video";

/** What is spoken of on home at most every few days. */
export type StorageWord = "home-screen" | "keep";

export interface StorageInside {
  /** Reads all that is unsent: for the lamp's own screen, not for home. */
  copies(): Promise<Copies>;
  /** `Copies.room` alone, which costs nothing. */
  roomLeft(): Promise<RoomLeft>;
  /** Whether the browser still gives room for one of these, and as much again for everything else. */
  roomFor(kind: RoomKind): Promise<boolean>;
  /** False for a while after `spokeOf`. */
  maySpeakOf(word: StorageWord): Promise<boolean>;
  spokeOf(word: StorageWord): Promise<void>;
  /** Whether new photos are kept as they came, too. Off until the child turns it on; the same on all devices. */
  keepsOriginals(): Promise<boolean>;
  keepOriginals(on: boolean): Promise<void>;
  /** The file as it came, to be taken out of Lomme. @throws code-needed, not-here, offline, does-not-open */
  takeOriginal(document: DocumentTag, photo: BlobId): Promise<Blob>;
  /** The photo stays as it is shown. @throws not-here */
  removeOriginal(document: DocumentTag, photo: BlobId): Promise<void>;
}
