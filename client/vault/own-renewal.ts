/**
 * Taking on the keys that a removal of a device made, on every device that stays: whichever of them made it left a wrap for
 * each. One after the other: who was away for three of them takes three steps. Spec: docs/protocol/devices.md §6.
 */
import { CryptoError } from "../../crypto/errors.ts";
import { circlePsk, openWrap, pairWrapSecret, type WrapContext, wrapTag, wrapTo } from "../../crypto/recipients.ts";
import { deriveAuthorKeys, deriveDeviceKey } from "../../crypto/renewed.ts";
import { equalBytes } from "../../crypto/sodium.ts";
import type {
  BoxPublicKey,
  BoxSeed,
  IdentityPublicKey,
  OwnSeed,
  PairKey,
  SpaceId,
  WayIn,
  Wrap,
} from "../../crypto/types.ts";
import { createWayIn, parseWayIn, wayInTag } from "../../crypto/ways-in.ts";
import type { TaggedWrap } from "../../protocol/frames.ts";
import type { Rekeyed } from "../sync/ports.ts";
import { Batch } from "./batch.ts";
import { isRenewed } from "./card.ts";
import { isCard } from "./codes.ts";
import { deviceIdOf } from "./devices.ts";
import type { SpaceRow } from "./keyring.ts";
import { withRoots } from "./media-keys.ts";
import { decodeOwnKeys, type OwnKeys } from "./own-keys.ts";
import type { Pocket } from "./pocket.ts";
import type { Http } from "./ports.ts";
import { summariseAgain } from "./repair.ts";
import { isChange, retireRows } from "./retired.ts";
import { decodeRow, encodeRow } from "./row-codec.ts";
import type { LogRow } from "./space-rows.ts";
import { withSummariesDue } from "./summaries-due.ts";

/** The recipient can't know which epoch it will find; the keys inside name theirs. */
const NO_EPOCH = 0;
/** In the place of a device's id: all of mine. */
export const ALL_DEVICES = "00".repeat(16);

/** What names and authenticates the next wrap of one's own space for a device (or all of mine). */
export function ownKeyAt({ space, epochs }: Pick<SpaceRow, "space" | "epochs">, device: string): PairKey {
  const newest = epochs.at(-1);
  if (newest === undefined) throw new CryptoError("bad-size", "an epoch");
  return deriveDeviceKey(newest.seed as OwnSeed, { space, epoch: newest.epoch }, device);
}

const contextOf = (space: SpaceId, identity: IdentityPublicKey): WrapContext => ({
  purpose: "pocket",
  space,
  epoch: NO_EPOCH,
  sender: identity,
  recipient: identity,
});

export function wrapForDevice(
  payload: Uint8Array,
  box: BoxPublicKey,
  { space, identity, key }: { readonly space: SpaceId; readonly identity: IdentityPublicKey; readonly key: PairKey },
): TaggedWrap {
  const bytes = wrapTo(payload, box, contextOf(space, identity), circlePsk(key, space));
  return { tag: wrapTag(pairWrapSecret(key), space), bytes, waitSeconds: 0 };
}

async function fetchOwn(
  pocket: Pocket,
  http: Pick<Http, "getWrap">,
  row: SpaceRow,
  device: string,
  box: BoxSeed,
): Promise<Uint8Array | null> {
  const { space } = row;
  const key = ownKeyAt(row, device);
  const wrap = await http.getWrap(wrapTag(pairWrapSecret(key), space));
  if (!(wrap instanceof Uint8Array)) return null;
  return openWrap(wrap as Wrap, box, contextOf(space, pocket.keyring.me.identity.publicKey), circlePsk(key, space));
}

/**
 * The pocket moved to a newer epoch than `refused`. No wrap for this device after that very epoch: it was removed. Where later
 * keys are here by now (our own rotation, whose answer the refusal overtook), they are to be tried: of the wrap after those
 * nothing can be known yet. @throws TransportError
 */
export async function rekeyPocket(pocket: Pocket, http: Pick<Http, "getWrap">, refused: number): Promise<Rekeyed> {
  const { me } = pocket.keyring;
  const row = pocket.keyring.space(me.pocket);
  if (row === null) return { state: "removed" };
  const here = pocket.keyring.epoch(me.pocket);
  if (here > refused) return { state: "rekeyed", epoch: here, right: "own" };
  const bytes = await fetchOwn(pocket, http, row, deviceIdOf(me), me.device.box.seed);
  if (bytes === null) return { state: "removed" };
  await adoptOwnKeys(pocket, decodeOwnKeys(bytes));
  return answerOf(pocket, me.pocket, row);
}

/** As `rekeyPocket`; nobody is removed from a mailbox, so what isn't there yet will come. */
export async function rekeyMailbox(pocket: Pocket, http: Pick<Http, "getWrap">): Promise<Rekeyed> {
  const { me } = pocket.keyring;
  const row = pocket.keyring.space(me.mailbox);
  if (row === null) return { state: "removed" };
  const bytes = await fetchOwn(pocket, http, row, ALL_DEVICES, me.box.seed).catch((error: unknown) => {
    // Sealed for the box of a removal that this device hasn't heard of yet.
    if (error instanceof CryptoError) return null;
    throw error;
  });
  const next = bytes === null ? null : decodeRow<SpaceRow>(bytes);
  if (next !== null) {
    await pocket.store.exclusive(async () => {
      // As it is now: what came while the server was asked stays.
      const now = pocket.keyring.space(row.space);
      if (now === null || !goesOn(now, next)) return;
      await pocket.keyring.keep({ ...now, ...next, creation: now.creation, created: true });
    });
  }
  return answerOf(pocket, me.mailbox, row);
}

/** What `rekeyMailbox` finds. */
export const mailboxWrap = (pocket: Pocket, before: SpaceRow, next: SpaceRow): TaggedWrap => {
  const { identity, box } = pocket.keyring.me;
  const { creation: _, created: __, ...payload } = next;
  const key = ownKeyAt(before, ALL_DEVICES);
  return wrapForDevice(encodeRow(payload), box.publicKey, { space: next.space, identity: identity.publicKey, key });
};

function answerOf({ keyring }: Pocket, space: SpaceId, before: SpaceRow): Rekeyed {
  const epoch = keyring.epoch(space);
  return { state: epoch > (before.epochs.at(-1)?.epoch ?? 0) ? "rekeyed" : "unchanged", epoch, right: "own" };
}

/** Every epoch we have, and a newer one. */
function goesOn(row: SpaceRow, next: SpaceRow): boolean {
  const has = ({ epoch, seed }: SpaceRow["epochs"][number]): boolean =>
    next.epochs.some((one) => one.epoch === epoch && equalBytes(one.seed, seed));
  const newest = next.epochs.at(-1);
  return (
    row.space === next.space &&
    row.epochs.every(has) &&
    newest !== undefined &&
    newest.epoch > (row.epochs.at(-1)?.epoch ?? 0) &&
    equalBytes(
      deriveAuthorKeys(newest.seed as OwnSeed, { space: next.space, epoch: newest.epoch }).publicKey,
      next.author.publicKey,
    )
  );
}

/**
 * One strict transaction: keys of the person and the pocket, and everything that the ended author key signed too late.
 * False when it isn't newer than what is here.
 */
export async function adoptOwnKeys(pocket: Pocket, keys: OwnKeys): Promise<boolean> {
  const { keyring, store, clock } = pocket;
  const newer = (): SpaceRow | null => {
    const row = keyring.space(keys.pocket.space);
    const isMine = equalBytes(keys.me.identity.publicKey, keyring.me.identity.publicKey);
    return row !== null && goesOn(row, keys.pocket) && isMine ? row : null;
  };
  if (newer() === null) return false;
  const wasRenewed = await openByRecovery(pocket, keys.me.recovery);
  const documents = await store.exclusive(async () => {
    // Once more, as it is now.
    const row = newer();
    if (row === null) return null;
    const batch = new Batch();
    const log = pocket.log(row.space);
    const retired = keys.pocket.retired ?? [];
    const rescues = (one: LogRow): boolean => isChange(one) || one.kind === "said";
    const after = await retireRows(log, batch, await log.state(), { retired, rescues, now: clock.now() });
    log.putState(batch, withSummariesDue(log, after.state, after.documents));
    const { box, recovery, mediaRoot, olderRoots, renewal } = keys.me;
    const me = withRoots(keyring.me, mediaRoot, olderRoots);
    keyring.writeMe(batch, { ...me, box, recovery, ...(renewal && { renewal }) });
    const { epochs, author, roster } = keys.pocket;
    keyring.writeSpace(batch, { ...row, epochs, author, retired, ...(roster && { roster }) });
    const mailbox = keyring.space(keys.mailbox.space);
    if (mailbox !== null && goesOn(mailbox, keys.mailbox)) {
      keyring.writeSpace(batch, { ...mailbox, ...keys.mailbox, creation: mailbox.creation, created: mailbox.created });
    }
    await batch.commit(store);
    return after.documents;
  });
  if (wasRenewed) await closeOldRecovery(pocket);
  if (documents === null) return false;
  if (documents.includes(keyring.me.shared)) await pocket.shared.readAgain();
  await summariseAgain(pocket, documents);
  pocket.onPending(keys.pocket.space);
  pocket.emit({ type: "changed", what: "devices" });
  return true;
}

/** The card gets in here by the recovery seed that its wrap will hold from now on; the one before still does, until all is kept. */
async function openByRecovery(pocket: Pocket, recovery: OwnKeys["me"]["recovery"]): Promise<boolean> {
  return pocket.ways(async () => {
    if (!isRenewed(pocket)) return false;
    const { vaultKey, burn } = pocket;
    const way = createWayIn({ kind: "card", seed: recovery, vaultKey, burn });
    await pocket.changeRow((row) => ({ ...row, waysIn: [...row.waysIn, way] }));
    return true;
  });
}

/** Ways in by a recovery seed that a removal ended; at each start too, should a closing have come in between. */
export async function closeOldRecovery(pocket: Pocket): Promise<void> {
  await pocket.ways(async () => {
    if (!isRenewed(pocket)) return;
    const tag = wayInTag(pocket.keyring.me.recovery);
    const isOld = (way: Uint8Array): boolean => isCard(way as WayIn) && parseWayIn(way as WayIn).tag !== tag;
    if (!pocket.row.waysIn.some(isOld)) return;
    await pocket.changeRow((row) => ({ ...row, waysIn: row.waysIn.filter((way) => !isOld(way)) }));
  });
}
