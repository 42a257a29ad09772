import { randomFillSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  BLOB_CHUNK_BYTES,
  blobChunks,
  createBlobKey,
  createBlobOpener,
  createBlobSealer,
  openBlob,
  openBlobChunk,
  sealBlob,
  sealBlobChunk,
  sealedBlobBytes,
} from "../../crypto/blobs.ts";
import { concat } from "../../crypto/bytes.ts";
import { randomId } from "../../crypto/ids.ts";
import { ready } from "../../crypto/sodium.ts";
import type { BlobId, SealedChunk } from "../../crypto/types.ts";
import { flipped, refusal } from "./refused.ts";

await ready();
const randomBytes = (length: number) => randomFillSync(new Uint8Array(length));
const key = createBlobKey();
const blob = randomId<BlobId>();
const C = BLOB_CHUNK_BYTES;
const three = randomBytes(2 * C + 5000);
const chunks = sealBlob(key, blob, three);

describe("blobs", () => {
  test.each([0, 1, 1023, 1024, 1025, C - 1, C, C + 1, 2 * C - 1, 2 * C, 2 * C + 1, 31 * C + 17, 32 * C])(
    "%i bytes come back",
    (length) => {
      const content = randomBytes(length);
      const sealed = sealBlob(key, blob, content);
      expect(sealed.length).toBe(blobChunks(length));
      expect(concat(...sealed).length).toBe(sealedBlobBytes(length));
      expect(Buffer.from(openBlob(key, blob, sealed)).equals(content)).toBe(true);
    },
  );

  test("streaming in any pieces gives the content and the sizes of sealing at once", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 2 * C }), { maxLength: 6 }), (lengths) => {
        const pieces = lengths.map((length) => randomBytes(length));
        const content = concat(...pieces);
        const sealer = createBlobSealer(key, blob);
        const sealed = [...pieces.flatMap((piece) => sealer.push(piece)), ...sealer.finish()];
        expect(sealed.map((chunk) => chunk.length)).toEqual(sealBlob(key, blob, content).map((chunk) => chunk.length));
        expect(Buffer.from(openBlob(key, blob, sealed)).equals(content)).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  test("a chunk of padding alone: 66 chunks and a byte become 68, and come back; streamed too", () => {
    const content = randomBytes(66 * C + 1);
    expect(blobChunks(content.length)).toBe(68);
    const sealer = createBlobSealer(key, blob);
    const streamed = [...sealer.push(content), ...sealer.finish()];
    const whole = sealBlob(key, blob, content);
    expect(streamed.map((chunk) => chunk.length)).toEqual(whole.map((chunk) => chunk.length));
    expect(openBlobChunk(key, blob, 67, true, streamed[67]!).length).toBe(0);
    for (const sealed of [streamed, whole]) expect(Buffer.from(openBlob(key, blob, sealed)).equals(content)).toBe(true);
  });

  test("a stream that was broken off goes on after its full chunks, to the same sizes", () => {
    for (const done of [0, 1, 2]) {
      const sealer = createBlobSealer(key, blob, done);
      const sealed = [...chunks.slice(0, done), ...sealer.push(three.subarray(done * C)), ...sealer.finish()];
      expect(sealed.map((chunk) => chunk.length)).toEqual(chunks.map((chunk) => chunk.length));
      expect(Buffer.from(openBlob(key, blob, sealed)).equals(three)).toBe(true);
    }
  });

  test("opening takes no more memory than was sealed", () => {
    expect(openBlob(key, blob, sealBlob(key, blob, randomBytes(9))).buffer.byteLength).toBe(1024);
  });

  test("any chunk opens by itself", () => {
    expect(openBlobChunk(key, blob, 1, false, chunks[1]!)).toEqual(three.subarray(C, 2 * C));
    expect(openBlobChunk(key, blob, 2, true, chunks[2]!)).toEqual(three.subarray(2 * C));
  });

  test("lengths nearby give the same sizes", () => {
    expect(sealedBlobBytes(10)).toBe(sealedBlobBytes(1000));
    expect(sealedBlobBytes(4_000_001)).toBe(sealedBlobBytes(4_050_000));
    expect(sealedBlobBytes(4_000_000) / 4_000_000).toBeLessThan(1.04);
  });

  const [c0, c1, c2] = chunks as [SealedChunk, SealedChunk, SealedChunk];
  const otherBlob = sealBlob(key, randomId<BlobId>(), three) as [SealedChunk, SealedChunk, SealedChunk];
  const otherKey = sealBlob(createBlobKey(), blob, three) as [SealedChunk, SealedChunk, SealedChunk];
  test.each([
    ["truncated", [c0, c1]],
    ["truncated to nothing", []],
    ["first cut off", [c1, c2]],
    ["reordered", [c1, c0, c2]],
    ["doubled", [c0, c0, c1, c2]],
    ["last doubled", [c0, c1, c2, c2]],
    ["extended", [c0, c1, c2, sealBlobChunk(key, blob, 3, true, three.subarray(0, 9))]],
    ["spliced from another blob", [c0, otherBlob[1], c2]],
    ["sealed under another key", [c0, otherKey[1], c2]],
    ["a bit turned", [c0, flipped(c1, 9999) as SealedChunk, c2]],
    ["chunk cut", [c0, c1.slice(0, -1) as SealedChunk, c2]],
  ])("%s: nothing is given out", (_, attacked) => {
    expect(refusal(() => openBlob(key, blob, attacked))).toBe("does-not-open");
  });

  test("the opener knows a blob that was cut, and one that goes on after its end", () => {
    const cut = createBlobOpener(key, blob);
    cut.push(c0, false);
    expect(refusal(() => cut.finish())).toBe("does-not-open");
    const done = createBlobOpener(key, blob);
    for (const [i, chunk] of chunks.entries()) done.push(chunk, i === 2);
    done.finish();
    expect(refusal(() => done.push(c0, false))).toBe("does-not-open");
  });

  test("content with a hole is refused: after a short piece only padding may follow", () => {
    const holed = [
      sealBlobChunk(key, blob, 0, false, three.subarray(0, 5)),
      sealBlobChunk(key, blob, 1, true, three.subarray(0, 5), 1024),
    ];
    expect(refusal(() => openBlob(key, blob, holed))).toBe("does-not-open");
  });
});
