/**
 * A list that the vault keeps and a screen shows: asked for when a screen comes that shows it, and again whenever the
 * vault says that it changed, for as long as one does (the timeline changes with every letter that is typed). While an
 * answer is on its way the old one stays on the screen.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { VaultApi, VaultEvent } from "../vault/api.ts";
import { firstFrames } from "./first-frames.ts";
import { onVaultEvent, vault } from "./vault.ts";

type Changed = Extract<VaultEvent, { type: "changed" }>["what"];
/** Comlink's remote has the same methods, and each gives a promise as they do already. */
type Ask<T> = (from: Pick<VaultApi, keyof VaultApi>) => Promise<T>;

export interface LiveList<T> {
  /** Null until the first answer. */
  readonly value: ReadonlySignal<T | null>;
  /** True when the last question failed: the old answer may be out of date. */
  readonly failed: ReadonlySignal<boolean>;
  /** Asks again. Never throws: `failed` says it. */
  refresh(): Promise<void>;
  /** An answer that came unasked. */
  give(answer: T): void;
  /** Asks, and keeps the list up to date until what it returns is called. */
  hold(): () => void;
}

/** The vault of this page; tests give their own. */
const ours = { vault: (): Parameters<Ask<unknown>>[0] => vault(), listen: onVaultEvent, drawing: firstFrames };

export const createLiveList = <T>(ask: Ask<T>, whenChanged: readonly Changed[], from = ours): LiveList<T> => {
  const value = signal<T | null>(null);
  const failed = signal(false);
  let holders = 0;
  let asking: Promise<void> | null = null;
  let again = false;

  const run = async (): Promise<void> => {
    do {
      again = false;
      try {
        value.value = await ask(from.vault());
        failed.value = false;
      } catch {
        failed.value = true;
      }
    } while (again);
  };
  const refresh = (): Promise<void> => {
    // One question at a time: events that come while it runs are answered by one more.
    if (asking !== null) {
      again = true;
      return asking;
    }
    asking = run().finally(() => {
      asking = null;
    });
    return asking;
  };
  from.listen((event) => {
    if (holders > 0 && event.type === "changed" && whenChanged.includes(event.what)) void refresh();
  });
  const hold = (): (() => void) => {
    holders += 1;
    const drawing = from.drawing();
    if (drawing === null) void refresh();
    else void drawing.then(() => (holders > 0 ? refresh() : undefined));
    let held = true;
    return () => {
      if (held) holders -= 1;
      held = false;
    };
  };
  const give = (answer: T): void => {
    value.value = answer;
  };
  return { value, failed, refresh, give, hold };
};
