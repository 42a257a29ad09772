/** Where things lie in a data directory; the server and the operator's commands agree on it here. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config.ts";

export interface DataPaths {
  readonly store: string;
  readonly journal: string;
  readonly blobs: string;
}

export function dataPaths({ dataDir, journalFile }: Pick<Config, "dataDir" | "journalFile">): DataPaths {
  return {
    store: join(dataDir, "lomme.sqlite"),
    journal: journalFile ?? join(dataDir, "lomme.journal"),
    blobs: join(dataDir, "blobs"),
  };
}

/** What the operator did wrong, in a sentence. */
export class OperatorError extends Error {}

/** @throws OperatorError when there is no store: a command must not create an empty one */
export function requireStore(paths: DataPaths): void {
  if (!existsSync(paths.store)) throw new OperatorError(`There is no store at ${paths.store}. Set DATA_DIR.`);
}
