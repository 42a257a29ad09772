/** What takes its time: sealing with words, a whole life, and Debian's `age`. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAlone } from "../../../../client/vault/alone.ts";
import { makeRealisticPocket } from "../../../realistic/make.ts";
import { CHILD, Device, PICTURES } from "../device.ts";
import { findAge, runAtTerminal } from "./age-binary.ts";
import { Child, contentOf, drawSmall, jpeg, SIX, unpack } from "./archives.ts";

const age = findAge();
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "archive-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Years of a child's life, made by the generator of the benches. */
async function life(entries: number, photos: number, full: (scene: number) => Uint8Array): Promise<Child> {
  const device = await Device.create();
  const from = Date.UTC(2019, 0, 1);
  const made = await makeRealisticPocket(
    device.parts,
    CHILD,
    { seed: 7, entries, photos, records: entries * 4, from, language: "both" },
    async (scene) => ({ full: full(scene), thumbnail: jpeg(320, 240, scene, 500), width: 640, height: 480 }),
  );
  device.connect = async (pocket) => createAlone(pocket);
  return Child.create(device, (vault) => vault.unlock(made.pocket, PICTURES));
}

describe("a life of years", () => {
  test("sealed with words, opened by Debian's age byte for byte, brought into an empty pocket: all of it equal", async () => {
    const alma = await life(140, 24, (scene) => jpeg(640, 480, scene, 20_000));
    const plain = await alma.takeAlong();
    expect(plain.made).toMatchObject({ documents: 140, photos: 24, missing: 0, damaged: 0 });
    // The dates of a zip's own pages are of the minute they were made in: one clock for both.
    const now = Date.now();
    alma.device.clock.now = () => now;
    const first = await alma.takeAlong();
    const sealed = await alma.takeAlong({ sealedWith: SIX });
    if (age !== null) {
      writeFileSync(join(folder, "lomme.zip.age"), new Uint8Array(await sealed.file.arrayBuffer()));
      const { code } = await runAtTerminal(`${age} -d -o ${folder}/lomme.zip ${folder}/lomme.zip.age`, [SIX.join("-")]);
      expect(code).toBe(0);
      const opened = readFileSync(join(folder, "lomme.zip"));
      expect(Buffer.compare(opened, new Uint8Array(await first.file.arrayBuffer()))).toBe(0);
    }
    const again = await Child.create();
    await expect(again.bringIn(sealed.file)).rejects.toMatchObject({ code: "archive-sealed" });
    await expect(again.bringIn(sealed.file, "fem andre ord er her nu")).rejects.toMatchObject({
      code: "archive-words",
    });
    const bytes = new Uint8Array(await sealed.file.arrayBuffer());
    const cut = new Blob([bytes.slice(0, -100_000)]);
    await expect(again.bringIn(cut, SIX.join(" "))).rejects.toMatchObject({ code: "archive-damaged" });
    expect(await again.vault.timeline("entry")).toEqual([]);
    expect(await again.bringIn(sealed.file, SIX.join(" ").toUpperCase())).toMatchObject({
      documents: 140,
      known: 0,
      left: 0,
    });
    expect(await contentOf((await again.takeAlong()).file)).toEqual(await contentOf(plain.file));
    const words = ["mormor", "skole"];
    for (const word of words) {
      const found = async (child: Child) =>
        (await child.vault.search(word, {}, 500)).hits.map(({ summary }) => `${summary.createdAt} ${summary.title}`);
      await alma.pocket.texts.gather();
      await again.pocket.texts.gather();
      expect(await found(again)).toEqual(await found(alma));
    }
    await alma.pocket.close();
    await again.pocket.close();
  }, 240_000);

  test("an archive of 300 MB goes out with memory for little of it", async () => {
    const large = jpeg(640, 480, 1, 1_000_000);
    const alma = await life(300, 300, () => large);
    globalThis.gc?.();
    await alma.vault.confirmCode(PICTURES);
    const { WORDS } = await import("./archives.ts");
    await alma.vault.beginTakeAlong({ words: WORDS, sealedWith: null, from: 0, maxBytes: 2 ** 31 });
    const before = process.memoryUsage();
    let most = 0;
    let bytes = 0;
    for (;;) {
      const piece = await alma.vault.nextOfTakeAlong();
      if (piece.type === "made") break;
      bytes += piece.bytes.length;
      const { arrayBuffers } = process.memoryUsage();
      most = Math.max(most, arrayBuffers - before.arrayBuffers);
    }
    expect(bytes).toBeGreaterThan(300_000_000);
    // What was given out and not collected yet is in it too.
    expect(most).toBeLessThan(150_000_000);
    await alma.pocket.close();
  }, 240_000);
});

test("the file of the generator unpacks, every file with its sum", async () => {
  const alma = await life(30, 8, (scene) => jpeg(640, 480, scene));
  const { file } = await alma.takeAlong();
  const files = await unpack(file);
  expect([...files.keys()].filter((name) => name.startsWith("entries/"))).toHaveLength(30);
  expect([...files.keys()].at(-1)).toBe("lomme.json");
  expect((await drawSmall(new Blob([Uint8Array.of(1)]))).width).toBe(640);
  await alma.pocket.close();
}, 60_000);

test("how far it is, is told on the way: going out by what is in the file, coming in by what is here", async () => {
  const alma = await life(60, 12, (scene) => jpeg(640, 480, scene, 300_000));
  await alma.vault.confirmCode(PICTURES);
  const { WORDS } = await import("./archives.ts");
  await alma.vault.beginTakeAlong({ words: WORDS, sealedWith: null, from: 0, maxBytes: 2 ** 31 });
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const out: number[] = [];
  for (;;) {
    const piece = await alma.vault.nextOfTakeAlong();
    if (piece.type === "made") break;
    pieces.push(piece.bytes as Uint8Array<ArrayBuffer>);
    expect(piece.total).toBe(60);
    out.push(piece.done);
  }
  expect(out).toEqual(out.toSorted((a, b) => a - b));
  expect(new Set(out).size).toBeGreaterThan(2);
  expect(out.at(-1)).toBe(60);
  await alma.pocket.close();

  const again = await Child.create();
  // Each thing takes its time here: otherwise only the end would be told.
  let now = Date.now();
  again.device.clock.now = () => (now += 1_000);
  await again.bringIn(new Blob(pieces));
  const came = again.vault.events.flatMap((event) => (event.type === "bringing-in" ? [event] : []));
  const done = came.map((event) => event.done);
  expect(done).toEqual(done.toSorted((a, b) => a - b));
  expect(new Set(done).size).toBeGreaterThan(10);
  expect(came.at(-1)?.done).toBe(came.at(-1)?.total);
  await again.pocket.close();
}, 60_000);
