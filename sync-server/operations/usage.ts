/** How much each space takes. Sizes and numbers only; the ids are random and say nothing about whose they are. */
import { fromId } from "../storage/columns.ts";
import type { Database } from "../storage/sqlite/database.ts";

export interface Usage {
  readonly space: string;
  readonly bytes: number;
  readonly quota: number;
  readonly records: number;
  readonly blobs: number;
}

/** The `limit` spaces that take most. */
export function listUsage(db: Database, limit: number): Usage[] {
  const rows = db
    .sql(
      `SELECT space, bytes, quota,
         (SELECT count(*) FROM records r WHERE r.space = s.space) AS records,
         (SELECT count(*) FROM blobs b WHERE b.space = s.space) AS blobs
       FROM spaces s WHERE deleted = 0 ORDER BY bytes DESC LIMIT ?`,
    )
    .all(limit);
  return rows.map((row) => ({
    space: fromId(row.space),
    bytes: row.bytes as number,
    quota: row.quota as number,
    records: row.records as number,
    blobs: row.blobs as number,
  }));
}
