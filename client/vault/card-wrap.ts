/**
 * The recovery card on the server: the pocket's keys wrapped for the card, under a tag that only the card can compute,
 * released after the waiting time. Without it the card opens this device only.
 */
import { createBoxKeyPair, RECOVERY_CONTEXT, recoveryTag, wrapTo } from "../../crypto/recipients.ts";
import { equalBytes, randomBytes } from "../../crypto/sodium.ts";
import type { BoxPublicKey, WrapTag } from "../../crypto/types.ts";
import type { TaggedWrap } from "../../protocol/frames.ts";
import type { CardWaitHours } from "./api.ts";
import { type CardRow, endCard, listEndedCards, noteEndedPut, readCardRow, writeCardRow } from "./card.ts";
import type { Syncing } from "./keeper.ts";
import { encodeOwnKeys, ownKeysOf } from "./own-keys.ts";
import type { Pocket } from "./pocket.ts";
import { sharedRows } from "./state-rows.ts";

/** More cards than anybody replaces while one backup is kept; a frame holds 64 wraps. */
const MAX_ENDED = 32;
/** As long as what really lies there. */
const ENDED_BYTES = 900;

/** The card that there is, unless it was decided that it ended and only the server hasn't heard yet. */
export async function readLiveCard(pocket: Pocket): Promise<CardRow | null> {
  const card = await readCardRow(pocket);
  if (card === null) return null;
  const own = recoveryTag(card.wrapSecret);
  return (await listEndedCards(pocket)).some(({ tag }) => tag === own) ? null : card;
}

/** The newest card's wrap with the keys of now; null where there is no card. */
export async function makeCardWrap(
  pocket: Pocket,
): Promise<{ readonly card: CardRow; readonly wrap: TaggedWrap } | null> {
  const card = await readLiveCard(pocket);
  if (card === null) return null;
  const waitSeconds = (await readCardWait(pocket)) * 3600;
  const keys = encodeOwnKeys(ownKeysOf(pocket.keyring));
  const bytes = wrapTo(keys, card.boxPublic, RECOVERY_CONTEXT);
  return { card, wrap: { tag: recoveryTag(card.wrapSecret), bytes, waitSeconds } };
}

/** The wrap of `sent` is there; another card may have come in its place meanwhile. */
export async function noteCardSent(pocket: Pocket, sent: CardRow): Promise<void> {
  const now = await readCardRow(pocket);
  if (now !== null && equalBytes(now.boxPublic, sent.boxPublic)) await writeCardRow(pocket, { ...now, onServer: true });
}

/**
 * Puts the wrap of the newest card on the server, and puts over those of cards that ended, unless it is done.
 * @throws SyncError
 */
export async function sendCardWrap(pocket: Pocket, syncing: Pick<Syncing, "ask">): Promise<void> {
  const ended = (await listEndedCards(pocket)).filter(({ put }) => !put).slice(0, MAX_ENDED);
  const made = (await readCardRow(pocket))?.onServer === false ? await makeCardWrap(pocket) : null;
  if (made === null && ended.length === 0) return;
  const space = pocket.keyring.me.pocket;
  const wraps = [...(made === null ? [] : [made.wrap]), ...ended.map(({ tag }) => endedWrap(tag))];
  const epoch = pocket.keyring.epoch(space);
  await syncing.ask({ type: "putWraps", space, wraps });
  // Asked again in a newer epoch, it laid the keys of the one before over those that a removal left there.
  if (pocket.keyring.epoch(space) !== epoch) return sendCardWrap(pocket, syncing);
  if (made !== null) await noteCardSent(pocket, made.card);
  const card = await readCardRow(pocket);
  if (card !== null && (await readLiveCard(pocket)) === null) await endCard(pocket);
  await noteEndedPut(pocket, ended);
}

/** The server was restored, perhaps from before the newest card: that one gets its keys there, and those before none. */
export async function putCardBack(pocket: Pocket, syncing: Pick<Syncing, "ask">): Promise<void> {
  const made = await makeCardWrap(pocket);
  const ended = (await listEndedCards(pocket)).slice(0, MAX_ENDED);
  const wraps = [...(made === null ? [] : [made.wrap]), ...ended.map(({ tag }) => endedWrap(tag))];
  if (wraps.length > 0) await syncing.ask({ type: "putWraps", space: pocket.keyring.me.pocket, wraps });
}

/** What lies under an ended card's tag from now on, at once and for ever: a wrap for a key that nobody has. */
export const endedWrap = (tag: WrapTag): TaggedWrap => ({
  tag,
  bytes: wrapTo(randomBytes(ENDED_BYTES), createBoxKeyPair().publicKey as BoxPublicKey, RECOVERY_CONTEXT),
  waitSeconds: 0,
});

const settingsOf = ({ shared }: Pocket) => sharedRows<{ readonly cardWaitHours: CardWaitHours }>(shared, "settings");

/** A day, until the child has chosen. */
export const readCardWait = async (pocket: Pocket): Promise<CardWaitHours> =>
  (await settingsOf(pocket).get("card"))?.cardWaitHours ?? 24;

/** For the card that there is, whose wrap is then sent anew, and for all later ones. */
export async function writeCardWait(pocket: Pocket, cardWaitHours: CardWaitHours): Promise<void> {
  const card = await readCardRow(pocket);
  if (card !== null) await writeCardRow(pocket, { ...card, onServer: false });
  await pocket.shared.write([settingsOf(pocket).entry("card", { cardWaitHours })]);
}
