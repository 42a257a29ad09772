/**
 * What nodes tell each other about a space. A hint carries no content and may be lost, doubled or late: whoever gets one
 * reads the store. Presence, sealed and never stored, is the one thing that travels whole.
 *
 * | bytes | field |
 * |---|---|
 * | 1 | 1 head, 2 rotated, 3 deleted, 4 dropped, 5 ephemeral |
 * | n | head: sequence number u · rotated: epoch u · ephemeral: epoch u, the sealed `ephemeral` frame for clients · else nothing |
 */
import { ProtocolError } from "../../protocol/errors.ts";
import type { Seq, SpaceId } from "../../protocol/frames.ts";
import { MAX_EPHEMERAL_BYTES } from "../../protocol/limits.ts";
import { decodeWith, encodeWith, readB, readBytes, readU, writeB, writeBytes, writeU } from "../../protocol/wire.ts";

export type Hint =
  | { readonly type: "head"; readonly head: Seq }
  | { readonly type: "rotated"; readonly epoch: number }
  | { readonly type: "deleted" }
  | { readonly type: "dropped" }
  /** Only for listeners of the same epoch: who was removed must not even hear that somebody is there. */
  | { readonly type: "ephemeral"; readonly epoch: number; readonly frame: Uint8Array };

/** A way for hints to travel. Nothing here rejects: what can't be sent is lost. */
export interface Hints {
  listen(space: SpaceId): void;
  unlisten(space: SpaceId): void;
  /** To all nodes that listen but this one. */
  send(space: SpaceId, hint: Hint): void;
  /** Settles once all that was listened for before is in force; at once when nothing can be heard. */
  settled(): Promise<void>;
  /** Whether hints arrive just now, as far as one can know. */
  readonly isConnected: boolean;
  close(): Promise<void>;
}

export interface HintListener {
  hear(space: SpaceId, hint: Hint): void;
  /** Hints may have been lost; look at the store. */
  missed(): void;
}

const TYPES = ["head", "rotated", "deleted", "dropped", "ephemeral"] as const;
/** The frame around presence: ids and lengths. */
const MAX_FRAME = MAX_EPHEMERAL_BYTES + 64;

export const encodeHint = (hint: Hint): Uint8Array =>
  encodeWith((writer) => {
    writeB(writer, TYPES.indexOf(hint.type) + 1);
    if (hint.type === "head") writeU(writer, hint.head);
    if (hint.type === "rotated" || hint.type === "ephemeral") writeU(writer, hint.epoch);
    if (hint.type === "ephemeral") writeBytes(writer, hint.frame, MAX_FRAME);
  });

/** @throws bad-frame */
export function decodeHint(bytes: Uint8Array): Hint {
  return decodeWith(bytes, MAX_FRAME + 16, (reader) => {
    const type = TYPES[readB(reader) - 1];
    switch (type) {
      case "head":
        return { type, head: readU(reader) };
      case "rotated":
        return { type, epoch: readU(reader) };
      case "ephemeral":
        return { type, epoch: readU(reader), frame: readBytes(reader, MAX_FRAME) };
      case "deleted":
      case "dropped":
        return { type };
      default:
        throw new ProtocolError("bad-frame", "hint");
    }
  });
}
