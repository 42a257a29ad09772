import { describe, expect, test } from "vitest";
import { bytesToId, idToBytes, isId, parseId, randomId } from "../../crypto/ids.ts";
import { paddedBytes } from "../../crypto/padding.ts";
import { ready } from "../../crypto/sodium.ts";
import { refusal } from "./refused.ts";

await ready();
const every = "0123456789abcdef";

describe("ids", () => {
  test("text and bytes are one another's opposite", () => {
    for (const id of [every + every, "00".repeat(16), "ff".repeat(16), randomId<string>()]) {
      expect(bytesToId(idToBytes(id))).toBe(id);
      expect(parseId(id)).toBe(id);
      expect(isId(id)).toBe(true);
    }
    expect([...idToBytes(every + every)]).toEqual([...Buffer.from(every + every, "hex")]);
  });

  // The neighbours of 0, 9, a and f in ASCII, upper case, and lengths around 32.
  const wrong = ["/", ":", "`", "g", "F", " ", "\n", "å"].map((letter) => letter + "0".repeat(31));
  test.each([
    ...wrong,
    ...wrong.map((id) => id.slice(1) + id[0]),
    "",
    "0".repeat(31),
    "0".repeat(33),
    "0".repeat(64),
    `${"0".repeat(32)}\n`,
  ])("%j is none", (text) => {
    expect(isId(text)).toBe(false);
    expect(refusal(() => parseId(text))).toBe("bad-format");
    expect(refusal(() => idToBytes(text))).toBe("bad-format");
  });

  test("bytes of another length are none", () => {
    for (const length of [0, 15, 17, 32]) expect(refusal(() => bytesToId(new Uint8Array(length)))).toBe("bad-size");
  });

  test("no two drawn alike", () => {
    expect(new Set(Array.from({ length: 1000 }, () => randomId())).size).toBe(1000);
  });
});

describe("padded sizes, by hand", () => {
  test.each([
    [0, 256],
    [255, 256],
    [256, 256],
    [257, 272],
    [272, 272],
    [273, 288],
    [511, 512],
    [512, 512],
    [513, 544],
    [65_536, 65_536],
    [65_537, 67_584],
    [245_760, 245_760],
    [245_761, 249_856],
  ])("%i → %i", (length, padded) => {
    expect(paddedBytes(length, 256)).toBe(padded);
  });
});
