import sodium from "libsodium-wrappers-sumo";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createCardSecret, deriveCardKeys } from "../../crypto/card.ts";
import { randomBytes, ready } from "../../crypto/sodium.ts";
import type { Burn, WayIn, WayInSeed } from "../../crypto/types.ts";
import { createBurn, createKdfParams, createVaultKey, KDF_FLOOR } from "../../crypto/unlocking.ts";
import { createWayIn, openWayIn, parseWayIn, rewrapWayIn, wayInTag } from "../../crypto/ways-in.ts";
import { flipped, refusal } from "./refused.ts";

await ready();
afterEach(() => vi.restoreAllMocks());

const seed = randomBytes(32) as WayInSeed;
const params = createKdfParams(KDF_FLOOR);
const [vaultKey, burn] = [createVaultKey(), createBurn()];
const wayIn = createWayIn({ kind: "pictures", seed, params, vaultKey, burn });

describe("ways in", () => {
  test("seed and burn together open; the header says which code and how dear", () => {
    expect(openWayIn(wayIn, seed, burn)).toEqual(vaultKey);
    const parts = parseWayIn(wayIn);
    expect(parts.kind).toBe("pictures");
    expect(parts.params).toEqual(params);
    expect(parts.tag).toMatch(/^[0-9a-f]{32}$/);
    expect(wayIn.length).toBe(2483);
  });

  test("its tag is known from the seed alone", () => {
    expect(wayInTag(seed)).toBe(parseWayIn(wayIn).tag);
    expect(wayInTag(randomBytes(32) as WayInSeed)).not.toBe(parseWayIn(wayIn).tag);
  });

  test("another code, other burn bytes, any turned bit: does not open", () => {
    expect(refusal(() => openWayIn(wayIn, randomBytes(32) as WayInSeed, burn))).toBe("does-not-open");
    expect(refusal(() => openWayIn(wayIn, seed, createBurn()))).toBe("does-not-open");
    for (let bit = 11 * 8; bit < wayIn.length * 8; bit += 211) {
      expect(refusal(() => openWayIn(flipped(wayIn, bit) as WayIn, seed, burn))).toBe("does-not-open");
    }
  });

  test("parameters are bound: raising them within the range does not open either", () => {
    const dearer = wayIn.slice() as WayIn;
    dearer[10] = 4;
    expect(parseWayIn(dearer).params?.passes).toBe(4);
    expect(refusal(() => openWayIn(dearer, seed, burn))).toBe("does-not-open");
    const renamed = wayIn.slice() as WayIn;
    renamed[1] = 2;
    expect(refusal(() => openWayIn(renamed, seed, burn))).toBe("does-not-open");
  });

  const hostile: [string, (header: DataView) => void, string][] = [
    ["4 GiB less a KiB", (header) => header.setUint32(3, 4 * 1024 * 1024 - 1), "kdf-out-of-range"],
    ["the largest memory", (header) => header.setUint32(3, 0xffff_ffff), "kdf-out-of-range"],
    ["8 KiB", (header) => header.setUint32(3, 8), "kdf-out-of-range"],
    ["2^31 passes", (header) => header.setUint32(7, 2 ** 31), "kdf-out-of-range"],
    ["1 pass", (header) => header.setUint32(7, 1), "kdf-out-of-range"],
    ["version 0", (header) => header.setUint8(0, 0), "unknown-version"],
    ["version 255", (header) => header.setUint8(0, 255), "unknown-version"],
    ["kind 0", (header) => header.setUint8(1, 0), "bad-format"],
    ["kind 9", (header) => header.setUint8(1, 9), "bad-format"],
    ["KDF 2", (header) => header.setUint8(2, 2), "unknown-suite"],
    ["no KDF but parameters", (header) => header.setUint8(2, 0), "bad-format"],
    [
      "no KDF for pictures",
      (header) => {
        for (let i = 2; i < 27; i++) header.setUint8(i, 0);
      },
      "kdf-out-of-range",
    ],
    ["a KDF for a card", (header) => header.setUint8(1, 3), "bad-format"],
  ];
  test.each(hostile)("hostile header: %s is refused without a KDF or a key operation", (_, change, code) => {
    const calls = [
      vi.spyOn(sodium, "crypto_pwhash"),
      vi.spyOn(sodium, "crypto_kem_xwing_dec"),
      vi.spyOn(sodium, "crypto_generichash"),
    ];
    const attacked = wayIn.slice() as WayIn;
    change(new DataView(attacked.buffer));
    expect(refusal(() => parseWayIn(attacked))).toBe(code);
    expect(refusal(() => openWayIn(attacked, seed, burn))).toBe(code);
    for (const call of calls) expect(call).toHaveBeenCalledTimes(0);
  });

  test("a new V and new burn bytes need no secret of the person; the old wrap opens nothing new", () => {
    const [newVaultKey, newBurn] = [createVaultKey(), createBurn()];
    const rewrapped = rewrapWayIn(wayIn, newVaultKey, newBurn);
    expect(openWayIn(rewrapped, seed, newBurn)).toEqual(newVaultKey);
    expect(refusal(() => openWayIn(rewrapped, seed, burn))).toBe("does-not-open");
    expect(refusal(() => openWayIn(wayIn, seed, newBurn))).toBe("does-not-open");
    expect(parseWayIn(rewrapped)).toEqual(parseWayIn(wayIn));
  });

  test("a card needs no KDF, a code does", () => {
    const { wayInSeed } = deriveCardKeys(createCardSecret());
    const card = createWayIn({ kind: "card", seed: wayInSeed, vaultKey, burn });
    expect(parseWayIn(card).params).toBe(null);
    expect(openWayIn(card, wayInSeed, burn)).toEqual(vaultKey);
    expect(refusal(() => createWayIn({ kind: "passphrase", seed, vaultKey, burn }))).toBe("kdf-out-of-range");
    expect(refusal(() => createWayIn({ kind: "card", seed, params, vaultKey, burn }))).toBe("bad-format");
    expect(
      refusal(() => createWayIn({ kind: "pictures", seed, params: { ...params, passes: 1 }, vaultKey, burn })),
    ).toBe("kdf-out-of-range");
    expect(refusal(() => createWayIn({ kind: "prf", seed, vaultKey, burn: burn.subarray(1) as Burn }))).toBe(
      "bad-size",
    );
  });
});
