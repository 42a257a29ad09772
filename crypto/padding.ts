/**
 * Padded sizes: what a length on the server or on the disk may still tell.
 *
 * Padmé (Nikitin et al., PETS 2019): round up so that the length keeps only as many leading bits as its exponent has
 * bits. It leaks O(log log n) bits and costs at most 12 %, less the larger the thing is. Below `least` every length
 * looks the same: a "yes", a mood and a short sentence are one size. Spec: docs/protocol/records.md §4.
 */

/** The smallest padded size that holds `length` bytes. */
export function paddedBytes(length: number, least: number): number {
  if (length <= least) return least;
  const exponent = Math.floor(Math.log2(length));
  const keptBits = Math.floor(Math.log2(exponent)) + 1;
  const bucket = 2 ** (exponent - keptBits);
  return Math.ceil(length / bucket) * bucket;
}

/** False when a byte from `start` on isn't zero: padding has one form only. */
export function isZeroFrom(bytes: Uint8Array, start: number): boolean {
  for (let i = start; i < bytes.length; i++) if (bytes[i] !== 0) return false;
  return true;
}
