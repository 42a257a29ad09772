/**
 * One pocket's sealed rows in a database of its own: seven tables without an index, key → bytes. What a key or a row
 * means, storage can't read (docs/protocol/store.md).
 */
import type Dexie from "dexie";
import type { CommitOptions, Reserve, Row, Table, Urgency, VaultStore, Write } from "../vault/ports.ts";
import { STORE_FORMAT, StoreError } from "../vault/ports.ts";
import { openDatabase, ownBytes } from "./database.ts";
import { asStoreErrors } from "./errors.ts";

const TABLES: readonly Table[] = ["keyring", "spaces", "log", "outbox", "pages", "blobs", "door"];

/** A text with its page of summaries and its words; what is larger is a photo or a recording. */
const MAX_URGENT_BYTES = 512 * 1024;

/** @throws StoreError other-format, store-failed */
export async function openPocketStore(
  name: string,
  onClosed: () => void | Promise<void>,
  reserve: Reserve,
): Promise<VaultStore> {
  let closedByUs = false;
  const database = await openDatabase(name, STORE_FORMAT, TABLES, () => {
    return closedByUs ? undefined : onClosed();
  });

  const rows = (table: Table, prefix: string) => {
    const all = database.table<Uint8Array, string>(table);
    return prefix === "" ? all.toCollection() : all.where(":id").startsWith(prefix);
  };

  return {
    get: (table, key) => asStoreErrors(async () => (await database.table<Uint8Array, string>(table).get(key)) ?? null),

    range: (table, prefix) =>
      asStoreErrors(() =>
        // In one transaction, so that keys and values are of the same moment.
        database.transaction("r", table, async () => {
          const [keys, values] = await Promise.all([rows(table, prefix).primaryKeys(), rows(table, prefix).toArray()]);
          return keys.map((key, at): Row => ({ key, bytes: values[at] as Uint8Array }));
        }),
      ),

    measure: (table, prefix) =>
      asStoreErrors(async () => {
        let count = 0;
        let bytes = 0;
        // Row by row: a table of blobs doesn't fit into memory.
        await rows(table, prefix).each((value) => {
          count++;
          bytes += value.byteLength;
        });
        return { rows: count, bytes };
      }),

    commit: async (writes, options = {}) => {
      if (writes.length === 0) return;
      const write = () => asStoreErrors(() => commit(database, writes));
      await (isUrgent(writes, options) ? withReserve(reserve, urgencyOf(writes, options), write) : write());
    },

    get short() {
      return reserve.spent;
    },
    get dry() {
      return reserve.dry;
    },

    close: () => {
      closedByUs = true;
      database.close();
    },
  };
}

const isUrgent = (writes: readonly Write[], { mayWait = false, last = false }: CommitOptions): boolean =>
  last || (!mayWait && bytesOf(writes) <= MAX_URGENT_BYTES);

const bytesOf = (writes: readonly Write[]): number =>
  writes.reduce((sum, write) => sum + ("put" in write ? write.bytes.length : 0), 0);

/** Deleting gives room back (whole groups of rows, or what was left at the door), so it must always go through. */
function urgencyOf(writes: readonly Write[], { last = false }: CommitOptions): Urgency {
  if (writes.some((write) => "removeRange" in write) || writes.every((write) => "remove" in write)) return "all";
  return last ? "lock" : "words";
}

/** Does it again in the room that was laid aside when the disk is full, of which it gives up no more than it takes. */
export async function withReserve<T>(reserve: Reserve, urgency: Urgency, write: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== "storage-full" || !(await reserve.spend(urgency)))
        throw error;
    }
  }
}

async function commit(database: Dexie, writes: readonly Write[]): Promise<void> {
  const tables = [...new Set(writes.map(tableOf))];
  await database.transaction("rw", tables, async () => {
    for (const run of runsOf(writes)) await writeRun(database, run);
  });
}

function tableOf(write: Write): Table {
  if ("put" in write) return write.put;
  return "remove" in write ? write.remove : write.removeRange;
}

/** Neighbouring puts into one table become one request; everything else stays alone. Order is kept. */
function runsOf(writes: readonly Write[]): Write[][] {
  const runs: Write[][] = [];
  for (const write of writes) {
    const last = runs.at(-1);
    const first = last?.[0];
    const joins = "put" in write && first !== undefined && "put" in first && first.put === write.put;
    if (joins) last?.push(write);
    else runs.push([write]);
  }
  return runs;
}

async function writeRun(database: Dexie, run: readonly Write[]): Promise<void> {
  const first = run[0] as Write;
  const table = database.table<Uint8Array, string>(tableOf(first));
  if ("put" in first) {
    const puts = run.filter((write) => "put" in write);
    await table.bulkPut(
      puts.map((write) => ownBytes(write.bytes)),
      puts.map((write) => write.key),
    );
  } else if ("remove" in first) {
    await table.delete(first.key);
  } else {
    if (first.prefix === "") throw new StoreError("store-failed", "an empty prefix would remove a whole table");
    await table.where(":id").startsWith(first.prefix).delete();
  }
}
