/**
 * What the server asks of a database. Two implementations pass one acceptance suite
 * (tests/sync-server/storage-acceptance.ts).
 *
 * Every promise of a write settles after the write is durable (fsync), or rejects and nothing of it is stored. Each
 * method is one transaction, and never touches more than one space. Refusals are `StorageError` with a code of
 * protocol/errors.ts; an I/O error is `storage-failed`.
 *
 * Times: `nowSeconds` are whole Unix seconds and are kept only as the due time of a wait or an expiry, until reached.
 * `today` is a day number (Unix days). Nothing else about time is stored.
 */
import type {
  BlobId,
  CapabilityKeys,
  ClientFrame,
  DocumentTag,
  DropRegistration,
  OpId,
  OuterRecord,
  RefusalCode,
  Right,
  Seq,
  ServerId,
  SpaceId,
  StoredRecord,
  TaggedWrap,
  WrapTag,
} from "../../protocol/frames.ts";
import type { CreateSpace, Raised, Room } from "../../protocol/http.ts";
import type { BlobStore } from "../blobs/port.ts";

export class StorageError extends Error {
  readonly code: RefusalCode | "no-token" | "exists" | "not-found";
  constructor(code: StorageError["code"], detail?: string) {
    super(detail === undefined ? code : `${code}: ${detail}`);
    this.name = "StorageError";
    this.code = code;
  }
}

/** What a connection has proved for a space. Checked again inside every transaction: an epoch may have ended meanwhile. */
export interface Grant {
  readonly space: SpaceId;
  readonly epoch: number;
  readonly right: Right;
}

export interface ServerIdentity {
  readonly server: ServerId;
  readonly incarnation: string;
  /** 32 bytes: MAC key of HTTP tokens, shared by all nodes of one store. */
  readonly tokenSecret: Uint8Array;
}

export interface SpaceState {
  readonly epoch: number;
  readonly keys: CapabilityKeys;
  readonly head: Seq;
  readonly checkpoint: OpId | null;
  /** Restored from a backup without its journal: only the owner may open it, until it has reopened it. */
  readonly closed: boolean;
}

/** Where a space stands, for nodes that keep an eye on it. */
export interface SpaceHead {
  readonly space: SpaceId;
  readonly epoch: number;
  readonly head: Seq;
  readonly dropHead: Seq;
}

export interface Appended {
  readonly seq: Seq;
  /** False when the op id was already known: nothing new was stored, nobody needs to hear of it. */
  readonly fresh: boolean;
}

export interface Page {
  readonly records: readonly StoredRecord[];
  readonly head: Seq;
  readonly more: boolean;
}

/** As the frame has it. */
export type Rotation = Omit<Extract<ClientFrame, { readonly type: "rotate" }>, "type" | "request" | "space">;

export type WrapAnswer = { readonly bytes: Uint8Array } | { readonly secondsLeft: number };

export interface Drop {
  readonly seq: Seq;
  readonly key: Uint8Array;
  readonly bytes: Uint8Array;
}

/** How a space may be created: with this token (SHA-256 of it), without any as a pocket, or by anybody. */
export type Permission = { readonly tokenHash: Uint8Array } | "pocket-only" | "open";

/** A blob whose files may be deleted: its rows are gone. */
export interface OrphanedBlob {
  readonly space: SpaceId;
  readonly blob: BlobId;
}

export interface Tidied {
  /** Of documents and spaces that were deleted. */
  readonly orphans: readonly OrphanedBlob[];
  /** Given up; each of them goes with `removeAbandoned`. */
  readonly abandoned: readonly OrphanedBlob[];
}

/** Where the chunks lie, and the day, for a store that has to look whether they are all there. */
export interface Chunks {
  readonly blobs: BlobStore;
  /** Unix day number. */
  readonly today: number;
}

/** Days that clients have to upload again what a restore didn't bring back. */
export const REUPLOAD_DAYS = 30;

export interface BlobChunk {
  readonly space: SpaceId;
  readonly blob: BlobId;
  readonly document: DocumentTag;
  readonly index: number;
  readonly bytes: number;
  /** SHA-256, 32 bytes. */
  readonly hash: Uint8Array;
}

/**
 * The appends of one open channel, in their order. Once one of them is refused only for now, what the client had sent
 * after it must not overtake it: its author's chain would arrive with a later place before an earlier one.
 */
export interface Lane {
  refused: "over-quota" | "storage-failed" | null;
}

/**
 * One append, and who hears what became of it: once, and after its transaction has committed. It is the daily work, in
 * thousands a second, so it is one object of the caller's making, without a promise and functions of its own.
 */
export interface Append {
  readonly grant: Grant;
  readonly record: OuterRecord;
  readonly lane: Lane | undefined;
  resolve(appended: Appended): void;
  reject(error: unknown): void;
}

export interface Storage {
  readonly identity: ServerIdentity;

  /** Creating again with the same keys is fine. @throws no-token, exists */
  createSpace(create: CreateSpace, permission: Permission): Promise<void>;
  /** @throws stale-epoch, no-such-space */
  readRoom(grant: Grant): Promise<Room>;
  /**
   * Spends a token (SHA-256 of it) on a space that may hold less than one made with a token: from then on as much. A space
   * that holds as much already leaves the token unspent. @throws no-token, stale-epoch, no-such-space
   */
  raiseRoom(grant: Grant, tokenHash: Uint8Array): Promise<Raised>;
  /** null when there is no such space, or no longer. */
  readSpace(space: SpaceId): Promise<SpaceState | null>;
  /** At most some hundred at a time; deleted and unknown ones are left out. */
  readHeads(spaces: readonly SpaceId[]): Promise<readonly SpaceHead[]>;
  /** Blobs to remove from disk. The id stays taken. @throws stale-epoch, no-such-space */
  deleteSpace(grant: Grant): Promise<readonly OrphanedBlob[]>;

  /**
   * The op id is looked up before anything else. In a lane that was refused for now, everything is refused likewise.
   * @throws stale-epoch, document-deleted, op-conflict, over-quota
   */
  append(grant: Grant, record: OuterRecord, lane?: Lane): Promise<Appended>;
  /** The same for a caller who is told; neither of its two functions may throw. */
  take(append: Append): void;
  /** @throws stale-checkpoint, and as `append` */
  checkpoint(grant: Grant, expected: OpId | null, record: OuterRecord): Promise<Appended>;
  /** @throws stale-checkpoint, stale-epoch unless `epoch` is the next, head-moved unless `seen` is the head, over-quota */
  rotate(grant: Grant, rotation: Rotation): Promise<Appended>;
  /** Records after `after`, as many as fit a page. @throws stale-epoch, no-such-space */
  readPage(grant: Grant, after: Seq): Promise<Page>;
  /** Deletes records and blobs, keeps op ids. Deleting again is fine. */
  deleteDocument(grant: Grant, document: DocumentTag): Promise<readonly OrphanedBlob[]>;
  /**
   * After a restore: open to all rungs again. A checkpoint later than the present one becomes the newest.
   * @throws stale-checkpoint when it is given and no stored control record
   */
  reopen(grant: Grant, checkpoint: OpId | null): Promise<void>;
  /**
   * Of the snapshots up to `before` the last two stay, and every later one: it may stand for none of the places before it.
   * @throws no-right unless a snapshot of the document lies at or after `before`
   */
  prune(grant: Grant, document: DocumentTag, before: Seq): Promise<void>;

  /** A replaced wrap starts over: clock and all. @throws over-quota above the number of tags, op-conflict for another space's tag */
  putWraps(grant: Grant, wraps: readonly TaggedWrap[]): Promise<void>;
  /** Starts the clock of a wrap that has one; null for unknown and removed alike. */
  readWrap(tag: WrapTag, nowSeconds: number): Promise<WrapAnswer | null>;
  /** Waits that somebody started, reached ones with 0. */
  listWaits(grant: Grant, nowSeconds: number): Promise<readonly { tag: WrapTag; secondsLeft: number }[]>;

  registerDrop(grant: Grant, drop: DropRegistration): Promise<void>;
  revokeDrop(grant: Grant, key: Uint8Array): Promise<void>;
  /** The mailbox that got it. @throws not-found for unknown, expired and used keys, over-quota */
  drop(key: Uint8Array, bytes: Uint8Array, nowSeconds: number): Promise<SpaceId>;
  /** null for unknown and expired keys. */
  readDropAttachment(key: Uint8Array, nowSeconds: number): Promise<Uint8Array | null>;
  readDrops(grant: Grant, after: Seq): Promise<{ readonly drops: readonly Drop[]; readonly more: boolean }>;
  clearDrops(grant: Grant, through: Seq): Promise<void>;

  /**
   * Whether the chunk needs to be written: false when it is there already.
   * @throws document-deleted, over-quota, op-conflict, rate-limited while the blob's old files go (`removeAbandoned`)
   */
  admitChunk(grant: Grant, chunk: BlobChunk): Promise<boolean>;
  /** Call after the file is safe. The blob is given up so many days after the last one. @throws as admitChunk */
  recordChunk(grant: Grant, chunk: BlobChunk, today: number): Promise<void>;
  missingChunks(grant: Grant, blob: BlobId, chunks: number): Promise<readonly number[]>;
  /** @throws op-conflict when the hashes aren't those of the stored chunks, document-deleted */
  commitBlob(grant: Grant, blob: BlobId, hashes: readonly Uint8Array[]): Promise<void>;
  /**
   * What was found in the place of a chunk (SHA-256, null for nothing): where that isn't what its row says, and the blob not
   * committed, the row goes, so that the chunk is missing and can be uploaded again. Answers whether it went.
   */
  reportChunk(grant: Grant, blob: BlobId, index: number, found: Uint8Array | null): Promise<boolean>;
  /** Whether the chunk exists in a committed blob. */
  hasChunk(grant: Grant, blob: BlobId, index: number): Promise<boolean>;

  /** Stores the hash of an unspent creation token (SHA-256, 32 bytes). */
  addToken(hash: Uint8Array): Promise<void>;
  revokeToken(hash: Uint8Array): Promise<boolean>;
  countTokens(): Promise<number>;

  /** Forgets expired drop keys; blobs left uncommitted since before `beforeDay` are given up. Answers whose files may go. */
  tidy(nowSeconds: number, beforeDay: number): Promise<Tidied>;
  /**
   * Removes the files of a blob that `tidy` gave up, then forgets it. Until then nothing is uploaded under its id, so that
   * nothing new goes with what is old. Of several nodes one does it; when `remove` fails, a later round does.
   */
  removeAbandoned(abandoned: OrphanedBlob, remove: () => Promise<void>): Promise<void>;
  /** Every blob that has a row, for finding files that have none. */
  isBlobKnown(space: SpaceId, blob: BlobId): Promise<boolean>;
  /** Spaces and the bytes counted into their quotas. */
  sumUsage(): Promise<{ readonly spaces: number; readonly bytes: number }>;
  /** Whether a write goes through just now. */
  isWritable(): Promise<boolean>;
  close(): Promise<void>;
}
