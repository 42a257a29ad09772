/**
 * A server must not learn from what a device sends why something didn't open: whether a bit was wrong, a key, an author or
 * a version. Two devices of a child, the same seed each time, one record (or one chunk) spoilt in another way each time.
 */
// First: Yjs remembers where it found randomness.
import "./seeded-chance.ts";

import { beforeAll, describe, expect, it } from "vitest";
import { createAuthorKeys } from "../../crypto/identity.ts";
import { digestHeads, NO_PREVIOUS, signInner } from "../../crypto/inner.ts";
import { createOwnSeed, deriveLadder } from "../../crypto/ladder.ts";
import { sealRecord } from "../../crypto/records.ts";
import { ready, SIGNATURE_BYTES } from "../../crypto/sodium.ts";
import type { ChainId, OwnSeed } from "../../crypto/types.ts";
import type { DocumentTag, OpId, StoredRecord } from "../../protocol/frames.ts";
import { createMemoryDisk } from "./disk.ts";
import { MemoryServer } from "./memory-server.ts";
import { drawnFrom, withChance } from "./seeded-chance.ts";
import { VaultDevice } from "./vault-device.ts";
import { createFamily, type Family } from "./vault-people.ts";
import { createRandom, World } from "./world.ts";

beforeAll(ready);

type Spoil = (record: StoredRecord, family: Family) => StoredRecord;

const withByte =
  (at: number, change: (byte: number) => number): Spoil =>
  (record) => {
    const sealed = record.sealed.slice();
    const place = at < 0 ? sealed.length + at : at;
    sealed[place] = change(sealed[place] as number);
    return { ...record, sealed };
  };
const flipped = (at: number): Spoil => withByte(at, (byte) => byte ^ 1);

/** As somebody would write it who is in no roster, with the key of the epoch or another. */
const written =
  (key: "its key" | "another key", signed: boolean): Spoil =>
  ({ seq, document, kind, epoch, opId }, { pocket }) => {
    const { space } = pocket;
    const seed = key === "its key" ? (pocket.seeds[0] as OwnSeed) : createOwnSeed();
    const place = { chain: "c".repeat(32) as ChainId, counter: 1, previous: NO_PREVIOUS, heads: digestHeads([]) };
    const payload = new TextEncoder().encode("text of nobody");
    const fields = { space, document, kind, opId, ...place, clientIds: [], payload };
    const inner = signInner(fields, createAuthorKeys().privateKey);
    if (!signed) inner.fill(0, -SIGNATURE_BYTES);
    const { contentKey } = deriveLadder({ right: "own", seed, space, epoch });
    const sealed = sealRecord(inner, { space, document, kind, epoch, opId }, contentKey);
    return { seq, document, kind, epoch, opId, sealed };
  };

const CAUSES: Readonly<Record<string, Spoil>> = {
  "a bit of the nonce": flipped(1),
  "a bit of the commitment": flipped(30),
  "a bit of the ciphertext": flipped(100),
  "a bit of the tag": flipped(-1),
  "an unknown version": withByte(0, () => 9),
  "cut short": (record) => ({ ...record, sealed: record.sealed.slice(0, 200) }),
  "nothing at all": (record) => ({ ...record, sealed: new Uint8Array(0) }),
  "another op id": (record) => ({ ...record, opId: "a".repeat(32) as OpId }),
  "another document": (record) => ({ ...record, document: "b".repeat(32) as DocumentTag }),
  "another kind": (record) => ({ ...record, kind: "control" }),
  "an epoch that we have no key of": (record) => ({ ...record, epoch: 7 }),
  "another key": written("another key", true),
  "an author whom nobody knows": written("its key", true),
  "no signature": written("its key", false),
};

/** What one device sent, when, and how large, while another's second word reached it spoilt and its third whole. */
async function traffic(spoil: Spoil | null, spoilChunk: ((chunk: Uint8Array) => Uint8Array) | null = null) {
  const world = new World(11);
  return withChance(world.random, async () => {
    const server = new MemoryServer(world);
    const family = createFamily();
    server.checkProof = () => true;
    for (const { space } of [family.pocket, family.circle, family.mailbox]) server.createSpace(space);
    const create = () => VaultDevice.create({ world, server, family, disk: createMemoryDisk(world) }, family.child);
    const [writer, reader] = [await create(), await create()];
    await world.run(5_000);
    const sent: unknown[] = [];
    const note = (what: object): number => sent.push({ at: world.now, ...what });
    const connect = server.connect.bind(server);
    server.connect = (caller, ...rest) => {
      const session = connect(caller, ...rest);
      if (caller !== reader.network) return session;
      const receive = (frame: Parameters<typeof session.receive>[0]): void => {
        note(sizesOf(frame));
        session.receive(frame);
      };
      return { ...session, receive };
    };
    const http = reader.network.http.bind(reader.network);
    reader.network.http = () => {
      note({ http: true });
      return http();
    };
    reader.network.breakConnections();
    const spare = createRandom(5);
    let left = 1;
    server.tamper = (record) => {
      if (spoil === null || record.seq !== 2 || left-- <= 0) return record;
      // What the attacker draws is not the devices' chance.
      return drawnFrom(spare, () => spoil(record, family));
    };
    if (spoilChunk !== null) server.tamperChunk = spoilChunk;
    for (const text of ["1", spoilChunk === null ? "2" : "2".repeat(300_000), "3"]) {
      const payload = new TextEncoder().encode(text);
      await world.until(writer.write(family.pocket.space, world.id(), "said", payload, []));
      await world.run(2_000);
    }
    await world.run(120_000);
    return { sent, heard: (await reader.said(family.pocket.space)).filter(({ problem }) => problem === null).length };
  });
}

const sizesOf = (frame: object): object =>
  Object.fromEntries(
    Object.entries(frame).map(([name, value]) => [name, value instanceof Uint8Array ? value.length : value]),
  );

const CHUNKS: Readonly<Record<string, (chunk: Uint8Array) => Uint8Array>> = {
  "a bit": (chunk) => chunk.with(chunk.length >> 1, (chunk[chunk.length >> 1] as number) ^ 1),
  "the first byte": (chunk) => chunk.with(0, 9),
  "the last byte": (chunk) => chunk.with(-1, (chunk.at(-1) as number) ^ 1),
  "the order of its bytes": (chunk) => chunk.toReversed(),
  "its length": (chunk) => chunk.slice(0, -1),
};

describe("what a device sends after something that doesn't open", () => {
  let [one, whole]: Awaited<ReturnType<typeof traffic>>[] = [];
  let chunk: Awaited<ReturnType<typeof traffic>>;
  beforeAll(async () => {
    one = await traffic(flipped(100));
    whole = await traffic(null);
    chunk = await traffic(null, CHUNKS["a bit"]);
  });

  it("is something: it asks once more, and then has everything", () => {
    expect(one?.sent.length).toBeGreaterThan(whole?.sent.length ?? 0);
    expect([one?.heard, whole?.heard]).toEqual([3, 3]);
  });

  it.each(Object.keys(CAUSES))("doesn't depend on the cause: %s", async (cause) => {
    expect(await traffic(CAUSES[cause] as Spoil)).toEqual(one);
  });

  it.each(Object.keys(CHUNKS))("nor for a chunk of a large content: %s", async (cause) => {
    expect(chunk.sent.length).toBeGreaterThan(0);
    expect(await traffic(null, CHUNKS[cause])).toEqual(chunk);
  });
});
