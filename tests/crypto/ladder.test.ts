import { describe, expect, test } from "vitest";
import { randomId } from "../../crypto/ids.ts";
import { createOwnSeed, deriveLadder } from "../../crypto/ladder.ts";
import { ready, toHex } from "../../crypto/sodium.ts";
import type { SpaceId } from "../../crypto/types.ts";
import { refusal } from "./refused.ts";

await ready();
const space = randomId<SpaceId>();
const own = deriveLadder({ right: "own", seed: createOwnSeed(), space, epoch: 7 });

describe("ladder", () => {
  test("each rung gives everything below it, and the same as from above", () => {
    const write = deriveLadder({ right: "write", seed: own.writeSeed!, space, epoch: 7 });
    const read = deriveLadder({ right: "read", seed: own.readSeed, space, epoch: 7 });
    expect(write.contentKey).toEqual(own.contentKey);
    expect(read.contentKey).toEqual(own.contentKey);
    expect(write.capabilities.write).toEqual(own.capabilities.write);
    expect(read.capabilities.read).toEqual(own.capabilities.read);
  });

  test("a rung holds nothing of the rungs above", () => {
    const write = deriveLadder({ right: "write", seed: own.writeSeed!, space, epoch: 7 });
    const read = deriveLadder({ right: "read", seed: own.readSeed, space, epoch: 7 });
    expect(new Set(Object.keys(write))).toEqual(
      new Set(["capabilities", "contentKey", "epoch", "readSeed", "right", "space", "writeSeed"]),
    );
    expect(new Set(Object.keys(write.capabilities))).toEqual(new Set(["read", "write"]));
    expect(new Set(Object.keys(read))).toEqual(
      new Set(["capabilities", "contentKey", "epoch", "readSeed", "right", "space"]),
    );
    expect(Object.keys(read.capabilities)).toEqual(["read"]);
  });

  test("no two keys of a ladder are equal, and another space or epoch shares none", () => {
    const keysOf = (ladder: typeof own) =>
      [
        ladder.ownSeed!,
        ladder.writeSeed!,
        ladder.readSeed,
        ladder.contentKey,
        ...Object.values(ladder.capabilities).map((pair) => pair!.publicKey),
      ].map(toHex);
    const seed = own.ownSeed!;
    const others = [
      deriveLadder({ right: "own", seed, space, epoch: 8 }),
      deriveLadder({ right: "own", seed, space: randomId<SpaceId>(), epoch: 7 }),
    ];
    const all = [keysOf(own), ...others.map((ladder) => keysOf(ladder).slice(1))].flat();
    expect(new Set(all).size).toBe(all.length);
  });

  test("sizes and epochs that can't be are refused", () => {
    expect(
      refusal(() => deriveLadder({ right: "own", seed: own.ownSeed!.subarray(1) as never, space, epoch: 1 })),
    ).toBe("bad-size");
    expect(refusal(() => deriveLadder({ right: "own", seed: own.ownSeed!, space, epoch: -1 }))).toBe("bad-size");
    expect(refusal(() => deriveLadder({ right: "own", seed: own.ownSeed!, space, epoch: 2 ** 53 }))).toBe("bad-size");
    expect(refusal(() => deriveLadder({ right: "own", seed: own.ownSeed!, space: "AB" as SpaceId, epoch: 1 }))).toBe(
      "bad-format",
    );
  });
});
