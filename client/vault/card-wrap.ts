/**
 * The recovery card on the server: the pocket's keys wrapped for the card, under a tag that only the card can compute,
 * released after the waiting time. Without it the card opens this device only.
 */
import { encodeEpochKeys } from "../../crypto/epoch-keys.ts";
import { createBoxKeyPair, RECOVERY_CONTEXT, recoveryTag, wrapTo } from "../../crypto/recipients.ts";
import { NO_CHECKPOINT } from "../../crypto/rosters.ts";
import type { BoxPublicKey, OwnerPrivateKey, WrapTag } from "../../crypto/types.ts";
import type { TaggedWrap } from "../../protocol/frames.ts";
import { type CardRow, readCardRow, writeCardRow } from "./card.ts";
import type { Syncing } from "./keeper.ts";
import type { Pocket } from "./pocket.ts";

/** A day, until the child has chosen 1, 24 or 72 hours. */
const WAIT_SECONDS = 24 * 3600;

/** Puts the wrap of the newest card on the server, unless it is there. @throws SyncError */
export async function sendCardWrap(pocket: Pocket, syncing: Pick<Syncing, "ask">): Promise<void> {
  const card = await readCardRow(pocket);
  if (card === null || card.onServer) return;
  const space = pocket.keyring.me.pocket;
  const wraps = [wrapFor(pocket, card.boxPublic, recoveryTag(card.wrapSecret)), ...card.oldTags.map(endedWrap(pocket))];
  await syncing.ask({ type: "putWraps", space, wraps });
  const now = await readCardRow(pocket);
  if (now?.boxPublic.every((byte, at) => byte === card.boxPublic[at])) {
    await writeCardRow(pocket, { ...now, onServer: true, oldTags: [] });
  }
}

/** What lies under an ended card's tag from now on: a wrap for a key that nobody has. */
const endedWrap = (pocket: Pocket) => (tag: CardRow["oldTags"][number]) =>
  wrapFor(pocket, createBoxKeyPair().publicKey, tag);

function wrapFor(pocket: Pocket, recipient: BoxPublicKey, tag: WrapTag): TaggedWrap {
  const space = pocket.keyring.me.pocket;
  const row = pocket.keyring.space(space);
  if (row === null) throw new Error("a pocket without its own space");
  const keys = encodeEpochKeys({
    right: "own",
    space,
    checkpoint: NO_CHECKPOINT,
    owner: row.ownerPublic,
    ...(row.ownerPrivate && { ownerPrivateKey: row.ownerPrivate as OwnerPrivateKey }),
    epochs: row.epochs,
  });
  return { tag, bytes: wrapTo(keys, recipient, RECOVERY_CONTEXT), waitSeconds: WAIT_SECONDS };
}
