/**
 * The page's whole view of the vault: what it may ask of the worker, and what it hears from it. Types only; nothing
 * here holds a key, a Dexie row or a socket. Calls hop through comlink; an error arrives as `VaultError` with its code.
 *
 * One worker lives for one unlock. Before unlocking only `Threshold` answers; everything else throws `locked`.
 */
import type { DocumentTag } from "../../crypto/types.ts";
import type {
  BlobRef,
  MediaType,
  OwnKind,
  PhotoRef,
  RecordingRef,
  RichBlock,
  RichText,
  WishAnswer,
} from "../documents/kinds.ts";
import type { Code, DevicesInside, DevicesThreshold, LinkStep } from "./api-devices.ts";
import type { LifeInside } from "./api-life.ts";
import type { MediaInside } from "./api-media.ts";
import type { PasskeyInside } from "./api-passkey.ts";
import type { PeopleInside } from "./api-people.ts";
import type {
  Country,
  DeviceAbout,
  DeviceKind,
  Language,
  Look,
  NewPocket,
  PocketColour,
  PocketCover,
  PocketId,
  Role,
  Stitch,
  WayInKind,
  WayInSecret,
} from "./api-pocket.ts";
import type { RoomInside } from "./api-room.ts";
import type { SearchInside } from "./api-search.ts";
import type { SideInside } from "./api-side.ts";
import type { StorageInside } from "./api-storage.ts";
import type { Summary } from "./api-summary.ts";
import type { TakeAlongInside } from "./api-take-along.ts";

export type {
  CardWaitHours,
  Code,
  Device,
  DeviceId,
  LinkOffer,
  LinkStep,
  NewHere,
  RestoreStep,
  Wait,
} from "./api-devices.ts";
export type { Memory, MemoryBrake, MemorySettings } from "./api-life.ts";
export type { RecordingSource } from "./api-media.ts";
export type { NewPasskey, Passkey, PasskeyCover } from "./api-passkey.ts";
export type {
  Invitation,
  JointPage,
  Person,
  Received,
  Said,
  Share,
  ShareId,
  ShareStep,
  ShownCopy,
  ShowOptions,
  TakeBackState,
} from "./api-people.ts";
export type { PocketRoom, RoomState } from "./api-room.ts";
export type { Holding, Mark, MarkedWords, SearchFilters, SearchHit, SearchResult } from "./api-search.ts";
export type { SideState } from "./api-side.ts";
export type { Copies, RoomKind, StorageWord } from "./api-storage.ts";
export type { PersonId, Summary } from "./api-summary.ts";
export type {
  ArchiveWords,
  BookEntry,
  BookOptions,
  BroughtIn,
  TakeAlongCount,
  TakeAlongMade,
  TakeAlongOptions,
} from "./api-take-along.ts";
export type {
  BlobRef,
  Country,
  DeviceAbout,
  DeviceKind,
  Language,
  Look,
  MediaType,
  NewPocket,
  OwnKind,
  PhotoRef,
  PocketColour,
  PocketCover,
  PocketId,
  RecordingRef,
  RichBlock,
  RichText,
  Role,
  Stitch,
  WayInKind,
  WayInSecret,
  WishAnswer,
};

/** The door leaves a trace for the child only; what was left can't be read back from outside. */
export interface LeftAtDoor {
  /** What the person wrote as their own name, ≤ 64 characters. Lomme doesn't know whether it is right. */
  readonly from: string;
  readonly text: string;
  readonly photo: Blob | null;
}

/** What the first screen is drawn from: it comes with the opening, so that nothing has to be asked before it stands. */
export interface FirstThings {
  readonly cover: PocketCover;
  /** Eight at most, as `timeline("entry")` gives them. */
  readonly newest: readonly Summary[];
}

export interface Threshold extends DevicesThreshold {
  covers(): Promise<readonly PocketCover[]>;
  /** Seven pictures, each 0 … 63, drawn evenly with repeats allowed. */
  drawPictures(): Promise<readonly number[]>;
  /** `count` numbers, each 0 … below − 1, drawn evenly (words of a passphrase). */
  drawNumbers(count: number, below: number): Promise<readonly number[]>;
  /** Makes a pocket and leaves it open. Takes about a second (Argon2id). @throws storage-full */
  createPocket(pocket: NewPocket): Promise<PocketId>;
  /**
   * With the card: at once while it works on this device only, afterwards as `restore` does, with `card-waits` (and the
   * seconds left) until it may. What was never sent is still there then.
   * @throws wrong-code, card-rows (with the rows), card-waits, card-ended, offline, slow-down (with seconds), older-store,
   *   store-unreadable
   */
  unlock(pocket: PocketId, secret: WayInSecret): Promise<FirstThings>;
  /** Seals to the door's own key. @throws door-closed, door-full, bad-picture, storage-full */
  leaveAtDoor(pocket: PocketId, left: LeftAtDoor): Promise<void>;
}

// ── What is inside ─────────────────────────────────────────────────────────────────────────────────────────────────

/** One month in which something stands. */
export interface MonthOverview {
  readonly year: number;
  /** 0 … 11 */
  readonly month: number;
  readonly count: number;
  /** For each day of the month the first mood of its newest entry that has one. */
  readonly moods: readonly (string | null)[];
}

/** kept: neither put away nor in the bin. pinned: kept, and at the top. bin: goes 30 days after it was put there. */
export type Whereabouts = "kept" | "pinned" | "archived" | "bin";

export interface DoorItem {
  readonly id: string;
  readonly from: string;
  readonly text: string;
  readonly photo: BlobRef | null;
  readonly at: number;
}

export type Reminder = "new-code" | "make-card" | "try-card";

export interface SyncState {
  /** off: no net or not wanted; unlike "problem", which has a code and a sentence. */
  readonly connection: "off" | "connecting" | "on" | "problem";
  /** Records that the server has not acknowledged yet. */
  readonly unsent: number;
  /** A code with a sentence of its own (sync-word.tsx). "room-short": "over-quota" where a token would help (api-room.ts). */
  readonly problem: string | null;
  /** Long work: records that came and that there are, while a device that is new here is being filled; else null. */
  readonly catchingUp: { readonly done: number; readonly total: number } | null;
}

export interface Inside
  extends DevicesInside,
    LifeInside,
    MediaInside,
    PasskeyInside,
    PeopleInside,
    RoomInside,
    SearchInside,
    SideInside,
    StorageInside,
    TakeAlongInside {
  cover(): Promise<PocketCover>;
  changeCover(
    patch: Partial<
      Pick<PocketCover, "look" | "language" | "country" | "colour" | "stitch" | "lockDelayMs" | "idleLockMs">
    >,
  ): Promise<void>;
  profile(): Promise<{ readonly name: string; readonly role: Role }>;
  setName(name: string): Promise<void>;

  // Own documents
  createDocument(kind: OwnKind): Promise<DocumentTag>;
  openDocument(document: DocumentTag): Promise<DocumentPort>;
  /** Newest first; "kept" when `where` is left out. */
  timeline(kind: OwnKind, before?: number, limit?: number, where?: Whereabouts): Promise<readonly Summary[]>;
  /** Months in which entries stand, newest first, by this device's calendar. */
  overview(kind: OwnKind): Promise<readonly MonthOverview[]>;
  /**
   * False when something of it lies here that can't be read: a damaged row, or a record that doesn't fit. What can be read
   * is shown, and nothing is deleted. @throws not-here
   */
  isWhole(document: DocumentTag): Promise<boolean>;
  /** Those of them that are here. */
  summaries(documents: readonly DocumentTag[]): Promise<readonly Summary[]>;
  /** Of what was brought in and had been answered where it came from, outside the bin, newest first. */
  answeredBefore(): Promise<readonly Summary[]>;
  removeDocument(document: DocumentTag): Promise<void>;
  /** Back among the others; committed when this resolves. @throws not-here */
  takeOutOfBin(document: DocumentTag): Promise<void>;
  // The carer's door
  setDoor(open: boolean): Promise<void>;
  doorItems(): Promise<readonly DoorItem[]>;
  /** Makes an entry of it and gives its tag. */
  acceptDoorItem(id: string): Promise<DocumentTag>;
  binDoorItem(id: string): Promise<void>;

  // Codes and recovery
  /**
   * The code once more, as on the locked side; it counts for five minutes. What says `@throws code-needed` asks for it.
   * Takes about a second. @throws wrong-code, slow-down (with seconds)
   */
  confirmCode(code: Code): Promise<void>;
  /**
   * Puts a new code in the place of the old one, which opens nothing any more, nor does a passkey; the card stays. Takes about a second.
   * @throws code-needed, but not where the card opened this pocket: then the old code may be forgotten
   */
  changeCode(code: Code): Promise<void>;
  /** Makes a new card (the old one ends) and gives its six rows of five. @throws code-needed */
  makeCard(): Promise<readonly (readonly number[])[]>;
  /** True when these rows are the card of this pocket; notes that it was tried. */
  tryCard(rows: readonly (readonly number[])[]): Promise<boolean>;
  cardState(): Promise<"none" | "made" | "tried">;

  /** The one kind word home has now: whether the code was seen (once), or that the card was not tried out yet. */
  reminder(): Promise<Reminder | null>;
  /** Said no to, or done. */
  dismissReminder(which: Reminder): Promise<void>;

  // Locking
  syncState(): Promise<SyncState>;
  /** Commits every open draft, then with net flushes the outbox for at most `flushMs`. Resolves when it is safe to end. */
  seal(flushMs: number): Promise<void>;
}

export type VaultEvent =
  /** Something in these lists changed: ask again. */
  | {
      readonly type: "changed";
      readonly what:
        | "timeline"
        | "search"
        | "people"
        | "shares"
        | "received"
        | "joint"
        | "door"
        | "cover"
        | "devices"
        | "waits"
        | "memories"
        /** The second code, or what it may show. */
        | "side"
        | "storage"
        /** Room with the server, and the tokens for it. */
        | "room";
    }
  /** Where the linking of a device stands on this side now; null when none is under way any more. */
  | { readonly type: "link"; readonly step: LinkStep | null }
  /** How many documents of what is brought in have come. */
  | { readonly type: "bringing-in"; readonly done: number; readonly total: number }
  /** This document's latest edit is committed (or not yet). */
  | { readonly type: "saved"; readonly document: DocumentTag; readonly saved: boolean }
  | { readonly type: "sync"; readonly state: SyncState }
  /** Another tab took over: nothing was lost, this page covers itself. */
  | { readonly type: "taken-over" }
  /** What lies behind the first screen could not be read: the pocket is closed again. */
  | { readonly type: "failed"; readonly code: VaultErrorCode };

/** A document opened for a page. */
export interface DocumentPort {
  /** Speaks y-protocol frames; the page wraps it in VaultSocket for the stock WebsocketProvider. */
  readonly port: MessagePort;
  /** With which Yjs client ids the page writes where others write, too (client-ids.ts); null in one's own documents. */
  readonly clientTag: number | null;
}

export interface VaultApi extends Threshold, Inside {
  listen(listener: (event: VaultEvent) => void): Promise<void>;
}

/** Crosses the worker hop by its code; `detail` is never secret (seconds to wait, rows of a card). */
export interface VaultError {
  readonly name: "VaultError";
  readonly code: VaultErrorCode;
  readonly detail?: { readonly seconds?: number; readonly rows?: readonly number[] };
}

export type VaultErrorCode =
  | "locked"
  | "wrong-code"
  | "card-rows"
  | "slow-down"
  /** The code has to be given again first (`confirmCode`). */
  | "code-needed"
  /** It is the pocket's other code. */
  | "same-code"
  | "older-store"
  | "store-unreadable"
  | "storage-full"
  | "door-closed"
  | "door-full"
  | "bad-picture"
  | "not-here"
  | "does-not-open"
  | "invitation-used"
  | "invitation-expired"
  | "invitation-broken"
  | "card-waits"
  | "card-unknown"
  | "card-ended"
  | "link-broken"
  | "link-expired"
  | "link-used"
  | "link-refused"
  | "offline"
  | "unknown-person"
  | "archive-unknown"
  | "archive-newer"
  | "archive-sealed"
  | "archive-words"
  | "archive-damaged"
  | "not-allowed"
  | "busy-elsewhere"
  /** More than one record may say (`MAX_SAID_BYTES`). */
  | "too-long"
  | "failed";
