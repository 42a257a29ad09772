/** What is on its way into an entry while its screen goes: a voice, a photo, words. Nothing of it may go with the screen. */
import { afterEach, describe, expect, it } from "vitest";
import { addStroke, beginDrawing, type DrawingId } from "../../../client/documents/drawing.ts";
import { readPhotos, removePhotoFrom, setTitle } from "../../../client/documents/entry.ts";
import type { StopId } from "../../../client/documents/kinds.ts";
import { addStop, readLine } from "../../../client/documents/life.ts";
import { readRecordings, removeRecordingFrom } from "../../../client/documents/recordings.ts";
import type { VaultApi } from "../../../client/vault/api.ts";
import type { DocumentTag } from "../../../crypto/types.ts";
import { CHILD, Device, drawAsIs, PICTURES, until } from "./device.ts";
import { openPage, type Page } from "./page.ts";

const pages: Page[] = [];
afterEach(() => {
  for (const page of pages.splice(0)) page.close();
});

/** A WebM file as far as its first four bytes go. */
const voice = (length: number): Uint8Array => {
  const bytes = new Uint8Array(length).fill(9);
  bytes.set([0x1a, 0x45, 0xdf, 0xa3]);
  return bytes;
};
const shape = { durationMs: 1000, peaks: [0, 7, 31] };
const picture = (bytes: number): Blob => new Blob([new Uint8Array(bytes).fill(7)]);

interface Disk {
  quotaBytes?: number;
  pause?: () => Promise<void>;
}

async function begin(disk: Disk = {}) {
  const device = await Device.create(disk);
  const held: { draw: Promise<void> } = { draw: Promise.resolve() };
  device.draw = async (file) => {
    await held.draw;
    return drawAsIs(file);
  };
  const vault = device.start();
  const id = await vault.createPocket(CHILD);
  const store = await device.shelf.openStore((await device.cover()).id);
  return { device, vault, id, held, store, document: await vault.createDocument("entry") };
}

async function open(vault: VaultApi, document: DocumentTag): Promise<Page> {
  const page = await openPage(vault, document);
  pages.push(page);
  return page;
}

const isThere = async (vault: VaultApi, document: DocumentTag) => (await vault.summaries([document])).length === 1;

describe("an entry that is left while its screen shows nothing in it", () => {
  it("goes, with the bytes of a photo that was taken out again", async () => {
    const { vault, document, store } = await begin();
    const page = await open(vault, document);
    const photo = await vault.addPhoto(document, picture(5000));
    await until(() => readPhotos(page.doc).length === 1);
    expect(await vault.removeIfEmpty(document)).toBe(false);
    removePhotoFrom(page.doc, photo.full.blob);
    await until(async () => (await vault.summaries([document]))[0]?.photos === 0);
    expect(await vault.removeIfEmpty(document)).toBe(true);
    expect(await isThere(vault, document)).toBe(false);
    expect((await store.measure("blobs", "")).rows).toBe(0);
    expect((await store.measure("outbox", "")).rows).toBeLessThanOrEqual(1);
    // Asked again, and of what is not here.
    expect(await vault.removeIfEmpty(document)).toBe(false);
  });

  it("stays while its words wait for the disk", async () => {
    const { vault, document } = await begin();
    const page = await open(vault, document);
    const before = vault.events.length;
    setTitle(page.doc, "Søen");
    await until(() => vault.events.slice(before).some((event) => event.type === "saved" && !event.saved));
    expect(await vault.removeIfEmpty(document)).toBe(false);
    await until(async () => (await vault.timeline("entry"))[0]?.title === "Søen");
  });

  it("stays while a voice is recorded or being ended, and goes after one that was thrown away", async () => {
    const { vault, document } = await begin();
    await vault.dropRecording(await vault.beginRecording(document, "audio/webm"));
    const recording = await vault.beginRecording(document, "audio/webm");
    expect(await vault.removeIfEmpty(document)).toBe(false);
    await vault.appendRecording(recording, voice(9000), shape);
    const [ended, gone] = await Promise.all([vault.endRecording(recording), vault.removeIfEmpty(document)]);
    expect(gone).toBe(false);
    expect(ended).not.toBeNull();
    expect(await vault.timeline("entry")).toMatchObject([{ document, sounds: 1 }]);
    const other = await vault.createDocument("entry");
    await vault.dropRecording(await vault.beginRecording(other, "audio/webm"));
    expect(await vault.removeIfEmpty(other)).toBe(true);
  });

  it("stays with a voice that the full disk could not end; it is in it after the next unlock", async () => {
    const disk: Disk = { quotaBytes: 10_000_000 };
    const { device, vault, id, document } = await begin(disk);
    const recording = await vault.beginRecording(document, "audio/webm");
    await vault.appendRecording(recording, voice(9000), shape);
    disk.quotaBytes = 1;
    await expect(vault.appendRecording(recording, voice(9000), shape)).rejects.toMatchObject({ code: "storage-full" });
    await expect(vault.endRecording(recording)).rejects.toMatchObject({ code: "storage-full" });
    disk.quotaBytes = 10_000_000;
    expect(await vault.removeIfEmpty(document)).toBe(false);
    device.shelf.crash();
    const later = device.start();
    await later.unlock(id, PICTURES);
    await until(async () => (await later.timeline("entry"))[0]?.sounds === 1);
    expect(await later.timeline("entry")).toMatchObject([{ document }]);
  });

  it("stays while a photo is drawn anew, of which nothing is kept yet", async () => {
    const { vault, document, held } = await begin();
    let draw = (): void => undefined;
    held.draw = new Promise((resolve) => {
      draw = resolve;
    });
    const adding = vault.addPhoto(document, picture(5000));
    expect(await vault.removeIfEmpty(document)).toBe(false);
    draw();
    const photo = await adding;
    expect(await vault.timeline("entry")).toMatchObject([{ document, photos: 1, thumbnail: photo.thumbnail }]);
  });
});

describe("a photo of a stop and a drawing's picture", () => {
  it("hold the sealing up until they are named", async () => {
    const { vault, document, held } = await begin();
    const life = await vault.page("life");
    const page = await open(vault, life);
    const stop = "1".repeat(32) as StopId;
    addStop(page.doc, stop, "house-red");
    const drawing = "2".repeat(32) as DrawingId;
    const entry = await open(vault, document);
    beginDrawing(entry.doc, drawing, { over: null, height: 1 });
    addStroke(entry.doc, drawing, { colour: 1, size: 0.01, points: [{ x: 0, y: 0, pressure: 1 }] });
    await until(async () =>
      (await vault.summaries([life, document])).every((one) => one.stickers + one.drawings === 1),
    );
    let draw = (): void => undefined;
    held.draw = new Promise((resolve) => {
      draw = resolve;
    });
    let isSealed = false;
    for (const adding of [
      vault.addStopPhoto(life, stop, picture(7)),
      vault.putDrawing(document, drawing, picture(8)),
    ]) {
      void adding.then(() => expect(isSealed).toBe(false));
    }
    const sealing = vault.seal(0).then(() => {
      isSealed = true;
    });
    setTimeout(draw, 100);
    await sealing;
    expect(await vault.summaries([life, document])).toMatchObject([{ photos: 1 }, { photos: 1 }]);
    await until(() => readLine(page.doc)[0]?.photos.length === 1);
  });
});

describe("a removed entry", () => {
  it("doesn't come back with a photo that was still being drawn", async () => {
    const { vault, document, held, store } = await begin();
    let draw = (): void => undefined;
    held.draw = new Promise((resolve) => {
      draw = resolve;
    });
    const adding = vault.addPhoto(document, picture(5000));
    await vault.removeDocument(document);
    draw();
    await expect(adding).rejects.toMatchObject({ code: "not-here" });
    expect((await store.measure("blobs", "")).rows).toBe(0);
    expect(await isThere(vault, document)).toBe(false);
  });

  it("doesn't come back with a voice that was being ended when its removal got its turn", async () => {
    const disk: Disk = {};
    const { vault, document } = await begin(disk);
    const recording = await vault.beginRecording(document, "audio/webm");
    await vault.appendRecording(recording, voice(9000), shape);
    let go = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    const committing = new Promise<void>((resolve) => {
      disk.pause = async () => {
        resolve();
        await held;
      };
    });
    const ending = vault.endRecording(recording);
    await committing;
    const removing = vault.removeDocument(document);
    go();
    await Promise.all([removing, expect(ending).rejects.toMatchObject({ code: "not-here" })]);
    expect(await isThere(vault, document)).toBe(false);
  });
});

describe("a recording that was put into its entry by a later try", () => {
  it("is not put back at the next unlock, once the child has taken it out", async () => {
    let commits = 0;
    const disk: Disk = { quotaBytes: 10_000_000, pause: async () => void commits++ };
    const { device, vault, id, document } = await begin(disk);
    const recording = await vault.beginRecording(document, "audio/webm");
    await vault.appendRecording(recording, voice(9000), shape);
    const before = commits;
    // All of it is on the disk by then; naming it is refused.
    disk.pause = async () => {
      commits++;
      if (commits === before + 2) disk.quotaBytes = 1;
    };
    await expect(vault.endRecording(recording)).rejects.toMatchObject({ code: "storage-full" });
    disk.quotaBytes = 10_000_000;
    const page = await open(vault, document);
    await until(() => readRecordings(page.doc).length === 1);
    await vault.takeOutOfBin(document);
    expect(await vault.timeline("entry")).toMatchObject([{ document, sounds: 1 }]);
    removeRecordingFrom(page.doc, recording);
    await until(async () => (await vault.summaries([document]))[0]?.sounds === 0);
    await vault.seal(0);
    device.shelf.crash();
    const later = device.start();
    await later.unlock(id, PICTURES);
    await later.seal(0);
    expect((await later.summaries([document]))[0]?.sounds).toBe(0);
  });
});
