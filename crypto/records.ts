/**
 * Sealed records: a signed inner, packed, padded and sealed under the epoch's content key, bound to what the server sees.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 1 | version = 2 |
 * | 1 | 24 | nonce, made here (aead.ts) |
 * | 25 | 32 | commitment |
 * | 57 | p | ciphertext of u32 length m ‖ packed inner (packed.ts) ‖ zeros, padded to p |
 * | 57 + p | 16 | tag |
 *
 * p = Padmé(4 + m + 84) − 84, at least 268, at most 245,676 (a padded 240 KiB, so that a frame of 256 KiB holds it).
 * 84 bytes is what packing leaves out at the most: a size tells nothing that it wouldn't if the whole inner were sealed.
 * 268 is such a size too, Padmé(352) − 84; a "yes" and a sentence of 140 bytes look the same.
 * Key: the content key, label "lomme/1/content-key/record". Bound and not in the bytes (the outer): version u8, space 16,
 * document 16, kind u8, epoch u64, op id 16. From the outer comes what the inner says of space, document, kind and op id; an
 * inner signed for others has no valid signature then. Re-sealing for a new epoch is `sealRecord` of the same inner.
 * Failures: does-not-open ← anything but the right key and outer, on authentic or damaged bytes alike; unknown-version;
 * unknown-suite and bad-format only for what a holder of the key sealed wrongly. Spec: docs/protocol/records.md §3.
 */
import { open, SEAL_OVERHEAD_BYTES, seal } from "./aead.ts";
import { concat, u8, u32, u64 } from "./bytes.ts";
import { HASH_BYTES } from "./derive.ts";
import { CryptoError } from "./errors.ts";
import { idToBytes } from "./ids.ts";
import { type InnerFields, kindToByte, parseInner } from "./inner.ts";
import { LABELS } from "./labels.ts";
import { MOST_LEFT_OUT_BYTES, packInner, unpackInner } from "./packed.ts";
import { LENGTH_BYTES, paddedShortened, unpad } from "./padding.ts";
import type { ContentKey, DocumentTag, OpId, RecordKind, SealedRecord, SignedInner, SpaceId } from "./types.ts";

const VERSION = 2;
export const MIN_PADDED_RECORD_BYTES = 268;
/** Where nothing is left out; no record is larger. */
export const MAX_PADDED_RECORD_BYTES = 240 * 1024;
/** The largest signed inner that fits, with heads; what is longer travels as a blob. */
export const MAX_INNER_BYTES = MAX_PADDED_RECORD_BYTES - LENGTH_BYTES - HASH_BYTES;

/** What the server sees of a record. */
export type Outer = {
  readonly space: SpaceId;
  readonly document: DocumentTag;
  readonly kind: RecordKind;
  readonly epoch: number;
  readonly opId: OpId;
};

export type OpenedRecord = InnerFields & { readonly inner: SignedInner };

/** Pads and seals; the nonce is made inside. @throws too-long, bad-format when inner and outer disagree, bad-size */
export function sealRecord(inner: SignedInner, outer: Outer, contentKey: ContentKey): SealedRecord {
  if (inner.length > MAX_INNER_BYTES) throw new CryptoError("too-long", `inner over ${MAX_INNER_BYTES} bytes`);
  const fields = parseInner(inner);
  if (!sameOuter(fields, outer)) throw new CryptoError("bad-format", "inner and outer disagree");
  const pieces = packInner(inner, fields);
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const padded = { parts: [u32(length), ...pieces], size: paddedRecordBytes(length) };
  return seal(contentKey, LABELS.record, boundOuter(outer), padded, u8(VERSION)) as SealedRecord;
}

/** Opens and parses; the signature is `verifyInner`'s work, and without it nobody said that this belongs here. Fields are
 * views into the inner. @throws does-not-open, unknown-version, unknown-suite, bad-format, bad-size */
export function openRecord(sealed: SealedRecord, outer: Outer, contentKey: ContentKey): OpenedRecord {
  if (sealed[0] !== VERSION) throw new CryptoError("unknown-version", `expected version ${VERSION}`);
  const padded = open(contentKey, LABELS.record, boundOuter(outer), sealed.subarray(1));
  const inner = unpackInner(unpad(padded), outer);
  return { ...parseInner(inner), inner };
}

/** Bytes a record takes on the wire and on the server, from the length of its packed inner. */
export const sealedRecordBytes = (packedBytes: number): number =>
  1 + SEAL_OVERHEAD_BYTES + paddedRecordBytes(packedBytes);

const paddedRecordBytes = (packedBytes: number): number =>
  paddedShortened(LENGTH_BYTES + packedBytes, MIN_PADDED_RECORD_BYTES, MOST_LEFT_OUT_BYTES);

const boundOuter = ({ space, document, kind, epoch, opId }: Outer): Uint8Array =>
  concat(u8(VERSION), idToBytes(space), idToBytes(document), u8(kindToByte(kind)), u64(epoch), idToBytes(opId));

const sameOuter = (inner: InnerFields, outer: Outer): boolean =>
  inner.space === outer.space &&
  inner.document === outer.document &&
  inner.kind === outer.kind &&
  inner.opId === outer.opId;
