import { describe, expect, test } from "vitest";
import { combineFromHelpers, createHelpersSecret, deriveHelpersKeys, splitForHelpers } from "../../crypto/helpers.ts";
import { ready } from "../../crypto/sodium.ts";
import type { HelperShare, ShareSetId } from "../../crypto/types.ts";
import { flipped } from "./refused.ts";

await ready();
const secret = createHelpersSecret();
const { set, shares } = await splitForHelpers(secret);
const other = await splitForHelpers(secret);
const [one, two, three] = shares as [HelperShare, HelperShare, HelperShare];
const stranger = other.shares[1]!;

describe("helpers", () => {
  test.each([[[one, two]], [[two, three]], [[three, one]], [[one, two, three]]])(
    "any two of three, or all, give the secret (%#)",
    async (given) => {
      expect(await combineFromHelpers(given)).toEqual({ secret });
      expect(await combineFromHelpers(given, set)).toEqual({ secret });
    },
  );

  test("one share, or one share twice, is refused", async () => {
    await expect(combineFromHelpers([one])).rejects.toMatchObject({ code: "bad-format" });
    await expect(combineFromHelpers([one, one])).rejects.toMatchObject({ code: "bad-format" });
    await expect(combineFromHelpers([])).rejects.toMatchObject({ code: "bad-format" });
  });

  test("one share says nothing: every secret is as likely (each byte of a share is uniform whatever the secret)", async () => {
    // For a fixed secret of zeros, the first byte of a share over many splits must not favour any value.
    const zeros = new Uint8Array(32) as typeof secret;
    const counts = new Array<number>(256).fill(0);
    for (let i = 0; i < 100; i++) {
      for (const byte of (await splitForHelpers(zeros)).shares[0]!.subarray(18, 18 + 32)) counts[byte]! += 1;
    }
    const expected = (100 * 32) / 256;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 255 degrees of freedom: over 400 has a chance of about 10^-8.
    expect(chiSquare).toBeLessThan(400);
  });

  test("a turned bit anywhere names the share", async () => {
    for (let bit = 0; bit < two.length * 8; bit += 7) {
      expect(await combineFromHelpers([one, flipped(two, bit) as HelperShare, three])).toEqual({ wrongShares: [1] });
    }
    expect(await combineFromHelpers([one.slice(1) as HelperShare, two])).toEqual({ wrongShares: [0] });
    expect(await combineFromHelpers([one, new Uint8Array(0) as HelperShare])).toEqual({ wrongShares: [1] });
  });

  test("a share of another set, even of the same secret, is named", async () => {
    expect(await combineFromHelpers([one, stranger, three])).toEqual({ wrongShares: [1] });
    expect(await combineFromHelpers([stranger, one], set)).toEqual({ wrongShares: [0] });
    expect(await combineFromHelpers([one, two], other.set)).toEqual({ wrongShares: [0, 1] });
    expect(await combineFromHelpers([one, two], "00".repeat(16) as ShareSetId)).toEqual({ wrongShares: [0, 1] });
  });

  test("two of different sets: both are named, as nobody can tell whose is right", async () => {
    expect(await combineFromHelpers([one, stranger])).toEqual({ wrongShares: [0, 1] });
  });

  test("a share under another index is named", async () => {
    const renamed = two.slice() as HelperShare;
    for (const index of [0, 1, 3, 4, 255]) {
      renamed[17] = index;
      expect(await combineFromHelpers([one, renamed, three])).toEqual({ wrongShares: [1] });
    }
  });

  test("keys come from the secret alone", () => {
    expect(deriveHelpersKeys(secret)).toEqual(deriveHelpersKeys(secret));
    const again = deriveHelpersKeys(createHelpersSecret());
    expect(again.wrapSecret).not.toEqual(deriveHelpersKeys(secret).wrapSecret);
    expect(again.wrapSecret).not.toEqual(again.box.seed);
  });
});
