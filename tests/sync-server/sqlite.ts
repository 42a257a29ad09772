/** An embedded store in a directory of its own, as the acceptance suites take it. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { openSqliteStorage } from "../../sync-server/storage/sqlite/store.ts";
import { newDirectory } from "./made-up.ts";
import { reopenable } from "./reopenable.ts";

export async function openSqlite(spaceQuotaBytes: number) {
  const directory = await newDirectory("store");
  const open = () => openSqliteStorage({ file: join(directory, "lomme.sqlite"), spaceQuotaBytes });
  return reopenable(open, () => rm(directory, { recursive: true }));
}
