/**
 * One pocket's rows, opened and sealed under V. A row's key is an opaque name of its group, then an opaque name of the
 * row in the group, so that a group can be read in one go; neither says what it is. Spec: docs/protocol/store.md.
 *
 * Whoever reads, decides and writes does it inside `exclusive`: one at a time, in order.
 */
import { deriveRowKeys, nameRow, openRow, type RowKeys, sealRow } from "../../crypto/rows.ts";
import type { SealedRow, VaultKey } from "../../crypto/types.ts";
import type { Row, Table, VaultStore, Write } from "./ports.ts";
import { decodeRow, encodeRow } from "./row-codec.ts";

/** Rows opened before somebody else in the worker gets a turn: some 10 ms, so that no list makes typing wait. */
const ROWS_IN_A_ROW = 256;
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** Where rows of one thing stand: ["log", space, document]. */
export type Group = readonly [string, ...string[]];

export interface NamedRow<T> {
  readonly key: string;
  readonly value: T;
}

export class SealedStore {
  readonly #store: VaultStore;
  readonly #keys: RowKeys;
  #last: Promise<unknown> = Promise.resolve();

  constructor(store: VaultStore, vaultKey: VaultKey) {
    this.#store = store;
    this.#keys = deriveRowKeys(vaultKey);
  }

  /** Runs `work` after everything that was asked for before it, also when that failed. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work, work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  groupName(group: Group): string {
    return nameRow(this.#keys, "group", ...group);
  }

  key(group: Group, item: string): string {
    return this.groupName(group) + nameRow(this.#keys, "row", ...group, item);
  }

  /** Null when there is no such row. @throws StoreError, CryptoError does-not-open */
  async read<T>(table: Table, group: Group, item: string): Promise<T | null> {
    const key = this.key(group, item);
    const sealed = await this.#store.get(table, key);
    return sealed === null ? null : this.#open<T>(table, key, sealed);
  }

  /** All rows of a group, in no order that means anything. A row that doesn't open is passed over and kept. */
  async list<T>(table: Table, group: Group): Promise<readonly NamedRow<T>[]> {
    return this.#openAll<T>(table, await this.#store.range(table, this.groupName(group)));
  }

  /** The same, with whether a row was passed over. */
  async readGroup<T>(
    table: Table,
    group: Group,
  ): Promise<{ readonly rows: readonly NamedRow<T>[]; readonly damaged: boolean }> {
    const sealed = await this.#store.range(table, this.groupName(group));
    const rows = await this.#openAll<T>(table, sealed);
    return { rows, damaged: rows.length < sealed.length };
  }

  /** Every row of a table, whatever its group. */
  async listTable<T>(table: Table): Promise<readonly NamedRow<T>[]> {
    return this.#openAll<T>(table, await this.#store.range(table, ""));
  }

  put(table: Table, group: Group, item: string, value: unknown): Write {
    const key = this.key(group, item);
    return { put: table, key, bytes: sealRow(this.#keys, { table, key }, encodeRow(value)) };
  }

  remove(table: Table, group: Group, item: string): Write {
    return { remove: table, key: this.key(group, item) };
  }

  removeGroup(table: Table, group: Group): Write {
    return { removeRange: table, prefix: this.groupName(group) };
  }

  /** All or nothing, strictly durable when it resolves. @throws StoreError storage-full, store-failed, store-closed */
  commit(writes: readonly Write[]): Promise<void> {
    return writes.length === 0 ? Promise.resolve() : this.#store.commit(writes);
  }

  /** For rows that another key sealed (the door's). */
  get raw(): VaultStore {
    return this.#store;
  }

  close(): void {
    this.#store.close();
  }

  #open<T>(table: Table, key: string, sealed: Uint8Array): T {
    return decodeRow<T>(openRow(this.#keys, { table, key }, sealed as SealedRow));
  }

  async #openAll<T>(table: Table, rows: readonly Row[]): Promise<NamedRow<T>[]> {
    const opened: NamedRow<T>[] = [];
    for (const [at, { key, bytes }] of rows.entries()) {
      if (at % ROWS_IN_A_ROW === ROWS_IN_A_ROW - 1) await breathe();
      try {
        opened.push({ key, value: this.#open<T>(table, key, bytes) });
      } catch {
        // A damaged row must not block the rest; it stays where it is.
      }
    }
    return opened;
  }
}
