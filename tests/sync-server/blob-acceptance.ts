/**
 * What every blob store must do, wherever the chunks lie. A store's test file calls `acceptBlobs` with a way to open one
 * and to throw it away.
 */
import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { decodeMissing, encodeBlobCommit } from "../../protocol/codec.ts";
import type { BlobId, DocumentTag, SpaceId } from "../../protocol/frames.ts";
import { paths } from "../../protocol/http.ts";
import { MAX_CHUNK_BYTES } from "../../protocol/limits.ts";
import type { BlobStore } from "../../sync-server/blobs/port.ts";
import { tidy } from "../../sync-server/housekeeping.ts";
import { newChunk, newId, sha256 } from "./made-up.ts";
import { startNode, type TestNode } from "./node.ts";

export interface BlobsUnderTest {
  readonly blobs: BlobStore;
  dispose(): Promise<void>;
}

export function acceptBlobs(name: string, open: () => Promise<BlobsUnderTest>): void {
  let under: BlobsUnderTest;
  let blobs: BlobStore;
  let space: SpaceId;
  let blob: BlobId;
  /** The store may keep its own time, so tests use the real day. */
  const today = Math.floor(Date.now() / 86_400_000);
  beforeEach(async () => {
    under = await open();
    blobs = under.blobs;
    space = newId();
    blob = newId();
  });
  afterEach(() => under.dispose());
  const listed = async (day: number): Promise<BlobId[]> => {
    const found = [];
    for await (const one of blobs.listBefore(day)) if (one.space === space) found.push(one.blob);
    return found;
  };

  describe(`${name}: chunks`, () => {
    test("come back byte for byte, the smallest and the largest", async () => {
      for (const [index, size] of [1, 77, 1024, MAX_CHUNK_BYTES].entries()) {
        const bytes = new Uint8Array(randomBytes(size));
        await blobs.write(space, blob, index, bytes, today);
        expect(Buffer.compare((await blobs.read(space, blob, index)) ?? new Uint8Array(), bytes)).toBe(0);
        expect(Buffer.compare((await blobs.hash(space, blob, index)) ?? new Uint8Array(), sha256(bytes))).toBe(0);
      }
    });

    test("what isn't there is null", async () => {
      await blobs.write(space, blob, 0, randomBytes(10), today);
      for (const [s, b, index] of [
        [space, blob, 1],
        [space, newId<BlobId>(), 0],
        [newId<SpaceId>(), blob, 0],
      ] as const) {
        expect(await blobs.read(s, b, index)).toBeNull();
        expect(await blobs.hash(s, b, index)).toBeNull();
      }
    });

    test("writing again replaces", async () => {
      await blobs.write(space, blob, 0, randomBytes(500), today);
      const again = randomBytes(700);
      await blobs.write(space, blob, 0, again, today);
      expect(again.equals((await blobs.read(space, blob, 0)) ?? Buffer.alloc(0))).toBe(true);
    });

    test("removing takes all chunks of the blob and nothing else; again is fine", async () => {
      const other = newId<BlobId>();
      for (let index = 0; index < 12; index++) await blobs.write(space, blob, index, randomBytes(5), today);
      await blobs.write(space, other, 0, randomBytes(5), today);
      await blobs.remove(space, blob);
      await blobs.remove(space, blob);
      expect(await blobs.read(space, blob, 0)).toBeNull();
      expect(await blobs.read(space, blob, 11)).toBeNull();
      expect(await blobs.read(space, other, 0)).not.toBeNull();
    });

    test("an id that is none never becomes a path", async () => {
      for (const bad of ["../../etc", "a/b", "", "A".repeat(32)]) {
        await expect(blobs.write(bad as SpaceId, blob, 0, randomBytes(1), today)).rejects.toMatchObject({
          code: "bad-frame",
        });
        await expect(blobs.read(space, bad as BlobId, 0)).rejects.toMatchObject({ code: "bad-frame" });
      }
    });

    test("blobs of days before are listed once each, those of today aren't", async () => {
      const all = Array.from({ length: 3 }, () => newId<BlobId>());
      for (const one of all) for (const index of [0, 1]) await blobs.write(space, one, index, randomBytes(4), today);
      expect(await listed(today)).toEqual([]);
      const old = await listed(today + 1);
      expect(old).toHaveLength(all.length);
      expect(new Set(old)).toEqual(new Set(all));
    });
  });

  describe(`${name}: over HTTP`, () => {
    let node: TestNode;
    /** What a removal waits for. */
    let going: Promise<void>;
    let headers: Record<string, string>;
    let document: DocumentTag;
    let renewToken: () => Promise<void>;
    beforeEach(async () => {
      going = Promise.resolve();
      const slow: BlobStore = {
        ...blobs,
        async remove(...which) {
          await going;
          await blobs.remove(...which);
        },
      };
      node = await startNode({ blobs: slow });
      node.time.nowMs = Date.now();
      const made = await node.createSpace();
      space = made.space;
      document = newId();
      const client = node.connect();
      await client.open(space, made.keys);
      renewToken = async () => {
        const answer = await client.ask({ type: "token", space });
        headers = { Authorization: `Bearer ${answer.type === "token" && answer.token}` };
      };
      await renewToken();
    });
    afterEach(() => node.stop());
    const put = async (index: number, body: Uint8Array): Promise<number> => {
      const path = `${paths.blobChunk(space, blob, index)}?document=${document}`;
      return (await node.app.request(path, { method: "PUT", body: new Uint8Array(body), headers })).status;
    };
    const missing = async (chunks: number): Promise<readonly number[]> => {
      const response = await node.app.request(`${paths.blobMissing(space, blob)}?chunks=${chunks}`, { headers });
      return decodeMissing(new Uint8Array(await response.arrayBuffer()));
    };
    const commit = async (chunks: readonly Uint8Array[]): Promise<number> => {
      const body = new Uint8Array(encodeBlobCommit(chunks.map(sha256)));
      return (await node.app.request(paths.blobCommit(space, blob), { method: "POST", body, headers })).status;
    };
    const get = (index: number) => node.app.request(paths.blobChunk(space, blob, index), { headers });

    test("an upload that breaks off is resumed: PUT is idempotent, missing says what is left, COMMIT verifies", async () => {
      const chunks = [randomBytes(4000), randomBytes(4000), randomBytes(100)];
      expect(await put(1, chunks[1] as Buffer)).toBe(204);
      expect(await put(1, chunks[1] as Buffer)).toBe(204);
      expect(await missing(3)).toEqual([0, 2]);
      expect(await commit(chunks)).toBe(409);
      for (const index of await missing(3)) expect(await put(index, chunks[index] as Buffer)).toBe(204);
      expect(await missing(3)).toEqual([]);
      expect((await get(0)).status).toBe(404); // not before it is whole
      expect(await commit([chunks[0], chunks[1], randomBytes(100)] as Buffer[])).toBe(409);
      expect(await commit(chunks)).toBe(204);
      expect(await commit(chunks)).toBe(204);
      for (const [index, chunk] of chunks.entries()) {
        expect(Buffer.from(await (await get(index)).arrayBuffer()).equals(chunk)).toBe(true);
      }
    });

    test("COMMIT reads back what lies there: a chunk that was lost or changed behind its row is refused", async () => {
      const chunk = randomBytes(900);
      await put(0, chunk);
      await blobs.write(space, blob, 0, randomBytes(900), today);
      expect(await commit([chunk])).toBe(409);
      // It is missing from then on, so that the device can put it right.
      expect(await missing(1)).toEqual([0]);
      expect(await put(0, chunk)).toBe(204);
      await blobs.remove(space, blob);
      expect(await commit([chunk])).toBe(409);
      expect(await missing(1)).toEqual([0]);
      expect(await put(0, chunk)).toBe(204);
      expect(await commit([chunk])).toBe(204);
    });

    test("an upload that is resumed while its old files go isn't taken with them", async () => {
      const chunk = randomBytes(900);
      await put(0, chunk);
      node.time.nowMs += 3 * 86_400_000;
      await renewToken();
      let go = (): void => {};
      going = new Promise((resolve) => {
        go = resolve;
      });
      const tidying = tidy(node);
      await expect.poll(() => missing(1)).toEqual([0]);
      const early = (await put(0, chunk)) === 204 && (await commit([chunk])) === 204;
      go();
      await tidying;
      if (!early) {
        expect(await missing(1)).toEqual([0]);
        expect(await put(0, chunk)).toBe(204);
        expect(await commit([chunk])).toBe(204);
      }
      expect(Buffer.from(await (await get(0)).arrayBuffer()).equals(chunk)).toBe(true);
    });

    test("an upload under way keeps what it has, however long it takes", async () => {
      const chunks = [randomBytes(900), randomBytes(900)];
      await put(0, chunks[0] as Buffer);
      node.time.nowMs += 2 * 86_400_000;
      await renewToken();
      await put(1, chunks[1] as Buffer);
      await tidy(node);
      expect(await commit(chunks)).toBe(204);
    });

    test("what nobody committed goes after two days, and so does what no row knows", async () => {
      const stray = newId<BlobId>();
      const kept = newChunk(space, { content: randomBytes(30) });
      const grant = { space, epoch: 1, right: "own" } as const;
      await put(0, randomBytes(50));
      await blobs.write(space, stray, 0, randomBytes(50), today);
      await blobs.write(space, kept.blob, 0, randomBytes(30), today);
      await node.storage.recordChunk(grant, kept, today);
      await node.storage.commitBlob(grant, kept.blob, [kept.hash]);
      await tidy(node);
      expect(await blobs.read(space, blob, 0)).not.toBeNull();
      node.time.nowMs += 3 * 86_400_000;
      await tidy(node);
      expect(await blobs.read(space, blob, 0)).toBeNull();
      expect(await blobs.read(space, stray, 0)).toBeNull();
      expect(await blobs.read(space, kept.blob, 0)).not.toBeNull();
    });
  });
}
