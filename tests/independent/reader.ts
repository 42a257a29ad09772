/**
 * A second Lomme, for tests: the record, blob, wrap and way-in formats written from docs/protocol/ alone, with the
 * @noble packages. It imports nothing of the product, labels and constants neither (an arrow rule checks it), so that a
 * slip in ours that seals and opens alike is still found. Slow and plain on purpose.
 */
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { ed25519 } from "@noble/curves/ed25519.js";
import { argon2id } from "@noble/hashes/argon2.js";
import { blake2b } from "@noble/hashes/blake2.js";
import { ml_kem768_x25519 as xwing } from "@noble/post-quantum/hybrid.js";

export type Bytes = Uint8Array;

// keys.md §1
export const hex = (text: string): Bytes =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
export const toHex = (bytes: Bytes): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const ascii = (text: string): Bytes => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
export function join(...parts: Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  parts.reduce((at, part) => {
    whole.set(part, at);
    return at + part.length;
  }, 0);
  return whole;
}
export const uint = (value: number | bigint, bytes: number): Bytes => hex(value.toString(16).padStart(2 * bytes, "0"));
const number = (bytes: Bytes): number => Number(`0x${toHex(bytes)}`);
export const prefixed = (bytes: Bytes): Bytes => join(uint(bytes.length, 4), bytes);
const same = (a: Bytes, b: Bytes): boolean => toHex(a) === toHex(b);

export class Refused extends Error {}
const need = (condition: boolean): void => {
  if (!condition) throw new Refused("refused");
};

// keys.md §2
const labelled = (label: string, parts: Bytes[]): Bytes =>
  join(uint(label.length, 1), ascii(label), ...parts.map(prefixed));
export const derive = (parent: Bytes, label: string, parts: Bytes[] = [], length = 32): Bytes =>
  blake2b(labelled(label, parts), { key: parent, dkLen: length });
export const hash = (label: string, ...parts: Bytes[]): Bytes => blake2b(labelled(label, parts), { dkLen: 32 });
const message = (label: string, body: Bytes): Bytes => join(uint(label.length, 1), ascii(label), body);
export const signWith = (seed: Bytes, label: string, body: Bytes): Bytes => ed25519.sign(message(label, body), seed);
export const verifies = (key: Bytes, label: string, body: Bytes, signature: Bytes): boolean =>
  ed25519.verify(signature, message(label, body), key);

// keys.md §3
export function seal(key: Bytes, label: string, bound: Bytes, plaintext: Bytes, nonce: Bytes): Bytes {
  const derived = derive(key, label, [nonce, bound], 64);
  const commitment = derived.slice(32);
  return join(nonce, commitment, xchacha20poly1305(derived.slice(0, 32), nonce, commitment).encrypt(plaintext));
}
/** Not in the pages: what a dishonest sealer makes, whose cipher text is authentic but carries another commitment. */
export function sealUncommitted(
  key: Bytes,
  label: string,
  bound: Bytes,
  plaintext: Bytes,
  nonce: Bytes,
  commitment: Bytes,
): Bytes {
  const messageKey = derive(key, label, [nonce, bound], 64).slice(0, 32);
  return join(nonce, commitment, xchacha20poly1305(messageKey, nonce, commitment).encrypt(plaintext));
}
export function open(key: Bytes, label: string, bound: Bytes, sealed: Bytes): Bytes {
  need(sealed.length >= 72);
  const derived = derive(key, label, [sealed.slice(0, 24), bound], 64);
  need(same(derived.slice(32), sealed.slice(24, 56)));
  try {
    return xchacha20poly1305(derived.slice(0, 32), sealed.slice(0, 24), derived.slice(32)).decrypt(sealed.slice(56));
  } catch {
    throw new Refused("refused");
  }
}

// keys.md §4
export function contentKeyOf(ownSeed: Bytes, space: string, epoch: number): Bytes {
  const place = [hex(space), uint(epoch, 8)];
  const write = derive(ownSeed, "lomme/1/own-seed/write-seed", place);
  const read = derive(write, "lomme/1/write-seed/read-seed", place);
  return derive(read, "lomme/1/read-seed/content-key", place);
}

// records.md §4
export function padme(length: number, least: number): number {
  if (length <= least) return least;
  const e = length.toString(2).length - 1;
  const s = e.toString(2).length;
  const step = 2 ** (e - s);
  return Math.ceil(length / step) * step;
}
export const padded = (bytes: Bytes, least: number, leftOut = 0): Bytes => {
  const length = 4 + bytes.length;
  const whole = new Uint8Array(length <= least ? least : padme(length + leftOut, least) - leftOut);
  whole.set(prefixed(bytes));
  return whole;
};
const unpadded = (whole: Bytes): Bytes => {
  const length = number(whole.slice(0, 4));
  need(4 + length <= whole.length && whole.slice(4 + length).every((byte) => byte === 0));
  return whole.slice(4, 4 + length);
};

// records.md §1 to §3
export type Outer = { space: string; document: string; kind: number; epoch: number; opId: string };
export type Inner = Omit<Outer, "epoch"> & {
  chain: string;
  counter: number;
  previous: Bytes;
  heads: Bytes;
  clientIds: number[];
  payload: Bytes;
};

export function signInner(inner: Inner, authorSeed: Bytes): Bytes {
  const body = join(
    hex("0101"),
    uint(inner.kind, 1),
    hex(inner.space),
    hex(inner.document),
    hex(inner.opId),
    hex(inner.chain),
    uint(inner.counter, 8),
    inner.previous,
    inner.heads,
    uint(inner.clientIds.length, 1),
    ...inner.clientIds.map((id) => uint(id, 4)),
    prefixed(inner.payload),
  );
  return join(body, signWith(authorSeed, "lomme/1/author-key/inner", hash("lomme/1/hash/inner", body)));
}

export function readInner(bytes: Bytes): Inner {
  need(bytes.length >= 208 && bytes[0] === 1 && bytes[1] === 1);
  const count = bytes[139] ?? 0;
  const at = 140 + 4 * count;
  const length = number(bytes.slice(at, at + 4));
  need(bytes.length === at + 4 + length + 64);
  const kind = bytes[2] ?? 0;
  need(kind >= 1 && kind <= 5);
  const clientIds = Array.from({ length: count }, (_, i) => number(bytes.slice(140 + 4 * i, 144 + 4 * i)));
  need(clientIds.every((id, i) => i === 0 || id > (clientIds[i - 1] ?? 0)));
  const counter = number(bytes.slice(67, 75));
  need(Number.isSafeInteger(counter));
  return {
    kind,
    space: toHex(bytes.slice(3, 19)),
    document: toHex(bytes.slice(19, 35)),
    opId: toHex(bytes.slice(35, 51)),
    chain: toHex(bytes.slice(51, 67)),
    counter,
    previous: bytes.slice(75, 107),
    heads: bytes.slice(107, 139),
    clientIds,
    payload: bytes.slice(at + 4, at + 4 + length),
  };
}

export const innerVerifies = (inner: Bytes, authorKey: Bytes): boolean =>
  verifies(authorKey, "lomme/1/author-key/inner", hash("lomme/1/hash/inner", inner.slice(0, -64)), inner.slice(-64));
export const chainHash = (inner: Bytes): Bytes =>
  hash("lomme/1/hash/chain", hash("lomme/1/hash/inner", inner.slice(0, -64)), inner.slice(-64));

export const headsDigest = (heads: { chain: string; counter: number; hash: Bytes }[]): Bytes => {
  const entries = heads
    .map((head) => toHex(join(hex(head.chain), uint(head.counter, 8), head.hash)))
    .sort((a, b) => a.localeCompare(b, "en"));
  return hash("lomme/1/hash/heads", join(uint(heads.length, 4), ...entries.map(hex)));
};

// records.md §3
const noHeads = (): Bytes => headsDigest([]);
export function packInner(inner: Bytes): Bytes {
  const heads = inner.slice(107, 139);
  const ids = 1 + 4 * (inner[139] ?? 0);
  return join(
    inner.slice(0, 2),
    same(heads, noHeads()) ? hex("00") : hex("01"),
    inner.slice(51, 107),
    same(heads, noHeads()) ? new Uint8Array(0) : heads,
    inner.slice(139, 139 + ids),
    inner.slice(139 + ids + 4),
  );
}
export function unpackInner(packed: Bytes, outer: Outer): Bytes {
  const h = packed[2] ?? 0;
  need(packed[0] === 1 && packed[1] === 1 && h <= 1);
  const heads = h === 1 ? packed.slice(59, 91) : noHeads();
  need(h === 0 || !same(heads, noHeads()));
  const at = 59 + 32 * h;
  const ids = 1 + 4 * (packed[at] ?? 0);
  need(packed.length >= at + ids + 64);
  return join(
    packed.slice(0, 2),
    uint(outer.kind, 1),
    hex(outer.space),
    hex(outer.document),
    hex(outer.opId),
    packed.slice(3, 59),
    heads,
    packed.slice(at, at + ids),
    uint(packed.length - at - ids - 64, 4),
    packed.slice(at + ids),
  );
}

export const recordBound = (outer: Outer): Bytes =>
  join(hex("02"), hex(outer.space), hex(outer.document), uint(outer.kind, 1), uint(outer.epoch, 8), hex(outer.opId));
/** Around whatever packed bytes: what a dishonest sealer makes, too. */
export const sealPacked = (packed: Bytes, outer: Outer, contentKey: Bytes, nonce: Bytes): Bytes =>
  join(hex("02"), seal(contentKey, "lomme/1/content-key/record", recordBound(outer), padded(packed, 268, 84), nonce));
export const sealRecord = (inner: Bytes, outer: Outer, contentKey: Bytes, nonce: Bytes): Bytes =>
  sealPacked(packInner(inner), outer, contentKey, nonce);
export function openRecord(sealed: Bytes, outer: Outer, contentKey: Bytes): Bytes {
  need(sealed[0] === 2);
  const packed = unpadded(open(contentKey, "lomme/1/content-key/record", recordBound(outer), sealed.slice(1)));
  const inner = unpackInner(packed, outer);
  readInner(inner);
  return inner;
}

// blobs.md
const FULL = 128 * 1024;
const chunkBound = (blob: string, index: number, last: boolean): Bytes =>
  join(hex("01"), hex(blob), uint(index, 4), uint(last ? 1 : 0, 1));
export function sealBlob(key: Bytes, blob: string, content: Bytes, nonceOf: (index: number) => Bytes): Bytes[] {
  const total = padme(content.length, 1024);
  const count = Math.ceil(total / FULL);
  return Array.from({ length: count }, (_, i) => {
    const room = i === count - 1 ? total - i * FULL : FULL;
    const piece = content.subarray(i * FULL, Math.min((i + 1) * FULL, content.length));
    const plaintext = new Uint8Array(4 + room);
    plaintext.set(uint(piece.length, 4));
    plaintext.set(piece, 4);
    const sealed = seal(key, "lomme/1/blob-key/chunk", chunkBound(blob, i, i === count - 1), plaintext, nonceOf(i));
    return join(hex("01"), sealed);
  });
}
export function openBlob(key: Bytes, blob: string, chunks: Bytes[]): Bytes {
  need(chunks.length > 0);
  const pieces = chunks.map((chunk, i) => {
    need(chunk[0] === 1);
    return unpadded(open(key, "lomme/1/blob-key/chunk", chunkBound(blob, i, i === chunks.length - 1), chunk.slice(1)));
  });
  const end = pieces.findIndex((piece) => piece.length < FULL);
  need(end === -1 || pieces.slice(end + 1).every((piece) => piece.length === 0));
  return join(...pieces);
}

// wraps.md §1, §2
export const boxPublicKey = (seed: Bytes): Bytes => xwing.keygen(seed).publicKey;
export type Kind = { label: string; psk: Bytes; context: Bytes };
const envelopeKey = (secret: Bytes, publicKey: Bytes, ciphertext: Bytes, kind: Kind): Bytes =>
  derive(secret, kind.label, [publicKey, ciphertext, kind.psk, kind.context]);
/** What sealing for somebody draws: 64 bytes for X-Wing, 24 for the nonce. */
export type Drawn = { encapsulation: Bytes; nonce: Bytes };
export function sealEnvelope(publicKey: Bytes, kind: Kind, plaintext: Bytes, { encapsulation, nonce }: Drawn): Bytes {
  const { cipherText, sharedSecret } = xwing.encapsulate(publicKey, encapsulation);
  const key = envelopeKey(sharedSecret, publicKey, cipherText, kind);
  return join(cipherText, seal(key, "lomme/1/envelope-key/envelope", new Uint8Array(0), plaintext, nonce));
}
function openEnvelope(seed: Bytes, kind: Kind, envelope: Bytes): Bytes {
  need(envelope.length >= 1120);
  const { publicKey, secretKey } = xwing.keygen(seed);
  const ciphertext = envelope.slice(0, 1120);
  const key = envelopeKey(xwing.decapsulate(ciphertext, secretKey), publicKey, ciphertext, kind);
  return open(key, "lomme/1/envelope-key/envelope", new Uint8Array(0), envelope.slice(1120));
}

// wraps.md §3
export type WrapContext = { purpose: number; space: string; epoch: number; sender: Bytes; recipient: Bytes };
const wrapKind = (context: WrapContext, psk: Bytes): Kind => ({
  label: "lomme/1/box-secret/wrap",
  psk,
  context: join(
    hex("01"),
    uint(context.purpose, 1),
    hex(context.space),
    uint(context.epoch, 8),
    context.sender,
    context.recipient,
  ),
});
export const wrapTo = (publicKey: Bytes, context: WrapContext, psk: Bytes, payload: Bytes, drawn: Drawn): Bytes =>
  join(hex("01"), sealEnvelope(publicKey, wrapKind(context, psk), padded(payload, 256), drawn));
export function openWrap(seed: Bytes, context: WrapContext, psk: Bytes, wrap: Bytes): Bytes {
  need(wrap[0] === 1);
  return unpadded(openEnvelope(seed, wrapKind(context, psk), wrap.slice(1)));
}

// unlocking.md §1, §2
export const codeSeed = (secret: Bytes, salt: Bytes, memoryKiB: number, passes: number): Bytes =>
  argon2id(secret, salt, { t: passes, m: memoryKiB, p: 1, dkLen: 32 });
const wayInKind = (header: Bytes, burn: Bytes): Kind => ({
  label: "lomme/1/box-secret/way-in",
  psk: derive(burn, "lomme/1/burn/way-in-psk"),
  context: header,
});
export type WayIn = { kind: number; kdf: { memoryKiB: number; passes: number; salt: Bytes } | null };
export function createWayIn({ kind, kdf }: WayIn, seed: Bytes, vaultKey: Bytes, burn: Bytes, drawn: Drawn): Bytes {
  const publicKey = boxPublicKey(derive(seed, "lomme/1/way-in-seed/box"));
  const header = join(
    hex("01"),
    uint(kind, 1),
    uint(kdf ? 1 : 0, 1),
    uint(kdf?.memoryKiB ?? 0, 4),
    uint(kdf?.passes ?? 0, 4),
    kdf?.salt ?? new Uint8Array(16),
    publicKey,
    derive(seed, "lomme/1/way-in-seed/tag", [], 16),
  );
  return join(header, sealEnvelope(publicKey, wayInKind(header, burn), vaultKey, drawn));
}
export function readWayIn(bytes: Bytes): WayIn {
  need(bytes.length >= 1259 && bytes[0] === 1);
  const [kind = 0, kdf = 0] = [bytes[1], bytes[2]];
  const [memoryKiB, passes, salt] = [number(bytes.slice(3, 7)), number(bytes.slice(7, 11)), bytes.slice(11, 27)];
  need(kind >= 1 && kind <= 4 && kdf <= 1);
  if (kdf === 0) need(memoryKiB === 0 && passes === 0 && salt.every((byte) => byte === 0) && kind >= 3);
  else need(kind !== 3 && memoryKiB >= 65536 && memoryKiB <= 1048576 && passes >= 3 && passes <= 16);
  return { kind, kdf: kdf === 1 ? { memoryKiB, passes, salt } : null };
}
export function openWayIn(bytes: Bytes, seed: Bytes, burn: Bytes): Bytes {
  readWayIn(bytes);
  const vaultKey = openEnvelope(
    derive(seed, "lomme/1/way-in-seed/box"),
    wayInKind(bytes.slice(0, 1259), burn),
    bytes.slice(1259),
  );
  need(vaultKey.length === 32);
  return vaultKey;
}
