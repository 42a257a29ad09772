/**
 * Who hears of what happens in a space. Events are hints: a listener that missed one finds out at the next, by the
 * sequence number, and reads what it missed from the store.
 */
import type { Seq, SpaceId } from "../../protocol/frames.ts";

export type SpaceEvent =
  /** A record was committed; `frame` is its encoded `live` frame, made once for all listeners. */
  | { readonly type: "record"; readonly seq: Seq; readonly frame: Uint8Array }
  /** The space has grown to `head` on another node; read it from the store. */
  | { readonly type: "head"; readonly head: Seq }
  | { readonly type: "ephemeral"; readonly frame: Uint8Array }
  | { readonly type: "rotated"; readonly epoch: number }
  | { readonly type: "deleted" }
  | { readonly type: "dropped" };

export interface Listener {
  hear(event: SpaceEvent): void;
}

export interface Fanout {
  subscribe(space: SpaceId, listener: Listener): void;
  unsubscribe(space: SpaceId, listener: Listener): void;
  /** To everybody who listens but `from`; answers how many on this node those were. */
  publish(space: SpaceId, event: SpaceEvent, from?: Listener): number;
  close(): Promise<void>;
}
