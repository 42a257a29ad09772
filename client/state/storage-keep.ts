/**
 * Asking the browser to keep what is here also when the disk runs low (`navigator.storage.persist()`). Chromium and Safari
 * decide by themselves, by how much a site is used; Firefox asks the person. So nobody is asked before there is something to
 * keep and somebody who came back for it: at an opening, at most once in thirty days; and by a button in the settings.
 */
import { signal } from "@preact/signals";
import { vault } from "./vault.ts";

/** null: not known yet, or the browser has no word for it. */
export const isKept = signal<boolean | null>(null);

const read = async (): Promise<boolean | null> => {
  const kept = await navigator.storage?.persisted?.().catch(() => undefined);
  return kept ?? null;
};

export async function readKept(): Promise<void> {
  isKept.value = await read();
}

/** By the person's own wish. @returns whether it is kept now */
export async function askToKeep(): Promise<boolean> {
  const kept = (await navigator.storage?.persist?.().catch(() => false)) ?? false;
  isKept.value = kept;
  return kept;
}

/** After an opening: asks where it may, and not again for a while. Never fails. */
export async function askToKeepQuietly(): Promise<void> {
  try {
    await readKept();
    if (isKept.value !== false || !(await vault().maySpeakOf("keep"))) return;
    // Said no for good: asking again would change nothing.
    const answer = await navigator.permissions?.query({ name: "persistent-storage" }).catch(() => null);
    if (answer?.state === "denied") return;
    await vault().spokeOf("keep");
    await askToKeep();
  } catch {
    // Locked meanwhile, or a browser without permissions: nothing was asked.
  }
}
