import { expect, test } from "vitest";
import { randomId } from "../../crypto/ids.ts";
import { createOwnSeed, deriveLadder } from "../../crypto/ladder.ts";
import { openPresence, sealPresence } from "../../crypto/presence.ts";
import { randomBytes, ready } from "../../crypto/sodium.ts";
import type { DocumentTag, SpaceId } from "../../crypto/types.ts";
import { flipped, refusal } from "./refused.ts";

await ready();
const [space, document, seed] = [randomId<SpaceId>(), randomId<DocumentTag>(), createOwnSeed()];
const ladder = deriveLadder({ right: "own", seed, space, epoch: 3 });
const reader = deriveLadder({ right: "read", seed: ladder.readSeed, space, epoch: 3 });
const cursor = randomBytes(30);
const sealed = sealPresence(ladder, document, cursor);

test("every member of the epoch opens it", () => {
  expect(openPresence(reader, document, sealed)).toEqual(cursor);
  expect(openPresence(ladder, document, sealPresence(reader, document, cursor))).toEqual(cursor);
  expect(sealed.length).toBe(256 + 73);
});

test("another document, space or epoch, or a turned bit does not open it", () => {
  expect(refusal(() => openPresence(ladder, randomId<DocumentTag>(), sealed))).toBe("does-not-open");
  for (const place of [
    { space, epoch: 4 },
    { space: randomId<SpaceId>(), epoch: 3 },
  ]) {
    expect(refusal(() => openPresence(deriveLadder({ right: "own", seed, ...place }), document, sealed))).toBe(
      "does-not-open",
    );
    expect(refusal(() => openPresence({ ...ladder, ...place }, document, sealed))).toBe("does-not-open");
  }
  for (let bit = 8; bit < sealed.length * 8; bit += 13)
    expect(refusal(() => openPresence(ladder, document, flipped(sealed, bit)))).toBe("does-not-open");
  expect(refusal(() => openPresence(ladder, document, flipped(sealed, 3)))).toBe("unknown-version");
});
