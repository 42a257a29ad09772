import { createHash, createPublicKey, verify } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  capabilityMessage,
  createDropKey,
  dropKeyFromSeed,
  dropMessage,
  hashDropBody,
  proveCapability,
  proveDrop,
} from "../../crypto/capabilities.ts";
import { randomId } from "../../crypto/ids.ts";
import { createOwnSeed, deriveLadder } from "../../crypto/ladder.ts";
import { randomBytes, ready } from "../../crypto/sodium.ts";
import type { Right, ServerId, ServerNonce, SpaceId } from "../../crypto/types.ts";

await ready();

/** As the server does it: the raw Ed25519 key behind the fixed SPKI prefix of RFC 8410. */
const spki = (raw: Uint8Array) =>
  createPublicKey({
    key: Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), raw]),
    format: "der",
    type: "spki",
  });

const challenge = {
  nonce: randomBytes(32) as ServerNonce,
  serverId: randomId<ServerId>(),
  space: randomId<SpaceId>(),
  epoch: 2 ** 40 + 5,
  right: "write" as Right,
};

describe("capability proofs", () => {
  test("node:crypto accepts the proof over bytes it builds itself", () => {
    const { capabilities } = deriveLadder({
      right: "own",
      seed: createOwnSeed(),
      space: challenge.space,
      epoch: challenge.epoch,
    });
    const epoch = Buffer.alloc(8);
    epoch.writeBigUInt64BE(BigInt(challenge.epoch));
    const label = "lomme/1/capability-key/proof";
    const message = Buffer.concat([
      Buffer.from([label.length]),
      Buffer.from(label, "ascii"),
      challenge.nonce,
      Buffer.from(challenge.serverId, "hex"),
      Buffer.from(challenge.space, "hex"),
      epoch,
      Buffer.from([2]),
    ]);
    const proof = proveCapability(capabilities.write!.privateKey, challenge);
    expect(Buffer.from(capabilityMessage(challenge))).toEqual(message);
    expect(verify(null, message, spki(capabilities.write!.publicKey), proof)).toBe(true);
    expect(verify(null, message, spki(capabilities.read.publicKey), proof)).toBe(false);
  });

  test("every field of the challenge changes the message", () => {
    const others = [
      { ...challenge, nonce: randomBytes(32) as ServerNonce },
      { ...challenge, serverId: randomId<ServerId>() },
      { ...challenge, space: randomId<SpaceId>() },
      { ...challenge, epoch: 1 },
      { ...challenge, right: "own" as Right },
    ];
    const messages = [challenge, ...others].map((one) => Buffer.from(capabilityMessage(one)).toString("hex"));
    expect(new Set(messages).size).toBe(6);
  });
});

describe("drop proofs", () => {
  test("node:crypto accepts the proof over server id, purpose and the body's SHA-256", () => {
    const body = randomBytes(1000);
    const key = createDropKey();
    const serverId = randomId<ServerId>();
    expect(Buffer.from(hashDropBody(body))).toEqual(createHash("sha256").update(body).digest());
    const label = "lomme/1/drop-key/proof";
    const message = Buffer.concat([
      Buffer.from([label.length]),
      Buffer.from(label, "ascii"),
      Buffer.from(serverId, "hex"),
      Buffer.from([1]),
      createHash("sha256").update(body).digest(),
    ]);
    const claim = { serverId, purpose: "drop", bodyHash: hashDropBody(body) } as const;
    expect(Buffer.from(dropMessage(claim))).toEqual(message);
    expect(verify(null, message, spki(key.publicKey), proveDrop(key.privateKey, claim))).toBe(true);
    expect(verify(null, message, spki(key.publicKey), proveDrop(key.privateKey, { ...claim, purpose: "card" }))).toBe(
      false,
    );
  });

  test("a drop key grows again from its seed", () => {
    const key = createDropKey();
    expect(dropKeyFromSeed(key.seed)).toEqual(key);
  });
});
