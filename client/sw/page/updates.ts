/**
 * The page's half of the service worker: registers it, says when the app works offline, and offers an update without
 * forcing one. Free of signals: client/state turns the callbacks into what a screen shows.
 *
 * Load it after the first screen is drawn (`await import(…)`): storing the build competes for the same network.
 * The plain browser interface does all of this; a library would guess, by time, whose update it sees.
 */
import { TAKE_OVER } from "../messages.ts";

/** A TrustedScriptURL where the browser has them (TypeScript's DOM library doesn't know the type yet). */
export type ScriptAddress = string | URL;

/**
 * - `offered`: a new version is stored and waits. Nothing changes until `takeUpdate` is called.
 * - `replaced`: another window took the new version. This page goes on as it is, but parts it hasn't loaded yet may be
 *   gone; offer to load it again when it suits (after sealing what is being written).
 */
export type UpdateState = "offered" | "replaced";

export interface UpdateListener {
  /** From now on the app opens without a network. Called once. */
  readonly offlineReady: () => void;
  readonly update: (state: UpdateState) => void;
  /** Lomme still works, but only with a network: private mode, a full disk, a browser without service workers. */
  readonly unavailable: () => void;
}

export interface Updates {
  /** Lets the waiting version take over. Resolves when it has: then seal, and load the page again. */
  takeUpdate(): Promise<void>;
  /** Asks the server for a new version now; otherwise the browser asks at each start. Quiet without a network. */
  look(): Promise<void>;
}

const NO_UPDATES: Updates = { takeUpdate: async () => {}, look: async () => {} };

/**
 * Registers /sw.js.
 * @param scriptAddress the page's Trusted Types policy: `(url) => policy.createScriptURL(url)`
 */
export async function startUpdates(
  scriptAddress: (url: string) => ScriptAddress,
  listener: UpdateListener,
): Promise<Updates> {
  const container = navigator.serviceWorker;
  // Absent in some private modes and on plain http, whatever the type says.
  if (!container) {
    listener.unavailable();
    return NO_UPDATES;
  }
  let asked = false;
  let controlled = container.controller !== null;
  container.addEventListener("controllerchange", () => {
    if (controlled && !asked) listener.update("replaced");
    if (!controlled) listener.offlineReady();
    controlled = true;
  });
  // Outside the catch below: a policy that refuses is a mistake of ours, not a browser without service workers.
  const address = scriptAddress("/sw.js");
  let registration: ServiceWorkerRegistration;
  try {
    // `none`: the browser's HTTP cache never answers for the worker's own script.
    registration = await container.register(address, { updateViaCache: "none" });
  } catch {
    listener.unavailable();
    return NO_UPDATES;
  }
  if (controlled) listener.offlineReady();
  offerWaiting(registration, () => controlled && listener.update("offered"));
  return {
    takeUpdate: async () => {
      const waiting = registration.waiting;
      if (!waiting) return;
      asked = true;
      const taken = new Promise<void>((resolve) => {
        container.addEventListener("controllerchange", () => resolve(), { once: true });
      });
      waiting.postMessage(TAKE_OVER);
      await taken;
    },
    look: async () => {
      await registration.update().catch(() => {});
    },
  };
}

/** Calls `offer` for the version that waits already, and for each one that comes to wait while this page is open. */
function offerWaiting(registration: ServiceWorkerRegistration, offer: () => void): void {
  if (registration.waiting) offer();
  const watch = (worker: ServiceWorker | null): void => {
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed" && registration.waiting === worker) offer();
    });
  };
  watch(registration.installing);
  registration.addEventListener("updatefound", () => watch(registration.installing));
}
