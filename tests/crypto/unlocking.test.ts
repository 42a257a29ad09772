import sodium from "libsodium-wrappers-sumo";
import { afterEach, describe, expect, test, vi } from "vitest";
import { ready } from "../../crypto/sodium.ts";
import type { WayInSeed } from "../../crypto/types.ts";
import {
  calibrateKdf,
  checkKdfParams,
  combinePasskeyWithPictures,
  createKdfParams,
  deriveCodeSeed,
  drawIndexes,
  KDF_CEILING,
  KDF_FLOOR,
  type KdfCost,
  passphraseBytes,
  pictureCodeBytes,
} from "../../crypto/unlocking.ts";
import { refusal } from "./refused.ts";

await ready();
afterEach(() => vi.restoreAllMocks());
const salt = new Uint8Array(16);

describe("Argon2id parameters", () => {
  const refused: [string, KdfCost][] = [
    ["memory 0", { memoryKiB: 0, passes: 3 }],
    ["one KiB under the floor", { memoryKiB: 65535, passes: 3 }],
    ["2 passes", { memoryKiB: 65536, passes: 2 }],
    ["0 passes", { memoryKiB: 65536, passes: 0 }],
    ["4 GiB", { memoryKiB: 4 * 1024 * 1024, passes: 3 }],
    ["one KiB over the ceiling", { memoryKiB: KDF_CEILING.memoryKiB + 1, passes: 3 }],
    ["2^31 passes", { memoryKiB: 65536, passes: 2 ** 31 }],
    ["17 passes", { memoryKiB: 65536, passes: 17 }],
    ["a fraction", { memoryKiB: 65536.5, passes: 3 }],
    ["not a number", { memoryKiB: Number.NaN, passes: 3 }],
    ["negative", { memoryKiB: -65536, passes: 3 }],
    ["infinite", { memoryKiB: 65536, passes: Number.POSITIVE_INFINITY }],
  ];
  test.each(refused)("%s is refused and the KDF never called", (_, cost) => {
    const kdf = vi.spyOn(sodium, "crypto_pwhash");
    expect(refusal(() => deriveCodeSeed(pictureCodeBytes([1, 2, 3]), { ...cost, salt }))).toBe("kdf-out-of-range");
    expect(kdf).toHaveBeenCalledTimes(0);
  });

  test("the counter counts: at the floor the KDF is called once, and salt and code matter", () => {
    const kdf = vi.spyOn(sodium, "crypto_pwhash");
    const params = { ...KDF_FLOOR, salt };
    const seed = deriveCodeSeed(pictureCodeBytes([1, 2, 3]), params);
    expect(kdf).toHaveBeenCalledTimes(1);
    expect(kdf.mock.calls[0]!.slice(3, 5)).toEqual([3, 64 * 1024 * 1024]);
    expect(deriveCodeSeed(pictureCodeBytes([1, 3, 2]), params)).not.toEqual(seed);
    expect(deriveCodeSeed(pictureCodeBytes([1, 2, 3]), createKdfParams(KDF_FLOOR))).not.toEqual(seed);
  });

  test("floor and ceiling themselves pass; a salt of another size does not", () => {
    expect(checkKdfParams({ ...KDF_FLOOR, salt })).toBeUndefined();
    expect(checkKdfParams({ ...KDF_CEILING, salt })).toBeUndefined();
    expect(refusal(() => checkKdfParams({ ...KDF_FLOOR, salt: new Uint8Array(15) }))).toBe("bad-size");
  });
});

describe("calibration", () => {
  /** A machine that takes `msAtFloor` for 64 MiB and 3 passes, and is linear in both. */
  const machine =
    (msAtFloor: number) =>
    ({ memoryKiB, passes }: KdfCost) =>
      (msAtFloor * memoryKiB * passes) / (65536 * 3);

  test.each([[10], [145], [300], [600], [1000], [5000]])(
    "%i ms at the floor: near the target, never under the floor",
    async (msAtFloor) => {
      const timeOne = machine(msAtFloor);
      const cost = await calibrateKdf(timeOne, 1000);
      expect(cost.memoryKiB).toBeGreaterThanOrEqual(KDF_FLOOR.memoryKiB);
      expect(cost.passes).toBeGreaterThanOrEqual(KDF_FLOOR.passes);
      expect(() => checkKdfParams({ ...cost, salt })).not.toThrow();
      if (msAtFloor <= 1000) expect(timeOne(cost)).toBeLessThanOrEqual(1000);
      if (msAtFloor <= 1000 && cost.passes < KDF_CEILING.passes) expect(timeOne(cost)).toBeGreaterThan(500);
    },
  );

  test("a slow machine stays at the floor; memory is raised before passes", async () => {
    expect(await calibrateKdf(machine(5000), 1000)).toEqual(KDF_FLOOR);
    expect((await calibrateKdf(machine(145), 1000)).memoryKiB).toBe(256 * 1024);
  });

  test("the KDF is timed once when memory stays, twice when it rises", async () => {
    for (const [msAtFloor, times] of [
      [600, 1],
      [400, 2],
      [145, 2],
    ] as const) {
      const timeOne = vi.fn(machine(msAtFloor));
      await calibrateKdf(timeOne, 1000);
      expect(timeOne).toHaveBeenCalledTimes(times);
    }
  });

  test("a clock that stands still or jumps can't lower the floor or pass the ceiling", async () => {
    for (const ms of [0, 1e12, Number.NaN, -5]) expect(await calibrateKdf(() => ms, 1000)).toEqual(KDF_FLOOR);
    expect(await calibrateKdf(() => 1e-9, 1000)).toEqual({ memoryKiB: 256 * 1024, passes: 16 });
  });
});

describe("codes", () => {
  test("a picture code is its indexes; an index over 63 is refused", () => {
    expect(pictureCodeBytes([0, 63, 5])).toEqual(Uint8Array.of(0, 63, 5));
    expect(refusal(() => pictureCodeBytes([64]))).toBe("bad-size");
    expect(refusal(() => pictureCodeBytes([-1]))).toBe("bad-size");
  });

  test("a passphrase is the same from any keyboard", () => {
    expect(passphraseBytes("  Blå  ko\tspiser ")).toEqual(passphraseBytes("bla\u030a ko spiser"));
    expect(passphraseBytes("blå ko")).not.toEqual(passphraseBytes("blåko"));
  });

  test("the bytes of a passphrase are its words in small letters, as UTF-8", () => {
    expect(passphraseBytes(" Sol  MÅNE ")).toEqual(new TextEncoder().encode("sol måne"));
  });

  test("a passkey and pictures: both are needed", () => {
    const [a, b, c] = [1, 2, 3].map((fill) => new Uint8Array(32).fill(fill) as WayInSeed) as [
      WayInSeed,
      WayInSeed,
      WayInSeed,
    ];
    const both = combinePasskeyWithPictures(a, b);
    for (const other of [
      combinePasskeyWithPictures(c, b),
      combinePasskeyWithPictures(a, c),
      combinePasskeyWithPictures(b, a),
      a,
      b,
    ]) {
      expect(other).not.toEqual(both);
    }
  });
});

describe("drawing", () => {
  test("every picture is as likely as any other (chi-square over 64,000 draws)", () => {
    const counts = new Array<number>(64).fill(0);
    for (const index of drawIndexes(64_000, 64)) counts[index]! += 1;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    // 63 degrees of freedom: over 150 has a chance of about 10^-8.
    expect(chiSquare).toBeLessThan(150);
  });

  test("values over the last whole multiple are drawn again, not folded", () => {
    const values = [0xffff_ffff, 0xffff_fffe, 5];
    vi.spyOn(globalThis.crypto, "getRandomValues").mockImplementation((bytes) => {
      new DataView(bytes!.buffer).setUint32(0, values.shift()!);
      return bytes;
    });
    expect(drawIndexes(1, 3_000_000_000)).toEqual([5]);
    expect(values).toEqual([]);
  });

  test("exactly the limit is drawn again: 2^32 - 1 of thirds", () => {
    const drawn = [0xffff_ffff, 0xffff_fffe];
    vi.spyOn(crypto, "getRandomValues").mockImplementation((into) => {
      new DataView(into!.buffer).setUint32(0, drawn.shift()!);
      return into;
    });
    expect(drawIndexes(1, 3)).toEqual([0xffff_fffe % 3]);
    expect(drawn).toEqual([]);
  });

  test("one and 2^32 themselves can be drawn below", () => {
    expect(drawIndexes(3, 1)).toEqual([0, 0, 0]);
    expect(drawIndexes(2, 2 ** 32).length).toBe(2);
  });

  test("below 1 or over 2^32 is refused", () => {
    for (const below of [0, -1, 1.5, 2 ** 32 + 1]) expect(refusal(() => drawIndexes(1, below))).toBe("bad-size");
  });
});
