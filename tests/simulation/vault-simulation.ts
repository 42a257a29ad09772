/**
 * Three to five devices of a child (some linked on the way) and two adults, the real crypto, a server that is honest and
 * unlucky or evil. Honest: nothing acknowledged is lost, everything converges, what was deleted is gone everywhere, no alarm
 * is raised. Evil: no device ever shows what nobody wrote, and what it lacks it notices.
 */
// First: Yjs remembers where it found randomness.
import "./seeded-chance.ts";

import * as Y from "yjs";
import { appendText } from "../../client/documents/entry.ts";
import { plainToRichText } from "../../client/documents/rich-text.ts";
import { clientIdsOf } from "../../client/documents/updates.ts";
import type { DeviceId } from "../../client/vault/api.ts";
import { deviceIdOf, listDeviceRows } from "../../client/vault/devices.ts";
import { createDocument } from "../../client/vault/own-documents.ts";
import type { LogRow, Retired } from "../../client/vault/space-rows.ts";
import { capabilityMessage, proveCapability } from "../../crypto/capabilities.ts";
import { parseInner } from "../../crypto/inner.ts";
import { createOwnSeed, deriveLadder, type Ladder } from "../../crypto/ladder.ts";
import { equalBytes, verify } from "../../crypto/sodium.ts";
import type { OwnSeed, ServerNonce } from "../../crypto/types.ts";
import type { DocumentTag, SpaceId } from "../../protocol/frames.ts";
import { createMemoryDisk, type Disk } from "./disk.ts";
import { MemoryServer, type Space } from "./memory-server.ts";
import { editAtRandom, pictureOf } from "./random-edits.ts";
import { withChance } from "./seeded-chance.ts";
import { EvilServer } from "./vault-attacks.ts";
import { docOf, HonestEdits } from "./vault-checks.ts";
import { textOf, VaultDevice, type VaultDeviceParts } from "./vault-device.ts";
import { linkDevice } from "./vault-linking.ts";
import { circleTag, createFamily, epochsOf, type Family, type SharedSpace, wrapCircle } from "./vault-people.ts";
import { World } from "./world.ts";

export type Tally = Record<string, number>;

export interface VaultSimulationOptions {
  readonly steps: number;
  readonly evil: boolean;
  /** A disk for each device; in memory where nothing is said. */
  readonly disk?: (world: World, device: number) => Promise<Disk>;
}

/** Of the child, linked while the simulation runs: five in all at the most. */
const MAX_LINKED = 2;

export async function simulateVault(seed: number, options: VaultSimulationOptions): Promise<Tally> {
  const world = new World(seed);
  try {
    return await withChance(world.random, async () => {
      const simulation = await VaultSimulation.create(world, options);
      for (let at = 0; at < options.steps; at++) await simulation.step();
      await simulation.rest();
      return simulation.tally;
    });
  } catch (error) {
    throw new Error(`seed ${seed}, ${options.evil ? "evil" : "honest"}: ${(error as Error).message}`, { cause: error });
  }
}

function isQuiet({ syncing }: VaultDevice): boolean {
  const { connection, unsent } = syncing.state();
  return connection === "on" && unsent === 0;
}

/** A document that several write in: what a person saw of it on each device, and every honest edit. */
interface Written {
  readonly shared: SharedSpace;
  readonly document: DocumentTag;
  readonly honest: HonestEdits;
  readonly docs: Map<VaultDevice, Y.Doc>;
  /** Those whose commit came through: they are never lost. */
  readonly committed: Y.Doc;
}

class VaultSimulation {
  readonly tally: Tally = {};
  readonly #world: World;
  readonly #server: MemoryServer;
  readonly #evil: EvilServer | null;
  readonly #disk: (world: World, device: number) => Promise<Disk>;
  readonly #devices: VaultDevice[] = [];
  readonly #family: Family;
  readonly #own: readonly Written[];
  readonly #joint: Written;
  /** What was committed on a device, by text. */
  readonly #said = new Map<string, SpaceId>();
  readonly #deleted = new Set<DocumentTag>();
  #texts = 0;
  #steps = 0;
  #linked = 0;
  #lost: VaultDevice | null = null;
  readonly #underWay = new Map<VaultDevice, number>();
  /** On which it was taken out. */
  #decided: VaultDevice | null = null;
  /** Texts that were written at rest, when every removal had taken effect. */
  readonly #late = new Set<string>();

  private constructor(world: World, { evil, disk }: VaultSimulationOptions) {
    const family = createFamily();
    const server = new MemoryServer(world);
    this.#world = world;
    this.#family = family;
    this.#server = server;
    this.#disk = disk ?? (async () => createMemoryDisk(world));
    this.#evil = evil ? new EvilServer(world, server, family, (attack) => this.#count(attack)) : null;
    const written = (shared: SharedSpace): Written => ({
      shared,
      document: world.id(),
      honest: new HonestEdits(),
      docs: new Map(),
      committed: new Y.Doc(),
    });
    this.#own = [written(family.pocket), written(family.pocket)];
    this.#joint = written(family.circle);
    const all = [family.pocket, family.circle, family.mailbox];
    for (const { space } of all) server.createSpace(space);
    this.#leaveWraps();
    server.backUp();
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

  static async create(world: World, options: VaultSimulationOptions): Promise<VaultSimulation> {
    const simulation = new VaultSimulation(world, options);
    const { child, adults } = simulation.#family;
    for (const person of [child, child, child, ...adults]) {
      simulation.#devices.push(await VaultDevice.create(await simulation.#parts(), person));
    }
    return simulation;
  }

  async #parts(): Promise<VaultDeviceParts> {
    const disk = await this.#world.until(this.#disk(this.#world, this.#devices.length));
    return { world: this.#world, server: this.#server, family: this.#family, disk, listed: true };
  }

  #count(what: string, by = 1): void {
    this.tally[what] = (this.tally[what] ?? 0) + by;
  }

  get #childs(): readonly VaultDevice[] {
    return this.#honest.filter(({ isChilds }) => isChilds);
  }

  /** All that are not in somebody else's hands. */
  get #honest(): readonly VaultDevice[] {
    return this.#devices.filter((device) => device !== this.#lost);
  }

  async step(): Promise<void> {
    const world = this.#world;
    const device = world.pick(this.#honest);
    const ticket = world.random();
    if (ticket < 0.28) this.#say(device);
    else if (ticket < 0.46) await this.#type(world.pick(this.#childs), world.pick(this.#own));
    else if (ticket < 0.54) await this.#type(device, this.#joint);
    else if (ticket < 0.57) this.#make(world.pick(this.#childs));
    else if (ticket < 0.6) await this.#remove(world.pick(this.#childs));
    else if (ticket < 0.61) await this.#link(world.pick(this.#childs));
    else if (ticket < 0.62) await this.#removeLost(world.pick(this.#childs), world.pick(this.#childs));
    else if (ticket < 0.69) this.#toggle(device);
    else if (ticket < 0.77) device.network.breakConnections();
    else if (ticket < 0.83) await this.#crash(device);
    else if (ticket < 0.85) this.#rotate();
    else if (ticket < 0.87) this.#server.goDown();
    else if (ticket < 0.89) this.#server.backUp();
    else if (ticket < 0.9) this.#server.restore();
    else if (ticket < 0.94) this.#changeFaults(device);
    else await this.#attack();
    await world.run(world.pick([5, 50, 300, 1_500, 4_000]));
    this.#steps++;
    if (this.#evil !== null && this.#steps % 10 === 0) await this.#checkShown();
  }

  async #attack(): Promise<void> {
    const world = this.#world;
    const member = this.#colluder;
    if (this.#evil === null) return;
    const ticket = world.random();
    if (ticket < 0.2 && member !== null) void this.#evil.poison(member, this.#joint.document, this.#joint.honest.doc);
    else if (ticket < 0.35) {
      const device = world.pick(this.#childs);
      if (!device.network.online) return;
      this.#evil.withholdDeletions(device);
      await this.#remove(device);
    } else this.#evil.turn(this.#devices);
  }

  /** Against an evil server the last adult is its friend: writes nothing honest into the joint document. */
  get #colluder(): VaultDevice | null {
    return this.#evil === null ? null : (this.#devices.find(({ person }) => person === this.#family.adults[1]) ?? null);
  }

  #say(device: VaultDevice, { space } = this.#world.pick(logged(device))): void {
    const text = `text ${++this.#texts}`;
    const payload = new TextEncoder().encode(text);
    // Committed or crashed before: only what was committed is promised.
    const write = this.#writing(device, device.write(space, this.#world.id(), "said", payload, []));
    write.then(() => this.#said.set(text, space)).catch(() => this.#count("crashedWhileWriting"));
    this.#count("said");
  }

  /** An edit as an update that the device's own doc makes; now and then a long one, or one that only takes away. */
  async #type(device: VaultDevice, written: Written): Promise<void> {
    if (written === this.#joint && device === this.#colluder) return;
    const world = this.#world;
    const { shared, document, honest, committed } = written;
    const doc = this.#docOf(device, written);
    if (world.chance(0.3)) {
      for (const update of await world.until(device.updates(shared.space, document))) Y.applyUpdate(doc, update);
    }
    const kind = world.chance(0.004) ? "long" : world.chance(0.5) ? "letter" : "other";
    const update = editAtRandom(doc, world, kind);
    honest.add(update);
    const write = device.write(shared.space, document, "update", update, [...clientIdsOf(update)]);
    this.#writing(device, write)
      .then(() => Y.applyUpdate(committed, update))
      .catch(() => this.#count("crashedWhileWriting"));
    this.#count(kind === "long" ? "longEdit" : "typed");
  }

  /** Counts what a device has begun to write and not yet kept. */
  #writing<T>(device: VaultDevice, write: Promise<T>): Promise<T> {
    const add = (by: number): void => void this.#underWay.set(device, (this.#underWay.get(device) ?? 0) + by);
    add(1);
    write.finally(() => add(-1)).catch(() => undefined);
    return write;
  }

  #docOf(device: VaultDevice, { docs }: Written): Y.Doc {
    const doc = docs.get(device) ?? new Y.Doc();
    docs.set(device, doc);
    return doc;
  }

  /** A small entry that may be deleted again. */
  #make(device: VaultDevice): void {
    const fill = (doc: Y.Doc): void => appendText(doc, plainToRichText(`entry ${this.#steps}`));
    this.#writing(device, createDocument(device.pocket, "entry", fill))
      .then(() => this.#count("made"))
      .catch(() => this.#count("crashedWhileWriting"));
  }

  /** Deletes the newest entry that stands in this device's list. */
  async #remove(device: VaultDevice): Promise<void> {
    const typed = new Set(this.#own.map(({ document }) => document));
    const entry = device.pocket.pages.newest("entry").find(({ document }) => !typed.has(document));
    if (entry === undefined) return;
    await this.#world.until(device.remove(entry.document));
    this.#deleted.add(entry.document);
    this.#count("deleted");
  }

  async #link(old: VaultDevice): Promise<void> {
    if (this.#linked === MAX_LINKED || old.syncing.state().connection !== "on") return;
    // Whom another device than the deciding one links between decision and rotation, nobody saw who decided: it goes with
    // the lost one (devices.md §6).
    if (
      this.#lost !== null &&
      old !== this.#decided &&
      !this.#childs.every(({ pocket }) => pocket.keyring.epoch(old.pocket.keyring.me.pocket) > 1)
    )
      return;
    const linked = await linkDevice(await this.#parts(), old);
    if (!(linked instanceof VaultDevice)) return this.#count(linked.ended);
    this.#devices.push(linked);
    this.#linked++;
    this.#count("linked");
  }

  /** A device is lost and removed from another. Whoever found it keeps it running, with all that it knew. */
  async #removeLost(lost: VaultDevice, by: VaultDevice): Promise<void> {
    // What it still keeps for itself is lost with it.
    if (this.#lost !== null || lost === by || !isQuiet(lost) || (this.#underWay.get(lost) ?? 0) > 0) return;
    const idOf = ({ pocket }: VaultDevice): DeviceId => deviceIdOf(pocket.keyring.me);
    const known = new Set((await this.#world.until(listDeviceRows(by.pocket))).map(({ id }) => id));
    // Whoever isn't in the list yet would be removed with it.
    if (!this.#childs.every((device) => known.has(idOf(device)))) return;
    const ended = await this.#endInCircle(lost, by);
    if (ended === null || (this.#evil !== null && !(await this.#isElsewhere(lost)))) return;
    await this.#world.until(by.lost.remove(idOf(lost)));
    this.#lost = lost;
    this.#decided = by;
    lost.network.online = true;
    this.#family.circle.ended.push(...ended);
    for (const device of this.#honest) await this.#world.until(device.learnEnded());
    // What it had sent is not lost with it: nobody else could send that again after a restore.
    this.#server.backUp();
    this.#count("removedDevice");
  }

  /**
   * Whether another of the child's devices has all that this one wrote in the pocket. What only the server has when it is
   * lost, an evil one can keep for good (devices.md §6); an honest one gives it to whoever removes.
   */
  async #isElsewhere(lost: VaultDevice): Promise<boolean> {
    const { space } = this.#family.pocket;
    const { chain, heads } = await lost.pocket.log(space).state();
    const own = heads.find((head) => head.chain === chain);
    const others = this.#childs.filter((device) => device !== lost);
    const states = await Promise.all(others.map(({ pocket }) => pocket.log(space).state()));
    return (
      own === undefined ||
      states.some((state) => state.heads.some((head) => head.chain === chain && head.counter >= own.counter))
    );
  }

  /**
   * The circle is handed in, and so is what its rotation would say: how far the lost device's chain had come there. Null
   * while whoever removes it doesn't know.
   */
  async #endInCircle(lost: VaultDevice, by: VaultDevice): Promise<readonly Retired[] | null> {
    const { space } = this.#family.circle;
    const { chain, heads } = await lost.pocket.log(space).state();
    const own = heads.find((head) => head.chain === chain);
    if (own === undefined) return [];
    const known = (await by.pocket.log(space).state()).heads.find((head) => head.chain === chain);
    return known?.counter === own.counter ? [{ ...own, owner: true }] : null;
  }

  #toggle({ network, syncing }: VaultDevice): void {
    network.online = !network.online;
    if (network.online) syncing.nudge();
    else network.breakConnections();
    this.#count("toggled");
  }

  async #crash(device: VaultDevice): Promise<void> {
    device.crash();
    this.#count("crashed");
    // What a page had typed and not saved is gone with it, as are its docs.
    for (const { docs } of [...this.#own, this.#joint]) docs.delete(device);
    await this.#world.until(device.boot());
  }

  /** Another owner's device made a new epoch: the wraps are there for everybody. */
  #rotate(): void {
    const { seeds, space } = this.#family.circle;
    const there = this.#server.spaces.get(space) as Space;
    if (seeds.length === there.epoch) seeds.push(createOwnSeed());
    this.#leaveWraps();
    this.#server.rotate(space);
    this.#count("rotated");
  }

  #leaveWraps(): void {
    const { child, adults } = this.#family;
    for (const person of [child, ...adults]) {
      this.#server.wraps.set(circleTag(this.#family, person), wrapCircle(this.#family, person));
    }
  }

  #changeFaults({ network }: VaultDevice): void {
    const world = this.#world;
    const { faults } = this.#server;
    faults.refuse = world.pick([0, 0, 0.1, 0.4]);
    faults.loseLive = world.pick([0, 0, 0.2]);
    faults.doubleLive = world.pick([0, 0, 0.3]);
    faults.lateLive = world.pick([0, 0, 0.3]);
    faults.full = world.chance(0.15);
    network.faults.break = world.pick([0, 0, 0.02, 0.1]);
    network.faults.double = world.pick([0, 0.1]);
  }

  /** Whatever the server does: what is shown was written by a person, in this space, and is there once. */
  async #checkShown(): Promise<void> {
    for (const device of this.#devices) {
      for (const { space } of logged(device)) {
        const rows = await this.#world.until(device.said(space));
        // What is said is known by its document: two devices may each have written it again after a removal.
        const texts = [...new Map(rows.map((row) => [row.document, textOf(row)])).values()].flatMap(
          (text) => text ?? [],
        );
        for (const text of texts) {
          if (!/^text \d+$/.test(text)) throw new Error(`shows "${text}"`);
          if ((this.#said.get(text) ?? space) !== space) throw new Error(`${text} is shown in another space`);
        }
        if (new Set(texts).size !== texts.length) throw new Error("shows a text twice");
      }
      this.#checkKeys(device);
    }
    const device = this.#world.pick(this.#devices);
    if (device !== this.#colluder) {
      for (const one of this.#writtenOn(device)) await this.#world.until(this.#checkWritten(device, one, "a device"));
    }
  }

  /** No device holds a key that the child didn't make. */
  #checkKeys(device: VaultDevice): void {
    const held = device.pocket.keyring.space(this.#family.circle.space)?.epochs ?? [];
    const made = epochsOf(this.#family.circle, device.person);
    for (const { epoch, seed } of held) {
      const honest = made.find((one) => one.epoch === epoch)?.seed;
      if (honest === undefined || !equalBytes(seed, honest)) throw new Error("holds a key that the child didn't make");
    }
  }

  #writtenOn(device: VaultDevice): readonly Written[] {
    return device.isChilds ? [...this.#own, this.#joint] : [this.#joint];
  }

  async #checkWritten(device: VaultDevice, written: Written, name: string): Promise<Y.Doc> {
    const { shared, document, honest } = written;
    const updates = await device.updates(shared.space, document);
    return written === this.#joint && this.#evil?.squatted === true ? docOf(updates) : honest.check(updates, name);
  }

  async rest(): Promise<void> {
    Object.assign(this.#server.faults, { refuse: 0, loseLive: 0, doubleLive: 0, lateLive: 0, full: false });
    this.#evil?.calmDown();
    for (const { network, syncing } of this.#devices) {
      Object.assign(network.faults, { break: 0, double: 0 });
      network.online = true;
      syncing.nudge();
    }
    // Two quiet minutes: everything was asked once more that is to be asked.
    for (let minutes = 0, quiet = 0; minutes < 12 && quiet < 2; minutes++) {
      await this.#world.run(60_000);
      quiet = this.#honest.every(isQuiet) ? quiet + 1 : 0;
    }
    const before = this.#texts;
    // A withheld end of a chain shows when the chain goes on.
    for (const device of this.#honest) for (const shared of logged(device)) this.#say(device, shared);
    for (let at = before; at < this.#texts; at++) this.#late.add(`text ${at + 1}`);
    for (let minutes = 0; minutes < 3; minutes++) await this.#world.run(60_000);
    await this.#checkShown();
    for (const device of this.#honest) {
      await this.#world.until(this.#checkDevice(device, `device ${this.#devices.indexOf(device)}`));
    }
    await this.#checkLost();
    if (this.#evil === null) await this.#checkLateComer();
    for (const [what, times] of Object.entries(this.#server.counts)) this.#count(what, times);
    for (const { network } of this.#devices) {
      for (const [what, times] of Object.entries(network.counts)) this.#count(what, times);
    }
  }

  /** Nothing that was written after the removal is on the lost device, nor any key of it. */
  async #checkLost(): Promise<void> {
    const lost = this.#lost;
    if (lost === null) return;
    const { space } = this.#family.pocket;
    const epochs = this.#childs.map(({ pocket }) => pocket.keyring.epoch(space));
    if (epochs.some((epoch) => epoch !== 2)) throw new Error(`a device was removed, and the epochs are ${epochs}`);
    if (lost.pocket.keyring.epoch(space) !== 1) throw new Error("a lost device has the new keys");
    const rows = await this.#world.until(lost.said(space));
    const texts = new Set(rows.flatMap((row) => textOf(row) ?? []));
    const late = [...this.#said].filter(([text, where]) => where === space && this.#late.has(text));
    if (late.some(([text]) => texts.has(text)))
      throw new Error("a lost device shows what was written after its removal");
  }

  /** What was let go on the server is not needed: a device that is linked only now has everything, and misses nothing. */
  async #checkLateComer(): Promise<void> {
    const linked = await linkDevice(await this.#parts(), this.#childs[0] as VaultDevice);
    if (!(linked instanceof VaultDevice)) throw new Error(`no device can be linked at rest: ${linked.ended}`);
    this.#devices.push(linked);
    for (let minutes = 0; minutes < 2; minutes++) await this.#world.run(60_000);
    await this.#world.until(this.#checkDevice(linked, "the late comer"));
  }

  async #checkDevice(device: VaultDevice, name: string): Promise<void> {
    const { connection, unsent, problem } = device.syncing.state();
    if (connection !== "on" || unsent !== 0) throw new Error(`${name} is ${connection}, ${unsent} unsent, ${problem}`);
    this.#checkKeys(device);
    for (const shared of logged(device)) {
      const { space, kind } = shared;
      const state = await device.pocket.log(space).state();
      const rows = await device.said(space);
      const texts = new Set(rows.flatMap((row) => textOf(row) ?? []));
      const lacking = [...this.#said].filter(([text, where]) => where === space && !texts.has(text));
      const lacks = [...lacking.map(([text]) => text), ...(await this.#documentsLacking(device, shared, name))];
      const bad = rows.find((row) => row.problem !== null && !isSaidAgain(rows, row));
      if (this.#evil !== null) {
        // Noticed, or harmless: where something is lacking, the space or the document says that it isn't whole.
        const broken = await this.#isBroken(device, shared);
        if (state.problem !== null || bad !== undefined || broken) this.#count("noticed");
        else if (lacks.length > 0) throw new Error(`${name} lacks ${lacks[0]} in its ${kind} and noticed nothing`);
        continue;
      }
      if (lacks.length > 0) throw new Error(`${name} lacks ${lacks} in its ${kind}`);
      if (state.problem !== null) throw new Error(`${name} raises a false alarm in its ${kind}: ${state.problem}`);
      if (bad !== undefined) throw new Error(`${name} can't use a record of its ${kind}: ${bad.problem}`);
    }
  }

  async #isBroken(device: VaultDevice, { space }: SharedSpace): Promise<boolean> {
    const log = device.pocket.log(space);
    const whole = await Promise.all([...this.#own, this.#joint].map(({ document }) => log.isWhole(document)));
    return whole.includes(false);
  }

  /** Letters, everything else that a document shows, and deletions, as far as this device lacks them. */
  async #documentsLacking(device: VaultDevice, shared: SharedSpace, name: string): Promise<readonly string[]> {
    const lacks: string[] = [];
    for (const one of this.#writtenOn(device)) {
      if (one.shared !== shared || device === this.#colluder) continue;
      const shown = await this.#checkWritten(device, one, name);
      const picture = pictureOf(shown);
      // What was committed is there; what was crashed out in the middle of its commit may be there too.
      Y.applyUpdate(shown, Y.encodeStateAsUpdate(one.committed));
      if (pictureOf(shown) !== picture) lacks.push(`something of ${pictureOf(shown)}: it sees ${picture}`);
      if (this.#evil !== null) continue;
      const first = this.#pictures.get(one) ?? picture;
      if (picture !== first) lacks.push(`what the first device sees, ${first}: it sees ${picture}`);
      this.#pictures.set(one, first);
    }
    if (shared === this.#family.pocket) {
      for (const document of this.#deleted) {
        const left = await device.pocket.log(shared.space).updates(document);
        if (left.length > 0 || device.pocket.pages.get(document) !== null) lacks.push("a deletion");
      }
    }
    return lacks;
  }

  /** What the first device saw at rest. */
  readonly #pictures = new Map<Written, string>();
}

/**
 * What a device signed with a key that another's rotation was ending at that very moment: kept, not shown, and there
 * once more under the new key. A void is about the ended chain and has nothing more to say.
 */
const isSaidAgain = (rows: readonly LogRow[], late: LogRow): boolean =>
  late.problem === "retired" && (late.kind === "void" || rows.some((row) => row.problem === null && isSame(row, late)));

const isSame = (one: LogRow, other: LogRow): boolean =>
  one.inner !== null &&
  other.inner !== null &&
  one.kind === other.kind &&
  equalBytes(parseInner(one.inner).payload, parseInner(other.inner).payload);

/** Where a device keeps a log of people's words: the mailbox has none. */
const logged = ({ spaces }: VaultDevice): readonly SharedSpace[] => spaces.filter(({ kind }) => kind !== "mailbox");
