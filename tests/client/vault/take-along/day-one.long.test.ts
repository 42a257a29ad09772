/** Day One's JSON export, as its apps write it. */
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { readPhotos, readTitle, textOf } from "../../../../client/documents/entry.ts";
import { readRecordings } from "../../../../client/documents/recordings.ts";
import { readRichText } from "../../../../client/documents/rich-text.ts";
import { Child, drawSmall, jpeg, webm } from "./archives.ts";

const MD5 = "0cc175b9c0f1b6a831c399e269772661";
const OTHER_MD5 = "e".repeat(32);
const FIRST = jpeg(4032, 3024, 1);
/** Of another length, out of which the stand-in for the canvas draws another picture. */
const SECOND = jpeg(4032, 3024, 2, 3001);
const journal = {
  metadata: { version: "1.0" },
  entries: [
    {
      uuid: "9E7E5B1A0E9B4B1F8C2D7A6F5E4D3C2B",
      creationDate: "2021-06-05T18:04:00Z",
      modifiedDate: "2021-06-06T08:00:00Z",
      timeZone: "Europe/Copenhagen",
      starred: true,
      tags: ["sommer", "mormor", 7],
      location: { latitude: 55.6123, longitude: 12.5123, userLabel: " Mormors have ", placeName: "Hemmelig vej 3" },
      weather: { temperatureCelsius: 21 },
      text: '# Hos mormor\n\nVi lavede **pandekager**\\. Mange\\!\n\n![](dayone-moment://76F9B0AC37954B51BF8B9146498B29C2)\n\n- mel\n- æg\n\n> "Kom igen"',
      richText: "{}",
      photos: [
        { identifier: "76F9B0AC37954B51BF8B9146498B29C2", md5: MD5, type: "jpeg", location: { latitude: 55.6 } },
        { identifier: "A", md5: "f".repeat(32), type: "jpeg", orderInEntry: 3 },
        { identifier: "C", md5: OTHER_MD5, type: "jpeg", orderInEntry: -1 },
      ],
      pdfAttachments: [{ identifier: "D", md5: "2".repeat(32), type: "pdf" }],
      audios: [{ identifier: "B", md5: "1".repeat(32), format: "webm", type: "webm", duration: 4.5 }],
    },
    {
      uuid: "not-hex-at-all",
      creationDate: "2022-01-01T00:00:00Z",
      text: "uden overskrift",
      location: { localityName: "Vejle", latitude: 55.7 },
    },
    { uuid: 7, creationDate: "2022-01-01T00:00:00Z" },
    { uuid: "X", creationDate: "i går" },
  ],
};
const file = () =>
  new Blob([
    zipSync({
      "Journal.json": new TextEncoder().encode(JSON.stringify(journal)),
      [`photos/${MD5}.jpeg`]: FIRST,
      [`photos/${OTHER_MD5}.jpeg`]: SECOND,
      [`audios/${"1".repeat(32)}.webm`]: webm(70_000),
    }) as Uint8Array<ArrayBuffer>,
  ]);

describe("Day One", () => {
  test("words, dates, tags, star, place in words and photos in order come; where it was in numbers doesn't; twice is once", async () => {
    const child = await Child.create();
    expect(await child.bringIn(file())).toEqual({ kind: "day-one", documents: 2, known: 0, left: 2, damaged: 2 });
    const [second, first] = await child.vault.timeline("entry");
    expect(first).toMatchObject({
      title: "Hos mormor",
      createdAt: Date.UTC(2021, 5, 5, 18, 4),
      photos: 2,
      sounds: 1,
      marks: { pinned: true, tags: ["sommer", "mormor"], place: "Mormors have", day: "" },
    });
    expect(second).toMatchObject({ title: "", excerpt: "uden overskrift", marks: { place: "Vejle" } });
    if (first === undefined) throw new Error("nothing came");
    const space = child.pocket.keyring.me.pocket;
    const read = await child.pocket.documents.read(space, first.document, (doc) => ({
      title: readTitle(doc),
      text: readRichText(textOf(doc)),
      recording: readRecordings(doc)[0],
      photos: readPhotos(doc).map(({ full }) => full),
    }));
    const bytes = read.photos.map(async (full) => (await child.vault.readBlob(full)).bytes());
    const drawn = [SECOND, FIRST].map(
      async (one) => (await drawSmall(new Blob([one as Uint8Array<ArrayBuffer>]))).full,
    );
    expect(await Promise.all(bytes)).toEqual(await Promise.all(drawn));
    expect(read.text).toEqual([
      { type: "paragraph", runs: [{ text: "Vi lavede " }, { text: "pandekager", bold: true }, { text: ". Mange!" }] },
      { type: "bullet", runs: [{ text: "mel" }] },
      { type: "bullet", runs: [{ text: "æg" }] },
      { type: "quote", runs: [{ text: '"Kom igen"' }] },
    ]);
    expect(read.recording).toMatchObject({ type: "audio/webm", bytes: 70_000, durationMs: 4500 });
    expect(await child.bringIn(file())).toMatchObject({ documents: 0, known: 2 });
    const { file: out } = await child.takeAlong();
    const everything = Buffer.from(await out.arrayBuffer()).toString("latin1");
    expect(everything).not.toContain("Hemmelig");
    // And out again, and in elsewhere.
    const again = await Child.create();
    expect(await again.bringIn(out)).toMatchObject({ kind: "lomme", documents: 2, left: 0 });
    await child.pocket.close();
    await again.pocket.close();
  });

  test("a zip of other JSON is no journal", async () => {
    const child = await Child.create();
    const other = zipSync({ "a.json": new TextEncoder().encode("[1]") });
    await expect(child.bringIn(new Blob([other as Uint8Array<ArrayBuffer>]))).rejects.toMatchObject({
      code: "archive-unknown",
    });
    await child.pocket.close();
  });
});
