/**
 * A device of the simulation with the real vault core (keyring, log, chains, freezing), the real crypto and the real sync
 * over a disk that can crash. Handed in instead of a key derivation: the vault key.
 */
import { Batch } from "../../client/vault/batch.ts";
import { type Compactor, createCompactor } from "../../client/vault/compactor.ts";
import type { Syncing } from "../../client/vault/keeper.ts";
import { capabilityKeysOf, Keyring, type SpaceRow } from "../../client/vault/keyring.ts";
import { openPocket, type Pocket } from "../../client/vault/pocket.ts";
import { SealedStore } from "../../client/vault/sealed-store.ts";
import { createSpaceKeeper } from "../../client/vault/space-keeper.ts";
import type { LogRow } from "../../client/vault/space-rows.ts";
import { createSyncing } from "../../client/vault/syncing.ts";
import { parseInner } from "../../crypto/inner.ts";
import { deriveLadder } from "../../crypto/ladder.ts";
import type { AuthorKeyPair, AuthorPublicKey, Burn, OwnerPublicKey, OwnSeed, VaultKey } from "../../crypto/types.ts";
import { createVaultKey } from "../../crypto/unlocking.ts";
import type { CapabilityKeys, DocumentTag, RecordKind, SpaceId } from "../../protocol/frames.ts";
import { MemoryShelf } from "../client/storage/memory-shelf.ts";
import { someCover } from "../client/storage/storage-acceptance.ts";
import { decodeHere } from "../client/vault/decode-here.ts";
import type { MemoryServer } from "./memory-server.ts";
import { Network } from "./network.ts";
import type { World } from "./world.ts";

/** Instead of 64: a hundred steps are few. */
const COMPACT_RECORDS = 6;

/** One space of the simulation: what its members share. */
export interface SharedSpace {
  readonly space: SpaceId;
  readonly kind: SpaceRow["kind"];
  /** By epoch, from 1. */
  readonly seeds: OwnSeed[];
  readonly ownerPublic: OwnerPublicKey;
  readonly authors: readonly AuthorPublicKey[];
}

export function capabilityKeys({ space, seeds }: SharedSpace, epoch: number): CapabilityKeys | null {
  const seed = seeds[epoch - 1];
  return seed === undefined ? null : capabilityKeysOf(deriveLadder({ right: "own", seed, space, epoch }));
}

export class VaultDevice {
  readonly network: Network;
  readonly shelf: MemoryShelf;
  pocket!: Pocket;
  syncing!: Syncing;
  readonly #world: World;
  readonly #server: MemoryServer;
  compactor!: Compactor;
  readonly #vaultKey: VaultKey = createVaultKey();
  readonly #spaces: readonly SharedSpace[];

  private constructor(world: World, server: MemoryServer, spaces: readonly SharedSpace[]) {
    this.#world = world;
    this.#server = server;
    this.#spaces = spaces;
    this.network = new Network(world, server);
    this.shelf = new MemoryShelf({ pause: () => world.sleep(world.between(1, 10)) });
  }

  static async create(
    world: World,
    server: MemoryServer,
    spaces: readonly SharedSpace[],
    author: AuthorKeyPair,
  ): Promise<VaultDevice> {
    const device = new VaultDevice(world, server, spaces);
    await world.until(device.#make(author).then(() => device.boot()));
    return device;
  }

  async #make(author: AuthorKeyPair): Promise<void> {
    const store = await SealedStore.create(await this.shelf.openStore("a"), this.#vaultKey);
    const keyring = await Keyring.create(store, "child");
    for (const { space, kind, seeds, ownerPublic } of this.#spaces) {
      const epochs = [{ epoch: 1, seed: seeds[0] as OwnSeed }];
      const row = { space, kind, right: "own", epochs, author, ownerPublic, ownerPrivate: null } as const;
      await keyring.keep({ ...row, creation: null, created: true });
    }
  }

  async boot(): Promise<void> {
    const { clock, random } = this.#world;
    const store = await SealedStore.open(await this.shelf.openStore("a"), this.#vaultKey);
    if (store === null) throw new Error("the store is gone");
    const burnFile = { read: async () => [], write: async () => undefined };
    const parts = { shelf: this.shelf, clock, row: someCover("a"), vaultKey: this.#vaultKey, burnFile, store };
    const pocket = await openPocket({
      ...parts,
      decoder: decodeHere,
      burn: new Uint8Array(32) as Burn,
      emit: () => undefined,
    });
    if (pocket === null) throw new Error("the keyring is gone");
    await this.#knowAuthors(pocket);
    const transport = this.network.transport(this.network.blobs());
    const { http } = transport;
    const keeper = createSpaceKeeper({
      pocket,
      http,
      sharing: {
        dropped: async () => undefined,
        rekey: (space) => this.#rekey(pocket, space),
        spaceEnded: async () => undefined,
      },
      token: (space) => syncing.token(space),
      recordsChanged: () => undefined,
      noteHealth: (space, health) => syncing.noteHealth(space, health),
      changesStored: (space, changes) => compactor.stored(space, changes),
      reopen: () => undefined,
      jointArrived: () => undefined,
    });
    const syncing = createSyncing({ transport, clock, keeper, random });
    const compaction = { pocket, http, syncing, records: COMPACT_RECORDS };
    const compactor = createCompactor(compaction, COMPACT_RECORDS / 2);
    this.pocket = pocket;
    this.syncing = syncing;
    this.compactor = compactor;
    for (const { space } of this.#spaces) {
      syncing.addSpace({ space, epoch: pocket.keyring.epoch(space), right: "own", mailbox: false });
    }
    syncing.start();
  }

  async #knowAuthors(pocket: Pocket): Promise<void> {
    for (const { space, authors } of this.#spaces) {
      await pocket.store.exclusive(async () => {
        const log = pocket.log(space);
        const state = await log.state();
        if (state.authors.length > 0) return;
        const batch = new Batch();
        log.putState(batch, { ...state, authors });
        await batch.commit(pocket.store);
      });
    }
  }

  /** The wrap under our tag, as it will be when the server has the newer epoch. */
  async #rekey(pocket: Pocket, space: SpaceId) {
    await this.network.http();
    const newest = this.#server.spaces.get(space)?.epoch ?? 1;
    const shared = this.#spaces.find((one) => one.space === space) as SharedSpace;
    const row = pocket.keyring.space(space) as SpaceRow;
    const before = pocket.keyring.epoch(space);
    if (newest > before) {
      const epochs = shared.seeds.slice(0, newest).map((seed, at) => ({ epoch: at + 1, seed }));
      await pocket.keyring.keep({ ...row, epochs });
    }
    const state = newest > before ? "rekeyed" : "unchanged";
    return { state, epoch: pocket.keyring.epoch(space), right: "own" } as const;
  }

  crash(): void {
    this.shelf.crash();
    this.syncing.stop();
    this.compactor.stop();
    this.network.breakConnections();
  }

  async write(space: SpaceId, document: DocumentTag, kind: RecordKind, payload: Uint8Array, clientIds: number[]) {
    const { pocket, syncing } = this;
    await pocket.store.exclusive(async () => {
      const batch = new Batch();
      const added = { document, kind, payload, blobs: [], clientIds };
      await pocket.log(space).addPending(batch, added, this.#world.now);
      await batch.commit(pocket.store);
    });
    syncing.changed(space, "now");
  }

  said(space: SpaceId): Promise<readonly LogRow[]> {
    return this.pocket.store.exclusive(() => this.pocket.log(space).said());
  }
}

export function textOf(row: LogRow): string | null {
  if (row.inner === null || row.problem !== null || row.kind !== "said") return null;
  return new TextDecoder().decode(parseInner(row.inner).payload);
}
