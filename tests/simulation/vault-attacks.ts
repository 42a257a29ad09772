/**
 * What the evil server of the vault simulation does, and a member who helps it. Some attacks change records on their way
 * out for a while; the scripted ones (fork, withheld deletion) show different devices different histories for good.
 */
import * as encoding from "lib0/encoding";
import * as Y from "yjs";
import { isClientOf, keepClientId } from "../../client/documents/client-ids.ts";
import { clientIdsOf } from "../../client/documents/updates.ts";
import { createAuthorKeys } from "../../crypto/identity.ts";
import { digestHeads, NO_PREVIOUS, signInner } from "../../crypto/inner.ts";
import { createOwnSeed, deriveLadder } from "../../crypto/ladder.ts";
import { sealRecord } from "../../crypto/records.ts";
import type { ChainId, DocumentTag, OwnSeed } from "../../crypto/types.ts";
import type { StoredRecord } from "../../protocol/frames.ts";
import type { Caller, MemoryServer, Space } from "./memory-server.ts";
import type { VaultDevice } from "./vault-device.ts";
import { epochsOf, type Family, tagOf, wrapCircle } from "./vault-people.ts";
import type { World } from "./world.ts";

/** Each counted by its name. `withholdDeletion` is begun by the simulation, which has somebody delete something. */
export const ATTACKS = [
  "flip",
  "swap",
  "truncate",
  "foreignDocument",
  "foreignKind",
  "foreignOpId",
  "replay",
  "staleEpoch",
  "withhold",
  "downgrade",
  "ghostMember",
  "swapKey",
  "rolledBack",
  "spliced",
  "fork",
  "withholdDeletion",
  "poison",
] as const;
export type Attack = (typeof ATTACKS)[number];

type Tamper = (record: StoredRecord, there: Space) => StoredRecord | null;

export class EvilServer {
  readonly #world: World;
  readonly #server: MemoryServer;
  readonly #family: Family;
  readonly #count: (attack: Attack) => void;
  readonly #tampers: readonly (readonly [Attack, Tamper])[];

  constructor(world: World, server: MemoryServer, family: Family, count: (attack: Attack) => void) {
    this.#world = world;
    this.#server = server;
    this.#family = family;
    this.#count = count;
    this.#tampers = [
      ["flip", (record) => this.#flip(record)],
      ["swap", (record, there) => ({ ...record, sealed: world.pick(there.records).sealed })],
      ["truncate", (record) => ({ ...record, sealed: record.sealed.slice(0, world.between(1, record.sealed.length)) })],
      ["foreignDocument", (record) => ({ ...record, document: world.id() })],
      ["foreignKind", (record) => ({ ...record, kind: "update" })],
      ["foreignOpId", (record) => ({ ...record, opId: world.id() })],
      ["replay", (record, there) => ({ ...world.pick(there.records), seq: record.seq })],
      ["staleEpoch", (record) => ({ ...record, epoch: Math.max(1, record.epoch - 1) })],
      ["withhold", () => null],
      ["downgrade", (record) => ({ ...record, sealed: withFirstByte(record.sealed, world.pick([0, 2, 255])) })],
      ["ghostMember", (record, there) => this.#asGhost(record, there)],
    ];
  }

  /** Another attack than before, or none. */
  turn(devices: readonly VaultDevice[]): void {
    const world = this.#world;
    const server = this.#server;
    this.calmDown();
    if (world.chance(0.1)) {
      this.#count("rolledBack");
      server.rollBack();
    }
    if (world.chance(0.15)) this.#fork(devices);
    if (world.chance(0.3)) {
      server.tamperChunk = (chunk) => {
        this.#count("spliced");
        return world.chance(0.5) ? null : chunk.toReversed();
      };
    }
    if (world.chance(0.3)) server.tamperWrap = (wrap) => this.#swapKey(wrap);
    const [name, tamper] = world.pick(this.#tampers);
    server.tamper = (record, there) => {
      if (!world.chance(0.3)) return record;
      this.#count(name);
      return tamper(record, there);
    };
  }

  /** What comes from here on is as it was sent. What was hidden from somebody stays hidden. */
  calmDown(): void {
    const server = this.#server;
    server.tamper = (record) => record;
    server.tamperChunk = (chunk) => chunk;
    server.tamperWrap = (wrap) => wrap;
    server.viewOf = () => null;
    server.keepsDeleted = false;
  }

  /** Two groups of devices, each of which sees only its own from now on: two histories of every space. */
  #fork(devices: readonly VaultDevice[]): void {
    const left = new Set<Caller>();
    for (const { network } of devices) if (this.#world.chance(0.5)) left.add(network);
    if (left.size === 0 || left.size === devices.length) return;
    this.#server.viewOf = (_record, from) => {
      this.#count("fork");
      return (to) => left.has(to) === left.has(from);
    };
  }

  /** From now on nobody else hears what this device says of deletions: of all that it sends only those are kept back. */
  withholdDeletions({ network }: VaultDevice): void {
    const server = this.#server;
    const space = server.spaces.get(this.#family.pocket.space);
    server.keepsDeleted = true;
    server.viewOf = (record, from) => {
      if (from !== network || record.kind !== "control" || space === undefined) return null;
      this.#count("withholdDeletion");
      return (to) => to === network;
    };
  }

  /** What a member sends who wants to break the others' devices or to write in another's name. */
  async poison(member: VaultDevice, document: DocumentTag, honest: Y.Doc, pages: readonly Y.Doc[]): Promise<void> {
    const world = this.#world;
    const tag = tagOf(member.person);
    const make = world.pick([
      () => hugeClock(tag),
      () => tooDeep(tag),
      nonsense,
      () => inAnothersName(tag, honest, null),
      // Also one with which its owner has not written yet, so that the member is the first: presence tells it.
      () => inAnothersName(tag, honest, pages.length === 0 ? null : world.pick(pages).clientID),
    ]);
    const payload = make();
    try {
      await member.write(this.#family.circle.space, document, "update", payload, idsIn(payload));
      this.#count("poison");
    } catch {
      // It can't be merged with what waits, or the device crashed: nothing was sent.
    }
  }

  #flip(record: StoredRecord): StoredRecord {
    const sealed = record.sealed.slice();
    const at = this.#world.between(0, sealed.length - 1);
    sealed[at] = (sealed[at] as number) ^ (1 << this.#world.between(0, 7));
    return { ...record, sealed };
  }

  /** Another's wrap, or one that the server made with keys of its own for somebody whose card it has seen. */
  #swapKey(wrap: Uint8Array): Uint8Array {
    const world = this.#world;
    const { child, adults, circle } = this.#family;
    this.#count("swapKey");
    if (world.chance(0.5)) return world.pick([...this.#server.wraps.values(), wrap]);
    const person = world.pick([child, ...adults]);
    const mine = { ...circle, seeds: [...circle.seeds, createOwnSeed()] };
    return wrapCircle(this.#family, person, epochsOf(mine, person), new Uint8Array(32));
  }

  /** Somebody with the space's keys, but in no roster, says something in the place of a record. */
  #asGhost(record: StoredRecord, there: Space): StoredRecord {
    const { pocket, circle } = this.#family;
    const shared = [pocket, circle].find(({ space }) => this.#server.spaces.get(space) === there);
    const seed = shared?.seeds[record.epoch - 1] as OwnSeed | undefined;
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
}

function withFirstByte(bytes: Uint8Array, first: number): Uint8Array {
  const changed = bytes.slice();
  changed[0] = first;
  return changed;
}

function idsIn(update: Uint8Array): number[] {
  try {
    return [...clientIdsOf(update)];
  } catch {
    return [];
  }
}

const nonsense = (): Uint8Array => Uint8Array.of(9, 9, 9);

/** One client's structs begin at a clock that nobody reaches by writing: 2^40. */
function hugeClock(tag: number): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const value of [1, 1, tag * 2 ** 24 + 7, 2 ** 40]) encoding.writeVarUint(encoder, value);
  return Uint8Array.from([...encoding.toUint8Array(encoder), 4, 1, 1, 116, 1, 120, 0]);
}

function tooDeep(tag: number): Uint8Array {
  const doc = new Y.Doc();
  keepClientId(doc, tag);
  doc.transact(() => {
    let inner = new Y.XmlElement("blockquote");
    doc.getXmlFragment("x").insert(0, [inner]);
    for (let level = 0; level < 80; level++) {
      const next = new Y.XmlElement("blockquote");
      inner.insert(0, [next]);
      inner = next;
    }
  });
  return Y.encodeStateAsUpdate(doc);
}

/** The next place of a client who is somebody else, or the first, with other words. Nobody else there: of anybody but `own`. */
function inAnothersName(own: number, honest: Y.Doc, other: number | null): Uint8Array {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(honest));
  const client = other ?? [...doc.store.clients.keys()][0];
  const before = Y.encodeStateVector(doc);
  if (client !== undefined) doc.clientID = client;
  else if (isClientOf(doc.clientID, own)) doc.clientID = (doc.clientID ^ (2 ** 24)) >>> 0;
  doc.getText("t").insert(0, "text of a member");
  return Y.encodeStateAsUpdate(doc, before);
}
