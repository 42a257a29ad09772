/**
 * Looks whether the store is whole: SQLite's own check, every number that must add up, and the hash of every chunk on
 * the disk. Reads only; may run beside the server, where uploads under way can show up as chunks without a file.
 */
import type { BlobStore } from "../blobs/port.ts";
import type { Database } from "../storage/sqlite/database.ts";
import { type ChunkHash, checkChunks, sumsIn, type Verified } from "./sums.ts";

const SUMS = sumsIn({ sum: (of) => `total(${of})`, bytes: (of) => `length(${of})` });

export async function verifyStore(db: Database, blobs: BlobStore): Promise<Verified> {
  const chunks = await checkChunks(
    blobs,
    db.sql("SELECT space, blob, chunk, hash FROM chunks").all() as unknown as ChunkHash[],
  );
  const records = db.sql("SELECT count(*) AS n FROM records").get()?.n as number;
  return { records, chunks: chunks.chunks, problems: [...checkFile(db), ...checkSums(db), ...chunks.problems] };
}

function checkFile(db: Database): string[] {
  const answers = db.sql("PRAGMA integrity_check").all();
  return answers.filter((row) => row.integrity_check !== "ok").map((row) => `SQLite: ${String(row.integrity_check)}`);
}

function checkSums(db: Database): string[] {
  return SUMS.flatMap(([sentence, sql]) => {
    const count = db.sql(sql).get()?.n as number;
    return count === 0 ? [] : [`${count} ${sentence}.`];
  });
}
