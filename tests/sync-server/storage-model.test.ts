import { rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "vitest";
import { openSqliteStorage } from "../../sync-server/storage/sqlite/store.ts";
import { newDirectory } from "./made-up.ts";
import { checkHistories } from "./storage-model.ts";

const RUNS = process.env.SLOW === "1" ? 5000 : 40;

test(
  "sqlite answers every history as the model does",
  () =>
    checkHistories(
      async (spaceQuotaBytes) => {
        const directory = await newDirectory("model");
        const open = () => openSqliteStorage({ file: join(directory, "lomme.sqlite"), spaceQuotaBytes });
        let storage = await open();
        return {
          get storage() {
            return storage;
          },
          async reopen() {
            await storage.close();
            storage = await open();
          },
          async dispose() {
            await storage.close();
            await rm(directory, { recursive: true });
          },
        };
      },
      { numRuns: RUNS, maxCommands: 60 },
    ),
  RUNS * 1000,
);
