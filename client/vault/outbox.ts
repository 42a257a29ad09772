/**
 * What waits to leave this device: pending rows (no op id, no counter, may still merge) and frozen ones (never change).
 * Read whole at the first question that needs all of it, never on the unlock path; one document's rows can be read alone.
 */
import type { DocumentTag, OpId, SpaceId } from "../../crypto/types.ts";
import type { Batch } from "./batch.ts";
import type { SealedStore } from "./sealed-store.ts";
import { type FrozenRow, frozenGroup, type OutboxRow, type PendingRow, pendingGroup } from "./space-rows.ts";

export class Outbox {
  readonly #store: SealedStore;
  /** By row key; null until all was read. */
  #all: Map<string, OutboxRow> | null = null;
  /** Changes kept so far: what was read while one came is not what is there. */
  #changes = 0;
  #lastOrder = 0;

  constructor(store: SealedStore) {
    this.#store = store;
  }

  /** Rises with every call, also when the clock stands still or goes back. */
  nextOrder(now: number): number {
    this.#lastOrder = Math.max(this.#lastOrder + 1, now);
    return this.#lastOrder;
  }

  /** Pending rows of one document, oldest first. */
  async pendingOf(space: SpaceId, document: DocumentTag): Promise<readonly PendingRow[]> {
    if (this.#all !== null) return (await this.pending(space)).filter((row) => row.document === document);
    const rows = await this.#store.list<OutboxRow>("outbox", pendingGroup(space, document));
    return byOrder(rows.flatMap(({ value }) => ("pending" in value ? [value.pending] : [])));
  }

  /** Pending rows of a space, oldest first. */
  async pending(space: SpaceId): Promise<readonly PendingRow[]> {
    const rows = [...(await this.#load()).values()];
    return byOrder(rows.flatMap((row) => ("pending" in row && row.pending.space === space ? [row.pending] : [])));
  }

  /** Frozen rows of a space, in the order of their counters. */
  async frozen(space: SpaceId): Promise<readonly FrozenRow[]> {
    const rows = [...(await this.#load()).values()];
    return rows
      .flatMap((row) => ("frozen" in row && row.frozen.space === space ? [row.frozen] : []))
      .toSorted((a, b) => a.counter - b.counter);
  }

  putPending(batch: Batch, row: PendingRow): void {
    const group = pendingGroup(row.space, row.document);
    this.#put(batch, group, String(row.order), { pending: row });
  }

  removePending(batch: Batch, row: PendingRow): void {
    this.#remove(batch, pendingGroup(row.space, row.document), String(row.order));
  }

  putFrozen(batch: Batch, row: FrozenRow): void {
    this.#put(batch, frozenGroup(row.space), row.opId, { frozen: row });
  }

  removeFrozen(batch: Batch, space: SpaceId, opId: OpId): void {
    this.#remove(batch, frozenGroup(space), opId);
  }

  #put(batch: Batch, group: readonly [string, ...string[]], item: string, row: OutboxRow): void {
    const key = this.#store.key(group, item);
    batch.add(this.#store.put("outbox", group, item, row), () => {
      this.#changes++;
      this.#all?.set(key, row);
    });
  }

  #remove(batch: Batch, group: readonly [string, ...string[]], item: string): void {
    const key = this.#store.key(group, item);
    batch.add(this.#store.remove("outbox", group, item), () => {
      this.#changes++;
      this.#all?.delete(key);
    });
  }

  async #load(): Promise<Map<string, OutboxRow>> {
    while (this.#all === null) {
      const before = this.#changes;
      const rows = await this.#store.listTable<OutboxRow>("outbox");
      // Whoever only asks does it beside the one who writes: a row that was merged meanwhile must not be known as it was.
      if (this.#changes !== before) continue;
      // Another caller may have been faster: its map already holds what was written since.
      this.#all ??= new Map(rows.map(({ key, value }) => [key, value]));
      for (const row of this.#all.values()) {
        if ("pending" in row) this.#lastOrder = Math.max(this.#lastOrder, row.pending.order);
      }
    }
    return this.#all;
  }
}

const byOrder = (rows: readonly PendingRow[]): readonly PendingRow[] => rows.toSorted((a, b) => a.order - b.order);
