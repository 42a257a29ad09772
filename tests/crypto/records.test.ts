import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concat } from "../../crypto/bytes.ts";
import { createAuthorKeys } from "../../crypto/identity.ts";
import { randomId } from "../../crypto/ids.ts";
import {
  digestHeads,
  encodeVoid,
  hashInner,
  type InnerFields,
  NO_PREVIOUS,
  parseInner,
  parseVoid,
  signInner,
  verifyInner,
} from "../../crypto/inner.ts";
import { createOwnSeed, deriveLadder } from "../../crypto/ladder.ts";
import { packInner, unpackInner } from "../../crypto/packed.ts";
import { MAX_INNER_BYTES, type Outer, openRecord, sealedRecordBytes, sealRecord } from "../../crypto/records.ts";
import { randomBytes, ready } from "../../crypto/sodium.ts";
import type {
  ChainId,
  ContentKey,
  DocumentTag,
  Hash32,
  OpId,
  RecordKind,
  SealedRecord,
  SignedInner,
  SpaceId,
} from "../../crypto/types.ts";
import { flipped, refusal } from "./refused.ts";

await ready();
const author = createAuthorKeys();
const contentKey = (space: SpaceId, epoch: number): ContentKey =>
  deriveLadder({ right: "own", seed: createOwnSeed(), space, epoch }).contentKey;

const aFields = (change: Partial<InnerFields> = {}): InnerFields => ({
  space: randomId<SpaceId>(),
  document: randomId<DocumentTag>(),
  kind: "update",
  opId: randomId<OpId>(),
  chain: randomId<ChainId>(),
  counter: 3,
  previous: randomBytes(32) as Hash32,
  heads: digestHeads([]),
  clientIds: [1, 77, 2 ** 32 - 1],
  payload: randomBytes(40),
  ...change,
});
const aHash = () => randomBytes(32) as Hash32;
const outerOf = ({ space, document, kind, opId }: InnerFields, epoch: number): Outer => ({
  space,
  document,
  kind,
  opId,
  epoch,
});

describe("signed inner", () => {
  test("parsing inverts signing", () => {
    fc.assert(
      fc.property(
        fc.record({
          kind: fc.constantFrom<RecordKind>("update", "snapshot", "said", "control", "void"),
          counter: fc.maxSafeNat(),
          clientIds: fc
            .uniqueArray(fc.nat({ max: 2 ** 32 - 1 }), { maxLength: 255 })
            .map((ids) => ids.sort((a, b) => a - b)),
          payload: fc.uint8Array({ maxLength: 2000 }),
        }),
        (change) => {
          const fields = aFields(change);
          const inner = signInner(fields, author.privateKey);
          expect(verifyInner(inner, author.publicKey)).toBe(true);
          expect(parseInner(inner)).toEqual(fields);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("a turned bit anywhere breaks the signature and changes the chain hash", () => {
    const inner = signInner(aFields(), author.privateKey);
    const hash = hashInner(inner);
    for (let bit = 0; bit < inner.length * 8; bit += 5) {
      const other = flipped(inner, bit) as SignedInner;
      expect(verifyInner(other, author.publicKey)).toBe(false);
      expect(hashInner(other)).not.toEqual(hash);
    }
  });

  test("another author's key does not verify", () => {
    expect(verifyInner(signInner(aFields(), author.privateKey), createAuthorKeys().publicKey)).toBe(false);
  });

  test("what can't be is refused", () => {
    expect(refusal(() => signInner(aFields({ clientIds: [2, 2] }), author.privateKey))).toBe("bad-format");
    expect(refusal(() => signInner(aFields({ clientIds: [2 ** 32] }), author.privateKey))).toBe("bad-size");
    expect(
      refusal(() => signInner(aFields({ clientIds: Array.from({ length: 256 }, (_, i) => i) }), author.privateKey)),
    ).toBe("too-long");
    expect(refusal(() => signInner(aFields({ counter: -1 }), author.privateKey))).toBe("bad-size");
    expect(refusal(() => signInner(aFields({ previous: NO_PREVIOUS.subarray(1) as Hash32 }), author.privateKey))).toBe(
      "bad-size",
    );
    expect(refusal(() => signInner(aFields({ heads: randomBytes(31) as Hash32 }), author.privateKey))).toBe("bad-size");
    const most = Array.from({ length: 255 }, (_, i) => i);
    expect(parseInner(signInner(aFields({ clientIds: most }), author.privateKey)).clientIds).toEqual(most);
    for (const length of [0, 64, 207]) {
      expect(refusal(() => hashInner(new Uint8Array(length) as SignedInner))).toBe("bad-format");
      expect(refusal(() => verifyInner(new Uint8Array(length) as SignedInner, author.publicKey))).toBe("bad-format");
    }
    const inner = signInner(aFields(), author.privateKey);
    const changed = (offset: number, byte: number) => {
      const copy = inner.slice();
      copy[offset] = byte;
      return copy as SignedInner;
    };
    expect(refusal(() => parseInner(changed(0, 2)))).toBe("unknown-version");
    expect(refusal(() => parseInner(changed(1, 9)))).toBe("unknown-suite");
    expect(refusal(() => parseInner(changed(2, 0)))).toBe("bad-format");
    expect(refusal(() => parseInner(changed(2, 6)))).toBe("bad-format");
    expect(refusal(() => parseInner(changed(67, 255)))).toBe("bad-format");
    for (let length = 0; length < inner.length; length += 7) {
      expect(refusal(() => parseInner(inner.slice(0, length) as SignedInner))).toMatch(/bad-format/);
    }
    expect(refusal(() => parseInner(new Uint8Array([...inner, 0]) as SignedInner))).toBe("bad-format");
  });

  test("heads: order does not matter, content does", () => {
    const head = () => ({ chain: randomId<ChainId>(), counter: 4, hash: randomBytes(32) as Hash32 });
    const [a, b, c] = [head(), head(), head()];
    expect(digestHeads([a, b, c])).toEqual(digestHeads([c, a, b]));
    const all = [
      digestHeads([]),
      digestHeads([a]),
      digestHeads([a, b]),
      digestHeads([a, { ...b, counter: 5 }]),
      digestHeads([a, b, c]),
    ];
    expect(new Set(all.map((digest) => digest.join())).size).toBe(all.length);
  });

  test("a void names the inner that was refused", () => {
    const refused = { chain: randomId<ChainId>(), counter: 9, hash: randomBytes(32) as Hash32 };
    expect(parseVoid(encodeVoid(refused))).toEqual(refused);
    expect(refusal(() => parseVoid(encodeVoid(refused).slice(1)))).toBe("bad-format");
    expect(refusal(() => parseVoid(new Uint8Array([...encodeVoid(refused), 0])))).toBe("bad-format");
    expect(refusal(() => encodeVoid({ ...refused, hash: randomBytes(31) as Hash32 }))).toBe("bad-size");
  });
});

describe("sealed records", () => {
  test("opening inverts sealing", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3000 }), fc.nat(), fc.boolean(), (length, epoch, alone) => {
        const fields = aFields({ payload: randomBytes(length), heads: alone ? digestHeads([]) : aHash() });
        const inner = signInner(fields, author.privateKey);
        const key = contentKey(fields.space, epoch);
        const sealed = sealRecord(inner, outerOf(fields, epoch), key);
        expect(sealed.length).toBe(sealedRecordBytes(inner.length - (alone ? 84 : 52)));
        expect(openRecord(sealed, outerOf(fields, epoch), key)).toEqual({ ...fields, inner });
      }),
      { numRuns: 40 },
    );
  });

  test("re-sealing for a new epoch keeps the inner verbatim", () => {
    const fields = aFields();
    const inner = signInner(fields, author.privateKey);
    const [first, second] = [contentKey(fields.space, 1), contentKey(fields.space, 2)];
    const opened = openRecord(sealRecord(inner, outerOf(fields, 1), first), outerOf(fields, 1), first);
    const again = openRecord(sealRecord(opened.inner, outerOf(fields, 2), second), outerOf(fields, 2), second);
    expect(again.inner).toEqual(inner);
    expect(verifyInner(again.inner, author.publicKey)).toBe(true);
  });

  test("a turned bit, a cut or another key does not open", () => {
    const fields = aFields();
    const [outer, key] = [outerOf(fields, 1), contentKey(fields.space, 1)];
    const sealed = sealRecord(signInner(fields, author.privateKey), outer, key);
    for (let bit = 8; bit < sealed.length * 8; bit += 3) {
      expect(refusal(() => openRecord(flipped(sealed, bit) as SealedRecord, outer, key))).toBe("does-not-open");
    }
    for (let length = 1; length < sealed.length; length += 9) {
      expect(refusal(() => openRecord(sealed.slice(0, length) as SealedRecord, outer, key))).toBe("does-not-open");
    }
    expect(refusal(() => openRecord(sealed, outer, contentKey(fields.space, 1)))).toBe("does-not-open");
    expect(refusal(() => openRecord(new Uint8Array(0) as SealedRecord, outer, key))).toBe("unknown-version");
    expect(refusal(() => openRecord(Uint8Array.of(255, ...sealed.slice(1)) as SealedRecord, outer, key))).toBe(
      "unknown-version",
    );
  });

  test("inner and outer must agree when sealing", () => {
    const fields = aFields();
    const inner = signInner(fields, author.privateKey);
    const others: readonly Partial<Outer>[] = [
      { space: randomId<SpaceId>() },
      { document: randomId<DocumentTag>() },
      { kind: "said" },
      { opId: randomId<OpId>() },
    ];
    for (const change of others) {
      const outer = { ...outerOf(fields, 1), ...change };
      expect(refusal(() => sealRecord(inner, outer, contentKey(fields.space, 1)))).toBe("bad-format");
    }
  });

  test.each([
    // Packed inner, its size with the seal: the least, then 84 less than what is 84 longer.
    [0, 341],
    [264, 73 + 352 - 84],
    [265, 73 + 368 - 84],
    [424, 73 + 512 - 84],
    [425, 73 + 544 - 84],
    [456, 73 + 544 - 84],
    [457, 73 + 576 - 84],
    [MAX_INNER_BYTES - 52, 73 + 240 * 1024 - 84],
  ])("a packed inner of %i bytes takes %i", (packed, sealed) => {
    expect(sealedRecordBytes(packed)).toBe(sealed);
  });

  test("an inner that was signed for another place opens there and has no author", () => {
    const fields = aFields();
    const key = contentKey(fields.space, 1);
    const packed = packInner(signInner(fields, author.privateKey), fields);
    const places: readonly Partial<Outer>[] = [
      { space: randomId<SpaceId>() },
      { document: randomId<DocumentTag>() },
      { kind: "said" },
      { opId: randomId<OpId>() },
    ];
    for (const change of places) {
      const outer = { ...outerOf(fields, 1), ...change };
      const carried = unpackInner(concat(...packed), outer);
      const opened = openRecord(sealRecord(carried, outer, key), outer, key);
      expect(opened).toMatchObject(change);
      expect(verifyInner(opened.inner, author.publicKey)).toBe(false);
      expect(opened.payload).toEqual(fields.payload);
    }
  });

  test("a packed inner has one form, and no more than the inner says", () => {
    const fields = aFields({ heads: aHash(), clientIds: [4], payload: randomBytes(7) });
    const outer = outerOf(fields, 1);
    const [alone, company] = [{ ...fields, heads: digestHeads([]) }, fields].map((one) =>
      concat(...packInner(signInner(one, author.privateKey), one)),
    ) as [Uint8Array, Uint8Array];
    expect([alone.length, company.length]).toEqual([60 + 4 + 7 + 64, 60 + 32 + 4 + 7 + 64]);
    expect([alone.slice(0, 3), company.slice(0, 3)]).toEqual([Uint8Array.of(1, 1, 0), Uint8Array.of(1, 1, 1)]);
    expect(unpackInner(alone, outer)).toEqual(signInner({ ...fields, heads: digestHeads([]) }, author.privateKey));
    const withHeads = concat(Uint8Array.of(1, 1, 1), alone.slice(3, 59), digestHeads([]), alone.slice(59));
    expect(refusal(() => unpackInner(withHeads, outer))).toBe("bad-format");
    for (const packed of [alone, company]) {
      for (const h of [2, 255]) {
        const other = packed.slice();
        other[2] = h;
        expect(refusal(() => unpackInner(other, outer))).toBe("bad-format");
      }
    }
    // Down to an empty payload it is an inner; one byte less is none.
    expect(parseInner(unpackInner(company.slice(0, -7), outer)).payload.length).toBe(0);
    for (let length = 0; length < company.length - 7; length++) {
      expect(refusal(() => unpackInner(company.slice(0, length), outer))).toBe("bad-format");
    }
  });

  test("the largest inner fits 240 KiB, one byte more is refused", () => {
    const fields = aFields({ clientIds: [], heads: aHash() });
    const key = contentKey(fields.space, 1);
    const room = MAX_INNER_BYTES - 208;
    const sealed = sealRecord(
      signInner({ ...fields, payload: new Uint8Array(room) }, author.privateKey),
      outerOf(fields, 1),
      key,
    );
    expect(sealed.length).toBe(240 * 1024 - 84 + 73);
    const over = signInner({ ...fields, payload: new Uint8Array(room + 1) }, author.privateKey);
    expect(refusal(() => sealRecord(over, outerOf(fields, 1), key))).toBe("too-long");
  });
});
