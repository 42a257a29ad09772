/** What stands in the vault simulation: the family, its devices, the server, and what was written where. */
// First: Yjs remembers where it found randomness.
import "./seeded-chance.ts";

import * as Y from "yjs";
import { capabilityMessage, proveCapability } from "../../crypto/capabilities.ts";
import { createOwnSeed, deriveLadder, type Ladder } from "../../crypto/ladder.ts";
import { equalBytes, verify } from "../../crypto/sodium.ts";
import type { OwnSeed, ServerNonce } from "../../crypto/types.ts";
import type { DocumentTag, SpaceId } from "../../protocol/frames.ts";
import { createMemoryDisk, type Disk } from "./disk.ts";
import { MemoryServer, type Space } from "./memory-server.ts";
import { type Attack, EvilServer } from "./vault-attacks.ts";
import { HonestEdits } from "./vault-checks.ts";
import { VaultDevice, type VaultDeviceParts } from "./vault-device.ts";
import { circleTag, createFamily, type Family, type SharedSpace, wrapCircle } from "./vault-people.ts";
import { Watch } from "./vault-watch.ts";
import type { World } from "./world.ts";

export type Tally = Record<string, number>;

const HIDDEN_FOR_GOOD: readonly Attack[] = ["fork", "withholdDeletion"];

export interface VaultSimulationOptions {
  readonly steps: number;
  readonly evil: boolean;
  /** A disk for each device; in memory where nothing is said. */
  readonly disk?: (world: World, device: number) => Promise<Disk>;
}

/** A document that several write in: what a person saw of it on each device, and every honest edit. */
export interface Written {
  readonly shared: SharedSpace;
  readonly document: DocumentTag;
  readonly honest: HonestEdits;
  readonly docs: Map<VaultDevice, Y.Doc>;
  /** Those whose commit came through: they are never lost. */
  readonly committed: Y.Doc;
}

export class VaultWorld {
  readonly tally: Tally = {};
  readonly world: World;
  readonly server: MemoryServer;
  readonly evil: EvilServer | null;
  readonly family: Family;
  readonly devices: VaultDevice[] = [];
  readonly own: readonly Written[];
  readonly joint: Written;
  /** What was committed on a device, by text. */
  readonly said: Map<string, SpaceId> = new Map();
  /** On which device. */
  readonly deleted: Map<DocumentTag, VaultDevice> = new Map();
  /** The same by device. */
  readonly saidOn: Map<VaultDevice, Set<string>> = new Map();
  readonly watch: Watch;
  /** Texts that were begun. */
  texts: number = 0;
  linked: number = 0;
  lost: VaultDevice | null = null;
  /** On which it was taken out. */
  decided: VaultDevice | null = null;
  /** Texts that were written at rest, when every removal had taken effect. */
  readonly late: Set<string> = new Set();
  readonly #disk: (world: World, device: number) => Promise<Disk>;
  readonly #underWay = new Map<VaultDevice, number>();

  private constructor(world: World, { evil, disk }: VaultSimulationOptions) {
    const family = createFamily();
    const server = new MemoryServer(world);
    this.world = world;
    this.family = family;
    this.server = server;
    this.watch = new Watch(evil);
    this.#disk = disk ?? (async () => createMemoryDisk(world));
    this.evil = evil ? new EvilServer(world, server, family, (attack) => this.count(attack)) : null;
    const written = (shared: SharedSpace): Written => ({
      shared,
      document: world.id(),
      honest: new HonestEdits(),
      docs: new Map(),
      committed: new Y.Doc(),
    });
    this.own = [written(family.pocket), written(family.pocket)];
    this.joint = written(family.circle);
    const all = [family.pocket, family.circle, family.mailbox];
    for (const { space } of all) server.createSpace(space);
    this.#leaveWraps();
    server.backUp();
    checkProofs(server, all);
  }

  /** Three devices of the child and one of each adult. */
  static async create(world: World, options: VaultSimulationOptions): Promise<VaultWorld> {
    const here = new VaultWorld(world, options);
    const { child, adults } = here.family;
    for (const person of [child, child, child, ...adults]) {
      here.devices.push(await VaultDevice.create(await here.parts(), person));
    }
    return here;
  }

  /** Of the next device. */
  async parts(): Promise<VaultDeviceParts> {
    const disk = await this.world.until(this.#disk(this.world, this.devices.length));
    const { world, server, family, watch } = this;
    return { world, server, family, disk, listed: true, watch };
  }

  count(what: string, by = 1): void {
    this.tally[what] = (this.tally[what] ?? 0) + by;
  }

  get childs(): readonly VaultDevice[] {
    return this.honest.filter(({ isChilds }) => isChilds);
  }

  /** All that are not in somebody else's hands. */
  get honest(): readonly VaultDevice[] {
    return this.devices.filter((device) => device !== this.lost);
  }

  /** What an evil server changed it changed for a while only: nothing was kept from anybody for good. */
  get isNothingHidden(): boolean {
    return this.evil !== null && HIDDEN_FOR_GOOD.every((attack) => this.tally[attack] === undefined);
  }

  /** Against an evil server the last adult is its friend: writes nothing honest into the joint document. */
  get colluder(): VaultDevice | null {
    return this.evil === null ? null : (this.devices.find(({ person }) => person === this.family.adults[1]) ?? null);
  }

  /** A device has kept it: from here on it is lost to nobody. */
  committed(device: VaultDevice, text: string, space: SpaceId): void {
    this.said.set(text, space);
    this.saidOn.set(device, (this.saidOn.get(device) ?? new Set()).add(text));
  }

  /** Counts what a device has begun to write and not yet kept. */
  writing<T>(device: VaultDevice, write: Promise<T>): Promise<T> {
    const add = (by: number): void => void this.#underWay.set(device, (this.#underWay.get(device) ?? 0) + by);
    add(1);
    write.finally(() => add(-1)).catch(() => undefined);
    return write;
  }

  isWriting(device: VaultDevice): boolean {
    return (this.#underWay.get(device) ?? 0) > 0;
  }

  writtenOn(device: VaultDevice): readonly Written[] {
    return device.isChilds ? [...this.own, this.joint] : [this.joint];
  }

  /** Another owner's device made a new epoch of the circle: the wraps are there for everybody. */
  rotate(): void {
    const { seeds, space } = this.family.circle;
    const there = this.server.spaces.get(space) as Space;
    if (seeds.length === there.epoch) seeds.push(createOwnSeed());
    this.#leaveWraps();
    this.server.rotate(space);
    this.count("rotated");
  }

  #leaveWraps(): void {
    const { child, adults } = this.family;
    for (const person of [child, ...adults]) {
      this.server.wraps.set(circleTag(this.family, person), wrapCircle(this.family, person));
    }
  }
}

export function isQuiet({ syncing }: VaultDevice): boolean {
  const { connection, unsent } = syncing.state();
  return connection === "on" && unsent === 0;
}

/** Where a device keeps a log of people's words: the mailbox has none. */
export const logged = ({ spaces }: VaultDevice): readonly SharedSpace[] =>
  spaces.filter(({ kind }) => kind !== "mailbox");

/** The server lets in whoever proves a key that was registered by a rotation, or one that the family began with. */
function checkProofs(server: MemoryServer, all: readonly SharedSpace[]): void {
  const ladders = new Map<string, Ladder>();
  const ladderOf = (space: SpaceId, epoch: number): Ladder => {
    const seed = all.find((one) => one.space === space)?.seeds[epoch - 1] as OwnSeed;
    const ladder = ladders.get(`${space}/${epoch}`) ?? deriveLadder({ right: "own", seed, space, epoch });
    ladders.set(`${space}/${epoch}`, ladder);
    return ladder;
  };
  server.checkProof = ({ space, epoch, right, proof }, nonce) => {
    const registered = server.keys.get(`${space}/${epoch}`);
    const asked = { nonce: nonce as ServerNonce, serverId: server.id, space, epoch, right };
    if (registered !== undefined) return verify(proof, capabilityMessage(asked), registered[right]);
    const pair = ladderOf(space, epoch).capabilities[right];
    if (pair === undefined) return false;
    // Ed25519 signs the same thing the same way: comparing is verifying.
    return equalBytes(proveCapability(pair.privateKey, asked), proof);
  };
}
