/**
 * What a journal holds, whichever database it stands beside: b 1 · quota u · the body that creates a space; b 2 · a
 * client frame as it came, without the request number of the one who sent it; b 3 · quota u · the id of a space that a
 * token raised to it; or b 4, a mark of a start or an end (docs/operations.md §5). Never the token.
 */
import { decodeClientFrame, decodeCreateSpace, encodeClientFrame, encodeCreateSpace } from "../../protocol/codec.ts";
import { ProtocolError } from "../../protocol/errors.ts";
import type { ClientFrame, SpaceId } from "../../protocol/frames.ts";
import type { CreateSpace } from "../../protocol/http.ts";
import { MAX_FRAME_BYTES } from "../../protocol/limits.ts";
import {
  decodeWith,
  encodeWith,
  readB,
  readBytes,
  readId,
  readU,
  writeB,
  writeBytes,
  writeId,
  writeU,
} from "../../protocol/wire.ts";

export const MAX_ENTRY_BYTES = MAX_FRAME_BYTES + 16;

type Journalled =
  | "rotate"
  | "checkpoint"
  | "putWraps"
  | "deleteDocument"
  | "deleteSpace"
  | "registerDrop"
  | "revokeDrop";
export type JournalledFrame = Extract<ClientFrame, { type: Journalled }>;
export type Entry =
  | { readonly type: "create"; readonly create: CreateSpace; readonly quota: number }
  | { readonly type: "frame"; readonly frame: JournalledFrame }
  | { readonly type: "raise"; readonly space: SpaceId; readonly quota: number }
  | { readonly type: "mark" };

export const noteCreation = (create: CreateSpace, quota: number): Uint8Array =>
  encodeWith((writer) => {
    writeB(writer, 1);
    writeU(writer, quota);
    writeBytes(writer, encodeCreateSpace(create), MAX_FRAME_BYTES);
  });

export const noteFrame = (frame: JournalledFrame): Uint8Array =>
  encodeWith((writer) => {
    writeB(writer, 2);
    writeBytes(writer, encodeClientFrame({ ...withoutHour(frame), request: 0 }), MAX_FRAME_BYTES);
  });

export const noteRaise = (space: SpaceId, quota: number): Uint8Array =>
  encodeWith((writer) => {
    writeB(writer, 3);
    writeU(writer, quota);
    writeId(writer, space);
  });

/** Says nothing but that a server began or ended here: a store that doesn't know of it is an older copy. */
export const noteMark = (): Uint8Array => encodeWith((writer) => writeB(writer, 4));

const DAY_SECONDS = 86_400;

/** A journal forgets nothing, so the end of a drop key stands in it as the end of its day; a restored key lasts so long. */
function withoutHour(frame: JournalledFrame): JournalledFrame {
  if (frame.type !== "registerDrop") return frame;
  return { ...frame, drop: { ...frame.drop, expires: Math.ceil(frame.drop.expires / DAY_SECONDS) * DAY_SECONDS } };
}

export function readEntry(bytes: Uint8Array): Entry {
  return decodeWith(bytes, MAX_ENTRY_BYTES, (reader) => {
    switch (readB(reader)) {
      case 1: {
        const quota = readU(reader);
        return { type: "create", quota, create: decodeCreateSpace(readBytes(reader, MAX_FRAME_BYTES)) };
      }
      case 2:
        return { type: "frame", frame: decodeClientFrame(readBytes(reader, MAX_FRAME_BYTES)) as JournalledFrame };
      case 3: {
        const quota = readU(reader);
        return { type: "raise", quota, space: readId(reader) };
      }
      case 4:
        return { type: "mark" };
      default:
        throw new ProtocolError("bad-frame", "journal entry");
    }
  });
}
