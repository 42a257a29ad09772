/**
 * The parts that several frames and bodies share: records, wraps, capability keys. Layouts in docs/protocol/frames.md §3.
 *
 * record         document id · kind b · epoch u · op id · sealed bytes (1 .. 240 KiB)
 * stored record  seq u · record
 * wrap           tag id · waitSeconds u · bytes (≤ 16 KiB)
 * keys           own raw 32 · write raw 32 · read raw 32
 *
 * All throw bad-frame, as wire.ts does.
 */
import { ProtocolError } from "./errors.ts";
import type { CapabilityKeys, OuterRecord, StoredRecord, TaggedWrap } from "./frames.ts";
import { MAX_SEALED_BYTES, MAX_WAIT_SECONDS, MAX_WRAP_BYTES, MAX_WRAPS_PER_FRAME } from "./limits.ts";
import {
  kindToWire,
  type Reader,
  readB,
  readBytes,
  readId,
  readList,
  readRaw,
  readRawView,
  readU,
  type Writer,
  wireToKind,
  writeB,
  writeBytes,
  writeId,
  writeList,
  writeRaw,
  writeU,
} from "./wire.ts";

export const CAPABILITY_KEY_BYTES = 32;
export const PROOF_BYTES = 64;

export function writeRecord(writer: Writer, record: OuterRecord): void {
  if (record.sealed.length === 0) throw new ProtocolError("bad-frame", "empty record");
  writeId(writer, record.document);
  writeB(writer, kindToWire(record.kind));
  writeU(writer, record.epoch);
  writeId(writer, record.opId);
  writeBytes(writer, record.sealed, MAX_SEALED_BYTES);
}

/** `sealed` is a view into what is read unless `copy` is given. */
export function readRecord(reader: Reader, copy = false): OuterRecord {
  const record: OuterRecord = {
    document: readId(reader),
    kind: wireToKind(readB(reader)),
    epoch: readU(reader),
    opId: readId(reader),
    sealed: copy ? readBytes(reader, MAX_SEALED_BYTES) : readRawView(reader, readU(reader, MAX_SEALED_BYTES)),
  };
  if (record.sealed.length === 0) throw new ProtocolError("bad-frame", "empty record");
  return record;
}

export function writeStoredRecord(writer: Writer, record: StoredRecord): void {
  writeU(writer, record.seq);
  writeRecord(writer, record);
}

export function readStoredRecord(reader: Reader): StoredRecord {
  const seq = readU(reader);
  return { seq, ...readRecord(reader, true) };
}

/** Bytes a stored record takes in a page at the most, head included: 9 + 16 + 1 + 9 + 16 + 3 and the sealed bytes. */
export function storedRecordBytes(sealedBytes: number): number {
  return 54 + sealedBytes;
}

export function writeKeys(writer: Writer, keys: CapabilityKeys): void {
  writeRaw(writer, keys.own, CAPABILITY_KEY_BYTES);
  writeRaw(writer, keys.write, CAPABILITY_KEY_BYTES);
  writeRaw(writer, keys.read, CAPABILITY_KEY_BYTES);
}

export function readKeys(reader: Reader): CapabilityKeys {
  return {
    own: readRaw(reader, CAPABILITY_KEY_BYTES),
    write: readRaw(reader, CAPABILITY_KEY_BYTES),
    read: readRaw(reader, CAPABILITY_KEY_BYTES),
  };
}

export function writeWraps(writer: Writer, wraps: readonly TaggedWrap[]): void {
  writeList(writer, wraps, MAX_WRAPS_PER_FRAME, (wrap) => {
    writeId(writer, wrap.tag);
    writeU(writer, wrap.waitSeconds);
    writeBytes(writer, wrap.bytes, MAX_WRAP_BYTES);
  });
}

export function readWraps(reader: Reader): TaggedWrap[] {
  return readList(reader, MAX_WRAPS_PER_FRAME, () => ({
    tag: readId(reader),
    waitSeconds: readU(reader, MAX_WAIT_SECONDS),
    bytes: readBytes(reader, MAX_WRAP_BYTES),
  }));
}
