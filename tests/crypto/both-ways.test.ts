/** Each opens what the other sealed: crypto/ and the reader that was written from docs/protocol alone. */
import { randomFillSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createBlobKey, openBlob, sealBlob } from "../../crypto/blobs.ts";
import { createAuthorKeys } from "../../crypto/identity.ts";
import { randomId } from "../../crypto/ids.ts";
import { digestHeads, hashInner, kindToByte, parseInner, signInner, verifyInner } from "../../crypto/inner.ts";
import { createOwnSeed, deriveLadder } from "../../crypto/ladder.ts";
import { createBoxKeyPair, openWrap, wrapTo } from "../../crypto/recipients.ts";
import { openRecord, sealRecord } from "../../crypto/records.ts";
import { ready } from "../../crypto/sodium.ts";
import type {
  AuthorPrivateKey,
  AuthorPublicKey,
  BlobId,
  BoxPublicKey,
  BoxSeed,
  ChainId,
  DocumentTag,
  Hash32,
  IdentityPublicKey,
  OpId,
  RecordKind,
  SealedChunk,
  SealedRecord,
  SignedInner,
  SpaceId,
  VaultKey,
  WayIn,
  WayInSeed,
  Wrap,
} from "../../crypto/types.ts";
import { createBurn, createVaultKey } from "../../crypto/unlocking.ts";
import { createWayIn, openWayIn, parseWayIn } from "../../crypto/ways-in.ts";
import * as theirs from "../independent/reader.ts";

await ready();
const random = (length: number) => randomFillSync(new Uint8Array(length));
const drawn = () => ({ encapsulation: random(64), nonce: random(24) });
const equal = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

const aRecord = fc.record({
  kind: fc.constantFrom<RecordKind>("update", "snapshot", "said", "control", "void"),
  counter: fc.maxSafeNat(),
  epoch: fc.maxSafeNat(),
  clientIds: fc.uniqueArray(fc.nat({ max: 2 ** 32 - 1 }), { maxLength: 20 }).map((ids) => ids.sort((a, b) => a - b)),
  payload: fc.uint8Array({ maxLength: 1500 }),
});

describe("records", () => {
  test("ours opens there, theirs opens here, and all that is hashed or signed is the same", () => {
    fc.assert(
      fc.property(aRecord, ({ kind, counter, epoch, clientIds, payload }) => {
        const ids = {
          space: randomId<SpaceId>(),
          document: randomId<DocumentTag>(),
          opId: randomId<OpId>(),
          chain: randomId<ChainId>(),
        };
        const author = createAuthorKeys();
        const fields = {
          ...ids,
          kind,
          counter,
          clientIds,
          payload,
          previous: random(32) as Hash32,
          heads: random(32) as Hash32,
        };
        const outer = { space: ids.space, document: ids.document, opId: ids.opId, kind, epoch };
        const ownSeed = createOwnSeed();
        const { contentKey } = deriveLadder({ right: "own", seed: ownSeed, space: ids.space, epoch });
        const number = kindToByte(kind);

        const inner = signInner(fields, author.privateKey);
        const theirInner = theirs.signInner({ ...fields, kind: number }, author.privateKey.slice(0, 32));
        expect(equal(inner, theirInner)).toBe(true);
        expect(equal(hashInner(inner), theirs.chainHash(inner))).toBe(true);
        expect(theirs.innerVerifies(inner, author.publicKey)).toBe(true);
        expect(theirs.readInner(inner)).toEqual({ ...fields, kind: number });
        expect(parseInner(theirInner as SignedInner)).toEqual(fields);
        expect(equal(contentKey, theirs.contentKeyOf(ownSeed, ids.space, epoch))).toBe(true);

        const ours = sealRecord(inner, outer, contentKey);
        expect(equal(theirs.openRecord(ours, { ...outer, kind: number }, contentKey), inner)).toBe(true);
        const sealedThere = theirs.sealRecord(
          inner,
          { ...outer, kind: number },
          contentKey,
          random(24),
        ) as SealedRecord;
        expect(sealedThere.length).toBe(ours.length);
        expect(equal(openRecord(sealedThere, outer, contentKey).inner, inner)).toBe(true);
        expect(verifyInner(theirInner as SignedInner, author.publicKey as AuthorPublicKey)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  test("the digest of heads, by rising chain", () => {
    const heads = Array.from({ length: 6 }, (_, i) => ({
      chain: randomId<ChainId>(),
      counter: i * 2 ** 40,
      hash: random(32) as Hash32,
    }));
    for (const some of [[], heads.slice(0, 1), heads, heads.toReversed()]) {
      expect(equal(digestHeads(some), theirs.headsDigest(some))).toBe(true);
    }
  });

  test("the reader is no rubber stamp: a turned bit does not open there either", () => {
    const seed = random(64) as AuthorPrivateKey;
    const outer = { space: "01".repeat(16), document: "02".repeat(16), opId: "03".repeat(16), kind: 1, epoch: 1 };
    const inner = theirs.signInner(
      {
        ...outer,
        chain: "04".repeat(16),
        counter: 0,
        previous: random(32),
        heads: random(32),
        clientIds: [],
        payload: random(9),
      },
      seed.slice(0, 32),
    );
    const key = random(32);
    const sealed = theirs.sealRecord(inner, outer, key, random(24));
    for (let bit = 0; bit < sealed.length * 8; bit += 101) {
      const turned = sealed.slice();
      turned[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => theirs.openRecord(turned, outer, key)).toThrow(theirs.Refused);
    }
  });
});

describe("blobs", () => {
  test.each([0, 1, 1024, 5000, 131_071, 131_072, 131_073, 300_000])(
    "%i bytes, both ways, with the same sizes",
    (length) => {
      const [key, blob, content] = [createBlobKey(), randomId<BlobId>(), random(length)];
      const ours = sealBlob(key, blob, content);
      const there = theirs.sealBlob(key, blob, content, () => random(24));
      expect(ours.map((chunk) => chunk.length)).toEqual(there.map((chunk) => chunk.length));
      expect(equal(theirs.openBlob(key, blob, ours), content)).toBe(true);
      expect(equal(openBlob(key, blob, there as SealedChunk[]), content)).toBe(true);
    },
  );
});

describe("wraps", () => {
  test.each([[true], [false]])("both ways, with a psk: %s", (withPsk) => {
    const box = createBoxKeyPair();
    expect(equal(theirs.boxPublicKey(box.seed), box.publicKey)).toBe(true);
    const context = {
      purpose: "circle",
      space: randomId<SpaceId>(),
      epoch: 12,
      sender: random(32) as IdentityPublicKey,
      recipient: random(32) as IdentityPublicKey,
    } as const;
    const there = { ...context, purpose: 2 };
    const psk = withPsk ? random(32) : undefined;
    const payload = random(500);
    const ours = wrapTo(payload, box.publicKey, context, psk);
    expect(equal(theirs.openWrap(box.seed, there, psk ?? new Uint8Array(0), ours), payload)).toBe(true);
    const wrapped = theirs.wrapTo(box.publicKey as BoxPublicKey, there, psk ?? new Uint8Array(0), payload, drawn());
    expect(equal(openWrap(wrapped as Wrap, box.seed as BoxSeed, context, psk), payload)).toBe(true);
  });
});

describe("ways in", () => {
  const [seed, vaultKey, burn] = [random(32) as WayInSeed, createVaultKey(), createBurn()];
  const params = { memoryKiB: 131_072, passes: 5, salt: random(16) };

  test.each([
    ["pictures", 1, true],
    ["passphrase", 2, true],
    ["card", 3, false],
    ["prf", 4, false],
    ["prf", 4, true],
  ] as const)("%s, both ways", (kind, number, withKdf) => {
    const ours = createWayIn({ kind, seed, vaultKey, burn, ...(withKdf && { params }) });
    expect(equal(theirs.openWayIn(ours, seed, burn), vaultKey)).toBe(true);
    expect(theirs.readWayIn(ours)).toEqual({ kind: number, kdf: withKdf ? params : null });
    const there = theirs.createWayIn(
      { kind: number, kdf: withKdf ? params : null },
      seed,
      vaultKey,
      burn,
      drawn(),
    ) as WayIn;
    expect(openWayIn(there, seed, burn)).toEqual(vaultKey as VaultKey);
    expect(parseWayIn(there).params).toEqual(withKdf ? params : null);
  });
});
