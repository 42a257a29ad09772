/**
 * A shelf whose commits are gathered in memory and written in one go. What the vault writes and overwrites on the way
 * (a row that was pending, then frozen, then stored) reaches the disk once, as it stands in the end: so the rows are the
 * vault's own, and 200,000 of them don't take an afternoon.
 */
import type { Row, Shelf, Table, VaultStore, Write } from "../../client/vault/ports.ts";

export interface StagingShelf extends Shelf {
  /** Writes everything that was committed since the last time. */
  flush(): Promise<void>;
}

/** Null: removed. */
type Staged = Map<Table, Map<string, Uint8Array | null>>;

export function createStagingShelf(shelf: Shelf): StagingShelf {
  // Of each pocket, for all handles of it: a store is closed and opened again while the pocket is being made.
  const stagedById = new Map<string, Staged>();
  let flushOpen = async (): Promise<void> => undefined;
  return {
    covers: () => shelf.covers(),
    putCover: (cover) => shelf.putCover(cover),
    remove: (id) => shelf.remove(id),
    openStore: async (id, onClosed) => {
      const staged: Staged = stagedById.get(id) ?? new Map();
      stagedById.set(id, staged);
      const { store, flush } = stage(await shelf.openStore(id, onClosed), staged);
      flushOpen = flush;
      return store;
    },
    flush: () => flushOpen(),
  };
}

function stage(base: VaultStore, staged: Staged): { readonly store: VaultStore; flush(): Promise<void> } {
  const of = (table: Table): Map<string, Uint8Array | null> => {
    const rows = staged.get(table) ?? new Map<string, Uint8Array | null>();
    staged.set(table, rows);
    return rows;
  };
  const range = async (table: Table, prefix: string): Promise<readonly Row[]> => {
    const rows = new Map((await base.range(table, prefix)).map(({ key, bytes }) => [key, bytes]));
    for (const [key, bytes] of of(table)) {
      if (!key.startsWith(prefix)) continue;
      if (bytes === null) rows.delete(key);
      else rows.set(key, bytes);
    }
    return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, bytes]) => ({ key, bytes }));
  };
  const write = async (asked: Write): Promise<void> => {
    if ("put" in asked) of(asked.put).set(asked.key, asked.bytes);
    else if ("remove" in asked) of(asked.remove).set(asked.key, null);
    else for (const { key } of await range(asked.removeRange, asked.prefix)) of(asked.removeRange).set(key, null);
  };
  const flush = async (): Promise<void> => {
    const writes = [...staged].flatMap(([table, rows]) =>
      [...rows].map(([key, bytes]): Write => (bytes === null ? { remove: table, key } : { put: table, key, bytes })),
    );
    staged.clear();
    await base.commit(writes);
  };
  return {
    flush,
    store: {
      get: async (table, key) => {
        const known = of(table).get(key);
        return known === undefined ? base.get(table, key) : known;
      },
      range,
      measure: async (table, prefix) => {
        const rows = await range(table, prefix);
        return { rows: rows.length, bytes: rows.reduce((sum, { bytes }) => sum + bytes.length, 0) };
      },
      commit: async (writes) => {
        for (const one of writes) await write(one);
      },
      close: () => base.close(),
    },
  };
}
