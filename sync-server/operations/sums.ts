/** What must be so in a whole store, whichever database it lies in: the numbers that must add up, and every chunk's hash. */
import type { BlobId, SpaceId } from "../../protocol/frames.ts";
import { RECORD_OVERHEAD_BYTES } from "../../protocol/limits.ts";
import type { BlobStore } from "../blobs/port.ts";
import { fromId, sameBytes } from "../storage/columns.ts";

export interface Verified {
  readonly records: number;
  readonly chunks: number;
  /** One sentence each; none when all is well. */
  readonly problems: readonly string[];
}

/** How the database says it, in SQL. */
interface Dialect {
  /** A sum, 0 of nothing. */
  sum(of: string): string;
  /** Length of a byte string, in bytes. */
  bytes(of: string): string;
}

/** Each sentence with the query for `n`, the number of rows that break it. */
export const sumsIn = ({ sum, bytes }: Dialect): readonly (readonly [sentence: string, sql: string])[] => [
  [
    "spaces count other bytes than they hold",
    `SELECT count(*) AS n FROM spaces s WHERE deleted = 0 AND bytes <>
       (SELECT ${sum(bytes("r.sealed"))} FROM records r WHERE r.space = s.space)
     + (SELECT count(*) FROM ops o WHERE o.space = s.space) * ${RECORD_OVERHEAD_BYTES}
     + (SELECT ${sum("c.bytes")} FROM chunks c WHERE c.space = s.space)
     + (SELECT ${sum(`${bytes("d.bytes")} + ${RECORD_OVERHEAD_BYTES}`)} FROM drops d WHERE d.space = s.space)`,
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

export interface ChunkHash {
  readonly space: Uint8Array;
  readonly blob: Uint8Array;
  readonly chunk: number;
  /** SHA-256 as it was uploaded. */
  readonly hash: Uint8Array;
}

/** Whether every one of these is with the blobs as it was uploaded. */
export async function checkChunks(
  blobs: BlobStore,
  rows: Iterable<ChunkHash> | AsyncIterable<ChunkHash>,
): Promise<Pick<Verified, "chunks" | "problems">> {
  let [chunks, absent, changed] = [0, 0, 0];
  for await (const { space, blob, chunk, hash } of rows) {
    chunks++;
    const stored = await blobs.hash(fromId<SpaceId>(space), fromId<BlobId>(blob), chunk);
    if (stored === null) absent++;
    else if (!sameBytes(stored, hash)) changed++;
  }
  const problems = [
    ...(absent > 0 ? [`${absent} chunks have no file.`] : []),
    ...(changed > 0 ? [`${changed} chunks are not what was uploaded.`] : []),
  ];
  return { chunks, problems };
}
