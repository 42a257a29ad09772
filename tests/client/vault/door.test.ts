import { describe, expect, it } from "vitest";
import { readFrom } from "../../../client/documents/entry.ts";
import { decodeCover } from "../../../client/vault/covers.ts";
import { CHILD, Device, PICTURES } from "./device.ts";
import { openPage } from "./page.ts";

async function withOpenDoor() {
  const device = await Device.create();
  const vault = device.start();
  const pocket = await vault.createPocket(CHILD);
  await vault.setDoor(true);
  return { device, vault, pocket };
}

const left = (text: string, photo: Blob | null = null) => ({ from: "Mette", text, photo });

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
    await expect(device.start().unlock(pocket, PICTURES)).rejects.toMatchObject({ name: "VaultError" });
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
});
