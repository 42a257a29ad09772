/** age's own vectors (C2SP/CCTV; tests/vectors/README.md), each read through the take-along file's reader. */
import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";
import { Decrypter } from "age-encryption";
import { expect } from "vitest";
import { AgeFileError, type AgeFileErrorCode, openWith } from "../../../../client/vault/take-along/age-file.ts";
import vectors from "../../../vectors/others/age.json" with { type: "json" };
import { inPieces } from "./streams.ts";

export const cases = vectors.cases.map((one) => [one.name, one] as const);
/** 16 MB each; they run with the long tests. */
export const isLong = ([name]: (typeof cases)[number]): boolean => /^stream_25[78]/.test(name);
const CHUNK_BYTES = 64 * 1024;

/** What was given out, and the code with which it ended, if it did not end well. */
export async function drain(opening: Promise<ReadableStream<Uint8Array>>) {
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

export async function checkCase([, one]: (typeof cases)[number]): Promise<void> {
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
}
