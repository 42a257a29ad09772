/** How sending goes, for those screens that say so: nothing while it goes as it should, a sentence when it doesn't. */
import { signal } from "@preact/signals";
import type { SyncState } from "../vault/api.ts";
import { onVaultEvent, vault } from "./vault.ts";

const state = signal<SyncState>({ connection: "off", unsent: 0, problem: null, catchingUp: null });
let asked = false;

onVaultEvent((event) => {
  if (event.type === "sync") state.value = event.state;
});

/** The latest state; the first call asks the vault for it. */
export const syncState = (): SyncState => {
  if (!asked) {
    asked = true;
    void vault()
      .syncState()
      .then(
        (now) => {
          state.value = now;
        },
        () => undefined,
      );
  }
  return state.value;
};
