/** What the engine hears. Everything that happens outside is one of these; nothing else changes its state. */
import type { DocumentTag, OpId, OuterRecord, Right, Seq, ServerFrame, SpaceId } from "../../protocol/frames.ts";
import type { Ask, Frozen, Health, Loaded, MadeUnder, Missed, Pace, Rekeyed, Repeated, SyncedSpace } from "./ports.ts";

/** When a step happens. The engine has no clock and no dice of its own. */
export interface Moment {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Even in 0 … 1. */
  readonly random: number;
}

/** From the vault core. */
export type CoreEvent =
  | { readonly type: "start" }
  | { readonly type: "stop" }
  | { readonly type: "nudge" }
  | { readonly type: "flush"; readonly on: boolean }
  | { readonly type: "addSpace"; readonly synced: SyncedSpace }
  | { readonly type: "removeSpace"; readonly space: SpaceId }
  | { readonly type: "changeEpoch"; readonly space: SpaceId; readonly epoch: number; readonly right: Right }
  | { readonly type: "changed"; readonly space: SpaceId; readonly pace: Pace }
  /** Something changed on the server for a space that was stuck: tries at once. */
  | { readonly type: "retry"; readonly space: SpaceId }
  | { readonly type: "hold"; readonly space: SpaceId; readonly held: boolean }
  /** A gap was explained otherwise than by a record that arrived (a tombstone was read). */
  | { readonly type: "health"; readonly space: SpaceId; readonly health: Health }
  | ({ readonly type: "ask"; readonly id: number; readonly frame: Ask } & MadeUnder)
  | {
      readonly type: "sendEphemeral";
      readonly space: SpaceId;
      readonly document: DocumentTag;
      readonly bytes: Uint8Array;
    };

/** From the wire; `wire` is the number that `connect` gave it, so that an old one's last words are told apart. */
export type WireEvent =
  | { readonly type: "wireOpened"; readonly wire: number }
  | { readonly type: "frame"; readonly wire: number; readonly frame: ServerFrame }
  | { readonly type: "wireClosed"; readonly wire: number; readonly code: number };

/** Answers to keeper effects. `life` is that of the effect: an answer of an earlier life is dropped. */
export type KeeperEvent = { readonly space: SpaceId; readonly life: number } & (
  | { readonly type: "loaded"; readonly loaded: Loaded }
  | { readonly type: "proved"; readonly wire: number; readonly epoch: number; readonly proof: Uint8Array }
  | ({ readonly type: "applied" } & Health)
  | ({ readonly type: "caughtUp"; readonly pending: number } & Health)
  | { readonly type: "frozen"; readonly frozen: Frozen }
  | { readonly type: "resealed"; readonly asked: readonly OpId[]; readonly ops: readonly OuterRecord[] }
  | { readonly type: "rekeyed"; readonly epochAsked: number; readonly result: Rekeyed }
  | { readonly type: "missed"; readonly result: Missed }
  | { readonly type: "repeatMade"; readonly epoch: number; readonly rotation: Repeated }
  | { readonly type: "blobsUploaded" }
  | { readonly type: "blobsFailed"; readonly code: string }
  | { readonly type: "dropsApplied"; readonly through: Seq; readonly more: boolean }
  | { readonly type: "dropsSettled"; readonly through: Seq; readonly wire: number }
  /** The call rejected, and those queued behind it for this space were not made. */
  | { readonly type: "failed"; readonly code: string }
);

export type Event = CoreEvent | WireEvent | KeeperEvent | { readonly type: "tick" };
