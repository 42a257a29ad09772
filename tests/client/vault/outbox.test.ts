/** What waits to leave: known in memory as it lies on the disk, whoever asks while somebody writes. */
import { beforeAll, expect, it } from "vitest";
import { Batch } from "../../../client/vault/batch.ts";
import { Outbox } from "../../../client/vault/outbox.ts";
import { SealedStore } from "../../../client/vault/sealed-store.ts";
import type { PendingRow } from "../../../client/vault/space-rows.ts";
import { ready } from "../../../crypto/sodium.ts";
import type { DocumentTag } from "../../../crypto/types.ts";
import { createVaultKey } from "../../../crypto/unlocking.ts";
import { MemoryShelf } from "../storage/memory-shelf.ts";
import { space } from "./member.ts";

beforeAll(ready);

const document = "d".repeat(32) as DocumentTag;
const row = (text: string): PendingRow => ({
  ...{ space, document, kind: "update", order: 1, blobs: [], clientIds: [] },
  payload: new TextEncoder().encode(text),
});

it("knows a row as it was merged while somebody only asked how much waits", async () => {
  const disk = await new MemoryShelf().openStore("a");
  let read = Promise.resolve();
  const slow: typeof disk = {
    ...disk,
    commit: (writes, options) => disk.commit(writes, options),
    range: async (table, prefix) => {
      const rows = await disk.range(table, prefix);
      await read;
      return rows;
    },
  };
  const store = await SealedStore.create(slow, createVaultKey());
  const keep = async (outbox: Outbox, text: string): Promise<void> => {
    const batch = new Batch();
    outbox.putPending(batch, row(text));
    await batch.commit(store);
  };
  await keep(new Outbox(store), "et");
  const outbox = new Outbox(store);
  let done = (): void => undefined;
  read = new Promise((resolve) => (done = resolve));
  const asked = outbox.pending(space);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await keep(outbox, "et to");
  done();
  const texts = (rows: readonly PendingRow[]) =>
    rows.map(({ payload }) => new TextDecoder().decode(payload as Uint8Array));
  expect(texts(await asked)).toEqual(["et to"]);
  expect(texts(await outbox.pendingOf(space, document))).toEqual(["et to"]);
});
