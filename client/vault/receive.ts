/**
 * Records that arrive: opened, their author and chain checked, kept with the cursor in one strict transaction. What can't
 * be used is kept and marked, never dropped, and never stops the rest. Spec: docs/protocol/store.md §8.
 *
 * A record at a known place again is the same record (and passed over) or another history (kept, not shown).
 */
import { hashInner, verifyInner } from "../../crypto/inner.ts";
import { type OpenedRecord, openRecord } from "../../crypto/records.ts";
import { equalBytes, toHex } from "../../crypto/sodium.ts";
import type { AuthorPublicKey, SealedRecord } from "../../crypto/types.ts";
import type { StoredRecord } from "../../protocol/frames.ts";
import { clientTag, isClientOf } from "../documents/client-ids.ts";
import { hasSaneClocks } from "../documents/probe.ts";
import { clientIdsOf } from "../documents/updates.ts";
import type { Arrived, Health } from "../sync/ports.ts";
import { Batch } from "./batch.ts";
import { Chains, type Position } from "./chains.ts";
import { type BlobContent, decodeDocumentPayload, decodeSaidContent } from "./document-payload.ts";
import { isAnotherEnd, isOwnersRetired, retiredAuthors, stoodBefore } from "./retired.ts";
import { hasPlace, type Run } from "./runs.ts";
import { checkpointChain } from "./sharing/checkpoints.ts";
import type { SpaceLog } from "./space-log.ts";
import type { KnownHead, LogRow, RecordProblem, SpaceState } from "./space-rows.ts";
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
  const mine = new Set((await log.outbox.frozen(log.space)).map(({ opId }) => opId));

  for (const record of records) {
    const purged = state.purged.some(({ document }) => document === record.document);
    if (mine.has(record.opId)) {
      await settle(log, batch, record, purged);
      continue;
    }
    const opened = openStored(log, record);
    const author =
      typeof opened === "string"
        ? null
        : findAuthor(log, state, chains.head(opened.chain), opened, await signerOf(log, chains, opened));
    if (await isTaken(log, record, opened, author)) {
      // What is whole here is never given up for a damaged copy, nor for another record that goes by the same name.
      if (typeof opened !== "string") chains.noteFork();
      continue;
    }
    const read = readRecord(log, state, chains, opened, author);
    if (read.position === "again") {
      const known = await log.row(record.kind, record.document, record.opId);
      // After a restore of the server the same records come under other numbers.
      if (known !== null && known.seq !== record.seq) log.putRow(batch, { ...known, seq: record.seq });
      if (known !== null || purged) continue;
      if (read.opened !== null && (await isCompacted(log, compacted, read.opened))) continue;
      chains.noteFork();
      read.problem = "fork";
    }
    if (purged) continue;
    const row = keptRow(log, record, read);
    log.putRow(batch, row);
    if (row.problem === "does-not-open" || row.problem === "unknown-author")
      state.troubled = withName(state.troubled, row);
    learn(row, read, chains, state, updates);
    if (row.problem === null && read.opened !== null) noteContent(log, state, read.opened);
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
    if (read.problem === null && read.opened !== null) noteContent(log, state, read.opened);
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

interface Read {
  readonly opened: OpenedRecord | null;
  readonly author: AuthorPublicKey | null;
  /** Null: it could not be read far enough to say. */
  readonly position: Position | null;
  /** Of an update, a snapshot or what is said, when it could be read. */
  readonly content: Uint8Array | BlobContent | null;
  readonly covered: readonly Run[];
  problem: RecordProblem | null;
}

function readRecord(
  log: SpaceLog,
  state: Mutable<SpaceState>,
  chains: Chains,
  opened: ReturnType<typeof openStored>,
  author: ReturnType<typeof findAuthor>,
): Read {
  const nothing = { author: null, position: null, content: null, covered: [] };
  if (typeof opened === "string") return { ...nothing, opened: null, problem: opened };
  if (author === null) return { ...nothing, opened, problem: "unknown-author" };
  if (author === "retired") return { ...nothing, opened, problem: "retired" };
  const hash = hashInner(opened.inner);
  if (isAnotherEnd(log.keyring.space(log.space)?.retired ?? [], opened, hash)) {
    chains.noteFork();
    return { ...nothing, opened, author, position: "broken", problem: "fork" };
  }
  const position = chains.take(opened, hash, author);
  const placed = { ...nothing, opened, author, position };
  if (position === "again") return { ...placed, problem: null };
  if (position === "broken") return { ...placed, problem: "fork" };
  // Our own chain went on without us (a copied profile): from now on this device writes in a new one.
  if (opened.chain === state.chain) state.chain = null;
  const payload = readPayload(opened);
  if (payload === null) return { ...placed, problem: "malformed" };
  return { ...placed, ...payload, problem: whoMay(log, state, opened, payload, author) };
}

/** Null for an update or snapshot that is none. */
function readPayload({ kind, payload }: OpenedRecord): Pick<Read, "content" | "covered"> | null {
  if (kind === "said") return { content: decodeSaidContent(payload), covered: [] };
  if (kind !== "update" && kind !== "snapshot") return { content: null, covered: [] };
  try {
    return decodeDocumentPayload(kind, payload);
  } catch {
    return null;
  }
}

/** A snapshot stands for records of everybody: only an owner's counts. An update must be its author's own. */
function whoMay(
  log: SpaceLog,
  state: Mutable<SpaceState>,
  { kind }: OpenedRecord,
  { content }: Pick<Read, "content">,
  author: AuthorPublicKey,
): RecordProblem | null {
  if (kind === "snapshot") return isOwner(log, state, author) ? null : "foreign-client";
  if (kind !== "update" || !(content instanceof Uint8Array)) return null; // A blob is looked at when it has come.
  return foreignClient(log, state, content, author);
}

function isOwner(log: SpaceLog, state: SpaceState, author: AuthorPublicKey): boolean {
  const keys = log.keyring.space(log.space);
  const ours = keys?.right === "own" && equalBytes(keys.author.publicKey, author);
  return (
    ours || state.owners.some((owner) => equalBytes(owner, author)) || isOwnersRetired(keys?.retired ?? [], author)
  );
}

/** The record, or why it can't be opened. */
export function openStored(log: SpaceLog, record: StoredRecord): OpenedRecord | "does-not-open" | "newer-version" {
  const ladder = log.keyring.ladder(log.space, record.epoch);
  if (ladder === null) return "does-not-open";
  const { document, kind, epoch, opId } = record;
  try {
    return openRecord(
      record.sealed as SealedRecord,
      { space: log.space, document, kind, epoch, opId },
      ladder.contentKey,
    );
  } catch (error) {
    const code = (error as { readonly code?: unknown }).code;
    return code === "unknown-version" || code === "unknown-suite" ? "newer-version" : "does-not-open";
  }
}

/**
 * Whose signature was seen to hold on the very same bytes, when they came for the first time: whoever asks a server for
 * everything once more (a gap, a restore) doesn't verify everything once more. Null: not looked at before, or not here.
 */
async function signerOf(
  log: SpaceLog,
  chains: Chains,
  { kind, document, opId, chain, counter, inner }: OpenedRecord,
): Promise<AuthorPublicKey | null> {
  // What is new, as most that comes is, needs no look at the disk.
  if (counter > (chains.head(chain)?.counter ?? 0)) return null;
  const known = await log.row(kind, document, opId);
  const isSame = known?.inner != null && known.problem === null && equalBytes(known.inner, inner);
  return isSame ? known.author : null;
}

/** Whose signature holds, among those whose records count, or counted at that place. `signer`: it is known to be theirs. */
function findAuthor(
  log: SpaceLog,
  state: SpaceState,
  known: KnownHead | null,
  opened: OpenedRecord,
  signer: AuthorPublicKey | null = null,
) {
  const own = log.keyring.author(log.space);
  const all = [...state.authors, ...(own === null ? [] : [own])];
  // A chain has one author; that of the checkpoints goes on through every key its owner ever has.
  const isTheirs = (author: AuthorPublicKey): boolean =>
    known === null || opened.chain === checkpointChain(log.space) || equalBytes(author, known.author);
  const isSignedBy = (author: AuthorPublicKey): boolean =>
    signer === null ? verifyInner(opened.inner, author) : equalBytes(signer, author);
  const holds = (author: AuthorPublicKey): boolean => isTheirs(author) && isSignedBy(author);
  const current = all.find(holds);
  if (current !== undefined) return current;
  const retired = log.keyring.space(log.space)?.retired ?? [];
  const ended = retiredAuthors(retired).find(holds);
  return ended === undefined ? null : stoodBefore(retired, opened) ? ended : "retired";
}

/**
 * In a joint page a Yjs client id is its member's (client-ids.ts); another who uses it could make two histories that Yjs
 * can't tell apart. Where an owner gave two members ids that begin alike, it belongs to whoever wrote with it first. What
 * only deletes carries no client id and is allowed.
 */
export function foreignClient(
  log: SpaceLog,
  state: Mutable<SpaceState>,
  update: Uint8Array,
  author: AuthorPublicKey,
): RecordProblem | null {
  if (log.keyring.space(log.space)?.kind !== "circle") return null;
  const name = memberIn(log, state, author);
  const tag = clientTag(name);
  let ids: readonly number[];
  try {
    ids = clientIdsOf(update);
  } catch {
    return "malformed";
  }
  if (!hasSaneClocks(update)) return "poison";
  if (ids.some((id) => !isClientOf(id, tag) || (state.clients[id] ?? name) !== name)) return "foreign-client";
  if (ids.some((id) => state.clients[id] === undefined)) {
    state.clients = { ...state.clients, ...Object.fromEntries(ids.map((id) => [String(id), name])) };
  }
  return null;
}

/** Who an author is through every key it ever has; the key itself where nothing more is known. */
export function memberOf({ members }: Pick<SpaceState, "members">, author: AuthorPublicKey): string {
  const name = toHex(author);
  return members?.[name] ?? name;
}

/**
 * The same in the moment in which my own key is already another and the roster that says so hasn't come: an owner's key
 * stands for the owner.
 */
export function memberIn(
  log: SpaceLog,
  state: Pick<SpaceState, "members" | "owners">,
  author: AuthorPublicKey,
): string {
  const keys = log.keyring.space(log.space);
  const isMine = keys?.right === "own" && equalBytes(keys.author.publicKey, author);
  const [owner] = state.owners;
  return isMine && owner !== undefined && state.members?.[toHex(author)] === undefined
    ? memberOf(state, owner)
    : memberOf(state, author);
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

export type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
