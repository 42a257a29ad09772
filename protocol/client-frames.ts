/**
 * Bytes of what a client sends. Spec: docs/protocol/frames.md §4, where each type number has its row; fields stand in
 * the order of this file. Unknown type, wrong size or anything left over: `bad-frame`, and the server closes with 4400.
 */
import { ProtocolError } from "./errors.ts";
import type { ClientFrame, SpaceId } from "./frames.ts";
import {
  MAX_ATTACHMENT_BYTES,
  MAX_EPHEMERAL_BYTES,
  MAX_EXPIRES_SECONDS,
  MAX_FRAME_BYTES,
  MAX_FRAMES_PER_MESSAGE,
  MAX_WRAPS_PER_FRAME,
} from "./limits.ts";
import {
  CAPABILITY_KEY_BYTES,
  PROOF_BYTES,
  readKeys,
  readRecord,
  readWraps,
  writeKeys,
  writeRecord,
  writeWraps,
} from "./shapes.ts";
import {
  decodeAllWith,
  decodeWith,
  encodeWith,
  type Reader,
  readAgain,
  readB,
  readBoolean,
  readBytes,
  readId,
  readList,
  readOptionalId,
  readOptionalU,
  readRaw,
  readU,
  rightToWire,
  type Writer,
  wireToRight,
  writeB,
  writeBytes,
  writeId,
  writeList,
  writeOptionalId,
  writeOptionalU,
  writeRaw,
  writeU,
} from "./wire.ts";

const TYPES = {
  hello: 1,
  open: 2,
  close: 3,
  pull: 4,
  append: 5,
  checkpoint: 6,
  rotate: 7,
  putWraps: 8,
  deleteDocument: 9,
  deleteSpace: 10,
  token: 11,
  ephemeral: 12,
  registerDrop: 13,
  revokeDrop: 14,
  pullDrops: 15,
  clearDrops: 16,
  prune: 17,
  listWaits: 18,
  reopen: 19,
} as const satisfies Record<ClientFrame["type"], number>;

/** @throws bad-frame when a field is beyond its limit */
export function encodeClientFrame(frame: ClientFrame): Uint8Array {
  const bytes = encodeWith((writer) => {
    writeB(writer, TYPES[frame.type]);
    if ("request" in frame) writeU(writer, frame.request);
    if ("space" in frame) writeId(writer, frame.space);
    writeRest(writer, frame);
  });
  if (bytes.length > MAX_FRAME_BYTES) throw new ProtocolError("bad-frame", "size");
  return bytes;
}

/** What follows type, request and space. */
function writeRest(writer: Writer, frame: ClientFrame): void {
  switch (frame.type) {
    case "hello":
      writeU(writer, frame.protocol);
      break;
    case "open":
      writeU(writer, frame.epoch);
      writeB(writer, rightToWire(frame.right));
      writeRaw(writer, frame.proof, PROOF_BYTES);
      break;
    case "pull":
    case "pullDrops":
      writeU(writer, frame.after);
      break;
    case "append":
      writeRecord(writer, frame.record);
      break;
    case "checkpoint":
      writeOptionalId(writer, frame.expected);
      writeRecord(writer, frame.record);
      break;
    case "rotate":
      writeOptionalId(writer, frame.expected);
      writeOptionalU(writer, frame.seen);
      writeU(writer, frame.epoch);
      writeKeys(writer, frame.keys);
      writeWraps(writer, frame.wraps);
      writeList(writer, frame.removedTags, MAX_WRAPS_PER_FRAME, (tag) => writeId(writer, tag));
      writeRecord(writer, frame.record);
      break;
    case "putWraps":
      writeWraps(writer, frame.wraps);
      break;
    case "deleteDocument":
      writeId(writer, frame.document);
      break;
    case "prune":
      writeId(writer, frame.document);
      writeU(writer, frame.before);
      break;
    case "reopen":
      writeOptionalId(writer, frame.checkpoint);
      break;
    case "ephemeral":
      writeId(writer, frame.document);
      writeBytes(writer, frame.bytes, MAX_EPHEMERAL_BYTES);
      break;
    case "registerDrop":
      writeRaw(writer, frame.drop.key, CAPABILITY_KEY_BYTES);
      writeU(writer, frame.drop.expires, MAX_EXPIRES_SECONDS);
      writeB(writer, frame.drop.singleUse ? 1 : 0);
      writeU(writer, frame.drop.quotaBytes);
      writeBytes(writer, frame.drop.attachment, MAX_ATTACHMENT_BYTES);
      break;
    case "revokeDrop":
      writeRaw(writer, frame.key, CAPABILITY_KEY_BYTES);
      break;
    case "clearDrops":
      writeU(writer, frame.through);
      break;
    case "close":
    case "deleteSpace":
    case "token":
    case "listWaits":
      break;
  }
}

/**
 * One frame. Sealed bytes of its record are a view into `bytes`: the server uses them up before the next message.
 * @throws bad-frame; nothing larger than a frame is looked at
 */
export function decodeClientFrame(bytes: Uint8Array): ClientFrame {
  return decodeWith(bytes, MAX_FRAME_BYTES, readFrame);
}

/** The frames of one message, with views as above. @throws bad-frame when one of them is bad, or there are too many */
export function decodeClientFrames(message: Uint8Array): ClientFrame[] {
  return decodeAllWith(message, MAX_FRAME_BYTES, MAX_FRAMES_PER_MESSAGE, readFrame);
}

function readAppend(reader: Reader, request: number, space: SpaceId): ClientFrame {
  const start = reader.pos;
  const record = readRecord(reader);
  return { type: "append", request, space, record, encoded: readAgain(reader, start) };
}

function readFrame(reader: Reader): ClientFrame {
  const type = readB(reader);
  if (type === TYPES.hello) return { type: "hello", protocol: readU(reader) };
  if (type === TYPES.close) return { type: "close", space: readId(reader) };
  if (type === TYPES.ephemeral) {
    return {
      type: "ephemeral",
      space: readId(reader),
      document: readId(reader),
      bytes: readBytes(reader, MAX_EPHEMERAL_BYTES),
    };
  }
  const head = { request: readU(reader), space: readId(reader) } as Pick<
    ClientFrame & { type: "pull" },
    "request" | "space"
  >;
  switch (type) {
    case TYPES.open:
      return {
        type: "open",
        ...head,
        epoch: readU(reader),
        right: wireToRight(readB(reader)),
        proof: readRaw(reader, PROOF_BYTES),
      };
    case TYPES.pull:
      return { type: "pull", ...head, after: readU(reader) };
    case TYPES.pullDrops:
      return { type: "pullDrops", ...head, after: readU(reader) };
    case TYPES.append:
      return readAppend(reader, head.request, head.space);
    case TYPES.checkpoint:
      return { type: "checkpoint", ...head, expected: readOptionalId(reader), record: readRecord(reader) };
    case TYPES.rotate:
      return {
        type: "rotate",
        ...head,
        expected: readOptionalId(reader),
        seen: readOptionalU(reader),
        epoch: readU(reader),
        keys: readKeys(reader),
        wraps: readWraps(reader),
        removedTags: readList(reader, MAX_WRAPS_PER_FRAME, () => readId(reader)),
        record: readRecord(reader),
      };
    case TYPES.putWraps:
      return { type: "putWraps", ...head, wraps: readWraps(reader) };
    case TYPES.deleteDocument:
      return { type: "deleteDocument", ...head, document: readId(reader) };
    case TYPES.prune:
      return { type: "prune", ...head, document: readId(reader), before: readU(reader) };
    case TYPES.deleteSpace:
      return { type: "deleteSpace", ...head };
    case TYPES.reopen:
      return { type: "reopen", ...head, checkpoint: readOptionalId(reader) };
    case TYPES.token:
      return { type: "token", ...head };
    case TYPES.listWaits:
      return { type: "listWaits", ...head };
    case TYPES.registerDrop:
      return {
        type: "registerDrop",
        ...head,
        drop: {
          key: readRaw(reader, CAPABILITY_KEY_BYTES),
          expires: readU(reader, MAX_EXPIRES_SECONDS),
          singleUse: readBoolean(reader),
          quotaBytes: readU(reader),
          attachment: readBytes(reader, MAX_ATTACHMENT_BYTES),
        },
      };
    case TYPES.revokeDrop:
      return { type: "revokeDrop", ...head, key: readRaw(reader, CAPABILITY_KEY_BYTES) };
    case TYPES.clearDrops:
      return { type: "clearDrops", ...head, through: readU(reader) };
    default:
      throw new ProtocolError("bad-frame", "type");
  }
}
