/**
 * Freezing: a pending row gets its op id, its place in this device's chain, the heads seen, and the author's signature,
 * in one strict transaction. From then on it never changes; only its sealing does, with the epoch.
 */

import { createBlobKey } from "../../crypto/blobs.ts";
import { randomId } from "../../crypto/ids.ts";
import { digestHeads, hashInner, NO_PREVIOUS, signInner } from "../../crypto/inner.ts";
import { MAX_INNER_BYTES, sealRecord } from "../../crypto/records.ts";
import type { BlobId, ChainId, OpId, SignedInner } from "../../crypto/types.ts";
import type { OuterRecord } from "../../protocol/frames.ts";
import type { Frozen } from "../sync/ports.ts";
import { namedContent } from "./awaited.ts";
import { Batch } from "./batch.ts";
import type { BlobStore } from "./blob-store.ts";
import { type BlobContent, encodeDocumentPayload, encodeSaidContent, runBytes } from "./document-payload.ts";
import { VaultFailure } from "./failure.ts";
import { memberIn } from "./members.ts";
import { StoreError } from "./ports.ts";
import { noteContent } from "./receive.ts";
import type { SpaceLog } from "./space-log.ts";
import type { KnownHead, LogRow, Mutable, PendingRow, SpaceState } from "./space-rows.ts";

/** To be called inside `store.exclusive`. */
export async function freeze(log: SpaceLog, blobs: BlobStore, limit: number, now: number): Promise<Frozen> {
  const state = await log.state();
  const batch = new Batch();
  const { ready, waitingForBlobs, noRoom } = await rowsToFreeze(log, blobs, state);
  const { ops, more } = state.held
    ? { ops: [], more: false }
    : await handOutAgain(log, batch, limit, state.blobsDoubted);
  const room = more ? 0 : limit - ops.length;
  let next = state;
  for (const row of ready.slice(0, room)) {
    const frozen = freezeRow(log, next, row, now);
    next = frozen.state;
    log.outbox.removePending(batch, row);
    const { opId, document, kind } = frozen.row;
    log.putRow(batch, frozen.row);
    log.outbox.putFrozen(batch, { space: log.space, document, kind, opId, counter: frozen.counter });
    ops.push(frozen.outer);
  }
  if (next !== state) log.putState(batch, next);
  await batch.commit(log.store);
  const doubted = state.blobsDoubted ? 1 : 0;
  const left = Math.max(0, ready.length - room) + (more ? 1 : 0) + noRoom;
  return { ops, left, waitingForBlobs: waitingForBlobs + doubted };
}

/**
 * What the server lost goes before anything new: the chain's order is kept. Like a new record, one whose content is a blob
 * waits until the server has that, and all that follows waits with it (`more`): whoever gets the record alone finds
 * nothing under the blob's name, and takes it for withheld.
 */
async function handOutAgain(
  log: SpaceLog,
  batch: Batch,
  limit: number,
  blobsDoubted: boolean,
): Promise<{ readonly ops: OuterRecord[]; readonly more: boolean }> {
  const ops: OuterRecord[] = [];
  const lost = (await log.outbox.frozen(log.space)).filter((row) => row.again);
  for (const { again: _, ...frozen } of lost) {
    if (ops.length === limit) return { ops, more: true };
    const row = await log.row(frozen.kind, frozen.document, frozen.opId);
    const content = row === null || !blobsDoubted ? null : namedContent(row);
    if (content !== null && !(content instanceof Uint8Array)) return { ops, more: true };
    log.outbox.putFrozen(batch, frozen);
    if (row?.inner != null) ops.push(sealFor(log, row, row.inner));
  }
  return { ops, more: false };
}

/**
 * Oldest first; a row that waits for blobs keeps back everything after it of the same document. What is too large for a
 * record moves into a blob of its document first, and waits until the server has that; where the disk has no room for it
 * (`noRoom`), it stays as it is and keeps nothing else back.
 */
async function rowsToFreeze(log: SpaceLog, blobs: BlobStore, state: SpaceState) {
  const ready: PendingRow[] = [];
  const waiting = new Set<string>();
  let [waitingForBlobs, noRoom] = [0, 0];
  if (state.held) return { ready, waitingForBlobs, noRoom };
  for (const row of await log.outbox.pending(log.space)) {
    const large = isTooLarge(row);
    if (large && !(await moveToBlob(log, blobs, row))) {
      waiting.add(row.document);
      noRoom++;
      continue;
    }
    // After a restore the server may have none of those that it had.
    const uncommitted = state.blobsDoubted ? row.blobs : await blobs.uncommitted(log.space, row.blobs);
    const blocked = large || waiting.has(row.document) || uncommitted.length > 0;
    if (!blocked) {
      ready.push(row);
      continue;
    }
    waiting.add(row.document);
    waitingForBlobs++;
  }
  return { ready, waitingForBlobs, noRoom };
}

/** Room for the head, the client ids and the form of a payload. */
const MAX_CONTENT_BYTES = MAX_INNER_BYTES - 2048;
/** An inner names at most this many Yjs clients; a change by more of them lies in a blob, whose record names none. */
const MAX_CLIENTS = 255;
/** What a snapshot stands for is at most half of a record; one with more is not made (compaction.ts). */
const isTooLarge = ({ kind, payload, covered, clientIds }: PendingRow): boolean =>
  (kind === "update" || kind === "snapshot" || kind === "said") &&
  payload instanceof Uint8Array &&
  (payload.length + runBytes(covered ?? []) > MAX_CONTENT_BYTES || clientIds.length > MAX_CLIENTS);

/** In a transaction of its own, which may be larger than what a full disk still takes. False: there is no room for it. */
async function moveToBlob(log: SpaceLog, blobs: BlobStore, row: PendingRow): Promise<boolean> {
  if (!(row.payload instanceof Uint8Array)) return true;
  const batch = new Batch();
  const content: BlobContent = { blob: randomId<BlobId>(), key: createBlobKey() };
  const { space, document } = row;
  blobs.put(batch, { space, document, blob: content.blob }, content.key, row.payload);
  log.outbox.putPending(batch, { ...row, payload: content, blobs: [...row.blobs, content.blob] });
  try {
    await batch.commit(log.store);
    return true;
  } catch (error) {
    if (error instanceof StoreError && error.code === "storage-full") return false;
    throw error;
  }
}

/** The payload as it stands in the record. */
function recordPayload({ kind, payload, covered }: PendingRow): Uint8Array {
  if (kind === "update" || kind === "snapshot") {
    return encodeDocumentPayload(kind, { content: payload, covered: covered ?? [] });
  }
  return encodeSaidContent(payload);
}

function freezeRow(log: SpaceLog, state: SpaceState, pending: PendingRow, now: number) {
  const signed = signRow(log, state, pending, now);
  return { ...signed, outer: sealFor(log, signed.row, signed.row.inner) };
}

/** The row in the log that a pending one becomes, at the next place of our chain; `state` is the one after it. */
export function signRow(log: SpaceLog, state: SpaceState, pending: PendingRow, now: number) {
  const keys = log.keyring.space(log.space);
  if (keys === null) throw new VaultFailure("not-here");
  const chain = state.chain ?? randomId<ChainId>();
  const last = state.heads.find((head) => head.chain === chain);
  const counter = (last?.counter ?? 0) + 1;
  const { document, kind, clientIds } = pending;
  const inline = pending.payload instanceof Uint8Array && kind === "update";
  const payload = recordPayload(pending);
  const opId = randomId<OpId>();
  const heads = digestHeads(state.heads.filter((head) => head.chain !== chain));
  const previous = last?.hash ?? NO_PREVIOUS;
  const { space } = log;
  const inner = signInner(
    { space, document, kind, opId, chain, counter, previous, heads, clientIds: inline ? clientIds : [], payload },
    keys.author.privateKey,
  );
  const author = keys.author.publicKey;
  const head: KnownHead = { chain, counter, hash: hashInner(inner), author };
  const epoch = log.keyring.epoch(space);
  const row: LogRow & { readonly inner: SignedInner } = {
    opId,
    document,
    kind,
    epoch,
    seq: null,
    order: log.outbox.nextOrder(now),
    inner,
    author,
    problem: null,
    sealed: null,
  };
  const others = state.heads.filter((known) => known.chain !== chain);
  const clients =
    keys.kind === "circle" ? claimClients(state.clients, clientIds, memberIn(log, state, author)) : state.clients;
  const content: Mutable<Pick<SpaceState, "content">> = state.content === undefined ? {} : { content: state.content };
  noteContent(log, content, { document, chain, counter, inner });
  return {
    state: { ...state, ...content, chain, clients, heads: [...others, head] },
    row,
    counter,
  };
}

/** In a joint page what we write with is ours from now on (members.ts, foreignClient). */
const claimClients = (
  clients: SpaceState["clients"],
  ids: readonly number[],
  author: string,
): SpaceState["clients"] => ({
  ...Object.fromEntries(ids.map((id) => [String(id), author])),
  ...clients,
});

/** The record as the server gets it, sealed for the newest epoch. @throws VaultFailure not-here without its keys */
export function sealFor(
  log: SpaceLog,
  row: Pick<LogRow, "document" | "kind" | "opId">,
  inner: SignedInner,
): OuterRecord {
  const epoch = log.keyring.epoch(log.space);
  const ladder = log.keyring.ladder(log.space, epoch);
  if (ladder === null) throw new VaultFailure("not-here");
  const { document, kind, opId } = row;
  const sealed = sealRecord(inner, { space: log.space, document, kind, epoch, opId }, ladder.contentKey);
  return { document, kind, epoch, opId, sealed };
}
