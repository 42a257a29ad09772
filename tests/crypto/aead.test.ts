import sodium from "libsodium-wrappers-sumo";
import { afterEach, describe, expect, test, vi } from "vitest";
import { open, SEAL_OVERHEAD_BYTES, seal } from "../../crypto/aead.ts";
import { BLOB_CHUNK_BYTES, createBlobKey, createBlobSealer } from "../../crypto/blobs.ts";
import { concat } from "../../crypto/bytes.ts";
import { createCardSecret, deriveCardKeys } from "../../crypto/card.ts";
import { aeadOpen, aeadSeal } from "../../crypto/cipher.ts";
import { openEnvelope, sealEnvelope } from "../../crypto/envelope.ts";
import { createIdentity, hashCard, signContactCard } from "../../crypto/identity.ts";
import { randomId } from "../../crypto/ids.ts";
import { createQrSecret } from "../../crypto/invitation.ts";
import { LABELS } from "../../crypto/labels.ts";
import { createOwnSeed, deriveLadder } from "../../crypto/ladder.ts";
import { acceptJoin, createJoin } from "../../crypto/pairing.ts";
import { createBoxKeyPair } from "../../crypto/recipients.ts";
import { randomBytes, ready, sign, verify, wasmModule } from "../../crypto/sodium.ts";
import type { DropSeed, SpaceId } from "../../crypto/types.ts";
import { sealUncommitted } from "../independent/reader.ts";
import { refusal } from "./refused.ts";
import { watchCipher } from "./watch-cipher.ts";

await ready();
afterEach(() => vi.restoreAllMocks());
const openRaw = (...args: readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array]) =>
  aeadOpen(...args, (plaintext) => plaintext.slice());
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
    const { opened } = watchCipher();
    const forged = sealUncommitted(key, LABELS.row, bound, bound, randomBytes(24), randomBytes(32));
    expect(refusal(() => open(key, LABELS.row, bound, forged))).toBe("does-not-open");
    expect(opened).toEqual([]);
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

describe("the cipher in WebAssembly memory", () => {
  test("pieces are laid side by side and filled up with zeros, whatever lay there before", () => {
    watchCipher();
    const [nonce, start] = [randomBytes(24), Uint8Array.of(9)];
    const parts = [Uint8Array.of(1, 2), nothing, Uint8Array.of(3)];
    const sealed = aeadSeal(key, nonce, { parts, size: 6 }, bound, start);
    expect(sealed.length).toBe(1 + 6 + 16);
    expect(sealed[0]).toBe(9);
    expect([...openRaw(key, nonce, sealed.subarray(1), bound)]).toEqual([1, 2, 3, 0, 0, 0]);
    expect([...openRaw(key, nonce, aeadSeal(key, nonce, { parts, size: 3 }, bound, nothing), bound)]).toEqual([
      1, 2, 3,
    ]);
  });

  test("more bytes than the size are refused, and none is written", () => {
    const { regions } = watchCipher();
    expect(refusal(() => aeadSeal(key, randomBytes(24), { parts: [bound, bound], size: 19 }, bound, nothing))).toBe(
      "bad-size",
    );
    expect(regions).toBe(0);
  });

  test("no memory is no damage: it isn't called does-not-open", () => {
    const sealed = seal(key, LABELS.row, bound, bound);
    vi.spyOn(wasmModule(), "_malloc").mockReturnValue(0);
    expect(() => openRaw(key, randomBytes(24), sealed, bound)).toThrow("out of WebAssembly memory");
  });
});

describe("sizes at the sodium seam", () => {
  test("keys, nonces and signatures of another size are refused", () => {
    const plaintext = { parts: [bound], size: bound.length };
    const [nonce, signature, privateKey] = [randomBytes(24), randomBytes(64), randomBytes(64)];
    expect(refusal(() => aeadSeal(key, nonce.subarray(1), plaintext, bound, nothing))).toBe("bad-size");
    expect(refusal(() => aeadSeal(key.subarray(1), nonce, plaintext, bound, nothing))).toBe("bad-size");
    expect(refusal(() => openRaw(key, nonce.subarray(1), bound, bound))).toBe("bad-size");
    expect(refusal(() => openRaw(key.subarray(1), nonce, bound, bound))).toBe("bad-size");
    expect(refusal(() => sign(bound, privateKey.subarray(32)))).toBe("bad-size");
    expect(refusal(() => verify(signature.subarray(1), bound, key))).toBe("bad-size");
    expect(refusal(() => verify(signature, bound, key.subarray(1)))).toBe("bad-size");
  });
});

describe("keys made on the way are overwritten", () => {
  const isZero = (bytes: Uint8Array) => bytes.every((byte) => byte === 0);

  test("message keys, after sealing, opening and a refusal", () => {
    const hashes = vi.spyOn(sodium, "crypto_generichash");
    const sealed = seal(key, LABELS.row, bound, bound);
    open(key, LABELS.row, bound, sealed);
    const broken = sealed.slice();
    broken[SEAL_OVERHEAD_BYTES - 1]! ^= 1;
    expect(refusal(() => open(key, LABELS.row, bound, broken))).toBe("does-not-open");
    expect(hashes.mock.results.map(({ value }) => isZero(value as Uint8Array))).toEqual([true, true, true]);
  });

  test("the cipher's memory holds neither key nor text when it is given back, after a refusal neither", () => {
    const watched = watchCipher();
    const nonce = randomBytes(24);
    const sealed = aeadSeal(key, nonce, { parts: [bound, bound], size: 100 }, bound, nothing);
    expect(openRaw(key, nonce, sealed, bound).subarray(0, 20)).toEqual(concat(bound, bound));
    sealed[3]! ^= 1;
    expect(refusal(() => openRaw(key, nonce, sealed, bound))).toBe("does-not-open");
    expect(watched).toMatchObject({ regions: 3, dirty: 0, sealed: [key], opened: [key, key] });
  });

  test("the root of the card's keys, the inviter's secret, and a blob's buffer", () => {
    const hashes = vi.spyOn(sodium, "crypto_generichash");
    deriveCardKeys(createCardSecret());
    expect(isZero(hashes.mock.results[0]!.value as Uint8Array)).toBe(true);
    const wiped = vi.spyOn(sodium, "memzero");
    const sealer = createBlobSealer(createBlobKey(), randomId());
    sealer.push(new Uint8Array(10).fill(7));
    sealer.finish();
    expect(wiped.mock.calls.filter(([bytes]) => bytes.length === BLOB_CHUNK_BYTES).length).toBe(1);
    const person = () => {
      const box = createBoxKeyPair();
      const card = signContactCard(createIdentity(), {
        box: box.publicKey,
        mailbox: randomId(),
        role: "other",
        name: "A",
      });
      return { box, card };
    };
    const [child, adult] = [person(), person()];
    const invitation = { mailbox: randomId<SpaceId>(), qrSecret: createQrSecret(), cardHash: hashCard(child.card) };
    const reply = { replyDropSeed: randomBytes(32) as DropSeed, extra: nothing };
    const { message } = createJoin({ invitation, inviterCard: child.card, joinerCard: adult.card, ...reply });
    const drawn = vi.spyOn(crypto, "getRandomValues");
    acceptJoin({ invitation, inviterBox: child.box.seed, ...reply }, message);
    // Its secret is drawn first, then its nonce, which it keeps, then what X-Wing wants.
    expect(drawn.mock.results.slice(0, 3).map(({ value }) => isZero(value as Uint8Array))).toEqual([true, false, true]);
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
