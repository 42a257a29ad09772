/**
 * Putting right what a damaged row or a restored server broke. Nothing here is on the path of unlocking or typing.
 */
import { equalBytes } from "../../crypto/sodium.ts";
import type { DocumentTag } from "../../crypto/types.ts";
import { readOwn } from "../documents/own-read.ts";
import type { Health } from "../sync/ports.ts";
import { Batch } from "./batch.ts";
import { Chains } from "./chains.ts";
import type { Pocket } from "./pocket.ts";
import { retiredAuthors } from "./retired.ts";
import { placeOf, type SpaceLog } from "./space-log.ts";
import type { SpaceState } from "./space-rows.ts";

/** Makes the summaries of own documents again, from the documents themselves. */
export async function summariseAgain(pocket: Pocket, documents: readonly DocumentTag[]): Promise<void> {
  const space = pocket.keyring.me.pocket;
  for (const document of new Set(documents)) {
    if (document === pocket.keyring.me.shared) continue; // Rows, nothing that a list shows.
    const read = await pocket.documents.read(space, document, readOwn);
    await pocket.store.exclusive(async () => {
      const { purged } = await pocket.log(space).state();
      if (purged.some((gone) => gone.document === document)) return;
      const batch = new Batch();
      pocket.putSummary(batch, document, read);
      await batch.commit(pocket.store);
    });
  }
  if (documents.length > 0) pocket.listsChanged();
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
 * A chain has a gap and everything is pulled once more. What stands here stays as it is: it came from this server.
 * To be called inside `store.exclusive`.
 */
export async function beginAsking(log: SpaceLog): Promise<void> {
  const batch = new Batch();
  log.putState(batch, { ...(await log.state()), cursor: null, asking: true });
  await batch.commit(log.store);
}

/**
 * Everything up to the head is here. What is missing after it was asked once more is missing; it is asked for again once
 * per opening, since a server may have been mended. Inside `store.exclusive`.
 */
export async function settleAsking(log: SpaceLog): Promise<Health> {
  const state = await log.state();
  const chains = new Chains(state);
  if (!state.asking) return { ...chains.health, wantsAsking: chains.health.wantsAsking || asksAnew(log, state) };
  log.asked = "this";
  chains.noteAsked();
  const batch = new Batch();
  log.putState(batch, { ...state, ...chains.state(), asking: false });
  await batch.commit(log.store);
  return chains.health;
}

const asksAnew = (log: SpaceLog, { missing }: SpaceState): boolean => log.asked === "never" && missing.length > 0;

/**
 * After a rewind, when everything the server has was received: of our own records, those that it no longer has go into
 * the outbox again, inner verbatim (same op id, same place in the chain). In a space of ours also those whose author key a
 * rotation ended: nobody else would. To be called inside `store.exclusive`.
 */
export async function sendLostAgain(log: SpaceLog): Promise<void> {
  const state = await log.state();
  if (!state.rewound) return;
  const keys = log.keyring.space(log.space);
  const ended = keys?.right === "own" ? retiredAuthors(keys.retired ?? []) : [];
  const ours = [...(keys === null ? [] : [keys.author.publicKey]), ...ended];
  const frozen = new Set((await log.outbox.frozen(log.space)).map(({ opId }) => opId));
  const batch = new Batch();
  for (const { seq, author, inner, problem, document, kind, opId } of await log.allRows()) {
    const lost = seq === null && inner !== null && problem === null && !frozen.has(opId);
    if (!lost || author === null || !ours.some((one) => equalBytes(author, one))) continue;
    const { counter } = placeOf(inner);
    log.outbox.putFrozen(batch, { space: log.space, document, kind, opId, counter, again: true });
  }
  log.putState(batch, { ...state, rewound: false });
  await batch.commit(log.store);
}
