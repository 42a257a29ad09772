/**
 * Rows of the local store, sealed under keys that come from the vault key V. Table and row name are bound, so a row
 * can't be moved to another place.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 1 | version = 1 |
 * | 1 | 24 | nonce, made here (aead.ts) |
 * | 25 | 32 | commitment |
 * | 57 | p | ciphertext of u32 length ‖ plaintext ‖ zeros, padded to p |
 * | 57 + p | 16 | tag |
 *
 * p = Padmé of 4 + length, at least 128: a thief with the profile sees row sizes, and a mood, a tick or a receipt must
 * not stand out by being shorter than a sentence; more than 128 would double a store of many small rows for little.
 * Key: derive(V, "…/vault-key/row-seal-key"). Bound: version, table, key.
 * Row names: keyed BLAKE2b-128 of the parts, so that the store shows no id that also stands on the server. Their key is
 * random and lies in a row of its own, so that names stay when V is renewed.
 * Failures: does-not-open, unknown-version. Spec: docs/protocol/keys.md §6.
 */
import { openWith, seal } from "./aead.ts";
import { putU32, u8, utf8 } from "./bytes.ts";
import { derive } from "./derive.ts";
import { CryptoError } from "./errors.ts";
import { bytesToId, ID_BYTES } from "./ids.ts";
import { LABELS } from "./labels.ts";
import { pad, unpad } from "./padding.ts";
import { KEY_BYTES, randomBytes } from "./sodium.ts";
import type { RowName, RowNameKey, RowSealKey, SealedRow, VaultKey } from "./types.ts";

const VERSION = 1;
const MIN_PADDED_ROW_BYTES = 128;

export type RowKeys = { readonly seal: RowSealKey; readonly name: RowNameKey };
/** Where a row stands: its table and its primary key there, as text. */
export type RowPlace = { readonly table: string; readonly key: string };

/** 32 bytes. @throws bad-size */
export const deriveRowSealKey = (vaultKey: VaultKey): RowSealKey => derive(vaultKey, LABELS.rowSealKey) as RowSealKey;

/** 32 random bytes; made once per store, and kept in one of its rows. */
export const createRowNameKey = (): RowNameKey => randomBytes(KEY_BYTES) as RowNameKey;

/** Pads and seals; the nonce is made inside. @throws bad-size */
export function sealRow(keys: Pick<RowKeys, "seal">, place: RowPlace, plaintext: Uint8Array): SealedRow {
  const padded = pad(plaintext, MIN_PADDED_ROW_BYTES);
  return seal(keys.seal, LABELS.row, boundPlace(place), padded, u8(VERSION)) as SealedRow;
}

/** @throws does-not-open, unknown-version, bad-format, bad-size */
export const openRow = (keys: Pick<RowKeys, "seal">, place: RowPlace, sealed: SealedRow): Uint8Array =>
  openRowWith(keys, place, sealed, (plaintext) => plaintext.slice());

/** The same without a copy: `take` gets a view that is wiped when it returns, and seals or hashes nothing meanwhile.
 * @throws does-not-open, unknown-version, bad-format, bad-size */
export function openRowWith<Taken>(
  keys: Pick<RowKeys, "seal">,
  place: RowPlace,
  sealed: SealedRow,
  take: (plaintext: Uint8Array) => Taken,
): Taken {
  if (sealed[0] !== VERSION) throw new CryptoError("unknown-version", `expected version ${VERSION}`);
  return openWith(keys.seal, LABELS.row, boundPlace(place), sealed.subarray(1), (padded) => take(unpad(padded)));
}

/** The opaque name of a row: the same parts give the same 32 hex digits in one store, and others in another. */
export const nameRow = (keys: Pick<RowKeys, "name">, ...parts: readonly string[]): RowName =>
  bytesToId<RowName>(derive(keys.name, LABELS.rowName, parts.map(utf8), ID_BYTES));

/** Lengths stand before both, so that they can't trade letters. Laid down in one piece: it goes with every row. */
function boundPlace({ table, key }: RowPlace): Uint8Array {
  const [inTable, atKey] = [utf8(table), utf8(key)];
  const bound = new Uint8Array(1 + 4 + inTable.length + 4 + atKey.length);
  bound[0] = VERSION;
  putU32(bound, 1, inTable.length);
  bound.set(inTable, 5);
  putU32(bound, 5 + inTable.length, atKey.length);
  bound.set(atKey, 9 + inTable.length);
  return bound;
}
