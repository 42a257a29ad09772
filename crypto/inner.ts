/**
 * The signed inner: what an author wrote, the same bytes in every epoch. Sealing (records.ts) goes around it, and leaves
 * out what the server sees anyway (packed.ts).
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 1 | version = 1 |
 * | 1 | 1 | suite = 1 (Ed25519 over BLAKE2b-256) |
 * | 2 | 1 | kind: 1 update, 2 snapshot, 3 said, 4 control, 5 void |
 * | 3 | 16 | space |
 * | 19 | 16 | document |
 * | 35 | 16 | op id |
 * | 51 | 16 | chain |
 * | 67 | 8 | counter in this chain, u64 |
 * | 75 | 32 | previous: chain hash of the inner before it in this chain; zeros for the first |
 * | 107 | 32 | heads: digest of the other chains' heads this author had seen (`digestHeads`) |
 * | 139 | 1 | number c of Yjs client ids, 0 to 255 |
 * | 140 | 4c | client ids, u32 each, strictly rising |
 * | 140 + 4c | 4 | payload length n, u32 |
 * | 144 + 4c | n | payload |
 * | 144 + 4c + n | 64 | signature |
 *
 *   body hash  = hash("lomme/1/hash/inner", everything before the signature)
 *   signature  = Ed25519 by the author key over "lomme/1/author-key/inner" ‖ body hash
 *   chain hash = hash("lomme/1/hash/chain", body hash, signature)
 *
 * The body is hashed once for both: Ed25519 alone would read a 200 KiB payload twice. Epoch and nonce are not in it, so
 * re-sealing keeps it verbatim. Unknown version or suite → unknown-version / unknown-suite: kept, reported, not dropped.
 * Spec: docs/protocol/records.md §2. Vectors: tests/vectors/records.json.
 */
import { concat, prefixed, Reader, readVersion, u8, u32, u64 } from "./bytes.ts";
import { HASH_BYTES, hash, signLabelled, verifyLabelled } from "./derive.ts";
import { CryptoError } from "./errors.ts";
import { idToBytes } from "./ids.ts";
import { LABELS } from "./labels.ts";
import { checkSize, SIGNATURE_BYTES } from "./sodium.ts";
import type {
  AuthorPrivateKey,
  AuthorPublicKey,
  ChainId,
  DocumentTag,
  Hash32,
  OpId,
  RecordKind,
  SignedInner,
  SpaceId,
} from "./types.ts";

export const INNER_VERSION = 1;
export const INNER_SUITE = 1;
const KINDS = ["update", "snapshot", "said", "control", "void"] as const satisfies readonly RecordKind[];
const MAX_CLIENT_IDS = 255;
/** An inner without client ids and payload. */
export const INNER_OVERHEAD_BYTES = 144 + SIGNATURE_BYTES;
/** `previous` of the first inner in a chain. */
export const NO_PREVIOUS = new Uint8Array(HASH_BYTES) as Hash32;

export type InnerFields = {
  readonly space: SpaceId;
  readonly document: DocumentTag;
  readonly kind: RecordKind;
  readonly opId: OpId;
  readonly chain: ChainId;
  readonly counter: number;
  /** 32 bytes; `NO_PREVIOUS` for the first of a chain. */
  readonly previous: Hash32;
  /** 32 bytes from `digestHeads`. */
  readonly heads: Hash32;
  /** Yjs client ids that this payload writes as; u32, strictly rising. */
  readonly clientIds: readonly number[];
  readonly payload: Uint8Array;
};

export type ChainHead = { readonly chain: ChainId; readonly counter: number; readonly hash: Hash32 };

/** 1 … 5 as in the head; the same number as on the wire (protocol/wire.ts). */
export const kindToByte = (kind: RecordKind): number => KINDS.indexOf(kind) + 1;

function byteToKind(byte: number): RecordKind {
  const kind = KINDS[byte - 1];
  if (kind === undefined) throw new CryptoError("bad-format", "unknown record kind");
  return kind;
}

/** Encodes and signs. Frozen once made: the caller keeps the bytes. @throws bad-size, bad-format */
export function signInner(fields: InnerFields, authorPrivateKey: AuthorPrivateKey): SignedInner {
  checkSize(fields.previous, HASH_BYTES, "previous hash");
  checkSize(fields.heads, HASH_BYTES, "heads digest");
  checkClientIds(fields.clientIds);
  const body = concat(
    u8(INNER_VERSION),
    u8(INNER_SUITE),
    u8(kindToByte(fields.kind)),
    idToBytes(fields.space),
    idToBytes(fields.document),
    idToBytes(fields.opId),
    idToBytes(fields.chain),
    u64(fields.counter),
    fields.previous,
    fields.heads,
    u8(fields.clientIds.length),
    ...fields.clientIds.map(u32),
    prefixed(fields.payload),
  );
  const signature = signLabelled(LABELS.innerSignature, hash(LABELS.innerHash, body), authorPrivateKey);
  return concat(body, signature) as SignedInner;
}

/** Reads the fields without checking the signature; `previous`, `heads` and `payload` are views into `inner`.
 * @throws unknown-version, unknown-suite, bad-format */
export function parseInner(inner: SignedInner): InnerFields {
  const reader = new Reader(inner);
  readVersion(reader, INNER_VERSION);
  if (reader.u8() !== INNER_SUITE) throw new CryptoError("unknown-suite", `expected suite ${INNER_SUITE}`);
  const kind = byteToKind(reader.u8());
  const fields: InnerFields = {
    kind,
    space: reader.id(),
    document: reader.id(),
    opId: reader.id(),
    chain: reader.id(),
    counter: reader.u64(),
    previous: reader.take(HASH_BYTES) as Hash32,
    heads: reader.take(HASH_BYTES) as Hash32,
    clientIds: Array.from({ length: reader.u8() }, () => reader.u32()),
    payload: reader.prefixed(),
  };
  reader.take(SIGNATURE_BYTES);
  reader.end();
  checkClientIds(fields.clientIds);
  return fields;
}

/** Whether the author signed exactly these bytes. @throws bad-size, bad-format when `inner` is too short */
export function verifyInner(inner: SignedInner, authorPublicKey: AuthorPublicKey): boolean {
  const { body, signature } = split(inner);
  return verifyLabelled(LABELS.innerSignature, hash(LABELS.innerHash, body), signature, authorPublicKey);
}

/** The chain hash: what the next inner of this chain names as `previous`. 32 bytes. @throws bad-format */
export function hashInner(inner: SignedInner): Hash32 {
  const { body, signature } = split(inner);
  return hash(LABELS.chainHash, hash(LABELS.innerHash, body), signature);
}

/** One digest over all heads seen, one per chain, in whatever order they are given. 32 bytes. @throws bad-size, bad-format */
export function digestHeads(heads: readonly ChainHead[]): Hash32 {
  const sorted = heads.toSorted((a, b) => (a.chain < b.chain ? -1 : 1));
  const entries = sorted.map(encodeHead);
  return hash(LABELS.headsDigest, concat(u32(entries.length), ...entries));
}

/** chain 16 ‖ counter u64 ‖ hash 32: 56 bytes, in heads, frontiers, tombstones and voids. @throws bad-size, bad-format */
export function encodeHead({ chain, counter, hash: chainHash }: ChainHead): Uint8Array {
  checkSize(chainHash, HASH_BYTES, "chain hash");
  return concat(idToBytes(chain), u64(counter), chainHash);
}

/** What `encodeHead` wrote; `hash` is a view. @throws bad-format */
export const readHead = (reader: Reader): ChainHead => ({
  chain: reader.id(),
  counter: reader.u64(),
  hash: reader.take(HASH_BYTES) as Hash32,
});

/** Payload of a *void* record: the author's own word that this inner of its chain was refused for good. 56 bytes. */
export const encodeVoid = (refused: ChainHead): Uint8Array => encodeHead(refused);

/** @throws bad-format */
export function parseVoid(payload: Uint8Array): ChainHead {
  const reader = new Reader(payload);
  const refused = readHead(reader);
  reader.end();
  return refused;
}

function split(inner: Uint8Array): { body: Uint8Array; signature: Uint8Array } {
  if (inner.length < INNER_OVERHEAD_BYTES) throw new CryptoError("bad-format", "inner is too short");
  const end = inner.length - SIGNATURE_BYTES;
  return { body: inner.subarray(0, end), signature: inner.subarray(end) };
}

function checkClientIds(clientIds: readonly number[]): void {
  if (clientIds.length > MAX_CLIENT_IDS) throw new CryptoError("too-long", `at most ${MAX_CLIENT_IDS} client ids`);
  let before = -1;
  for (const id of clientIds) {
    if (id <= before) throw new CryptoError("bad-format", "client ids must rise");
    before = id;
  }
}
