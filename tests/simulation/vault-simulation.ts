/**
 * Three devices of a child and two adults, the real crypto, a server that is honest and unlucky or evil. Honest: nothing
 * acknowledged is lost, everything converges, no alarm is raised. Evil: no device ever shows what nobody wrote.
 */
import * as Y from "yjs";
import { clientIdsOf } from "../../client/documents/updates.ts";
import { proveCapability } from "../../crypto/capabilities.ts";
import { createAuthorKeys, createOwnerKeys } from "../../crypto/identity.ts";
import { digestHeads, NO_PREVIOUS, signInner } from "../../crypto/inner.ts";
import { createOwnSeed, deriveLadder } from "../../crypto/ladder.ts";
import { sealRecord } from "../../crypto/records.ts";
import type { AuthorKeyPair, ChainId, OwnSeed, ServerNonce } from "../../crypto/types.ts";
import type { DocumentTag, OuterRecord, SpaceId, StoredRecord } from "../../protocol/frames.ts";
import { MemoryServer, type Space } from "./memory-server.ts";
import { editAtRandom, pictureOf } from "./random-edits.ts";
import { type SharedSpace, textOf, VaultDevice } from "./vault-device.ts";
import { World } from "./world.ts";

export type Tally = Record<string, number>;

export interface VaultSimulationOptions {
  readonly steps: number;
  readonly evil: boolean;
}

export async function simulateVault(seed: number, options: VaultSimulationOptions): Promise<Tally> {
  const world = new World(seed);
  const real = globalThis.crypto.getRandomValues;
  // Keys and ids come from the seed too, so that a failing seed fails again in the same way.
  Object.defineProperty(globalThis.crypto, "getRandomValues", {
    configurable: true,
    value: (bytes: Uint8Array) => bytes.map((_, at) => (bytes[at] = world.between(0, 255))) && bytes,
  });
  try {
    const simulation = await VaultSimulation.create(world, options.evil);
    for (let at = 0; at < options.steps; at++) await simulation.step();
    await simulation.rest();
    return simulation.tally;
  } catch (error) {
    throw new Error(`seed ${seed}, ${options.evil ? "evil" : "honest"}: ${(error as Error).message}`, { cause: error });
  } finally {
    Object.defineProperty(globalThis.crypto, "getRandomValues", { configurable: true, value: real });
  }
}

function isQuiet({ syncing }: VaultDevice): boolean {
  const { connection, unsent } = syncing.state();
  return connection === "on" && unsent === 0;
}

class VaultSimulation {
  readonly tally: Tally = {};
  readonly #world: World;
  readonly #server: MemoryServer;
  readonly #evil: boolean;
  readonly #devices: VaultDevice[] = [];
  readonly #pocket: SharedSpace;
  readonly #circle: SharedSpace;
  readonly #documents: readonly DocumentTag[];
  readonly #child: AuthorKeyPair;
  readonly #docs = new Map<VaultDevice, Map<DocumentTag, Y.Doc>>();
  /** What was committed on a device, by space. */
  readonly #said = new Map<string, SpaceId>();
  readonly #letters = new Map<DocumentTag, number>();
  /** What the first device saw at rest. */
  readonly #pictures = new Map<DocumentTag, string>();
  #texts = 0;
  #steps = 0;

  private constructor(world: World, evil: boolean, authors: readonly AuthorKeyPair[]) {
    this.#world = world;
    this.#evil = evil;
    this.#child = authors[0] as AuthorKeyPair;
    this.#server = new MemoryServer(world);
    const space = (kind: SharedSpace["kind"], members: readonly AuthorKeyPair[]): SharedSpace => ({
      space: world.id(),
      kind,
      seeds: [createOwnSeed()],
      ownerPublic: createOwnerKeys().publicKey,
      authors: members.map(({ publicKey }) => publicKey),
    });
    this.#pocket = space("pocket", authors.slice(0, 1));
    this.#circle = space("circle", authors);
    this.#documents = Array.from({ length: 2 }, () => world.id<DocumentTag>());
    for (const shared of [this.#pocket, this.#circle]) this.#server.createSpace(shared.space);
    this.#server.backUp();
    this.#server.checkProof = ({ space: id, epoch, right, proof }, nonce) => {
      const shared = [this.#pocket, this.#circle].find((one) => one.space === id) as SharedSpace;
      const seed = shared.seeds[epoch - 1] as OwnSeed;
      const pair = deriveLadder({ right: "own", seed, space: id, epoch }).capabilities[right];
      if (pair === undefined) return false;
      const challenge = { nonce: nonce as ServerNonce, serverId: this.#server.id, space: id, epoch, right };
      // Ed25519 signs the same thing the same way: comparing is verifying.
      return proveCapability(pair.privateKey, challenge).join() === proof.join();
    };
  }

  static async create(world: World, evil: boolean): Promise<VaultSimulation> {
    const authors = [createAuthorKeys(), createAuthorKeys(), createAuthorKeys()] as const;
    const simulation = new VaultSimulation(world, evil, authors);
    const both = [simulation.#pocket, simulation.#circle];
    for (const [author, spaces, times] of [
      [authors[0], both, 3],
      [authors[1], [simulation.#circle], 1],
      [authors[2], [simulation.#circle], 1],
    ] as const) {
      for (let at = 0; at < times; at++) {
        const device = await VaultDevice.create(world, simulation.#server, spaces, author);
        simulation.#devices.push(device);
        simulation.#docs.set(device, new Map(simulation.#documents.map((document) => [document, new Y.Doc()])));
      }
    }
    return simulation;
  }

  #count(what: string, by = 1): void {
    this.tally[what] = (this.tally[what] ?? 0) + by;
  }

  async step(): Promise<void> {
    const world = this.#world;
    const device = world.pick(this.#devices);
    const ticket = world.random();
    if (ticket < 0.35) this.#say(device);
    else if (ticket < 0.6) await this.#type(world.pick(this.#devices.slice(0, 3)));
    else if (ticket < 0.7) this.#toggle(device);
    else if (ticket < 0.78) device.network.breakConnections();
    else if (ticket < 0.84) await this.#crash(device);
    else if (ticket < 0.86) this.#rotate();
    else if (ticket < 0.88) this.#server.goDown();
    else if (ticket < 0.9) this.#server.backUp();
    else if (ticket < 0.91) this.#server.restore();
    else if (ticket < 0.95) this.#changeFaults(device);
    else if (this.#evil) this.#turnEvil();
    await world.run(world.pick([5, 50, 300, 1_500, 4_000]));
    this.#steps++;
    if (this.#evil && this.#steps % 10 === 0) await this.#checkShown();
  }

  #spacesOf(device: VaultDevice): readonly SharedSpace[] {
    return this.#devices.indexOf(device) < 3 ? [this.#pocket, this.#circle] : [this.#circle];
  }

  #say(device: VaultDevice, shared = this.#world.pick(this.#spacesOf(device))): void {
    const text = `text ${++this.#texts}`;
    const payload = new TextEncoder().encode(text);
    // Committed or crashed before: only what was committed is promised.
    const write = device.write(shared.space, this.#world.id(), "said", payload, []);
    write.then(() => this.#said.set(text, shared.space)).catch(() => this.#count("crashedWhileWriting"));
    this.#count("said");
  }

  /** An edit of one of the child's documents, as an update that the device's own doc makes; now and then a long one. */
  async #type(device: VaultDevice): Promise<void> {
    const world = this.#world;
    const document = world.pick(this.#documents);
    const doc = this.#docs.get(device)?.get(document) as Y.Doc;
    if (world.chance(0.3)) for (const update of await this.#updatesOn(device, document)) Y.applyUpdate(doc, update);
    const kind = world.chance(0.004) ? "long" : world.chance(0.5) ? "letter" : "other";
    const update = editAtRandom(doc, world, kind);
    device
      .write(this.#pocket.space, document, "update", update, [...clientIdsOf(update)])
      .then(() => {
        if (kind === "letter") this.#letters.set(document, (this.#letters.get(document) ?? 0) + 1);
      })
      .catch(() => this.#count("crashedWhileWriting"));
    this.#count(kind === "long" ? "longEdit" : "typed");
  }

  #updatesOn(device: VaultDevice, document: DocumentTag): Promise<readonly Uint8Array[]> {
    const { store } = device.pocket;
    return this.#world.until(store.exclusive(() => device.pocket.log(this.#pocket.space).updates(document)));
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
    for (const document of this.#documents) this.#docs.get(device)?.set(document, new Y.Doc());
    await this.#world.until(device.boot());
  }

  /** Another owner's device made a new epoch: the wraps are there for everybody. */
  #rotate(): void {
    const { seeds, space } = this.#circle;
    const there = this.#server.spaces.get(space) as Space;
    if (seeds.length === there.epoch) seeds.push(createOwnSeed());
    this.#server.rotate(space);
    this.#count("rotated");
  }

  #changeFaults({ network }: VaultDevice): void {
    const { faults } = this.#server;
    faults.refuse = this.#world.pick([0, 0, 0.1, 0.4]);
    faults.loseLive = this.#world.pick([0, 0, 0.2]);
    faults.doubleLive = this.#world.pick([0, 0, 0.3]);
    network.faults.break = this.#world.pick([0, 0, 0.02, 0.1]);
    network.faults.double = this.#world.pick([0, 0.1]);
  }

  #turnEvil(): void {
    const world = this.#world;
    const attacks: Record<string, (record: StoredRecord, there: Space) => StoredRecord | null> = {
      flip: (record) => {
        const sealed = record.sealed.slice();
        const at = world.between(0, sealed.length - 1);
        sealed[at] = (sealed[at] as number) ^ (1 << world.between(0, 7));
        return { ...record, sealed };
      },
      swap: (record, there) => ({ ...record, sealed: world.pick(there.records).sealed }),
      truncate: (record) => ({ ...record, sealed: record.sealed.slice(0, world.between(1, record.sealed.length)) }),
      foreignDocument: (record) => ({ ...record, document: world.id() }),
      foreignKind: (record) => ({ ...record, kind: "update" }),
      foreignOpId: (record) => ({ ...record, opId: world.id() }),
      replay: (record, there) => ({ ...(world.pick(there.records) as OuterRecord), seq: record.seq }),
      staleEpoch: (record) => ({ ...record, epoch: Math.max(1, record.epoch - 1) }),
      withhold: () => null,
      downgrade: (record) => {
        const sealed = record.sealed.slice();
        sealed[0] = world.pick([0, 2, 255]);
        return { ...record, sealed };
      },
      ghostMember: (record, there) => this.#asGhost(record, there),
    };
    if (world.chance(0.1)) {
      this.#count("rolledBack");
      this.#server.rollBack();
    }
    if (world.chance(0.3)) {
      this.#server.tamperChunk = (chunk) => {
        this.#count("spliced");
        return world.chance(0.5) ? null : chunk.toReversed();
      };
    } else this.#server.tamperChunk = (chunk) => chunk;
    const name = world.pick(Object.keys(attacks));
    const attack = attacks[name];
    this.#server.tamper = (record, there) => {
      if (attack === undefined || !world.chance(0.3)) return record;
      this.#count(name);
      return attack(record, there);
    };
  }

  /** Somebody with the space's keys, but in no roster, says something in the place of a record. */
  #asGhost(record: StoredRecord, there: Space): StoredRecord {
    const shared = [this.#pocket, this.#circle].find(({ space }) => this.#server.spaces.get(space) === there);
    const seed = shared?.seeds[record.epoch - 1];
    if (shared === undefined || seed === undefined) return record;
    const { space } = shared;
    const { document, kind, epoch, opId } = record;
    const { contentKey } = deriveLadder({ right: "own", seed, space, epoch });
    const payload = new TextEncoder().encode("text of nobody");
    const place = { chain: this.#world.id<ChainId>(), counter: 1, previous: NO_PREVIOUS, heads: digestHeads([]) };
    const inner = signInner(
      { space, document, kind, opId, ...place, clientIds: [], payload },
      createAuthorKeys().privateKey,
    );
    return { ...record, sealed: sealRecord(inner, { space, document, kind, epoch, opId }, contentKey) };
  }

  /** Whatever the server does: what is shown was written by a person, in this space, and is there once. */
  async #checkShown(): Promise<void> {
    for (const device of this.#devices) {
      for (const { space } of [this.#circle, this.#pocket]) {
        const rows = await this.#world.until(device.said(space));
        const texts = rows.flatMap((row) => textOf(row) ?? []);
        for (const text of texts) {
          if (!/^text \d+$/.test(text)) throw new Error(`shows "${text}"`);
          if ((this.#said.get(text) ?? space) !== space) throw new Error(`${text} is shown in another space`);
        }
        if (new Set(texts).size !== texts.length) throw new Error("shows a text twice");
      }
    }
  }

  async rest(): Promise<void> {
    Object.assign(this.#server.faults, { refuse: 0, loseLive: 0, doubleLive: 0 });
    this.#server.tamper = (record) => record;
    this.#server.tamperChunk = (chunk) => chunk;
    for (const { network, syncing } of this.#devices) {
      Object.assign(network.faults, { break: 0, double: 0 });
      network.online = true;
      syncing.nudge();
    }
    // Two quiet minutes: everything was asked once more that is to be asked.
    for (let minutes = 0, quiet = 0; minutes < 12 && quiet < 2; minutes++) {
      await this.#world.run(60_000);
      quiet = this.#devices.every(isQuiet) ? quiet + 1 : 0;
    }
    // A withheld end of a chain shows when the chain goes on.
    for (const device of this.#devices) for (const shared of this.#spacesOf(device)) this.#say(device, shared);
    for (let minutes = 0; minutes < 3; minutes++) await this.#world.run(60_000);
    await this.#checkShown();
    for (const [at, device] of this.#devices.entries()) {
      await this.#world.until(this.#checkDevice(device, `device ${at}`));
    }
    if (!this.#evil) await this.#checkLateComer();
    for (const [what, times] of Object.entries(this.#server.counts)) this.#count(what, times);
  }

  /** What was let go on the server is not needed: a device that comes only now has everything, and misses nothing. */
  async #checkLateComer(): Promise<void> {
    const device = await VaultDevice.create(this.#world, this.#server, [this.#pocket, this.#circle], this.#child);
    this.#devices.push(device);
    for (let minutes = 0; minutes < 2; minutes++) await this.#world.run(60_000);
    await this.#world.until(this.#checkDevice(device, "the late comer", [this.#pocket, this.#circle]));
  }

  async #checkDevice(device: VaultDevice, name: string, spaces = this.#spacesOf(device)): Promise<void> {
    const { connection, unsent, problem } = device.syncing.state();
    if (connection !== "on" || unsent !== 0) throw new Error(`${name} is ${connection}, ${unsent} unsent, ${problem}`);
    for (const { space, kind } of spaces) {
      const state = await device.pocket.log(space).state();
      const rows = await device.said(space);
      const texts = new Set(rows.flatMap((row) => textOf(row) ?? []));
      const lacking = [...this.#said].filter(([text, where]) => where === space && !texts.has(text));
      if (this.#evil) {
        // Noticed, or harmless: where something is lacking, the space says that it isn't whole.
        if (state.problem !== null || rows.some((row) => row.problem !== null)) this.#count("noticed");
        else if (lacking.length > 0) throw new Error(`${name} lacks ${lacking[0]} in its ${kind} and noticed nothing`);
        continue;
      }
      if (lacking.length > 0) throw new Error(`${name} lacks ${lacking.map(([text]) => text)} in its ${kind}`);
      if (state.problem !== null) throw new Error(`${name} raises a false alarm in its ${kind}: ${state.problem}`);
      const bad = rows.find((row) => row.problem !== null);
      if (bad !== undefined) throw new Error(`${name} can't use a record of its ${kind}: ${bad.problem}`);
    }
    if (!this.#evil && spaces.length === 2) await this.#checkDocuments(device, name);
  }

  async #checkDocuments(device: VaultDevice, name: string): Promise<void> {
    for (const document of this.#documents) {
      const doc = new Y.Doc();
      for (const update of await device.pocket.log(this.#pocket.space).updates(document)) Y.applyUpdate(doc, update);
      const letters = doc.getText("t").length;
      const committed = this.#letters.get(document) ?? 0;
      // Committed letters are there; one whose commit was crashed out may be there too.
      if (letters < committed) throw new Error(`${name} has ${letters} of ${committed} letters`);
      const picture = pictureOf(doc);
      const first = this.#pictures.get(document) ?? picture;
      if (picture !== first) throw new Error(`${name} sees ${picture}, another device ${first}`);
      this.#pictures.set(document, first);
    }
  }
}
