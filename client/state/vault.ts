/**
 * The page's end of the vault worker: starts it, calls it, hears it. One worker lives for one unlock; ending it is how
 * keys leave memory, so there is no way back from `endVault` but a new page.
 */
import { signal } from "@preact/signals";
import { proxy, type Remote, wrap } from "comlink";
import type { VaultApi, VaultError, VaultErrorCode, VaultEvent } from "../vault/api.ts";

let worker: Worker | null = null;
let remote: Remote<VaultApi> | null = null;
const listeners = new Set<(event: VaultEvent) => void>();

/** True when the worker could not be started or ended by itself: the page can only be loaded anew. */
export const vaultBroken = signal(false);

/** How to start the worker, until it was started: after `endVault` there is no way back. */
let starter: (() => Worker) | null = null;
let listening: Promise<void> = Promise.resolve();

/** Says how the worker is started; nothing is loaded yet. */
export function prepareVault(start: () => Worker): void {
  starter = start;
}

/** Starts the worker, unless it was; its crypto loads while the first screen is drawn. */
export function startVault(): Promise<void> {
  if (starter !== null) {
    listening = listen(starter());
    starter = null;
  }
  return listening;
}

async function listen(started: Worker): Promise<void> {
  worker = started;
  worker.addEventListener("error", () => {
    vaultBroken.value = true;
  });
  remote = wrap<VaultApi>(worker);
  await remote.listen(
    proxy((event: VaultEvent) => {
      for (const listener of listeners) listener(event);
    }),
  );
}

/** The vault's API; every call is a promise that may reject with a `VaultError`. Who asks first starts it. */
export function vault(): Remote<VaultApi> {
  void startVault().catch(() => undefined);
  if (!remote) throw new Error("the vault was asked before it was prepared, or after its end");
  return remote;
}

/** Ends the worker at once: keys and opened content are dropped with it. */
export function endVault(): void {
  worker?.terminate();
  worker = null;
  remote = null;
}

/** Hears the vault's events; returns how to stop. */
export function onVaultEvent(listener: (event: VaultEvent) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The vault's code for a refused call, or "failed" for anything that has none. */
export const vaultCode = (error: unknown): VaultErrorCode => asVaultError(error)?.code ?? "failed";

export function asVaultError(error: unknown): VaultError | null {
  const candidate = error as Partial<VaultError> | null;
  return candidate?.name === "VaultError" && typeof candidate.code === "string" ? (candidate as VaultError) : null;
}
