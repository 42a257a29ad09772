/** 50 kills of a server with the embedded store; 1,000 with SLOW=1, or KILLS=… of them. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createDiskBlobs } from "../../sync-server/blobs/disk.ts";
import { dataPaths } from "../../sync-server/operations/data.ts";
import { operateEmbedded } from "../../sync-server/operations/embedded.ts";
import { startChild } from "./child.ts";
import { surviveKills } from "./crash.ts";

const CYCLES = Number(process.env.KILLS ?? (process.env.SLOW === "1" ? 1000 : 50));

test(
  `nothing acknowledged is lost in ${CYCLES} kills, and the store is whole`,
  async () => {
    const directory = await mkdtemp(join(tmpdir(), "lomme-crash-"));
    await surviveKills({ cycles: CYCLES, start: () => startChild(directory) });
    const paths = dataPaths({ dataDir: directory });
    // SQLite's own check, the sums, and the hash of every chunk.
    expect((await operateEmbedded(paths).verify(createDiskBlobs(paths.blobs))).problems).toEqual([]);
    await rm(directory, { recursive: true });
  },
  CYCLES * 10_000,
);
