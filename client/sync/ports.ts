/**
 * The few shapes that the engine and whoever drives it share. The engine (`engine.ts`) is pure: it names what it wants
 * as effects (`effects.ts`) and hears what happened as events (`events.ts`). It sees ids, epochs, sequence numbers and
 * sealed bytes; never a payload, a key, a store or a socket.
 */
import type {
  ClientFrame,
  OpId,
  OuterRecord,
  Right,
  Seq,
  ServerFrame,
  SpaceId,
  StoredRecord,
} from "../../protocol/frames.ts";

/**
 * How far a space is safe on this device. A number alone would lie after the server was restored from a backup, when
 * old numbers are given out a second time; so it is kept together with the incarnation that gave it.
 */
export interface Cursor {
  readonly seq: Seq;
  /** Of `welcome`: 16 bytes as hex, new after each restore. */
  readonly incarnation: string;
  /** The newest record known by its number; null: too large to be asked for again. Absent before any came. */
  readonly newest?: Newest;
}

export interface Newest {
  readonly seq: Seq;
  readonly opId: OpId | null;
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

/** What the chains of a space say about it. */
export interface Health {
  /** Places are missing for which the server was not asked once more. */
  readonly wantsAsking: boolean;
  /** Two histories, a gap that stayed when it was asked again, or something made to hurt: the person is told. */
  readonly trouble: "incomplete" | "fork" | "quarantined" | null;
}

/** What looking at our wrap on the server came to. */
export type Rekeyed =
  /**
   * Our newest epoch and rung after looking: `rekeyed` when the wrap held newer keys (they are kept now), `unchanged` when
   * it held nothing newer than what we had.
   */
  | { readonly state: "rekeyed" | "unchanged"; readonly epoch: number; readonly right: Right }
  /** There is no wrap for us any more. */
  | { readonly state: "removed" };

/**
 * What was done about a space that the server doesn't have: `created` anew, since it is ours; `awaited`: its owner will do
 * that; `gone`: it is over.
 */
export type Missed = "created" | "awaited" | "gone";

/** The rotation after an epoch that the server fell back to, as it was made then; null where it isn't known here. */
export type Repeated = Extract<Ask, { readonly type: "rotate" }> | null;

/** Refusals that will never change: the op is given up, and its author says so with a void record. */
export type VoidReason = "document-deleted" | "too-large" | "op-conflict";

/**
 * How soon a change should leave. calm: nobody is watching, 1–2 s. company: others are in the same joint document,
 * 150 ms. now: a deliberate act (a message, an answer), at once.
 */
export type Pace = "calm" | "company" | "now";

/** Why a space no longer syncs. `no-such-space`: the server has never had it, or lost it, or it was deleted. */
export type EndCode = "removed" | "space-deleted" | "no-such-space";

export interface Drop {
  /** Position in the mailbox's own row of drops. */
  readonly seq: Seq;
  /** The drop key it came through, 32 bytes. */
  readonly key: Uint8Array;
  /** At most 64 KiB. */
  readonly bytes: Uint8Array;
}

/** A frame whose request number the engine gives. */
export type WithoutRequest<Frame> = Frame extends unknown ? Omit<Frame, "request"> : never;

/** A request that is asked again after each reconnect until the server has answered. */
export type Ask = WithoutRequest<
  Extract<
    ClientFrame,
    {
      readonly type:
        | "checkpoint"
        | "rotate"
        | "putWraps"
        | "deleteDocument"
        | "deleteSpace"
        | "reopen"
        | "prune"
        | "pull"
        | "listWaits"
        | "token"
        | "registerDrop"
        | "revokeDrop";
    }
  >
>;

/**
 * What a request was made under: once that is over it isn't asked any more (`connection-lost`), and the core makes another one.
 * Null, or nothing said: it holds on any server, in any epoch.
 */
export interface MadeUnder {
  /** Of the cursor that stood then: the frame follows from what that server had (it names numbers, or what it lost). */
  readonly incarnation?: string | null;
  /** The newest epoch whose keys the frame holds. */
  readonly epoch?: number | null;
}

export type Answer = Extract<ServerFrame, { readonly type: "ack" | "token" | "done" | "waits" | "page" }>;

/** What the person may be told. Structurally the SyncState of the vault's page-side API. */
export interface SyncStatus {
  readonly connection: "off" | "connecting" | "on" | "problem";
  /** The server answers, whatever else is wrong: a space that is full says "problem" and still hears of everything. */
  readonly online: boolean;
  readonly unsent: number;
  readonly problem: string | null;
}
