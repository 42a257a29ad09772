/**
 * Composition root of the vault worker: storage, clock, KDF, pictures, one live window; and the API for the page. Keys
 * live here only, and end with the worker.
 */
import { expose, transfer } from "comlink";
import { ready } from "../crypto/sodium.ts";
import type { Burn } from "../crypto/types.ts";
import decodeWorkerUrl from "./decode-worker.ts?worker&url";
import kdfWorkerUrl from "./kdf-worker.ts?worker&url";
import { readBurn, writeBurn } from "./storage/burn-file.ts";
import { createReserve } from "./storage/reserve.ts";
import { hasRoom } from "./storage/room.ts";
import { openShelf } from "./storage/shelf.ts";
import { createTransport } from "./transport/transport.ts";
import type { VaultApi } from "./vault/api.ts";
import { connectPocket } from "./vault/connected.ts";
import { createDecoder } from "./vault/decoder.ts";
import { toVaultError } from "./vault/failure.ts";
import { createKdfInWorker } from "./vault/kdf-in-worker.ts";
import { createOneWindow } from "./vault/one-window.ts";
import { drawPicture } from "./vault/picture.ts";
import type { Clock } from "./vault/ports.ts";
import { createVault } from "./vault/vault.ts";

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/** The worker's own Trusted Types policy: scripts of our origin, nothing else. */
function ownScript(url: string): string {
  const address = new URL(url, self.location.href);
  if (address.origin !== self.location.origin) throw new TypeError("only scripts of our own origin start here");
  return address.href;
}
const factory = (self as { trustedTypes?: PolicyFactory }).trustedTypes;
const policy = factory?.createPolicy("lomme", { createScriptURL: ownScript }) ?? { createScriptURL: ownScript };

const clock: Clock = {
  now: () => Date.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

const transport = createTransport(self.location.origin, { clock });

/** The browser says that there is net again. */
function onNudge(call: () => void): () => void {
  self.addEventListener("online", call);
  return () => self.removeEventListener("online", call);
}

async function start(): Promise<VaultApi> {
  const reserve = createReserve();
  const [shelf] = await Promise.all([openShelf(reserve), ready()]);
  return createVault({
    shelf,
    reserve,
    clock,
    kdf: createKdfInWorker(() => new Worker(policy.createScriptURL(kdfWorkerUrl), { type: "module" }), clock),
    burn: { read: async (pocket) => (await readBurn(pocket)) as readonly Burn[], write: writeBurn },
    window: createOneWindow(navigator.locks, () => new BroadcastChannel("lomme-vault")),
    draw: drawPicture,
    http: transport.http,
    decoder: createDecoder(() => new Worker(policy.createScriptURL(decodeWorkerUrl), { type: "module" }), clock),
    hasRoom,
    connect: (pocket) => connectPocket(pocket, { transport, random: Math.random, onNudge }),
  });
}

const starting = start();

/** Calls wait for the start; the message port must be listened to before anything is awaited. */
const api = new Proxy({} as VaultApi, {
  get: (_target, name) => {
    if (name === "openDocument") {
      return async (...args: Parameters<VaultApi["openDocument"]>) => {
        const opened = await (await started()).openDocument(...args);
        return transfer(opened, [opened.port]);
      };
    }
    return async (...args: never[]) => {
      const call = (await started())[name as keyof VaultApi] as (...args: never[]) => unknown;
      return call(...args);
    };
  },
});

async function started(): Promise<VaultApi> {
  try {
    return await starting;
  } catch (error) {
    throw toVaultError(error);
  }
}

expose(api);
