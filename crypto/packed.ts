/**
 * A signed inner as it lies in a sealed record: without what stands outside the seal, bound to it, and without what says
 * nothing. What was signed and hashed is the whole inner (inner.ts), which `unpackInner` puts together again.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 1 | version of the inner = 1 |
 * | 1 | 1 | suite = 1 |
 * | 2 | 1 | h: 1 when heads follow, 0 when they are the digest of none |
 * | 3 | 16 | chain |
 * | 19 | 8 | counter |
 * | 27 | 32 | previous |
 * | 59 | 32h | heads |
 * | 59 + 32h | 1 | number c of Yjs client ids |
 * | 60 + 32h | 4c | client ids |
 * | 60 + 32h + 4c | n | payload: all that is left before the signature |
 * | 60 + 32h + 4c + n | 64 | signature |
 *
 * Left out: kind, space, document and op id (49 bytes, the outer has them), the payload's length (4, the packed length
 * says it), and heads where no other chain had been seen (32, most records of somebody with one device). Heads of none that
 * are written out are refused: one record has one form. Spec: docs/protocol/records.md §3. Vectors: records.json.
 */
import { concat, Reader, readVersion, u8, u32 } from "./bytes.ts";
import { HASH_BYTES } from "./derive.ts";
import { CryptoError } from "./errors.ts";
import { ID_BYTES, idToBytes } from "./ids.ts";
import { digestHeads, INNER_SUITE, INNER_VERSION, type InnerFields, kindToByte } from "./inner.ts";
import { equalBytes, SIGNATURE_BYTES } from "./sodium.ts";
import type { Hash32, SignedInner } from "./types.ts";

/** What the outer says of an inner. */
export type Outside = Pick<InnerFields, "space" | "document" | "kind" | "opId">;

const CLIENT_ID_BYTES = 4;
/** Of the inner: where its chain begins, its heads, its client ids. */
const CHAIN_AT = 51;
const HEADS_AT = 107;
const IDS_AT = HEADS_AT + HASH_BYTES;
/** Chain, counter, previous. */
const PLACE_BYTES = HEADS_AT - CHAIN_AT;
const LENGTH_BYTES = 4;
/** By how much a packed inner is shorter than its inner at the most: 49 + 4 + 32, and one more for h. */
export const MOST_LEFT_OUT_BYTES = 3 * ID_BYTES + 1 + LENGTH_BYTES + HASH_BYTES - 1;

let noHeads: Hash32 | null = null;
/** The digest of no heads; always the same. */
const headsOfNone = (): Hash32 => {
  noHeads ??= digestHeads([]);
  return noHeads;
};

/** The packed bytes in pieces, most of them views into `inner`, whose fields are `fields`. */
export function packInner(inner: SignedInner, fields: InnerFields): readonly Uint8Array[] {
  const idsEnd = IDS_AT + 1 + CLIENT_ID_BYTES * fields.clientIds.length;
  const hasHeads = !equalBytes(fields.heads, headsOfNone());
  return [
    concat(u8(INNER_VERSION), u8(INNER_SUITE), u8(hasHeads ? 1 : 0)),
    inner.subarray(CHAIN_AT, hasHeads ? IDS_AT : HEADS_AT),
    inner.subarray(IDS_AT, idsEnd),
    inner.subarray(idsEnd + LENGTH_BYTES),
  ];
}

/** The inner in bytes of its own. What is inside its fields is for `parseInner`.
 * @throws unknown-version, unknown-suite, bad-format */
export function unpackInner(packed: Uint8Array, { space, document, kind, opId }: Outside): SignedInner {
  const reader = new Reader(packed);
  readVersion(reader, INNER_VERSION);
  if (reader.u8() !== INNER_SUITE) throw new CryptoError("unknown-suite", `expected suite ${INNER_SUITE}`);
  const has = reader.u8();
  if (has > 1) throw new CryptoError("bad-format", "heads are there or not");
  const place = reader.take(PLACE_BYTES);
  const heads = has === 1 ? reader.take(HASH_BYTES) : headsOfNone();
  if (has === 1 && equalBytes(heads, headsOfNone())) throw new CryptoError("bad-format", "heads of none are left out");
  const count = reader.u8();
  const ids = reader.take(CLIENT_ID_BYTES * count);
  const rest = reader.rest();
  if (rest.length < SIGNATURE_BYTES) throw new CryptoError("bad-format", "ends too early");
  return concat(
    u8(INNER_VERSION),
    u8(INNER_SUITE),
    u8(kindToByte(kind)),
    idToBytes(space),
    idToBytes(document),
    idToBytes(opId),
    place,
    heads,
    u8(count),
    ids,
    u32(rest.length - SIGNATURE_BYTES),
    rest,
  ) as SignedInner;
}
