/** The operator's commands on the embedded store. All but restore may run beside the server. */
import { type Database, openDatabase } from "../storage/sqlite/database.ts";
import { sumUsage } from "../storage/sqlite/spaces.ts";
import { backupStore, restoreStore } from "./backup.ts";
import { type DataPaths, OperatorError, requireStore } from "./data.ts";
import type { Operations } from "./port.ts";
import { countTokens, createTokens, revokeToken } from "./tokens.ts";
import { listUsage } from "./usage.ts";
import { verifyStore } from "./verify.ts";

export function operateEmbedded(paths: DataPaths): Operations {
  async function withStore<T>(work: (db: Database) => T | Promise<T>): Promise<T> {
    requireStore(paths);
    const db = openDatabase(paths.store);
    try {
      return await work(db);
    } finally {
      db.raw.close();
    }
  }
  return {
    createTokens: (count) => withStore((db) => createTokens(db, count)),
    revokeToken: (token) => withStore((db) => revokeToken(db, token)),
    countTokens: () => withStore(countTokens),
    listUsage: (limit) => withStore((db) => listUsage(db, limit)),
    sumUsage: () => withStore(sumUsage),
    verify: (blobs) => withStore((db) => verifyStore(db, blobs)),
    async backup(to) {
      requireStore(paths);
      await backupStore(paths, to);
    },
    async restore(from, options) {
      if (from === null) throw new OperatorError("Say which backup: --from DIRECTORY");
      return restoreStore(paths, from, options);
    },
    close: async () => {},
  };
}
