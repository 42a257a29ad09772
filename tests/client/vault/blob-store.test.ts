/** Large blobs come in parts: until the last they are not here, and a download that was broken off goes on where it was. */
import { beforeAll, expect, it } from "vitest";
import { Batch } from "../../../client/vault/batch.ts";
import { BlobStore } from "../../../client/vault/blob-store.ts";
import { fetchBlob } from "../../../client/vault/blob-travel.ts";
import { type Http, TransportError } from "../../../client/vault/ports.ts";
import { SealedStore } from "../../../client/vault/sealed-store.ts";
import { createBlobKey, sealBlob } from "../../../crypto/blobs.ts";
import { randomId } from "../../../crypto/ids.ts";
import { randomBytes, ready } from "../../../crypto/sodium.ts";
import type { BlobId, DocumentTag, SealedChunk, SpaceId, VaultKey } from "../../../crypto/types.ts";
import { MemoryShelf } from "../storage/memory-shelf.ts";

const CONTENT = new Uint8Array(1_500_000).map((_, at) => (at * 13 + (at >> 10)) % 256);
const NEVER = async () => false;

/** A server that has these chunks, breaks off before `breaksAt`, and remembers what it was asked for. */
function serverWith(chunks: readonly SealedChunk[]) {
  const server = { chunks, breaksAt: Number.POSITIVE_INFINITY, asked: [] as number[] };
  const getChunk: Http["getChunk"] = async (_token, _space, _blob, index) => {
    server.asked.push(index);
    if (index >= server.breaksAt) throw new TransportError("offline");
    return server.chunks[index] ?? null;
  };
  return Object.assign(server, { http: { getChunk } as Http });
}

async function start() {
  const store = await SealedStore.create(await new MemoryShelf().openStore("p"), randomBytes(32) as VaultKey);
  const place = { space: randomId<SpaceId>(), document: randomId<DocumentTag>(), blob: randomId<BlobId>() };
  const key = createBlobKey();
  const server = serverWith(sealBlob(key, place.blob, CONTENT));
  const blobs = new BlobStore(store);
  const rows = async () => (await store.raw.measure("blobs", "")).rows;
  return { store, place, key, server, blobs, rows, ...place };
}

beforeAll(ready);

it("is not here before it is whole, and goes on where it was broken off", async () => {
  const { blobs, server, place, key, space, blob } = await start();
  server.breaksAt = 10;
  await expect(fetchBlob(blobs, server.http, "t", place, key, NEVER)).rejects.toMatchObject({ code: "offline" });
  expect(await blobs.has(space, blob)).toBe(false);
  expect(await blobs.all(space)).toEqual([]);
  await expect(blobs.read(space, blob, key)).rejects.toMatchObject({ code: "not-here" });
  server.breaksAt = Number.POSITIVE_INFINITY;
  server.asked.length = 0;
  await fetchBlob(blobs, server.http, "t", place, key, NEVER);
  // Eight were kept; the eighth is asked for again, to see that the blob is still there.
  expect(Math.min(...server.asked)).toBe(7);
  expect(Buffer.compare(await blobs.read(space, blob, key), CONTENT)).toBe(0);
  expect(await blobs.all(space)).toEqual([blob]);
});

it.each([
  ["another's bytes", (chunk: SealedChunk) => chunk.map((byte, at) => (at === 100 ? byte ^ 1 : byte)) as SealedChunk],
  ["half a chunk", (chunk: SealedChunk) => chunk.subarray(0, chunk.length / 2) as SealedChunk],
])("is not taken for whole with %s in it, and comes when the server gives the right ones", async (_, change) => {
  for (const at of [0, 5, -1]) {
    const { blobs, server, place, key, space, blob } = await start();
    const whole = server.chunks;
    server.chunks = whole.with(at, change(whole.at(at)!));
    await expect(fetchBlob(blobs, server.http, "t", place, key, NEVER)).rejects.toMatchObject({ code: "not-here" });
    expect(await blobs.has(space, blob)).toBe(false);
    server.chunks = whole;
    await fetchBlob(blobs, server.http, "t", place, key, NEVER);
    expect(Buffer.compare(await blobs.read(space, blob, key), CONTENT)).toBe(0);
  }
});

it("is not taken for whole when its end is held back, nor when more follows", async () => {
  const { blobs, server, place, key, space, blob } = await start();
  const whole = server.chunks;
  for (const chunks of [whole.slice(0, -1), [...whole, whole[0]!], [...whole.slice(0, 3), whole[3]!, whole[3]!]]) {
    server.chunks = chunks;
    await expect(fetchBlob(blobs, server.http, "t", place, key, NEVER)).rejects.toMatchObject({ code: "not-here" });
    expect(await blobs.has(space, blob)).toBe(false);
  }
});

it("never becomes whole of a blob that was deleted in the middle", async () => {
  const { blobs, server, place, key, space, blob } = await start();
  server.breaksAt = 10;
  await expect(fetchBlob(blobs, server.http, "t", place, key, NEVER)).rejects.toMatchObject({ code: "offline" });
  server.breaksAt = Number.POSITIVE_INFINITY;
  server.chunks = [];
  await expect(fetchBlob(blobs, server.http, "t", place, key, NEVER)).rejects.toMatchObject({ code: "not-here" });
  expect(await blobs.has(space, blob)).toBe(false);
});

it("leaves nothing when its document goes while it comes", async () => {
  const { blobs, server, store, place, key, space, document, rows } = await start();
  server.breaksAt = 10;
  await expect(fetchBlob(blobs, server.http, "t", place, key, NEVER)).rejects.toMatchObject({ code: "offline" });
  expect(await rows()).toBeGreaterThan(8);
  const batch = new Batch();
  await blobs.removeOf(batch, space, document);
  await batch.commit(store);
  expect(await rows()).toBe(0);
  await expect(fetchBlob(blobs, server.http, "t", place, key, async () => true)).rejects.toMatchObject({
    code: "not-here",
  });
  expect(await rows()).toBe(0);
});

it("is copied under another key with the same content, and is no copy before it is whole", async () => {
  const { blobs, store, place, key, space, blob } = await start();
  const batch = new Batch();
  blobs.put(batch, place, key, CONTENT);
  await batch.commit(store);
  const other = createBlobKey();
  const to = { ...place, document: randomId<DocumentTag>(), blob: randomId<BlobId>() };
  await blobs.copy({ space, blob, key, bytes: CONTENT.length }, to, other);
  expect(Buffer.compare(await blobs.read(space, to.blob, other), CONTENT)).toBe(0);
  await expect(blobs.read(space, to.blob, key)).rejects.toMatchObject({ code: "does-not-open" });
  const cut = { ...to, blob: randomId<BlobId>() };
  await expect(blobs.copy({ space, blob, key, bytes: CONTENT.length + 1_000_000 }, cut, other)).rejects.toMatchObject({
    code: "does-not-open",
  });
  expect(await blobs.has(space, cut.blob)).toBe(false);
});
