/**
 * What is chosen during the first run, until the pocket stands. It lives in memory: a page that is closed before that
 * starts again, and nothing of it is left.
 */
import { signal } from "@preact/signals";
import { country, language } from "./language.ts";
import { createPocket, type Refusal, stitch } from "./session.ts";
import type { Look, PocketColour, Role, WayInSecret } from "./types.ts";
import { vault } from "./vault.ts";

export const role = signal<Role>("child");
export const chosenLook = signal<Look>("middle");
export const chosenColour = signal<PocketColour>("denim");

/** The seven pictures that were drawn; empty before. */
export const pictures = signal<readonly number[]>([]);
/** One re-roll: choosing among many draws would make codes easier to guess. */
export const mayDrawAgain = signal(true);

/** Seven pictures for a code, drawn by the app. */
export const drawSevenPictures = (): Promise<readonly number[]> => vault().drawPictures();

/** Draws the pictures unless they are there already: going back and forth doesn't draw anew. */
export async function drawPictures(): Promise<void> {
  if (pictures.value.length === 0) pictures.value = await drawSevenPictures();
}

export async function drawAgain(): Promise<void> {
  if (!mayDrawAgain.value) return;
  mayDrawAgain.value = false;
  pictures.value = await drawSevenPictures();
}

/** Makes the pocket from what was chosen; takes about a second. @returns null when it stands and is open */
export async function makePocket(wayIn: WayInSecret): Promise<Refusal | null> {
  const refusal = await createPocket({
    role: role.value,
    colour: chosenColour.value,
    stitch: stitch.value,
    language: language.value,
    country: country.value,
    look: role.value === "child" ? chosenLook.value : "quiet",
    wayIn,
  });
  if (refusal === null) pictures.value = [];
  return refusal;
}
