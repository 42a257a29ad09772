/**
 * Rows that all devices of this person share: sharing's own (people, circles, shares, errands), the card, the devices. They
 * are one document of the pocket that no list shows (documents/shared-rows.ts), so that chains, merging and recovery are
 * those of every other document; and a sealed row each on this device, so that reading one opens no document.
 *
 * A write commits the rows and the update that carries them in one strict transaction. What arrives from another device
 * is first kept in the log like any record and then turned into rows; `sharedDue` in the space's state says that the second
 * half is still to be done. Spec: docs/protocol/store.md §13.
 */
import type { DocumentTag, SpaceId } from "../../crypto/types.ts";
import { type SharedEntry, SharedRows } from "../documents/shared-rows.ts";
import { clientIdsOf } from "../documents/updates.ts";
import { Batch } from "./batch.ts";
import type { Clock } from "./ports.ts";
import type { SealedStore } from "./sealed-store.ts";
import type { SpaceLog } from "./space-log.ts";

const GROUP = ["shared"] as const;

export interface StateRow {
  readonly name: string;
  readonly json: string;
}

export interface SharedStateParts {
  readonly store: SealedStore;
  readonly clock: Clock;
  readonly document: DocumentTag;
  /** The pocket's. */
  log(): SpaceLog;
  /** There is something to send. */
  pending(space: SpaceId): void;
}

export class SharedState {
  readonly #parts: SharedStateParts;
  /** Null until the first write, or the first arrival, of this unlock. */
  #rows: SharedRows | null = null;
  /** All rows as they are on the disk; null until they were read once. */
  #kept: Map<string, string> | null = null;
  readonly #listeners: ((names: readonly string[]) => void)[] = [];

  constructor(parts: SharedStateParts) {
    this.#parts = parts;
  }

  async read(name: string): Promise<string | null> {
    return (await this.#all()).get(name) ?? null;
  }

  /** All rows whose name begins with `prefix`, in order of name. */
  async list(prefix: string): Promise<readonly StateRow[]> {
    return [...(await this.#all())]
      .flatMap(([name, json]) => (name.startsWith(prefix) ? [{ name, json }] : []))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** All or nothing, strictly durable. Null removes. Not to be called inside `store.exclusive`. */
  async write(entries: readonly SharedEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const { store, document, clock } = this.#parts;
    const log = this.#parts.log();
    await store.exclusive(async () => {
      const rows = await this.#load();
      try {
        const payload = rows.write(entries);
        if (payload === null) return;
        const batch = new Batch();
        for (const { name } of entries) this.#keep(batch, rows, name);
        const added = { document, kind: "update", payload, blobs: [], clientIds: clientIdsOf(payload) } as const;
        await log.addPending(batch, added, clock.now());
        await batch.commit(store);
      } catch (error) {
        this.#forget(); // It knows what the disk doesn't.
        throw error;
      }
    });
    this.#parts.pending(log.space);
  }

  /** What other devices wrote, already kept in the log, becomes rows here; whoever listens hears their names. */
  async take(payloads: readonly Uint8Array[]): Promise<void> {
    const { store } = this.#parts;
    const names = await store.exclusive(async () => {
      const batch = new Batch();
      const rows = this.#rows;
      try {
        const touched = rows === null ? await this.#loadAgain() : rows.apply(payloads);
        if (rows !== null) for (const name of touched) this.#keep(batch, rows, name);
        await this.#settle(batch);
        await batch.commit(store);
        return touched;
      } catch (error) {
        this.#forget(); // The log has it, `sharedDue` says so.
        throw error;
      }
    });
    if (names.length > 0) for (const listener of [...this.#listeners]) listener(names);
  }

  /** At the start: an arrival that a closing broke off in the middle. */
  async resume(): Promise<void> {
    if ((await this.#parts.log().state()).sharedDue) await this.take([]);
  }

  /** Something that stood in the log counts no more. */
  async readAgain(): Promise<void> {
    this.#rows = null;
    await this.take([]);
  }

  onArrival(listener: (names: readonly string[]) => void): void {
    this.#listeners.push(listener);
  }

  close(): void {
    this.#forget();
  }

  async #load(): Promise<SharedRows> {
    if (this.#rows === null) await this.#loadAgain();
    return this.#rows as SharedRows;
  }

  /** Reads the document from the log and puts right what the rows say otherwise. Gives the names that were. */
  async #loadAgain(): Promise<readonly string[]> {
    const { store, document } = this.#parts;
    const rows = new SharedRows(await this.#parts.log().updates(document));
    const kept = await this.#all();
    const names = [...new Set([...rows.names(), ...kept.keys()])];
    const changed = names.filter((name) => rows.read(name) !== (kept.get(name) ?? null));
    const batch = new Batch();
    for (const name of changed) this.#keep(batch, rows, name);
    await batch.commit(store);
    this.#rows = rows;
    return changed;
  }

  #keep(batch: Batch, rows: SharedRows, name: string): void {
    const { store } = this.#parts;
    const json = rows.read(name);
    if (json === null) batch.add(store.remove("spaces", GROUP, name), () => this.#kept?.delete(name));
    else {
      const row: StateRow = { name, json };
      batch.add(store.put("spaces", GROUP, name, row), () => this.#kept?.set(name, json));
    }
  }

  async #all(): Promise<Map<string, string>> {
    if (this.#kept === null) {
      const rows = await this.#parts.store.list<StateRow>("spaces", GROUP);
      // Another caller may have been faster: its map already holds what was written since.
      this.#kept ??= new Map(rows.map(({ value }) => [value.name, value.json]));
    }
    return this.#kept;
  }

  async #settle(batch: Batch): Promise<void> {
    const log = this.#parts.log();
    const state = await log.state();
    if (state.sharedDue) log.putState(batch, { ...state, sharedDue: false });
  }

  #forget(): void {
    this.#rows?.close();
    this.#rows = null;
    this.#kept = null;
  }
}
