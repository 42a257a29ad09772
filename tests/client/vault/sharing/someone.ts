/** People whose vaults are connected to a real server, and the two steps most stories begin with. */
import { createTransport } from "../../../../client/transport/transport.ts";
import type { NewPocket, PersonId, ShareId, VaultApi } from "../../../../client/vault/api.ts";
import { type Transport, TransportError, type Wire } from "../../../../client/vault/ports.ts";
import type { DocumentTag } from "../../../../crypto/types.ts";
import type { TestServer } from "../../../browser/harness/server.ts";
import { connectOver } from "../connect-over.ts";
import { CHILD, Device, PICTURES, until } from "../device.ts";
import { openPage, type } from "../page.ts";

/** Longer than any step takes on a slow machine. */
export const SOON = 20_000;

/** A vault on a device that can be put into flight mode. */
export class Someone {
  readonly device: Device;
  readonly #server: TestServer;
  vault: VaultApi;
  #flight: boolean;
  #pocket: Parameters<VaultApi["unlock"]>[0] | null = null;
  readonly #wires = new Set<() => void>();
  /** Calls whose next answer is lost: the server did what was asked. */
  readonly losing = new Set<keyof Transport["http"]>();
  readonly #nudges = new Set<() => void>();

  private constructor(device: Device, server: TestServer) {
    this.device = device;
    this.#server = server;
    this.#flight = false;
    const transport = this.#transport();
    connectOver(device, transport, {
      onNudge: (call) => {
        this.#nudges.add(call);
        return () => this.#nudges.delete(call);
      },
    });
    this.vault = device.start();
  }

  static async create(server: TestServer, role: NewPocket["role"], name: string): Promise<Someone> {
    const someone = new Someone(await Device.create(), server);
    someone.#pocket = await someone.vault.createPocket({ ...CHILD, role });
    await someone.vault.confirmCode(PICTURES);
    await someone.vault.setName(name);
    await someone.#connected();
    return someone;
  }

  #connected = () => until(async () => (await this.vault.syncState()).connection === "on", SOON);

  #transport(): Transport {
    const real = createTransport(this.#server.origin);
    const http = new Proxy(real.http, {
      get: (target, name: keyof Transport["http"]) => {
        if (this.#flight) return async () => Promise.reject(new TransportError("offline"));
        if (!this.losing.delete(name)) return target[name].bind(target);
        return async (...args: never[]) => {
          await Reflect.apply(target[name], target, args);
          throw new TransportError("offline");
        };
      },
    });
    const connect: Transport["connect"] = (events) => {
      if (this.#flight) {
        setTimeout(() => events.closed(1006), 1);
        return { send: () => undefined, close: () => undefined };
      }
      const wire: Wire = real.connect(events);
      const cut = () => wire.close();
      this.#wires.add(cut);
      return wire;
    };
    return { http, connect };
  }

  async setFlightMode(on: boolean): Promise<void> {
    this.#flight = on;
    if (on) {
      for (const cut of this.#wires) cut();
      this.#wires.clear();
      await until(async () => (await this.vault.syncState()).connection !== "on", SOON);
    } else {
      for (const nudge of this.#nudges) nudge();
      await this.#connected();
    }
  }

  /** Locks, and opens again with the code. */
  async reopen(): Promise<void> {
    await this.vault.seal(500);
    for (const stop of this.device.stops.splice(0)) await stop();
    this.vault = this.device.start();
    if (this.#pocket === null) throw new Error("no pocket");
    await this.vault.unlock(this.#pocket, PICTURES);
    await this.vault.confirmCode(PICTURES);
  }

  async close(): Promise<void> {
    for (const stop of this.device.stops.splice(0)) await stop();
  }

  async write(words: string): Promise<DocumentTag> {
    const document = await this.vault.createDocument("entry");
    const page = await openPage(this.vault, document);
    type(page, words);
    await until(async () => (await this.vault.timeline("entry")).some(({ excerpt }) => excerpt === words), SOON);
    page.close();
    return document;
  }

  pairedWith = (name: string): Promise<PersonId> =>
    until(async () => {
      const all = (await this.vault.people()).filter((one) => one.name === name);
      return all.find(({ state, circle }) => state === "paired" && circle !== null)?.id ?? null;
    }, SOON);

  endOf = async (share: ShareId) => (await this.vault.shares()).find(({ id }) => id === share)?.takeBack;
  stepOf = async (share: ShareId) => (await this.vault.shares()).find(({ id }) => id === share)?.steps.at(-1)?.step;
}

/** Two who were introduced and have a circle: each knows the other by the id given. */
export async function pair(child: Someone, adult: Someone): Promise<{ mette: PersonId; alma: PersonId }> {
  const { payload } = await child.vault.invite("scan");
  await adult.vault.join(payload, "scan");
  return { mette: await child.pairedWith("Mette"), alma: await adult.pairedWith("Alma") };
}
