/** A store of which one small table was read before anybody asks for it. */
import type { Row, Table, VaultStore } from "./ports.ts";

/**
 * What is asked of `table` is answered from memory until the first commit. Only for whoever is the one to write into this store
 * from before this call. @throws StoreError
 */
export async function readAhead(store: VaultStore, table: Table): Promise<VaultStore> {
  let ahead: readonly Row[] | null = await store.range(table, "");
  const rows = (asked: Table): readonly Row[] | null => (asked === table ? ahead : null);
  const here: Pick<VaultStore, "get" | "range" | "commit"> = {
    get: async (asked, key) => {
      const known = rows(asked);
      return known === null ? store.get(asked, key) : (known.find((row) => row.key === key)?.bytes ?? null);
    },
    range: async (asked, prefix) =>
      rows(asked)?.filter(({ key }) => key.startsWith(prefix)) ?? store.range(asked, prefix),
    commit: (writes, options) => {
      ahead = null;
      return store.commit(writes, options);
    },
  };
  return Object.assign(Object.create(store) as VaultStore, here);
}
