/** Makes a pocket of the asked size in this browser, through the vault and onto the real disk. Answers with what it made. */
import { readBurn, writeBurn } from "../../client/storage/burn-file.ts";
import { openShelf } from "../../client/storage/shelf.ts";
import type { DrawnPicture } from "../../client/vault/picture.ts";
import { ready } from "../../crypto/sodium.ts";
import type { Burn } from "../../crypto/types.ts";
import { createKdfParams, deriveCodeSeed, KDF_FLOOR } from "../../crypto/unlocking.ts";
import type { LifeOptions } from "./life.ts";
import { makeRealisticPocket } from "./make.ts";
import { drawScene } from "./scene.ts";
import { CODE } from "./sizes.ts";

async function fill(life: LifeOptions) {
  await ready();
  const params = createKdfParams(KDF_FLOOR);
  const drawn = new Map<number, Promise<DrawnPicture>>();
  const draw = (scene: number): Promise<DrawnPicture> => {
    const known = drawn.get(scene) ?? drawScene(scene);
    drawn.set(scene, known);
    return known;
  };
  return makeRealisticPocket(
    {
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
      room: async () => null,
      draw: () => Promise.reject(new Error("nothing is drawn here")),
      // There is nobody else whose words would be looked at.
      decoder: { sift: async (_base, suspects) => suspects.map(() => true), stop: () => undefined },
    },
    {
      role: "child",
      colour: "denim",
      stitch: "dash",
      language: "da",
      country: "dk",
      look: "middle",
      wayIn: { kind: "pictures", pictures: CODE },
    },
    life,
    draw,
  );
}

self.onmessage = ({ data }: MessageEvent<LifeOptions>) => {
  fill(data).then(
    (made) => self.postMessage({ made }),
    (error: unknown) =>
      self.postMessage({ error: error instanceof Error ? `${error.name}: ${error.stack}` : String(error) }),
  );
};
