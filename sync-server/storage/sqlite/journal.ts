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
 * the store holds, in `meta`, how long the journal was at its last commit. So a store that is behind by one group was
 * interrupted before its commit, and one that is further behind was restored. A torn group at the end was never
 * acknowledged and is cut off. No times, no addresses.
 */
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
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
  /** Groups from this position on. @throws when the position isn't the start of a group */
  groupsFrom(position: number): readonly (readonly Entry[])[];
  close(): void;
}

/** How `meta` holds a length: u64 big-endian. */
export function toPosition(length: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(length));
  return bytes;
}

const checksum = (body: Uint8Array): Buffer => createHash("sha256").update(body).digest().subarray(0, 8);

/** Opens or begins the journal of this server. @throws when the file is another server's, or none of ours */
export function openJournal(file: string, server: ServerId): Journal {
  if (!existsSync(file)) begin(file, server);
  const bytes = readFileSync(file);
  const isOurs = bytes.subarray(0, 8).equals(MAGIC) && bytes.toString("hex", 8, HEAD_BYTES) === server;
  if (!isOurs) throw new Error(`${file} is not the journal of this server`);
  const fd = openSync(file, "r+");
  let length = lastWhole(bytes);
  if (length < bytes.length) ftruncateSync(fd, length);

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
    groupsFrom(position) {
      const content = readFileSync(file);
      const groups: Entry[][] = [];
      let at = position === 0 ? HEAD_BYTES : position;
      for (; at < length; at += GROUP_HEAD_BYTES + content.readUInt32BE(at)) {
        const body = wholeGroup(content, at);
        if (body === null) throw new Error("the store's place in its journal isn't the start of a group");
        groups.push(
          decodeWith(body, body.length, (reader) =>
            readList(reader, MAX_ENTRIES, () => readEntry(readBytes(reader, MAX_ENTRY_BYTES))),
          ),
        );
      }
      return groups;
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

/** Body of the group at this place, or null when it is torn or none. */
function wholeGroup(bytes: Buffer, at: number): Buffer | null {
  if (bytes.length < at + GROUP_HEAD_BYTES) return null;
  const size = bytes.readUInt32BE(at);
  const body = bytes.subarray(at + GROUP_HEAD_BYTES, at + GROUP_HEAD_BYTES + size);
  return body.length === size && checksum(body).equals(bytes.subarray(at + 4, at + GROUP_HEAD_BYTES)) ? body : null;
}

function lastWhole(bytes: Buffer): number {
  let at = HEAD_BYTES;
  for (let body = wholeGroup(bytes, at); body !== null; body = wholeGroup(bytes, at))
    at += GROUP_HEAD_BYTES + body.length;
  return at;
}
