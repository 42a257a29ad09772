/** Looks whether a PostgreSQL store is whole: every number that must add up, and the hash of every chunk. Reads only. */
import { RECORD_OVERHEAD_BYTES } from "../../../protocol/limits.ts";
import type { BlobStore } from "../../blobs/port.ts";
import { fromId, sameBytes } from "../../storage/columns.ts";
import { type Database, Part } from "../../storage/postgres/database.ts";
import type { Verified } from "../verify.ts";

const BYTES = RECORD_OVERHEAD_BYTES;
/** Each with the number of rows that break it. */
const SUMS: readonly (readonly [string, string])[] = [
  [
    "spaces count other bytes than they hold",
    `SELECT count(*) AS n FROM spaces s WHERE deleted = 0 AND bytes <>
       (SELECT coalesce(sum(octet_length(sealed)), 0) FROM records r WHERE r.space = s.space)
     + (SELECT count(*) FROM ops o WHERE o.space = s.space) * ${BYTES}
     + (SELECT coalesce(sum(c.bytes), 0) FROM chunks c WHERE c.space = s.space)
     + (SELECT coalesce(sum(octet_length(d.bytes) + ${BYTES}), 0) FROM drops d WHERE d.space = s.space)`,
  ],
  [
    "records have no op id, or another's number",
    `SELECT count(*) AS n FROM records r LEFT JOIN ops o ON o.space = r.space AND o.op = r.op
     WHERE o.seq IS NULL OR o.seq <> r.seq`,
  ],
  [
    "records lie beyond the head of their space",
    "SELECT count(*) AS n FROM records r JOIN spaces s USING (space) WHERE r.seq > s.head",
  ],
  [
    "records belong to a deleted document",
    "SELECT count(*) AS n FROM records JOIN deleted_documents USING (space, document)",
  ],
  [
    "chunks belong to no blob",
    "SELECT count(*) AS n FROM chunks c LEFT JOIN blobs b USING (space, blob) WHERE b.document IS NULL",
  ],
];

export async function verifyPostgres(db: Database, blobs: BlobStore): Promise<Verified> {
  const problems: string[] = [];
  for (const [sentence, sql] of SUMS) {
    const [row] = await db`${new Part(sql)}`;
    if (row?.n !== 0) problems.push(`${row?.n} ${sentence}.`);
  }
  let chunks = 0;
  const missing = { absent: 0, changed: 0 };
  for await (const { space, blob, chunk, hash } of listChunks(db)) {
    chunks++;
    const stored = await blobs.hash(fromId(space), fromId(blob), chunk);
    if (stored === null) missing.absent++;
    else if (!sameBytes(stored, hash)) missing.changed++;
  }
  if (missing.absent > 0) problems.push(`${missing.absent} chunks have no file.`);
  if (missing.changed > 0) problems.push(`${missing.changed} chunks are not what was uploaded.`);
  const [records] = await db`SELECT count(*) AS n FROM records`;
  return { records: records?.n as number, chunks, problems };
}

export interface ChunkRow {
  readonly space: Uint8Array;
  readonly blob: Uint8Array;
  readonly chunk: number;
  readonly bytes: number;
  readonly hash: Uint8Array;
}

const AT_ONCE = 1000;

/** Every chunk, a thousand at a time. */
export async function* listChunks(db: Database): AsyncIterable<ChunkRow> {
  const nothing = new Uint8Array(0);
  let last: Pick<ChunkRow, "space" | "blob" | "chunk"> = { space: nothing, blob: nothing, chunk: -1 };
  for (;;) {
    const rows = await db`SELECT space, blob, chunk, bytes, hash FROM chunks
      WHERE (space, blob, chunk) > (${last.space}, ${last.blob}, ${last.chunk})
      ORDER BY space, blob, chunk LIMIT ${AT_ONCE}`;
    const some = rows as unknown as readonly ChunkRow[];
    yield* some;
    const end = some.at(-1);
    if (end === undefined) return;
    last = end;
  }
}
