/**
 * Author keys that a rotation ended. What they signed up to where their chains stood then counts for ever; what they sign
 * later counts for nothing, whoever has the key and whatever the server does. Spec: docs/protocol/devices.md §7.
 *
 * A device that was away when it happened has signed with the ended key too. It writes that once more, with the key that
 * counts now: changes of documents may come twice, and what is said is known by its document. Until a device hears of the
 * removal, the lost one can still write to it: that too is then written once more, since what is built on it would
 * otherwise be lost.
 */
import { parseInner } from "../../crypto/inner.ts";
import { equalBytes } from "../../crypto/sodium.ts";
import type { AuthorPublicKey, DocumentTag, Hash32 } from "../../crypto/types.ts";
import type { Batch } from "./batch.ts";
import { decodeDocumentPayload, decodeSaidContent } from "./document-payload.ts";
import { type Place, subtractRuns } from "./runs.ts";
import type { SpaceLog } from "./space-log.ts";
import type { LogRow, Retired, SpaceState } from "./space-rows.ts";

/** The hash of a place that isn't known, and that nobody asks for. */
export const UNKNOWN_PLACE = new Uint8Array(32) as Hash32;

/** Per chain and author the farthest place. */
export function mergeRetired(...lists: readonly (readonly Retired[])[]): readonly Retired[] {
  const merged: Retired[] = [];
  for (const entry of lists.flat()) {
    const at = merged.findIndex(({ chain, author }) => chain === entry.chain && equalBytes(author, entry.author));
    if (at < 0) merged.push(entry);
    else if ((merged[at]?.counter ?? 0) < entry.counter) merged[at] = entry;
  }
  return merged;
}

export const retiredAuthors = (retired: readonly Retired[]): readonly AuthorPublicKey[] =>
  retired
    .map(({ author }) => author)
    .filter((author, at, all) => all.findIndex((one) => equalBytes(one, author)) === at);

export const isOwnersRetired = (retired: readonly Retired[], author: AuthorPublicKey): boolean =>
  retired.some((entry) => entry.owner && equalBytes(entry.author, author));

/** Whether a place of an ended author's chain was there before the end. */
export const stoodBefore = (retired: readonly Retired[], { chain, counter }: Place): boolean =>
  retired.some((entry) => entry.chain === chain && counter <= entry.counter);

/**
 * At the very place up to which an ended key counts stands something else than the rotation named: a history that whoever
 * has that key made up, with the server's help, for a device that comes later.
 */
export const isAnotherEnd = (retired: readonly Retired[], { chain, counter }: Place, hash: Hash32): boolean =>
  retired.some(
    (entry) =>
      entry.chain === chain &&
      entry.counter === counter &&
      !equalBytes(entry.hash, UNKNOWN_PLACE) &&
      !equalBytes(entry.hash, hash),
  );

export interface Retiring {
  readonly retired: readonly Retired[];
  /**
   * What another of my devices signed too late, and this one had taken by then: it writes it once more. Its own changes
   * build on it, and whoever wrote it may never come back to do it. In the pocket what is said too: a server that kept
   * the end of the lost device's chain from the one that removed it must not take away what is seen here. Not so in a
   * circle, where whoever found the device would get others to hear words of their own in the person's name.
   */
  readonly rescues: (row: LogRow) => boolean;
  readonly now: number;
}

/**
 * Lets go here what no longer counts, in the caller's batch: our own is written again, others' is kept and not shown.
 * A chain of ours under an ended key ends with it. Gives the state after it, and the documents that look different now. Inside `store.exclusive`.
 */
export async function retireRows(
  log: SpaceLog,
  batch: Batch,
  state: SpaceState,
  { retired, rescues, now }: Retiring,
): Promise<{ readonly state: SpaceState; readonly documents: readonly DocumentTag[] }> {
  const ended = retiredAuthors(retired);
  const isOver = (author: AuthorPublicKey, place: Place): boolean =>
    ended.some((one) => equalBytes(one, author)) && !stoodBefore(retired, place);
  const frozen = new Set((await log.outbox.frozen(log.space)).map(({ opId }) => opId));
  const gone = new Set(state.purged.map(({ document }) => document));
  const over = new Set<string>();
  const documents = new Set<DocumentTag>();
  for (const row of await log.allRows()) {
    if (row.inner === null || row.author === null || row.problem === "retired") continue;
    const { chain, counter } = parseInner(row.inner);
    if (!isOver(row.author, { chain, counter })) continue;
    over.add(row.opId);
    const isOurs =
      chain === state.chain || state.chainsBefore?.includes(chain) || (row.problem === null && rescues(row));
    if (frozen.has(row.opId)) log.outbox.removeFrozen(batch, log.space, row.opId);
    if (isOurs) {
      log.removeRow(batch, row);
      if (!gone.has(row.document)) writeAgain(log, batch, row, now);
    } else {
      log.putRow(batch, { ...row, problem: "retired" });
      if (isChange(row)) documents.add(row.document);
    }
  }
  const own = state.heads.find(({ chain }) => chain === state.chain);
  const ends = own !== undefined && ended.some((one) => equalBytes(one, own.author));
  const heads = state.heads.flatMap((head) => {
    if (!isOver(head.author, head)) return [head];
    const { hash, ...stood } = retired.find(({ chain }) => chain === head.chain) ?? { ...head, hash: UNKNOWN_PLACE };
    return equalBytes(hash, UNKNOWN_PLACE)
      ? []
      : [{ chain: stood.chain, counter: stood.counter, author: stood.author, hash }];
  });
  const beyond = state.heads
    .filter((head) => isOver(head.author, head))
    .map(({ chain }) => ({
      chain,
      from: (retired.find((entry) => entry.chain === chain)?.counter ?? 0) + 1,
      to: Number.MAX_SAFE_INTEGER,
    }));
  return {
    state: {
      ...state,
      heads,
      chain: ends ? null : state.chain,
      missing: subtractRuns(state.missing, beyond),
      awaited: state.awaited.filter(({ opId }) => !over.has(opId)),
    },
    documents: [...documents],
  };
}

export const isChange = ({ kind }: LogRow): boolean => kind === "update" || kind === "snapshot";

/** As it stands in the record; a void is about a record of the ended chain, and has nothing more to say. */
function writeAgain(log: SpaceLog, batch: Batch, { kind, document, inner }: LogRow, now: number): void {
  if (inner === null || kind === "void") return;
  const { payload, clientIds } = parseInner(inner);
  const isDocument = kind === "update" || kind === "snapshot";
  const { content, covered } = isDocument
    ? decodeDocumentPayload(kind, payload)
    : { content: decodeSaidContent(payload), covered: [] };
  const common = { space: log.space, document, kind, order: log.outbox.nextOrder(now), blobs: [], clientIds };
  log.outbox.putPending(batch, { ...common, payload: content, ...(kind === "snapshot" && { covered }) });
}
