/** Makes a pocket of the asked size in this browser, through the vault and onto the real disk. Answers with what it made. */
import type { DrawnPicture } from "../../client/vault/picture.ts";
import { ready } from "../../crypto/sodium.ts";
import { browserParts } from "./browser-parts.ts";
import type { LifeOptions } from "./life.ts";
import { makeRealisticPocket } from "./make.ts";
import { drawScene } from "./scene.ts";
import { CODE } from "./sizes.ts";

/** What is asked for; `kdfMs`: what the code's KDF shall take, at its floor without. */
export type FillQuestion = LifeOptions & { readonly kdfMs?: number };

async function fill({ kdfMs, ...life }: FillQuestion) {
  await ready();
  const drawn = new Map<number, Promise<DrawnPicture>>();
  const draw = (scene: number): Promise<DrawnPicture> => {
    const known = drawn.get(scene) ?? drawScene(scene);
    drawn.set(scene, known);
    return known;
  };
  return makeRealisticPocket(
    await browserParts(kdfMs),
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

self.onmessage = ({ data }: MessageEvent<FillQuestion>) => {
  fill(data).then(
    (made) => self.postMessage({ made }),
    (error: unknown) =>
      self.postMessage({ error: error instanceof Error ? `${error.name}: ${error.stack}` : String(error) }),
  );
};
