/**
 * Padded sizes: what a length on the server or on the disk may still tell.
 *
 * Padmé (Nikitin et al., PETS 2019): round up so that the length keeps only as many leading bits as its exponent has
 * bits. It leaks O(log log n) bits and costs at most 12 %, less the larger the thing is. Below `least` every length
 * looks the same: a "yes", a mood and a short sentence are one size. Spec: docs/protocol/records.md §4.
 */
import { Reader, u32 } from "./bytes.ts";
import type { Padded } from "./cipher.ts";
import { CryptoError } from "./errors.ts";

/** The length that stands before padded bytes. */
export const LENGTH_BYTES = 4;

/** The smallest padded size that holds `length` bytes. */
export function paddedBytes(length: number, least: number): number {
  if (length <= least) return least;
  const exponent = Math.floor(Math.log2(length));
  const keptBits = Math.floor(Math.log2(exponent)) + 1;
  const bucket = 2 ** (exponent - keptBits);
  return Math.ceil(length / bucket) * bucket;
}

/**
 * The same for what was shortened by up to `leftOut` bytes, rounded as if nothing had been left out: a shorter length has
 * finer buckets, and would say more of what is inside.
 */
export const paddedShortened = (length: number, least: number, leftOut: number): number =>
  length <= least ? least : paddedBytes(length + leftOut, least) - leftOut;

/** u32 length ‖ `bytes` ‖ zeros, up to the padded size. @throws bad-size when over 4 GiB */
export const pad = (bytes: Uint8Array, least: number): Padded =>
  padTo(bytes, paddedBytes(LENGTH_BYTES + bytes.length, least));

/** The same up to `size` bytes in all. */
export const padTo = (bytes: Uint8Array, size: number): Padded => ({ parts: [u32(bytes.length), bytes], size });

/** What `pad` was given (a view). @throws bad-format unless everything after it is zero */
export function unpad(padded: Uint8Array): Uint8Array {
  const bytes = new Reader(padded).prefixed();
  if (!isZeroFrom(padded, LENGTH_BYTES + bytes.length)) throw new CryptoError("bad-format", "padding");
  return bytes;
}

/** False when a byte from `start` on isn't zero: padding has one form only. */
function isZeroFrom(bytes: Uint8Array, start: number): boolean {
  for (let i = start; i < bytes.length; i++) if (bytes[i] !== 0) return false;
  return true;
}
