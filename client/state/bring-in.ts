/** Bringing in a copy of Lomme's, or one of Day One. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { countsAsUse } from "./lock.ts";
import type { BroughtIn, VaultErrorCode } from "./types.ts";
import { onVaultEvent, vault, vaultCode } from "./vault.ts";

export type { BroughtIn };

export interface Bringing {
  /** Documents that have come, and that there are; total 0 while nothing is known. */
  readonly far: ReadonlySignal<{ readonly done: number; readonly total: number }>;
  /** What came of it, or why it ended. What was in by then stays. */
  readonly end: Promise<BroughtIn | VaultErrorCode>;
  /** After the entry that is in hand. */
  stop(): Promise<void>;
}

/** `words`: as they were typed, for a file that is sealed with some. */
export function bringIn(file: Blob, words: string | null): Bringing {
  const far = signal({ done: 0, total: 0 });
  const noLongerUsed = countsAsUse();
  const stopListening = onVaultEvent((event) => {
    if (event.type === "bringing-in") far.value = { done: event.done, total: event.total };
  });
  const run = async (): Promise<BroughtIn | VaultErrorCode> => {
    try {
      return await vault().bringIn(file, words);
    } catch (error) {
      return vaultCode(error);
    } finally {
      stopListening();
      noLongerUsed();
    }
  };
  return { far, end: run(), stop: () => vault().endBringingIn() };
}
