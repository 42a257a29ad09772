/**
 * The ports of storage in memory, for tests and the simulation. It passes the same acceptance suite as Dexie, and can do
 * what a browser won't do on demand: run out of space, crash, and lose commits that were not strict.
 */
import type { CoverRow, Row, Shelf, Table, VaultStore, Write } from "../../../client/vault/ports.ts";
import { STORE_FORMAT, StoreError } from "../../../client/vault/ports.ts";

/** By the group that a key begins with, so that one group of a large table is read alone, then by key. */
type Rows = Map<string, Map<string, Uint8Array>>;
type Tables = Map<Table, Rows>;

/** What the keys of a group have in common (sealed-store.ts). A shorter key is a group of its own. */
const GROUP_LETTERS = 32;
const groupOf = (key: string): string => key.slice(0, GROUP_LETTERS);

interface Disk {
  readonly covers: Map<string, CoverRow>;
  readonly pockets: Map<string, Tables>;
}

function copyDisk(disk: Disk): Disk {
  return {
    covers: new Map(disk.covers),
    pockets: new Map([...disk.pockets].map(([id, tables]) => [id, copyTables(tables)])),
  };
}

function copyTables(tables: Tables): Tables {
  return new Map([...tables].map(([name, rows]) => [name, copyRows(rows)]));
}

const copyRows = (rows: Rows): Rows => new Map([...rows].map(([group, found]) => [group, new Map(found)]));

/** Those whose keys begin with `prefix`, which may be shorter than a group's name, or longer. */
function* under(rows: Rows, prefix: string): Generator<[key: string, bytes: Uint8Array]> {
  const group = prefix.length < GROUP_LETTERS ? [...rows.values()] : [rows.get(groupOf(prefix)) ?? []];
  for (const found of group) for (const row of found) if (row[0].startsWith(prefix)) yield row;
}

export interface MemoryShelfOptions {
  /** False: commits reach the disk only by `flush`, as relaxed ones would. A crash loses the rest. */
  readonly strict?: boolean;
  /** Passes before each commit: a disk takes time. */
  readonly pause?: () => Promise<void>;
  /** Bytes of rows over all pockets; a commit beyond it is refused whole. */
  readonly quotaBytes?: number;
}

export class MemoryShelf implements Shelf {
  readonly #options: MemoryShelfOptions;
  #live: Disk = { covers: new Map(), pockets: new Map() };
  #flushed: Disk = { covers: new Map(), pockets: new Map() };
  readonly #open = new Map<string, () => void | Promise<void>>();
  /** Handles of an earlier life answer nothing any more. */
  #life = 0;

  constructor(options: MemoryShelfOptions = {}) {
    this.#options = options;
  }

  /** Another disk that holds the same. */
  copy(options: MemoryShelfOptions = this.#options): MemoryShelf {
    const other = new MemoryShelf(options);
    other.#live = copyDisk(this.#live);
    other.#flushed = copyDisk(this.#flushed);
    return other;
  }

  /** What is in memory reaches the disk. */
  flush(): void {
    this.#flushed = copyDisk(this.#live);
  }

  /** Power cut: what was not flushed is gone, and every open handle with it. */
  crash(): void {
    this.#life++;
    if (this.#options.strict === false) this.#live = copyDisk(this.#flushed);
  }

  #committed(): void {
    if (this.#options.strict === false) return;
    this.#flushed = this.#live; // One and the same: every commit reaches the disk.
  }

  async covers(): Promise<readonly CoverRow[]> {
    return [...this.#live.covers.values()]
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map((cover) => structuredClone(cover));
  }

  async putCover(cover: CoverRow): Promise<void> {
    this.#refuseOtherFormat(cover.id);
    this.#live.covers.set(cover.id, structuredClone(cover));
    this.#committed();
  }

  async changeCover(id: string, change: (now: CoverRow) => CoverRow): Promise<CoverRow> {
    this.#refuseOtherFormat(id);
    const now = this.#live.covers.get(id);
    if (now === undefined) throw new StoreError("store-failed");
    const next = change(structuredClone(now));
    await this.putCover(next);
    return structuredClone(next);
  }

  async remove(id: string): Promise<void> {
    this.#live.pockets.delete(id);
    this.#live.covers.delete(id);
    this.#committed();
  }

  #refuseOtherFormat(id: string): void {
    const there = this.#live.covers.get(id);
    if (there !== undefined && there.format !== STORE_FORMAT) throw new StoreError("other-format");
  }

  /** Another page upgrades the pocket's database: whoever has it open is told, and it is closed. */
  async takeAway(id: string): Promise<void> {
    await this.#open.get(id)?.();
    this.#life++;
  }

  async openStore(id: string, onClosed: () => void | Promise<void> = () => undefined): Promise<VaultStore> {
    this.#open.set(id, onClosed);
    this.#refuseOtherFormat(id);
    const life = this.#life;
    let open = true;
    const rows = (table: Table): Rows => {
      if (!open || life !== this.#life) throw new StoreError("store-closed");
      return this.#live.pockets.get(id)?.get(table) ?? new Map();
    };
    const range = (table: Table, prefix: string): Row[] => {
      const found: Row[] = [];
      for (const [key, bytes] of under(rows(table), prefix)) found.push({ key, bytes: bytes.slice() });
      return found.sort((a, b) => (a.key < b.key ? -1 : 1));
    };
    return {
      get: async (table, key) => rows(table).get(groupOf(key))?.get(key)?.slice() ?? null,
      range: async (table, prefix) => range(table, prefix),
      measure: async (table, prefix) => {
        const found = range(table, prefix);
        return { rows: found.length, bytes: found.reduce((sum, row) => sum + row.bytes.length, 0) };
      },
      commit: async (writes) => {
        await this.#options.pause?.();
        rows("log"); // A handle of before a crash commits nothing.
        if (this.#options.quotaBytes === undefined && this.#options.strict !== false && !writes.some(isRefused)) {
          // Nothing can go wrong half-way and nothing is ever undone: no copy to fall back on.
          const there = this.#live.pockets.get(id) ?? new Map();
          this.#live.pockets.set(id, there);
          for (const write of writes) apply(there, write);
          this.#committed();
          return;
        }
        const next = new Map(this.#live.pockets.get(id));
        for (const table of new Set(writes.map(tableOf))) next.set(table, copyRows(next.get(table) ?? new Map()));
        for (const write of writes) apply(next, write);
        this.#refuseOverQuota(id, next);
        this.#live.pockets.set(id, next);
        this.#committed();
      },
      close: () => {
        open = false;
      },
    };
  }

  #refuseOverQuota(id: string, next: Tables): void {
    const quota = this.#options.quotaBytes;
    if (quota === undefined) return;
    const others = [...this.#live.pockets].filter(([pocket]) => pocket !== id).map(([, tables]) => tables);
    let sum = 0;
    for (const tables of [...others, next]) {
      for (const rows of tables.values()) for (const [, bytes] of under(rows, "")) sum += bytes.length;
    }
    if (sum > quota) throw new StoreError("storage-full");
  }
}

function tableOf(write: Write): Table {
  return "put" in write ? write.put : "remove" in write ? write.remove : write.removeRange;
}

/** All rows of a table at once are never meant. */
const isRefused = (write: Write): boolean => "removeRange" in write && write.prefix === "";

function apply(tables: Tables, write: Write): void {
  const rows: Rows = tables.get(tableOf(write)) ?? new Map();
  tables.set(tableOf(write), rows);
  if ("put" in write) {
    const group = rows.get(groupOf(write.key));
    if (group === undefined) rows.set(groupOf(write.key), new Map([[write.key, write.bytes.slice()]]));
    else group.set(write.key, write.bytes.slice());
  } else if ("remove" in write) rows.get(groupOf(write.key))?.delete(write.key);
  else {
    if (isRefused(write)) throw new StoreError("store-failed");
    for (const [key] of [...under(rows, write.prefix)]) rows.get(groupOf(key))?.delete(key);
  }
}
