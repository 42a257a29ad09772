/** What a vault in a test's worker is made of, on the browser's real storage: the product's own but for the network, the decoder and, unless `targetMs` says otherwise, the KDF's cost. */
import { readBurn, writeBurn } from "../../client/storage/burn-file.ts";
import { openShelf } from "../../client/storage/shelf.ts";
import type { VaultDeps } from "../../client/vault/vault.ts";
import type { Burn } from "../../crypto/types.ts";
import { calibrateKdf, createKdfParams, deriveCodeSeed, KDF_FLOOR, type KdfCost } from "../../crypto/unlocking.ts";

function timeOne(cost: KdfCost): number {
  const begun = performance.now();
  deriveCodeSeed(new Uint8Array(1), createKdfParams(cost));
  return performance.now() - begun;
}

export async function browserParts(targetMs: number | null = null): Promise<Omit<VaultDeps, "connect">> {
  const cost = targetMs === null ? KDF_FLOOR : await calibrateKdf(timeOne, targetMs);
  const params = createKdfParams(cost);
  return {
    shelf: await openShelf(),
    clock: {
      now: () => Date.now(),
      after: (ms, call) => {
        const timer = setTimeout(call, ms);
        return () => clearTimeout(timer);
      },
    },
    // At the floor, for tests: what the KDF takes is taken out of every figure.
    kdf: {
      calibrate: async (secret) => ({ seed: deriveCodeSeed(secret, params), params }),
      derive: async (secret, given) => deriveCodeSeed(secret, given),
    },
    burn: { read: async (pocket) => (await readBurn(pocket)) as readonly Burn[], write: writeBurn },
    http: null,
    window: { claim: async () => () => undefined, hold: async () => null },
    hasRoom: async () => true,
    draw: () => Promise.reject(new Error("nothing is drawn here")),
    // There is nobody else whose words would be looked at.
    decoder: { sift: async (_base, suspects) => suspects.map(() => true), stop: () => undefined },
  };
}
