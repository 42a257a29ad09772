/**
 * A device with everything that `connectPocket` puts together (sharing too) in a world of its own time: an in-memory disk,
 * the in-memory server, the real crypto. It can be killed at any write to its disk and at any answer of the server.
 */
import type { Beyond } from "../../client/vault/beyond.ts";
import { connectPocket } from "../../client/vault/connected.ts";
import { Keyring } from "../../client/vault/keyring.ts";
import { openPocket, type Pocket } from "../../client/vault/pocket.ts";
import type { Http, Transport, VaultStore } from "../../client/vault/ports.ts";
import { SealedStore } from "../../client/vault/sealed-store.ts";
import type { Brought } from "../../client/vault/threshold.ts";
import type { Burn, VaultKey } from "../../crypto/types.ts";
import { createVaultKey } from "../../crypto/unlocking.ts";
import { MemoryShelf } from "../client/storage/memory-shelf.ts";
import { someCover } from "../client/storage/storage-acceptance.ts";
import { decodeHere } from "../client/vault/decode-here.ts";
import type { MemoryServer } from "./memory-server.ts";
import { Network } from "./network.ts";
import type { World } from "./world.ts";

const NAME = "a";

/** What outlives a crash. */
export interface Disk {
  readonly shelf: MemoryShelf;
  readonly vaultKey: VaultKey;
  readonly name: string;
}

export class WholeDevice {
  pocket!: Pocket;
  beyond!: Beyond & { stop(): Promise<void> };
  readonly network: Network;
  readonly #world: World;
  readonly #server: MemoryServer;
  readonly #disk: Disk;
  #left = Number.POSITIVE_INFINITY;
  #killed = false;
  /** Writes to the disk and answers of the server since `killAt` was called. */
  moments: number = 0;

  constructor(world: World, server: MemoryServer, disk: Disk) {
    this.#world = world;
    this.#server = server;
    this.#disk = { ...disk, shelf: disk.shelf.copy({ pause: () => world.sleep(world.between(1, 3)) }) };
    this.network = new Network(world, server);
  }

  /** The disk of a new person's first device (by role), or of a device that was given its keys. */
  static async make(name: string, keys: "child" | "caseworker" | Brought): Promise<Disk> {
    const shelf = new MemoryShelf();
    const vaultKey = createVaultKey();
    const store = await SealedStore.create(await shelf.openStore(NAME), vaultKey);
    const keyring = await (typeof keys === "string" ? Keyring.create(store, keys) : Keyring.arrive(store, keys));
    await keyring.setName(name);
    store.close();
    return { shelf, vaultKey, name };
  }

  /** Only while it is off. */
  get disk(): Disk {
    return { ...this.#disk, shelf: this.#disk.shelf.copy({}) };
  }

  get isKilled(): boolean {
    return this.#killed;
  }

  /** From now on: the power goes before the write, or the answer, of this number. */
  killAt(moment: number): void {
    this.#left = moment;
    this.moments = 0;
  }

  /** The server's doors for a browser that has nothing yet. */
  newcomer(): Http {
    const network = new Network(this.#world, this.#server);
    return network.transport({ ...network.blobs(), ...network.doors() }).http;
  }

  /** True when the power is gone. */
  #moment(): boolean {
    this.moments++;
    if (this.moments === this.#left) {
      this.#killed = true;
      this.#disk.shelf.crash();
      void this.off();
    }
    return this.#killed;
  }

  async boot(): Promise<void> {
    this.#killed = false;
    this.#left = Number.POSITIVE_INFINITY;
    const { shelf, vaultKey, name } = this.#disk;
    const { clock, random } = this.#world;
    const store = await SealedStore.open(this.#breakable(await shelf.openStore(NAME)), vaultKey);
    if (store === null) throw new Error("the store is gone");
    const pocket = await openPocket({
      shelf,
      clock,
      row: someCover(NAME, { waysIn: [] }),
      vaultKey,
      burn: new Uint8Array(32) as Burn,
      burnFile: { read: async () => [], write: async () => undefined },
      store,
      decoder: decodeHere,
      about: { name, kind: "tablet" },
      emit: () => undefined,
    });
    if (pocket === null) throw new Error("the keyring is gone");
    this.pocket = pocket;
    this.beyond = await connectPocket(pocket, { transport: this.#transport(), random, onNudge: () => () => undefined });
  }

  async off(): Promise<void> {
    this.network.breakConnections();
    await this.beyond.stop();
  }

  #breakable(store: VaultStore): VaultStore {
    return {
      get: (table, key) => store.get(table, key),
      range: (table, prefix) => store.range(table, prefix),
      measure: (table, prefix) => store.measure(table, prefix),
      commit: async (writes) => {
        if (this.#moment()) return new Promise<never>(() => undefined);
        return store.commit(writes);
      },
      close: () => store.close(),
    };
  }

  #transport(): Transport {
    const { blobs, doors } = { blobs: this.network.blobs(), doors: this.network.doors() };
    const answered = async <T>(work: Promise<T>): Promise<T> => {
      const result = await work;
      return this.#moment() ? new Promise<never>(() => undefined) : result;
    };
    const http: Http = {
      ...blobs,
      ...doors,
      createSpace: (space) => answered(doors.createSpace(space, null)),
      // This server is an open one: every space has all the room there is.
      readRoom: async () => ({ bytes: 0, quota: 1, most: 1 }),
      offerToken: async () => ({ bytes: 0, quota: 1, most: 1, unspent: true }),
      getWrap: (tag) => answered(doors.getWrap(tag)),
    };
    const { connect } = this.network.transport(http);
    return {
      http,
      connect: (events) =>
        connect({
          ...events,
          frame: (frame) => {
            if (!this.#moment()) events.frame(frame);
          },
        }),
    };
  }
}
