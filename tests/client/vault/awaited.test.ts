/** Contents that lie in blobs: what a record names never takes away what is here. */
import { beforeAll, expect, it } from "vitest";
import { fetchAwaited } from "../../../client/vault/awaited.ts";
import { Batch } from "../../../client/vault/batch.ts";
import { encodeSaidContent } from "../../../client/vault/document-payload.ts";
import type { Http } from "../../../client/vault/ports.ts";
import { createBlobKey, sealBlob } from "../../../crypto/blobs.ts";
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
