/**
 * "Gemt her" of one open document. The vault says `saved: false` when an edit has come in and `saved: true` after the
 * strict commit; the page adds what it knows first: that a letter was just typed.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { DocumentTag } from "../documents/kinds.ts";
import type { VaultEvent } from "../vault/api.ts";

export type SavedState = "saving" | "saved" | "problem";

/** A letter may be on its way while the vault says "saved" of the one before: only after this silence is it true. */
const SETTLE_MS = 40;
/** The commit takes at most 300 ms; after this long something is wrong, and the person should know. */
const PROBLEM_MS = 4_000;

export interface SavedWatch {
  readonly state: ReadonlySignal<SavedState>;
  /** The page made an edit. */
  edited(): void;
  stop(): void;
}

export const watchSaved = (
  document: DocumentTag,
  listen: (listener: (event: VaultEvent) => void) => () => void,
): SavedWatch => {
  const state = signal<SavedState>("saved");
  let settle: ReturnType<typeof setTimeout> | undefined;
  let problem: ReturnType<typeof setTimeout> | undefined;

  const wait = (): void => {
    clearTimeout(settle);
    if (state.value === "saved") state.value = "saving";
    problem ??= setTimeout(() => {
      state.value = "problem";
    }, PROBLEM_MS);
  };
  const stopListening = listen((event) => {
    if (event.type !== "saved" || event.document !== document) return;
    if (!event.saved) {
      wait();
      return;
    }
    clearTimeout(settle);
    settle = setTimeout(() => {
      clearTimeout(problem);
      problem = undefined;
      state.value = "saved";
    }, SETTLE_MS);
  });
  return {
    state,
    edited: wait,
    stop: () => {
      clearTimeout(settle);
      clearTimeout(problem);
      stopListening();
    },
  };
};
