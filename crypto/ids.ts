/**
 * Ids are 16 random bytes, carried as 32 lower-case hex digits everywhere in the program and as 16 bytes inside
 * formats. Only lower case, so that two spellings of one id can't be two keys of a map.
 */
import { CryptoError } from "./errors.ts";
import { checkSize, randomBytes, toHex } from "./sodium.ts";

export const ID_BYTES = 16;
const ID = /^[0-9a-f]{32}$/;

/** A fresh id: `randomId<SpaceId>()`. */
export function randomId<Name extends string>(): Name {
  return toHex(randomBytes(ID_BYTES)) as Name;
}

/** 32 lower-case hex digits. */
export const isId = (text: string): boolean => ID.test(text);

/** Checks and names an id that came from outside. @throws bad-format */
export function parseId<Name extends string>(text: string): Name {
  if (!isId(text)) throw notAnId();
  return text as Name;
}

/** @throws bad-format when `id` is not 32 lower-case hex digits */
export function idToBytes(id: string): Uint8Array {
  const bytes = new Uint8Array(ID_BYTES);
  if (id.length !== 2 * ID_BYTES) throw notAnId();
  for (let i = 0; i < ID_BYTES; i++) bytes[i] = digit(id, 2 * i) * 16 + digit(id, 2 * i + 1);
  return bytes;
}

/** By code, as this runs several times for every record. */
function digit(id: string, at: number): number {
  const code = id.charCodeAt(at);
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 97 && code <= 102) return code - 87;
  throw notAnId();
}

const notAnId = (): CryptoError => new CryptoError("bad-format", "expected an id of 32 lower-case hex digits");

/** @throws bad-size unless exactly 16 bytes */
export function bytesToId<Name extends string>(bytes: Uint8Array): Name {
  checkSize(bytes, ID_BYTES, "id");
  return toHex(bytes) as Name;
}
