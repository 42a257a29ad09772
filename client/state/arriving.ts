/** Coming to one's pocket on a browser that has not got it: with the card, or with another device. */
import type { Code } from "./code-again.ts";
import { refusalOf } from "./code-again.ts";
import { country, language, look } from "./language.ts";
import { enter, type Refusal, stitch } from "./session.ts";
import type { DeviceAbout, DeviceKind, NewHere, RestoreStep } from "./types.ts";
import { vault } from "./vault.ts";

/** @throws VaultError card-rows (with the rows), card-unknown, card-ended, offline, slow-down */
export const restore = (rows: readonly (readonly number[])[]): Promise<RestoreStep> => vault().restore(rows);

/** @throws VaultError link-broken, link-expired, link-used, offline */
export const takeLink = (payload: string, about: DeviceAbout): Promise<void> => vault().takeLink(payload, about);

const newHere = (code: Code, about: DeviceAbout): NewHere => ({
  colour: "denim",
  stitch: stitch.value,
  language: language.value,
  country: country.value,
  look: look.value,
  wayIn: code,
  device: about,
});

/** @returns null when the pocket stands here and is open */
export const finishRestore = (code: Code, about: DeviceAbout): Promise<Refusal | null> =>
  refusalOf(async () => {
    await vault().finishRestore(newHere(code, about));
    enter(await vault().cover());
  });

/** @returns null when the pocket stands here and is open */
export const finishLink = (code: Code, about: DeviceAbout): Promise<Refusal | null> =>
  refusalOf(async () => {
    await vault().finishLink(newHere(code, about));
    enter(await vault().cover());
  });

/** What this device is, as far as a browser tells; the person may say otherwise. */
export const guessKind = (): DeviceKind => {
  if (!matchMedia("(pointer: coarse)").matches) return "computer";
  return Math.min(screen.width, screen.height) < 600 ? "phone" : "tablet";
};
