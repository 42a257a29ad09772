/**
 * One pocket's rows, opened and sealed under V. A row's key is an opaque name of its group, then an opaque name of the
 * row in the group, so that a group can be read in one go; neither says what it is. Spec: docs/protocol/store.md.
 *
 * Whoever reads, decides and writes does it inside `exclusive`: one at a time, in order.
 *
 * The key of the names is random and lies in a row of its own, so that V can be renewed without renaming anything. While a
 * renewal is under way some rows are still sealed under the V before: that one lies in a row sealed under the new V, so
 * that whichever opens finds everything (renewal.ts, store.md §12).
 */
import {
  createRowNameKey,
  deriveRowSealKey,
  nameRow,
  openRow,
  openRowWith,
  type RowKeys,
  sealRow,
} from "../../crypto/rows.ts";
import type { RowName, RowNameKey, RowSealKey, SealedRow, VaultKey } from "../../crypto/types.ts";
import { type CommitOptions, type Row, StoreError, type Table, type VaultStore, type Write } from "./ports.ts";
import { decodeRow, encodeRow } from "./row-codec.ts";

/** Rows opened before somebody else in the worker gets a turn: some 10 ms, so that no list makes typing wait. */
const ROWS_IN_A_ROW = 256;
const BYTES_IN_A_ROW = 512 * 1024;
/** Names that are remembered: some 200 bytes each. */
const MAX_NAMES = 2_048;
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** Where rows of one thing stand: ["log", space, document]. */
export type Group = readonly [string, ...string[]];

export interface NamedRow<T> {
  readonly key: string;
  readonly value: T;
}

/** Rows with a name of their own, in table `keyring`. No other row's key has a letter beyond f. */
const NAMES = { table: "keyring", key: "names" } as const;
const BEFORE = { table: "keyring", key: "vault-before" } as const;
/** Rows of a large table are sealed anew by the first two digits of their keys: 256 portions. */
const SMALL_BYTES = 4 * 1024 * 1024;
const PORTIONS = Array.from({ length: 256 }, (_, at) => at.toString(16).padStart(2, "0"));
const TABLES: readonly Table[] = ["keyring", "spaces", "outbox", "pages", "log", "door", "blobs"];

/** What a renewal that is under way has to remember. */
export interface Before {
  /** Under which some rows may still be sealed. */
  readonly vaultKey: VaultKey;
  /** The ways in that end, the second code's too, byte for byte. */
  readonly old: readonly Uint8Array[];
}

export class SealedStore {
  readonly #store: VaultStore;
  #keys: RowKeys;
  #before: Before | null;
  /** Kept until the lock: a write that was sealed under it and had to wait is still turned over. */
  #oldSeal: RowSealKey | null;
  #last: Promise<unknown> = Promise.resolve();
  readonly #underWay = new Set<Promise<void>>();
  #gate: Promise<void> | null = null;
  #kept: Before | null = null;
  #closing: boolean = false;
  /** By what is named: parts are ids and our own words, none with a line break. */
  readonly #names = new Map<string, RowName>();

  private constructor(store: VaultStore, keys: RowKeys, before: Before | null) {
    this.#store = store;
    this.#keys = keys;
    this.#before = before;
    this.#oldSeal = before === null ? null : deriveRowSealKey(before.vaultKey);
  }

  /** A new store, with the key of its names committed. @throws StoreError */
  static async create(store: VaultStore, vaultKey: VaultKey): Promise<SealedStore> {
    const keys = { seal: deriveRowSealKey(vaultKey), name: createRowNameKey() };
    await store.commit([{ put: NAMES.table, key: NAMES.key, bytes: sealRow(keys, NAMES, keys.name) }]);
    return new SealedStore(store, keys, null);
  }

  /** Null when its first row isn't there or doesn't open: then nothing would. @throws StoreError */
  static async open(store: VaultStore, vaultKey: VaultKey): Promise<SealedStore | null> {
    const seal = deriveRowSealKey(vaultKey);
    const [names, older] = await Promise.all([store.get(NAMES.table, NAMES.key), store.get(BEFORE.table, BEFORE.key)]);
    if (names === null) return null;
    const opened = older === null ? null : openUnder([seal], BEFORE, older);
    const before = opened === null ? null : decodeRow<Before>(opened);
    const seals = before === null ? [seal] : [seal, deriveRowSealKey(before.vaultKey)];
    const name = openUnder(seals, NAMES, names) as RowNameKey | null;
    return name === null ? null : new SealedStore(store, { seal, name }, before);
  }

  /** Runs `work` after everything that was asked for before it, also when that failed. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work, work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  groupName(group: Group): string {
    return this.#nameOf("group", ...group);
  }

  key(group: Group, item: string): string {
    return this.groupName(group) + this.#nameOf("row", ...group, item);
  }

  /** The same few groups and rows are named again with every letter that is kept. */
  #nameOf(...parts: readonly string[]): RowName {
    const asked = parts.join("\n");
    const known = this.#names.get(asked);
    if (known !== undefined) return known;
    const name = nameRow(this.#keys, ...parts);
    if (this.#names.size >= MAX_NAMES) this.#names.clear();
    this.#names.set(asked, name);
    return name;
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
  async commit(writes: readonly Write[], options?: CommitOptions): Promise<void> {
    if (writes.length === 0) return;
    while (this.#gate !== null) await this.#gate;
    const fresh = this.#oldSeal === null ? writes : writes.map((write) => this.#underNewKey(write));
    const committed = this.#store.commit(fresh, options);
    this.#underWay.add(committed);
    try {
      await committed;
    } finally {
      this.#underWay.delete(committed);
    }
  }

  /** Not null: a renewal was begun and isn't over. */
  get before(): Before | null {
    return this.#before;
  }

  /** Keeps `before`, sealed under `next`: whoever opens with `next` finds what is still sealed under the old one. */
  keepBefore(next: VaultKey, before: Before): Promise<void> {
    const bytes = sealRow({ seal: deriveRowSealKey(next) }, BEFORE, encodeRow(before));
    return this.exclusive(async () => {
      await this.commit([{ put: BEFORE.table, key: BEFORE.key, bytes }]);
      this.#kept = before;
    });
  }

  /** From here on rows are sealed under `next`, for which `keepBefore` was called. */
  changeKey(next: VaultKey): Promise<void> {
    return this.exclusive(async () => {
      this.#oldSeal = this.#keys.seal;
      this.#before = this.#kept;
      this.#keys = { seal: deriveRowSealKey(next), name: this.#keys.name };
    });
  }

  /** Seals every row anew that is under the key before, a portion at a time, then forgets that key. May be broken off. */
  async sealAnew(): Promise<void> {
    if (this.#oldSeal === null) return;
    for (const table of TABLES) {
      const { rows, bytes } = await this.#store.measure(table, "");
      const isSmall = rows <= 2 * ROWS_IN_A_ROW && bytes <= SMALL_BYTES;
      // In portions the rows with names of their own would be left out; they are in `keyring`, which stays small.
      for (const portion of isSmall || table === "keyring" ? [""] : PORTIONS) {
        if (this.#closing) throw new StoreError("store-closed"); // Goes on after the next unlock.
        await this.#sealPortion(table, portion);
        await breathe();
      }
    }
    await this.commit([{ remove: BEFORE.table, key: BEFORE.key }]);
    this.#before = null;
  }

  /** No further portion is sealed anew: whoever ends the pocket waits for what is under way. */
  stopSealing(): void {
    this.#closing = true;
  }

  /** Nobody writes between reading a portion and writing it back. */
  async #sealPortion(table: Table, portion: string): Promise<void> {
    while (this.#gate !== null) await this.#gate;
    let open = (): void => undefined;
    this.#gate = new Promise((resolve) => {
      open = resolve;
    });
    try {
      await Promise.allSettled(this.#underWay);
      const rows = await this.#store.range(table, portion);
      const writes = rows.flatMap(({ key, bytes }): Write[] => {
        const write: Write = { put: table, key, bytes };
        const fresh = this.#underNewKey(write);
        return fresh === write ? [] : [fresh];
      });
      if (writes.length > 0) await this.#store.commit(writes);
    } finally {
      this.#gate = null;
      open();
    }
  }

  /** The write itself unless its row is under the key before. */
  #underNewKey(write: Write): Write {
    if (!("put" in write) || this.#oldSeal === null) return write;
    const place = { table: write.put, key: write.key };
    try {
      const plain = openRow({ seal: this.#oldSeal }, place, write.bytes as SealedRow);
      return { ...write, bytes: sealRow(this.#keys, place, plain) };
    } catch {
      return write; // Under the new key already, the door's own, or damaged: it stays as it is.
    }
  }

  /** The disk is full, and what was laid aside for that is being used. */
  get short(): boolean {
    return this.#store.short ?? false;
  }

  /** Not even a lock finds room any more. */
  get dry(): boolean {
    return this.#store.dry ?? false;
  }

  /** For rows that another key sealed (the door's). */
  get raw(): VaultStore {
    return this.#store;
  }

  close(): void {
    this.#store.close();
  }

  #open<T>(table: Table, key: string, sealed: Uint8Array): T {
    const place = { table, key };
    try {
      return openRowWith(this.#keys, place, sealed as SealedRow, (plaintext) => decodeRow<T>(plaintext));
    } catch (error) {
      if (this.#oldSeal === null) throw error;
      return openRowWith({ seal: this.#oldSeal }, place, sealed as SealedRow, (plaintext) => decodeRow<T>(plaintext));
    }
  }

  async #openAll<T>(table: Table, rows: readonly Row[]): Promise<NamedRow<T>[]> {
    const opened: NamedRow<T>[] = [];
    let [rowsInARow, bytesInARow] = [0, 0];
    for (const { key, bytes } of rows) {
      if (rowsInARow >= ROWS_IN_A_ROW || bytesInARow >= BYTES_IN_A_ROW) {
        await breathe();
        [rowsInARow, bytesInARow] = [0, 0];
      }
      rowsInARow++;
      bytesInARow += bytes.length;
      try {
        opened.push({ key, value: this.#open<T>(table, key, bytes) });
      } catch {
        // A damaged row must not block the rest; it stays where it is.
      }
    }
    return opened;
  }
}

/** Under the first of these keys that opens it; null when none does. */
function openUnder(
  seals: readonly RowSealKey[],
  place: { readonly table: string; readonly key: string },
  sealed: Uint8Array,
): Uint8Array | null {
  for (const seal of seals) {
    try {
      return openRow({ seal }, place, sealed as SealedRow);
    } catch {
      // Perhaps the next.
    }
  }
  return null;
}
