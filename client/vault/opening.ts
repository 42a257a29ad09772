/**
 * What is done while a pocket's code is derived, which takes a second and needs nothing of it: the place of the one window is
 * held where nobody has it, the database is opened, and its small table of keys is read, sealed: the newest things lie there, too.
 * So nothing is waited for once the code is there, and nothing comes from the disk.
 */
import type { Held, OneWindow } from "./one-window.ts";
import type { Shelf, VaultStore } from "./ports.ts";
import { readAhead } from "./read-ahead.ts";

export interface Opening {
  /** This is the one window from here on. @throws VaultFailure busy-elsewhere */
  claim(asked: () => Promise<void>): Promise<() => void>;
  /** After `claim`: the store is the caller's. @throws StoreError */
  take(): Promise<VaultStore>;
  /** Lets go of what was not claimed or taken. */
  end(): void;
}

export function beginOpening(
  { shelf, window }: { readonly shelf: Pick<Shelf, "openStore">; readonly window: OneWindow },
  pocket: string,
  onClosed: () => Promise<void>,
): Opening {
  const store = shelf.openStore(pocket, onClosed);
  const holding: Promise<Held | null> = window.hold().catch(() => null);
  // Read only while nobody else can write; otherwise when this is the one window.
  const ahead = Promise.all([store, holding])
    .then(([raw, held]) => (held === null ? null : readAhead(raw, "keyring")))
    .catch(() => null);
  let isHeld = false;
  let isTaken = false;
  store.catch(() => undefined); // Said when it is taken.
  return {
    claim: async (asked) => {
      const letGo = (await holding)?.enter(asked) ?? null;
      isHeld = letGo !== null;
      return letGo ?? window.claim(asked);
    },
    take: async () => {
      isTaken = true;
      return (isHeld && (await ahead)) || store;
    },
    end: () => {
      if (!isHeld) void holding.then((held) => held?.end());
      if (!isTaken) void store.then((one) => one.close()).catch(() => undefined);
    },
  };
}
