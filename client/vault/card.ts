/**
 * The recovery card of this pocket: making it, trying it out, ending it. Until the pocket is with the server it is a way in
 * to V on this device; from then on a recipient of the pocket's wraps, released after its waiting time. The card's secret itself is kept nowhere, only its public half and its tag.
 */
import { cardToPictures, createCardSecret, deriveCardKeys, picturesToCard } from "../../crypto/card.ts";
import { recoveryTag } from "../../crypto/recipients.ts";
import { equalBytes } from "../../crypto/sodium.ts";
import type { BoxPublicKey, WayIn, WrapSecret, WrapTag } from "../../crypto/types.ts";
import { createWayIn, parseWayIn, wayInTag } from "../../crypto/ways-in.ts";
import type { CardWaitHours } from "./api.ts";
import { isCard } from "./codes.ts";
import type { Pocket } from "./pocket.ts";
import { sharedRows } from "./state-rows.ts";

export interface CardRow {
  readonly state: "made" | "tried";
  readonly boxPublic: BoxPublicKey;
  readonly wrapSecret: WrapSecret;
  /** The pocket's keys lie on the server under this card's tag. */
  readonly onServer: boolean;
  /** The waiting time that it was sent with. */
  readonly sentWaitHours?: CardWaitHours;
}

/** A card that ended, under its tag. It stays: a server that goes back in time has its wrap again. */
interface EndedCardRow {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The server has put over what lay under the tag. */
  readonly put: boolean;
}

export interface EndedCard extends EndedCardRow {
  readonly tag: WrapTag;
}

/** Shared by all devices of the person (shared-state.ts): any of them sends the wrap, or ends the card. */
const rowsOf = ({ shared }: Pocket) => sharedRows<CardRow>(shared, "card");
const endedOf = ({ shared }: Pocket) => sharedRows<EndedCardRow>(shared, "ended-card");

/** Newest first. */
export async function listEndedCards(pocket: Pocket): Promise<readonly EndedCard[]> {
  const all = (await endedOf(pocket).all()).map(({ id, row }) => ({ ...row, tag: id as WrapTag }));
  return all.toSorted((a, b) => b.at - a.at);
}

/** Decided, and kept before the server is told: no wrap is made for this card any more, whatever happens next. */
export const noteCardEnded = (pocket: Pocket, tag: WrapTag): Promise<void> =>
  pocket.shared.write([endedOf(pocket).entry(tag, { at: pocket.clock.now(), put: false })]);

export const noteEndedPut = (pocket: Pocket, ended: readonly EndedCard[]): Promise<void> =>
  pocket.shared.write(ended.map(({ tag, at }) => endedOf(pocket).entry(tag, { at, put: true })));

export const readCardRow = (pocket: Pocket): Promise<CardRow | null> => rowsOf(pocket).get("now");

export const writeCardRow = (pocket: Pocket, row: CardRow): Promise<void> =>
  pocket.shared.write([rowsOf(pocket).entry("now", row)]);

/** Makes a new card; the one before opens nothing any more. Gives its six rows of five pictures. */
export async function makeCard(pocket: Pocket): Promise<readonly (readonly number[])[]> {
  const secret = createCardSecret();
  const { box, wrapSecret, wayInSeed } = deriveCardKeys(secret);
  const before = await readCardRow(pocket);
  const row: CardRow = { state: "made", boxPublic: box.publicKey, wrapSecret, onServer: false };
  const ends = before === null ? [] : [recoveryTag(before.wrapSecret)];
  await pocket.shared.write([
    rowsOf(pocket).entry("now", row),
    ...ends.map((tag) => endedOf(pocket).entry(tag, { at: pocket.clock.now(), put: false })),
  ]);
  await pocket.ways(async () => {
    // Once the pocket is with the server the card opens nothing here at once: it waits, and gets in by `recovery`.
    if (isRenewed(pocket)) return;
    const { vaultKey, burn } = pocket;
    const wayIn = createWayIn({ kind: "card", seed: wayInSeed, vaultKey, burn });
    await pocket.changeRow((row) => ({ ...row, waysIn: [...row.waysIn.filter((way) => !isCard(way)), wayIn] }));
  });
  return cardToPictures(secret);
}

/** The card of which it was noted that it ended is no more: its wrap is put over. */
export async function endCard(pocket: Pocket): Promise<void> {
  await pocket.shared.write([rowsOf(pocket).entry("now", null)]);
  await pocket.ways(async () => {
    if (isRenewed(pocket)) return;
    await pocket.changeRow((row) => ({ ...row, waysIn: row.waysIn.filter((way) => !isCard(way)) }));
  });
}

/** The way in by the seed that only a released wrap holds: what the card opens on this device after its wait. */
export const recoveryWay = ({ keyring, vaultKey, burn }: Pocket): WayIn =>
  createWayIn({ kind: "card", seed: keyring.me.recovery, vaultKey, burn });

/** V was renewed after the pocket came to the server: no way in opens by the card alone any more. */
export function isRenewed(pocket: Pocket): boolean {
  const tag = wayInTag(pocket.keyring.me.recovery);
  return pocket.row.waysIn.some((way) => parseWayIn(way as WayIn).tag === tag);
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
