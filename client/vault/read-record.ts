/**
 * One record that arrived: opened, its author found, its place in its chain taken, its content looked at. Nothing is kept or
 * shown here; receive.ts does that. Spec: docs/protocol/store.md §8.
 */
import { hashInner, verifyInner } from "../../crypto/inner.ts";
import { type OpenedRecord, openRecord } from "../../crypto/records.ts";
import { equalBytes } from "../../crypto/sodium.ts";
import type { AuthorPublicKey, SealedRecord } from "../../crypto/types.ts";
import type { StoredRecord } from "../../protocol/frames.ts";
import type { Chains, Position } from "./chains.ts";
import { type BlobContent, decodeDocumentPayload, decodeSaidContent } from "./document-payload.ts";
import { foreignClient } from "./members.ts";
import { nextSigners } from "./next-signer.ts";
import { isAnotherEnd, isOwnersRetired, retiredAuthors, stoodBefore } from "./retired.ts";
import type { Run } from "./runs.ts";
import { checkpointChain } from "./sharing/checkpoints.ts";
import type { SpaceLog } from "./space-log.ts";
import type { KnownHead, LogRow, Mutable, RecordProblem, SpaceState } from "./space-rows.ts";

/** The row that stands here under the name of a record that arrived; null: none does. */
export type KnownRow = () => Promise<LogRow | null>;

/** What a record that arrived was found to be. */
export interface Read {
  readonly opened: OpenedRecord | null;
  readonly author: AuthorPublicKey | null;
  /** Null: it could not be read far enough to say. */
  readonly position: Position | null;
  /** Of an update, a snapshot or what is said, when it could be read. */
  readonly content: Uint8Array | BlobContent | null;
  readonly covered: readonly Run[];
  problem: RecordProblem | null;
}

/** Takes its place in its chain, and writes into `state` which client ids are now its author's. */
export function readRecord(
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
export async function signerOf(
  chains: Chains,
  { chain, counter, inner }: OpenedRecord,
  knownRow: KnownRow,
): Promise<AuthorPublicKey | null> {
  // What is new, as most that comes is, needs no look at the disk.
  if (counter > (chains.head(chain)?.counter ?? 0)) return null;
  const known = await knownRow();
  const isSame = known?.inner != null && known.problem === null && equalBytes(known.inner, inner);
  return isSame ? known.author : null;
}

/** Whose signature holds, among those whose records count, or counted at that place. `signer`: it is known to be theirs. */
export function findAuthor(
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
  const current = [...all, ...nextSigners(log, state, opened)].find(holds);
  if (current !== undefined) return current;
  const retired = log.keyring.space(log.space)?.retired ?? [];
  const ended = retiredAuthors(retired).find(holds);
  return ended === undefined ? null : stoodBefore(retired, opened) ? ended : "retired";
}
