/**
 * How far sending has got, where it takes longer than a second: after an import, after days without net, or when a server
 * lost what it had and gets it again. Counted while a screen shows it: what waited then, and how much of that has gone.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { SyncState, VaultEvent } from "../vault/api.ts";
import { onVaultEvent, vault } from "./vault.ts";

/** What is over sooner nobody can read. */
const LONG_MS = 1_000;

interface Sending {
  readonly done: number;
  readonly total: number;
}

type Told = Pick<SyncState, "connection" | "unsent">;

/** The vault of this page; tests give their own. */
const ours = {
  state: (): Promise<Told> => vault().syncState(),
  listen: (listener: (event: VaultEvent) => void): (() => void) => onVaultEvent(listener),
};

export interface SendingList {
  /** Null while nothing is being sent, and in the first second of it. */
  readonly value: ReadonlySignal<Sending | null>;
  hold(): () => void;
}

export function createSending(from = ours): SendingList {
  const value = signal<Sending | null>(null);

  const hold = (): (() => void) => {
    let [total, left] = [0, 0];
    let isLong = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;

    const show = (): void => {
      value.value = isLong && left > 0 ? { done: total - left, total } : null;
    };
    const end = (): void => {
      clearTimeout(timer);
      timer = undefined;
      [total, left, isLong] = [0, 0, false];
      show();
    };
    const take = ({ connection, unsent }: Told): void => {
      if (stopped) return;
      // Without net nothing moves, and a bar that stands still says that something is wrong.
      if (connection !== "on" || unsent === 0) {
        end();
        return;
      }
      timer ??= setTimeout(() => {
        isLong = true;
        show();
      }, LONG_MS);
      total += Math.max(0, unsent - left); // More was written meanwhile.
      left = unsent;
      show();
    };

    const stop = from.listen((event) => {
      if (event.type === "sync") take(event.state);
    });
    void from.state().then(take, () => undefined);
    return () => {
      stop();
      end();
      stopped = true;
    };
  };
  return { value, hold };
}

export const sending: SendingList = createSending();
