/**
 * Creation tokens of the organisation that this person holds (docs/protocol/http.md §2), as rows that all devices of a
 * person share (store.md §13): `token/<the token>`, with
 *
 * | field | |
 * |---|---|
 * | for | absent, or the person it is laid aside for (sharing/give-room.ts) |
 * | at | absent, or the space of one's own it is being spent on (room.ts): the same one until the server has answered |
 *
 * A row goes when its token was spent, given away, or refused. Two devices may take the same one at once; then one of them
 * is refused, and takes another.
 */
import { randomBytes } from "../../crypto/sodium.ts";
import type { SpaceId } from "../../crypto/types.ts";
import { isCreationToken } from "../../protocol/codec.ts";
import type { PersonId } from "./api.ts";
import { createRows, type Rows, type StatePort } from "./state-rows.ts";

export const TOKENS = "token";

export interface TokenRow {
  readonly for?: PersonId;
  readonly at?: SpaceId;
}

/** Tokens are 32 letters; what is shorter than this stands on a slip beside them. */
const MIN_LETTERS = 20;
/** More than an organisation hands to one person. */
export const MAX_TOKENS = 1_000;

export const createTokenRows = (port: StatePort): Rows<TokenRow> => createRows<TokenRow>(port, TOKENS);

export const isFree = ({ row }: { readonly row: TokenRow }): boolean => row.for === undefined && row.at === undefined;

/** Each once, in whatever else was pasted or read with them. */
export const findTokens = (text: string): readonly string[] => [
  ...new Set(text.split(/[^\w-]+/).filter((word) => word.length >= MIN_LETTERS && isCreationToken(word))),
];

/**
 * In an order of chance: so that two devices of mine seldom take the same one, and so that whoever made the tokens can't
 * tell by which of them was spent whom it was given to.
 */
export function shuffle<Row>(rows: readonly Row[]): readonly Row[] {
  const placed = rows.map((row) => ({ row, place: new DataView(randomBytes(4).buffer).getUint32(0) }));
  return placed.toSorted((a, b) => a.place - b.place).map(({ row }) => row);
}
