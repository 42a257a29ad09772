/** A pocket taken along and brought into another: everything is the same afterwards. With the real vault. */
import { afterEach, describe, expect, test } from "vitest";
import {
  addStroke,
  beginDrawing,
  type DrawingId,
  readDrawings,
  setDrawingPicture,
} from "../../../../client/documents/drawing.ts";
import { readPhotos, setFrom, setTitle, textOf, toggleMood } from "../../../../client/documents/entry.ts";
import type { StopId } from "../../../../client/documents/kinds.ts";
import {
  addStop,
  addStopPhoto,
  readLine,
  setStopEntry,
  setStopTitle,
  setStopWhen,
  writeStopText,
} from "../../../../client/documents/life.ts";
import { toggleSign, writeTopic } from "../../../../client/documents/life-me.ts";
import {
  BIN_MS,
  setArchived,
  setBinned,
  setPinned,
  setSubject,
  setWords,
  toggleWord,
} from "../../../../client/documents/marks.ts";
import { readRecordings } from "../../../../client/documents/recordings.ts";
import { appendRichText, readPlainText } from "../../../../client/documents/rich-text.ts";
import { addSticker } from "../../../../client/documents/stickers.ts";
import { readShownBefore } from "../../../../client/documents/taken-along.ts";
import type { PocketId } from "../../../../client/vault/api.ts";
import { Batch } from "../../../../client/vault/batch.ts";
import { Device, PICTURES } from "../device.ts";
import { play } from "../play.ts";
import { Child, contentOf, jpeg, unpack, WORDS, webm } from "./archives.ts";

const children: Child[] = [];
const comes = async (...args: Parameters<typeof Child.create>): Promise<Child> => {
  const child = await Child.create(...args);
  children.push(child);
  return child;
};
afterEach(async () => {
  for (const { pocket } of children.splice(0)) await pocket.close();
});

const withComment = Uint8Array.from([
  ...jpeg(10, 10, 5).slice(0, 20),
  ...[0xff, 0xfe, 0, 5, 1, 2, 3],
  ...jpeg(10, 10, 5).slice(20),
]);
/** Its first chunk, which says how large it is, and then anything: Lomme never draws an original. */
const png = Uint8Array.from([
  ...[
    0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 40, 0, 0, 0, 30, 8, 6, 0, 0,
    0,
  ],
  ...Uint8Array.from({ length: 500 }, (_, at) => (at * 7) & 255),
]);
const picture = (bytes = jpeg(800, 600, 3)) => new Blob([bytes as Uint8Array<ArrayBuffer>]);

/** One entry with everything, a wish in the bin, one put away, and one that holds nothing but a word the child wrote as its day. */
async function fill({ vault, write, record }: Child, child: Child) {
  const everything = await vault.createDocument("entry");
  const photo = await vault.addPhoto(everything, picture());
  // One that keeps the file it was made of, with something in it that the drawn one hasn't.
  await vault.addPhoto(everything, picture(withComment), true);
  // And one that was a picture of another kind.
  await vault.addPhoto(everything, picture(png), true);
  await record.call(child, everything, 300_000);
  await record.call(child, everything, 70_000, "video/webm");
  await write.call(child, everything, (doc) => {
    setTitle(doc, "Broen <script>alert(1)</script>");
    appendRichText(textOf(doc), [
      { type: "heading", runs: [{ text: "Søen & os" }] },
      { type: "paragraph", runs: [{ text: "Vi gik " }, { text: "helt ud", bold: true }] },
      { type: "quote", runs: [{ text: "Kom", italic: true }] },
      { type: "bullet", runs: [{ text: "madpakke" }] },
      { type: "bullet", runs: [{ text: "tæppe" }] },
      { type: "number", runs: [{ text: "først", bold: true, italic: true }] },
    ]);
    toggleMood(doc, "calm");
    toggleMood(doc, "own:pirrelig");
    addSticker(doc, 18);
    setPinned(doc, true);
    setWords(doc, "day", "sommer");
    setWords(doc, "place", "hos mormor");
    toggleWord(doc, "tags", "Bølle");
    toggleWord(doc, "persons", "far");
    setFrom(doc, "Mormor");
    const id = "a".repeat(32) as DrawingId;
    beginDrawing(doc, id, { over: photo.full.blob, height: 0.75 });
    addStroke(doc, id, { colour: 2, size: 0.01, points: [{ x: 0.25, y: 0.5, pressure: 1 }] });
    setDrawingPicture(doc, id, photo.full.blob);
    doc.getMap("later").set("what", ["no version", { knows: "yet" }]);
    doc.getArray("before").push([
      {
        to: "Mette",
        at: "2026-01-02T10:00:00.000Z",
        takenBack: false,
        answers: [{ from: "Mette", at: "2026-01-03T10:00:00.000Z", text: "Ja, & hvornår?", wish: "agreed" }],
      },
    ]);
  });
  const away = await vault.createDocument("entry");
  await write.call(child, away, (doc) => {
    setTitle(doc, "Lagt væk");
    setArchived(doc, true);
  });
  const binned = await vault.createDocument("wish");
  await write.call(child, binned, (doc) => {
    setTitle(doc, "En hund");
    setSubject(doc, "home");
    setBinned(doc, Date.now() - 1000);
  });
  const wordless = await vault.createDocument("entry");
  await write.call(child, wordless, (doc) => setWords(doc, "day", "i går"));
  const life = await vault.page("life");
  const story = await vault.addPhoto(life, picture(jpeg(40, 30, 9)));
  await write.call(child, life, (doc) => {
    addStop(doc, "c".repeat(32) as StopId, "house");
    setStopTitle(doc, "c".repeat(32) as StopId, "Hos mormor");
    setStopWhen(doc, "c".repeat(32) as StopId, { year: 2019, season: "summer" });
    writeStopText(doc, "c".repeat(32) as StopId, "Vi bagte.");
    addStopPhoto(doc, "c".repeat(32) as StopId, story.full.blob);
    setStopEntry(doc, "c".repeat(32) as StopId, everything, true);
  });
  await write.call(child, await vault.page("me"), (doc) => {
    writeTopic(doc, "likes", "Heste & ro");
    toggleSign(doc, "calms", "dog", 1);
  });
  return { everything, binned };
}

/** The entry with everything. */
const broen = async ({ vault }: Child) =>
  (await vault.timeline("entry")).find(({ title }) => title.startsWith("Broen"));

describe("taken along and brought in", () => {
  test("byte for byte the same content, however it is read; twice is once; and out again the same", async () => {
    const alma = await comes();
    await fill(alma, alma);
    const first = await alma.takeAlong();
    expect(first.made).toEqual({
      documents: 6,
      photos: 4,
      recordings: 2,
      missing: 0,
      damaged: 0,
      total: 6,
      next: null,
    });

    const again = await comes();
    expect(await again.bringIn(first.file)).toEqual({ kind: "lomme", documents: 6, known: 0, left: 0, damaged: 0 });
    const second = await again.takeAlong();
    expect(await contentOf(second.file)).toEqual(await contentOf(first.file));
    expect(Object.keys(await contentOf(first.file))).toHaveLength(6 + 12);

    expect(await again.bringIn(first.file)).toMatchObject({ documents: 0, known: 6 });
    expect(await again.bringIn(second.file)).toMatchObject({ documents: 0, known: 6 });
    // Into the very pocket it came from, too.
    expect(await alma.bringIn(second.file)).toMatchObject({ documents: 0, known: 6 });

    const summary = await broen(again);
    if (summary === undefined) throw new Error("nothing came");
    expect(summary).toMatchObject({
      title: "Broen <script>alert(1)</script>",
      photos: 3,
      sounds: 1,
      videos: 1,
      drawings: 1,
    });
    expect((await again.vault.timeline("wish", undefined, 9, "bin")).map(({ title }) => title)).toEqual(["En hund"]);
    expect((await again.vault.timeline("entry", undefined, 9, "archived")).map(({ title }) => title)).toEqual([
      "Lagt væk",
    ]);
    const space = again.pocket.keyring.me.pocket;
    const read = await again.pocket.documents.read(space, summary.document, (doc) => ({
      text: readPlainText(textOf(doc)),
      photos: readPhotos(doc),
      drawing: readDrawings(doc)[0],
      recording: readRecordings(doc)[0],
      before: readShownBefore(doc),
      later: doc.getMap("later").get("what"),
    }));
    expect(read.text).toBe("Søen & os\nVi gik helt ud\nKom\nmadpakke\ntæppe\nførst");
    expect(read.drawing?.over).toBe(read.photos[0]?.full.blob);
    const originals = read.photos.map(({ original }) => original);
    expect(originals.map((one) => one?.type)).toEqual([undefined, "image/jpeg", "image/png"]);
    for (const [at, bytes] of [[1, withComment] as const, [2, png] as const]) {
      const file = originals[at]?.file;
      if (file === undefined) throw new Error("no original");
      expect(new Uint8Array(await (await again.vault.readBlob(file)).arrayBuffer())).toEqual(bytes);
    }
    expect(read.later).toEqual(["no version", { knows: "yet" }]);
    expect(read.before[0]?.answers[0]).toMatchObject({ from: "Mette", wish: "agreed" });
    // What it came to stands in "my case" as well.
    expect(await again.vault.answeredBefore()).toMatchObject([
      { document: summary.document, before: { from: "Mette", text: "Ja, & hvornår?", wish: "agreed" } },
    ]);
    const [stop] = await again.pocket.documents.read(space, await again.vault.page("life"), readLine);
    expect(stop).toMatchObject({ title: "Hos mormor", text: "Vi bagte.", entries: [summary.document] });
    expect(stop?.photos).toHaveLength(1);
    if (read.recording === undefined) throw new Error("no recording");
    const player = await play(again.vault, read.recording);
    expect(Buffer.compare(await player.read(0), webm(300_000))).toBe(0);
    player.close();
    // Nothing that a server knew elsewhere is known by the same name here.
    expect(summary.document).not.toBe((await broen(alma))?.document);
    const text = JSON.stringify(
      [...(await unpack(first.file)).values()].map((bytes) => Buffer.from(bytes).toString("latin1")),
    );
    for (const secret of [alma.pocket.keyring.me.pocket, alma.pocket.keyring.me.mailbox])
      expect(text).not.toContain(secret);
  });

  test("what was removed for good after it was brought in comes back when it is brought in again", async () => {
    const alma = await comes();
    await fill(alma, alma);
    const { file } = await alma.takeAlong();
    const again = await comes();
    await again.bringIn(file);
    for (let times = 0; times < 2; times++) {
      for (const { document } of await again.vault.timeline("entry")) await again.vault.removeDocument(document);
      expect(await again.vault.timeline("entry")).toEqual([]);
      expect(await again.bringIn(file)).toMatchObject({ documents: 2, known: 4 });
      expect((await broen(again))?.photos).toBe(3);
    }
  });

  test("what would fall out of the bin at once gets its thirty days", async () => {
    const alma = await comes();
    const { binned } = await fill(alma, alma);
    await alma.write(binned, (doc) => setBinned(doc, Date.now() - BIN_MS - 1000));
    const again = await comes();
    await again.bringIn((await alma.takeAlong()).file);
    const [wish] = await again.vault.timeline("wish", undefined, 9, "bin");
    expect(wish?.marks.binnedAt).toBeGreaterThan(Date.now() - 60_000);
  });

  test("pages that are read without Lomme: a policy that allows no script, and no markup of the child's", async () => {
    const alma = await comes();
    await fill(alma, alma);
    const files = await unpack((await alma.takeAlong()).file);
    const pages = [...files].filter(([name]) => name.endsWith(".html"));
    expect(pages.map(([name]) => name)).toEqual([
      expect.stringMatching(/^read\/\d{4}-\d\d\.html$/),
      "read/life.html",
      "index.html",
    ]);
    const html = new TextDecoder().decode(pages[0]?.[1]);
    expect(html).toContain("default-src &#39;none&#39;".replaceAll("&#39;", "'"));
    expect(html).not.toMatch(/<script|onerror|javascript:/i);
    expect(html).toContain("Broen &lt;script&gt;");
    expect(html).toMatch(/<img src="\.\.\/media\/[0-9a-f]{32}\/1\.jpg"/);
    expect(html).toContain("Ja, &amp; hvornår?");
    expect(html).toContain("Lagt væk");
    // The bin is taken along and not read.
    expect(html).not.toContain("En hund");
    // What was answered with a drawing alone is read by its word.
    expect(new TextDecoder().decode(pages[1]?.[1])).toContain("hund");
  });

  test("in several files where it is more than one holds, each an archive of its own", async () => {
    const alma = await comes();
    await fill(alma, alma);
    const again = await comes();
    let from: number | null = 0;
    let files = 0;
    while (from !== null) {
      const { file, made } = await alma.takeAlong({ from, maxBytes: 1 });
      files++;
      await again.bringIn(file);
      from = made.next;
    }
    expect(files).toBe(6);
    expect(await contentOf((await again.takeAlong()).file)).toEqual(await contentOf((await alma.takeAlong()).file));
  });

  test("nothing leaves without the code, and not for longer than it counts", async () => {
    const alma = await comes();
    await fill(alma, alma);
    const options = { words: WORDS, sealedWith: null, from: 0, maxBytes: 1 };
    await expect(alma.vault.beginTakeAlong(options)).rejects.toMatchObject({ code: "code-needed" });
    await expect(alma.vault.nextOfTakeAlong()).rejects.toMatchObject({ code: "not-here" });
    const wanted = { pinnedOnly: false, withPutAway: true, withWishes: true, withTogether: true };
    await expect(alma.vault.book(wanted)).rejects.toMatchObject({ code: "code-needed" });
    await alma.vault.confirmCode(PICTURES);
    await alma.vault.beginTakeAlong(options);
    expect((await alma.vault.book(wanted)).map(({ title }) => title).filter(Boolean)).toEqual([
      "Broen <script>alert(1)</script>",
      "Lagt væk",
    ]);
    expect(await alma.vault.book({ ...wanted, pinnedOnly: true })).toHaveLength(1);
    expect((await alma.vault.book({ ...wanted, withPutAway: false })).map(({ title }) => title)).not.toContain(
      "Lagt væk",
    );
    alma.device.ahead += 6 * 60_000;
    await expect(alma.vault.beginTakeAlong(options)).rejects.toMatchObject({ code: "code-needed" });
  });

  test("photos that aren't on this device yet are said, and cost nothing else", async () => {
    const alma = await comes();
    const { everything } = await fill(alma, alma);
    const space = alma.pocket.keyring.me.pocket;
    const [first] = await alma.pocket.documents.read(space, everything, readPhotos);
    if (first === undefined) throw new Error("no photo");
    await alma.pocket.store.exclusive(async () => {
      const batch = new Batch();
      alma.pocket.blobs.remove(batch, first.full);
      await batch.commit(alma.pocket.store);
    });
    const { file, made } = await alma.takeAlong();
    expect(made).toMatchObject({ documents: 6, missing: 1 });
    const again = await comes();
    expect(await again.bringIn(file)).toMatchObject({ documents: 6, left: 1, damaged: 0 });
    expect(await broen(again)).toMatchObject({ photos: 2, sounds: 1 });
  });
});

describe("broken off in the middle", () => {
  test("a full disk: what came stays, nothing half is left, and the same file goes on", async () => {
    const alma = await comes();
    await fill(alma, alma);
    const { file } = await alma.takeAlong();
    const quota = { quotaBytes: 0 };
    const device = await Device.create(quota);
    quota.quotaBytes = 200_000;
    const again = await comes(device);
    await expect(again.bringIn(file)).rejects.toMatchObject({ code: "storage-full" });
    quota.quotaBytes = 20_000_000;
    const store = await device.shelf.openStore((await device.cover()).id);
    expect((await again.bringIn(file)).documents).toBeGreaterThan(0);
    const whole = await contentOf((await again.takeAlong()).file);
    expect(whole).toEqual(await contentOf(file));
    const rows = (await store.measure("blobs", "")).rows;
    for (const kind of ["entry", "wish"] as const) {
      for (const where of ["kept", "archived", "bin"] as const) {
        for (const { document } of await again.vault.timeline(kind, undefined, 9, where))
          await again.vault.removeDocument(document);
      }
    }
    for (const kind of ["life", "me"] as const) await again.vault.removeDocument(await again.vault.page(kind));
    expect(rows).toBeGreaterThan(5);
    expect((await store.measure("blobs", "")).rows).toBe(0);
  });

  test("a crash: what was sealed for an entry that never came goes at the next unlock", async () => {
    const alma = await comes();
    await fill(alma, alma);
    const { file } = await alma.takeAlong();
    const device = await Device.create();
    device.draw = async () => {
      throw new Error("never");
    };
    const again = await comes(device);
    // The last of the entry's own rows fails as a crash would: everything before it is on the disk.
    const put = again.pocket.log(again.pocket.keyring.me.pocket);
    put.addPending = () => Promise.reject(new Error("crash"));
    await expect(again.bringIn(file)).rejects.toMatchObject({ code: "failed" });
    const id = (await device.cover()).id as PocketId;
    const later = await comes(device, (vault) => vault.unlock(id, PICTURES));
    const store = await device.shelf.openStore(id);
    expect(await later.vault.timeline("entry")).toEqual([]);
    expect((await store.measure("blobs", "")).rows).toBe(0);
    expect(await later.bringIn(file)).toMatchObject({ documents: 6 });
  });
});
