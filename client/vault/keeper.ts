/**
 * The two faces of syncing inside the vault: `SpaceKeeper` is what the driver (`syncing.ts`) asks of the vault core,
 * `Syncing` is what the core asks of the driver.
 *
 * The driver calls the keeper for one space at a time, in order, never two calls of the same space at once (but
 * `uploadBlobs`, `missing` and `ephemeral`, which may run beside the others). When a call rejects, nothing of it may
 * have happened; the driver closes the space, waits and begins again with `load`. An error's `code` reaches the
 * person as SyncState.problem ("storage-full").
 */
import type { DocumentTag, OpId, OuterRecord, Right, ServerId, SpaceId } from "../../protocol/frames.ts";
import type {
  Acked,
  Answer,
  Arrived,
  Ask,
  Cursor,
  Drop,
  EndCode,
  Frozen,
  Health,
  Loaded,
  MadeUnder,
  Missed,
  Pace,
  Rekeyed,
  Repeated,
  SyncedSpace,
  SyncStatus,
  VoidReason,
} from "../sync/ports.ts";

export interface SpaceKeeper {
  /** Called first for each space, and again after any failure: what the device has of it. */
  load(space: SpaceId): Promise<Loaded>;
  /** Ed25519 signature (64 bytes) over the server's 32-byte nonce; docs/protocol/capabilities.md. */
  prove(space: SpaceId, epoch: number, right: Right, nonce: Uint8Array, server: ServerId): Promise<Uint8Array>;
  /**
   * Opens, checks chains, keeps the records and the cursor in one strict transaction. What can't be opened is kept and
   * marked. Must be idempotent by op id: the same record can come twice (after a crash, after `rewind`), and our own
   * records come back here when their ack was lost. `records` may be empty: then only the cursor moves.
   */
  applyRecords(space: SpaceId, arrived: Arrived): Promise<Health>;
  /**
   * All records of the space up to the server's head are kept: what was a gap in a chain is now known to be one, and the
   * head of one's own chain is known. Called after each catch-up, before any freezing of that connection. After a
   * `rewind` (perhaps before a crash) the core now puts what the server no longer has back into the outbox, inner
   * verbatim. `pending`: how many rows wait.
   */
  caughtUp(space: SpaceId): Promise<Health & { readonly pending: number }>;
  /**
   * Something is missing in a chain, and everything is pulled once more from the start: the cursor goes back to 0, and until
   * the next `caughtUp` it is remembered that what is still missing then is not there. Records stay as they are.
   */
  askAgain(space: SpaceId): Promise<void>;
  /**
   * The server was restored from a backup and is another incarnation than the cursor's: forget the cursor, and remember
   * until the next `caughtUp`, in the same strict transaction, which op ids come again. Records stay.
   */
  rewind(space: SpaceId): Promise<void>;
  /**
   * Freezes up to `limit` pending rows, oldest first, in one strict transaction (op id, counter, previous hash, heads,
   * signature), sealed for the current epoch. Rows that name blobs not yet committed on the server are passed over,
   * with everything after them of the same document, and counted in `waitingForBlobs`. Rows of a space whose outbox the
   * core wants to stop are not offered (an intent to remove somebody).
   */
  freeze(space: SpaceId, limit: number): Promise<Frozen>;
  /** The server has these durably: frozen rows become stored ones, and the cursor moves, in one strict transaction. */
  acked(space: SpaceId, acks: readonly Acked[], through: Cursor): Promise<void>;
  /** Same inner, sealed for the current epoch; in the order asked. Ops that are no longer in the outbox are left out. */
  reseal(space: SpaceId, opIds: readonly OpId[]): Promise<readonly OuterRecord[]>;
  /**
   * The server refused epoch `refused`: fetches our wrap by its tag and takes newer keys from it; answers with the newest
   * epoch we then have (our own rotation may just have been acknowledged, or rows of another device brought its keys).
   * `removed` only where the wrap that follows `refused` isn't there. @throws TransportError offline
   */
  rekey(space: SpaceId, refused: number): Promise<Rekeyed>;
  /**
   * One strict transaction: the frozen row goes, a pending void record (counter and hash of the refused inner) comes. After
   * `document-deleted` the void must lie in another document, since the server takes nothing more for this one.
   */
  voidOp(space: SpaceId, opId: OpId, reason: VoidReason): Promise<void>;
  /**
   * Uploads and commits the blobs that pending rows wait for, and marks them as committed; one that is refused keeps none
   * of the others back. Runs beside the other calls.
   * @throws TransportError offline, refused with over-quota (stays on the device, tried again later)
   */
  uploadBlobs(space: SpaceId): Promise<void>;
  /**
   * The server doesn't know the space: creates it there, in its first epoch, when it is ours. @throws TransportError
   */
  missing(space: SpaceId): Promise<Missed>;
  /**
   * The server has gone back to `epoch` and expects `expected` as the newest checkpoint: the rotation that followed it, with
   * wraps for everybody who may read now. Only asked where we have the own rung.
   */
  repeat(space: SpaceId, epoch: number, expected: OpId | null): Promise<Repeated>;
  /** Keeps what was dropped, strictly. The same drop can come twice. */
  applyDrops(space: SpaceId, drops: readonly Drop[]): Promise<void>;
  /** Resolves when what came of the drops applied so far is with the server, which may then delete them. */
  settleDrops(space: SpaceId): Promise<void>;
  /** Sealed presence of another; never stored. */
  ephemeral(space: SpaceId, document: DocumentTag, bytes: Uint8Array): void;
  /** The space no longer syncs. Deletes nothing by itself. */
  ended(space: SpaceId, code: EndCode): Promise<void>;
}

export interface Syncing {
  /** Connects as soon as there is a space, and stays connected. */
  start(): void;
  /** Ends for good (lock): closes the wire, rejects what was asked with `stopped`. */
  stop(): void;
  /** Adding a space that is there already updates epoch and right. */
  addSpace(space: SyncedSpace): void;
  removeSpace(space: SpaceId): void;
  /** The core's own rotation was acknowledged: go on in the new epoch. */
  changeEpoch(space: SpaceId, epoch: number, right: Right): void;
  /** There are rows to freeze in this space. */
  changed(space: SpaceId, pace?: Pace): void;
  /** What the chains of this space say has changed without a record arriving. */
  noteHealth(space: SpaceId, health: Health): void;
  /** A space that was stuck ("over-quota") has room again: what waits is tried at once. */
  retry(space: SpaceId): void;
  /** Nothing of this space is frozen or pushed while held (a removal waits for its rotation). Asks still go through. */
  hold(space: SpaceId, held: boolean): void;
  /**
   * Settles with the server's answer, however many connections that takes. Kept in memory only: what must survive a
   * restart is kept by the core and asked again.
   * @throws SyncError (syncing.ts) with the refusal's code, or `stopped`, or `not-open` when the space has ended or isn't
   *   there, or `connection-lost` for a rotation, and when what it was made under is over
   */
  ask(frame: Ask, made?: MadeUnder): Promise<Answer>;
  /**
   * A bearer token for the blobs of a space, valid for at least a minute; asked for again when it runs out. `refused`: one
   * that the server called `expired` (its epoch is over), so that it isn't handed out again. @throws SyncError
   */
  token(space: SpaceId, refused?: string): Promise<string>;
  /** At most 4 KiB, sealed; dropped silently when the space isn't open right now. */
  sendEphemeral(space: SpaceId, document: DocumentTag, bytes: Uint8Array): void;
  /** No coalescing from here on. True as soon as nothing is unsent, false after `ms`. */
  flush(ms: number): Promise<boolean>;
  /** There is net again, or the person looks at the screen: tries at once instead of waiting. */
  nudge(): void;
  state(): SyncStatus;
  onState(listener: (state: SyncStatus) => void): void;
}

export type { Answer, Ask, Drop };
