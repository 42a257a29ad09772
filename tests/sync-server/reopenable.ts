/** A store that a test can close and open again where it lies. */
import type { Storage } from "../../sync-server/storage/port.ts";

export async function reopenable<S extends Storage>(
  open: () => Promise<S>,
  afterwards: () => Promise<void> = async () => undefined,
) {
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
      await afterwards();
    },
  };
}
