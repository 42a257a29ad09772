import { describe, expect, it } from "vitest";
import { appendText } from "../../../client/documents/entry.ts";
import { plainToRichText } from "../../../client/documents/rich-text.ts";
import type { Pocket } from "../../../client/vault/pocket.ts";
import { STATE_GROUP } from "../../../client/vault/space-rows.ts";
import { randomId } from "../../../crypto/ids.ts";
import type { SpaceId } from "../../../crypto/types.ts";
import { connectOver } from "./connect-over.ts";
import { CHILD, Device, PICTURES, until } from "./device.ts";
import { noNet } from "./no-net.ts";

describe("a pocket whose sharing can't be taken up", () => {
  it("opens all the same, says so, and tries again until it can", async () => {
    const device = await Device.create();
    const row: { broken: boolean } = { broken: true };
    connectOver(device, noNet, {
      opened: ({ shared }) => {
        const list = shared.list.bind(shared);
        shared.list = async (prefix) => {
          if (row.broken) throw new Error("a row that can't be read");
          return list(prefix);
        };
      },
    });
    const vault = device.start();
    await vault.createPocket(CHILD);
    expect(await vault.createDocument("entry")).toMatch(/^[0-9a-f]{32}$/);
    expect((await vault.syncState()).problem).toBe("failed");
    row.broken = false;
    await until(async () => (await vault.syncState()).problem === null, 8000);
    const told = vault.events.flatMap((event) => (event.type === "sync" ? [event.state.problem] : []));
    expect(told).toContain("failed");
    expect(told.at(-1)).toBeNull();
    for (const stop of device.stops) await stop();
  });
});

describe("a pocket in which what is known of one space is damaged", () => {
  /** A pocket with an entry and a circle, one byte of the state of one of its spaces turned; then opened again. */
  async function openDamaged(which: "pocket" | "circle") {
    const device = await Device.create();
    const opened: Pocket[] = [];
    connectOver(device, noNet, { opened: (pocket) => opened.push(pocket) });
    const first = device.start();
    const id = await first.createPocket(CHILD);
    const document = await first.createDocument("entry");
    const [pocket] = opened as [Pocket];
    const { me } = pocket.keyring;
    await pocket.documents.edit(me.pocket, document, (doc) => appendText(doc, plainToRichText("Pandekager")));
    const own = pocket.keyring.space(me.pocket);
    if (own === null) throw new Error("no pocket");
    const circle = randomId<SpaceId>();
    await pocket.keyring.keep({ ...own, space: circle, kind: "circle" });
    const space = which === "pocket" ? me.pocket : circle;
    const log = pocket.log(space);
    const { bytes } = pocket.store.put("spaces", STATE_GROUP, space, await log.state()) as { bytes: Uint8Array };
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    await first.seal(0);
    for (const stop of device.stops.splice(0)) await stop();
    const raw = await device.shelf.openStore(id);
    await raw.commit([{ put: "spaces", key: pocket.store.key(STATE_GROUP, space), bytes }]);
    raw.close();
    device.shelf.crash();
    const vault = device.start();
    await vault.unlock(id, PICTURES);
    return { device, vault, document };
  }

  it("opens when it is a circle's, says that something is missing, and goes on with everything else", async () => {
    const { device, vault, document } = await openDamaged("circle");
    expect(await vault.timeline("entry")).toMatchObject([{ document }]);
    expect((await vault.syncState()).problem).toBe("incomplete");
    for (const stop of device.stops) await stop();
  });

  it("opens when it is its own, and says that nothing is sent", async () => {
    const { device, vault, document } = await openDamaged("pocket");
    expect(await vault.timeline("entry")).toMatchObject([{ document }]);
    await until(async () => (await vault.syncState()).problem === "does-not-open");
    // What is written now is kept.
    expect(await vault.createDocument("entry")).toMatch(/^[0-9a-f]{32}$/);
    expect(vault.events.some(({ type }) => type === "failed")).toBe(false);
    for (const stop of device.stops) await stop();
  });
});
