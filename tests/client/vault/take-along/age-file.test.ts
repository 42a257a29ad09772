/** The take-along file against age's own vectors (C2SP/CCTV; tests/vectors/README.md), and what ours refuses. */
import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";
import { Decrypter } from "age-encryption";
import { describe, expect, test } from "vitest";
import {
  AgeFileError,
  type AgeFileErrorCode,
  openAgeFile,
  openWith,
  sealAgeFile,
} from "../../../../client/vault/take-along/age-file.ts";
import vectors from "../../../vectors/others/age.json" with { type: "json" };
import { inPieces, readAll } from "./streams.ts";

/** What was given out, and the code with which it ended, if it did not end well. */
async function drain(opening: Promise<ReadableStream<Uint8Array>>) {
  const given = createHash("sha256");
  let code: AgeFileErrorCode | null = null;
  let released = 0;
  try {
    for await (const piece of await opening) {
      given.update(piece);
      released += piece.length;
    }
  } catch (error) {
    expect(error).toBeInstanceOf(AgeFileError);
    code = (error as AgeFileError).code;
  }
  return { code, released, hash: given.digest("hex") };
}

const CODES: Readonly<Record<string, readonly (AgeFileErrorCode | null)[]>> = {
  success: [null],
  "no match": ["wrong-words"],
  "HMAC failure": ["damaged"],
  "header failure": ["damaged", "not-age"],
  "payload failure": ["damaged"],
};

const CHUNK_BYTES = 64 * 1024;

describe("C2SP/CCTV age", () => {
  test.each(vectors.cases.map((one) => [one.name, one] as const))("%s", async (_, one) => {
    const stored = Buffer.from(one.file, "base64");
    const file = "compressed" in one ? inflateSync(stored) : stored;
    const decrypter = new Decrypter();
    for (const identity of "identities" in one ? one.identities : []) decrypter.addIdentity(identity);
    for (const passphrase of "passphrases" in one ? one.passphrases : []) decrypter.addPassphrase(passphrase);
    const { code, released, hash } = await drain(openWith(decrypter, inPieces(file, 10_007)));
    expect(CODES[one.expect]).toContain(code);
    // A stream that fails loses the chunk it had ready: less may come out than is authentic, in whole chunks, never more.
    if (!("payload" in one)) expect(released).toBe(0);
    else if (code === null || released % CHUNK_BYTES !== 0) expect(hash).toBe(one.payload);
  });

  test("none of them was left out unseen: 110, of which 19 open", () => {
    expect(vectors.cases.length).toBe(110);
    expect(vectors.cases.filter((one) => one.expect === "success").length).toBe(19);
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
