/** The take-along file against age's own vectors (C2SP/CCTV; tests/vectors/README.md), and what ours refuses. */
import { describe, expect, test } from "vitest";
import { openAgeFile, sealAgeFile } from "../../../../client/vault/take-along/age-file.ts";
import { cases, checkCase, drain, isLong } from "./cctv.ts";
import { inPieces, readAll } from "./streams.ts";

describe("C2SP/CCTV age", () => {
  test.each(cases.filter((one) => !isLong(one)))("%s", async (...one) => {
    expect(await checkCase(one)).toBeUndefined();
  });

  test("none of them was left out unseen: 110, of which 19 open and 3 run with the long tests", () => {
    expect(cases.length).toBe(110);
    expect(cases.filter(([, { expect: expected }]) => expected === "success").length).toBe(19);
    expect(cases.filter(isLong).length).toBe(3);
  });
});

describe("files of other kinds", () => {
  test.each([
    ["nothing", ""],
    ["a zip", "PK\u0003\u0004 and so on, long enough for a first line"],
    ["another version", "age-encryption.org/v2\n-> scrypt"],
    ["half a line", "age-encryption.org/v"],
  ])("%s is not an age file", async (_, text) => {
    expect((await drain(openAgeFile(inPieces(Buffer.from(text), 3), "one two three four five six"))).code).toBe(
      "not-age",
    );
  });

  test("a work factor that would take gigabytes is refused before any work", async () => {
    const header = (factor: number) =>
      Buffer.from(
        `age-encryption.org/v1\n-> scrypt ${"A".repeat(21)}A ${factor}\n${"A".repeat(43)}\n--- ${"A".repeat(43)}\n${"x".repeat(40)}`,
      );
    const started = performance.now();
    expect((await drain(openAgeFile(inPieces(header(30), 1000), "a b c d e f"))).code).toBe("damaged");
    expect(performance.now() - started).toBeLessThan(200);
    // The same with a small factor gets as far as the words: so it was the factor that was refused.
    expect((await drain(openAgeFile(inPieces(header(4), 1000), "a b c d e f"))).code).toBe("wrong-words");
  });

  test("when the disk fails while a file is read, that is said, and not that it is damaged", async () => {
    const failing = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(Buffer.from("age-encryption.org/v1\n-> scrypt")),
      pull: (controller) => controller.error(new Error("the stick was pulled out")),
    });
    await expect(openAgeFile(failing, "a b c d e f")).rejects.toThrow("the stick was pulled out");
  });
});

test("fewer than six words, or words that aren't, are refused before any work", async () => {
  const six = ["sol", "måne", "hav", "skov", "bjerg", "eng"];
  for (const words of [
    [],
    six.slice(1),
    [...six.slice(1), ""],
    [...six.slice(1), "to ord"],
    [...six.slice(1), "STOR"],
  ]) {
    await expect(sealAgeFile(inPieces(Buffer.from("x"), 1), words)).rejects.toThrow(RangeError);
  }
  expect(await readAll(inPieces(Buffer.from("abc"), 2))).toEqual(new Uint8Array(Buffer.from("abc")));
});
