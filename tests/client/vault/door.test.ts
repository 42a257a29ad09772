import { describe, expect, it } from "vitest";
import { readFrom } from "../../../client/documents/entry.ts";
import { decodeCover } from "../../../client/vault/covers.ts";
import type { Pocket } from "../../../client/vault/pocket.ts";
import type { MemoryShelfOptions } from "../storage/memory-shelf.ts";
import { CHILD, Device, PICTURES } from "./device.ts";
import { openPage } from "./page.ts";

async function withOpenDoor(options: MemoryShelfOptions = {}) {
  const device = await Device.create(options);
  const vault = device.start();
  const pocket = await vault.createPocket(CHILD);
  await vault.setDoor(true);
  return { device, vault, pocket };
}

const left = (text: string, photo: Blob | null = null) => ({ from: "Mette", text, photo });

/** Of all rows: a disk that is as full as it can be. */
async function bytesOf(device: Device, pocket: string): Promise<number> {
  const store = await device.shelf.openStore(pocket);
  const tables = ["keyring", "spaces", "log", "outbox", "pages", "blobs", "door"] as const;
  let sum = 0;
  for (const table of tables) sum += (await store.measure(table, "")).bytes;
  return sum;
}

describe("the carer's door", () => {
  it("takes a text and a photo on the locked device; the child accepts them after unlocking", async () => {
    const { device, pocket } = await withOpenDoor();
    const outside = device.start();
    const photo = new Blob([new Uint8Array(5000).fill(3)]);
    await outside.leaveAtDoor(pocket, left("Dig og Bo ved søen\n\nSikke en dag", photo));

    const vault = device.start();
    await vault.unlock(pocket, PICTURES);
    const [item] = await vault.doorItems();
    expect(item).toMatchObject({ from: "Mette", text: "Dig og Bo ved søen\n\nSikke en dag" });
    if (item?.photo == null) throw new Error("no photo");
    expect((await vault.readBlob(item.photo)).size).toBe(5000);

    const document = await vault.acceptDoorItem(item.id);
    expect(await vault.doorItems()).toEqual([]);
    const [summary] = await vault.timeline("entry");
    expect(summary).toMatchObject({ document, excerpt: "Dig og Bo ved søen Sikke en dag", photos: 1 });
    const page = await openPage(vault, document);
    expect(readFrom(page.doc)).toBe("Mette");
    page.close();
  });

  it("stays shut unless the child opened it, and shuts in one call", async () => {
    const { device, vault, pocket } = await withOpenDoor();
    await vault.setDoor(false);
    await expect(device.start().leaveAtDoor(pocket, left("hej"))).rejects.toMatchObject({ code: "door-closed" });
    expect((await device.start().covers())[0]?.doorOpen).toBe(false);
  });

  it("is full after twenty items, wherever they lie, until the child has looked through them", async () => {
    const { device, pocket } = await withOpenDoor();
    const outside = device.start();
    for (let i = 0; i < 20; i++) await outside.leaveAtDoor(pocket, left(`nr. ${i}`));
    await expect(outside.leaveAtDoor(pocket, left("en til"))).rejects.toMatchObject({ code: "door-full" });
    const vault = device.start();
    await vault.unlock(pocket, PICTURES);
    const items = await vault.doorItems();
    expect(items).toHaveLength(20);
    await expect(outside.leaveAtDoor(pocket, left("en til"))).rejects.toMatchObject({ code: "door-full" });
    await vault.binDoorItem(items[0]?.id ?? "");
    await outside.leaveAtDoor(pocket, left("en til"));
  });

  it("is full at 50 MB, however few items that are", async () => {
    const { device, pocket } = await withOpenDoor();
    const store = await device.shelf.openStore(pocket);
    await store.commit([{ put: "door", key: "nf", bytes: new Uint8Array(50 * 1024 * 1024 - 1000) }]);
    await expect(device.start().leaveAtDoor(pocket, left("lidt til"))).rejects.toMatchObject({ code: "door-full" });
    await store.commit([{ remove: "door", key: "nf" }]);
    await device.start().leaveAtDoor(pocket, left("lidt til"));
  });

  it("gets a new key at each unlock, and what was left while it is open inside is found too", async () => {
    const { device, pocket } = await withOpenDoor();
    const first = (await device.cover()).door;
    const vault = device.start();
    await vault.unlock(pocket, PICTURES);
    const second = (await device.cover()).door;
    expect(second).not.toEqual(first);
    await device.start().leaveAtDoor(pocket, left("mens der er åbent"));
    expect((await vault.doorItems()).map(({ text }) => text)).toEqual(["mens der er åbent"]);
  });

  it("loses nothing when the device dies between the new key and the new cover", async () => {
    const { device, pocket } = await withOpenDoor();
    const putCover = device.shelf.putCover.bind(device.shelf);
    let covers = 0;
    device.shelf.putCover = async (row) => {
      // The count of tries is kept twice before the door's new key would be.
      if (++covers > 2) throw new Error("power cut");
      return putCover(row);
    };
    await device.start().unlock(pocket, PICTURES);
    expect(covers).toBe(3);
    device.shelf.crash();
    device.shelf.putCover = putCover;
    await device.start().leaveAtDoor(pocket, left("til den gamle nøgle"));
    const vault = device.start();
    await vault.unlock(pocket, PICTURES);
    expect((await vault.doorItems()).map(({ text }) => text)).toEqual(["til den gamle nøgle"]);
  });

  it("keeps what was left unreadable outside: no text, name or count in any plain row", async () => {
    const { device, pocket } = await withOpenDoor();
    await device.start().leaveAtDoor(pocket, left("en hemmelig gave"));
    const row = await device.cover();
    expect(JSON.stringify(decodeCover(row))).not.toMatch(/gave|Mette/);
    const store = await device.shelf.openStore(pocket);
    const [sealed] = await store.range("door", "");
    expect(Buffer.from(sealed?.bytes ?? []).includes("gave")).toBe(false);
    expect(sealed?.bytes.length).toBeGreaterThan(1000);
  });

  it("never keeps the pocket shut, however full the disk is: what was left waits, can be seen, and binned", async () => {
    const quota: { quotaBytes: number } = { quotaBytes: Number.MAX_SAFE_INTEGER };
    const { device, pocket } = await withOpenDoor(quota);
    const photo = new Blob([new Uint8Array(5000).fill(3)]);
    await device.start().leaveAtDoor(pocket, left("Ved søen", photo));
    await device.start().leaveAtDoor(pocket, left("Til bålet", photo));
    const { door } = await device.cover();
    quota.quotaBytes = 1;
    const vault = device.start();
    await vault.unlock(pocket, PICTURES);
    expect(vault.events.some(({ type }) => type === "failed")).toBe(false);
    expect((await device.cover()).door).toEqual(door);
    await expect(vault.setDoor(true)).rejects.toMatchObject({ code: "storage-full" });
    const items = await vault.doorItems();
    expect(items.map(({ text }) => text).toSorted()).toEqual(["Til bålet", "Ved søen"]);
    const [lake, fire] = ["Ved søen", "Til bålet"].map((text) => items.find((item) => item.text === text));
    if (lake?.photo == null || fire === undefined) throw new Error("no photo");
    expect((await vault.readBlob(lake.photo)).size).toBe(5000);
    quota.quotaBytes = await bytesOf(device, pocket);
    await vault.binDoorItem(fire.id);
    await vault.setDoor(false);
    expect((await device.cover()).door).toBeNull();

    quota.quotaBytes = Number.MAX_SAFE_INTEGER;
    device.shelf.crash();
    const later = device.start();
    await later.unlock(pocket, PICTURES);
    expect((await later.doorItems()).map(({ text }) => text)).toEqual(["Ved søen"]);
    await later.acceptDoorItem(lake.id);
    expect(await later.timeline("entry")).toMatchObject([{ excerpt: "Ved søen", photos: 1 }]);
    expect(await later.doorItems()).toEqual([]);
  });

  it("finds what was left while the key was turned in another window: as the photo was drawn, or just before it lay there", async () => {
    for (const when of ["drawing", "committing"] as const) {
      const { device, pocket } = await withOpenDoor();
      const inside = device.start();
      const turn = () => inside.unlock(pocket, PICTURES);
      const { draw } = device;
      const covers = device.shelf.covers.bind(device.shelf);
      if (when === "drawing") {
        device.draw = async (file) => {
          await turn();
          return draw(file);
        };
      } else {
        let asked = 0;
        device.shelf.covers = async () => {
          const rows = await covers();
          // The first look asks whether there is a door, the second gives the key.
          if (++asked === 2) await turn();
          return rows;
        };
      }
      await device.start().leaveAtDoor(pocket, left("mens I låste op", new Blob([new Uint8Array(9)])));
      expect((await inside.doorItems()).map(({ text }) => text)).toEqual(["mens I låste op"]);
    }
  });

  it("finds what was left right before the new key is in the cover", async () => {
    const { device, pocket } = await withOpenDoor();
    const { door } = await device.cover();
    const putCover = device.shelf.putCover.bind(device.shelf);
    device.shelf.putCover = async (row) => {
      if (!Buffer.from(row.door ?? []).equals(door ?? new Uint8Array())) {
        device.shelf.putCover = putCover;
        await device.start().leaveAtDoor(pocket, left("i sidste øjeblik"));
      }
      await putCover(row);
    };
    const vault = device.start();
    await vault.unlock(pocket, PICTURES);
    expect((await device.cover()).door).not.toEqual(door);
    expect((await vault.doorItems()).map(({ text }) => text)).toEqual(["i sidste øjeblik"]);
  });

  it("says that it is shut when it was shut meanwhile, and leaves nothing there that nobody could open", async () => {
    const { device, vault, pocket } = await withOpenDoor();
    const { draw } = device;
    device.draw = async (file) => {
      await vault.setDoor(false);
      return draw(file);
    };
    const leaving = device.start().leaveAtDoor(pocket, left("for sent", new Blob([new Uint8Array(9)])));
    await expect(leaving).rejects.toMatchObject({ code: "door-closed" });
    const store = await device.shelf.openStore(pocket);
    expect(await store.measure("door", "")).toEqual({ rows: 0, bytes: 0 });
  });

  it("opens with new keys when the row of its keys is damaged, and keeps that row", async () => {
    const { device, pocket } = await withOpenDoor();
    const opened: Pocket[] = [];
    const { connect } = device;
    device.connect = async (one) => {
      opened.push(one);
      return connect(one);
    };
    await device.start().unlock(pocket, PICTURES);
    const key = opened[0]?.store.key(["door-keys"], "now") ?? "";
    const store = await device.shelf.openStore(pocket);
    const bytes = (await store.get("keyring", key)) ?? new Uint8Array();
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    await store.commit([{ put: "keyring", key, bytes }]);
    for (const text of ["den første", "den anden"]) {
      const vault = device.start();
      await vault.unlock(pocket, PICTURES);
      expect(await store.get("keyring", key)).toEqual(bytes);
      await device.start().leaveAtDoor(pocket, left(text));
      expect((await vault.doorItems())[0]?.text).toBe(text);
    }
  });
});
