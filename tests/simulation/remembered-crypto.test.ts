import { beforeAll, describe, expect, it } from "vitest";
import { ready, sign, signingPairFromSeed, verify } from "../../crypto/sodium.ts";
import { rememberingCrypto } from "./remembered-crypto.ts";

beforeAll(ready);

const seed = new Uint8Array(32).fill(7);
const message = new TextEncoder().encode("et ord");
const turned = (bytes: Uint8Array): Uint8Array => bytes.map((byte, at) => (at === 0 ? byte ^ 1 : byte));

describe("what a simulation remembers of the crypto", () => {
  it("is what the library says, the first time and every other", async () => {
    const plain = { pair: signingPairFromSeed(seed), signature: sign(message, signingPairFromSeed(seed).privateKey) };
    await rememberingCrypto(async () => {
      for (let time = 0; time < 2; time++) {
        const pair = signingPairFromSeed(seed);
        expect(pair).toEqual(plain.pair);
        expect(sign(message, pair.privateKey)).toEqual(plain.signature);
        pair.privateKey.fill(0); // As the product wipes it.
      }
    });
  });

  it("is never an answer for other bytes: a signature, a message or a key that differs in one bit", async () => {
    const { publicKey, privateKey } = signingPairFromSeed(seed);
    const signature = sign(message, privateKey);
    await rememberingCrypto(async () => {
      for (let time = 0; time < 2; time++) {
        expect(verify(signature, message, publicKey)).toBe(true);
        expect(verify(turned(signature), message, publicKey)).toBe(false);
        expect(verify(signature, turned(message), publicKey)).toBe(false);
        expect(verify(signature, message, turned(publicKey))).toBe(false);
        // Also where the border between two parts moved.
        expect(verify(signature, message.slice(1), publicKey)).toBe(false);
      }
    });
  });
});
