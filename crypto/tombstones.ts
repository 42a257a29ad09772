/**
 * Tombstones: the owner's signed word that a document was deleted and which records of which chains are lawfully gone.
 *
 * | bytes | field |
 * |---|---|
 * | 1 | version = 1 |
 * | 16 | space |
 * | 16 | document |
 * | 8 | number, u64: rises with each tombstone of a space, so that the newest is known |
 * | 4 | number of gaps g, u32 |
 * | 56 g | chain 16 ‖ counter u64 ‖ chain hash 32, by rising chain, then counter |
 * | 64 | signature, "lomme/1/owner-key/tombstone" ‖ everything before it |
 *
 * Failures: unknown-version, bad-format, bad-signature. Spec: docs/protocol/rosters.md §4.
 */
import { concat, Reader, readVersion, u8, u32, u64 } from "./bytes.ts";
import { signLabelled, verifyLabelled } from "./derive.ts";
import { CryptoError } from "./errors.ts";
import { idToBytes } from "./ids.ts";
import { type ChainHead, encodeHead, readHead } from "./inner.ts";
import { LABELS } from "./labels.ts";
import { SIGNATURE_BYTES } from "./sodium.ts";
import type { DocumentTag, OwnerPrivateKey, OwnerPublicKey, SpaceId, Tombstone } from "./types.ts";

const VERSION = 1;

export type TombstoneFields = {
  readonly space: SpaceId;
  readonly document: DocumentTag;
  readonly gaps: readonly ChainHead[];
  readonly number: number;
};

/** Encodes in canonical order and signs. @throws bad-size, bad-format for a gap named twice */
export function signTombstone(fields: TombstoneFields, ownerPrivateKey: OwnerPrivateKey): Tombstone {
  const gaps = fields.gaps.toSorted((a, b) => compareGaps(a, b));
  checkRising(gaps);
  const body = concat(
    u8(VERSION),
    idToBytes(fields.space),
    idToBytes(fields.document),
    u64(fields.number),
    u32(gaps.length),
    ...gaps.map(encodeHead),
  );
  return concat(body, signLabelled(LABELS.tombstone, body, ownerPrivateKey)) as Tombstone;
}

/** @throws unknown-version, bad-format, bad-signature */
export function openTombstone(tombstone: Tombstone, owner: OwnerPublicKey): TombstoneFields {
  const reader = new Reader(tombstone);
  readVersion(reader, VERSION);
  const [space, document, number] = [reader.id<SpaceId>(), reader.id<DocumentTag>(), reader.u64()];
  const count = reader.u32();
  const gaps: ChainHead[] = [];
  while (gaps.length < count) gaps.push(readHead(reader));
  const signature = reader.take(SIGNATURE_BYTES);
  reader.end();
  checkRising(gaps);
  const body = tombstone.subarray(0, tombstone.length - SIGNATURE_BYTES);
  if (!verifyLabelled(LABELS.tombstone, body, signature, owner)) throw new CryptoError("bad-signature", "signature");
  return { space, document, number, gaps };
}

const compareGaps = (a: ChainHead, b: ChainHead): number =>
  a.chain < b.chain ? -1 : a.chain > b.chain ? 1 : a.counter - b.counter;

function checkRising(gaps: readonly ChainHead[]): void {
  gaps.reduce<ChainHead | null>((before, gap) => {
    if (before !== null && compareGaps(before, gap) >= 0) throw new CryptoError("bad-format", "gaps must rise");
    return gap;
  }, null);
}
