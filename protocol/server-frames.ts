/**
 * Bytes of what the server sends. Spec: docs/protocol/frames.md §5; fields stand in the order of this file. A client
 * that can't read a frame closes the connection and says so; it never guesses.
 */
import { ProtocolError, REFUSALS, refusalOfWire } from "./errors.ts";
import type { RefusalCode, Seq, ServerFrame, SpaceId } from "./frames.ts";
import {
  MAX_DROP_BYTES,
  MAX_EPHEMERAL_BYTES,
  MAX_FRAME_BYTES,
  MAX_FRAMES_PER_MESSAGE,
  MAX_PAGE_RECORDS,
  MAX_WAIT_SECONDS,
  MAX_WRAPS_PER_SPACE,
} from "./limits.ts";
import { CAPABILITY_KEY_BYTES, readStoredRecord, writeStoredRecord } from "./shapes.ts";
import {
  decodeAllWith,
  decodeWith,
  encodeWith,
  type Reader,
  readB,
  readBoolean,
  readBytes,
  readId,
  readList,
  readOptionalId,
  readRaw,
  readU,
  type Writer,
  writeB,
  writeBytes,
  writeId,
  writeList,
  writeOptionalId,
  writeRaw,
  writeU,
} from "./wire.ts";

const TYPES = {
  welcome: 33,
  opened: 34,
  page: 35,
  live: 36,
  ack: 37,
  token: 38,
  done: 39,
  drops: 40,
  dropped: 41,
  ephemeral: 42,
  refused: 43,
  ended: 44,
  waits: 45,
} as const satisfies Record<ServerFrame["type"], number>;

const NONCE_BYTES = 32;
/** A token is ASCII (base64url); frames carry its characters as bytes. */
const MAX_TOKEN_BYTES = 256;
/** Every drop takes at least its key, so a frame holds no more than this. */
const MAX_DROPS_PER_PAGE = 4096;
const ENDED = ["epoch-over", "space-deleted"] as const;

/** @throws bad-frame when a field is beyond its limit */
export function encodeServerFrame(frame: ServerFrame): Uint8Array {
  const bytes = encodeWith((writer) => {
    writeB(writer, TYPES[frame.type]);
    if ("request" in frame) writeU(writer, frame.request);
    if ("space" in frame) writeId(writer, frame.space);
    writeRest(writer, frame);
  }, expectedBytes(frame));
  if (bytes.length > MAX_FRAME_BYTES) throw new ProtocolError("bad-frame", "size");
  return bytes;
}

/**
 * A `live` frame of a record that was read from a frame, from the bytes that it had there: what is read strictly has one
 * way to be written, so these are the bytes that `encodeServerFrame` makes. `allocate` gives a place for so many bytes,
 * which are all written: a server has cheaper ones than an allocation each.
 */
export function encodeLive(
  space: SpaceId,
  seq: Seq,
  record: Uint8Array,
  allocate: (bytes: number) => Uint8Array = (bytes) => new Uint8Array(bytes),
): Uint8Array {
  const head = encodeWith((writer) => {
    writeB(writer, TYPES.live);
    writeId(writer, space);
    writeU(writer, seq);
  });
  const frame = allocate(head.length + record.length);
  frame.set(head);
  frame.set(record, head.length);
  return frame;
}

/** Heads of frames and records are below 100 bytes each. */
function expectedBytes(frame: ServerFrame): number {
  if (frame.type === "live") return 100 + frame.record.sealed.length;
  if (frame.type !== "page") return 100;
  return frame.records.reduce((sum, { sealed }) => sum + 100 + sealed.length, 100);
}

function writeRest(writer: Writer, frame: ServerFrame): void {
  switch (frame.type) {
    case "welcome":
      writeU(writer, frame.protocol);
      writeId(writer, frame.server);
      writeId(writer, frame.incarnation);
      writeRaw(writer, frame.nonce, NONCE_BYTES);
      break;
    case "opened":
      writeU(writer, frame.head);
      writeU(writer, frame.epoch);
      writeOptionalId(writer, frame.checkpoint);
      break;
    case "page":
      writeU(writer, frame.head);
      writeB(writer, frame.more ? 1 : 0);
      writeList(writer, frame.records, MAX_PAGE_RECORDS, (record) => writeStoredRecord(writer, record));
      break;
    case "live":
      writeStoredRecord(writer, frame.record);
      break;
    case "ack":
      writeId(writer, frame.opId);
      writeU(writer, frame.seq);
      break;
    case "token":
      writeBytes(writer, new TextEncoder().encode(frame.token), MAX_TOKEN_BYTES);
      writeU(writer, frame.validSeconds);
      break;
    case "drops":
      writeB(writer, frame.more ? 1 : 0);
      writeList(writer, frame.drops, MAX_DROPS_PER_PAGE, (drop) => {
        writeU(writer, drop.seq);
        writeRaw(writer, drop.key, CAPABILITY_KEY_BYTES);
        writeBytes(writer, drop.bytes, MAX_DROP_BYTES);
      });
      break;
    case "waits":
      writeList(writer, frame.waits, MAX_WRAPS_PER_SPACE, (wait) => {
        writeId(writer, wait.tag);
        writeU(writer, wait.secondsLeft);
      });
      break;
    case "ephemeral":
      writeId(writer, frame.document);
      writeBytes(writer, frame.bytes, MAX_EPHEMERAL_BYTES);
      break;
    case "refused":
      writeB(writer, REFUSALS[frame.code].wire);
      break;
    case "ended":
      writeB(writer, ENDED.indexOf(frame.code) + 1);
      break;
    case "done":
    case "dropped":
      break;
  }
}

/** One frame. @throws bad-frame */
export function decodeServerFrame(bytes: Uint8Array): ServerFrame {
  return decodeWith(bytes, MAX_FRAME_BYTES, readFrame);
}

/** The frames of one message. @throws bad-frame when one of them is bad, or there are too many */
export function decodeServerFrames(message: Uint8Array): ServerFrame[] {
  return decodeAllWith(message, MAX_FRAME_BYTES, MAX_FRAMES_PER_MESSAGE, readFrame);
}

function readFrame(reader: Reader): ServerFrame {
  const type = readB(reader);
  switch (type) {
    case TYPES.welcome:
      return {
        type: "welcome",
        protocol: readU(reader),
        server: readId(reader),
        incarnation: readId(reader),
        nonce: readRaw(reader, NONCE_BYTES),
      };
    case TYPES.opened:
      return {
        type: "opened",
        request: readU(reader),
        space: readId(reader),
        head: readU(reader),
        epoch: readU(reader),
        checkpoint: readOptionalId(reader),
      };
    case TYPES.page:
      return {
        type: "page",
        request: readU(reader),
        space: readId(reader),
        head: readU(reader),
        more: readBoolean(reader),
        records: readList(reader, MAX_PAGE_RECORDS, () => readStoredRecord(reader)),
      };
    case TYPES.live:
      return { type: "live", space: readId(reader), record: readStoredRecord(reader) };
    case TYPES.ack:
      return { type: "ack", request: readU(reader), opId: readId(reader), seq: readU(reader) };
    case TYPES.token:
      return {
        type: "token",
        request: readU(reader),
        token: readToken(reader),
        validSeconds: readU(reader),
      };
    case TYPES.done:
      return { type: "done", request: readU(reader) };
    case TYPES.drops:
      return {
        type: "drops",
        request: readU(reader),
        space: readId(reader),
        more: readBoolean(reader),
        drops: readList(reader, MAX_DROPS_PER_PAGE, () => ({
          seq: readU(reader),
          key: readRaw(reader, CAPABILITY_KEY_BYTES),
          bytes: readBytes(reader, MAX_DROP_BYTES),
        })),
      };
    case TYPES.waits:
      return {
        type: "waits",
        request: readU(reader),
        space: readId(reader),
        waits: readList(reader, MAX_WRAPS_PER_SPACE, () => ({
          tag: readId(reader),
          secondsLeft: readU(reader, MAX_WAIT_SECONDS),
        })),
      };
    case TYPES.dropped:
      return { type: "dropped", space: readId(reader) };
    case TYPES.ephemeral:
      return {
        type: "ephemeral",
        space: readId(reader),
        document: readId(reader),
        bytes: readBytes(reader, MAX_EPHEMERAL_BYTES),
      };
    case TYPES.refused:
      return { type: "refused", request: readU(reader), code: readRefusal(reader) };
    case TYPES.ended:
      return { type: "ended", space: readId(reader), code: readEnded(reader) };
    default:
      throw new ProtocolError("bad-frame", "type");
  }
}

function readRefusal(reader: Reader): RefusalCode {
  const code = refusalOfWire(readB(reader));
  if (code === null) throw new ProtocolError("bad-frame", "refusal");
  return code;
}

function readEnded(reader: Reader): (typeof ENDED)[number] {
  const code = ENDED[readB(reader) - 1];
  if (code === undefined) throw new ProtocolError("bad-frame", "ended");
  return code;
}

function readToken(reader: Reader): string {
  const bytes = readBytes(reader, MAX_TOKEN_BYTES);
  if (bytes.some((byte) => byte < 0x21 || byte > 0x7e)) throw new ProtocolError("bad-frame", "token");
  return new TextDecoder().decode(bytes);
}
