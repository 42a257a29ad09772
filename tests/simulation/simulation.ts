/**
 * Several devices, one server, bad luck in order of a seed. The engine and its driver are the real ones; keeper, server
 * and net are models. `simulate` throws with the seed in its message when a promise is broken.
 */

import type { Pace } from "../../client/sync/ports.ts";
import type { Syncing } from "../../client/vault/keeper.ts";
import { createSyncing } from "../../client/vault/syncing.ts";
import type { BlobId, ChainId, DocumentTag, OpId, OuterRecord, SpaceId } from "../../protocol/frames.ts";
import { FakeKeeper, freshDisk, innerOf, type SpaceDisk } from "./fake-keeper.ts";
import { MemoryServer } from "./memory-server.ts";
import { Network } from "./network.ts";
import { World } from "./world.ts";

class Device {
  readonly network: Network;
  readonly disks = new Map<SpaceId, SpaceDisk>();
  readonly removed = new Set<SpaceId>();
  readonly held = new Set<SpaceId>();
  readonly faults = { storageFull: 0 };
  readonly counts = { storageFull: 0, rekeyed: 0, resealed: 0, rewound: 0, reuploaded: 0 };
  syncing!: Syncing;
  #keeper: FakeKeeper | null = null;
  readonly #world: World;
  readonly #server: MemoryServer;
  readonly #mailbox: SpaceId | null;

  constructor(world: World, server: MemoryServer, spaces: readonly SpaceId[], mailbox: SpaceId | null) {
    this.#world = world;
    this.#server = server;
    this.#mailbox = mailbox;
    this.network = new Network(world, server);
    for (const space of spaces) this.disks.set(space, freshDisk(world));
    this.boot();
  }

  boot(): void {
    const { network, disks, removed, faults, counts } = this;
    const world = this.#world;
    const deps = { world, server: this.#server, network, disks, removed, faults, counts };
    const keeper = new FakeKeeper({ ...deps, syncing: () => syncing });
    const syncing = createSyncing({ transport: network.transport(), clock: world.clock, keeper, random: world.random });
    this.#keeper = keeper;
    this.syncing = syncing;
    this.held.clear();
    for (const [space, disk] of disks) {
      if (disk.ended !== null) continue;
      syncing.addSpace({ space, epoch: disk.epoch, right: "write", mailbox: space === this.#mailbox });
    }
    syncing.start();
  }

  crash(): void {
    if (this.#keeper !== null) this.#keeper.dead = true;
    this.syncing.stop();
    this.network.breakConnections();
  }

  get violations(): readonly string[] {
    return this.#keeper?.violations ?? [];
  }
}

/** How often each thing happened, over all seeds: a zero means that the simulation doesn't test what it says. */
export type Tally = Record<string, number>;

export interface SimulationOptions {
  readonly steps: number;
  /** False: a server that refuses nothing; then no chain may ever be out of order in the log. */
  readonly refusals: boolean;
}

export async function simulate(seed: number, { steps, refusals }: SimulationOptions): Promise<Tally> {
  const simulation = new Simulation(seed, refusals);
  try {
    for (let at = 0; at < steps; at++) await simulation.step();
    await simulation.rest();
  } catch (error) {
    throw new Error(`seed ${seed}, ${refusals ? "with" : "without"} refusals: ${(error as Error).message}`, {
      cause: error,
    });
  }
  return simulation.tally();
}

const PACES: readonly Pace[] = ["calm", "company", "now"];

function countTexts(disk: SpaceDisk): Map<string, number> {
  const times = new Map<string, number>();
  for (const record of disk.log.values()) times.set(innerOf(record).text, (times.get(innerOf(record).text) ?? 0) + 1);
  return times;
}

class Simulation {
  readonly #world: World;
  readonly #server: MemoryServer;
  readonly #devices: Device[] = [];
  readonly #circle: SpaceId;
  readonly #pocket: SpaceId;
  readonly #mailbox: SpaceId;
  readonly #documents: DocumentTag[];
  readonly #refusals: boolean;
  readonly #written: { readonly space: SpaceId; readonly text: string; readonly by: Device }[] = [];
  readonly #dropped: string[] = [];
  /** Inner of every frozen op ever seen: it never changes. */
  readonly #inners = new Map<OpId, string>();
  readonly #counts: Tally = {};
  #texts = 0;

  constructor(seed: number, refusals: boolean) {
    const world = new World(seed);
    this.#world = world;
    this.#refusals = refusals;
    this.#server = new MemoryServer(world);
    this.#circle = world.id();
    this.#pocket = world.id();
    this.#mailbox = world.id();
    this.#documents = Array.from({ length: 4 }, () => world.id<DocumentTag>());
    const child = [this.#pocket, this.#circle, this.#mailbox];
    for (let at = 0; at < 3; at++) this.#devices.push(new Device(world, this.#server, child, this.#mailbox));
    for (let at = 0; at < 2; at++)
      this.#devices.push(new Device(world, this.#server, [this.#circle, world.id()], null));
    this.#server.backUp();
  }

  #count(what: string, by = 1): void {
    this.#counts[what] = (this.#counts[what] ?? 0) + by;
  }

  async step(): Promise<void> {
    const actions = this.#actions();
    const total = actions.reduce((sum, [weight]) => sum + weight, 0);
    let ticket = this.#world.random() * total;
    for (const [weight, act] of actions) {
      ticket -= weight;
      if (ticket >= 0) continue;
      act();
      break;
    }
    await this.#world.run(this.#world.pick([5, 50, 300, 1_500, 4_000]));
    this.#check();
  }

  #actions(): readonly (readonly [number, () => void])[] {
    const world = this.#world;
    const device = world.pick(this.#devices);
    const owner = this.#devices[0] as Device;
    const faults = this.#server.faults;
    return [
      [40, () => this.#write(device)],
      [6, () => this.#toggle(device)],
      [5, () => this.#did("broken", () => device.network.breakConnections())],
      [4, () => this.#did("crashed", () => this.#crash(device))],
      [2, () => this.#did("serverDown", () => this.#server.goDown())],
      [1, () => this.#server.backUp()],
      [0.5, () => this.#server.restore()],
      [2, () => this.#rotate(owner)],
      [1, () => this.#deleteDocument(owner)],
      [0.3, () => this.#removeAdult(owner)],
      [3, () => this.#drop()],
      [2, () => this.#hold(device)],
      [2, () => device.syncing.nudge()],
      [1, () => void device.syncing.flush(2_000)],
      [
        4,
        () => {
          faults.refuse = this.#refusals ? world.pick([0, 0, 0.1, 0.5]) : 0;
          faults.loseLive = world.pick([0, 0, 0.1, 0.5]);
          faults.doubleLive = world.pick([0, 0, 0.3]);
          faults.lateLive = world.pick([0, 0, 0.3]);
          faults.full = this.#refusals && world.chance(0.1);
          device.network.faults.break = world.pick([0, 0, 0.01, 0.1]);
          device.network.faults.double = world.pick([0, 0.1]);
          device.faults.storageFull = world.pick([0, 0, 0.05, 0.2]);
        },
      ],
    ];
  }

  #did(what: string, act: () => void): void {
    this.#count(what);
    act();
  }

  #write(device: Device): void {
    const spaces = [...device.disks].filter(([, disk]) => disk.ended === null);
    const [space, disk] = this.#world.pick(spaces);
    for (let times = this.#world.pick([1, 1, 1, 1, 1, 1, 3, 3, 3, 80]); times > 0; times--) {
      const text = `text ${++this.#texts}`;
      const blob = this.#world.chance(0.1) ? this.#world.id<BlobId>() : null;
      disk.pending.push({ document: this.#world.pick(this.#documents), text, blob });
      this.#written.push({ space, text, by: device });
    }
    device.syncing.changed(space, this.#world.pick(PACES));
  }

  #toggle(device: Device): void {
    const { network } = device;
    network.online = !network.online;
    if (!network.online) network.breakConnections();
    else if (this.#world.chance(0.5)) device.syncing.nudge();
    this.#count("offline", network.online ? 0 : 1);
  }

  #crash(device: Device): void {
    device.crash();
    device.boot();
  }

  #hold(device: Device): void {
    const space = this.#world.pick([...device.disks.keys()]);
    const held = !device.held.has(space);
    if (held) device.held.add(space);
    else device.held.delete(space);
    device.syncing.hold(space, held);
    this.#count("held", held ? 1 : 0);
  }

  #rotate(owner: Device): void {
    const disk = owner.disks.get(this.#circle) as SpaceDisk;
    const there = this.#server.spaces.get(this.#circle);
    if (there === undefined || disk.epoch !== there.epoch) return;
    const epoch = disk.epoch + 1;
    const inner = { chain: disk.chain, counter: 0, text: `control ${epoch}` };
    const record: OuterRecord = {
      document: this.#world.id(),
      kind: "control",
      epoch,
      opId: this.#world.id(),
      sealed: new TextEncoder().encode(JSON.stringify(inner)),
    };
    const key = new Uint8Array(32);
    const { syncing } = owner;
    syncing
      .ask({
        type: "rotate",
        space: this.#circle,
        expected: there.checkpoint,
        seen: there.head,
        epoch,
        keys: { own: key, write: key, read: key },
        wraps: [],
        removedTags: [],
        record,
      })
      .then(() => {
        this.#count("rotated");
        disk.log.set(record.opId, record);
        disk.epoch = Math.max(disk.epoch, epoch);
        if (owner.syncing === syncing) syncing.changeEpoch(this.#circle, epoch, "write");
      })
      .catch(() => this.#count("rotationRefused"));
  }

  #deleteDocument(owner: Device): void {
    const at = this.#world.between(0, this.#documents.length - 1);
    const document = this.#documents[at] as DocumentTag;
    const deleted = owner.syncing.ask({ type: "deleteDocument", space: this.#circle, document });
    deleted.then(() => this.#count("documentDeleted")).catch(() => this.#count("deletionStopped"));
    // Some go on writing into it: they are refused and say so by a void.
    if (this.#world.chance(0.5)) this.#documents[at] = this.#world.id();
  }

  #removeAdult(owner: Device): void {
    const adult = this.#devices[4] as Device;
    adult.removed.add(this.#circle);
    this.#rotate(owner);
  }

  #drop(): void {
    if (!this.#server.spaces.has(this.#mailbox)) return;
    const text = `drop ${++this.#texts}`;
    this.#dropped.push(text);
    this.#server.drop(this.#mailbox, new TextEncoder().encode(text));
  }

  /** What must hold at every moment. */
  #check(): void {
    for (const device of this.#devices) {
      for (const violation of device.violations) throw new Error(violation);
      for (const disk of device.disks.values()) for (const op of disk.outbox) this.#checkInner(op);
    }
    for (const space of this.#server.spaces.values()) {
      const opIds = new Set<OpId>();
      const counters = new Map<ChainId, number>();
      for (const record of space.records) {
        if (opIds.has(record.opId)) throw new Error(`op ${record.opId} is stored twice`);
        opIds.add(record.opId);
        this.#checkInner(record);
        const { chain, counter } = innerOf(record);
        const ordered = !this.#refusals && this.#server.counts.restored === 0 && record.kind !== "control";
        if (ordered && counter <= (counters.get(chain) ?? 0)) throw new Error(`chain ${chain} is out of order`);
        if (record.kind !== "control") counters.set(chain, counter);
      }
    }
  }

  #checkInner(op: OuterRecord): void {
    const { chain, counter, text } = innerOf(op);
    const inner = `${chain} ${counter} ${text}`;
    const before = this.#inners.get(op.opId);
    if (before !== undefined && before !== inner) throw new Error(`op ${op.opId} changed after it was frozen`);
    this.#inners.set(op.opId, inner);
  }

  /** No more bad luck; everybody comes online; then everything must be everywhere. */
  async rest(): Promise<void> {
    Object.assign(this.#server.faults, { refuse: 0, loseLive: 0, doubleLive: 0, lateLive: 0, full: false });
    for (const device of this.#devices) {
      Object.assign(device.network.faults, { break: 0, double: 0 });
      device.network.online = true;
      device.faults.storageFull = 0;
      for (const space of device.held) device.syncing.hold(space, false);
      device.syncing.nudge();
    }
    for (let minutes = 0; minutes < 12; minutes++) await this.#world.run(60_000);
    this.#check();
    for (const [at, device] of this.#devices.entries()) this.#checkDevice(device, `device ${at}`);
    this.#checkTexts();
    for (const text of this.#dropped) {
      const kept = this.#devices.some((device) => device.disks.get(this.#mailbox)?.drops.includes(text));
      if (!kept && this.#server.counts.restored === 0) throw new Error(`${text} is lost`);
    }
  }

  #checkDevice(device: Device, name: string): void {
    const { connection, unsent, problem } = device.syncing.state();
    if (connection !== "on" || unsent !== 0)
      throw new Error(`${name} at rest is ${connection} with ${unsent} unsent, ${problem}`);
    for (const [space, disk] of device.disks) {
      if (disk.ended !== null) {
        if (!device.removed.has(space)) throw new Error(`${name} was ended by ${disk.ended}`);
        continue;
      }
      const there = this.#server.spaces.get(space);
      if (there === undefined) throw new Error(`${name} has a space that the server doesn't know`);
      if (disk.pending.length + disk.outbox.length > 0)
        throw new Error(
          `${name} keeps ${disk.pending.length} pending and ${disk.outbox.map((op) => op.kind)} frozen in ${space.slice(0, 4)} ${disk.outbox.map((op) => op.opId.slice(0, 6))}`,
        );
      const onServer = new Set(there.records.map((record) => record.opId));
      for (const record of there.records)
        if (!disk.log.has(record.opId)) throw new Error(`${name} lacks ${innerOf(record).text} (seq ${record.seq})`);
      for (const record of disk.log.values())
        if (!onServer.has(record.opId) && !there.deleted.has(record.document))
          throw new Error(`the server lost ${innerOf(record).text}, which ${name} has`);
    }
  }

  #checkTexts(): void {
    const timesByDisk = new Map<SpaceDisk, Map<string, number>>();
    for (const { space, text, by } of this.#written) {
      const disk = by.disks.get(space) as SpaceDisk;
      if (disk.ended !== null) continue; // It stays on the removed device.
      const counted = timesByDisk.get(disk) ?? countTexts(disk);
      timesByDisk.set(disk, counted);
      const times = counted.get(text) ?? 0;
      const voided = disk.voided.includes(text);
      if (times > 1 || (times === 0 && !voided)) throw new Error(`${text} was sent ${times} times`);
      if (voided) this.#count("voided");
    }
  }

  tally(): Tally {
    const tally: Tally = { ...this.#counts };
    const add = (counts: Record<string, number>): void => {
      for (const [what, times] of Object.entries(counts)) tally[what] = (tally[what] ?? 0) + times;
    };
    add(this.#server.counts);
    for (const device of this.#devices) {
      add(device.counts);
      add(device.network.counts);
      for (const disk of device.disks.values()) if (disk.ended === "removed") add({ removedMember: 1 });
    }
    return tally;
  }
}
