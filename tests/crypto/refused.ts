import { expect } from "vitest";
import { CryptoError, type CryptoErrorCode } from "../../crypto/errors.ts";

/** The code with which `act` is refused; anything else than a CryptoError fails the test. */
export function refusal(act: () => unknown): CryptoErrorCode {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(CryptoError);
    if (error instanceof CryptoError) return error.code;
  }
  throw new Error("expected a refusal, but it went through");
}

/** A copy with one bit turned. */
export function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.slice();
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
}
