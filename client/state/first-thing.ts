/** The first thing put into a new pocket: a mood or a photo, kept without a letter being typed. */
import type { DocumentTag } from "../documents/kinds.ts";
import { sealAfter } from "./before-sealing.ts";
import { createEntry, openEntry } from "./entry.ts";
import { vault } from "./vault.ts";

const waitAtMostMs = 10_000;

/** Makes an entry, lets `put` fill it, and resolves when the vault has committed it. @throws VaultError */
async function keep(put: (entry: ReturnType<typeof openEntry>) => Promise<void> | void): Promise<DocumentTag> {
  const document = await createEntry("entry");
  const entry = openEntry(document);
  try {
    await until((done) => entry.ready.subscribe((ready) => ready && done()));
    await put(entry);
    await until((done) => entry.saved.subscribe((state) => state === "saved" && done()));
    return document;
  } finally {
    entry.close();
  }
}

export const keepMood = (mood: string): Promise<DocumentTag> => keep((entry) => entry.toggleMood(mood));
export const keepPhoto = (photo: Blob): Promise<DocumentTag> =>
  sealAfter(
    keep(async (entry) => {
      // Originals are the child's choice, and nobody has asked yet.
      await entry.addPhoto(photo, false);
    }),
  );

function until(listen: (done: () => void) => () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let stop: (() => void) | undefined;
    const timer = setTimeout(() => {
      stop?.();
      reject(new Error("the vault did not answer"));
    }, waitAtMostMs);
    let over = false;
    stop = listen(() => {
      over = true;
      clearTimeout(timer);
      stop?.();
      resolve();
    });
    // A signal calls back at once with its present value, before there is anything to stop.
    if (over) stop();
  });
}

/** An entry for a voice: it stays out of the lists until something stands in it, and is never taken away here. */
export const beginVoice = (): Promise<DocumentTag> => createEntry("entry");

/** Whether it holds a recording that is committed; waits a little for one that is being ended. */
export async function isVoiceKept(document: DocumentTag): Promise<boolean> {
  for (let tries = 0; tries < 15; tries += 1) {
    const [summary] = await vault().summaries([document]);
    if (summary !== undefined && summary.sounds + summary.videos > 0) return true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return false;
}
