/** How safely things lie, and the originals of photos: through the page's view of the real vault. */
import { afterAll, describe, expect, it } from "vitest";
import { readPhotos, removePhotoFrom } from "../../../client/documents/entry.ts";
import { CHILD, Device, PICTURES, until } from "./device.ts";
import { openPage, type Page } from "./page.ts";

const pages: Page[] = [];
afterAll(() => {
  for (const page of pages) page.close();
});

/** A JPEG of so many bytes that says with what it was taken, and nothing else. */
function photo(bytes: number): Blob {
  const exif = [
    ...Buffer.from("Exif\0\0MM\0*\0\0\0\x08", "latin1"),
    0,
    1,
    0x01,
    0x10,
    0,
    4,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    9,
    0,
    0,
    0,
    0,
  ];
  const file = new Uint8Array(bytes);
  file.set([0xff, 0xd8, 0xff, 0xe1, 0, exif.length + 2, ...exif, 0xff, 0xc0, 0, 17, 8, 0, 3, 0, 4]);
  return new Blob([file]);
}
const bytesOf = async (blob: Blob) => Buffer.from(await blob.arrayBuffer());

async function start(quota: { quotaBytes?: number; pause?: () => Promise<void> } = {}) {
  const device = await Device.create(quota);
  const vault = device.start();
  await vault.createPocket(CHILD);
  const store = await device.shelf.openStore((await device.cover()).id);
  return { device, vault, document: await vault.createDocument("entry"), store };
}

describe("originals", { timeout: 20_000 }, () => {
  it("are not kept unless the child turned that on, and the choice stays", async () => {
    const { device, vault, document } = await start();
    expect(await vault.keepsOriginals()).toBe(false);
    expect((await vault.addPhoto(document, photo(5000))).original).toBeNull();
    await vault.keepOriginals(true);
    const again = device.start();
    await again.unlock((await device.cover()).id as never, PICTURES);
    expect(await again.keepsOriginals()).toBe(true);
  });

  it("are the file as it came, sealed; taken out only with the code; say what they tell", async () => {
    const { device, vault, document, store } = await start();
    const file = photo(900_000);
    const added = await vault.addPhoto(document, file, true);
    expect(added.original).toMatchObject({ type: "image/jpeg", bytes: 900_000, tells: ["camera"] });
    await expect(vault.takeOriginal(document, added.full.blob)).rejects.toMatchObject({ code: "code-needed" });
    await vault.confirmCode(PICTURES);
    const out = await vault.takeOriginal(document, added.full.blob);
    expect(out.type).toBe("image/jpeg");
    expect(await bytesOf(out)).toEqual(await bytesOf(file));
    await expect(vault.takeOriginal(document, added.thumbnail.blob)).rejects.toMatchObject({ code: "not-here" });
    for (const { bytes } of await store.range("blobs", "")) expect(Buffer.from(bytes).includes("Exif")).toBe(false);
    // What waits for the server names it too: it is sent like any photo, and counts.
    expect(await device.shelf.covers()).toHaveLength(1);
  });

  it("go without their photo, and with their entry", async () => {
    const { vault, document, store } = await start();
    const first = await vault.addPhoto(document, photo(200_000), true);
    const second = await vault.addPhoto(document, photo(200_000), true);
    const before = (await store.measure("blobs", "")).bytes;
    await vault.removeOriginal(document, first.full.blob);
    expect(before - (await store.measure("blobs", "")).bytes).toBeGreaterThan(200_000);
    const page = await openPage(vault, document);
    pages.push(page);
    expect(readPhotos(page.doc).map(({ original }) => original)).toEqual([null, second.original]);
    expect((await vault.readBlob(first.full)).size).toBe(200_000);
    await expect(vault.removeOriginal(document, first.full.blob)).rejects.toMatchObject({ code: "not-here" });
    await vault.removeDocument(document);
    expect((await store.measure("blobs", "")).rows).toBe(0);
  });

  it("that don't fit leave the photo without one, and nothing of themselves", async () => {
    const quota: { quotaBytes?: number } = {};
    const { vault, document, store } = await start(quota);
    const small = await vault.addPhoto(document, photo(2_000), true);
    const { bytes } = await store.measure("blobs", "");
    quota.quotaBytes = 1_100_000;
    // 700 KB as a photo and 700 KB more as its original: the tests' own drawing makes nothing smaller.
    const added = await vault.addPhoto(document, photo(700_000), true);
    expect(added.original).toBeNull();
    expect((await vault.readBlob(added.full)).size).toBe(700_000);
    expect((await store.measure("blobs", "")).bytes - bytes).toBeLessThan(850_000);
    expect(small.original).not.toBeNull();
  });

  /** Stops the disk at the commit that takes the second MiB of an original. */
  async function stopped() {
    const disk: { pause?: () => Promise<void> } = {};
    const { device, vault, document, store } = await start(disk);
    let go = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    // 100 bytes are drawn of it: only its original is large.
    device.draw = async () => ({ full: new Uint8Array(300), thumbnail: new Uint8Array(100), width: 4, height: 3 });
    const again = device.start();
    await again.unlock((await device.cover()).id as never, PICTURES);
    const large = (await store.measure("blobs", "")).bytes + 1_100_000;
    const half = new Promise<void>((resolve) => {
      disk.pause = async () => {
        if ((await store.measure("blobs", "")).bytes < large) return;
        resolve();
        await held;
      };
    });
    await vault.seal(0);
    const page = await openPage(again, document);
    pages.push(page);
    const adding = again.addPhoto(document, photo(3_000_000), true);
    await half;
    return { device, vault: again, document, store, page, adding, go };
  }

  it("that are cut off while they are written leave the photo in its entry", async () => {
    const { device, document, adding, go } = await stopped();
    device.shelf.crash();
    go();
    await expect(adding).rejects.toThrow();
    const later = device.start();
    await later.unlock((await device.cover()).id as never, PICTURES);
    expect(await later.timeline("entry")).toMatchObject([{ document, photos: 1 }]);
    const page = await openPage(later, document);
    pages.push(page);
    expect(readPhotos(page.doc)).toMatchObject([{ original: null }]);
  });

  it("don't bring an entry back that is removed while they are written", async () => {
    const { vault, document, store, adding, go } = await stopped();
    const removing = vault.removeDocument(document);
    go();
    await Promise.all([removing, expect(adding).rejects.toMatchObject({ code: "not-here" })]);
    expect((await vault.summaries([document])).length).toBe(0);
    expect((await store.measure("blobs", "")).rows).toBe(0);
  });

  it("of a photo that is taken out while they are written go with it", async () => {
    const { vault, store, page, adding, go } = await stopped();
    const taken = await until(() => readPhotos(page.doc)[0]);
    const before = vault.events.length;
    removePhotoFrom(page.doc, taken.full.blob);
    await until(() => vault.events.slice(before).some((event) => event.type === "saved" && !event.saved));
    go();
    expect((await adding).original).toBeNull();
    expect(readPhotos(page.doc)).toEqual([]);
    expect((await store.measure("blobs", "")).bytes).toBeLessThan(20_000);
  });

  it("are never those of a file that is no picture", async () => {
    const { vault, document } = await start();
    await expect(vault.addPhoto(document, new Blob(["<svg>".repeat(20)]), true)).rejects.toMatchObject({
      code: "bad-picture",
    });
  });
});

describe("how safely things lie", () => {
  it("counts what the server hasn't, the card and other devices", async () => {
    const { vault } = await start();
    const copies = await vault.copies();
    expect(copies).toMatchObject({ onServer: false, otherDevices: 0, card: "none", cardReach: null, room: "enough" });
    expect(copies.unsent).toBeGreaterThan(0);
    expect(await vault.roomLeft()).toBe("enough");
    await vault.confirmCode(PICTURES);
    const rows = await vault.makeCard();
    expect(await vault.copies()).toMatchObject({ card: "made", cardReach: "here" });
    await vault.tryCard(rows);
    expect((await vault.copies()).card).toBe("tried");
  });

  it("asks the browser for room before something is taken", async () => {
    const { device, vault } = await start();
    expect(await vault.roomFor("video")).toBe(true);
    device.room = 10 * 1024 * 1024;
    expect(await Promise.all((["photo", "sound", "video"] as const).map((kind) => vault.roomFor(kind)))).toEqual([
      true,
      true,
      false,
    ]);
    device.room = 1024;
    expect(await vault.roomFor("photo")).toBe(false);
  });

  it("speaks of a thing once, then is quiet about it for days", async () => {
    const { device, vault } = await start();
    expect(await vault.maySpeakOf("home-screen")).toBe(true);
    await vault.spokeOf("home-screen");
    expect(await vault.maySpeakOf("home-screen")).toBe(false);
    expect(await vault.maySpeakOf("keep")).toBe(true);
    device.ahead += 3 * 86_400_000 + 1;
    expect(await vault.maySpeakOf("home-screen")).toBe(true);
  });
});
