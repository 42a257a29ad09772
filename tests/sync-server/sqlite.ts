/** An embedded store in a directory of its own, as the acceptance suites take it. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { openSqliteStorage } from "../../sync-server/storage/sqlite/store.ts";
import { newDirectory } from "./made-up.ts";

export async function openSqlite(spaceQuotaBytes: number) {
  const directory = await newDirectory("store");
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
}
