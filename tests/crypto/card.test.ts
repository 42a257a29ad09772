import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cardToPictures, createCardSecret, deriveCardKeys, picturesToCard, rowFits } from "../../crypto/card.ts";
import { ready } from "../../crypto/sodium.ts";
import type { CardSecret } from "../../crypto/types.ts";
import { refusal } from "./refused.ts";

await ready();
const aSecret = fc.uint8Array({ minLength: 18, maxLength: 18 }).map((bytes) => bytes as CardSecret);

describe("recovery card", () => {
  test("six rows of five pictures, and the secret back from them", () => {
    fc.assert(
      fc.property(aSecret, (secret) => {
        const rows = cardToPictures(secret);
        expect(rows.map((row) => row.length)).toEqual([5, 5, 5, 5, 5, 5]);
        expect(rows.flat().every((index) => index >= 0 && index < 64)).toBe(true);
        expect(picturesToCard(rows)).toEqual({ secret });
      }),
    );
  });

  test("every single wrong picture is found, in its row", () => {
    const rows = cardToPictures(createCardSecret());
    for (let row = 0; row < 6; row++) {
      for (let at = 0; at < 5; at++) {
        for (let wrong = 0; wrong < 64; wrong++) {
          if (wrong === rows[row]![at]) continue;
          const typed = rows.map((pictures) => [...pictures]);
          typed[row]![at] = wrong;
          expect(picturesToCard(typed)).toEqual({ wrongRows: [row] });
        }
      }
    }
  });

  test("any two different pictures of a row changed round are found, in that row", () => {
    fc.assert(
      fc.property(aSecret, fc.nat({ max: 5 }), fc.nat({ max: 4 }), fc.nat({ max: 4 }), (secret, row, a, b) => {
        const typed = cardToPictures(secret);
        const pictures = typed[row]!;
        fc.pre(pictures[a] !== pictures[b]);
        [pictures[a], pictures[b]] = [pictures[b]!, pictures[a]!];
        expect(picturesToCard(typed)).toEqual({ wrongRows: [row] });
      }),
      { numRuns: 500 },
    );
  });

  test("any two rows changed round are found, both", () => {
    fc.assert(
      fc.property(aSecret, fc.nat({ max: 5 }), fc.nat({ max: 5 }), (secret, a, b) => {
        fc.pre(a < b);
        const typed = cardToPictures(secret);
        [typed[a], typed[b]] = [typed[b]!, typed[a]!];
        expect(picturesToCard(typed)).toEqual({ wrongRows: [a, b] });
      }),
      { numRuns: 300 },
    );
  });

  test("a row can be checked by itself as it is filled", () => {
    const rows = cardToPictures(createCardSecret());
    expect(rows.every(rowFits)).toBe(true);
    expect(rowFits(rows[0]!, 1)).toBe(false);
  });

  test("what isn't six rows of five from 0 to 63 is refused", () => {
    const rows = cardToPictures(createCardSecret());
    const bad = [
      rows.slice(1),
      rows.map((row) => row.slice(1)),
      rows.map((row) => row.with(0, 64)),
      rows.map((row) => row.with(0, -1)),
      rows.map((row) => row.with(0, 0.5)),
    ];
    for (const typed of bad) expect(refusal(() => picturesToCard(typed))).toBe("bad-format");
    expect(refusal(() => cardToPictures(new Uint8Array(17) as CardSecret))).toBe("bad-size");
  });

  test("keys: always the same from one secret, all different, nothing in common with another", () => {
    const [one, other] = [createCardSecret(), createCardSecret()];
    expect(deriveCardKeys(one)).toEqual(deriveCardKeys(one));
    const all = [one, other].flatMap((secret) => {
      const keys = deriveCardKeys(secret);
      return [keys.box.seed, keys.wrapSecret, keys.wayInSeed].map((key) => key.join());
    });
    expect(new Set(all).size).toBe(6);
  });
});
