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
import { encodeOwnKeys, type OwnKeys, ownKeysOf } from "./own-keys.ts";
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

/** A card's wrap, and what it was made with. */
export interface CardWrap {
  readonly card: CardRow;
  readonly wrap: TaggedWrap;
  readonly waitHours: CardWaitHours;
  /** The pocket's, whose keys it holds. */
  readonly epoch: number;
}

/** The newest card's wrap, with the keys of now unless others are given; null where there is no card. */
export async function makeCardWrap(pocket: Pocket, given: OwnKeys | null = null): Promise<CardWrap | null> {
  const card = await readLiveCard(pocket);
  if (card === null) return null;
  const waitHours = await readCardWait(pocket);
  const keys = given ?? ownKeysOf(pocket.keyring);
  const tag = recoveryTag(card.wrapSecret);
  pocket.laidForCard.add(tag);
  const bytes = wrapTo(encodeOwnKeys(keys), card.boxPublic, RECOVERY_CONTEXT);
  const epoch = keys.pocket.epochs.at(-1)?.epoch ?? 0;
  return { card, wrap: { tag, bytes, waitSeconds: waitHours * 3600 }, waitHours, epoch };
}

/** The wrap is there; another card may have come in its place meanwhile. */
export async function noteCardSent(pocket: Pocket, { card, waitHours }: CardWrap): Promise<void> {
  const now = await readCardRow(pocket);
  if (now === null || !equalBytes(now.boxPublic, card.boxPublic)) return;
  await writeCardRow(pocket, { ...now, onServer: true, sentWaitHours: waitHours });
}

/** Not on the server, or not with the waiting time that holds now. */
async function isDue(pocket: Pocket): Promise<boolean> {
  const card = await readCardRow(pocket);
  if (card === null) return false;
  const { onServer, sentWaitHours = null } = card;
  return !onServer || (sentWaitHours !== null && sentWaitHours !== (await readCardWait(pocket)));
}

/** False when the pocket has newer keys by now: it is made anew. @throws SyncError */
async function put(
  { keyring }: Pocket,
  syncing: Pick<Syncing, "ask">,
  wraps: readonly TaggedWrap[],
  made: { readonly epoch: number | null; readonly incarnation?: string },
): Promise<boolean> {
  const space = keyring.me.pocket;
  const isOver = (): boolean => made.epoch !== null && keyring.epoch(space) !== made.epoch;
  try {
    await syncing.ask({ type: "putWraps", space, wraps }, made);
  } catch (error) {
    if (!isOver()) throw error;
  }
  // A removal left newer keys under the card's tag, and these may lie over them.
  return !isOver();
}

/**
 * Puts the wrap of the newest card on the server, and puts over those of cards that ended, unless it is done.
 * @throws SyncError
 */
export const sendCardWrap = (pocket: Pocket, syncing: Pick<Syncing, "ask">): Promise<void> =>
  pocket.cardWraps(async () => {
    for (;;) {
      const ended = (await listEndedCards(pocket)).filter(({ put }) => !put).slice(0, MAX_ENDED);
      const made = (await isDue(pocket)) ? await makeCardWrap(pocket) : null;
      if (made === null && ended.length === 0) return;
      const wraps = [...(made === null ? [] : [made.wrap]), ...ended.map(({ tag }) => endedWrap(tag))];
      if (!(await put(pocket, syncing, wraps, { epoch: made?.epoch ?? null }))) continue;
      if (made !== null) await noteCardSent(pocket, made);
      const card = await readCardRow(pocket);
      if (card !== null && (await readLiveCard(pocket)) === null) await endCard(pocket);
      await noteEndedPut(pocket, ended);
      for (const { tag } of ended) pocket.laidForCard.delete(tag);
    }
  });

/**
 * Another device of mine ended a card, and has perhaps put over its wrap before the one arrived that this device has laid.
 * @throws SyncError
 */
export const putOverLaid = (pocket: Pocket, syncing: Pick<Syncing, "ask">): Promise<void> =>
  pocket.cardWraps(async () => {
    const ended = (await listEndedCards(pocket)).filter(({ tag }) => pocket.laidForCard.has(tag));
    const wraps = ended.slice(0, MAX_ENDED).map(({ tag }) => endedWrap(tag));
    if (wraps.length === 0) return;
    await put(pocket, syncing, wraps, { epoch: null });
    for (const { tag } of wraps) pocket.laidForCard.delete(tag);
  });

/**
 * The server of this incarnation was restored, perhaps from before the newest card: that one gets its keys there, and those
 * before none. @throws SyncError
 */
export const putCardBack = (pocket: Pocket, syncing: Pick<Syncing, "ask">, incarnation: string): Promise<void> =>
  pocket.cardWraps(async () => {
    for (let isPut = false; !isPut; ) {
      const made = await makeCardWrap(pocket);
      const ended = (await listEndedCards(pocket)).slice(0, MAX_ENDED);
      const wraps = [...(made === null ? [] : [made.wrap]), ...ended.map(({ tag }) => endedWrap(tag))];
      isPut = wraps.length === 0 || (await put(pocket, syncing, wraps, { epoch: made?.epoch ?? null, incarnation }));
    }
  });

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
