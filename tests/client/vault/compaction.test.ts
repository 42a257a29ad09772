/** Snapshots, large changes and what they leave on the devices and the server: real core and crypto, a model server. */
import { beforeAll, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { clientIdsOf, compactUpdates } from "../../../client/documents/updates.ts";
import { Batch } from "../../../client/vault/batch.ts";
import { parseInner } from "../../../crypto/inner.ts";
import { deriveLadder } from "../../../crypto/ladder.ts";
import { openRecord } from "../../../crypto/records.ts";
import { ready } from "../../../crypto/sodium.ts";
import type { DocumentTag, SealedRecord } from "../../../crypto/types.ts";
import type { StoredRecord } from "../../../protocol/frames.ts";
import type { VaultDevice } from "../../simulation/vault-device.ts";
import { join, pocket, server, useChildDevices, world } from "./child-devices.ts";

beforeAll(ready);

useChildDevices();

const document = "d".repeat(32) as DocumentTag;

/** One page with the document open, whose every key press becomes a record. */
class Page {
  readonly doc = new Y.Doc();
  readonly device: VaultDevice;

  constructor(device: VaultDevice) {
    this.device = device;
  }

  async type(text: string, at = this.doc.getText("t").length): Promise<void> {
    const before = Y.encodeStateVector(this.doc);
    this.doc.getText("t").insert(at, text);
    const update = Y.encodeStateAsUpdate(this.doc, before);
    await world.until(this.device.write(pocket.space, document, "update", update, [...clientIdsOf(update)]));
    await world.run(600);
  }
}

const textOn = async (device: VaultDevice): Promise<string> => {
  const doc = new Y.Doc();
  for (const update of await device.pocket.log(pocket.space).updates(document)) Y.applyUpdate(doc, update);
  return doc.getText("t").toString();
};

const stored = (): readonly StoredRecord[] => server.spaces.get(pocket.space)?.records ?? [];
const kinds = (): string =>
  stored()
    .map(({ kind }) => kind[0])
    .join("");
const rowsOn = (device: VaultDevice) => device.pocket.log(pocket.space).rows(document);
const problemOn = async (device: VaultDevice) => (await device.pocket.log(pocket.space).state()).problem;

describe("compaction", () => {
  it("makes one snapshot of many records, lets them go everywhere, and leaves no gap for who comes later", async () => {
    const [first, second] = [await join(), await join()];
    const page = new Page(first);
    for (const letter of "abcdefgh") await page.type(letter);
    await world.run(20_000);
    expect(kinds()).toMatch(/^su{0,2}$/);
    expect((await rowsOn(first)).length).toBeLessThanOrEqual(3);
    expect((await rowsOn(second)).length).toBeLessThanOrEqual(3);
    const late = await join();
    for (const device of [first, second, late]) {
      expect(await textOn(device)).toBe("abcdefgh");
      expect(await problemOn(device)).toBeNull();
    }
  });

  it("keeps the last two snapshots and covers those before them", async () => {
    const first = await join();
    const page = new Page(first);
    for (let round = 0; round < 4; round++) {
      for (const letter of "abcdef") await page.type(letter);
      await world.run(20_000);
    }
    expect(stored().filter(({ kind }) => kind === "snapshot")).toHaveLength(2);
    const late = await join();
    expect(await textOn(late)).toBe("abcdef".repeat(4));
    expect(await problemOn(late)).toBeNull();
  });

  it("lets nothing go that isn't in the snapshot, though it stands before it on the server", async () => {
    const [first, second] = [await join(), await join()];
    const page = new Page(first);
    for (const letter of "abcdef") await page.type(letter);
    // Made without net; the other device's word is stored before it.
    first.network.online = false;
    first.network.breakConnections();
    await world.run(5_000);
    expect(first.syncing.state().unsent).toBe(1);
    await new Page(second).type("ZWEI");
    first.network.online = true;
    first.syncing.nudge();
    await world.run(30_000);
    expect(kinds()).toBe("us");
    const late = await join();
    expect((await textOn(late)).replace("ZWEI", "")).toBe("abcdef");
    expect(await textOn(late)).toContain("ZWEI");
    expect(await problemOn(late)).toBeNull();
  });

  it("prunes nothing that the server doesn't give back unchanged", async () => {
    const first = await join();
    const page = new Page(first);
    server.tamper = (record) => {
      if (record.kind !== "snapshot") return record;
      const sealed = record.sealed.slice();
      sealed[100] = (sealed[100] ?? 0) ^ 1;
      return { ...record, sealed };
    };
    for (const letter of "abcdefgh") await page.type(letter);
    await world.run(30_000);
    expect(kinds()).toContain("uuuuuu");
    expect(kinds()).toContain("s");
    expect(server.counts.pruned).toBe(0);
  });

  it("lets nothing go on the server while a row of the document is damaged here: that may be the only good copy", async () => {
    const first = await join();
    // By a page of its own: nothing that comes later builds on it.
    await new Page(first).type("Z");
    const page = new Page(first);
    const { store } = first.pocket;
    const [damaged] = (await rowsOn(first)).map(({ opId }) => opId);
    const key = store.key(["updates", pocket.space, document], damaged as string);
    await world.until(store.commit([{ put: "log", key, bytes: new Uint8Array(300) }]));
    for (const letter of "abcdefgh") await page.type(letter);
    await world.run(30_000);
    expect(kinds()).toBe("u".repeat(9));
    expect(await textOn(await join())).toContain("Z");
  });

  it("lets nothing go here for a snapshot that doesn't hold it, and still shows it", async () => {
    const [first, second] = [await join(), await join()];
    const page = new Page(first);
    for (const letter of "abc") await page.type(letter);
    const covered = (await first.pocket.log(pocket.space).records(document)).map(({ place }) => ({
      chain: place.chain,
      from: place.counter,
      to: place.counter,
    }));
    const forged = new Y.Doc();
    forged.getText("t").insert(0, "!");
    const update = Y.encodeStateAsUpdate(forged);
    await world.until(
      first.pocket.store.exclusive(async () => {
        const batch = new Batch();
        const added = { document, kind: "snapshot", payload: update, covered, blobs: [], clientIds: [] } as const;
        await first.pocket.log(pocket.space).addPending(batch, added, world.now);
        await batch.commit(first.pocket.store);
      }),
    );
    first.syncing.changed(pocket.space, "now");
    await world.run(20_000);
    expect(kinds()).toBe("uuus");
    for (const device of [first, second]) {
      expect(await rowsOn(device)).toHaveLength(4);
      expect((await textOn(device)).replace("!", "")).toBe("abc");
    }
  });

  it("waits while Yjs waits for what a change builds on", () => {
    const doc = new Y.Doc();
    const updates: Uint8Array[] = [];
    doc.on("update", (update: Uint8Array) => updates.push(update));
    for (const letter of "abc") doc.getText("t").insert(0, letter);
    expect(compactUpdates(updates)).not.toBeNull();
    expect(compactUpdates(updates.slice(1))).toBeNull();
  });

  it("comes back after a restore of the server from before it", async () => {
    const first = await join();
    const page = new Page(first);
    for (const letter of "abc") await page.type(letter);
    server.backUp();
    for (const letter of "defghi") await page.type(letter);
    await world.run(20_000);
    expect(server.counts.pruned).toBeGreaterThan(0);
    server.restore();
    await world.run(90_000);
    const late = await join();
    expect(await textOn(late)).toBe("abcdefghi");
    expect(await problemOn(late)).toBeNull();
    expect(await problemOn(first)).toBeNull();
  });

  it("lets nothing of a restored server go by the numbers of the one before", async () => {
    server.backUp();
    const [first, second] = [await join(), await join()];
    second.network.online = false;
    second.network.breakConnections();
    let asked = 0;
    let busy = true;
    const connect = server.connect.bind(server);
    server.connect = (caller, send, close) => {
      const door = connect(caller, send, close);
      const receive: typeof door.receive = (frame) => {
        if (frame.type === "prune" && ++asked > 0 && busy)
          send({ type: "refused", request: frame.request, code: "rate-limited" });
        else door.receive(frame);
      };
      return { ...door, receive };
    };
    first.network.breakConnections();
    const page = new Page(first);
    for (const letter of "abcdef") await page.type(letter);
    await world.run(10_000);
    expect([kinds(), asked > 0]).toEqual(["uuuuuus", true]);

    // As many records of the other device come in as the first had before its snapshot, which then has its number again.
    first.network.online = false;
    server.restore();
    await new Page(second).type("ZWEI");
    for (let at = 0; at < 5; at++)
      await world.until(second.write(pocket.space, world.id(), "said", new Uint8Array([at]), []));
    second.network.online = true;
    second.syncing.nudge();
    await world.run(10_000);
    first.network.online = true;
    first.syncing.nudge();
    await world.run(10_000);
    expect(kinds()).toBe("ussssss");
    busy = false;
    await world.run(120_000);
    for (const device of [first, second, await join()]) {
      const text = await textOn(device);
      expect([text.includes("ZWEI"), text.replace("ZWEI", "")]).toEqual([true, "abcdef"]);
      expect(await problemOn(device)).toBeNull();
    }
  });
});

describe("a change larger than a record", () => {
  /** Doesn't repeat, so that nothing could make it smaller. */
  const long = Array.from({ length: 30_000 }, (_, at) => `ord${at}`).join(" ");

  it("travels as a blob with a small record, and is whole on the other device", async () => {
    const [first, second] = [await join(), await join()];
    const page = new Page(first);
    await page.type(long);
    await page.type("slut");
    await world.run(60_000);
    expect(first.syncing.state().unsent).toBe(0);
    expect(kinds()).toBe("uu");
    expect(Math.max(...stored().map(({ sealed }) => sealed.length))).toBeLessThan(1024);
    expect(await textOn(second)).toBe(`${long}slut`);
    expect(await textOn(first)).toBe(`${long}slut`);
    expect(await problemOn(second)).toBeNull();
  });

  it("is missed when the server gives something else for it, and taken when it comes after all", async () => {
    const [first, second] = [await join(), await join()];
    server.tamperChunk = (chunk) => chunk.map((byte, at) => (at === 500 ? byte ^ 1 : byte));
    await new Page(first).type(long);
    await world.run(60_000);
    expect(await textOn(second)).toBe("");
    expect(second.syncing.state().problem).toBe("incomplete");
    server.tamperChunk = (chunk) => chunk;
    second.network.breakConnections();
    await world.run(60_000);
    expect(await textOn(second)).toBe(long);
    expect(second.syncing.state().problem).toBeNull();
  });

  it("by more than 255 Yjs clients names none of them in its inner, and is complete", async () => {
    const [first, second] = [await join(), await join()];
    const doc = new Y.Doc();
    for (let at = 0; at < 300; at++) {
      const other = new Y.Doc();
      other.getText("t").insert(0, "x");
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
    }
    const update = Y.encodeStateAsUpdate(doc);
    await world.until(first.write(pocket.space, document, "update", update, [...clientIdsOf(update)]));
    await world.run(30_000);
    expect((await textOn(second)).length).toBe(300);
    const [record] = stored();
    if (record === undefined) throw new Error("nothing stored");
    const { contentKey } = deriveLadder({
      right: "own",
      seed: pocket.seeds[0] as never,
      space: pocket.space,
      epoch: 1,
    });
    const { inner } = openRecord(record.sealed as SealedRecord, { ...record, space: pocket.space }, contentKey);
    expect(parseInner(inner).clientIds).toEqual([]);
  });
});
