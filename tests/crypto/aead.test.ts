import sodium from "libsodium-wrappers-sumo";
import { afterEach, describe, expect, test, vi } from "vitest";
import { open, SEAL_OVERHEAD_BYTES, seal } from "../../crypto/aead.ts";
import { openEnvelope, sealEnvelope } from "../../crypto/envelope.ts";
import { LABELS } from "../../crypto/labels.ts";
import { createOwnSeed, deriveLadder } from "../../crypto/ladder.ts";
import { createBoxKeyPair } from "../../crypto/recipients.ts";
import { aeadOpen, aeadSeal, randomBytes, ready, sign, verify } from "../../crypto/sodium.ts";
import type { SpaceId } from "../../crypto/types.ts";
import { sealUncommitted } from "../independent/reader.ts";
import { refusal } from "./refused.ts";

await ready();
afterEach(() => vi.restoreAllMocks());
const [key, bound, nothing] = [randomBytes(32), randomBytes(10), new Uint8Array(0)];

describe("the one sealing", () => {
  test("an empty text seals to exactly the overhead, and opens", () => {
    const sealed = seal(key, LABELS.row, bound, nothing);
    expect(sealed.length).toBe(SEAL_OVERHEAD_BYTES);
    expect(open(key, LABELS.row, bound, sealed)).toEqual(nothing);
    for (const length of [0, 1, 23, 24, 55, 56, 71]) {
      expect(refusal(() => open(key, LABELS.row, bound, sealed.slice(0, length)))).toBe("does-not-open");
    }
  });

  test("what stands before it is kept, and the seal starts after it", () => {
    const before = Uint8Array.of(1, 2, 3);
    const sealed = seal(key, LABELS.row, bound, bound, before);
    expect(sealed.subarray(0, 3)).toEqual(before);
    expect(open(key, LABELS.row, bound, sealed.subarray(3))).toEqual(bound);
  });

  test("another label or another bound context does not open", () => {
    const sealed = seal(key, LABELS.row, bound, bound);
    expect(refusal(() => open(key, LABELS.record, bound, sealed))).toBe("does-not-open");
    expect(refusal(() => open(key, LABELS.row, nothing, sealed))).toBe("does-not-open");
  });

  test("the commitment is checked by itself: authentic cipher text with another one does not open, and isn't decrypted", () => {
    const decrypt = vi.spyOn(sodium, "crypto_aead_xchacha20poly1305_ietf_decrypt");
    const forged = sealUncommitted(key, LABELS.row, bound, bound, randomBytes(24), randomBytes(32));
    expect(refusal(() => open(key, LABELS.row, bound, forged))).toBe("does-not-open");
    expect(decrypt).toHaveBeenCalledTimes(0);
  });

  test("a key of the wrong size is refused before anything is drawn or hashed", () => {
    const work = [vi.spyOn(crypto, "getRandomValues"), vi.spyOn(sodium, "crypto_generichash")];
    for (const length of [0, 31, 33, 64]) {
      expect(refusal(() => seal(new Uint8Array(length), LABELS.row, bound, bound))).toBe("bad-size");
      expect(refusal(() => open(new Uint8Array(length), LABELS.row, bound, new Uint8Array(100)))).toBe("bad-size");
    }
    expect(refusal(() => seal("x".repeat(32) as never, LABELS.row, bound, bound))).toBe("bad-size");
    for (const call of work) expect(call).toHaveBeenCalledTimes(0);
  });
});

describe("sizes at the sodium seam", () => {
  test("keys, nonces and signatures of another size are refused", () => {
    const [nonce, signature, privateKey] = [randomBytes(24), randomBytes(64), randomBytes(64)];
    expect(refusal(() => aeadSeal(key, nonce.subarray(1), bound, bound))).toBe("bad-size");
    expect(refusal(() => aeadSeal(key.subarray(1), nonce, bound, bound))).toBe("bad-size");
    expect(refusal(() => aeadOpen(key, nonce.subarray(1), bound, bound))).toBe("bad-size");
    expect(refusal(() => aeadOpen(key.subarray(1), nonce, bound, bound))).toBe("bad-size");
    expect(refusal(() => sign(bound, privateKey.subarray(32)))).toBe("bad-size");
    expect(refusal(() => verify(signature.subarray(1), bound, key))).toBe("bad-size");
    expect(refusal(() => verify(signature, bound, key.subarray(1)))).toBe("bad-size");
  });
});

describe("keys made on the way are overwritten", () => {
  const isZero = (bytes: Uint8Array) => bytes.every((byte) => byte === 0);

  test("message keys, after sealing, opening and a refusal", () => {
    const encrypt = vi.spyOn(sodium, "crypto_aead_xchacha20poly1305_ietf_encrypt");
    const decrypt = vi.spyOn(sodium, "crypto_aead_xchacha20poly1305_ietf_decrypt");
    const sealed = seal(key, LABELS.row, bound, bound);
    open(key, LABELS.row, bound, sealed);
    const broken = sealed.slice();
    broken[SEAL_OVERHEAD_BYTES - 1]! ^= 1;
    expect(refusal(() => open(key, LABELS.row, bound, broken))).toBe("does-not-open");
    expect([encrypt.mock.calls.length, decrypt.mock.calls.length]).toEqual([1, 2]);
    for (const call of [...encrypt.mock.calls, ...decrypt.mock.calls]) expect(isZero(call[4])).toBe(true);
  });

  test("X-Wing secrets, the seeds they were drawn from, and the seeds of capabilities", () => {
    const draws = vi.spyOn(sodium, "crypto_kem_xwing_enc_deterministic");
    const secrets = vi.spyOn(sodium, "crypto_kem_xwing_dec");
    const hashes = vi.spyOn(sodium, "crypto_generichash");
    const { publicKey, seed } = createBoxKeyPair();
    const kind = { label: LABELS.door, context: bound };
    expect(openEnvelope(seed, kind, sealEnvelope(publicKey, kind, bound))).toEqual(bound);
    expect(isZero(draws.mock.calls[0]![1] as Uint8Array)).toBe(true);
    expect(isZero((draws.mock.results[0]!.value as { sharedSecret: Uint8Array }).sharedSecret)).toBe(true);
    expect(isZero(secrets.mock.results[0]!.value as Uint8Array)).toBe(true);
    expect(isZero(secrets.mock.calls[0]![1])).toBe(true);
    // Twice each: the X-Wing secret gives the envelope key, the envelope key the message key. All of them are gone.
    expect(hashes.mock.calls.map(([, , used]) => isZero(used as Uint8Array))).toEqual([true, true, true, true]);
    expect(isZero(seed)).toBe(false);
    const pairs = vi.spyOn(sodium, "crypto_sign_seed_keypair");
    deriveLadder({ right: "own", seed: createOwnSeed(), space: "ab".repeat(16) as SpaceId, epoch: 1 });
    expect(pairs.mock.calls.map(([used]) => isZero(used))).toEqual([true, true, true]);
  });
});
