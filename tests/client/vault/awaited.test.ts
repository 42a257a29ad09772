/** Contents that lie in blobs: what a record names never takes away what is here. */
import { beforeAll, expect, it } from "vitest";
import { fetchAwaited } from "../../../client/vault/awaited.ts";
import { Batch } from "../../../client/vault/batch.ts";
import { encodeSaidContent } from "../../../client/vault/document-payload.ts";
import { createFetchContents } from "../../../client/vault/fetch-contents.ts";
import { freeze } from "../../../client/vault/freeze.ts";
import { createOffers } from "../../../client/vault/offer-again.ts";
import { type Http, StoreError, TransportError } from "../../../client/vault/ports.ts";
import { forgetStored, sendLostAgain } from "../../../client/vault/repair.ts";
import { SyncError } from "../../../client/vault/syncing.ts";
import { uploadEach } from "../../../client/vault/upload-each.ts";
import { createBlobKey, sealBlob } from "../../../crypto/blobs.ts";
import { CryptoError } from "../../../crypto/errors.ts";
import { randomId } from "../../../crypto/ids.ts";
import { ready } from "../../../crypto/sodium.ts";
import type { BlobId, DocumentTag } from "../../../crypto/types.ts";
import { at, type Member, space, two } from "./member.ts";

beforeAll(ready);

const contentOf = (member: Member, http: Partial<Http>) =>
  fetchAwaited(
    {
      pocket: { log: () => member.log, blobs: member.blobs, store: member.log.store },
      http: http as Http,
      token: async () => "t",
    },
    space,
  );

async function saysBlob(member: Member, blob: BlobId, key = createBlobKey()) {
  await member.write(randomId<DocumentTag>(), "said", encodeSaidContent({ blob, key }));
  const [op] = await member.freezeAll();
  if (op === undefined) throw new Error("nothing was frozen");
  return op;
}

it("comes when the server gives the right chunks, and is asked for again after the wrong ones", async () => {
  const { alma, mette } = await two();
  const [blob, key] = [randomId<BlobId>(), createBlobKey()];
  const [chunk] = sealBlob(key, blob, new TextEncoder().encode("langt"));
  await alma.take(at(1, await saysBlob(mette, blob, key)));
  const wrong = await contentOf(alma, {
    getChunk: async (_t, _s, _b, index) => (index === 0 ? new Uint8Array(1100) : null),
  });
  expect(wrong).toMatchObject({ said: false, health: { trouble: "incomplete" } });
  const right = await contentOf(alma, {
    getChunk: async (_t, _s, _b, index) => (index === 0 ? (chunk ?? null) : null),
  });
  expect(right).toMatchObject({ said: true, health: { trouble: null } });
});

it("takes away no blob that is here, whatever key another names it with", async () => {
  const { alma, mette } = await two();
  const [blob, key] = [randomId<BlobId>(), createBlobKey()];
  const batch = new Batch();
  alma.blobs.put(
    batch,
    { space, document: randomId<DocumentTag>(), blob },
    key,
    new TextEncoder().encode("mit billede"),
  );
  await batch.commit(alma.log.store);
  await alma.take(at(1, await saysBlob(mette, blob)));
  await contentOf(alma, { getChunk: async () => null });
  expect(new TextDecoder().decode(await alma.blobs.read(space, blob, key))).toBe("mit billede");
});

it("is asked for again after ten seconds, then less often, until it comes; and no more then", async () => {
  const { alma, mette } = await two();
  const [blob, key] = [randomId<BlobId>(), createBlobKey()];
  const [chunk] = sealBlob(key, blob, new TextEncoder().encode("langt"));
  await alma.take(at(1, await saysBlob(mette, blob, key)));
  const timers: { readonly ms: number; readonly call: () => void }[] = [];
  const server = { chunks: [] as Uint8Array[] };
  const came: boolean[] = [];
  let looked = (): void => undefined;
  const fetchContents = createFetchContents({
    pocket: {
      log: () => alma.log,
      blobs: alma.blobs,
      store: alma.log.store,
      clock: {
        now: () => 0,
        after: (ms, call) => {
          timers.push({ ms, call });
          looked();
          return () => undefined;
        },
      },
    },
    http: { getChunk: async (_t, _s, _b, index) => server.chunks[index] ?? null } as Http,
    token: async () => "t",
    took: async (_, { said }) => {
      came.push(said);
      if (said) looked();
    },
  });
  const nextLook = (): Promise<void> => new Promise((resolve) => (looked = resolve));
  await fetchContents(space);
  // A catch-up in between waits no longer for it.
  await fetchContents(space);
  expect(timers.map(({ ms }) => ms)).toEqual([10_000]);
  let look = nextLook();
  timers[0]?.call();
  await look;
  expect(timers.map(({ ms }) => ms)).toEqual([10_000, 20_000]);
  server.chunks = chunk === undefined ? [] : [chunk];
  look = nextLook();
  timers[1]?.call();
  await look;
  await fetchContents(space);
  expect(came).toEqual([false, false, false, true]);
  expect(timers).toHaveLength(2);
});

it("is asked for again after a request that failed while the connection stood, but not once the pocket is locked", async () => {
  const { alma, mette } = await two();
  await alma.take(at(1, await saysBlob(mette, randomId<BlobId>())));
  const after: number[] = [];
  let failure: Error = new TransportError("offline");
  const fetchContents = createFetchContents({
    pocket: {
      log: () => alma.log,
      blobs: alma.blobs,
      store: alma.log.store,
      clock: {
        now: () => 0,
        after: (ms) => {
          after.push(ms);
          return () => undefined;
        },
      },
    },
    http: {} as Http,
    token: async () => {
      throw failure;
    },
    took: async () => undefined,
  });
  failure = new SyncError("stopped");
  await expect(fetchContents(space)).rejects.toThrow();
  expect(after).toEqual([]);
  failure = new TransportError("offline");
  await expect(fetchContents(space)).rejects.toThrow();
  expect(after).toEqual([10_000]);
});

it("goes back to a restored server before the record that names it, and whatever follows waits too", async () => {
  const { alma } = await two();
  const [blob, key] = [randomId<BlobId>(), createBlobKey()];
  const before = await alma.say("først");
  await alma.write(randomId<DocumentTag>(), "void", new Uint8Array(40));
  const refused = (await alma.freezeAll())[0] as typeof before;
  const large = await saysBlob(alma, blob, key);
  const after = await alma.say("bagefter");
  await alma.take(at(1, before), at(2, refused), at(3, large), at(4, after));
  await forgetStored(alma.log);
  await alma.take();
  await sendLostAgain(alma.log);
  await alma.write(randomId<DocumentTag>(), "said", new TextEncoder().encode("nyt"));

  const names = ({ ops }: Awaited<ReturnType<typeof freeze>>) => ops.map(({ opId }) => opId);
  const early = await freeze(alma.log, alma.blobs, 100, 0);
  expect(names(early)).toEqual([before.opId, refused.opId]);
  expect(early).toMatchObject({ left: 2, waitingForBlobs: 1 });

  // The keeper has offered the blobs.
  const batch = new Batch();
  alma.log.putState(batch, { ...(await alma.log.state()), blobsDoubted: false });
  await batch.commit(alma.log.store);
  const late = await freeze(alma.log, alma.blobs, 100, 0);
  expect(names(late).slice(0, 2)).toEqual([large.opId, after.opId]);
  expect(late).toMatchObject({ ops: { length: 3 }, left: 0, waitingForBlobs: 0 });
});

it("is offered once more when the server was restored again while it was being offered", async () => {
  const { alma } = await two();
  const [blob, key] = [randomId<BlobId>(), createBlobKey()];
  const batch = new Batch();
  alma.blobs.put(batch, { space, document: randomId<DocumentTag>(), blob }, key, new Uint8Array(9));
  await batch.commit(alma.log.store);
  const { store } = alma.log;
  const pocket = { log: () => alma.log, blobs: alma.blobs, store };
  const restore = () =>
    store.exclusive(async () => {
      await forgetStored(alma.log);
      offers.doubted(space);
    });
  const offered: string[] = [];
  let onItsWay = async (): Promise<void> => undefined;
  const offers = createOffers({
    pocket,
    upload: async (_, one) => {
      offered.push(one);
      await onItsWay();
    },
  });
  await restore();
  onItsWay = restore;
  await offers.again(space);
  expect((await alma.log.state()).blobsDoubted).toBe(true);
  onItsWay = async () => undefined;
  await offers.again(space);
  expect(offered).toEqual([blob, blob]);
  expect((await alma.log.state()).blobsDoubted).toBe(false);
});

it("keeps no other blob back when one is refused or damaged, and gives up what lies in a deleted document", async () => {
  const { alma } = await two();
  const document = randomId<DocumentTag>();
  const place = (): { readonly space: typeof space; readonly document: DocumentTag; readonly blob: BlobId } => ({
    ...{ space, document, blob: randomId<BlobId>() },
  });
  const [deleted, full, damaged, fine] = [place(), place(), place(), place()];
  const batch = new Batch();
  for (const one of [deleted, full, damaged, fine]) alma.blobs.put(batch, one, createBlobKey(), new Uint8Array(9));
  await batch.commit(alma.log.store);
  const upload = async (blob: BlobId): Promise<void> => {
    if (blob === deleted.blob) throw new TransportError("refused", "document-deleted");
    if (blob === full.blob) throw new TransportError("refused", "over-quota");
    if (blob === damaged.blob) throw new CryptoError("does-not-open", "a chunk");
    const row = await alma.blobs.row(space, blob);
    if (row !== null) await alma.blobs.noteCommitted(row);
  };
  const all = [deleted, full, damaged, fine].map(({ blob }) => blob);
  const gone: BlobId[] = [];
  const failed = await uploadEach(all, upload, async (blob) => void gone.push(blob));
  expect(gone).toEqual([deleted.blob]);
  expect(failed).toMatchObject({ refusal: "over-quota" });
  expect(await alma.blobs.uncommitted(space, all)).toEqual([deleted.blob, full.blob, damaged.blob]);
  await expect(
    uploadEach(all, async () => {
      throw new TransportError("offline");
    }),
  ).rejects.toThrow("offline");
});

it("keeps nothing else back where the disk has no room for a large change", async () => {
  const { alma } = await two();
  const { store } = alma.log;
  await alma.write(randomId<DocumentTag>(), "said", new Uint8Array(300 * 1024));
  await alma.write(randomId<DocumentTag>(), "said", new TextEncoder().encode("lille"));
  const commit = store.commit.bind(store);
  let most = 256 * 1024;
  store.commit = async (writes, options) => {
    const bytes = writes.reduce((sum, write) => sum + ("put" in write ? write.bytes.length : 0), 0);
    if (bytes > most) throw new StoreError("storage-full");
    return commit(writes, options);
  };
  const frozen = await freeze(alma.log, alma.blobs, 100, 0);
  expect(frozen).toMatchObject({ ops: { length: 1 }, left: 1, waitingForBlobs: 0 });
  expect(await alma.log.outbox.pending(space)).toHaveLength(1);
  most = Number.POSITIVE_INFINITY;
  expect(await freeze(alma.log, alma.blobs, 100, 0)).toMatchObject({ ops: [], left: 0, waitingForBlobs: 1 });
});
