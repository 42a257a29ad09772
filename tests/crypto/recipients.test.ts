import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createDoorKeys, openFromDoor, sealForDoor } from "../../crypto/door.ts";
import { encodeEpochKeys, parseEpochKeys } from "../../crypto/epoch-keys.ts";
import { createIdentity, createOwnerKeys } from "../../crypto/identity.ts";
import { randomId } from "../../crypto/ids.ts";
import { createOwnSeed } from "../../crypto/ladder.ts";
import {
  boxKeyPairFromSeed,
  circlePsk,
  createBoxKeyPair,
  NO_IDENTITY,
  openWrap,
  pairWrapSecret,
  type WrapContext,
  wrapTag,
  wrapTo,
} from "../../crypto/recipients.ts";
import { randomBytes, ready } from "../../crypto/sodium.ts";
import type { BoxPublicKey, BoxSeed, Hash32, PairKey, SpaceId, Wrap, WrapSecret } from "../../crypto/types.ts";
import { flipped, refusal } from "./refused.ts";

await ready();
const box = createBoxKeyPair();
const context: WrapContext = {
  purpose: "circle",
  space: randomId<SpaceId>(),
  epoch: 4,
  sender: createIdentity().publicKey,
  recipient: createIdentity().publicKey,
};
const psk = randomBytes(32);
const payload = randomBytes(300);
const wrap = wrapTo(payload, box.publicKey, context, psk);

describe("wraps", () => {
  test("opening inverts wrapping, with and without psk", () => {
    expect(openWrap(wrap, box.seed, context, psk)).toEqual(payload);
    expect(openWrap(wrapTo(payload, box.publicKey, context), box.seed, context)).toEqual(payload);
  });

  const elsewhere: [string, Partial<WrapContext>][] = [
    ["purpose", { purpose: "pocket" }],
    ["space", { space: randomId<SpaceId>() }],
    ["epoch", { epoch: 5 }],
    ["sender", { sender: context.recipient }],
    ["recipient", { recipient: NO_IDENTITY }],
  ];
  test.each(elsewhere)("another %s does not open", (_, change) => {
    expect(refusal(() => openWrap(wrap, box.seed, { ...context, ...change }, psk))).toBe("does-not-open");
  });

  test("another key, no psk, another psk, a turned bit or a cut does not open", () => {
    expect(refusal(() => openWrap(wrap, createBoxKeyPair().seed, context, psk))).toBe("does-not-open");
    expect(refusal(() => openWrap(wrap, box.seed, context))).toBe("does-not-open");
    expect(refusal(() => openWrap(wrap, box.seed, context, randomBytes(32)))).toBe("does-not-open");
    for (let bit = 8; bit < wrap.length * 8; bit += 97) {
      expect(refusal(() => openWrap(flipped(wrap, bit) as Wrap, box.seed, context, psk))).toBe("does-not-open");
    }
    for (const length of [1, 500, 1121, 1193, wrap.length - 1]) {
      expect(refusal(() => openWrap(wrap.slice(0, length) as Wrap, box.seed, context, psk))).toBe("does-not-open");
    }
    expect(refusal(() => openWrap(flipped(wrap, 1) as Wrap, box.seed, context, psk))).toBe("unknown-version");
  });

  test("wrong sizes are refused before any work", () => {
    expect(refusal(() => wrapTo(payload, box.publicKey.subarray(1) as BoxPublicKey, context))).toBe("bad-size");
    expect(refusal(() => wrapTo(payload, box.publicKey, context, new Uint8Array(31)))).toBe("bad-size");
    const short = randomBytes(31) as typeof NO_IDENTITY;
    expect(refusal(() => wrapTo(payload, box.publicKey, { ...context, sender: short }))).toBe("bad-size");
    expect(refusal(() => wrapTo(payload, box.publicKey, { ...context, recipient: short }))).toBe("bad-size");
    expect(refusal(() => openWrap(wrap, new Uint8Array(16) as BoxSeed, context, psk))).toBe("bad-size");
    expect(refusal(() => wrapTo(payload, new Uint8Array(1216).fill(255) as BoxPublicKey, context))).toBe("bad-format");
  });

  test("a box pair grows again from its seed", () => {
    expect(boxKeyPairFromSeed(box.seed)).toEqual(box);
  });

  test("tags and psks: one per secret and space", () => {
    const secret = () => randomBytes(32) as WrapSecret;
    const one = secret();
    const [a, b] = [randomId<SpaceId>(), randomId<SpaceId>()];
    expect(wrapTag(one, a)).toBe(wrapTag(one, a));
    expect(new Set([wrapTag(one, a), wrapTag(one, b), wrapTag(secret(), a)]).size).toBe(3);
    const pairKey = randomBytes(32) as PairKey;
    expect(circlePsk(pairKey, a)).not.toEqual(circlePsk(pairKey, b));
    expect(pairWrapSecret(pairKey)).not.toEqual(circlePsk(pairKey, a));
  });
});

describe("epoch keys", () => {
  const some = {
    right: "write",
    space: randomId<SpaceId>(),
    checkpoint: randomBytes(32) as Hash32,
    owner: createOwnerKeys().publicKey,
    epochs: [
      { epoch: 2, seed: createOwnSeed() },
      { epoch: 9, seed: createOwnSeed() },
    ],
  } as const;

  test("parsing inverts encoding, with and without the owner's private key", () => {
    expect(parseEpochKeys(encodeEpochKeys(some))).toEqual(some);
    const withOwner = { ...some, right: "own", ownerPrivateKey: createOwnerKeys().privateKey } as const;
    expect(parseEpochKeys(encodeEpochKeys(withOwner))).toEqual(withOwner);
  });

  test("epochs out of order, cuts and left-overs are refused", () => {
    expect(refusal(() => encodeEpochKeys({ ...some, epochs: some.epochs.toReversed() }))).toBe("bad-format");
    const bytes = encodeEpochKeys(some);
    for (let length = 1; length < bytes.length; length++)
      expect(refusal(() => parseEpochKeys(bytes.slice(0, length)))).toBe("bad-format");
    expect(refusal(() => parseEpochKeys(new Uint8Array([...bytes, 0])))).toBe("bad-format");
    expect(refusal(() => parseEpochKeys(flipped(bytes, 0)))).toBe("unknown-version");
  });
});

describe("the door", () => {
  test("opening inverts sealing, for the door's own key only", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        const keys = createDoorKeys();
        const sealed = sealForDoor(keys.publicKey, bytes);
        expect(openFromDoor(keys, sealed)).toEqual(bytes);
        expect(refusal(() => openFromDoor(createDoorKeys(), sealed))).toBe("does-not-open");
      }),
      { numRuns: 20 },
    );
  });

  test("another version is refused as such", () => {
    const keys = createDoorKeys();
    expect(refusal(() => openFromDoor(keys, flipped(sealForDoor(keys.publicKey, payload), 0)))).toBe("unknown-version");
  });

  test("a wrap is no door item, even under one seed", () => {
    const keys = createDoorKeys();
    const asBox = wrapTo(payload, keys.publicKey as Uint8Array as BoxPublicKey, context);
    expect(refusal(() => openFromDoor(keys, asBox))).toBe("does-not-open");
  });
});
