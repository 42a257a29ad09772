/**
 * What the engine wants done. The driver does them in their order; those of one space that touch the keeper one after
 * the other (but `prove`, `uploadBlobs` and `missing`, which may run beside). Most are answered by an event (`events.ts`).
 */
import type {
  ClientFrame,
  DocumentTag,
  OpId,
  RefusalCode,
  Right,
  Seq,
  ServerId,
  SpaceId,
} from "../../protocol/frames.ts";
import type { Acked, Answer, Arrived, Cursor, Drop, EndCode, SyncStatus, VoidReason } from "./ports.ts";

export type WireEffect =
  | { readonly type: "connect"; readonly wire: number }
  | { readonly type: "disconnect"; readonly wire: number }
  | { readonly type: "send"; readonly wire: number; readonly frame: ClientFrame };

/** `life` counts the times a space was begun with; after a failure nothing of the old life may still be done. */
export type KeeperEffect = { readonly space: SpaceId; readonly life: number } & (
  | { readonly type: "load" }
  | {
      readonly type: "prove";
      readonly wire: number;
      readonly epoch: number;
      readonly right: Right;
      readonly nonce: Uint8Array;
      readonly server: ServerId;
    }
  | { readonly type: "apply"; readonly arrived: Arrived }
  /** Answered by nothing. */
  | { readonly type: "acked"; readonly acks: readonly Acked[]; readonly through: Cursor }
  | { readonly type: "caughtUp" }
  /** Answered by nothing. */
  | { readonly type: "rewind" }
  /** Answered by nothing. */
  | { readonly type: "askAgain" }
  | { readonly type: "freeze"; readonly limit: number }
  | { readonly type: "reseal"; readonly opIds: readonly OpId[] }
  | { readonly type: "rekey"; readonly epoch: number }
  | { readonly type: "repeat"; readonly epoch: number; readonly expected: OpId | null }
  /** Answered by nothing. */
  | { readonly type: "void"; readonly opId: OpId; readonly reason: VoidReason }
  | { readonly type: "uploadBlobs" }
  | { readonly type: "missing" }
  | { readonly type: "applyDrops"; readonly drops: readonly Drop[]; readonly more: boolean }
  | { readonly type: "settleDrops"; readonly through: Seq; readonly wire: number }
  /** Answered by nothing. */
  | { readonly type: "ended"; readonly code: EndCode }
);

export type AskOutcome =
  | { readonly answer: Answer; readonly refused?: never }
  | { readonly refused: RefusalCode | "stopped" | "connection-lost"; readonly answer?: never };

export type Effect =
  | WireEffect
  | KeeperEffect
  | {
      readonly type: "ephemeral";
      readonly space: SpaceId;
      readonly document: DocumentTag;
      readonly bytes: Uint8Array;
    }
  | { readonly type: "answer"; readonly id: number; readonly outcome: AskOutcome }
  | { readonly type: "status"; readonly status: SyncStatus };
