/** A pocket's database, being opened while its code is derived: that takes a second, and neither needs the other. */
import type { Shelf, VaultStore } from "./ports.ts";

export interface StoreUnderWay {
  /** The store is the caller's from here on. @throws StoreError */
  take(): Promise<VaultStore>;
  /** Closes it unless it was taken. */
  end(): void;
}

export function beginOpening(
  shelf: Pick<Shelf, "openStore">,
  pocket: string,
  onClosed: () => Promise<void>,
): StoreUnderWay {
  const store = shelf.openStore(pocket, onClosed);
  let taken = false;
  store.catch(() => undefined); // Said when it is taken.
  return {
    take: () => {
      taken = true;
      return store;
    },
    end: () => {
      if (!taken) void store.then((one) => one.close()).catch(() => undefined);
    },
  };
}
