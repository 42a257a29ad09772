import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { byteCanary, entropyOfJpeg, textCanary, windowCanaries } from "./canary.ts";
import { createScanner, hitLines, scanDirectory } from "./scan.ts";

const WORD = "gråhejre7kx2vq";

/** Noise that is the same in every run and holds nothing by chance. */
function noise(length: number, seed = 7): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed;
  for (let i = 0; i < length; i += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

const formsFound = (planted: Buffer): readonly string[] =>
  createScanner([textCanary(WORD)])
    .scan(Buffer.concat([noise(1000), planted, noise(1000, 9)]), "planted")
    .map(({ form }) => form);

describe("a word is found in every form it could have", () => {
  const utf8 = Buffer.from(WORD, "utf8");
  const cases: readonly (readonly [string, Buffer])[] = [
    ["raw", utf8],
    ["latin-1 raw", Buffer.from(WORD, "latin1")],
    ["utf-16le raw", Buffer.from(WORD, "utf16le")],
    ["utf-16be", Buffer.from(WORD, "utf16le").swap16()],
    ["hex", Buffer.from(utf8.toString("hex"))],
    ["HEX", Buffer.from(utf8.toString("hex").toUpperCase())],
    ["percent-encoded", Buffer.from(encodeURIComponent(WORD))],
    ["json escapes", Buffer.from("gr\\u00e5hejre7kx2vq")],
    ["base64 (alignment 0)", Buffer.from(utf8.toString("base64"))],
    ["base64 (alignment 1)", Buffer.from(Buffer.concat([noise(4), utf8, noise(2)]).toString("base64"))],
    ["base64 (alignment 2)", Buffer.from(Buffer.concat([noise(5), utf8, noise(1)]).toString("base64"))],
    ["utf-16le base64 (alignment 0)", Buffer.from(Buffer.from(WORD, "utf16le").toString("base64"))],
  ];
  it.each(cases)("%s", (form, planted) => expect(formsFound(planted)).toContain(form));

  it("base64url, where its letters differ", () => {
    const key = Buffer.from("fbeffffbefbeffbfefbeffbeffbfefbe", "hex");
    const found = createScanner([byteCanary(key, "key")]).scan(Buffer.from(key.toString("base64url")), "planted");
    expect(found.map(({ form }) => form)).toContain("base64url (alignment 0)");
  });

  it("at the first and at the last byte", () => {
    const scanner = createScanner([textCanary(WORD)]);
    expect(scanner.scan(Buffer.concat([utf8, noise(50), utf8]), "edges").map(({ offset }) => offset)).toEqual([
      0,
      50 + utf8.length,
    ]);
  });
});

describe("what isn't there isn't found", () => {
  it("noise gives no hit", () => expect(formsFound(noise(200_000, 3))).toEqual([]));
  it("nor does a word that lacks its last letter, in any form", () => {
    const almost = WORD.slice(0, -1);
    for (const bytes of [Buffer.from(almost), Buffer.from(almost, "utf16le"), Buffer.from(almost, "latin1")]) {
      expect(formsFound(bytes)).toEqual([]);
      expect(formsFound(Buffer.from(bytes.toString("hex")))).toEqual([]);
    }
  });
  it("a canary that would be found by chance is refused", () => expect(() => textCanary("hund")).toThrow("shorter"));
  it("a scan for nothing is refused", () => expect(() => createScanner([])).toThrow("nothing to look for"));
});

describe("pictures", () => {
  const head = Buffer.from([0xff, 0xd8, 0xff, 0xdb, 0, 4, 1, 2, 0xff, 0xda, 0, 3, 9]);
  const jpeg = Buffer.concat([head, noise(4000, 5)]);

  it("the picture itself begins behind the start of scan", () => expect(entropyOfJpeg(jpeg)).toBe(head.length));
  it("any 63 bytes in a row of it are found", () => {
    const scanner = createScanner(windowCanaries(jpeg, "photo", entropyOfJpeg(jpeg)));
    for (const from of [head.length, 1000, 1017, 3900]) {
      expect(scanner.scan(jpeg.subarray(from, from + 63), "frame"), `from ${from}`).not.toEqual([]);
    }
    expect(scanner.scan(noise(4000, 6), "frame")).toEqual([]);
  });
});

describe("directories", () => {
  const directories: string[] = [];
  afterEach(() => {
    for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
  });
  const directory = (): string => {
    const path = mkdtempSync(join(tmpdir(), "lomme-scan-"));
    directories.push(path);
    return path;
  };

  it("contents and names of files are looked at, at any depth", () => {
    const root = directory();
    mkdirSync(join(root, "a/b"), { recursive: true });
    writeFileSync(join(root, "a/b/noise"), noise(10_000));
    writeFileSync(join(root, "a/b/store"), Buffer.concat([noise(10_000), Buffer.from(WORD), noise(50)]));
    writeFileSync(join(root, `a/${WORD}.jpg`), "x");
    const scanner = createScanner([textCanary(WORD, "the word")]);
    expect(hitLines(scanDirectory(scanner, root)).toSorted()).toEqual([
      `the word as raw in a/b/store at byte 10000`,
      `the word as raw in name of a/${WORD}.jpg at byte 2`,
    ]);
    expect(scanner.scannedBytes()).toBeGreaterThan(20_000);
  });

  it("a directory that isn't there counts as nothing scanned", () => {
    const scanner = createScanner([textCanary(WORD)]);
    expect(scanDirectory(scanner, "/nowhere/at/all")).toEqual([]);
    expect(scanner.scannedBytes()).toBe(0);
  });
});
