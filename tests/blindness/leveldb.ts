/**
 * Reads the blocks of a LevelDB table (.ldb, .sst) unpacked, so that a word that Snappy broke up is still found.
 * Format: LevelDB's doc/table_format.md and Snappy's format_description.txt, from the projects of those names.
 *
 *   table   data blocks … | index block | footer (48 bytes: two handles, padded; magic 0xdb4775248b80fb57)
 *   handle  offset varint | size varint
 *   block   `size` bytes | type u8 (0 plain, 1 Snappy) | checksum u32
 *   entry   shared varint | rest varint | value length varint | rest of key | value   (of an index block: value = handle)
 */
const FOOTER_BYTES = 48;
const MAGIC = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb];

/** The unpacked blocks of a table. What isn't a table gives none; a table that can't be read is an error. */
export function unpackedTable(file: Uint8Array): readonly Uint8Array[] {
  const footer = file.subarray(file.length - FOOTER_BYTES);
  if (file.length < FOOTER_BYTES || !MAGIC.every((byte, i) => footer[FOOTER_BYTES - 8 + i] === byte)) return [];
  const reader = new Varints(footer);
  reader.handle(); // the metaindex block: filters, nothing a person wrote
  const index = block(file, reader.handle());
  const blocks = [index];
  for (const handle of indexEntries(index)) blocks.push(block(file, handle));
  return blocks;
}

interface Handle {
  readonly offset: number;
  readonly size: number;
}

class Varints {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  next(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#bytes[this.at];
      if (byte === undefined) throw new Error("a table ends inside a number");
      this.at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  handle(): Handle {
    return { offset: this.next(), size: this.next() };
  }
}

function block(file: Uint8Array, { offset, size }: Handle): Uint8Array {
  const body = file.subarray(offset, offset + size);
  const type = file[offset + size];
  if (type === 0) return body;
  if (type === 1) return unsnap(body);
  throw new Error(`a table block of unknown type ${type}`);
}

function indexEntries(index: Uint8Array): readonly Handle[] {
  const view = new DataView(index.buffer, index.byteOffset, index.byteLength);
  const restarts = view.getUint32(index.length - 4, true);
  const end = index.length - 4 - 4 * restarts;
  const handles: Handle[] = [];
  const reader = new Varints(index);
  while (reader.at < end) {
    reader.next();
    const rest = reader.next();
    const valueLength = reader.next();
    const valueAt = reader.at + rest;
    handles.push(new Varints(index, valueAt).handle());
    reader.at = valueAt + valueLength;
  }
  return handles;
}

/** Snappy, raw format: length varint, then literals (tag 0) and copies from what was written before (tags 1 … 3). */
export function unsnap(packed: Uint8Array): Uint8Array {
  const reader = new Varints(packed);
  const out = new Uint8Array(reader.next());
  let to = 0;
  let at = reader.at;
  const little = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i += 1) value += (packed[at + i] ?? 0) * 2 ** (8 * i);
    at += count;
    return value;
  };
  while (at < packed.length) {
    const tag = little(1);
    const kind = tag & 3;
    if (kind === 0) {
      const short = tag >> 2;
      const length = (short < 60 ? short : little(short - 59)) + 1;
      out.set(packed.subarray(at, at + length), to);
      at += length;
      to += length;
      continue;
    }
    const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const back = kind === 1 ? ((tag >> 5) << 8) + little(1) : little(kind === 2 ? 2 : 4);
    if (back === 0 || back > to) throw new Error("a Snappy copy from nowhere");
    // Byte by byte: a copy may overlap what it writes.
    for (let i = 0; i < length; i += 1, to += 1) out[to] = out[to - back] ?? 0;
  }
  if (to !== out.length) throw new Error("a Snappy block of another length than it says");
  return out;
}
