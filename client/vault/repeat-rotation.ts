/**
 * Rotations that a server forgot, since it was restored from a backup of before them without its journal. An owner's device
 * repeats each, with the checkpoint that was made then, inner verbatim, and with wraps for everybody who may read now: who
 * was removed meanwhile is left no wrap on the way either. Spec: docs/protocol/sync.md §3.
 *
 * The checkpoint lies in the log of every device but the one that made it, which is only told that it is stored. That one
 * keeps the record from before it asks.
 */
import { openDeviceCertificate } from "../../crypto/identity.ts";
import { parseInner } from "../../crypto/inner.ts";
import { deriveLadder } from "../../crypto/ladder.ts";
import { sealRecord } from "../../crypto/records.ts";
import { parseCheckpoint } from "../../crypto/rosters.ts";
import type { OpId, SpaceId } from "../../crypto/types.ts";
import type { OuterRecord } from "../../protocol/frames.ts";
import type { Repeated } from "../sync/ports.ts";
import { makeCardWrap } from "./card-wrap.ts";
import { decodeSaidContent } from "./document-payload.ts";
import { listKnownDevices } from "./intents.ts";
import type { Syncing } from "./keeper.ts";
import { capabilityKeysOf, type SpaceRow } from "./keyring.ts";
import { encodeOwnKeys, ownKeysOf } from "./own-keys.ts";
import { mailboxWrap, ownKeyAt, wrapForDevice } from "./own-renewal.ts";
import type { Pocket } from "./pocket.ts";
import { openStored } from "./read-record.ts";
import { parseControl } from "./sharing/control.ts";
import type { RotationWraps } from "./sharing/ports.ts";
import { rotationGroup } from "./space-rows.ts";

/** As `ask`, and what a rotation says is kept first. One that another's came before opens under no key that we have. */
export const keepingRotations =
  ({ store }: Pocket, ask: Syncing["ask"]): Syncing["ask"] =>
  async (frame, made) => {
    if (frame.type === "rotate") {
      const { space, record } = frame;
      await store.exclusive(() => store.commit([store.put("spaces", rotationGroup(space), record.opId, record)]));
    }
    return ask(frame, made);
  };

/** The keys with which a space of mine was created; null where I don't have those of its first epoch. */
export function createdAs({ space, right, epochs }: SpaceRow): SpaceRow["creation"] {
  const seed = epochs.find(({ epoch }) => epoch === 1)?.seed;
  if (right !== "own" || seed === undefined) return null;
  return { keys: capabilityKeysOf(deriveLadder({ right, seed, space, epoch: 1 })), wraps: [] };
}

/** Null where what was made then isn't known here. */
export async function repeatRotation(
  pocket: Pocket,
  space: SpaceId,
  epoch: number,
  expected: OpId | null,
  again: RotationWraps,
): Promise<Repeated> {
  const next = epoch + 1;
  const ladder = pocket.keyring.ladder(space, next);
  const record = await pocket.store.exclusive(() => findRotation(pocket, space, next));
  if (ladder === null || record === null) return null;
  return { type: "rotate", space, expected, seen: null, epoch: next, keys: capabilityKeysOf(ladder), ...again, record };
}

async function findRotation(pocket: Pocket, space: SpaceId, epoch: number): Promise<OuterRecord | null> {
  const log = pocket.log(space);
  for (const { value } of await pocket.store.list<OuterRecord>("spaces", rotationGroup(space))) {
    const opened = value.epoch === epoch ? openStored(log, { ...value, seq: 0 }) : null;
    if (opened !== null && typeof opened !== "string") return value;
  }
  const ladder = pocket.keyring.ladder(space, epoch);
  if (ladder === null) return null;
  let first: { readonly number: number; readonly record: OuterRecord } | null = null;
  for (const { kind, document, opId, inner, problem } of await log.said()) {
    if (kind !== "control" || inner === null || problem !== null) continue;
    const payload = await log.content(decodeSaidContent(parseInner(inner).payload));
    const control = payload === null ? null : parseControl(payload);
    if (control?.type !== "checkpoint") continue;
    const checkpoint = parseCheckpoint(control.checkpoint);
    // The first of its epoch made it.
    if (checkpoint.epoch !== epoch || (first !== null && first.number < checkpoint.number)) continue;
    const sealed = sealRecord(inner, { space, document, kind, epoch, opId }, ladder.contentKey);
    first = { number: checkpoint.number, record: { document, kind, epoch, opId, sealed } };
  }
  return first?.record ?? null;
}

/** For the pocket: each device that stays, and the card. For the mailbox: all of mine. */
export async function ownWrapsAfter(pocket: Pocket, space: SpaceId, epoch: number): Promise<RotationWraps | null> {
  const { keyring } = pocket;
  const { me } = keyring;
  const row = keyring.space(space);
  if (row === null || row.right !== "own") return null;
  const before = { ...row, epochs: row.epochs.filter((known) => known.epoch <= epoch) };
  if (space === me.mailbox) return { wraps: [mailboxWrap(pocket, before, row)], removedTags: [] };
  const payload = encodeOwnKeys(ownKeysOf(keyring));
  const { publicKey: identity } = me.identity;
  const staying = (await listKnownDevices(pocket)).filter(({ removing }) => !removing);
  const wraps = staying.map(({ id, certificate }) => {
    const { box } = openDeviceCertificate(certificate, identity);
    return wrapForDevice(payload, box, { space, identity, key: ownKeyAt(before, id) });
  });
  const card = await makeCardWrap(pocket);
  return { wraps: card === null ? wraps : [...wraps, card.wrap], removedTags: [] };
}
