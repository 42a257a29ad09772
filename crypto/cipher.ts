/**
 * XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha) in WebAssembly memory, without copies in between.
 *
 * The wrappers of libsodium copy each argument into memory of its own and the result out again, and leave key and
 * plaintext in what they give back. Here one region holds everything of a call side by side:
 *
 *   key 32 | nonce 24 | bound | before | plaintext, then ciphertext in its place | tag 16
 *
 * It is worked on in place, `before` ‖ ciphertext ‖ tag is copied out once, and the region is wiped. A plaintext in
 * pieces, with zeros after them, needs no buffer of its own; that is what brings sealing of 64 KiB from 0.7 of the
 * raw cipher's speed to above 0.9 (`npm run bench:crypto`).
 */
import { CryptoError, doesNotOpen } from "./errors.ts";
import { checkSize, KEY_BYTES, NONCE_BYTES, TAG_BYTES, type WasmModule, wasmModule } from "./sodium.ts";

/** Plaintext in pieces, filled up with zeros to `size` bytes. */
export type Padded = { readonly parts: readonly Uint8Array[]; readonly size: number };

/** Memory for one call, wiped before it is given back: no key, no plaintext stays behind. */
function inWasm<Result>(bytes: number, act: (module: WasmModule, at: number) => Result): Result {
  const module = wasmModule();
  const at = module._malloc(bytes);
  // Not a CryptoError: nothing is wrong with what was to be sealed or opened.
  if (at === 0) throw new Error("out of WebAssembly memory");
  try {
    return act(module, at);
  } finally {
    module.HEAPU8.fill(0, at, at + bytes);
    module._free(at);
  }
}

/** Lays `parts` side by side from `at` on. */
function lay(heap: Uint8Array, at: number, parts: readonly Uint8Array[]): void {
  for (const part of parts) {
    heap.set(part, at);
    at += part.length;
  }
}

/**
 * Encrypts and authenticates, `bound` too. Gives back `before` ‖ ciphertext ‖ tag. The nonce (24 bytes) comes from
 * `randomBytes`, in aead.ts only. @throws bad-size also when the parts are more than `size` bytes
 */
export function aeadSeal(
  key: Uint8Array,
  nonce: Uint8Array,
  { parts, size }: Padded,
  bound: Uint8Array,
  before: Uint8Array,
): Uint8Array {
  checkSize(key, KEY_BYTES, "key");
  checkSize(nonce, NONCE_BYTES, "nonce");
  const filled = parts.reduce((sum, part) => sum + part.length, 0);
  if (filled > size) throw new CryptoError("bad-size", `plaintext: expected at most ${size} bytes`);
  const beforeAt = KEY_BYTES + NONCE_BYTES + bound.length;
  const textAt = beforeAt + before.length;
  return inWasm(textAt + size + TAG_BYTES, (module, at) => {
    const { HEAPU8 } = module;
    lay(HEAPU8, at, [key, nonce, bound, before, ...parts]);
    HEAPU8.fill(0, at + textAt + filled, at + textAt + size);
    const text = at + textAt;
    module._crypto_aead_xchacha20poly1305_ietf_encrypt(
      text,
      null,
      text,
      size,
      0,
      at + KEY_BYTES + NONCE_BYTES,
      bound.length,
      0,
      null,
      at + KEY_BYTES,
      at,
    );
    return HEAPU8.slice(at + beforeAt, text + size + TAG_BYTES);
  });
}

/**
 * Opens ciphertext ‖ tag and gives the plaintext to `take`, as a view that is wiped when `take` returns: it copies what
 * it wants and calls nothing of libsodium (memory that grows would empty the view). What isn't authentic never gets there. @throws does-not-open, bad-size
 */
export function aeadOpen<Taken>(
  key: Uint8Array,
  nonce: Uint8Array,
  sealed: Uint8Array,
  bound: Uint8Array,
  take: (plaintext: Uint8Array) => Taken,
): Taken {
  checkSize(key, KEY_BYTES, "key");
  checkSize(nonce, NONCE_BYTES, "nonce");
  if (sealed.length < TAG_BYTES) throw doesNotOpen();
  const textAt = KEY_BYTES + NONCE_BYTES + bound.length;
  return inWasm(textAt + sealed.length, (module, at) => {
    lay(module.HEAPU8, at, [key, nonce, bound, sealed]);
    const text = at + textAt;
    const refused = module._crypto_aead_xchacha20poly1305_ietf_decrypt(
      text,
      null,
      null,
      text,
      sealed.length,
      0,
      at + KEY_BYTES + NONCE_BYTES,
      bound.length,
      0,
      at + KEY_BYTES,
      at,
    );
    if (refused !== 0) throw doesNotOpen();
    return take(module.HEAPU8.subarray(text, text + sealed.length - TAG_BYTES));
  });
}
