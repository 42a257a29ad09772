/**
 * The page's whole view of the vault: what it may ask of the worker, and what it hears from it. Types only; nothing
 * here holds a key, a Dexie row or a socket. Calls hop through comlink; an error arrives as `VaultError` with its code.
 *
 * One worker lives for one unlock. Before unlocking only `Threshold` answers; everything else throws `locked`.
 */
import type { BlobId, DocumentTag, SpaceId } from "../../crypto/types.ts";
import type {
  BlobRef,
  CopiedContent,
  CopyOptions,
  MediaType,
  OwnKind,
  OwnPhoto,
  PhotoRef,
  RecordingRef,
  RichBlock,
  RichText,
  WishAnswer,
} from "../documents/kinds.ts";
import type { Code, DevicesInside, DevicesThreshold, LinkStep } from "./api-devices.ts";
import type { LifeInside } from "./api-life.ts";
import type { PasskeyInside } from "./api-passkey.ts";
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
import type { SideInside } from "./api-side.ts";
import type { StorageInside } from "./api-storage.ts";
import type { PersonId, Summary } from "./api-summary.ts";
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
export type { NewPasskey, Passkey, PasskeyCover } from "./api-passkey.ts";
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

/** One thing shown to one person: the document tag of the said copy in the circle. */
export type ShareId = DocumentTag;

/** The door leaves a trace for the child only; what was left can't be read back from outside. */
export interface LeftAtDoor {
  /** What the person wrote as their own name, ≤ 64 characters. Lomme doesn't know whether it is right. */
  readonly from: string;
  readonly text: string;
  readonly photo: Blob | null;
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
  unlock(pocket: PocketId, secret: WayInSecret): Promise<void>;
  /** Seals to the door's own key. @throws door-closed, door-full, bad-picture, storage-full */
  leaveAtDoor(pocket: PocketId, left: LeftAtDoor): Promise<void>;
}

// ── What is inside ─────────────────────────────────────────────────────────────────────────────────────────────────

/** What is looked for besides words; what is left out doesn't matter. */
export interface SearchFilters {
  readonly kind?: OwnKind | undefined;
  readonly mood?: string | undefined;
  /** shown: somebody sees it now; mine: nobody but me. */
  readonly shown?: "shown" | "mine" | undefined;
  /** Somebody it is shown to now. */
  readonly person?: PersonId | undefined;
  /** Marked with this tag, this name, this place, in any capitals. */
  readonly tag?: string | undefined;
  readonly name?: string | undefined;
  readonly place?: string | undefined;
  /** Only what has a photo. */
  readonly photos?: true | undefined;
  /** `createdAt` from here on, and before there (ms): the page knows where its months begin. */
  readonly from?: number | undefined;
  readonly before?: number | undefined;
}

export interface MarkedWords {
  readonly tags: readonly string[];
  readonly names: readonly string[];
  readonly places: readonly string[];
}

/** A place to be marked: first character and the one after the last, in UTF-16 units. */
export type Mark = readonly [from: number, to: number];

export interface SearchHit {
  readonly summary: Summary;
  /** In `summary.title`. */
  readonly titleMarks: readonly Mark[];
  /** One line of some 120 characters around the first words that were found; the beginning where only the title has them. */
  readonly excerpt: string;
  readonly excerptMarks: readonly Mark[];
}

export interface SearchResult {
  /** Newest first. */
  readonly hits: readonly SearchHit[];
  /** There are more than were asked for. */
  readonly more: boolean;
  /** False: texts are still being read; `changed: search` comes when all are there. */
  readonly complete: boolean;
}

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

export interface Person {
  readonly id: PersonId;
  readonly name: string;
  readonly role: Role;
  /**
   * joining: the other has not answered yet; compare: pictures wait to be compared (pairing by link); unfinished: it came to
   * nothing (a device was lost in the middle, or nothing came for long): the two find each other again.
   */
  readonly state: "joining" | "compare" | "paired" | "unfinished" | "removing" | "removed";
  /** Seven indexes 0 … 63, the same on both sides; null until known. */
  readonly safetyPictures: readonly number[] | null;
  readonly circle: SpaceId | null;
  /**
   * Adults of the same role who were shown something: this may be one of them again, with an emptied browser. Only the
   * child can know; empty for everyone else, and once the child has answered (`sameAgain`).
   */
  readonly maybeAgain: readonly PersonId[];
}

export interface Invitation {
  /** Goes into the QR code, or behind `#` of a link. */
  readonly payload: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** saved here → on its way → with the server → on (name)'s device → opened → answered. */
export type ShareStep = "saved" | "sending" | "sent" | "arrived" | "opened" | "answered";
/** After "take back": waiting until confirmed, then one of the honest ends. */
export type TakeBackState = "waiting" | "gone-unopened" | "gone-opened" | "in-case-file" | "unknown";

export interface Share {
  readonly id: ShareId;
  readonly document: DocumentTag;
  readonly person: PersonId;
  /** Each step reached, with its time (ms); the last is the current one. */
  readonly steps: readonly { readonly step: ShareStep; readonly at: number }[];
  readonly answers: readonly Said[];
  /** How many of the answers were on my screen; a note of my own that nobody else gets. */
  readonly answersSeen: number;
  readonly takeBack: TakeBackState | null;
}

/** One immutable message of a person in a circle. */
export interface Said {
  readonly id: DocumentTag;
  readonly from: PersonId | "me";
  readonly text: string;
  readonly at: number;
  /** What became of the wish it is about; a later one stands before an earlier one, and all of them stay. */
  readonly wish: WishAnswer | null;
}

/** Exactly what the other gets; the preview and the reader draw the same thing. */
export type ShownCopy = CopiedContent;

/** Something shown to me (the desk's and the child's inbox alike). */
export interface Received {
  readonly id: ShareId;
  readonly person: PersonId;
  readonly copy: ShownCopy;
  readonly receivedAt: number;
  readonly openedAt: number | null;
  readonly answers: readonly Said[];
  /** I have said that it stands in the case file. */
  readonly inCaseFile: boolean;
}

export interface JointPage {
  readonly document: DocumentTag;
  readonly person: PersonId;
  readonly title: string;
  readonly startedBy: PersonId | "me";
  readonly changedAt: number;
}

export interface DoorItem {
  readonly id: string;
  readonly from: string;
  readonly text: string;
  readonly photo: BlobRef | null;
  readonly at: number;
}

export type ShowOptions = CopyOptions;

/** What is needed to read a recording. */
export type RecordingSource = Pick<RecordingRef, "media" | "type" | "bytes">;

export type Reminder = "new-code" | "make-card" | "try-card";

export interface SyncState {
  /** off: no net or not wanted; unlike "problem", which has a code and a sentence. */
  readonly connection: "off" | "connecting" | "on" | "problem";
  /** Records that the server has not acknowledged yet. */
  readonly unsent: number;
  readonly problem: string | null;
  /** Long work: records that came and that there are, while a device that is new here is being filled; else null. */
  readonly catchingUp: { readonly done: number; readonly total: number } | null;
}

export interface Inside extends DevicesInside, LifeInside, PasskeyInside, SideInside, StorageInside, TakeAlongInside {
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
  /** A port that speaks y-protocol frames; the page wraps it in VaultSocket for the stock WebsocketProvider. */
  openDocument(document: DocumentTag): Promise<MessagePort>;
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
  /** Words that entries and wishes are marked with, in the spelling of the newest, most used first; the bin left out. */
  markedWords(): Promise<MarkedWords>;
  /** Every word of `query` in title, text or marks (docs/decisions/5-search.md), and the filters. Without words: the filters. */
  search(query: string, filters: SearchFilters, limit: number): Promise<SearchResult>;
  removeDocument(document: DocumentTag): Promise<void>;
  /** Back among the others; committed when this resolves. @throws not-here */
  takeOutOfBin(document: DocumentTag): Promise<void>;
  /**
   * Re-encodes (no EXIF, no place, ≤ 2048 px), makes the thumbnail, seals both; and where `original` is wanted the file as
   * it came, unless there is no room for that: then the photo's `original` is null. @throws bad-picture, storage-full
   */
  addPhoto(document: DocumentTag, picture: Blob, original?: boolean): Promise<OwnPhoto>;
  /** The opened bytes, for an object URL. @throws not-here when the chunks have not arrived, does-not-open */
  readBlob(ref: BlobRef): Promise<Blob>;
  /**
   * A recording in this document, begun. What is handed over is sealed and strictly committed piece by piece; a recording
   * that nobody ended is ended at the next unlock, and stands in its document then.
   * @throws storage-full when the browser has no room for a long one, not-here
   */
  beginRecording(document: DocumentTag, type: MediaType): Promise<BlobId>;
  /** Durable when it resolves; call one after the other. `shape`: of the whole so far. @throws storage-full: end it, what
   * came before is kept; not-here when it was ended or its document removed */
  appendRecording(
    recording: BlobId,
    bytes: Uint8Array,
    shape: Pick<RecordingRef, "durationMs" | "peaks">,
  ): Promise<void>;
  /** Puts it into its document. Null when nothing was recorded. @throws storage-full: it is kept for the next unlock */
  endRecording(recording: BlobId): Promise<RecordingRef | null>;
  /** Throws away a recording that was not ended. */
  dropRecording(recording: BlobId): Promise<void>;
  /**
   * Reads a recording over `port`, any part of it, with memory for a chunk (docs/protocol/vault-socket.md §4).
   * @throws not-here, offline, does-not-open; then all that is sent on the port is `gone`
   */
  openRecording(recording: RecordingSource, port: MessagePort): Promise<void>;

  // People
  people(): Promise<readonly Person[]>;
  /**
   * `by` says how it will be handed over: a code on a screen in the same room, or a link (also a picture of the code) that
   * travels where others may read; then both compare pictures. "link" when left out. @throws offline
   */
  invite(by?: "scan" | "link"): Promise<Invitation>;
  /** @throws invitation-used, invitation-expired, invitation-broken, offline */
  /** `by` scan: with the camera, off the other's screen. A picture of a code that was sent counts as a link. */
  join(payload: string, by: "scan" | "link"): Promise<PersonId>;
  confirmPictures(person: PersonId, same: boolean): Promise<void>;
  removePerson(person: PersonId): Promise<void>;
  /** What `sameAgain` would show: the copies as they were shown to `earlier` and not taken back, oldest first. */
  previewAgain(earlier: PersonId): Promise<readonly ShownCopy[]>;
  /**
   * The child's one answer. `person` is `earlier` again: gets those copies, and `earlier` is parted from; also without
   * net. Or null: somebody else. @throws not-allowed for whom was not asked about; code-needed for "again"
   */
  sameAgain(person: PersonId, earlier: PersonId | null): Promise<void>;

  // Showing
  preview(document: DocumentTag, options: ShowOptions): Promise<ShownCopy>;
  /** @throws code-needed, not-allowed */
  show(document: DocumentTag, person: PersonId, options: ShowOptions): Promise<ShareId>;
  shares(document?: DocumentTag): Promise<readonly Share[]>;
  takeBack(share: ShareId): Promise<void>;
  received(): Promise<readonly Received[]>;
  /** Called when its text was on the screen. */
  markOpened(share: ShareId): Promise<void>;
  /**
   * An adult may say with it what became of a wish; "declined" is never said without words (why).
   * @throws not-here, not-allowed
   */
  answer(share: ShareId, text: string, wish?: WishAnswer): Promise<void>;
  /** Notes that all answers so far were on my screen. */
  seeAnswers(share: ShareId): Promise<void>;
  /** An adult says that it stands in the case file: taking it back can't reach it there. @throws not-allowed, not-here */
  keepInCaseFile(share: ShareId): Promise<void>;

  // Writing together
  jointPages(): Promise<readonly JointPage[]>;
  startJoint(person: PersonId, title: string): Promise<DocumentTag>;
  setPresence(document: DocumentTag, on: boolean): Promise<void>;

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
        | "storage";
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
