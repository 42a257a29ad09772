/**
 * A deleted own document, told to one's other devices: the pocket's owner signs a tombstone that names the places of its
 * records, in one transaction with the deletion. Another device lets its copy go, and a device that comes later takes the
 * places for what they are: gone by the child's own wish, not withheld. Spec: docs/protocol/store.md §14.
 */
import { randomId } from "../../crypto/ids.ts";
import { parseInner } from "../../crypto/inner.ts";
import { openTombstone, signTombstone, type TombstoneFields } from "../../crypto/tombstones.ts";
import type { DocumentTag, Hash32, SpaceId, Tombstone } from "../../crypto/types.ts";
import type { Health } from "../sync/ports.ts";
import { Batch } from "./batch.ts";
import { Chains } from "./chains.ts";
import { decodeSaidContent } from "./document-payload.ts";
import type { Pocket } from "./pocket.ts";
import { isOwnersRetired } from "./retired.ts";
import { controlDocument, encodeTombstoneControl, parseControl } from "./sharing/control.ts";
import { placeOf, type SpaceLog } from "./space-log.ts";
import type { LogRow } from "./space-rows.ts";

/** A tombstone fits one record: 56 bytes a place. A text of more records than that was never typed by a person. */
const MAX_PLACES = 4_000;
/** Of a place that a snapshot stands for, the hash is no longer known; nobody asks a tombstone for it. */
const NO_HASH = new Uint8Array(32) as Hash32;

/** Takes every trace of the document out of the pocket, and says so. Inside `store.exclusive`, before the commit. */
export async function removeWithTombstone(pocket: Pocket, batch: Batch, document: DocumentTag): Promise<void> {
  const { pocket: space } = pocket.keyring.me;
  const log = pocket.log(space);
  const covered = (await log.records(document)).flatMap(({ payload }) => payload.covered);
  const again = await log.isPurged(document);
  const places = await log.removeDocument(batch, document);
  const owner = pocket.keyring.space(space)?.ownerPrivate ?? null;
  // Never frozen: it never left this device, and nobody has to hear of it.
  if (again || owner === null || places.length === 0) return;
  const gaps = new Map(places.map((place) => [`${place.chain}/${place.counter}`, place]));
  for (const { chain, from, to } of covered) {
    for (let counter = from; counter <= to && gaps.size < MAX_PLACES; counter++) {
      const name = `${chain}/${counter}`;
      if (!gaps.has(name)) gaps.set(name, { chain, counter, hash: NO_HASH });
    }
  }
  const number = (await log.state()).purged.length + 1;
  const tombstone = signTombstone({ space, document, gaps: [...gaps.values()].slice(0, MAX_PLACES), number }, owner);
  await addTombstone(log, batch, tombstone, pocket.clock.now());
}

/**
 * A record of ours that the server will never take, signed by a key that a rotation ended: the rotation says that it was there,
 * and no void of that key can say otherwise any more. So the owner names its place as one that is gone. Nothing where the
 * record isn't such a one. Inside `store.exclusive`, before the commit.
 */
export async function explainEnded(pocket: Pocket, batch: Batch, space: SpaceId, row: LogRow): Promise<void> {
  const { ownerPrivate = null, right, retired = [] } = pocket.keyring.space(space) ?? {};
  const { inner, author } = row;
  if (ownerPrivate === null || right !== "own" || inner === null || author === null) return;
  if (!isOwnersRetired(retired, author)) return;
  const log = pocket.log(space);
  const { purged } = await log.state();
  // On the server's word alone nothing is let go on other devices: then it is named under a document that there isn't.
  const document = (await log.isPurged(row.document)) ? row.document : randomId<DocumentTag>();
  const tombstone = signTombstone({ space, document, gaps: [placeOf(inner)], number: purged.length + 1 }, ownerPrivate);
  await addTombstone(log, batch, tombstone, pocket.clock.now());
}

async function addTombstone(log: SpaceLog, batch: Batch, tombstone: Tombstone, now: number): Promise<void> {
  const payload = encodeTombstoneControl(tombstone);
  const document = controlDocument(log.space);
  await log.addPending(batch, { document, kind: "control", payload, blobs: [], clientIds: [] }, now);
}

/**
 * Lets go what another of one's devices deleted. Everything in it can be done twice; at the start it takes up what a
 * closing broke off. Gives what the chains say now; null when nothing was new.
 */
export async function obeyRemovals(pocket: Pocket): Promise<Health | null> {
  const { pocket: space } = pocket.keyring.me;
  const log = pocket.log(space);
  const told = await pocket.store.exclusive(() => readRemovals(pocket));
  const { purged } = await log.state();
  const fresh = told.filter(({ document }) => !purged.some((gone) => gone.document === document));
  const learned = await pocket.store.exclusive(async () => {
    const state = await log.state();
    const chains = new Chains(state);
    chains.allow(told.flatMap(({ gaps }) => gaps));
    const next = { ...state, ...chains.state() };
    if (next.gaps.length === state.gaps.length) return false;
    const batch = new Batch();
    log.putState(batch, next);
    await batch.commit(pocket.store);
    return true;
  });
  for (const { document } of fresh) {
    await pocket.documents.drop(space, document);
    await pocket.store.exclusive(async () => {
      const batch = new Batch();
      await forgetRows(pocket, batch, document);
      await log.removeDocument(batch, document);
      await batch.commit(pocket.store);
    });
  }
  if (fresh.length > 0) pocket.listsChanged();
  return learned ? new Chains(await log.state()).health : null;
}

/** Everything of an own document beside its log: photos, recordings, its words for searching, its line in the lists. */
export async function forgetRows(pocket: Pocket, batch: Batch, document: DocumentTag): Promise<void> {
  await pocket.recordings.removeOf(batch, document);
  await pocket.blobs.removeOf(batch, pocket.keyring.me.pocket, document);
  pocket.texts.remove(batch, document);
  pocket.pages.remove(batch, document);
}

/** Tombstones of the pocket that its owner signed; anything else in their place counts for nothing. */
async function readRemovals(pocket: Pocket): Promise<readonly TombstoneFields[]> {
  const { pocket: space } = pocket.keyring.me;
  const log = pocket.log(space);
  const owner = pocket.keyring.space(space)?.ownerPublic;
  const told: TombstoneFields[] = [];
  for (const { kind, inner, problem } of await log.said()) {
    if (kind !== "control" || inner === null || problem !== null || owner === undefined) continue;
    const payload = await log.content(decodeSaidContent(parseInner(inner).payload));
    const control = payload === null ? null : parseControl(payload);
    if (control?.type !== "tombstone") continue;
    try {
      const tombstone = openTombstone(control.tombstone, owner);
      if (tombstone.space === space) told.push(tombstone);
    } catch {
      // Not the owner's word.
    }
  }
  return told;
}
