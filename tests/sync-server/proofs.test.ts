import { beforeAll, describe, expect, test } from "vitest";
import { createDropKey, hashDropBody, proveCapability, proveDrop } from "../../crypto/capabilities.ts";
import { createOwnSeed, deriveLadder } from "../../crypto/ladder.ts";
import { ready } from "../../crypto/sodium.ts";
import type { ServerId, ServerNonce, SpaceId } from "../../crypto/types.ts";
import { isCapabilityProof, isDropProof } from "../../sync-server/proofs.ts";
import { newId, newPair, proveDropping, proveRight } from "./made-up.ts";

const claim = {
  nonce: new Uint8Array(32).fill(7),
  server: newId<ServerId>(),
  space: newId<SpaceId>(),
  epoch: 3,
  right: "write",
} as const;

describe("capability proofs", () => {
  const pair = newPair();
  const proof = proveRight(pair, claim);

  test("the key's own signature over the claim holds", () => {
    expect(isCapabilityProof(claim, pair.publicKey, proof)).toBe(true);
  });

  test.each([
    ["another nonce", { nonce: new Uint8Array(32) }],
    ["another server", { server: newId<ServerId>() }],
    ["another space", { space: newId<SpaceId>() }],
    ["another epoch", { epoch: 4 }],
    ["a higher right", { right: "own" as const }],
    ["a lower right", { right: "read" as const }],
  ])("it doesn't hold for %s", (_, more) => {
    expect(isCapabilityProof({ ...claim, ...more }, pair.publicKey, proof)).toBe(false);
  });

  test("another key, a changed signature, a wrong size, a key that is no point: false, never an exception", () => {
    expect(isCapabilityProof(claim, newPair().publicKey, proof)).toBe(false);
    const changed = Uint8Array.from(proof);
    changed[5] = (changed[5] ?? 0) ^ 1;
    expect(isCapabilityProof(claim, pair.publicKey, changed)).toBe(false);
    expect(isCapabilityProof(claim, pair.publicKey, proof.subarray(1))).toBe(false);
    expect(isCapabilityProof(claim, pair.publicKey.subarray(1), proof)).toBe(false);
    expect(isCapabilityProof(claim, new Uint8Array(32).fill(0xff), proof)).toBe(false);
    expect(isCapabilityProof(claim, new Uint8Array(32), new Uint8Array(64))).toBe(false);
  });
});

describe("drop proofs", () => {
  const pair = newPair();
  const body = Buffer.from("sealed bytes");
  const proof = proveDropping(pair, claim.server, "drop", body);

  test("the key's own signature over purpose and body holds", () => {
    expect(isDropProof(claim.server, "drop", body, pair.publicKey, proof)).toBe(true);
  });
  test("it doesn't hold for another server, purpose, body or key", () => {
    expect(isDropProof(newId<ServerId>(), "drop", body, pair.publicKey, proof)).toBe(false);
    expect(isDropProof(claim.server, "card", body, pair.publicKey, proof)).toBe(false);
    expect(isDropProof(claim.server, "drop", Buffer.from("other"), pair.publicKey, proof)).toBe(false);
    expect(isDropProof(claim.server, "drop", body, newPair().publicKey, proof)).toBe(false);
  });
});

describe("what the client proves", () => {
  beforeAll(ready);

  test("every rung of a ladder is accepted by the server for its own right only", () => {
    const { nonce, server, space, epoch } = claim;
    const ladder = deriveLadder({ right: "own", seed: createOwnSeed(), space, epoch });
    const rungs = ["own", "write", "read"] as const;
    for (const right of rungs) {
      const pair = ladder.capabilities[right];
      if (pair === undefined) throw new Error(`the owner's ladder has no ${right} rung`);
      const challenge = { nonce: nonce as ServerNonce, serverId: server, space, epoch, right };
      const proof = proveCapability(pair.privateKey, challenge);
      for (const other of rungs) {
        expect(isCapabilityProof({ ...claim, right: other }, pair.publicKey, proof)).toBe(other === right);
      }
    }
  });

  test("a drop key's proof is accepted", () => {
    const pair = createDropKey();
    const body = new Uint8Array([1, 2, 3]);
    const proof = proveDrop(pair.privateKey, { serverId: claim.server, purpose: "drop", bodyHash: hashDropBody(body) });
    expect(isDropProof(claim.server, "drop", body, pair.publicKey, proof)).toBe(true);
    const empty = new Uint8Array(0);
    const card = proveDrop(pair.privateKey, { serverId: claim.server, purpose: "card", bodyHash: hashDropBody(empty) });
    expect(isDropProof(claim.server, "card", empty, pair.publicKey, card)).toBe(true);
  });
});
