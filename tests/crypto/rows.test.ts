import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRowNameKey, deriveRowSealKey, nameRow, openRow, sealRow } from "../../crypto/rows.ts";
import { randomBytes, ready } from "../../crypto/sodium.ts";
import type { SealedRow } from "../../crypto/types.ts";
import { createVaultKey } from "../../crypto/unlocking.ts";
import { flipped, refusal } from "./refused.ts";

await ready();
const freshKeys = () => ({ seal: deriveRowSealKey(createVaultKey()), name: createRowNameKey() });
const keys = freshKeys();
const place = { table: "records", key: "a1" };

describe("rows", () => {
  test("opening inverts sealing", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.uint8Array({ maxLength: 4000 }), (table, key, bytes) => {
        expect(openRow(keys, { table, key }, sealRow(keys, { table, key }, bytes))).toEqual(bytes);
      }),
      { numRuns: 50 },
    );
  });

  test("a row opens only in its place, under its key, unchanged", () => {
    const sealed = sealRow(keys, place, randomBytes(50));
    expect(refusal(() => openRow(keys, { ...place, table: "blobs" }, sealed))).toBe("does-not-open");
    expect(refusal(() => openRow(keys, { ...place, key: "a2" }, sealed))).toBe("does-not-open");
    expect(refusal(() => openRow(keys, { table: "record", key: "sa1" }, sealed))).toBe("does-not-open");
    expect(refusal(() => openRow(freshKeys(), place, sealed))).toBe("does-not-open");
    for (let bit = 8; bit < sealed.length * 8; bit += 3) {
      expect(refusal(() => openRow(keys, place, flipped(sealed, bit) as SealedRow))).toBe("does-not-open");
    }
    expect(refusal(() => openRow(keys, place, flipped(sealed, 0) as SealedRow))).toBe("unknown-version");
  });

  test("short rows are one size", () => {
    const sizes = [0, 1, 50, 124].map((length) => sealRow(keys, place, new Uint8Array(length)).length);
    expect(new Set(sizes)).toEqual(new Set([128 + 73]));
  });

  test("names: same parts same name, in one store only, and no two lists of parts alike", () => {
    expect(nameRow(keys, "space", "a")).toBe(nameRow(keys, "space", "a"));
    expect(nameRow(keys, "space", "a")).toMatch(/^[0-9a-f]{32}$/);
    const names = [
      nameRow(keys, "ab", "c"),
      nameRow(keys, "a", "bc"),
      nameRow(keys, "abc"),
      nameRow(freshKeys(), "abc"),
    ];
    expect(new Set(names).size).toBe(4);
  });
});
