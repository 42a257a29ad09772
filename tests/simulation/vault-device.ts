/**
 * A device of the simulation with the real vault core (keyring, log, chains, freezing, deleting, linking), the real crypto
 * and the real sync over a disk that can crash. Handed in instead of a key derivation: the vault key. Handed in instead of
 * pairing (two-people.long.test.ts): the circle's keys and authors.
 */
import type { VaultEvent } from "../../client/vault/api.ts";
import { Batch } from "../../client/vault/batch.ts";
import { type Compactor, createCompactor } from "../../client/vault/compactor.ts";
import { ensureOwnDevice } from "../../client/vault/devices.ts";
import type { Syncing } from "../../client/vault/keeper.ts";
import { Keyring } from "../../client/vault/keyring.ts";
import { createLostDevices, type LostDevices } from "../../client/vault/lost-device.ts";
import { createOfferLink, type OfferLink } from "../../client/vault/offer-link.ts";
import { removeDocument } from "../../client/vault/own-documents.ts";
import { openPocket, type Pocket } from "../../client/vault/pocket.ts";
import { obeyRemovals } from "../../client/vault/removal.ts";
import { createReopening } from "../../client/vault/reopen.ts";
import { SealedStore } from "../../client/vault/sealed-store.ts";
import { createSpaceKeeper } from "../../client/vault/space-keeper.ts";
import type { LogRow } from "../../client/vault/space-rows.ts";
import { createSyncing } from "../../client/vault/syncing.ts";
import type { Brought } from "../../client/vault/threshold.ts";
import { parseInner } from "../../crypto/inner.ts";
import type { Burn, VaultKey } from "../../crypto/types.ts";
import { createVaultKey } from "../../crypto/unlocking.ts";
import type { DocumentTag, RecordKind, SpaceId } from "../../protocol/frames.ts";
import { someCover } from "../client/storage/storage-acceptance.ts";
import { decodeHere } from "../client/vault/decode-here.ts";
import type { Disk } from "./disk.ts";
import type { MemoryServer } from "./memory-server.ts";
import { Network } from "./network.ts";
import { circleRow, knowAuthors, learnEnded, rekeyByHand } from "./vault-circle.ts";
import { circleTag, type Family, type Person, rightIn, type SharedSpace } from "./vault-people.ts";
import { type Watch, watched } from "./vault-watch.ts";
import type { World } from "./world.ts";

/** Instead of 64: a hundred steps are few. */
const COMPACT_RECORDS = 6;
/** As in sharing/drops.ts: a drop that another device began with is left to it for a while. */
const ELSEWHERE_MS = 10_000;
const DELETIONS = ["deletion"] as const;

export interface VaultDeviceParts {
  readonly world: World;
  readonly server: MemoryServer;
  readonly family: Family;
  readonly disk: Disk;
  /** The child's devices stand in the pocket's list, so that they can be removed: a record of each at its start. */
  readonly listed?: boolean;
  /** Looks at what it signs and keeps. */
  readonly watch?: Watch;
}

export class VaultDevice {
  readonly person: Person;
  readonly spaces: readonly SharedSpace[];
  readonly network: Network;
  pocket!: Pocket;
  syncing!: Syncing;
  link!: OfferLink;
  lost!: LostDevices;
  /** Another device of this person removed it, and it knows. */
  isRemoved: boolean = false;
  #compactor!: Compactor;
  readonly #parts: VaultDeviceParts;
  readonly #vaultKey: VaultKey = createVaultKey();

  private constructor(parts: VaultDeviceParts, person: Person, network: Network) {
    const { family, world, server } = parts;
    this.#parts = parts;
    this.person = person;
    this.spaces = person.role === "child" ? [family.pocket, family.circle, family.mailbox] : [family.circle];
    this.network = network ?? new Network(world, server);
  }

  /** `brought`: keys as they came from another device of this person; else those the person began with. */
  static async create(
    parts: VaultDeviceParts,
    person: Person,
    brought: Brought = person.keys,
    network: Network = new Network(parts.world, parts.server),
  ): Promise<VaultDevice> {
    const device = new VaultDevice(parts, person, network);
    await parts.world.until(device.#make(brought).then(() => device.boot()));
    return device;
  }

  get isChilds(): boolean {
    return this.person.role === "child";
  }

  async #make(brought: Brought): Promise<void> {
    const { disk, family } = this.#parts;
    const store = await SealedStore.create(await disk.open(), this.#vaultKey);
    const keyring = await Keyring.arrive(store, brought);
    await keyring.keep(circleRow(family, this.person));
  }

  async boot(): Promise<void> {
    const { world, disk, family } = this.#parts;
    const { clock, random } = world;
    const store = await SealedStore.open(await disk.open(), this.#vaultKey);
    if (store === null) throw new Error("the store is gone");
    const burnFile = { read: async () => [], write: async () => undefined };
    const parts = {
      shelf: disk.shelf,
      clock,
      row: someCover("a", { waysIn: [] }),
      vaultKey: this.#vaultKey,
      burnFile,
      store,
    };
    const pocket = await openPocket({
      ...parts,
      decoder: decodeHere,
      burn: new Uint8Array(32) as Burn,
      emit: (event: VaultEvent) => void event,
    });
    if (pocket === null) throw new Error("the keyring is gone");
    await knowAuthors(pocket, family);
    const transport = this.network.transport({ ...this.network.blobs(), ...this.network.doors() });
    const { http } = transport;
    const keeper = createSpaceKeeper({
      pocket,
      http,
      sharing: {
        dropped: (key, sealed) => (link.isMine(key) ? link.dropped(key, sealed) : world.sleep(ELSEWHERE_MS)),
        rekey: async (space) =>
          rekeyByHand(
            pocket,
            family,
            this.person,
            await this.network.doors().getWrap(circleTag(family, this.person)),
            space,
          ),
        wrapsAfter: async () => null,
        spaceEnded: async () => undefined,
      },
      token: (space) => syncing.token(space),
      recordsChanged: () => undefined,
      noteHealth: (space, health) => syncing.noteHealth(space, health),
      changesStored: (space, changes) => compactor.stored(space, changes),
      reopen: (space) => reopen(space),
      rekeyOwn: (space, refused) => lost.rekey(space, refused),
      removed: () => {
        this.isRemoved = true;
      },
      created: () => undefined,
    });
    const counted: typeof keeper = {
      ...(this.#parts.watch === undefined ? keeper : watched(keeper, pocket, this.#parts.watch)),
      caughtUp: async (space) => {
        const told = await keeper.caughtUp(space);
        if (space === pocket.keyring.me.pocket) lost.kick();
        return told;
      },
    };
    const syncing = createSyncing({ transport, clock, keeper: counted, random });
    const compaction = { pocket, http, syncing, records: COMPACT_RECORDS };
    const compactor = createCompactor(compaction, COMPACT_RECORDS / 2);
    const link = createOfferLink(pocket, syncing);
    const headOf = async (space: SpaceId) => pocket.keyring.space(space)?.roster?.head.op ?? null;
    // Nobody is paired here.
    const reopen = createReopening({ pocket, syncing, headOf, dropAgain: async () => undefined });
    // Circles are handed in: the simulation rotates them itself.
    const byHand = { renewCircles: async () => undefined, endUnfinished: async () => undefined };
    const lost = createLostDevices({ pocket, http, syncing, ...byHand });
    pocket.onPending = (space) => syncing.changed(space, "calm");
    pocket.shared.onArrival(() => void clock.after(0, lost.kick));
    this.pocket = pocket;
    this.syncing = syncing;
    this.link = link;
    this.lost = lost;
    this.#compactor = compactor;
    await pocket.shared.resume().catch(() => undefined);
    if (this.#parts.listed && this.isChilds)
      await ensureOwnDevice(pocket, { name: "Tablet", kind: "tablet" }).catch(() => undefined);
    await lost.start().catch(() => undefined);
    for (const { space, kind } of this.spaces) {
      const right = kind === "circle" ? rightIn(this.person) : "own";
      syncing.addSpace({ space, epoch: pocket.keyring.epoch(space), right, mailbox: kind === "mailbox" });
      syncing.hold(space, (await pocket.log(space).state()).held);
    }
    syncing.start();
    for (const { value } of await store.list<DocumentTag>("spaces", DELETIONS)) void this.#forgetOnServer(value);
    void obeyRemovals(pocket).then(
      (health) => health !== null && syncing.noteHealth(pocket.keyring.me.pocket, health),
      () => undefined,
    );
  }

  /** What a rotation of the circle would say of a lost device. */
  learnEnded(): Promise<void> {
    return learnEnded(this.pocket, this.#parts.family);
  }

  crash(): void {
    this.#parts.disk.crash();
    this.syncing.stop();
    this.lost.stop();
    this.#compactor.stop();
    this.network.breakConnections();
  }

  async write(space: SpaceId, document: DocumentTag, kind: RecordKind, payload: Uint8Array, clientIds: number[]) {
    const { pocket, syncing } = this;
    await pocket.store.exclusive(async () => {
      const batch = new Batch();
      const added = { document, kind, payload, blobs: [], clientIds };
      await pocket.log(space).addPending(batch, added, this.#parts.world.now);
      await batch.commit(pocket.store);
    });
    syncing.changed(space, "now");
  }

  /** As the person deletes an entry (connected.ts): here at once, and on the server as soon as there is net. */
  async remove(document: DocumentTag): Promise<void> {
    const { store } = this.pocket;
    await removeDocument(this.pocket, document, [store.put("spaces", DELETIONS, document, document)]);
    void this.#forgetOnServer(document);
  }

  async #forgetOnServer(document: DocumentTag): Promise<void> {
    const { pocket, syncing } = this;
    try {
      await syncing.ask({ type: "deleteDocument", space: pocket.keyring.me.pocket, document });
      await pocket.store.commit([pocket.store.remove("spaces", DELETIONS, document)]);
    } catch {
      // Crashed meanwhile: the next start asks again.
    }
  }

  said(space: SpaceId): Promise<readonly LogRow[]> {
    return this.pocket.store.exclusive(() => this.pocket.log(space).said());
  }

  /** Updates as a page would get them: those of others in the circle only after they were looked at. */
  async updates(space: SpaceId, document: DocumentTag): Promise<readonly Uint8Array[]> {
    const log = this.pocket.log(space);
    if (space === this.#parts.family.circle.space) return this.pocket.vetting.load(log, document);
    return this.pocket.store.exclusive(() => log.updates(document));
  }
}

export function textOf(row: LogRow): string | null {
  if (row.inner === null || row.problem !== null || row.kind !== "said") return null;
  return new TextDecoder().decode(parseInner(row.inner).payload);
}
