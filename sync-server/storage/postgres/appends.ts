/**
 * Appending, the server's daily work: a group of appends of one space in one transaction of three statements. The
 * sequence is counted on under the space's row lock, so numbers become visible in their order and a cursor skips nothing.
 */
import type { OpId, OuterRecord, Seq, SpaceId } from "../../../protocol/frames.ts";
import { RECORD_OVERHEAD_BYTES } from "../../../protocol/limits.ts";
import { kindToWire } from "../../../protocol/wire.ts";
import { fromId, type Row, toId } from "../columns.ts";
import { type Append, type Appended, type Lane, StorageError } from "../port.ts";
import { asStorageError, type Database, isStatementError, type Transaction, transact } from "./database.ts";
import { firstAnswer, type KnownOp } from "./records.ts";
import type { SpaceRow } from "./spaces.ts";

type Outcome = Appended | StorageError;

/** Stores a group and settles each of it; never rejects. When a statement fails, each is tried once more alone. */
export async function commitAppends(
  db: Database,
  space: SpaceId,
  group: readonly Append[],
  onCommit: (seconds: number, writes: number) => void,
): Promise<void> {
  const started = performance.now();
  let decided: Awaited<ReturnType<typeof appendGroup>>;
  try {
    decided = await transact(db, (tx) => appendGroup(tx, toId(space), group));
  } catch (error) {
    if (group.length > 1 && isStatementError(error)) {
      for (const one of group) await commitAppends(db, space, [one], onCommit);
      return;
    }
    for (const one of group) {
      if (one.lane !== undefined) one.lane.refused ??= "storage-failed";
      one.reject(asStorageError(error));
    }
    return;
  }
  onCommit((performance.now() - started) / 1000, group.length);
  for (const lane of decided.refusedLanes) lane.refused ??= "over-quota";
  for (const [index, outcome] of decided.outcomes.entries()) settle(group[index] as Append, outcome);
}

function settle(append: Append, outcome: Outcome): void {
  if (outcome instanceof StorageError) append.reject(outcome);
  else append.resolve(outcome);
}

async function appendGroup(
  tx: Transaction,
  id: Uint8Array,
  group: readonly Append[],
): Promise<{ readonly outcomes: readonly Outcome[]; readonly refusedLanes: ReadonlySet<Lane> }> {
  const [row] = await tx`SELECT epoch, quota, head, bytes FROM spaces WHERE space = ${id} AND deleted = 0 FOR UPDATE`;
  if (row === undefined) {
    return { outcomes: group.map(() => new StorageError("no-such-space")), refusedLanes: new Set() };
  }
  const asked = group.map(({ record }) => toId(record.opId));
  const documents = group.map(({ record }) => toId(record.document));
  // After the lock, so that it sees what was committed while we waited. Rows without an op id name deleted documents.
  const found = await tx`
    SELECT o.op, o.seq, r.document, r.kind FROM ops o LEFT JOIN records r USING (space, seq)
      WHERE o.space = ${id} AND o.op = ANY(${asked}::bytea[])
    UNION ALL SELECT NULL, NULL, document, NULL FROM deleted_documents
      WHERE space = ${id} AND document = ANY(${documents}::bytea[])`;
  const space = row as unknown as Pick<SpaceRow, "epoch" | "quota" | "head" | "bytes">;
  const ops = found.filter(({ op }) => op !== null);
  const deleted = found.filter(({ op }) => op === null).map(({ document }) => fromId<string>(document));
  const plan = planGroup(space, ops, new Set(deleted), group);
  if (plan.fresh.length > 0) await insertAll(tx, id, space.head, plan.fresh, plan.bytes);
  return plan;
}

interface Plan {
  readonly outcomes: Outcome[];
  readonly fresh: OuterRecord[];
  /** What the space holds afterwards. */
  readonly bytes: number;
  readonly refusedLanes: ReadonlySet<Lane>;
}

/** Decides on each append in its order, as if it were alone. */
function planGroup(
  space: Pick<SpaceRow, "epoch" | "quota" | "head" | "bytes">,
  ops: readonly Row[],
  deleted: ReadonlySet<string>,
  group: readonly Append[],
): Plan {
  const known = new Map<OpId, KnownOp>(ops.map((row) => [fromId<OpId>(row.op), row as unknown as KnownOp]));
  const refusedLanes = new Set<Lane>();
  const fresh: OuterRecord[] = [];
  let { bytes } = space;

  function refusal({ grant, record, lane }: Append): StorageError["code"] | null {
    if (lane !== undefined && lane.refused !== null) return lane.refused;
    if (lane !== undefined && refusedLanes.has(lane)) return "over-quota";
    if (space.epoch !== grant.epoch || space.epoch !== record.epoch) return "stale-epoch";
    if (deleted.has(record.document)) return "document-deleted";
    return bytes + record.sealed.length + RECORD_OVERHEAD_BYTES > space.quota ? "over-quota" : null;
  }

  function decide(append: Append): Outcome {
    const { record, lane } = append;
    const before = known.get(record.opId);
    if (before !== undefined) return answerAgain(before, record);
    const code = refusal(append);
    if (code !== null) {
      if (code === "over-quota" && lane !== undefined) refusedLanes.add(lane);
      return new StorageError(code);
    }
    const seq: Seq = space.head + fresh.push(record);
    bytes += record.sealed.length + RECORD_OVERHEAD_BYTES;
    known.set(record.opId, { seq, document: toId(record.document), kind: kindToWire(record.kind) });
    return { seq, fresh: true };
  }

  const outcomes = group.map(decide);
  return { outcomes, fresh, bytes, refusedLanes };
}

function answerAgain(before: KnownOp, record: OuterRecord): Outcome {
  try {
    return firstAnswer(before, record);
  } catch (error) {
    return error as StorageError;
  }
}

async function insertAll(
  tx: Transaction,
  id: Uint8Array,
  head: Seq,
  fresh: readonly OuterRecord[],
  bytes: number,
): Promise<void> {
  const seqs = fresh.map((_, index) => head + 1 + index);
  const documents = fresh.map(({ document }) => toId(document));
  const kinds = fresh.map(({ kind }) => kindToWire(kind));
  const epochs = fresh.map(({ epoch }) => epoch);
  const ops = fresh.map(({ opId }) => toId(opId));
  const sealed = fresh.map((record) => record.sealed);
  await tx`
    WITH fresh AS (
      SELECT * FROM unnest(${seqs}::bigint[], ${documents}::bytea[], ${kinds}::smallint[], ${epochs}::bigint[],
        ${ops}::bytea[], ${sealed}::bytea[]) AS n (seq, document, kind, epoch, op, sealed)
    ), stored AS (
      INSERT INTO records SELECT ${id}::bytea, seq, document, kind, epoch, op, sealed FROM fresh
    ), known AS (
      INSERT INTO ops SELECT ${id}::bytea, op, seq FROM fresh
    ) UPDATE spaces SET head = ${head + fresh.length}, bytes = ${bytes} WHERE space = ${id}`;
}
