/** Looks whether a PostgreSQL store is whole: every number that must add up, and the hash of every chunk. Reads only. */
import type { BlobStore } from "../../blobs/port.ts";
import { type Database, Part } from "../../storage/postgres/database.ts";
import { type ChunkHash, checkChunks, sumsIn, type Verified } from "../sums.ts";

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

export interface ChunkRow extends ChunkHash {
  readonly bytes: number;
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
