/** The second code: which entries it may show, making it and turning it off. */
import type { Code } from "./code-again.ts";
import { refusalOf } from "./code-again.ts";
import { createLiveList } from "./live-list.ts";
import type { Refusal } from "./session.ts";
import type { Summary } from "./types.ts";
import { vault } from "./vault.ts";

/** Whether there is one on this device, and what is marked. */
export const sideState = createLiveList((from) => from.sideState(), ["side"]);

export async function letSee(document: Summary["document"], seen: boolean): Promise<void> {
  await vault().letSee(document, seen);
  await sideState.refresh();
}

/** @returns null when it stands. The code must have been given again before. */
export const setSideCode = (code: Code): Promise<Refusal | null> => refusalOf(() => vault().setSideCode(code));
export const endSide = (): Promise<void> => vault().endSide();
