/** What is done on a page that closes right after, or before its document is there, over the real vault. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { readDrawings } from "../../../client/documents/drawing.ts";
import { readPhotos, readTitle } from "../../../client/documents/entry.ts";
import type { DocumentTag } from "../../../client/documents/kinds.ts";
import { readStops } from "../../../client/documents/life.ts";
import { newDrawingId, openDrawing } from "../../../client/state/drawing.ts";
import { openEntry, removeIfEmpty } from "../../../client/state/entry.ts";
import { openLife } from "../../../client/state/life.ts";
import { endVault } from "../../../client/state/vault.ts";
import type { VaultApi } from "../../../client/vault/api.ts";
import { CHILD, Device, until } from "../vault/device.ts";
import { openPage } from "../vault/page.ts";
import { startBehindPort } from "./behind-port.ts";

let vault: VaultApi;
beforeAll(async () => {
  const device = await Device.create();
  vault = device.start();
  await vault.createPocket(CHILD);
  await startBehindPort(vault);
});
afterAll(() => endVault());

const picture = (bytes: number): Blob => new Blob([new Uint8Array(bytes).fill(bytes)]);
const summary = async (document: DocumentTag) => (await vault.summaries([document]))[0];

/** What the vault has of it. */
async function look<T>(document: DocumentTag, read: (doc: Awaited<ReturnType<typeof openPage>>["doc"]) => T) {
  const page = await openPage(vault, document);
  const found = read(page.doc);
  page.close();
  return found;
}

test("a photo of a stop stands on it, although the screen was closed while it was sealed", async () => {
  const document = await vault.page("life");
  const life = openLife(document);
  await until(() => life.ready.value);
  const stop = life.add("house-red");
  await until(async () => (await summary(document))?.stickers === 1);
  const adding = life.addPhoto(stop, picture(3));
  life.close();
  await adding;
  const [found] = await look(document, readStops);
  expect(found?.photos).toHaveLength(1);
  // A stop that isn't there takes none, and nothing is left of it.
  const again = openLife(document);
  await expect(again.addPhoto("f".repeat(32) as typeof stop, picture(4))).rejects.toMatchObject({ code: "not-here" });
  again.close();
  expect(await look(document, readPhotos)).toHaveLength(1);
});

test("a drawing has one picture, although its screen was closed while that was sealed", async () => {
  const document = await vault.createDocument("entry");
  const id = newDrawingId();
  const line = { colour: 3, size: 0.01, points: [{ x: 0.5, y: 0.5, pressure: 0.5 }] };
  const drawing = openDrawing(document, id, null);
  await until(() => drawing.ready.value);
  drawing.add(line);
  await until(async () => (await summary(document))?.drawings === 1);
  await drawing.finish(picture(5));
  const [before] = await look(document, readPhotos);
  drawing.add(line);
  const finishing = drawing.finish(picture(6));
  drawing.close();
  await finishing;
  const [photos, [kept]] = await look(document, (doc) => [readPhotos(doc), readDrawings(doc)] as const);
  expect(photos).toHaveLength(1);
  expect(photos[0]?.full.blob).not.toBe(before?.full.blob);
  expect(kept?.picture).toBe(photos[0]?.full.blob);
  expect(kept?.strokes).toHaveLength(2);

  // Gone on with before its lines are there: a line is put to them, and "done" throws none away.
  const early = openDrawing(document, id, null);
  early.add(line);
  early.discard();
  early.close();
  await until(async () => (await look(document, readDrawings))[0]?.strokes.length === 3);
  expect(await look(document, readPhotos)).toHaveLength(1);
});

test("what is done before the entry is there stands on what is in it, also when the screen closes at once", async () => {
  const document = await vault.createDocument("entry");
  const first = openEntry(document);
  await until(() => first.ready.value);
  first.writeTitle("Søen");
  first.toggleMood("happy");
  await until(async () => (await summary(document))?.moods.length === 1);
  first.close();

  const early = openEntry(document);
  early.writeTitle("Søen i går");
  early.toggleMood("happy");
  early.toggleMood("calm");
  early.addSticker(7);
  early.pin(true);
  early.bin(true);
  expect(early.ready.value).toBe(false);
  early.close();
  const seen = await until(async () => {
    const now = await summary(document);
    return now !== undefined && now.marks.binnedAt !== null && now;
  });
  expect(seen).toMatchObject({ title: "Søen i går", moods: ["calm"], stickers: 1, marks: { pinned: true } });
  expect(await look(document, readTitle)).toBe("Søen i går");
});

test("an entry that was only looked into goes when nothing is on its way into it", async () => {
  const document = await vault.createDocument("entry");
  const entry = openEntry(document);
  await until(() => entry.ready.value);
  const adding = entry.addPhoto(picture(9), false);
  entry.close();
  expect(await removeIfEmpty(document)).toBe(false);
  await adding;
  expect((await summary(document))?.photos).toBe(1);
  const other = await vault.createDocument("entry");
  expect(await removeIfEmpty(other)).toBe(true);
  expect(await summary(other)).toBeUndefined();
});
