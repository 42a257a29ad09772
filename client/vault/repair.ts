/**
 * Putting right what a damaged row or a restored server broke. Nothing here is on the path of unlocking or typing.
 */
import { equalBytes } from "../../crypto/sodium.ts";
import type { AuthorPublicKey, DocumentTag } from "../../crypto/types.ts";
import { readOwn } from "../documents/own-read.ts";
import type { Health } from "../sync/ports.ts";
import { Batch } from "./batch.ts";
import { Chains } from "./chains.ts";
import { memberOf } from "./members.ts";
import type { Pocket } from "./pocket.ts";
import { UNKNOWN_PLACE } from "./retired.ts";
import type { Place } from "./runs.ts";
import { placeOf, type SpaceLog } from "./space-log.ts";
import type { SpaceState } from "./space-rows.ts";
import { withoutSummariesDue } from "./summaries-due.ts";

/** Makes the summaries of own documents again, from the documents themselves; then none of them is due any more. */
export async function summariseAgain(pocket: Pocket, documents: readonly DocumentTag[]): Promise<void> {
  const space = pocket.keyring.me.pocket;
  const log = pocket.log(space);
  // Of the shared rows there is nothing that a list shows.
  const own = [...new Set(documents)].filter((document) => document !== pocket.keyring.me.shared);
  for (const document of own) {
    const read = await pocket.documents.read(space, document, readOwn);
    await pocket.store.exclusive(async () => {
      const state = await log.state();
      const batch = new Batch();
      if (!state.purged.some((gone) => gone.document === document)) pocket.putSummary(batch, document, read);
      if (document === own.at(-1) && state.summariesDue !== undefined)
        log.putState(batch, withoutSummariesDue(state, own));
      await batch.commit(pocket.store);
    });
  }
  if (documents.length > 0) pocket.listsChanged();
}

/** At the start: what the power going took between keeping and listing. */
export async function summariseDue(pocket: Pocket): Promise<void> {
  const { summariesDue = [] } = await pocket.log(pocket.keyring.me.pocket).state();
  await summariseAgain(pocket, summariesDue);
}

/** A page of summaries did not open: the documents it named are in the log, and get new ones. */
export async function restoreSummaries(pocket: Pocket): Promise<void> {
  if (!pocket.pages.damaged) return;
  const space = pocket.keyring.me.pocket;
  const kept = await pocket.store.exclusive(() => pocket.log(space).allRows());
  const pending = await pocket.store.exclusive(() => pocket.outbox.pending(space));
  const documents = [...kept, ...pending]
    .filter(({ kind }) => kind === "update" || kind === "snapshot")
    .map(({ document }) => document);
  await summariseAgain(
    pocket,
    documents.filter((document) => pocket.pages.get(document) === null),
  );
}

/**
 * The server was restored from a backup and is pulled again from the start: nothing counts as stored until it comes back.
 * To be called inside `store.exclusive`.
 */
export async function forgetStored(log: SpaceLog): Promise<void> {
  const batch = new Batch();
  for (const row of await log.allRows()) if (row.seq !== null) log.putRow(batch, { ...row, seq: null });
  const reopening = log.keyring.space(log.space)?.right === "own";
  const state = await log.state();
  log.putState(batch, { ...state, cursor: null, rewound: true, asking: true, blobsDoubted: true, reopening });
  await batch.commit(log.store);
}

/**
 * A chain has a gap and everything is pulled once more. What stands here stays as it is: it came from this server; which
 * one that was is kept, so that a restore before the next start is noticed. To be called inside `store.exclusive`.
 */
export async function beginAsking(log: SpaceLog): Promise<void> {
  const batch = new Batch();
  const state = await log.state();
  log.putState(batch, { ...state, cursor: state.cursor && { ...state.cursor, seq: 0 }, asking: true });
  await batch.commit(log.store);
}

/**
 * Everything up to the head is here. What is missing after it was asked once more is missing; it is asked for again once
 * per opening, since a server may have been mended. Inside `store.exclusive`.
 */
export async function settleAsking(log: SpaceLog): Promise<Health> {
  const state = await log.state();
  const chains = new Chains(state);
  chains.expect(endsOf(log));
  const { missing } = chains.state();
  if (!state.asking && missing.length === state.missing.length)
    return { ...chains.health, wantsAsking: chains.health.wantsAsking || asksAnew(log, state) };
  if (state.asking) {
    log.asked = "this";
    chains.noteAsked();
  }
  const batch = new Batch();
  log.putState(batch, { ...state, ...chains.state(), asking: false });
  await batch.commit(log.store);
  return chains.health;
}

/** How far chains had come whose keys a rotation ended; of its own record only the number is known. */
const endsOf = (log: SpaceLog): readonly Place[] =>
  (log.keyring.space(log.space)?.retired ?? []).filter(({ hash }) => !equalBytes(hash, UNKNOWN_PLACE));

const asksAnew = (log: SpaceLog, { missing }: SpaceState): boolean => log.asked === "never" && missing.length > 0;

/**
 * After a rewind, when everything the server has was received: what it no longer has goes into the outbox again, inner
 * verbatim (same op id, same place in the chain). In a space of ours that is everything that counts, whoever signed it: the
 * device that did may be lost, and its key ended. Elsewhere what we signed, with the key of now or an earlier one. The
 * server looks at the op id and the epoch only, and takes what two of us bring once. To be called inside `store.exclusive`.
 */
export async function sendLostAgain(log: SpaceLog): Promise<void> {
  const state = await log.state();
  if (!state.rewound) return;
  const own = log.keyring.author(log.space);
  const isOwner = log.keyring.space(log.space)?.right === "own";
  const isOurs = (author: AuthorPublicKey): boolean =>
    own !== null && (equalBytes(author, own) || memberOf(state, author) === memberOf(state, own));
  const waiting = await log.outbox.frozen(log.space);
  const frozen = new Set(waiting.map(({ opId }) => opId));
  const batch = new Batch();
  // What was on its way when the server went back stands behind what it lost: all of it goes in the order of the chain.
  for (const row of waiting) log.outbox.putFrozen(batch, { ...row, again: true });
  for (const { seq, author, inner, problem, document, kind, opId } of await log.allRows()) {
    const lost = seq === null && inner !== null && problem === null && !frozen.has(opId);
    if (!lost || author === null || !(isOwner || isOurs(author))) continue;
    const { counter } = placeOf(inner);
    log.outbox.putFrozen(batch, { space: log.space, document, kind, opId, counter, again: true });
  }
  log.putState(batch, { ...state, rewound: false });
  await batch.commit(log.store);
}
