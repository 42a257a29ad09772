/**
 * The page's whole view of the vault: what it may ask of the worker, and what it hears from it. Types only; nothing
 * here holds a key, a Dexie row or a socket. Calls hop through comlink; an error arrives as `VaultError` with its code.
 *
 * Each part of it is an `api-<part>.ts`, answered by the `<part>-inside.ts` of that name where there is one.
 *
 * One worker lives for one unlock. Before unlocking only `Threshold` answers; everything else throws `locked`.
 */
import type { DevicesInside, DevicesThreshold } from "./api-devices.ts";
import type { DoorInside, LeftAtDoor } from "./api-door.ts";
import type { SyncState, VaultEvent } from "./api-events.ts";
import type { LifeInside } from "./api-life.ts";
import type { MediaInside } from "./api-media.ts";
import type { OwnInside } from "./api-own.ts";
import type { PasskeyInside } from "./api-passkey.ts";
import type { JointInside, SharingInside } from "./api-people.ts";
import type { NewPocket, PocketCover, PocketId, Role, WayInSecret } from "./api-pocket.ts";
import type { RoomInside } from "./api-room.ts";
import type { SearchInside } from "./api-search.ts";
import type { SideInside } from "./api-side.ts";
import type { StorageInside } from "./api-storage.ts";
import type { Summary } from "./api-summary.ts";
import type { TakeAlongInside } from "./api-take-along.ts";
import type { WaysInInside } from "./api-ways-in.ts";

export type {
  BlobRef,
  MediaType,
  OwnKind,
  PhotoRef,
  RecordingRef,
  RichBlock,
  RichText,
  WishAnswer,
} from "../documents/kinds.ts";
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
export type { DoorItem, LeftAtDoor } from "./api-door.ts";
export type { VaultError, VaultErrorCode } from "./api-errors.ts";
export type { SyncState, VaultEvent } from "./api-events.ts";
export type { Memory, MemoryBrake, MemorySettings } from "./api-life.ts";
export type { RecordingSource } from "./api-media.ts";
export type { DocumentPort, MonthOverview, Whereabouts } from "./api-own.ts";
export type { NewPasskey, Passkey, PasskeyCover } from "./api-passkey.ts";
export type {
  Invitation,
  JointPage,
  Person,
  PreviewedCopy,
  Received,
  Said,
  Share,
  ShareId,
  ShareStep,
  ShownCopy,
  ShowOptions,
  TakeBackState,
} from "./api-people.ts";
export type {
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
export type { Reminder } from "./api-ways-in.ts";

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

export interface Inside
  extends DevicesInside,
    DoorInside,
    JointInside,
    LifeInside,
    MediaInside,
    OwnInside,
    PasskeyInside,
    RoomInside,
    SearchInside,
    SharingInside,
    SideInside,
    StorageInside,
    TakeAlongInside,
    WaysInInside {
  cover(): Promise<PocketCover>;
  changeCover(
    patch: Partial<
      Pick<PocketCover, "look" | "language" | "country" | "colour" | "stitch" | "lockDelayMs" | "idleLockMs">
    >,
  ): Promise<void>;
  profile(): Promise<{ readonly name: string; readonly role: Role }>;
  setName(name: string): Promise<void>;

  // Locking
  syncState(): Promise<SyncState>;
  /**
   * Commits every open draft, waits for photos that are being added, then with net flushes the outbox for at most `flushMs`.
   * Resolves when it is safe to end. @throws storage-full, store-unreadable: what was written waits in memory
   */
  seal(flushMs: number): Promise<void>;
}

export interface VaultApi extends Threshold, Inside {
  listen(listener: (event: VaultEvent) => void): Promise<void>;
}
