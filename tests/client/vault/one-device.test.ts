import { afterEach, describe, expect, it } from "vitest";
import { readPhotos } from "../../../client/documents/entry.ts";
import { readPlainText } from "../../../client/documents/rich-text.ts";
import { CHILD, Device, drawAsIs, PICTURES, until } from "./device.ts";
import { openPage, type Page, type } from "./page.ts";

const pages: Page[] = [];
afterEach(() => {
  for (const page of pages.splice(0)) page.close();
});

const wordsOf = (page: Page) => readPlainText(page.doc.getXmlFragment("text"));

describe("one device, nobody else", () => {
  it("keeps what was typed, says so only when it is durable, and gives it back after a crash", async () => {
    const device = await Device.create();
    const vault = device.start();
    const pocket = await vault.createPocket(CHILD);
    const document = await vault.createDocument("entry");
    const page = await openPage(vault, document);
    pages.push(page);

    type(page, "Mormor lavede pandekager");
    await until(() => vault.events.some((event) => event.type === "saved" && event.saved));
    const saved = vault.events.filter((event) => event.type === "saved").map((event) => event.saved);
    expect(saved).toEqual([false, true]);
    device.shelf.crash();

    const later = device.start();
    await later.unlock(pocket, PICTURES);
    expect(await later.timeline("entry")).toMatchObject([{ document, excerpt: "Mormor lavede pandekager" }]);
    const again = await openPage(later, document);
    pages.push(again);
    expect(wordsOf(again)).toBe("Mormor lavede pandekager");
  });

  it("writes the word being typed before another page gets the database, says so, and holds nothing any more", async () => {
    const device = await Device.create();
    const vault = device.start();
    const pocket = await vault.createPocket(CHILD);
    const document = await vault.createDocument("entry");
    const page = await openPage(vault, document);
    pages.push(page);
    type(page, "Midt i et o");
    await until(() => vault.events.some((event) => event.type === "saved" && !event.saved));
    await device.shelf.takeAway(pocket);
    expect(vault.events.filter(({ type }) => type === "taken-over")).toHaveLength(1);
    await expect(vault.timeline("entry")).rejects.toMatchObject({ code: "locked" });
    const later = device.start();
    await later.unlock(pocket, PICTURES);
    expect(await later.timeline("entry")).toMatchObject([{ excerpt: "Midt i et o" }]);
  });

  it("waits with the sealing for a photo that is being added, at a lock and when another window takes over", async () => {
    const device = await Device.create();
    let draw = (): void => undefined;
    device.draw = async (file) => {
      await new Promise<void>((resolve) => {
        draw = resolve;
      });
      return drawAsIs(file);
    };
    const vault = device.start();
    const pocket = await vault.createPocket(CHILD);
    const document = await vault.createDocument("entry");
    /** Resolves when the photo is being drawn. */
    const addPhoto = async (): Promise<void> => {
      const before = draw;
      void vault.addPhoto(document, new Blob([new Uint8Array(300)])).catch(() => undefined);
      await until(() => draw !== before);
    };
    const isOver = async (promise: Promise<unknown>): Promise<boolean> => {
      const late = new Promise<string>((resolve) => setTimeout(() => resolve("late"), 100));
      return (await Promise.race([promise, late])) !== "late";
    };

    await addPhoto();
    const sealing = vault.seal(0);
    expect(await isOver(sealing)).toBe(false);
    draw();
    await sealing;
    expect(await vault.timeline("entry")).toMatchObject([{ photos: 1 }]);

    await addPhoto();
    const taken = device.shelf.takeAway(pocket);
    expect(await isOver(taken)).toBe(false);
    const ends = () =>
      vault.events.map(({ type }) => type).filter((type) => type === "taken-over" || type === "let-go");
    expect(ends()).toEqual(["taken-over"]);
    draw();
    await taken;
    expect(ends()).toEqual(["taken-over", "let-go"]);
    const later = device.start();
    await later.unlock(pocket, PICTURES);
    expect(await later.timeline("entry")).toMatchObject([{ photos: 2 }]);
  });

  it("commits what waits when it is sealed, and lists the newest first without empty ones", async () => {
    const device = await Device.create();
    const vault = device.start();
    const pocket = await vault.createPocket(CHILD);
    const first = await vault.createDocument("wish");
    const second = await vault.createDocument("wish");
    await vault.createDocument("wish");
    for (const [document, words] of [
      [first, "en hund"],
      [second, "at bo hos Alma"],
    ] as const) {
      const page = await openPage(vault, document);
      pages.push(page);
      type(page, words);
      // The frame is on its way over the port; the vault seals what has arrived.
      await until(() => vault.events.some((event) => event.type === "saved" && event.document === document));
    }
    await vault.seal(0);
    device.shelf.crash();
    const later = device.start();
    await later.unlock(pocket, PICTURES);
    const seen = (await later.timeline("wish")).map(({ excerpt }) => excerpt);
    expect(seen.toSorted()).toEqual(["at bo hos Alma", "en hund"]);
    expect(await later.timeline("entry")).toEqual([]);
  });

  it("says nothing of saved while the disk is full, and saves when there is room again", async () => {
    const quota = { quotaBytes: 0 };
    const device = await Device.create(quota);
    quota.quotaBytes = 1_000_000;
    const vault = device.start();
    await vault.createPocket(CHILD);
    const document = await vault.createDocument("entry");
    const page = await openPage(vault, document);
    pages.push(page);
    quota.quotaBytes = 1;
    type(page, "noget vigtigt");
    await until(() => vault.events.some((event) => event.type === "saved" && !event.saved));
    await expect(vault.seal(0)).rejects.toEqual({ name: "VaultError", code: "storage-full" });
    expect(vault.events.some((event) => event.type === "saved" && event.saved)).toBe(false);
    expect(await vault.roomLeft()).toBe("waits");
    // Left and opened again, it says so once more: the words are still in memory alone.
    page.close();
    const unsaid = () => vault.events.filter((event) => event.type === "saved" && !event.saved).length;
    expect(unsaid()).toBe(1);
    const again = await openPage(vault, document);
    pages.push(again);
    expect(wordsOf(again)).toBe("noget vigtigt");
    expect(unsaid()).toBe(2);
    const told = () => vault.events.filter((event) => event.type === "changed" && event.what === "storage").length;
    await until(() => told() === 1);
    quota.quotaBytes = 1_000_000;
    await vault.seal(0);
    expect(await vault.roomLeft()).toBe("enough");
    await until(() => told() === 2);
    expect(vault.events.some((event) => event.type === "saved" && event.saved)).toBe(true);
    expect(await vault.timeline("entry")).toMatchObject([{ excerpt: "noget vigtigt" }]);
  });

  it("seals photos, puts them into the document, and removes them with it", async () => {
    const device = await Device.create();
    const vault = device.start();
    await vault.createPocket(CHILD);
    const document = await vault.createDocument("entry");
    const picture = new Blob([new Uint8Array(300_000).fill(7)]);
    const photo = await vault.addPhoto(document, picture);
    const page = await openPage(vault, document);
    pages.push(page);
    expect(readPhotos(page.doc)).toEqual([photo]);
    expect(await vault.timeline("entry")).toMatchObject([{ photos: 1, thumbnail: photo.thumbnail }]);
    expect((await vault.readBlob(photo.full)).size).toBe(300_000);
    expect((await vault.readBlob(photo.thumbnail)).size).toBe(100);

    const store = await device.shelf.openStore((await device.cover()).id);
    expect((await store.measure("blobs", "")).rows).toBeGreaterThan(3);
    await vault.removeDocument(document);
    expect((await store.measure("blobs", "")).rows).toBe(0);
    expect((await store.measure("outbox", "")).rows).toBe(0);
    expect(await vault.timeline("entry")).toEqual([]);
    await expect(vault.readBlob(photo.full)).rejects.toMatchObject({ code: "not-here" });
  });

  it("answers locked before it is open", async () => {
    const device = await Device.create();
    await expect(device.start().timeline("entry")).rejects.toEqual({ name: "VaultError", code: "locked" });
  });
});
