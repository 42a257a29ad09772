/** What a vault in a test's worker is made of, on the browser's real storage: the product's own but for the network, the decoder and the KDF's cost. */
import { readBurn, writeBurn } from "../../client/storage/burn-file.ts";
import { openShelf } from "../../client/storage/shelf.ts";
import type { VaultDeps } from "../../client/vault/vault.ts";
import type { Burn } from "../../crypto/types.ts";
import { createKdfParams, deriveCodeSeed, KDF_FLOOR } from "../../crypto/unlocking.ts";

export async function browserParts(): Promise<Omit<VaultDeps, "connect">> {
  const params = createKdfParams(KDF_FLOOR);
  return {
    shelf: await openShelf(),
    clock: {
      now: () => Date.now(),
      after: (ms, call) => {
        const timer = setTimeout(call, ms);
        return () => clearTimeout(timer);
      },
    },
    // At the floor: what the KDF takes is taken out of every figure.
    kdf: {
      calibrate: async (secret) => ({ seed: deriveCodeSeed(secret, params), params }),
      derive: async (secret, given) => deriveCodeSeed(secret, given),
    },
    burn: { read: async (pocket) => (await readBurn(pocket)) as readonly Burn[], write: writeBurn },
    http: null,
    window: { claim: async () => () => undefined },
    hasRoom: async () => true,
    draw: () => Promise.reject(new Error("nothing is drawn here")),
    // There is nobody else whose words would be looked at.
    decoder: { sift: async (_base, suspects) => suspects.map(() => true), stop: () => undefined },
  };
}
