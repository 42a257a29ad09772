/** Both ways with Debian's `age`, the program a person would open the take-along file with when there is no Lomme any more. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openAgeFile, sealAgeFile } from "../../../../client/vault/take-along/age-file.ts";
import { findAge, runAtTerminal } from "./age-binary.ts";
import { cases, checkCase, isLong } from "./cctv.ts";
import { inPieces, readAll } from "./streams.ts";

const WORDS = ["blæksprutte", "sommer", "båd", "æble", "kirsebær", "tog"];
const PHRASE = WORDS.join("-");
const age = findAge();
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "age-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const content = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 255);

describe("sealing and opening", () => {
  test("any number of pieces comes back; words however they are typed; a turned bit and other words don't open", async () => {
    const bytes = content(200_001);
    const sealed = await readAll(await sealAgeFile(inPieces(bytes, 64 * 1024 + 1), WORDS));
    expect(Buffer.from(sealed).toString("latin1", 0, 22)).toBe("age-encryption.org/v1\n");
    expect(Buffer.from(sealed).toString("latin1", 22, 32)).toBe("-> scrypt ");
    for (const typed of [PHRASE, ` ${WORDS.join("  ").toUpperCase()}\n`, PHRASE.normalize("NFD")]) {
      expect(Buffer.compare(await readAll(await openAgeFile(inPieces(sealed, 999), typed)), bytes)).toBe(0);
    }
    await expect(openAgeFile(inPieces(sealed, 999), "fem andre ord er her nu")).rejects.toMatchObject({
      code: "wrong-words",
    });
    const turned = sealed.slice();
    turned[turned.length - 70_000]! ^= 1;
    const opened = await openAgeFile(inPieces(turned, 999), PHRASE);
    await expect(readAll(opened)).rejects.toMatchObject({ code: "damaged" });
    const cut = await openAgeFile(inPieces(sealed.subarray(0, -70_000), 999), PHRASE);
    await expect(readAll(cut)).rejects.toMatchObject({ code: "damaged" });
  });
});

describe("C2SP/CCTV age, the large ones", () => {
  test.each(cases.filter(isLong))("%s", async (...one) => {
    expect(await checkCase(one)).toBeUndefined();
  });
});

describe("Debian's age", () => {
  test.skipIf(age === null)("opens what we sealed", async () => {
    const bytes = content(300_000);
    writeFileSync(join(folder, "ours.age"), await readAll(await sealAgeFile(inPieces(bytes, 65_536), WORDS)));
    const { code, shown } = await runAtTerminal(`${age} -d -o ${folder}/ours ${folder}/ours.age`, [PHRASE]);
    expect(shown).not.toContain("error");
    expect(code).toBe(0);
    expect(Buffer.compare(readFileSync(join(folder, "ours")), bytes)).toBe(0);
    const wrong = await runAtTerminal(`${age} -d -o ${folder}/none ${folder}/ours.age`, ["en-to-tre-fire-fem-seks"]);
    expect(wrong.code).not.toBe(0);
  });

  test.skipIf(age === null)("seals what we open", async () => {
    const bytes = content(150_000);
    writeFileSync(join(folder, "theirs"), bytes);
    const { code } = await runAtTerminal(`${age} -p -o ${folder}/theirs.age ${folder}/theirs`, [PHRASE, PHRASE]);
    expect(code).toBe(0);
    const sealed = readFileSync(join(folder, "theirs.age"));
    expect(Buffer.compare(await readAll(await openAgeFile(inPieces(sealed, 4096), PHRASE)), bytes)).toBe(0);
  });
});
