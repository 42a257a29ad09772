/**
 * What stands inside a sealed row: a plain value with byte strings, as JSON with the bytes behind it.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 1 | version = 1 |
 * | 1 | 4 | length j of the JSON, u32 |
 * | 5 | j | JSON in UTF-8; a byte string stands in it as {"$b": [offset, length]} |
 * | 5 + j | … | the byte strings, one after the other |
 *
 * Rows are authenticated before they are decoded, so what is read is what this device wrote. Spec: docs/protocol/store.md §3.
 */
import { concat, fromUtf8, Reader, readVersion, u8, u32, utf8 } from "../../crypto/bytes.ts";

const VERSION = 1;

/** A value of plain objects, arrays, strings, numbers, booleans, null and Uint8Arrays. */
export function encodeRow(value: unknown): Uint8Array {
  const parts: Uint8Array[] = [];
  const text = utf8(JSON.stringify(withoutBytes(value, parts, { at: 0 })));
  return concat(u8(VERSION), u32(text.length), text, ...parts);
}

/** Byte strings are copies of their own size. @throws CryptoError unknown-version, bad-format */
export function decodeRow<T>(bytes: Uint8Array): T {
  const reader = new Reader(bytes);
  readVersion(reader, VERSION);
  const json = fromUtf8(reader.prefixed());
  const tail = reader.rest();
  const value: unknown = JSON.parse(json);
  // Most rows of lists hold no byte strings: ten thousand summaries are read in a third of the time.
  return (json.includes('"$b"') ? withBytes(value, tail) : value) as T;
}

// Both walk the value themselves: a function handed to JSON is called for every field, and takes five times as long.

function withoutBytes(value: unknown, parts: Uint8Array[], offset: { at: number }): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) {
    parts.push(value);
    offset.at += value.length;
    return { $b: [offset.at - value.length, value.length] };
  }
  if (Array.isArray(value)) return value.map((one: unknown) => withoutBytes(one, parts, offset));
  const fields = value as Record<string, unknown>;
  const plain: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) {
    const field = withoutBytes(fields[name], parts, offset);
    // A field may be called so by somebody else.
    if (name === "__proto__") Object.defineProperty(plain, name, { value: field, enumerable: true });
    else plain[name] = field;
  }
  return plain;
}

/** The value itself, with its byte strings put in. */
function withBytes(value: unknown, tail: Uint8Array): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("$b" in value) {
    const [offset = 0, length = 0] = value.$b as number[];
    return tail.slice(offset, offset + length);
  }
  const fields = value as Record<string, unknown>;
  for (const name of Object.keys(fields)) {
    const field = fields[name];
    if (typeof field === "object" && field !== null) fields[name] = withBytes(field, tail);
  }
  return value;
}
