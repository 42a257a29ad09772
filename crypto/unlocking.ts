/**
 * From a code a person knows to the seed of a way in: Argon2id 1.3 (RFC 9106), one lane, 32 bytes.
 *
 * Parameters travel in the way in's header and are bound there (ways-in.ts). They are checked before any work: under the
 * floor the code could be guessed too fast, over the ceiling a hostile header could freeze a tablet. Nothing lowers the
 * floor: no flag, no variable, no parameter, in tests neither.
 * How long a code holds: docs/protocol/unlocking.md §3.
 */
import { u8, utf8 } from "./bytes.ts";
import { derive } from "./derive.ts";
import { CryptoError } from "./errors.ts";
import { LABELS } from "./labels.ts";
import { argon2id, checkSize, KEY_BYTES, randomBytes, SALT_BYTES } from "./sodium.ts";
import type { Burn, VaultKey, WayInSeed } from "./types.ts";

export type KdfCost = { readonly memoryKiB: number; readonly passes: number };
export type KdfParams = KdfCost & { readonly salt: Uint8Array };

/** 64 MiB and 3 passes: 7 of 64 pictures then hold about 55 years against one large gaming GPU (threats.md fact 7). */
export const KDF_FLOOR: KdfCost = { memoryKiB: 64 * 1024, passes: 3 };
/** 1 GiB and 16 passes: about 13 s on a laptop; more is an attack or a mistake. */
export const KDF_CEILING: KdfCost = { memoryKiB: 1024 * 1024, passes: 16 };
/** Calibration stops at 256 MiB: a cheap tablet must open what a new phone made. */
const CALIBRATION_MAX_MEMORY_KIB = 256 * 1024;

/** Throws before any work. @throws kdf-out-of-range, bad-size */
export function checkKdfParams({ memoryKiB, passes, salt }: KdfParams): void {
  const inRange = (value: number, least: number, most: number) =>
    Number.isInteger(value) && value >= least && value <= most;
  if (
    !inRange(memoryKiB, KDF_FLOOR.memoryKiB, KDF_CEILING.memoryKiB) ||
    !inRange(passes, KDF_FLOOR.passes, KDF_CEILING.passes)
  ) {
    throw new CryptoError("kdf-out-of-range", "Argon2id parameters out of range");
  }
  checkSize(salt, SALT_BYTES, "salt");
}

/** Fresh parameters with a random salt of 16 bytes. @throws kdf-out-of-range */
export function createKdfParams(cost: KdfCost): KdfParams {
  const params = { ...cost, salt: randomBytes(SALT_BYTES) };
  checkKdfParams(params);
  return params;
}

/** 32 bytes; takes about a second and up to 1 GiB. Call it in a worker that ends afterwards: WebAssembly memory never
 * shrinks. @throws kdf-out-of-range before any work */
export function deriveCodeSeed(secret: Uint8Array, params: KdfParams): WayInSeed {
  checkKdfParams(params);
  return argon2id(secret, params.salt, params.passes, params.memoryKiB) as WayInSeed;
}

/** The bytes of a picture code: one byte for each picture, in order. @throws bad-size for an index over 63 */
export function pictureCodeBytes(indexes: readonly number[]): Uint8Array {
  if (indexes.some((index) => index > 63)) throw new CryptoError("bad-size", "picture index over 63");
  return Uint8Array.from(indexes.flatMap((index) => [...u8(index)]));
}

/** The bytes of a passphrase: NFKC, one space between words, case folded, so that a keyboard's habits don't matter. */
export const passphraseBytes = (text: string): Uint8Array =>
  utf8(text.normalize("NFKC").trim().replace(/\s+/gu, " ").toLowerCase());

/** Passkey output (32 bytes) and the seed of the pictures together: neither alone opens. 32 bytes. @throws bad-size */
export function combinePasskeyWithPictures(prfOutput: Uint8Array, pictures: WayInSeed): WayInSeed {
  checkSize(prfOutput, KEY_BYTES, "passkey output");
  checkSize(pictures, KEY_BYTES, "picture seed");
  return derive(pictures, LABELS.passkeyWithPictures, [prfOutput]) as WayInSeed;
}

/**
 * The dearest cost that takes about `targetMs` here, never under the floor. Memory first (it costs a guesser most), then
 * passes. `timeOne` runs the KDF once at a cost and says how many milliseconds it took; it is called two or three times.
 */
export async function calibrateKdf(
  timeOne: (cost: KdfCost) => number | Promise<number>,
  targetMs: number,
): Promise<KdfCost> {
  // A clock that stood still tells nothing: then nothing is raised.
  const measure = async (at: KdfCost) => ((ms) => (ms > 0 ? ms : targetMs))(await timeOne(at));
  let cost = KDF_FLOOR;
  let ms = await measure(cost);
  const factor = 2 ** Math.floor(Math.log2(Math.max(1, targetMs / ms)));
  const memoryKiB = Math.min(KDF_FLOOR.memoryKiB * factor, CALIBRATION_MAX_MEMORY_KIB);
  if (memoryKiB > cost.memoryKiB) {
    const larger = { memoryKiB, passes: cost.passes };
    ms = await measure(larger);
    cost = larger;
  }
  const passes = Math.floor((cost.passes * targetMs) / ms);
  return { memoryKiB: cost.memoryKiB, passes: Math.min(Math.max(passes, KDF_FLOOR.passes), KDF_CEILING.passes) };
}

/** V: 32 random bytes. */
export const createVaultKey = (): VaultKey => randomBytes(KEY_BYTES) as VaultKey;

/** 32 random bytes for the burn file. */
export const createBurn = (): Burn => randomBytes(KEY_BYTES) as Burn;

/** `count` numbers from 0 to `below` − 1, each equally likely (rejection sampling on 32 bits). @throws bad-size */
export function drawIndexes(count: number, below: number): number[] {
  if (!Number.isInteger(below) || below < 1 || below > 2 ** 32) throw new CryptoError("bad-size", "below: 1 to 2^32");
  const limit = 2 ** 32 - (2 ** 32 % below);
  const drawn: number[] = [];
  while (drawn.length < count) {
    const bytes = randomBytes(4);
    const value = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
    if (value < limit) drawn.push(value % below);
  }
  return drawn;
}
