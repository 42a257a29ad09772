/**
 * The journal: what must not be undone when the store is restored from an older backup. It lies outside the backup and
 * holds creations, rotations, checkpoints, wraps, deletions, drop keys and their closing, so that a withdrawn entry, a
 * removed member or a replaced recovery card don't come back, and contacts still reach a mailbox. docs/operations.md §5.
 *
 * | bytes | field |
 * |---|---|
 * | 8 | ASCII "lomme-j1" |
 * | 16 | server id |
 * | then groups: 4 | length of the body, u32 big-endian |
 * | 8 | first bytes of SHA-256 of the body |
 * | n | body: list of bytes (protocol/wire.ts), one per entry |
 *
 * Entries are those of entries.ts. One group belongs to one transaction of the store and is synced before that commits;
 * the store holds, in `meta`, how long the journal was at its last commit. A server leaves a mark when it starts and when
 * it ends. So a store that doesn't know of a mark, or lacks more than one group, is an older copy; one that lacks a single
 * group was interrupted before its commit, or is a copy too. A torn group at the end was never acknowledged and is cut
 * off. It is read group by group, from where the store ends: it only grows, and may outgrow what fits memory. No times,
 * no addresses.
 */
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import type { ServerId } from "../../../protocol/frames.ts";
import { decodeWith, encodeWith, readBytes, readList, writeBytes, writeList } from "../../../protocol/wire.ts";
import { type Entry, MAX_ENTRY_BYTES, readEntry } from "../entries.ts";

const MAGIC = Buffer.from("lomme-j1", "ascii");
const HEAD_BYTES = 24;
const GROUP_HEAD_BYTES = 12;
const MAX_ENTRIES = 10_000;

/** Puts an entry into the journal, together with the transaction it belongs to. */
export type Note = (entry: Uint8Array) => void;

export interface Journal {
  /** Bytes that are safe on the disk. */
  readonly length: number;
  /** Adds one group and syncs it; answers the new length. @throws when the disk doesn't take it */
  append(entries: readonly Uint8Array[]): number;
  /** Takes back what was appended since, after a failed commit. */
  cutBack(length: number): void;
  /** Groups from this position on, one after another. @throws when the position isn't the start of a group */
  groupsFrom(position: number): Iterable<readonly Entry[]>;
  close(): void;
}

/** How `meta` holds a length: u64 big-endian. */
export function toPosition(length: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(length));
  return bytes;
}

const NO_GROUP_THERE = "the store's place in its journal isn't the start of a group";

const checksum = (body: Uint8Array): Buffer => createHash("sha256").update(body).digest().subarray(0, 8);

/**
 * Opens or begins the journal of this server. `position`: how much of it the store holds, so that what comes before needn't
 * be read; 0 for nothing.
 *
 * @throws when the file is another server's, none of ours, shorter than the store says, or has no group where it says
 */
export function openJournal(file: string, server: ServerId, position = 0): Journal {
  if (!existsSync(file)) begin(file, server);
  const fd = openSync(file, "r+");
  let length: number;
  try {
    const head = readAt(fd, 0, HEAD_BYTES);
    const isOurs = head?.subarray(0, 8).equals(MAGIC) && head.toString("hex", 8) === server;
    if (!isOurs) throw new Error(`${file} is not the journal of this server`);
    length = findEnd(fd, Math.max(position, HEAD_BYTES));
  } catch (error) {
    closeSync(fd);
    throw error;
  }

  return {
    get length() {
      return length;
    },
    append(entries) {
      const body = encodeWith((writer) =>
        writeList(writer, entries, MAX_ENTRIES, (entry) => writeBytes(writer, entry, MAX_ENTRY_BYTES)),
      );
      const size = Buffer.alloc(4);
      size.writeUInt32BE(body.length);
      const group = Buffer.concat([size, checksum(body), body]);
      for (let at = 0; at < group.length; ) at += writeSync(fd, group, at, group.length - at, length + at);
      fdatasyncSync(fd);
      length += group.length;
      return length;
    },
    cutBack(to) {
      length = to;
      try {
        ftruncateSync(fd, to);
      } catch {
        // The next group overwrites it from the same place; until then it ends with a group the store doesn't know.
      }
    },
    *groupsFrom(position) {
      for (let at = Math.max(position, HEAD_BYTES); at < length; ) {
        const body = readGroup(fd, at, length);
        if (body === null) throw new Error(NO_GROUP_THERE);
        yield decodeWith(body, body.length, (reader) =>
          readList(reader, MAX_ENTRIES, () => readEntry(readBytes(reader, MAX_ENTRY_BYTES))),
        );
        at += GROUP_HEAD_BYTES + body.length;
      }
    },
    close: () => closeSync(fd),
  };
}

function begin(file: string, server: ServerId): void {
  const fd = openSync(file, "w", 0o600);
  writeSync(fd, Buffer.concat([MAGIC, Buffer.from(server, "hex")]));
  fsyncSync(fd);
  closeSync(fd);
  const directory = openSync(dirname(file), "r");
  fsyncSync(directory);
  closeSync(directory);
}

/** Where the last whole group ends; what follows it is cut off. `from`: where a group must begin. */
function findEnd(fd: number, from: number): number {
  const { size } = fstatSync(fd);
  if (from > size) throw new Error("the journal is older than the store; give the right one");
  const end = lastWhole(fd, from, size);
  // Nothing whole begins there: a torn end, or no place between groups at all. Cutting there would cut a good journal.
  if (end === from && end < size && lastWhole(fd, HEAD_BYTES, size) !== from) throw new Error(NO_GROUP_THERE);
  if (end < size) ftruncateSync(fd, end);
  return end;
}

function lastWhole(fd: number, from: number, size: number): number {
  let at = from;
  for (let body = readGroup(fd, at, size); body !== null; body = readGroup(fd, at, size))
    at += GROUP_HEAD_BYTES + body.length;
  return at;
}

/** Body of the group at this place, or null when it is torn or none. */
function readGroup(fd: number, at: number, end: number): Buffer | null {
  const head = end < at + GROUP_HEAD_BYTES ? null : readAt(fd, at, GROUP_HEAD_BYTES);
  const bytes = head?.readUInt32BE(0) ?? 0;
  if (head === null || end < at + GROUP_HEAD_BYTES + bytes) return null;
  const body = readAt(fd, at + GROUP_HEAD_BYTES, bytes);
  return body !== null && checksum(body).equals(head.subarray(4)) ? body : null;
}

/** null when the file ends before. */
function readAt(fd: number, at: number, bytes: number): Buffer | null {
  const buffer = Buffer.alloc(bytes);
  for (let read = 0; read < bytes; ) {
    const count = readSync(fd, buffer, read, bytes - read, at + read);
    if (count === 0) return null;
    read += count;
  }
  return buffer;
}
