/**
 * The only file that imports libsodium. The rest of crypto/ calls these names, so that what we use of the library is
 * one page long, random bytes have one source, and argument sizes are checked before anything is computed.
 *
 * libsodium-wrappers-sumo 0.8.4 = libsodium 1.0.22. Primitives: BLAKE2b (RFC 7693), XChaCha20-Poly1305
 * (draft-irtf-cfrg-xchacha), Ed25519 (RFC 8032), X-Wing (draft-connolly-cfrg-xwing-kem), Argon2id 1.3 (RFC 9106),
 * SHA-256 (FIPS 180-4).
 */
import sodium from "libsodium-wrappers-sumo";
import { CryptoError, doesNotOpen } from "./errors.ts";

export const KEY_BYTES = 32;
export const NONCE_BYTES = 24;
export const TAG_BYTES = 16;
export const SIGNATURE_BYTES = 64;
export const SIGNING_PUBLIC_BYTES = 32;
export const SIGNING_PRIVATE_BYTES = 64;
export const BOX_PUBLIC_BYTES = 1216;
export const BOX_CIPHERTEXT_BYTES = 1120;
export const SALT_BYTES = 16;
const ENCAPSULATION_SEED_BYTES = 64;

/** Resolves when the WebAssembly module runs; every other function here throws before that. */
export const ready = (): Promise<void> => sodium.ready;

/** Throws unless `bytes` is a Uint8Array of exactly `length` bytes. @throws bad-size */
export function checkSize(bytes: Uint8Array, length: number, name: string): void {
  if (!(bytes instanceof Uint8Array) || bytes.length !== length) {
    throw new CryptoError("bad-size", `${name}: expected ${length} bytes`);
  }
}

/** The platform's generator, in every realm we run in; the only global that crypto/ uses. */
declare const crypto: { getRandomValues(bytes: Uint8Array): Uint8Array };

/** The one source of randomness in crypto/. libsodium's own call asks the platform once for each byte and takes 66 µs for
 * a nonce where this takes 3. At most 65,536 bytes at a time (the platform's limit). */
export const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** BLAKE2b of 16 to 64 bytes; `key` (32 bytes) makes it a PRF. */
export function blake2b(length: number, message: Uint8Array, key: Uint8Array | null): Uint8Array {
  if (key !== null) checkSize(key, KEY_BYTES, "hash key");
  return sodium.crypto_generichash(length, message, key);
}

/** 32 bytes, without a label: for what the server or a browser hashes too. Our own formats hash by derive.ts. */
export const sha256 = (message: Uint8Array): Uint8Array => sodium.crypto_hash_sha256(message);

/**
 * The WebAssembly module under the wrappers, which the package exports as `libsodium` and doesn't declare. Addresses are
 * numbers; lengths are 64 bits as two halves. Only cipher.ts uses it: what passes through here is long.
 */
export type WasmModule = {
  /** Anew after every growth of the memory: read it after `_malloc`. */
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(at: number): void;
  _crypto_aead_xchacha20poly1305_ietf_encrypt(
    ...args: [
      to: number,
      toLength: null,
      from: number,
      length: number,
      high: 0,
      ...AdditionalData,
      null,
      ...NonceAndKey,
    ]
  ): number;
  _crypto_aead_xchacha20poly1305_ietf_decrypt(
    ...args: [
      to: number,
      toLength: null,
      secret: null,
      from: number,
      length: number,
      high: 0,
      ...AdditionalData,
      ...NonceAndKey,
    ]
  ): number;
};
type AdditionalData = [bound: number, boundLength: number, boundHigh: 0];
type NonceAndKey = [nonce: number, key: number];

/** After `ready`. */
export const wasmModule = (): WasmModule => (sodium as typeof sodium & { readonly libsodium: WasmModule }).libsodium;

/** Ed25519 from a 32-byte seed. */
export function signingPairFromSeed(seed: Uint8Array): { publicKey: Uint8Array; privateKey: Uint8Array } {
  checkSize(seed, KEY_BYTES, "signing seed");
  const { publicKey, privateKey } = sodium.crypto_sign_seed_keypair(seed);
  return { publicKey, privateKey };
}

/** Ed25519, 64 bytes. `privateKey`: 64 bytes. @throws bad-size */
export function sign(message: Uint8Array, privateKey: Uint8Array): Uint8Array {
  checkSize(privateKey, SIGNING_PRIVATE_BYTES, "private key");
  return sodium.crypto_sign_detached(message, privateKey);
}

/**
 * False for a signature (64 bytes) that does not hold, and for keys (32 bytes) libsodium refuses (small order, not
 * canonical). @throws bad-size
 */
export function verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  checkSize(signature, SIGNATURE_BYTES, "signature");
  checkSize(publicKey, SIGNING_PUBLIC_BYTES, "public key");
  return sodium.crypto_sign_verify_detached(signature, message, publicKey);
}

/** X-Wing from a 32-byte seed; the seed itself is the private half. */
export function boxPairFromSeed(seed: Uint8Array): { publicKey: Uint8Array; privateKey: Uint8Array } {
  checkSize(seed, KEY_BYTES, "box seed");
  const { publicKey, privateKey } = sodium.crypto_kem_xwing_seed_keypair(seed);
  return { publicKey, privateKey };
}

/** A fresh shared secret (32 bytes) and the 1120 bytes that carry it to the holder of `publicKey`. */
export function encapsulate(publicKey: Uint8Array): { ciphertext: Uint8Array; sharedSecret: Uint8Array } {
  checkSize(publicKey, BOX_PUBLIC_BYTES, "box public key");
  const seed = randomBytes(ENCAPSULATION_SEED_BYTES);
  try {
    return sodium.crypto_kem_xwing_enc_deterministic(publicKey, seed);
  } catch {
    // A public key that is not one (ML-KEM's modulus check, an X25519 point of small order).
    throw new CryptoError("bad-format", "box public key");
  } finally {
    sodium.memzero(seed);
  }
}

/** Never fails on content: ML-KEM rejects implicitly, the AEAD above notices. */
export function decapsulate(ciphertext: Uint8Array, privateKey: Uint8Array): Uint8Array {
  checkSize(ciphertext, BOX_CIPHERTEXT_BYTES, "box ciphertext");
  checkSize(privateKey, KEY_BYTES, "box seed");
  try {
    return sodium.crypto_kem_xwing_dec(ciphertext, privateKey);
  } catch {
    throw doesNotOpen();
  }
}

/** Argon2id 1.3, one lane, 32 bytes out. `memoryKiB` and `passes` were checked by the caller (unlocking.ts). */
export function argon2id(secret: Uint8Array, salt: Uint8Array, passes: number, memoryKiB: number): Uint8Array {
  checkSize(salt, SALT_BYTES, "salt");
  return sodium.crypto_pwhash(KEY_BYTES, secret, salt, passes, memoryKiB * 1024, sodium.crypto_pwhash_ALG_ARGON2ID13);
}

/** Constant-time comparison. */
export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && sodium.memcmp(a, b);

/** Overwrites a secret that is no longer needed. It can't reach copies that the engine made. */
export const memzero = (bytes: Uint8Array): void => sodium.memzero(bytes);

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Lower case. libsodium's own takes ten times as long, and ids are read from every record. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/** Base64url without padding (RFC 4648 §5). */
export const toBase64Url = (bytes: Uint8Array): string =>
  sodium.to_base64(bytes, sodium.base64_variants.URLSAFE_NO_PADDING);

/** Strict: padding, white space and spare bits are refused. @throws bad-format */
export function fromBase64Url(text: string): Uint8Array {
  try {
    return sodium.from_base64(text, sodium.base64_variants.URLSAFE_NO_PADDING);
  } catch {
    throw new CryptoError("bad-format", "base64url");
  }
}
