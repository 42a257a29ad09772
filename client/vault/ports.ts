/**
 * What the vault asks of storage and transport. Defined here, by the consumer; implemented in client/storage (Dexie)
 * and client/transport (WebSocket, fetch), each proven by one shared acceptance suite that the fakes of the
 * simulation pass too.
 */
import type { BlobId, Burn, SpaceId, WrapTag } from "../../crypto/types.ts";
import type { HttpErrorCode } from "../../protocol/errors.ts";
import type { ClientFrame, DocumentTag, ServerFrame } from "../../protocol/frames.ts";
import type { CreateSpace, Raised, Room, ServerFacts } from "../../protocol/http.ts";
import type { Passkey } from "./api-passkey.ts";

/** Format of a pocket's rows in this build. Until 1.0 another number is refused, never converted, never overwritten. */
export const STORE_FORMAT = 2;

export type StoreErrorCode =
  /** The disk or the browser's quota is full; nothing was written. */
  | "storage-full"
  /** Written by a build with another format. */
  | "other-format"
  /** Another page upgrades or deletes the database, or `close` was called: this handle is over. */
  | "store-closed"
  /** Anything else the browser reports. */
  | "store-failed";

/** The one error of storage. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  constructor(code: StoreErrorCode, cause?: unknown) {
    super(code, { cause });
    this.name = "StoreError";
    this.code = code;
  }
}

/** The one error of transport: no net, or the server said no with this code of protocol/errors.ts. */
export class TransportError extends Error {
  readonly code: "offline" | "refused";
  readonly refusal: HttpErrorCode | null;
  constructor(code: "offline" | "refused", refusal: HttpErrorCode | null = null) {
    super(refusal ?? code);
    this.name = "TransportError";
    this.code = code;
    this.refusal = refusal;
  }
}

/** Tables of one pocket's database. Keys are opaque names (`nameRow`), bytes are sealed rows; storage can read neither. */
export type Table = "keyring" | "spaces" | "log" | "outbox" | "pages" | "blobs" | "door";

export interface Row {
  readonly key: string;
  readonly bytes: Uint8Array;
}

export type Write =
  | { readonly put: Table; readonly key: string; readonly bytes: Uint8Array }
  | { readonly remove: Table; readonly key: string }
  /** Removes every row whose key begins with `prefix` (never empty). */
  | { readonly removeRange: Table; readonly prefix: string };

export interface CommitOptions {
  /** It can come again (from the server, from its file): on a full disk it doesn't take the room laid aside for words. */
  readonly mayWait?: boolean;
  /** What waits in memory ends with the lock that asks for this: it may take the last of the room laid aside. */
  readonly last?: boolean;
}

/** One pocket's sealed rows. */
export interface VaultStore {
  /** Null when there is no such row. @throws StoreError store-failed, store-closed */
  get(table: Table, key: string): Promise<Uint8Array | null>;
  /** Rows whose key begins with `prefix` ("" for all), in order of key. */
  range(table: Table, prefix: string): Promise<readonly Row[]>;
  /** Number of rows and the sum of their bytes under `prefix`. */
  measure(table: Table, prefix: string): Promise<{ readonly rows: number; readonly bytes: number }>;
  /**
   * All or nothing, in order, in one strict transaction: when it resolves, the bytes have been flushed.
   * @throws StoreError storage-full (nothing was written), store-failed, store-closed
   */
  commit(writes: readonly Write[], options?: CommitOptions): Promise<void>;
  /** True while the disk is full and the room that was laid aside for that is being used: write as little as can be. */
  readonly short?: boolean;
  /** Nothing is left of that room, not even for a lock. */
  readonly dry?: boolean;
  close(): void;
}

/** What a commit may take of the room laid aside: the part for words; that for locks, too; or all of it, to get in and to delete. */
export type Urgency = "words" | "lock" | "all";

/** Room laid aside for a full disk. */
export interface Reserve {
  /** True once some of it was given up or it could not be laid aside, until it is. */
  readonly spent: boolean;
  /** Not even one lock finds room in what is left of it. */
  readonly dry: boolean;
  /** Gives up some of it. True when that made room. Never fails. */
  spend(urgency: Urgency): Promise<boolean>;
  /** Lays it aside where there is room and it isn't there yet; where there is too little, the part for locks. Never fails. */
  fill(): Promise<void>;
}

/** The plain row of one pocket: all that is readable while it is locked. */
export interface CoverRow {
  readonly id: string;
  /** Store format; another number than ours is refused with one sentence and never overwritten. */
  readonly format: number;
  /** The cover's fields as JSON (api.ts, PocketCover without waysIn and doorOpen). */
  readonly cover: string;
  /** Encoded ways in (docs/protocol/unlocking.md); public halves and wraps only. */
  readonly waysIn: readonly Uint8Array[];
  /** The door's public key while the door is open. */
  readonly door: Uint8Array | null;
  /** Failed tries in a row and when the next may be made (ms): slows down, never destroys. */
  readonly failed: number;
  readonly nextTryAt: number;
  /** The small pocket that a second code opens (docs/protocol/store.md §14). */
  readonly side?: SideCover | null;
  /** How to ask the passkey among the ways in. */
  readonly passkey?: Passkey | null;
}

export interface SideCover {
  /** Name of its database. */
  readonly id: string;
  /** Ways in to its own vault key; two while a renewal of the other one is under way. */
  readonly waysIn: readonly Uint8Array[];
}

/** The shelf of all pockets of this browser. */
export interface Shelf {
  covers(): Promise<readonly CoverRow[]>;
  /** Creates or replaces the cover, strictly durable. @throws StoreError other-format, storage-full, store-failed */
  putCover(cover: CoverRow): Promise<void>;
  /**
   * Changes the cover as it stands now, in one strict transaction: another window may have changed it since it was read. `change`
   * may be called more than once. Gives what is kept. @throws StoreError store-failed when there is none, as `putCover`
   */
  changeCover(id: string, change: (now: CoverRow) => CoverRow): Promise<CoverRow>;
  /**
   * `onClosed` is called when the browser or another page takes the database away while it is open; by another page,
   * which is let wait for a second, what is written before it resolves still gets in.
   * @throws StoreError other-format (nothing was touched), store-failed
   */
  openStore(id: string, onClosed?: () => void | Promise<void>): Promise<VaultStore>;
  /** Deletes a pocket's database and cover (a pocket whose making was broken off). */
  remove(id: string): Promise<void>;
}

/** 32 bytes beside the database, without which no way in opens; overwriting them is what "burn" does (renewal.ts). */
export interface BurnFile {
  /** None for a pocket that has none; two when an overwriting was broken off: the new ones and the old. */
  read(pocket: string): Promise<readonly Burn[]>;
  /** Over the old ones. Flushed when it resolves; broken off, the old or the new ones are whole. */
  write(pocket: string, burn: Burn): Promise<void>;
}

/** One WebSocket to the server, already speaking frames. */
export interface Wire {
  /** Sends, or drops silently when the wire is closed: the engine hears of the closing through `closed`. */
  send(frame: ClientFrame): void;
  close(): void;
}

export interface WireEvents {
  opened(): void;
  frame(frame: ServerFrame): void;
  /** `code` is the WebSocket's close code; 1006 when there was no network. */
  closed(code: number): void;
}

/** HTTP to the server. Every call @throws TransportError offline | refused (with the code of protocol/errors.ts). */
export interface Http {
  /** Who answers at this address; a drop proof needs the server's id. */
  server(): Promise<ServerFacts>;
  createSpace(space: CreateSpace, bearer: string | null): Promise<void>;
  /** How much an own space holds and may hold. `token` of the own rung. */
  readRoom(token: string, space: SpaceId): Promise<Room>;
  /** Spends one of the organisation's creation tokens on an own space. Asked again it says the same. */
  offerToken(token: string, space: SpaceId, creation: string): Promise<Raised>;
  /** Null: no such wrap. A number: seconds left to wait. */
  getWrap(tag: WrapTag): Promise<Uint8Array | number | null>;
  /** `authorization`: the whole header, `Drop <128 hex digits>` (docs/protocol/drops.md §2). */
  drop(key: Uint8Array, authorization: string, sealed: Uint8Array): Promise<void>;
  dropAttachment(key: Uint8Array, authorization: string): Promise<Uint8Array | null>;
  putChunk(
    token: string,
    space: SpaceId,
    document: DocumentTag,
    blob: BlobId,
    index: number,
    chunk: Uint8Array,
  ): Promise<void>;
  /** Which of the chunks 0 … chunks − 1 are not stored yet: after a broken upload only these are sent again. */
  missingChunks(token: string, space: SpaceId, blob: BlobId, chunks: number): Promise<readonly number[]>;
  /** `hashes`: SHA-256 (32 bytes) of each sealed chunk in order. */
  commitBlob(token: string, space: SpaceId, blob: BlobId, hashes: readonly Uint8Array[]): Promise<void>;
  getChunk(token: string, space: SpaceId, blob: BlobId, index: number): Promise<Uint8Array | null>;
}

export interface Transport {
  connect(events: WireEvents): Wire;
  readonly http: Http;
}

/** Time and timers; tests move them by hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once after `ms`; the returned function cancels. */
  after(ms: number, call: () => void): () => void;
}
