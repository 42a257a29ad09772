/**
 * Records that arrive: opened, their author and chain checked, kept with the cursor in one strict transaction. What can't
 * be used is kept and marked, never dropped, and never stops the rest. Spec: docs/protocol/store.md §8.
 *
 * A record at a known place again is the same record (and passed over) or another history (kept, not shown).
 */
import { hashInner } from "../../crypto/inner.ts";
import type { OpenedRecord } from "../../crypto/records.ts";
import type { StoredRecord } from "../../protocol/frames.ts";
import type { Arrived, Health } from "../sync/ports.ts";
import { Batch } from "./batch.ts";
import { Chains } from "./chains.ts";
import { noteNextSigner } from "./next-signer.ts";
import { findAuthor, openStored, type Read, readRecord, signerOf } from "./read-record.ts";
import { hasPlace, type Run } from "./runs.ts";
import { checkpointChain } from "./sharing/checkpoints.ts";
import type { SpaceLog } from "./space-log.ts";
import { type LogRow, logGroup, type Mutable, type SpaceState } from "./space-rows.ts";
import { withSummariesDue } from "./summaries-due.ts";
import { isTaken } from "./taken.ts";

export interface LearnedUpdate {
  readonly opId: LogRow["opId"];
  readonly document: LogRow["document"];
  readonly kind: LogRow["kind"];
  readonly payload: Uint8Array;
}

/** What a space learned: updates of documents that may be on a screen, and whether something was said. */
export interface Learned {
  readonly updates: readonly LearnedUpdate[];
  readonly health: Health;
  /** Contents are to be fetched. */
  readonly awaits: boolean;
}

/** To be called inside `store.exclusive`. */
export async function receive(log: SpaceLog, { records, through }: Arrived): Promise<Learned> {
  const before = await log.state();
  const chains = new Chains(before);
  const state: Mutable<SpaceState> = { ...before };
  const batch = new Batch();
  const updates: LearnedUpdate[] = [];
  /** Snapshots of this very batch: their rows can't be read yet. */
  const compacted: { readonly document: LogRow["document"]; readonly covered: readonly Run[] }[] = [];
  /** Rows of this very batch, by where they will lie: a server may hand out one name twice in one page. */
  const fresh = new Map<string, LogRow>();
  const keep = (row: LogRow): void => {
    log.putRow(batch, row);
    fresh.set(placeInLog(log, row), row);
  };
  const mine = new Set((await log.outbox.frozen(log.space)).map(({ opId }) => opId));

  for (const record of records) {
    const purged = state.purged.some(({ document }) => document === record.document);
    const inPage = fresh.get(placeInLog(log, record));
    const isDamaged = readOnce(
      async () => inPage === undefined && (await log.isRowDamaged(record.kind, record.document, record.opId)),
    );
    if (mine.has(record.opId)) {
      await settle(log, batch, record, purged);
      if (purged || !(await isDamaged())) continue;
    }
    const opened = openStored(log, record);
    const knownRow = readOnce(async () => inPage ?? (await log.row(record.kind, record.document, record.opId)));
    const author =
      typeof opened === "string"
        ? null
        : findAuthor(log, state, chains.head(opened.chain), opened, await signerOf(chains, opened, knownRow));
    if (await isTaken(log, opened, author, knownRow)) {
      // What is whole here is never given up for a damaged copy, nor for another record that goes by the same name.
      if (typeof opened !== "string") chains.noteFork();
      continue;
    }
    const read = readRecord(log, state, chains, opened, author);
    if (read.position === "again") {
      const known = await knownRow();
      // After a restore of the server the same records come under other numbers.
      if (known !== null && known.seq !== record.seq) keep({ ...known, seq: record.seq });
      if (known !== null || purged) continue;
      if (read.opened !== null && (await isCompacted(log, compacted, read.opened))) continue;
      // Where our own copy of it was damaged, the server's takes its place.
      if (!(await isDamaged())) {
        chains.noteFork();
        read.problem = "fork";
      }
    }
    if (purged) continue;
    const row = keptRow(log, record, read);
    keep(row);
    if (row.problem === "does-not-open" || row.problem === "unknown-author")
      state.troubled = withName(state.troubled, row);
    learn(row, read, chains, state, updates);
    if (row.problem === null && read.opened !== null) {
      noteContent(log, state, read.opened);
      noteNextSigner(log, state, read.opened);
    }
    if (row.problem === null) compacted.push({ document: row.document, covered: read.covered });
  }
  const sharedDue = state.sharedDue || updates.some(({ document }) => isShared(log, document));
  const next = { ...state, ...chains.state(), sharedDue, cursor: through };
  const changed = updates.map(({ document }) => document);
  log.putState(batch, withSummariesDue(log, next, changed));
  // The server still has it.
  await batch.commit(log.store, { mayWait: true });
  return { updates, health: chains.health, awaits: state.awaited.length > before.awaited.length };
}

const placeInLog = (log: SpaceLog, { kind, document, opId }: Pick<LogRow, "kind" | "document" | "opId">): string =>
  [...logGroup(log.space, kind, document), opId].join("/");

/** The row under the name of what arrived: looked at by each question that needs it, read by the first. */
function readOnce<Row>(read: () => Promise<Row>): () => Promise<Row> {
  let row: Promise<Row> | null = null;
  return () => {
    row ??= read();
    return row;
  };
}

/** Looks again at what could not be used, after keys or authors have come. To be called inside `store.exclusive`. */
export async function reconsider(log: SpaceLog): Promise<Pick<Learned, "updates">> {
  const before = await log.state();
  if (before.troubled.length === 0) return { updates: [] };
  const chains = new Chains(before);
  const state: Mutable<SpaceState> = { ...before };
  const batch = new Batch();
  const updates: LearnedUpdate[] = [];
  const still: SpaceState["troubled"][number][] = [];
  for (const name of before.troubled) {
    const row = await log.row(name.kind, name.document, name.opId);
    if (row === null || row.sealed === null || row.seq === null) continue;
    const record = { ...row, seq: row.seq, sealed: row.sealed };
    const opened = openStored(log, record);
    const author = typeof opened === "string" ? null : findAuthor(log, state, chains.head(opened.chain), opened);
    const read = readRecord(log, state, chains, opened, author);
    if (read.problem === "does-not-open" || read.problem === "unknown-author") {
      still.push(name);
      continue;
    }
    log.putRow(batch, { ...keptRow(log, record, read), order: row.order });
    learn({ ...row, problem: read.problem }, read, chains, state, updates);
    if (read.problem === null && read.opened !== null) {
      noteContent(log, state, read.opened);
      noteNextSigner(log, state, read.opened);
    }
  }
  const sharedDue = state.sharedDue || updates.some(({ document }) => isShared(log, document));
  const next = { ...state, ...chains.state(), sharedDue, troubled: still };
  const changed = updates.map(({ document }) => document);
  log.putState(batch, withSummariesDue(log, next, changed));
  await batch.commit(log.store);
  return { updates };
}

const withName = (names: SpaceState["troubled"], { kind, document, opId }: LogRow): SpaceState["troubled"] =>
  names.some((name) => name.opId === opId && name.document === document && name.kind === kind)
    ? names
    : [...names, { kind, document, opId }];

/** What all devices of the person must have for holding the same (holding.ts). */
export function noteContent(
  log: SpaceLog,
  state: Mutable<Pick<SpaceState, "content">>,
  { document, chain, counter, inner }: Pick<OpenedRecord, "document" | "chain" | "counter" | "inner">,
): void {
  const { pocket, shared } = log.keyring.me;
  const known = state.content?.[chain]?.counter ?? 0;
  if (log.space !== pocket || document === shared || chain === checkpointChain(pocket) || counter <= known) return;
  state.content = { ...state.content, [chain]: { counter, hash: hashInner(inner) } };
}

/** What a usable record says: an update to show, a content to wait for, places that a snapshot stands for. */
function learn(
  row: Pick<LogRow, "kind" | "document" | "opId" | "problem">,
  { content, covered }: Read,
  chains: Chains,
  state: Mutable<SpaceState>,
  updates: LearnedUpdate[],
): void {
  if (row.problem !== null || content === null) return;
  const { kind, document, opId } = row;
  chains.cover(covered);
  if (!(content instanceof Uint8Array)) {
    state.awaited = [...state.awaited, { kind, document, opId, blob: content.blob, missed: false }];
  } else if (kind !== "said") updates.push({ document, kind, opId, payload: content });
}

/** A snapshot that is here stands for its place: its record was let go, or need never have come. */
async function isCompacted(
  log: SpaceLog,
  here: readonly { readonly document: LogRow["document"]; readonly covered: readonly Run[] }[],
  { kind, document, chain, counter }: OpenedRecord,
): Promise<boolean> {
  if (kind !== "update" && kind !== "snapshot") return false;
  const place = { chain, counter };
  const fresh = here.some((one) => one.document === document && hasPlace(one.covered, place));
  return fresh || log.isCompacted(document, place);
}

/** The document of the rows that all of this person's devices share (shared-state.ts). */
const isShared = (log: SpaceLog, document: LogRow["document"]): boolean => document === log.keyring.me.shared;

/** One of our own came back: the server has it. */
async function settle(log: SpaceLog, batch: Batch, record: StoredRecord, purged: boolean): Promise<void> {
  log.outbox.removeFrozen(batch, log.space, record.opId);
  const row = await log.row(record.kind, record.document, record.opId);
  if (row === null) return;
  if (purged) log.removeRow(batch, row);
  else log.putRow(batch, { ...row, seq: record.seq });
}

function keptRow(log: SpaceLog, record: StoredRecord, { opened, author, problem }: Read): LogRow {
  const { opId, document, kind, epoch, seq, sealed } = record;
  const usable = opened !== null && author !== null;
  return {
    opId,
    document,
    kind,
    epoch,
    seq,
    order: log.outbox.nextOrder(0),
    inner: opened?.inner ?? null,
    author,
    problem,
    sealed: usable ? null : sealed,
  };
}
