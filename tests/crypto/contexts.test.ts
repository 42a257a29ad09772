/** N×N: what was sealed in one context opens in that context and in no other. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createBlobKey, openBlobChunk, sealBlobChunk, sealedBlobBytes } from "../../crypto/blobs.ts";
import { createAuthorKeys } from "../../crypto/identity.ts";
import { randomId } from "../../crypto/ids.ts";
import { NO_PREVIOUS, parseInner, signInner, verifyInner } from "../../crypto/inner.ts";
import { createOwnSeed, deriveLadder } from "../../crypto/ladder.ts";
import { paddedBytes } from "../../crypto/padding.ts";
import { createBoxKeyPair, openWrap, type WrapContext, wrapTo } from "../../crypto/recipients.ts";
import { openRecord, sealedRecordBytes, sealRecord } from "../../crypto/records.ts";
import { deriveRowSealKey, openRow, sealRow } from "../../crypto/rows.ts";
import { randomBytes, ready } from "../../crypto/sodium.ts";
import type { BlobId, ChainId, DocumentTag, Hash32, IdentityPublicKey, OpId, SpaceId } from "../../crypto/types.ts";
import { createVaultKey } from "../../crypto/unlocking.ts";

await ready();

/** All combinations of one value from each list. */
const combinations = <Lists extends readonly (readonly unknown[])[]>(...lists: Lists) =>
  lists.reduce<unknown[][]>((rows, list) => rows.flatMap((row) => list.map((value) => [...row, value])), [[]]) as {
    [Index in keyof Lists]: Lists[Index][number];
  }[];

const opens = (act: () => unknown): boolean => {
  try {
    act();
    return true;
  } catch {
    return false;
  }
};

describe("every context against every other", () => {
  test("records: space, document, kind, epoch, author, chain, op id (128 × 128)", () => {
    const two = <Name extends string>() => [randomId<Name>(), randomId<Name>()] as const;
    const spaces = two<SpaceId>();
    const ownSeed = createOwnSeed();
    const contexts = combinations(
      spaces,
      two<DocumentTag>(),
      ["said", "update"] as const,
      [1, 2] as const,
      [createAuthorKeys(), createAuthorKeys()] as const,
      two<ChainId>(),
      two<OpId>(),
    ).map(([space, document, kind, epoch, author, chain, opId]) => {
      // One seed for all, the worst case: nothing but the context tells the keys apart.
      const { contentKey } = deriveLadder({ right: "own", seed: ownSeed, space, epoch });
      const outer = { space, document, kind, epoch, opId };
      const inner = signInner(
        {
          ...outer,
          chain,
          counter: 1,
          previous: NO_PREVIOUS,
          heads: randomBytes(32) as Hash32,
          clientIds: [],
          payload: randomBytes(8),
        },
        author.privateKey,
      );
      return { outer, author, chain, contentKey, sealed: sealRecord(inner, outer, contentKey) };
    });
    let accepted = 0;
    for (const [i, one] of contexts.entries()) {
      for (const [j, other] of contexts.entries()) {
        // `one`'s bytes, offered where `other` is expected.
        const fits = opens(() => {
          const { inner } = openRecord(one.sealed, other.outer, other.contentKey);
          if (!verifyInner(inner, other.author.publicKey) || parseInner(inner).chain !== other.chain)
            throw new Error("foreign");
        });
        if (fits !== (i === j)) expect(`${i} offered as ${j}`).toBe(`opens: ${i === j}`);
        if (fits) accepted++;
      }
    }
    expect(accepted).toBe(128);
  });

  test("wraps: purpose, space, epoch, sender, recipient, psk: each changed alone and with its neighbour (12 × 12)", () => {
    const box = createBoxKeyPair();
    const key = () => randomBytes(32) as IdentityPublicKey;
    const base = { purpose: "circle", space: randomId<SpaceId>(), epoch: 1, sender: key(), recipient: key() } as const;
    const changes: readonly Partial<WrapContext & { psk: Uint8Array }>[] = [
      { purpose: "pocket" },
      { space: randomId<SpaceId>() },
      { epoch: 2 },
      { sender: base.recipient },
      { recipient: base.sender },
      { psk: randomBytes(32) },
    ];
    const contexts = [{}, ...changes, ...changes.slice(1).map((change, i) => ({ ...changes[i], ...change }))].map(
      (change) => {
        const { psk, ...context } = { psk: undefined, ...base, ...change };
        return { context, psk, wrap: wrapTo(randomBytes(5), box.publicKey, context, psk) };
      },
    );
    const fitting = contexts.flatMap((one, i) =>
      contexts.flatMap((other, j) =>
        opens(() => openWrap(one.wrap, box.seed, other.context, other.psk)) ? [[i, j]] : [],
      ),
    );
    expect(fitting).toEqual(contexts.map((_, i) => [i, i]));
    expect(contexts.length).toBe(12);
  });

  test("blob chunks: key, blob, index, last (32 × 32); rows: vault, table, key (12 × 12)", () => {
    const chunks = combinations(
      [createBlobKey(), createBlobKey()],
      [randomId<BlobId>(), randomId<BlobId>()],
      [0, 1, 2, 256],
      [false, true],
    ).map((place) => ({ place, sealed: sealBlobChunk(...place, randomBytes(10), 20) }));
    const fitting = chunks.flatMap((one, i) =>
      chunks.flatMap(({ place }, j) => (opens(() => openBlobChunk(...place, one.sealed)) ? [[i, j]] : [])),
    );
    expect(fitting).toEqual(chunks.map((_, i) => [i, i]));
    const rows = combinations(
      [{ seal: deriveRowSealKey(createVaultKey()) }, { seal: deriveRowSealKey(createVaultKey()) }],
      ["a", "ab"],
      ["bc", "c", ""],
    ).map(([keys, table, key]) => ({
      keys,
      place: { table, key },
      sealed: sealRow(keys, { table, key }, randomBytes(10)),
    }));
    const rowsFitting = rows.flatMap((one, i) =>
      rows.flatMap((other, j) => (opens(() => openRow(other.keys, other.place, one.sealed)) ? [[i, j]] : [])),
    );
    expect(rowsFitting).toEqual(rows.map((_, i) => [i, i]));
  });
});

describe("sizes fall into buckets", () => {
  test("padding is never smaller than the bytes, never over 12 % above the least size, and rises", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), fc.constantFrom(128, 256, 1024), (length, least) => {
        const padded = paddedBytes(length, least);
        expect(padded).toBeGreaterThanOrEqual(Math.max(length, least));
        expect(padded).toBeLessThanOrEqual(Math.max(least, length * 1.12));
        expect(paddedBytes(length + 1, least)).toBeGreaterThanOrEqual(padded);
        expect(paddedBytes(padded, least)).toBe(padded);
      }),
    );
  });

  test("what packing leaves out of a record makes no length easier to tell", () => {
    // The whole inner and its length, as it was sealed before anything was left out.
    const sizeBefore = (payload: number): number => paddedBytes(212 + payload, 256);
    for (let payload = 1; payload < 20_000; payload++) {
      // Told from its neighbour only where it was told from it before; with heads, 32 bytes further on.
      for (const heads of [0, 32]) {
        const packed = 208 - 84 + heads + payload;
        const differs = sealedRecordBytes(packed) !== sealedRecordBytes(packed - 1);
        if (differs) expect(sizeBefore(payload + heads)).not.toBe(sizeBefore(payload + heads - 1));
      }
    }
  });

  test("245 thousand lengths of a record give 183 sizes; a gigabyte of lengths of a blob a few hundred", () => {
    const records = new Set(Array.from({ length: 245_757 - 84 }, (_, length) => sealedRecordBytes(length)));
    // Not more than the 189 that they would have with nothing left out.
    expect(records.size).toBe(183);
    const blobs = new Set(Array.from({ length: 100_000 }, (_, i) => sealedBlobBytes(i * 10_007)));
    expect(blobs.size).toBeLessThan(500);
  });
});
