/**
 * Contents too large for a record: fetched as blobs once the record has come, checked like a record's own content, and
 * shown. What the server doesn't give is asked for again with every catch-up; until then the space is incomplete.
 */
import { parseInner } from "../../crypto/inner.ts";
import type { BlobKey, SpaceId } from "../../crypto/types.ts";
import type { Health } from "../sync/ports.ts";
import { Batch } from "./batch.ts";
import { fetchBlob } from "./blob-travel.ts";
import { Chains } from "./chains.ts";
import { type BlobContent, decodeDocumentPayload, decodeSaidContent } from "./document-payload.ts";
import { VaultFailure } from "./failure.ts";
import { foreignClient } from "./members.ts";
import type { Pocket } from "./pocket.ts";
import { type Http, TransportError } from "./ports.ts";
import type { Learned, LearnedUpdate } from "./receive.ts";
import { hasPlace, runOf, subtractRuns } from "./runs.ts";
import { placeOf, type SpaceLog } from "./space-log.ts";
import type { AwaitedContent, LogRow, Mutable, SpaceState } from "./space-rows.ts";
import { withSummariesDue } from "./summaries-due.ts";
import { type GetToken, withToken } from "./with-token.ts";

export interface AwaitedDeps {
  readonly pocket: Pick<Pocket, "log" | "blobs" | "store">;
  readonly http: Http;
  readonly token: GetToken;
}

export type Fetched = Pick<Learned, "updates"> & { readonly health: Health; readonly said: boolean };

/** Fetches what a space waits for. Null where it waits for nothing. @throws TransportError offline, SyncError */
export async function fetchAwaited({ pocket, http, token }: AwaitedDeps, space: SpaceId): Promise<Fetched | null> {
  const log = pocket.log(space);
  const { awaited } = await log.state();
  if (awaited.length === 0) return null;
  const updates: LearnedUpdate[] = [];
  let said = false;
  for (const one of awaited) {
    const { document, blob } = one;
    const key = await keyOf(log, one);
    try {
      if (key !== null) {
        await withToken(token, space, (valid) =>
          fetchBlob(pocket.blobs, http, valid, { space, document, blob }, key, () => log.isPurged(document)),
        );
      }
    } catch (error) {
      const missed = error instanceof VaultFailure && error.code === "not-here";
      if (!missed && !(error instanceof TransportError && error.refusal !== null)) throw error;
    }
    const update = await pocket.store.exclusive(() => take(log, one));
    if (update !== null && one.kind === "said") said = true;
    else if (update !== null) updates.push({ document, kind: one.kind, opId: one.opId, payload: update });
  }
  const { health } = new Chains(await log.state());
  return { updates, said, health };
}

/** The content, when it came and may be used. To be called inside `store.exclusive`. */
async function take(log: SpaceLog, one: AwaitedContent): Promise<Uint8Array | null> {
  const before = await log.state();
  const others = before.awaited.filter(({ opId }) => opId !== one.opId);
  // Retired, or come, while it was being fetched.
  if (others.length === before.awaited.length) return null;
  const row = await log.row(one.kind, one.document, one.opId);
  const state: Mutable<SpaceState> = { ...before, awaited: others };
  const batch = new Batch();
  // No row: the document was removed meanwhile.
  const content = row === null ? null : await contentOf(log, row);
  let usable = content;
  if (row !== null && row.problem !== null) {
    usable = null; // It counts for nobody by now.
  } else if (row !== null && content === null) {
    // Nothing, or a blob that is here already and doesn't open with the key that this record names: whose it is keeps it.
    // After a restore of the server nobody may have it any more, since a later snapshot stands for it everywhere.
    if (await isStoodFor(log, row)) log.removeRow(batch, row);
    else state.awaited = [...others, { ...one, missed: !(await isRepeated(log, row)) }];
  } else if (row !== null && content !== null && row.kind === "update" && row.author !== null) {
    const problem = foreignClient(log, state, content, row.author);
    if (problem !== null) {
      log.putRow(batch, { ...row, problem });
      usable = null;
    }
  }
  const changed = usable === null || one.kind === "said" ? [] : [one.document];
  log.putState(batch, withSummariesDue(log, { ...state, ...new Chains(state).state() }, changed));
  await batch.commit(log.store);
  return usable;
}

/** Whether an owner's snapshot, whose own content is here, stands for this record's place: lawfully gone, then. */
async function isStoodFor(log: SpaceLog, { document, opId, inner }: LogRow): Promise<boolean> {
  if (inner === null) return false;
  const place = placeOf(inner);
  for (const { row, payload } of await log.records(document)) {
    if (row.opId === opId || !hasPlace(payload.covered, place)) continue;
    if ((await log.content(payload.content)) !== null) return true;
  }
  return false;
}

/** A snapshot is nothing but the places it stands for: where all of them are here without it, nothing is lacking. */
async function isRepeated(log: SpaceLog, { kind, document, opId, inner }: LogRow): Promise<boolean> {
  if (kind !== "snapshot" || inner === null) return false;
  let lacking = decodeDocumentPayload(kind, parseInner(inner).payload).covered;
  for (const { row, place, payload } of await log.records(document)) {
    if (row.opId === opId || (await log.content(payload.content)) === null) continue;
    lacking = subtractRuns(lacking, [...payload.covered, runOf(place)]);
  }
  return lacking.length === 0;
}

const contentOf = async (log: SpaceLog, row: LogRow): Promise<Uint8Array | null> => {
  const content = namedContent(row);
  return content === null ? null : log.content(content);
};

/** The key under which the record says its content lies; null when the document was removed meanwhile. */
async function keyOf(log: SpaceLog, { kind, document, opId }: AwaitedContent): Promise<BlobKey | null> {
  const row = await log.row(kind, document, opId);
  const content = row === null ? null : namedContent(row);
  return content === null || content instanceof Uint8Array ? null : content.key;
}

/** What a row says, or the blob that it lies in; null of a row that says nothing that can be read. */
export function namedContent({ kind, inner }: LogRow): Uint8Array | BlobContent | null {
  if (inner === null || kind === "void" || kind === "control") return null;
  const { payload } = parseInner(inner);
  return kind === "said" ? decodeSaidContent(payload) : decodeDocumentPayload(kind, payload).content;
}
