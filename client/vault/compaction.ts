/**
 * Compaction: many records of a document become one snapshot, here and on the server. Spec: docs/protocol/documents.md §3.
 *
 * Three steps, each by itself and each again after a crash, none of them while anybody waits:
 *   make    an owner's device writes a snapshot of what the server has of the document and names the places it stands for.
 *   settle  every device that gets it looks that it holds all that the device has at those places, and lets those go.
 *   prune   the device that made it fetches it back from the server, and only when it is the same, byte for byte, tells the
 *           server to let go what it stands for. What is not in it keeps everything after it on the server, too.
 * Nothing is let go while something of the space is missing, while Yjs waits for what a change builds on, or while a row of
 * the document doesn't open here: the server may have the only good copy of it.
 */
import { equalBytes } from "../../crypto/sodium.ts";
import type { DocumentTag, SpaceId } from "../../crypto/types.ts";
import { compactUpdates, holdsAll } from "../documents/updates.ts";
import { Batch } from "./batch.ts";
import { isBlobStored } from "./blob-travel.ts";
import { runBytes } from "./document-payload.ts";
import type { Syncing } from "./keeper.ts";
import type { Pocket } from "./pocket.ts";
import type { Http } from "./ports.ts";
import { openStored } from "./read-record.ts";
import { mergeRuns, runOf } from "./runs.ts";
import { type DocumentRecord, isCovered, isHeld, newestSnapshot, type SpaceLog } from "./space-log.ts";
import type { SpaceState } from "./space-rows.ts";
import { withToken } from "./with-token.ts";

/** So many records since the last snapshot make the next one … */
export const COMPACT_RECORDS = 64;
/** … or so many bytes, when they are at least a quarter of what a snapshot would repeat. */
const COMPACT_BYTES = 32 * 1024;
/** What a snapshot names takes at most half a record; a document with more holes than that stays as it is. */
const MAX_PLACES_BYTES = 96 * 1024;

export interface CompactionDeps {
  readonly pocket: Pocket;
  readonly http: Http;
  readonly syncing: Pick<Syncing, "ask" | "token" | "changed">;
  /** Records since the last snapshot that make the next one; COMPACT_RECORDS. */
  readonly records?: number;
}

/** Takes each step that is due for a document. @throws StoreError, SyncError, TransportError: nothing was let go then */
export async function compact(deps: CompactionDeps, space: SpaceId, document: DocumentTag): Promise<void> {
  const { pocket, syncing } = deps;
  const log = pocket.log(space);
  if (space !== pocket.keyring.me.pocket) await pocket.vetting.vet(log, document);
  const due = await pocket.store.exclusive(async () => {
    if (!isWhole(await log.state()) || (await log.isPurged(document)) || (await log.isDamaged(document))) return null;
    let records = await log.records(document);
    // What others wrote is applied only once it was looked at; something may have come meanwhile.
    const vetted = space === pocket.keyring.me.pocket || (await pocket.vetting.areVetted(log, records));
    if (vetted) {
      if (await settle(pocket, log, records)) records = await log.records(document);
      if (await makeSnapshot(pocket, log, document, records, deps.records ?? COMPACT_RECORDS)) return "made";
    }
    return snapshotToPrune(log, records);
  });
  if (due === "made") syncing.changed(space, "calm");
  else if (due !== null) await prune(deps, log, due);
}

/** Everything that the server said it has is here and explained. */
const isWhole = ({ problem, missing, awaited, rewound, asking, cursor }: SpaceState): boolean =>
  (problem === null || problem === "quarantined") &&
  missing.length === 0 &&
  awaited.length === 0 &&
  !rewound &&
  !asking &&
  cursor !== null;

/** True when a snapshot now waits to be sent. To be called inside `store.exclusive`. */
async function makeSnapshot(
  pocket: Pocket,
  log: SpaceLog,
  document: DocumentTag,
  records: readonly DocumentRecord[],
  after: number,
): Promise<boolean> {
  if (log.keyring.space(log.space)?.right !== "own") return false;
  const snapshots = records.filter(({ row }) => row.kind === "snapshot");
  const pending = await log.outbox.pendingOf(log.space, document);
  // One at a time: the last one is with the server, and nobody is about to send another.
  if (snapshots.some(({ row }) => row.seq === null) || pending.some(({ kind }) => kind === "snapshot")) return false;
  const newest = newestSnapshot(records);
  const loose = records.filter((one) => one.row.kind === "update" && one.row.seq !== null && !isCovered(newest, one));
  if (loose.length < 2) return false;
  const contents: Uint8Array[] = [];
  for (const { payload } of [...snapshots, ...loose]) {
    const content = await log.content(payload.content);
    if (content === null) return false;
    contents.push(content);
  }
  const bytes = contents.slice(snapshots.length).reduce((sum, content) => sum + content.length, 0);
  const repeated = contents[snapshots.length - 1]?.length ?? 0;
  // Who wrote last makes it; the others only when that one doesn't come: not every device one of its own.
  const isOurs = loose.at(-1)?.place.chain === (await log.state()).chain;
  const times = isOurs ? 1 : 2;
  const isDue = loose.length >= times * after || (bytes >= times * COMPACT_BYTES && bytes >= repeated / 4);
  if (!isDue) return false;
  const places = [...snapshots, ...loose].map(({ place }) => runOf(place));
  const covered = mergeRuns([...snapshots.flatMap(({ payload }) => payload.covered), ...places]);
  const update = runBytes(covered) > MAX_PLACES_BYTES ? null : compactUpdates(contents);
  if (update === null) return false;
  const batch = new Batch();
  const added = { document, kind: "snapshot", payload: update, covered, blobs: [], clientIds: [] } as const;
  await log.addPending(batch, added, pocket.clock.now());
  await batch.commit(log.store);
  return true;
}

const olderSnapshots = (records: readonly DocumentRecord[], newest: DocumentRecord): readonly DocumentRecord[] =>
  records.filter((one) => one.row.kind === "snapshot" && one.row.seq !== null && one !== newest);

/**
 * Lets go here what the newest snapshot was seen to hold; the one before it stays. True when rows are other than `records`
 * by now. Inside `store.exclusive`.
 */
async function settle(pocket: Pocket, log: SpaceLog, records: readonly DocumentRecord[]): Promise<boolean> {
  const newest = newestSnapshot(records);
  if (newest === null || newest.row.seq === null) return false;
  const older = olderSnapshots(records, newest);
  // One that was made beside it may come after it was looked at.
  if (newest.row.settled && older.every(({ row }) => isHeld(newest, row))) return false;
  const covered = records.filter((one) => one.row.kind === "update" && isCovered(newest, one));
  const [snapshot, ...contents] = await Promise.all(
    [newest, ...older, ...covered].map(({ payload }) => log.content(payload.content)),
  );
  if (snapshot == null || contents.some((content) => content === null)) return false;
  // It doesn't hold what it says: everything stays and is shown as before.
  if (!holdsAll(snapshot, contents as Uint8Array[])) return false;
  const batch = new Batch();
  for (const one of older) log.putRow(batch, { ...one.row, heldBy: newest.row.opId });
  for (const one of [...older.slice(0, -1), ...covered]) {
    if (one.row.seq === null || !isCovered(newest, one)) continue;
    log.removeRow(batch, one.row);
    const { content } = one.payload;
    if (!(content instanceof Uint8Array)) pocket.blobs.remove(batch, { space: log.space, blob: content.blob });
  }
  log.putRow(batch, { ...newest.row, settled: true });
  await batch.commit(log.store);
  return true;
}

async function prune(
  { pocket, http, syncing }: CompactionDeps,
  log: SpaceLog,
  snapshot: DocumentRecord,
): Promise<void> {
  const { space } = log;
  const { row, payload } = snapshot;
  const { document } = row;
  // A restored server gives the same numbers to other records: it is another one that is asked, and all of this begins anew.
  const incarnation = (await log.state()).cursor?.incarnation;
  if (incarnation === undefined) return;
  const page = await syncing.ask({ type: "pull", space, after: (row.seq ?? 1) - 1 }, { incarnation });
  const stored = page.type === "page" ? page.records[0] : undefined;
  const back = stored?.opId === row.opId && stored.seq === row.seq ? openStored(log, stored) : null;
  if (back === null || typeof back === "string" || row.inner === null || !equalBytes(back.inner, row.inner)) return;
  const { content } = payload;
  if (!(content instanceof Uint8Array)) {
    const same = await withToken(syncing.token, space, (token) =>
      isBlobStored(pocket.blobs, http, token, space, content.blob),
    );
    if (!same) return;
  }
  const before = await pocket.store.exclusive(async () => {
    const still = await snapshotToPrune(log, await log.records(document));
    const isSame = still?.row.opId === row.opId && still.row.seq === row.seq && !(await log.isDamaged(document));
    return isSame && (await log.state()).cursor?.incarnation === incarnation ? firstUncovered(log, still) : null;
  });
  if (before === null) return;
  await syncing.ask({ type: "prune", space, document, before }, { incarnation });
  await pocket.store.exclusive(async () => {
    const now = await log.row("snapshot", document, row.opId);
    if (now === null) return;
    const batch = new Batch();
    log.putRow(batch, { ...now, pruned: true });
    await batch.commit(log.store);
  });
}

/** The newest snapshot, when this device made it, holds what it says, and everything before it has come here. */
async function snapshotToPrune(log: SpaceLog, records: readonly DocumentRecord[]): Promise<DocumentRecord | null> {
  const state = await log.state();
  const newest = newestSnapshot(records);
  if (newest === null || !isWhole(state)) return null;
  // The server keeps two: one that was made beside it, and for whose place it doesn't stand, would leave a gap.
  const older = olderSnapshots(records, newest);
  if (older.some(({ row }) => !isHeld(newest, row)) || older.slice(0, -1).some((one) => !isCovered(newest, one))) {
    return null;
  }
  const { seq, settled, pruned } = newest.row;
  const isMine = newest.place.chain === state.chain && log.keyring.space(log.space)?.right === "own";
  const ready = seq !== null && (state.cursor?.seq ?? 0) >= seq && settled === true && pruned === undefined;
  return ready && isMine ? newest : null;
}

/** What the snapshot doesn't stand for stays on the server, whoever wrote it and whether we can read it or not. */
async function firstUncovered(log: SpaceLog, snapshot: DocumentRecord): Promise<number> {
  const records = await log.records(snapshot.row.document);
  const covered = new Set(records.filter((one) => isCovered(snapshot, one)).map(({ row }) => row.opId));
  let before = snapshot.row.seq ?? 0;
  for (const { kind, seq, opId } of await log.rows(snapshot.row.document)) {
    if (kind === "update" && seq !== null && !covered.has(opId)) before = Math.min(before, seq);
  }
  return before;
}
