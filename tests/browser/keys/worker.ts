/**
 * The vault worker as it is served, but for one thing: it hands out the keys of the open pocket, so that a test can look for
 * them on the disk. Never part of the product; at-rest-keys.spec.ts shows that the served worker has no such hook.
 */
import { expose, transfer } from "comlink";
import kdfWorkerUrl from "../../../client/kdf-worker.ts?worker&url";
import { createPolicy } from "../../../client/state/policy.ts";
import { readBurn, writeBurn } from "../../../client/storage/burn-file.ts";
import { openShelf } from "../../../client/storage/shelf.ts";
import { createTransport } from "../../../client/transport/transport.ts";
import { connectPocket } from "../../../client/vault/connected.ts";
import { createKdfInWorker } from "../../../client/vault/kdf-in-worker.ts";
import { createOneWindow } from "../../../client/vault/one-window.ts";
import { drawPicture } from "../../../client/vault/picture.ts";
import type { Pocket } from "../../../client/vault/pocket.ts";
import type { Clock } from "../../../client/vault/ports.ts";
import { createVault } from "../../../client/vault/vault.ts";
import { fromBase64Url, ready, toHex } from "../../../crypto/sodium.ts";
import type { Burn } from "../../../crypto/types.ts";

/** Name → 32 bytes as hex. Of an Ed25519 private key the first 32 bytes: the rest is public. */
export type HandedOutKeys = Readonly<Record<string, string>>;

async function keysOf(pocket: Pocket): Promise<HandedOutKeys> {
  const { identity, box, device, mediaRoot } = pocket.keyring.me;
  const keys: Record<string, Uint8Array> = {
    vault: pocket.vaultKey,
    identity: identity.privateKey,
    box: box.seed,
    device: device.privateKey,
    deviceBox: device.box.seed,
    mediaRoot,
  };
  for (const { kind, space, epochs, author, ownerPrivate } of pocket.keyring.spaces()) {
    for (const { epoch, seed } of epochs) {
      keys[`${kind} seed ${epoch}`] = seed;
      const ladder = pocket.keyring.ladder(space, epoch);
      if (ladder !== null) keys[`${kind} content ${epoch}`] = ladder.contentKey;
    }
    keys[`${kind} author`] = author.privateKey;
    if (ownerPrivate !== null) keys[`${kind} owner`] = ownerPrivate;
  }
  const doors = await pocket.store.read<readonly { seed: Uint8Array }[]>("keyring", ["door-keys"], "now");
  for (const [at, { seed }] of (doors ?? []).entries()) keys[`door ${at}`] = seed;
  for (const { value } of await pocket.store.list<{ name: string; json: string }>("spaces", ["shared"])) {
    const pair = /"pairKey":\{"\$b":"([\w-]+)"\}/.exec(value.json)?.[1];
    if (pair !== undefined) keys.pair = fromBase64Url(pair);
  }
  return Object.fromEntries(Object.entries(keys).map(([name, bytes]) => [name, toHex(bytes.slice(0, 32))]));
}

const policy = createPolicy();
const clock: Clock = {
  now: () => Date.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};
const starting = (async () => {
  const [shelf] = await Promise.all([openShelf(), ready()]);
  return createVault({
    shelf,
    clock,
    kdf: createKdfInWorker(() => new Worker(policy.createScriptURL(kdfWorkerUrl) as string, { type: "module" }), clock),
    burn: { read: async (pocket) => (await readBurn(pocket)) as readonly Burn[], write: writeBurn },
    window: createOneWindow(navigator.locks, () => new BroadcastChannel("lomme-vault")),
    draw: drawPicture,
    http: createTransport(location.origin).http,
    decoder: { sift: async (_base, suspects) => suspects.map(() => true), stop: () => undefined },
    hasRoom: async () => true,
    connect: async (pocket) => {
      Object.assign(globalThis, { handOutKeys: () => keysOf(pocket) });
      return connectPocket(pocket, {
        transport: createTransport(location.origin),
        random: Math.random,
        onNudge: () => () => undefined,
      });
    },
  });
})();

type Call = (...args: unknown[]) => Promise<unknown>;
expose(
  new Proxy({} as Record<string, Call>, {
    get:
      (_target, name) =>
      async (...args: unknown[]) => {
        const api = (await starting) as unknown as Record<string, Call>;
        const answer = await api[name as string]?.(...args);
        const port = (answer as { readonly port?: unknown } | null | undefined)?.port;
        return port instanceof MessagePort ? transfer(answer, [port]) : answer;
      },
  }),
);
