/** Working offline and new versions, as signals. An update is offered and never forced: taking it seals and locks first. */
import { signal } from "@preact/signals";
import type { ScriptAddress, Updates } from "../sw/page/updates.ts";
import { lock } from "./lock.ts";

/** True from the moment Lomme opens without a network. */
const worksOffline = signal(false);
export const updateOffered = signal(false);

let updates: Updates | null = null;

/** Registers the service worker; call it when the first screen stands. */
export async function followUpdates(trusted: (url: string) => ScriptAddress): Promise<void> {
  const { startUpdates } = await import("../sw/page/updates.ts");
  updates = await startUpdates(trusted, {
    offlineReady: () => {
      worksOffline.value = true;
    },
    update: () => {
      updateOffered.value = true;
    },
    unavailable: () => {
      worksOffline.value = false;
    },
  });
}

/** Takes the waiting version: it takes over, then this page locks, which loads it anew. */
export async function takeUpdate(): Promise<void> {
  await updates?.takeUpdate();
  await lock();
}
