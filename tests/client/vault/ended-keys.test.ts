/**
 * After a lost device was taken out: whoever found it has the person's ended author key, the owner key and the keys of every
 * epoch so far, and the server helps. What they sign counts for nothing, and takes nothing away; what the lost device had
 * really written is brought back when the server loses it.
 */
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Batch } from "../../../client/vault/batch.ts";
import { freeze } from "../../../client/vault/freeze.ts";
import type { SpaceRow } from "../../../client/vault/keyring.ts";
import { createOwnRotation } from "../../../client/vault/own-rotation.ts";
import { forgetStored, sendLostAgain } from "../../../client/vault/repair.ts";
import { retireRows } from "../../../client/vault/retired.ts";
import { createAuthorKeys, createOwnerKeys } from "../../../crypto/identity.ts";
import { randomId } from "../../../crypto/ids.ts";
import { digestHeads, hashInner, NO_PREVIOUS, parseInner, signInner } from "../../../crypto/inner.ts";
import { createOwnSeed } from "../../../crypto/ladder.ts";
import { sealRecord } from "../../../crypto/records.ts";
import { ready } from "../../../crypto/sodium.ts";
import type { AuthorKeyPair, ChainId, Hash32, OpId, OwnSeed, SignedInner } from "../../../crypto/types.ts";
import type { OuterRecord } from "../../../protocol/frames.ts";
import { at, Member, space } from "./member.ts";

beforeAll(ready);

const seed = () => createOwnSeed();
let tablet: Member;
let phone: Member;
let first: OuterRecord;
let second: OuterRecord;
/** The pocket as it was, and after the rotation. */
let before: SpaceRow;
let after: SpaceRow;

const rowOf = (device: Member): SpaceRow => device.log.keyring.space(space) as SpaceRow;

async function adopt(device: Member, next: SpaceRow): Promise<void> {
  const batch = new Batch();
  const retiring = { retired: next.retired ?? [], rescues: () => true, now: 0 };
  const { state } = await retireRows(device.log, batch, await device.log.state(), retiring);
  device.log.putState(batch, state);
  await batch.commit(device.log.store);
  await device.log.keyring.keep(next);
}

async function another(common: { own: OwnSeed; author: AuthorKeyPair; owner: ReturnType<typeof createOwnerKeys> }) {
  const { publicKey: ownerPublic, privateKey: ownerPrivate } = common.owner;
  return Member.create(common.own, common.author, { kind: "pocket", ownerPublic, ownerPrivate });
}

/** The phone wrote two records, which are on the tablet and on the server; then it was lost and taken out. */
beforeEach(async () => {
  const common = { own: seed(), author: createAuthorKeys(), owner: createOwnerKeys() };
  [tablet, phone] = [await another(common), await another(common)];
  [first, second] = [await phone.say("et"), await phone.say("to")];
  await tablet.take(at(1, first), at(2, second));
  before = rowOf(tablet);
  after = createOwnRotation(before, (await tablet.log.state()).heads, null).next;
  await adopt(tablet, after);
});

async function chainOf(device: Member): Promise<ChainId> {
  const { chain } = await device.log.state();
  if (chain === null) throw new Error("no chain");
  return chain;
}

const innerOf = async (opId: OpId): Promise<SignedInner> => {
  const inner = (await phone.log.said()).find((row) => row.opId === opId)?.inner;
  if (inner == null) throw new Error("no inner");
  return inner;
};

interface Forgery {
  readonly opId?: OpId;
  readonly chain?: ChainId;
  readonly counter?: number;
  readonly previous?: Hash32;
  readonly author?: AuthorKeyPair;
  readonly kind?: "said" | "control" | "update" | "snapshot";
}

/** What the finder and the server make of the keys of the first epoch. */
function forge({ kind = "said", ...given }: Forgery): OuterRecord {
  const { opId = randomId<OpId>(), chain = randomId<ChainId>(), counter = 1, author = before.author } = given;
  const { previous = NO_PREVIOUS } = given;
  const { document } = first;
  const payload = new TextEncoder().encode("ord af en fremmed");
  const place = { chain, counter, previous, heads: digestHeads([]) };
  const inner = signInner({ space, document, kind, opId, ...place, clientIds: [], payload }, author.privateKey);
  const outer = { space, document, kind, epoch: 1, opId };
  const key = tablet.log.keyring.ladder(space, 1)?.contentKey;
  if (key === undefined) throw new Error("no key");
  return { ...outer, sealed: sealRecord(inner, outer, key) };
}

describe("whoever has a lost device's keys, and the server", () => {
  it.each<[string, () => Promise<Forgery>]>([
    ["a chain of their own", async () => ({})],
    ["a key of nobody", async () => ({ author: createAuthorKeys() })],
    ["the next place of its chain", async () => ({ chain: await chainOf(phone), counter: 3 })],
    ["its place over again", async () => ({ chain: await chainOf(phone), counter: 1 })],
  ])("can't write over a record under its name, with %s", async (_, how) => {
    const { health } = await tablet.take(at(3, forge({ ...(await how()), opId: first.opId })));
    expect(await tablet.heard()).toEqual(["et", "to"]);
    expect(await tablet.problems()).toEqual([null, null]);
    expect(health.trouble).toBe("fork");
  });

  it("adds nothing: neither in a chain of their own, nor after its last place", async () => {
    const head = hashInner(await innerOf(second.opId));
    const next = { chain: await chainOf(phone), counter: 3, previous: head };
    await tablet.take(at(3, forge({})), at(4, forge(next)), at(5, forge({ kind: "snapshot" })));
    expect(await tablet.heard()).toEqual(["et", "to"]);
    expect(await tablet.problems()).toEqual([null, null, "retired", "retired"]);
    expect((await tablet.log.records(first.document)).length).toBe(0);
    // What a key signs that ended is no fault of the chain: nobody is alarmed by a late word of one's own.
    expect((await tablet.log.state()).problem).toBeNull();
  });

  it("can't put something else where the lost device had written: two histories, and the first stays", async () => {
    await tablet.take(at(3, forge({ chain: await chainOf(phone), counter: 2 })));
    expect(await tablet.heard()).toEqual(["et", "to"]);
    expect((await tablet.log.state()).problem).toBe("fork");
  });
});

describe("in a circle, after its rotation", () => {
  /** Somebody in the circle, to whom the lost device had said "et" and "to"; its owner signs with another key now. */
  const member = async () => {
    const mette = await Member.create(before.epochs[0]?.seed as OwnSeed);
    await mette.knows(phone);
    await mette.take(at(1, first), at(2, second));
    const batch = new Batch();
    const retiring = { retired: after.retired ?? [], rescues: () => false, now: 0 };
    const { state } = await retireRows(mette.log, batch, await mette.log.state(), retiring);
    mette.log.putState(batch, { ...state, authors: [after.author.publicKey], owners: [after.author.publicKey] });
    await batch.commit(mette.log.store);
    await mette.log.keyring.keep({ ...rowOf(mette), retired: after.retired ?? [] });
    return mette;
  };

  it("what was said before its end stays, and nothing is said in the child's name after it", async () => {
    const mette = await member();
    const previous = hashInner(await innerOf(second.opId));
    const forged = [
      forge({}),
      forge({ chain: await chainOf(phone), counter: 3, previous }),
      forge({ kind: "control" }),
      forge({ kind: "update" }),
      forge({ kind: "snapshot" }),
    ];
    await mette.take(...forged.map((record, i) => at(3 + i, record)));
    expect(await mette.heard()).toEqual(["et", "to"]);
    expect(await mette.problems()).toEqual([null, null, "retired", "retired", "retired"]);
    expect(await mette.log.records(first.document)).toEqual([]);
    expect((await mette.log.state()).problem).toBeNull();
  });

  it("and nothing that was said is written over: two histories, and hers stays", async () => {
    const mette = await member();
    const { health } = await mette.take(at(3, forge({ opId: first.opId })));
    expect(await mette.heard()).toEqual(["et", "to"]);
    expect(health.trouble).toBe("fork");
  });
});

describe("a device that comes later", () => {
  const lateComer = async () => {
    const { author, ownerPublic, ownerPrivate, retired = [] } = after;
    const row: Partial<SpaceRow> = { kind: "pocket", epochs: after.epochs, retired, ownerPublic, ownerPrivate };
    return Member.create(before.epochs[0]?.seed as OwnSeed, author, row);
  };

  it("hears what the lost device wrote before its end", async () => {
    const late = await lateComer();
    await late.take(at(1, first), at(2, second));
    expect(await late.heard()).toEqual(["et", "to"]);
    expect(await late.askedAgain()).toEqual({ wantsAsking: false, trouble: null });
  });

  it("notices an end that was made up, since the rotation named the true one", async () => {
    const late = await lateComer();
    const previous = hashInner(await innerOf(first.opId));
    await late.take(at(1, first), at(2, forge({ chain: await chainOf(phone), counter: 2, previous })));
    expect(await late.heard()).toEqual(["et"]);
    expect((await late.log.state()).problem).toBe("fork");
  });

  it("and one that is kept from it, the whole chain too, until it comes", async () => {
    for (const shown of [[at(1, first)], []]) {
      const late = await lateComer();
      await late.take(...shown);
      expect(await late.askedAgain()).toEqual({ wantsAsking: false, trouble: "incomplete" });
      await late.take(at(1, first), at(2, second));
      expect(await late.askedAgain()).toEqual({ wantsAsking: false, trouble: null });
      expect((await late.log.state()).missing).toEqual([]);
    }
  });
});

describe("a server that went back in time, after the device that wrote was lost", () => {
  it("gets from another device what the lost one had written, inner verbatim, in the new epoch", async () => {
    await forgetStored(tablet.log);
    await tablet.take(at(1, first));
    await sendLostAgain(tablet.log);
    const { ops } = await freeze(tablet.log, tablet.blobs, 100, 0);
    expect(ops.map(({ opId, epoch }) => [opId, epoch])).toEqual([[second.opId, 2]]);
    const kept = (await tablet.log.said()).find(({ opId }) => opId === second.opId)?.inner;
    expect(kept).toEqual(await innerOf(second.opId));
    expect(parseInner(kept as SignedInner).chain).toBe(await chainOf(phone));
  });

  it("but nothing of what an ended key signed too late", async () => {
    await tablet.take(at(3, forge({})));
    await forgetStored(tablet.log);
    await tablet.take(at(1, first), at(2, second));
    await sendLostAgain(tablet.log);
    expect((await freeze(tablet.log, tablet.blobs, 100, 0)).ops).toEqual([]);
  });
});
