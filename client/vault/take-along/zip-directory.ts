/**
 * The list of files at the end of a zip, read strictly: what it says is all that is believed of the files, so nothing is
 * ever looked for by its signature. Refused: several volumes, encryption, other methods than stored and deflated, names
 * that could lead out of a folder, two files in one place or under one name, a place outside, more files or bytes than
 * anybody has. Source: PKWARE APPNOTE 6.3.10, §4.3.12 and §4.3.16; the 64-bit extension isn't read (zip-writing.ts).
 *
 *   end of list, 22 bytes + comment: signature, disk 2, disk of list 2, files here 2, files 2, bytes 4, place 4, comment
 *   a file, 46 bytes + name + extra + comment: signature, made by 2, needs 2, flags 2, method 2, time 4, CRC-32 4,
 *   packed 4, bytes 4, lengths of name, extra, comment 2 each, disk 2, attributes 6, place 4
 */
import { ArchiveError } from "./archive-errors.ts";

export interface ZipEntry {
  readonly name: string;
  readonly deflated: boolean;
  readonly crc: number;
  /** Bytes in the zip. */
  readonly packed: number;
  /** Bytes once unpacked; never believed before they were counted. */
  readonly bytes: number;
  /** Where its own head stands. */
  readonly at: number;
}

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const FILE_SIGNATURE = 0x02014b50;
const FILE_BYTES = 46;
/** Of a file's own head, before name and extra. */
export const HEAD_BYTES = 30;
const MAX_COMMENT = 65_535;
/** The end of a zip of as many files as fit in one: 65,535, each with a name like ours. */
export const MAX_TAIL_BYTES = 12 * 1024 * 1024;
const ENCRYPTED = 1;

/**
 * @param tail the last bytes of the zip: all of it, or at least MAX_TAIL_BYTES
 * @param size bytes of the zip
 * @returns the files in the order in which they stand
 * @throws ArchiveError archive-damaged; archive-unknown where no list ends it
 */
export function readZipDirectory(tail: Uint8Array, size: number): readonly ZipEntry[] {
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  const end = findEnd(view);
  if (end === null) throw new ArchiveError("archive-unknown");
  const count = view.getUint16(end + 10, true);
  const listBytes = view.getUint32(end + 12, true);
  const listAt = view.getUint32(end + 16, true);
  const tailAt = size - tail.length;
  const whole = view.getUint16(end + 4, true) === 0 && view.getUint16(end + 6, true) === 0;
  if (!whole || view.getUint16(end + 8, true) !== count || listAt < tailAt || listAt + listBytes !== tailAt + end) {
    throw new ArchiveError("archive-damaged");
  }
  const entries: ZipEntry[] = [];
  let at = listAt - tailAt;
  for (let read = 0; read < count; read++) {
    if (at + FILE_BYTES > end || view.getUint32(at, true) !== FILE_SIGNATURE) throw new ArchiveError("archive-damaged");
    const nameBytes = view.getUint16(at + 28, true);
    const next = at + FILE_BYTES + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end) throw new ArchiveError("archive-damaged");
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    if ((flags & ENCRYPTED) !== 0 || (method !== 0 && method !== 8)) throw new ArchiveError("archive-damaged");
    entries.push({
      name: readName(tail.subarray(at + FILE_BYTES, at + FILE_BYTES + nameBytes)),
      deflated: method === 8,
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      bytes: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    });
    at = next;
  }
  if (at !== end) throw new ArchiveError("archive-damaged");
  return checkPlaces(entries, listAt);
}

/** The last place that can be the end: its comment reaches exactly to the last byte. */
function findEnd(view: DataView): number | null {
  const earliest = Math.max(0, view.byteLength - END_BYTES - MAX_COMMENT);
  for (let at = view.byteLength - END_BYTES; at >= earliest; at--) {
    if (view.getUint32(at, true) !== END_SIGNATURE) continue;
    if (at + END_BYTES + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  return null;
}

function readName(bytes: Uint8Array): string {
  const name = new TextDecoder().decode(bytes);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const odd = name === "" || /[\\:\u0000-\u001f]|^\/|(^|\/)\.\.?(\/|$)/.test(name);
  if (odd) throw new ArchiveError("archive-damaged");
  return name;
}

/** No two share a byte: how a few kilobytes are made to unpack to terabytes. */
function checkPlaces(entries: readonly ZipEntry[], listAt: number): readonly ZipEntry[] {
  const inOrder = entries.toSorted((a, b) => a.at - b.at);
  let free = 0;
  for (const { at, packed } of inOrder) {
    if (at < free) throw new ArchiveError("archive-damaged");
    free = at + HEAD_BYTES + packed;
  }
  if (free > listAt || new Set(entries.map(({ name }) => name)).size !== entries.length) {
    throw new ArchiveError("archive-damaged");
  }
  return inOrder;
}
