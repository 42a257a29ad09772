/**
 * Looks whether the store is whole: SQLite's own check, every number that must add up, and the hash of every chunk on
 * the disk. Reads only; may run beside the server, where uploads under way can show up as chunks without a file.
 */
import { RECORD_OVERHEAD_BYTES } from "../../protocol/limits.ts";
import type { BlobStore } from "../blobs/port.ts";
import { fromId, sameBytes } from "../storage/columns.ts";
import type { Database } from "../storage/sqlite/database.ts";

export interface Verified {
  readonly records: number;
  readonly chunks: number;
  /** One sentence each; none when all is well. */
  readonly problems: readonly string[];
}

export async function verifyStore(db: Database, blobs: BlobStore): Promise<Verified> {
  const problems = [...checkFile(db), ...checkSums(db)];
  let chunks = 0;
  const missing = { absent: 0, changed: 0 };
  for (const row of db.sql("SELECT space, blob, chunk, hash FROM chunks").all()) {
    chunks++;
    const hash = await blobs.hash(fromId(row.space), fromId(row.blob), row.chunk as number);
    if (hash === null) missing.absent++;
    else if (!sameBytes(hash, row.hash as Uint8Array)) missing.changed++;
  }
  if (missing.absent > 0) problems.push(`${missing.absent} chunks have no file.`);
  if (missing.changed > 0) problems.push(`${missing.changed} chunks are not what was uploaded.`);
  const records = db.sql("SELECT count(*) AS n FROM records").get()?.n as number;
  return { records, chunks, problems };
}

function checkFile(db: Database): string[] {
  const answers = db.sql("PRAGMA integrity_check").all();
  return answers.filter((row) => row.integrity_check !== "ok").map((row) => `SQLite: ${String(row.integrity_check)}`);
}

/** Each with the number of rows that break it. */
const SUMS: readonly (readonly [string, string])[] = [
  [
    "spaces count other bytes than they hold",
    `SELECT count(*) AS n FROM spaces s WHERE deleted = 0 AND bytes <>
       (SELECT total(length(sealed)) FROM records r WHERE r.space = s.space)
     + (SELECT count(*) FROM ops o WHERE o.space = s.space) * ${RECORD_OVERHEAD_BYTES}
     + (SELECT total(bytes) FROM chunks c WHERE c.space = s.space)
     + (SELECT total(length(bytes) + ${RECORD_OVERHEAD_BYTES}) FROM drops d WHERE d.space = s.space)`,
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
    "SELECT count(*) AS n FROM chunks LEFT JOIN blobs USING (space, blob) WHERE blobs.document IS NULL",
  ],
];

function checkSums(db: Database): string[] {
  return SUMS.flatMap(([sentence, sql]) => {
    const count = db.sql(sql).get()?.n as number;
    return count === 0 ? [] : [`${count} ${sentence}.`];
  });
}
