/** The engine's state: plain values, replaced and never changed in place. The phases are told in `engine.ts`. */
import type { OpId, OuterRecord, Seq, ServerId, SpaceId, StoredRecord } from "../../protocol/frames.ts";
import type { Ask, EndCode, Health, Newest, Pace, SyncedSpace, SyncStatus } from "./ports.ts";

export type Connection =
  /** Stopped, or nothing to sync. */
  | { readonly phase: "idle" }
  | { readonly phase: "waiting"; readonly until: number }
  /** From `connect` to `welcome`. */
  | { readonly phase: "connecting"; readonly wire: number; readonly since: number }
  | {
      readonly phase: "on";
      readonly wire: number;
      readonly since: number;
      readonly server: ServerId;
      readonly incarnation: string;
      readonly nonce: Uint8Array;
      /** When the last frame came. */
      readonly heard: number;
      /** When an idle line was probed that hasn't said anything since; else null. */
      readonly probed: number | null;
    };

export type SpacePhase =
  /** Something failed or was refused: nothing until `pausedUntil`, then `loading` or `closed` (`resume`). */
  | "paused"
  /** The keeper is asked what it has. */
  | "loading"
  /** Loaded; not open on this connection. */
  | "closed"
  | "proving"
  | "opening"
  /** Open in an earlier epoch, on a server that is behind us: the next rotation is repeated (repeating.ts). */
  | "repeating"
  /** The epoch is over: the keeper looks at the wrap. */
  | "rekeying"
  /** The server doesn't know the space: the keeper may create it. */
  | "missing"
  /** Backfill: pages from the cursor. */
  | "catching"
  /** Cutover: everything up to the head is handed to the keeper, which says so. */
  | "settling"
  | "live"
  | "ended";

export interface OutboxOp {
  readonly record: OuterRecord;
  /** ready: may be pushed. sent: on the way, by this request. resealing: the keeper seals it for the current epoch. */
  readonly state: "ready" | "sent" | "resealing";
}

export interface SpaceState extends SyncedSpace {
  readonly life: number;
  readonly phase: SpacePhase;
  /** The server is behind us: the epoch in which the space is opened to repeat the rotations since. Null: it isn't. */
  readonly behind: number | null;
  /** 0: not at all. An ended space is paused when its end has to be told again. */
  readonly pausedUntil: number;
  /** Why it ended, once it has. */
  readonly endCode: EndCode;
  readonly resume: "loading" | "closed";
  readonly failures: number;
  readonly problem: string | null;

  // Backfill and live
  /** Everything up to here was handed to the keeper. */
  readonly seq: Seq;
  /** That gave `seq`; null before anything came. */
  readonly incarnation: string | null;
  /** The newest record of this incarnation that is known by its number. */
  readonly newest: Newest | null;
  /** The first page of this channel, which begins with that one, hasn't come yet. */
  readonly looksBack: boolean;
  /** Another record stood under that number: the next opening rewinds. */
  readonly wentBack: boolean;
  /** The keeper has a cursor of this incarnation: it would know at its next start that the server was restored. */
  readonly cursorKept: boolean;
  readonly wantsPull: boolean;
  readonly pulling: boolean;
  /** Batches handed to the keeper and not yet kept. */
  readonly applying: number;
  /** Beyond a gap: live records, and null for our own acknowledged ones. */
  readonly ahead: ReadonlyMap<Seq, StoredRecord | null>;
  /** When the gap is pulled. */
  readonly gapAt: number | null;
  /** A chain has a gap: everything is to be pulled once more, not before `askAgainAt`. */
  readonly wantsAsking: boolean;
  readonly askAgainAt: number;
  /** What the chains say; sending goes on. */
  readonly trouble: Health["trouble"];

  // Outbox
  readonly held: boolean;
  readonly ops: readonly OutboxOp[];
  readonly pending: number;
  /** Rows changed while a freezing was under way, which may have missed them. */
  readonly changedMeanwhile: boolean;
  readonly pace: Pace | null;
  readonly firstChangedAt: number;
  readonly lastChangedAt: number;
  readonly companyUntil: number;
  readonly freezing: boolean;
  /** Why what is frozen doesn't leave, where only somebody's act can help ("over-quota"). */
  readonly sendProblem: string | null;
  /** A push was refused for a reason that may pass: the channel takes nothing more until it is opened again. */
  readonly shut: boolean;
  /** 0: push at once. */
  readonly pushNotBefore: number;
  readonly refusals: number;
  readonly blobsWaiting: number;
  readonly uploading: boolean;
  /** 0: upload at once. */
  readonly blobsNotBefore: number;

  // Mailbox
  /** outlived: those being applied came over a channel that is over. */
  readonly drops: "idle" | "pulling" | "applying" | "outlived";
  readonly dropsWanted: boolean;
  /** Newest drop that was applied over this channel; 0 for none. */
  readonly dropsTaken: Seq;
}

export type Request = { readonly space: SpaceId; readonly life: number; readonly sentAt: number } & (
  | { readonly about: "open" | "pullDrops" | "clearDrops" | "repeat" }
  | { readonly about: "pull"; readonly after: Seq }
  | { readonly about: "append"; readonly opId: OpId }
  | { readonly about: "ask"; readonly ask: number }
);

export interface AskState {
  readonly id: number;
  readonly frame: Ask;
  /** As in `MadeUnder`; null: it holds under any. */
  readonly incarnation: string | null;
  readonly epoch: number | null;
  readonly sent: boolean;
  /** 0: ask at once. */
  readonly notBefore: number;
}

export interface State {
  readonly running: boolean;
  readonly flushing: boolean;
  readonly connection: Connection;
  /** Wires opened so far; the number of the newest. */
  readonly wires: number;
  /** Connections lost in a row without a steady one between. */
  readonly attempts: number;
  /** Probes sent so far: the next one goes to the next space. */
  readonly probes: number;
  /** Why the server doesn't want this client. */
  readonly problem: string | null;
  readonly spaces: ReadonlyMap<SpaceId, SpaceState>;
  /** Lives given out so far. */
  readonly lives: number;
  /** Unanswered, oldest first. */
  readonly requests: ReadonlyMap<number, Request>;
  readonly nextRequest: number;
  readonly asks: ReadonlyMap<number, AskState>;
  readonly status: SyncStatus;
}

export function initialState(): State {
  return {
    running: false,
    flushing: false,
    connection: { phase: "idle" },
    wires: 0,
    attempts: 0,
    probes: 0,
    problem: null,
    spaces: new Map(),
    lives: 0,
    requests: new Map(),
    nextRequest: 1,
    asks: new Map(),
    status: { connection: "off", online: false, unsent: 0, problem: null },
  };
}

/** A space at the beginning of a life. What the core said about it (`held`) stays; what was known of it is asked again. */
export function freshSpace(synced: SyncedSpace, life: number, before: SpaceState | null): SpaceState {
  return {
    space: synced.space,
    epoch: synced.epoch,
    right: synced.right,
    mailbox: synced.mailbox,
    life,
    phase: "loading",
    behind: null,
    pausedUntil: 0,
    endCode: "removed",
    resume: "loading",
    failures: before?.failures ?? 0,
    problem: before?.problem ?? null,
    seq: 0,
    incarnation: null,
    newest: null,
    looksBack: false,
    wentBack: false,
    cursorKept: false,
    wantsPull: false,
    pulling: false,
    applying: 0,
    ahead: new Map(),
    gapAt: null,
    wantsAsking: false,
    askAgainAt: before?.askAgainAt ?? 0,
    trouble: before?.trouble ?? null,
    held: before?.held ?? false,
    ops: [],
    pending: before?.pending ?? 0,
    changedMeanwhile: false,
    pace: before?.pace ?? null,
    firstChangedAt: before?.firstChangedAt ?? 0,
    lastChangedAt: before?.lastChangedAt ?? 0,
    companyUntil: before?.companyUntil ?? 0,
    freezing: false,
    sendProblem: null,
    shut: false,
    pushNotBefore: 0,
    refusals: 0,
    blobsWaiting: 0,
    uploading: false,
    blobsNotBefore: 0,
    drops: "idle",
    dropsWanted: synced.mailbox,
    dropsTaken: 0,
  };
}

/** Whether the channel of the space is open on this connection. */
export function isOpen(space: SpaceState): boolean {
  return space.phase === "catching" || space.phase === "settling" || space.phase === "live";
}
