/** Looks whether a PostgreSQL store is whole: every number that must add up, and the hash of every chunk. Reads only. */
import type { BlobStore } from "../../blobs/port.ts";
import { listChunks } from "../../storage/postgres/blobs.ts";
import { type Database, Part } from "../../storage/postgres/database.ts";
import { checkChunks, sumsIn, type Verified } from "../sums.ts";

const SUMS = sumsIn({ sum: (of) => `coalesce(sum(${of}), 0)`, bytes: (of) => `octet_length(${of})` });

export async function verifyPostgres(db: Database, blobs: BlobStore): Promise<Verified> {
  const problems: string[] = [];
  for (const [sentence, sql] of SUMS) {
    const [row] = await db`${new Part(sql)}`;
    if (row?.n !== 0) problems.push(`${row?.n} ${sentence}.`);
  }
  const chunks = await checkChunks(blobs, listChunks(db));
  const [records] = await db`SELECT count(*) AS n FROM records`;
  return { records: records?.n as number, chunks: chunks.chunks, problems: [...problems, ...chunks.problems] };
}
