/** Archives that were changed, cut, or made to hurt: refused by a code or taken without what hurts, and nothing here is lost. */
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readPhotos, readTitle } from "../../../../client/documents/entry.ts";
import { readPlainJpeg } from "../../../../client/vault/take-along/plain-jpeg.ts";
import { readZipDirectory } from "../../../../client/vault/take-along/zip-directory.ts";
import { crc32 } from "../../../../client/vault/take-along/zip-reading.ts";
import { Child, contentOf, jpeg, webm } from "./archives.ts";

// Each takes well under a second of a quiet machine.
vi.setConfig({ testTimeout: 20_000, hookTimeout: 20_000 });
const ID = "ab".repeat(16);
const OTHER = "cd".repeat(16);
const text = (value: unknown) => new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
const manifest = { format: "lomme-archive", version: 1, documents: 1, missing: 0 };
const about = { $map: { kind: "entry", title: "Fra filen", createdAt: Date.UTC(2026, 1, 1) } };
const entry = (content: object, id = ID) =>
  text({ format: "lomme-document", version: 1, id, content: { about, ...content }, shown: [] });
type Files = Record<string, Uint8Array>;
const zip = (files: Files, level: 0 | 6 = 0) =>
  new Blob([zipSync({ ...files, "lomme.json": text(manifest) }, { level }) as Uint8Array<ArrayBuffer>]);
const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());

let alma: Child;
let kept: Record<string, string> = {};
beforeAll(async () => {
  alma = await Child.create();
  const document = await alma.vault.createDocument("entry");
  await alma.vault.addPhoto(document, new Blob([jpeg(9, 9, 1) as Uint8Array<ArrayBuffer>]));
  kept = await contentOf((await alma.takeAlong()).file);
});
afterAll(async () => {
  // Whatever was thrown at it: what was there is there, byte for byte, and the pocket works.
  const after = await contentOf((await alma.takeAlong()).file);
  expect(Object.fromEntries(Object.entries(after).filter(([name]) => name in kept))).toEqual(kept);
  await alma.pocket.close();
});

const fresh = async (): Promise<Child> => Child.create();

describe("refused as a whole", () => {
  const good = { [`entries/${ID}.json`]: entry({}) };
  const changed = async (change: (bytes: Uint8Array, view: DataView) => void, files: Files = good) => {
    const bytes = await bytesOf(zip(files));
    change(bytes, new DataView(bytes.buffer));
    return new Blob([bytes as Uint8Array<ArrayBuffer>]);
  };
  const listAt = (view: DataView) => view.getUint32(view.byteLength - 6, true);
  const cases: [string, string, () => Promise<Blob> | Blob][] = [
    ["nothing at all", "archive-unknown", () => new Blob([])],
    ["another file", "archive-unknown", () => new Blob([jpeg(4, 4, 1) as Uint8Array<ArrayBuffer>])],
    [
      "a zip of something else",
      "archive-unknown",
      () => new Blob([zipSync({ "a.txt": text("x") }) as Uint8Array<ArrayBuffer>]),
    ],
    ["cut in the middle", "archive-unknown", async () => zip(good).slice(0, 200)],
    ["cut at the front", "archive-damaged", async () => zip(good).slice(20)],
    ["a name that leads out", "archive-damaged", () => zip({ ...good, "media/../../etc/passwd": text("x") })],
    ["a name from the root", "archive-damaged", () => zip({ ...good, "/etc/passwd": text("x") })],
    ["a name of another system", "archive-damaged", () => zip({ ...good, "C:\\autoexec.bat": text("x") })],
    [
      "no manifest that says so",
      "archive-damaged",
      () => new Blob([zipSync({ ...good, "lomme.json": text("{}") }) as Uint8Array<ArrayBuffer>]),
    ],
    [
      "a newer format",
      "archive-newer",
      () =>
        new Blob([zipSync({ ...good, "lomme.json": text({ ...manifest, version: 2 }) }) as Uint8Array<ArrayBuffer>]),
    ],
    ["encrypted", "archive-damaged", () => changed((_, view) => view.setUint16(listAt(view) + 8, 1, true))],
    ["another method", "archive-damaged", () => changed((_, view) => view.setUint16(listAt(view) + 10, 12, true))],
    [
      "a place outside",
      "archive-damaged",
      () => changed((_, view) => view.setUint32(listAt(view) + 42, 2 ** 31, true)),
    ],
    [
      "two files in one place: a bomb's trick",
      "archive-damaged",
      () =>
        changed((_, view) => {
          const first = listAt(view);
          const second = first + 46 + view.getUint16(first + 28, true);
          view.setUint32(second + 42, view.getUint32(first + 42, true), true);
        }),
    ],
    [
      "more files than it has",
      "archive-damaged",
      () => changed((_, view) => view.setUint16(view.byteLength - 12, 9, true)),
    ],
    ["several volumes", "archive-damaged", () => changed((_, view) => view.setUint16(view.byteLength - 18, 1, true))],
  ];
  test.each(cases)("%s", async (_, code, make) => {
    await expect(alma.bringIn(await make())).rejects.toMatchObject({ name: "VaultError", code });
  });

  test("words where there is no lock change nothing", async () => {
    await expect(alma.bringIn(new Blob(["age-encryption.org/v1\nnonsense"]), "a b c d e f")).rejects.toMatchObject({
      code: "archive-damaged",
    });
  });
});

describe("one thing is damaged, the others come", () => {
  const cases: [string, Uint8Array][] = [
    ["no JSON", text("{{{")],
    ["JSON of another id", entry({}, OTHER)],
    ["JSON without content", text({ format: "lomme-document", version: 1, id: ID })],
    [
      "types too deep",
      entry({ a: Array.from({ length: 90 }).reduce<object>((all) => ({ $list: [all] }), { $list: [] }) }),
    ],
    ["JSON so deep that walking through it would fall", text(`${"[".repeat(200_000)}${"]".repeat(200_000)}`)],
    ["a root that is none", entry({ text: 7 })],
    ["a tree that is none", entry({ text: { $nodes: [{ $node: 3 }] } })],
  ];
  test.each(cases)("%s", async (_, bytes) => {
    const child = await fresh();
    const files = { [`entries/${ID}.json`]: bytes, [`entries/${OTHER}.json`]: entry({}, OTHER) };
    expect(await child.bringIn(zip(files))).toMatchObject({ documents: 1, damaged: 1 });
    expect((await child.vault.timeline("entry")).map(({ title }) => title)).toEqual(["Fra filen"]);
    await child.pocket.close();
  });

  test("a bomb: what says 100 bytes and unpacks to 16 MB stops at what it said", async () => {
    const child = await fresh();
    const bomb = new Uint8Array(16 * 1024 * 1024);
    bomb.set(webm(100));
    const blob = zip({ [`media/${ID}/1.webm`]: bomb, [`entries/${ID}.json`]: entry({}) }, 6);
    const bytes = await bytesOf(blob);
    expect(bytes.length).toBeLessThan(200_000);
    const view = new DataView(bytes.buffer);
    view.setUint32(view.getUint32(bytes.length - 6, true) + 24, 100, true);
    const before = process.memoryUsage().arrayBuffers;
    const result = await child.bringIn(new Blob([bytes]));
    expect(result).toMatchObject({ documents: 1, left: 0 });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(12_000_000);
    const store = await child.device.shelf.openStore((await child.device.cover()).id);
    for (const { document } of await child.vault.timeline("entry")) await child.vault.removeDocument(document);
    expect((await store.measure("blobs", "")).rows).toBe(0);
    await child.pocket.close();
  });

  test("a turned bit in a photo costs the photo, and in words the entry", async () => {
    const child = await fresh();
    const photo = {
      full: { $file: `media/${ID}/1.jpg` },
      thumbnail: { $file: `media/${ID}/1-small.jpg` },
      width: 8,
      height: 8,
    };
    const files = {
      [`media/${ID}/1.jpg`]: jpeg(8, 8, 1),
      [`media/${ID}/1-small.jpg`]: jpeg(4, 4, 1),
      [`entries/${ID}.json`]: entry({ photos: { $list: [photo] } }),
    };
    const bytes = await bytesOf(zip(files));
    bytes[400]! ^= 1;
    expect(await child.bringIn(new Blob([bytes as Uint8Array<ArrayBuffer>]))).toMatchObject({ documents: 1, left: 1 });
    expect((await child.vault.timeline("entry"))[0]).toMatchObject({ title: "Fra filen", photos: 0 });
    // The whole file once more: the entry is here.
    expect(await child.bringIn(zip(files))).toMatchObject({ documents: 0, known: 1 });
    await child.pocket.close();
  });
});

describe("what comes with it", () => {
  const bring = async (files: Files) => {
    const child = await fresh();
    const result = await child.bringIn(zip(files));
    const [summary] = await child.vault.timeline("entry");
    if (summary === undefined) throw new Error("nothing came");
    const space = child.pocket.keyring.me.pocket;
    const read = await child.pocket.documents.read(space, summary.document, (doc) => ({
      photos: readPhotos(doc),
      title: readTitle(doc),
    }));
    const [photo] = read.photos;
    const full =
      photo === undefined ? null : new Uint8Array(await (await child.vault.readBlob(photo.full)).arrayBuffer());
    await child.pocket.close();
    return { result, summary, photo, full };
  };
  const photo = {
    full: { $file: `media/${ID}/1.jpg` },
    thumbnail: { $file: `media/${ID}/1-small.jpg` },
    width: 9999,
    height: 1,
  };
  const withPhoto = (bytes: Uint8Array): Files => ({
    [`entries/${ID}.json`]: entry({ photos: { $list: [photo] } }),
    [`media/${ID}/1.jpg`]: bytes,
    [`media/${ID}/1-small.jpg`]: jpeg(16, 12, 2),
  });

  test("a photo with a place in it, or anything else that isn't the picture, is drawn anew; so is one too large", async () => {
    const plain = jpeg(800, 600, 4);
    const exif = Uint8Array.from([
      ...plain.slice(0, 20),
      0xff,
      0xe1,
      0,
      8,
      0x45,
      0x78,
      0x69,
      0x66,
      0,
      0,
      ...plain.slice(20),
    ]);
    const behind = Uint8Array.from([...plain, 0x50, 0x4b, 3, 4]);
    const comment = Uint8Array.from([...plain.slice(0, 20), 0xff, 0xfe, 0, 5, 1, 2, 3, ...plain.slice(20)]);
    for (const bytes of [exif, behind, comment, jpeg(4000, 10, 1)]) {
      const { photo: taken, full } = await bring(withPhoto(bytes));
      expect(taken).toMatchObject({ width: 640, height: 480 });
      expect(readPlainJpeg(full ?? new Uint8Array(), 2048)).toEqual({ width: 640, height: 480 });
    }
    const { photo: taken, full } = await bring(withPhoto(plain));
    expect(taken).toMatchObject({ width: 800, height: 600 });
    expect(full).toEqual(plain);
  });

  test("files in any order, JSON first; files of no entry are nobody's", async () => {
    const { result, summary } = await bring({
      ...withPhoto(jpeg(8, 8, 1)),
      [`media/${OTHER}/1.jpg`]: jpeg(8, 8, 2),
      "evil.html": text("<script>"),
    });
    expect(result).toEqual({ kind: "lomme", documents: 1, known: 0, left: 0, damaged: 0 });
    expect(summary.photos).toBe(1);
  });

  test("a page in the place of a photo, and a program in the place of a sound, don't come", async () => {
    const recording = {
      media: { $file: `media/${ID}/2.webm` },
      type: "audio/webm",
      bytes: 5,
      durationMs: 1,
      peaks: [],
    };
    const { result, summary } = await bring({
      [`media/${ID}/1.jpg`]: text("<svg onload=alert(1)>".padEnd(200)),
      [`media/${ID}/1-small.jpg`]: jpeg(4, 4, 1),
      [`media/${ID}/2.webm`]: text("MZ".padEnd(200, "x")),
      [`entries/${ID}.json`]: entry({ photos: { $list: [photo] }, recordings: { $list: [recording] } }),
    });
    expect(result).toMatchObject({ documents: 1, left: 2 });
    expect(summary).toMatchObject({ photos: 0, sounds: 0 });
  });

  test("a date that no calendar says becomes today; a blob or document of somebody else's is named by nothing", async () => {
    const odd = { $map: { ...about.$map, createdAt: 1e300 } };
    const foreign = { space: OTHER, blob: OTHER };
    const { summary, result } = await bring({
      [`entries/${ID}.json`]: text({
        format: "lomme-document",
        version: 1,
        id: ID,
        content: { about: odd, photos: { $list: [{ full: foreign, thumbnail: foreign, width: 1, height: 1 }] } },
        shown: [{ to: 3 }, { to: "x", at: "y", answers: [{}, 7] }],
      }),
    });
    expect(Math.abs(summary.createdAt - Date.now())).toBeLessThan(60_000);
    expect(result).toMatchObject({ documents: 1, left: 1 });
    expect(summary.photos).toBe(0);
  });
});

describe("the list of a zip, byte by byte", () => {
  test("every turned byte is refused or gives the same names; nothing hangs or throws otherwise", async () => {
    const bytes = await bytesOf(zip({ [`entries/${ID}.json`]: entry({}) }));
    const codes = new Set<string>();
    for (let at = bytes.length - 180; at < bytes.length; at++) {
      for (const bit of [1, 128]) {
        const turned = bytes.slice();
        turned[at]! ^= bit;
        try {
          readZipDirectory(turned, turned.length);
        } catch (error) {
          codes.add((error as { code: string }).code);
        }
      }
    }
    expect([...codes].toSorted((a, b) => (a < b ? -1 : 1))).toEqual(["archive-damaged", "archive-unknown"]);
  });

  test("two files in one place, or one reaching into the next, are refused before anything is read", async () => {
    const bytes = await bytesOf(zip({ [`entries/${ID}.json`]: entry({}), "b.txt": text("b") }));
    const view = new DataView(bytes.buffer);
    const first = view.getUint32(bytes.length - 6, true);
    expect(readZipDirectory(bytes, bytes.length)).toHaveLength(3);
    const packed = view.getUint32(first + 20, true);
    for (const reaching of [packed + 60, packed + 4000]) {
      view.setUint32(first + 20, reaching, true);
      expect(() => readZipDirectory(bytes, bytes.length)).toThrow("archive-damaged");
    }
    view.setUint32(first + 20, packed, true);
    const second = first + 46 + view.getUint16(first + 28, true);
    view.setUint32(second + 42, view.getUint32(first + 42, true), true);
    expect(() => readZipDirectory(bytes, bytes.length)).toThrow("archive-damaged");
  });

  test("CRC-32 as everybody computes it", () => {
    expect(crc32(text("123456789"))).toBe(0xcbf43926);
    expect(crc32(text("6789"), crc32(text("12345")))).toBe(0xcbf43926);
  });
});
