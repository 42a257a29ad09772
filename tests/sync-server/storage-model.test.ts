import { rm } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { test } from "vitest";
import { openSqliteStorage } from "../../sync-server/storage/sqlite/store.ts";
import { newDirectory, newSpace } from "./made-up.ts";
import { expectSame, histories, type Model, modelSpace } from "./storage-model.ts";

/** Small enough that histories run into it. */
const QUOTA = 12_000;
const RUNS = process.env.SLOW === "1" ? 5000 : 100;

test(
  "sqlite answers every history as the model does",
  async () => {
    await fc.assert(
      fc.asyncProperty(histories(60), async (history) => {
        const directory = await newDirectory("model");
        const open = () => openSqliteStorage({ file: join(directory, "lomme.sqlite"), spaceQuotaBytes: QUOTA });
        let storage = await open();
        const under = {
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
        try {
          const model: Model = { spaces: [], quota: QUOTA };
          for (let i = 0; i < 2; i++) {
            const create = newSpace();
            await storage.createSpace(create, "open");
            model.spaces.push(modelSpace(create.space));
          }
          await fc.asyncModelRun(() => ({ model, real: under }), history);
          await expectSame(model, storage);
        } finally {
          await under.dispose();
        }
      }),
      { numRuns: RUNS },
    );
  },
  RUNS * 1000,
);
