/**
 * The recovery card of this pocket: making it, trying it out. On this device it is a way in to V; on the server it will
 * be a recipient of the pocket's wraps. The card's secret itself is kept nowhere, only its public half and its tag.
 */
import { cardToPictures, createCardSecret, deriveCardKeys, picturesToCard } from "../../crypto/card.ts";
import { recoveryTag } from "../../crypto/recipients.ts";
import { equalBytes } from "../../crypto/sodium.ts";
import type { BoxPublicKey, WayIn, WrapSecret, WrapTag } from "../../crypto/types.ts";
import { createWayIn, parseWayIn } from "../../crypto/ways-in.ts";
import type { Pocket } from "./pocket.ts";
import { createRows } from "./sharing/ledger.ts";

export interface CardRow {
  readonly state: "made" | "tried";
  readonly boxPublic: BoxPublicKey;
  readonly wrapSecret: WrapSecret;
  /** The pocket's keys lie on the server under this card's tag. */
  readonly onServer: boolean;
  /** Tags of cards that ended and whose wraps are still there. */
  readonly oldTags: readonly WrapTag[];
}

/** Shared by all devices of the person (shared-state.ts): any of them sends the wrap, or ends the card. */
const rowsOf = ({ shared }: Pocket) =>
  createRows<CardRow>({ readState: (name) => shared.read(name), listState: (prefix) => shared.list(prefix) }, "card");

export const readCardRow = (pocket: Pocket): Promise<CardRow | null> => rowsOf(pocket).get("now");

export const writeCardRow = (pocket: Pocket, row: CardRow): Promise<void> =>
  pocket.shared.write([rowsOf(pocket).entry("now", row)]);

/** Makes a new card; the one before opens nothing any more. Gives its six rows of five pictures. */
export async function makeCard(pocket: Pocket): Promise<readonly (readonly number[])[]> {
  const secret = createCardSecret();
  const { box, wrapSecret, wayInSeed } = deriveCardKeys(secret);
  const before = await readCardRow(pocket);
  const oldTag = before === null ? [] : [recoveryTag(before.wrapSecret)];
  const oldTags = [...(before?.oldTags ?? []), ...oldTag];
  await writeCardRow(pocket, { state: "made", boxPublic: box.publicKey, wrapSecret, onServer: false, oldTags });
  const wayIn = createWayIn({ kind: "card", seed: wayInSeed, vaultKey: pocket.vaultKey, burn: pocket.burn });
  const others = pocket.row.waysIn.filter((bytes) => parseWayIn(bytes as WayIn).kind !== "card");
  await pocket.putRow({ ...pocket.row, waysIn: [...others, wayIn] });
  return cardToPictures(secret);
}

/** True when these rows are the card of this pocket; notes that it was tried. */
export async function tryCard(pocket: Pocket, rows: readonly (readonly number[])[]): Promise<boolean> {
  const row = await readCardRow(pocket);
  const read = readRows(rows);
  if (row === null || read === null) return false;
  if (!equalBytes(deriveCardKeys(read).box.publicKey, row.boxPublic)) return false;
  await writeCardRow(pocket, { ...row, state: "tried" });
  return true;
}

function readRows(rows: readonly (readonly number[])[]) {
  try {
    const read = picturesToCard(rows);
    return "secret" in read ? read.secret : null;
  } catch {
    return null;
  }
}
