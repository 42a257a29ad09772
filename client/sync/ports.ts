/**
 * The few shapes that the engine and whoever drives it share. The engine (`engine.ts`) is pure: it names what it wants
 * as effects (`effects.ts`) and hears what happened as events (`events.ts`). It sees ids, epochs, sequence numbers and
 * sealed bytes; never a payload, a key, a store or a socket.
 */
import type { OpId, OuterRecord, Right, Seq, SpaceId, StoredRecord } from "../../protocol/frames.ts";

/**
 * How far a space is safe on this device. A number alone would lie after the server was restored from a backup, when
 * old numbers are given out a second time; so it is kept together with the incarnation that gave it.
 */
export interface Cursor {
  readonly seq: Seq;
  /** Of `welcome`: 16 bytes as hex, new after each restore. */
  readonly incarnation: string;
}

/** What a space needs to be synced. */
export interface SyncedSpace {
  readonly space: SpaceId;
  readonly epoch: number;
  readonly right: Right;
  /** True for a mailbox whose drops we collect. */
  readonly mailbox: boolean;
}

/** What the device has of a space when the engine begins with it. */
export interface Loaded {
  /** Null before the first page. */
  readonly cursor: Cursor | null;
  /** Frozen and not yet acknowledged, in order of their chain's counter. */
  readonly frozen: readonly OuterRecord[];
  /** How many rows wait to be frozen. */
  readonly pending: number;
}

/** Answer of one freezing. */
export interface Frozen {
  /** In order of their chain's counter: the order in which they are pushed. */
  readonly ops: readonly OuterRecord[];
  /** Rows that could be frozen right now and were left for the next time (`limit`). */
  readonly left: number;
  /** Rows that can't be frozen before blobs they name are with the server. */
  readonly waitingForBlobs: number;
}

/** One of our own records is with the server. */
export interface Acked {
  readonly opId: OpId;
  readonly seq: Seq;
}

/** Records that arrived, in order of seq, and how far the space is complete once they are kept. */
export interface Arrived {
  readonly records: readonly StoredRecord[];
  readonly through: Cursor;
}

export type Rekeyed =
  /** The wrap held newer keys; they are kept. */
  | { readonly state: "rekeyed"; readonly epoch: number; readonly right: Right }
  /** There is no wrap for us any more. */
  | { readonly state: "removed" }
  /** The wrap holds nothing newer than we have: asked again later. */
  | { readonly state: "unchanged" };

/** Refusals that will never change: the op is given up, and its author says so with a void record. */
export type VoidReason = "document-deleted" | "too-large" | "op-conflict";

/**
 * How soon a change should leave. calm: nobody is watching, 1–2 s. company: others are in the same joint document,
 * 150 ms. now: a deliberate act (a message, an answer), at once.
 */
export type Pace = "calm" | "company" | "now";

/** Why a space no longer syncs. `no-such-space`: the server has never had it, or lost it, or it was deleted. */
export type EndCode = "removed" | "space-deleted" | "no-such-space";

/** What the person may be told. Structurally the SyncState of the vault's page-side API. */
export interface SyncStatus {
  readonly connection: "off" | "connecting" | "on" | "problem";
  readonly unsent: number;
  readonly problem: string | null;
}
