/** Kills of a node over PostgreSQL, some together with the database itself; 10, or 200 with SLOW=1. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createDiskBlobs } from "../../sync-server/blobs/disk.ts";
import { operatePostgres } from "../../sync-server/operations/postgres/operations.ts";
import { startChild } from "./child.ts";
import { surviveKills } from "./crash.ts";
import { startPostgres } from "./postgres.ts";

const CYCLES = process.env.SLOW === "1" ? 200 : 10;
const cluster = await startPostgres();

describe.skipIf(typeof cluster === "string")(`postgres${typeof cluster === "string" ? `: ${cluster}` : ""}`, () => {
  if (typeof cluster === "string") return;
  afterAll(() => cluster.dispose());

  test(
    `nothing acknowledged is lost in ${CYCLES} kills, and the store is whole`,
    async () => {
      const directory = await mkdtemp(join(tmpdir(), "lomme-crash-"));
      const [url, journalUrl] = [await cluster.createDatabase(), await cluster.createDatabase()];
      await surviveKills({
        cycles: CYCLES,
        start: () => startChild(directory, { DATABASE_URL: url, JOURNAL_DATABASE_URL: journalUrl }),
        async alsoKill(cycle) {
          if (cycle % 5 !== 3) return;
          await cluster.crash();
          await cluster.start();
        },
      });
      const blobs = createDiskBlobs(join(directory, "blobs"));
      const operations = await operatePostgres({ url, journalUrl, blobs: null });
      expect((await operations.verify(blobs)).problems).toEqual([]);
      await operations.close();
      await rm(directory, { recursive: true });
    },
    CYCLES * 15_000,
  );
});
