/** What a member believes of a circle that is introduced to it, and of a wrap. */
import { describe, expect, test } from "vitest";
import { rekeyCircle } from "../../../../client/vault/sharing/circle-keys.ts";
import {
  memberTag,
  openMemberWrap,
  wrapForMember,
  writeSeedOf,
} from "../../../../client/vault/sharing/circle-wraps.ts";
import { introduceCircle, takeIntroduction } from "../../../../client/vault/sharing/introductions.ts";
import { type CircleRow, createLedger, type PersonRow } from "../../../../client/vault/sharing/ledger.ts";
import { createAuthorKeys, createOwnerKeys } from "../../../../crypto/identity.ts";
import { randomId } from "../../../../crypto/ids.ts";
import { createOwnSeed, deriveLadder } from "../../../../crypto/ladder.ts";
import {
  type CheckpointFields,
  hashCheckpoint,
  NO_CHECKPOINT,
  parseCheckpoint,
  signCheckpoint,
} from "../../../../crypto/rosters.ts";
import type { Hash32, MemberId, SpaceId } from "../../../../crypto/types.ts";
import { type Actor, World } from "./world.ts";

async function rowOf(actor: Actor): Promise<PersonRow> {
  const [person] = await createLedger(actor.core).people.all();
  if (person === undefined) throw new Error("nobody");
  return person.row;
}

/** The child's side with its circle, and the caseworker's row as it was before any introduction. */
async function setUp() {
  const { world, child, caseworker } = await World.paired();
  const ofMette = await rowOf(child);
  const [circle] = await createLedger(child.core).circles.all();
  if (circle === undefined) throw new Error("no circle");
  const fresh: PersonRow = { ...(await rowOf(caseworker)), circle: null, seen: [] };
  const core = caseworker.core;
  const ledger = createLedger(core);
  await core.forgetSpace(circle.row.space);
  await core.writeState([ledger.people.entry(fresh.id, fresh), ledger.circles.entry(circle.row.space, null)]);
  const introduce = async (row: CircleRow) => {
    const sealed = introduceCircle(child.core.disk.self, ofMette, row);
    await takeIntroduction(core, ledger, fresh, sealed);
    return (await ledger.people.get(fresh.id))?.circle;
  };
  return { world, child, caseworker, ofMette, circle: circle.row, fresh, core, ledger, introduce };
}

/** The circle with another first checkpoint, signed by `owner`. */
function withGenesis(circle: CircleRow, change: Partial<CheckpointFields>, owner = circle.ownerPrivate): CircleRow {
  if (owner === null) throw new Error("not the owner's row");
  return { ...circle, genesis: signCheckpoint({ ...parseCheckpoint(circle.genesis), ...change }, owner) };
}

describe("an introduction", () => {
  test("as the owner makes it is believed, once", async () => {
    const { core, ledger, fresh, introduce, circle, ofMette, child } = await setUp();
    expect(await introduce(circle)).toBe(circle.space);
    expect((await core.spaceKeys(circle.space))?.right).toBe("write");
    const person = await ledger.people.get(fresh.id);
    if (person === null) throw new Error("nobody");
    const other = withGenesis({ ...circle, space: randomId<SpaceId>() }, { space: randomId<SpaceId>() });
    await takeIntroduction(core, ledger, person, introduceCircle(child.core.disk.self, ofMette, other));
    expect((await ledger.people.get(fresh.id))?.circle).toBe(circle.space);
  });

  test.each<[string, (circle: CircleRow) => Partial<CheckpointFields>]>([
    ["another author as owner", (c: CircleRow) => ({ members: swap(c, "owner") })],
    ["another author as member", (c: CircleRow) => ({ members: swap(c, "member") })],
    ["roles changed about", (c: CircleRow) => ({ members: turned(c) })],
    ["a third in the circle", (c: CircleRow) => ({ members: [...membersOf(c), stranger()] })],
    ["not the first checkpoint", () => ({ number: 1 })],
    ["an epoch that isn't the seed's", () => ({ epoch: 2 })],
  ])("refused: %s", async (_what, change) => {
    const { introduce, circle, core, ledger, fresh } = await setUp();
    await expect(introduce(withGenesis(circle, change(circle)))).rejects.toMatchObject({ code: "bad-format" });
    expect((await ledger.people.get(fresh.id))?.circle).toBeNull();
    expect(await core.spaceKeys(circle.space)).toBeNull();
  });

  test("refused: a checkpoint that its owner didn't sign", async () => {
    const { introduce, circle } = await setUp();
    const forged = withGenesis(circle, {}, createOwnerKeys().privateKey);
    await expect(introduce(forged)).rejects.toMatchObject({ code: "bad-signature" });
  });

  test("refused: from somebody who hasn't the pair key, or turned back on its sender", async () => {
    const { child, core, ledger, fresh, ofMette, circle } = await setUp();
    const sealed = introduceCircle(child.core.disk.self, ofMette, circle);
    const other: PersonRow = { ...fresh, pairKey: createOwnSeed() as Uint8Array as PersonRow["pairKey"] };
    await expect(takeIntroduction(core, ledger, other, sealed)).rejects.toMatchObject({ code: "does-not-open" });
    // Turned back on its sender, who is no member of it either.
    const back = { ...ofMette, circle: null, role: "child" as const, side: "joiner" as const };
    await expect(takeIntroduction(child.core, createLedger(child.core), back, sealed)).rejects.toMatchObject({
      code: "does-not-open",
    });
  });
});

test("the child is introduced to no circle of somebody else's, before the comparing or after", async () => {
  const world = await World.create();
  const child = await world.add("Alma", "child");
  const adult = await world.add("Mette", "caseworker");
  const { payload } = await child.sharing.invite("link");
  await adult.sharing.join(payload, "link");
  await world.settle();
  const theirs = await rowOf(adult);
  const mine = await rowOf(child);
  const owner = createOwnerKeys();
  const space = randomId<SpaceId>();
  const genesis = signCheckpoint(
    {
      space,
      epoch: 1,
      number: 0,
      previous: NO_CHECKPOINT,
      owner: owner.publicKey,
      members: [
        { author: theirs.myAuthor.publicKey, role: "owner", memberId: randomId<MemberId>() },
        { author: mine.myAuthor.publicKey, role: "member", memberId: randomId<MemberId>() },
      ],
      frontier: [],
    },
    owner.privateKey,
  );
  const circle = { space, genesis, epochs: [{ epoch: 1, seed: createOwnSeed() }] } as unknown as CircleRow;
  const introduce = () => introduceCircle(adult.core.disk.self, theirs, circle);
  await child.sharing.dropped(mine.myDrop.publicKey, introduce());
  await child.sharing.confirmPictures(mine.id, true);
  await child.sharing.dropped(mine.myDrop.publicKey, introduce());
  await world.settle();
  const founded = await child.circle("Mette");
  expect(founded).not.toBe(space);
  expect((await child.core.spaceKeys(founded))?.right).toBe("own");
  expect(await child.core.spaceKeys(space)).toBeNull();
});

describe("the member's wrap", () => {
  test("carries write seeds of every epoch, and opens for the member alone", async () => {
    const { child, caseworker, ofMette, fresh, circle } = await setUp();
    const two = { ...circle, epochs: [...circle.epochs, { epoch: 2, seed: createOwnSeed() }] };
    const wrap = wrapForMember(child.core.disk.self, ofMette, two, circle.newest.hash, circle);
    expect(wrap.tag).toBe(memberTag(fresh, circle));
    const keys = openMemberWrap(caseworker.core.disk.self, fresh, circle, wrap.bytes);
    expect(keys.right).toBe("write");
    expect(keys.ownerPrivateKey).toBeUndefined();
    expect(keys.epochs.map(({ epoch, seed }) => [epoch, seed])).toEqual(
      two.epochs.map(({ epoch, seed }) => [
        epoch,
        deriveLadder({ right: "own", seed, space: circle.space, epoch }).writeSeed,
      ]),
    );
    const elsewhere = { ...circle, space: randomId<SpaceId>() };
    expect(() => openMemberWrap(caseworker.core.disk.self, fresh, elsewhere, wrap.bytes)).toThrow("does not open");
    expect(() => openMemberWrap(child.core.disk.self, ofMette, circle, wrap.bytes)).toThrow("does not open");
  });

  async function rekeyed(change: (circle: CircleRow) => CircleRow) {
    const set = await setUp();
    const { child, core, ledger, ofMette, circle, introduce, world } = set;
    await introduce(circle);
    const { tag, bytes } = wrapForMember(
      child.core.disk.self,
      ofMette,
      change(circle),
      new Uint8Array(32) as Hash32,
      circle,
    );
    world.server.wraps.set(tag, bytes);
    return { ...set, answer: await rekeyCircle(core, ledger, circle.space, 1) };
  }

  test("newer epochs are kept, in row and keyring", async () => {
    const next = { epoch: 4, seed: createOwnSeed() };
    const { answer, core, ledger, circle } = await rekeyed((c) => ({ ...c, epochs: [...c.epochs, next] }));
    expect(answer).toEqual({ state: "rekeyed", epoch: 4, right: "write" });
    expect((await core.spaceKeys(circle.space))?.epoch).toBe(4);
    expect((await ledger.circles.get(circle.space))?.epochs.map(({ epoch }) => epoch)).toEqual([1, 4]);
  });

  test("an old wrap given back changes nothing", async () => {
    const { answer } = await rekeyed((circle) => circle);
    expect(answer).toEqual({ state: "unchanged", epoch: 1, right: "write" });
  });

  test("a wrap of another owner changes nothing", async () => {
    const next = { epoch: 2, seed: createOwnSeed() };
    const { publicKey } = createOwnerKeys();
    const { answer } = await rekeyed((c) => ({ ...c, owner: publicKey, epochs: [...c.epochs, next] }));
    expect(answer).toEqual({ state: "unchanged", epoch: 1, right: "write" });
  });

  test("a damaged one is no word of removal", async () => {
    const { world, core, ledger, circle, fresh, introduce } = await setUp();
    await introduce(circle);
    world.server.wraps.set(memberTag(fresh, circle), new Uint8Array(2000).fill(1));
    await expect(rekeyCircle(core, ledger, circle.space, 1)).rejects.toMatchObject({ code: "does-not-open" });
    world.server.wraps.clear();
    expect(await rekeyCircle(core, ledger, circle.space, 1)).toEqual({ state: "removed" });
  });

  describe("after rows of another device of mine brought the keys", () => {
    async function broughtRows() {
      const set = await setUp();
      const { child, core, ledger, ofMette, circle, introduce, world } = set;
      await introduce(circle);
      const next = { epoch: 2, seed: createOwnSeed() };
      const two = { ...circle, epochs: [...circle.epochs, next] };
      const { self } = child.core.disk;
      const { tag, bytes } = wrapForMember(self, ofMette, two, circle.newest.hash, circle);
      world.server.wraps.set(tag, bytes);
      const row = await ledger.circles.get(circle.space);
      if (row === null) throw new Error("no row");
      const seed = writeSeedOf(circle.space, 2, next.seed);
      const arrive = () =>
        core.writeState([ledger.circles.entry(row.space, { ...row, epochs: [...row.epochs, { epoch: 2, seed }] })]);
      return { ...set, row, arrive };
    }
    const epochs = ({ epochs }: CircleRow) => epochs.map(({ epoch }) => epoch);

    test("a refusal of the epoch before is no word of removal: those keys are tried", async () => {
      const { core, ledger, circle, arrive } = await broughtRows();
      await arrive();
      expect(await rekeyCircle(core, ledger, circle.space, 1)).toEqual({ state: "rekeyed", epoch: 2, right: "write" });
      expect((await core.spaceKeys(circle.space))?.epoch).toBe(2);
      // Only this says so.
      expect(await rekeyCircle(core, ledger, circle.space, 2)).toEqual({ state: "removed" });
    });

    test("also where they come while the server is asked", async () => {
      const { core, ledger, circle, arrive, world } = await broughtRows();
      world.server.wraps.clear();
      const getWrap = core.getWrap.bind(core);
      core.getWrap = async (tag) => {
        const wrap = await getWrap(tag);
        await arrive();
        return wrap;
      };
      expect(await rekeyCircle(core, ledger, circle.space, 1)).toEqual({ state: "rekeyed", epoch: 2, right: "write" });
      expect((await core.spaceKeys(circle.space))?.epoch).toBe(2);
    });

    test("and what they brought isn't written over by what the wrap knew", async () => {
      const { core, ledger, circle, row } = await broughtRows();
      const getWrap = core.getWrap.bind(core);
      const later = [2, 3].map((epoch) => ({ epoch, seed: createOwnSeed() }));
      core.getWrap = async (tag) => {
        const wrap = await getWrap(tag);
        await core.writeState([ledger.circles.entry(row.space, { ...row, epochs: [...row.epochs, ...later] })]);
        return wrap;
      };
      expect(await rekeyCircle(core, ledger, circle.space, 1)).toEqual({ state: "rekeyed", epoch: 3, right: "write" });
      expect(epochs((await ledger.circles.get(circle.space)) ?? row)).toEqual([1, 2, 3]);
    });
  });

  test("an owner who didn't rotate stays where it is; a space that isn't ours is none", async () => {
    const { child, circle } = await setUp();
    const ledger = createLedger(child.core);
    expect(await rekeyCircle(child.core, ledger, circle.space, 1)).toEqual({
      state: "unchanged",
      epoch: 1,
      right: "own",
    });
    expect(await rekeyCircle(child.core, ledger, randomId<SpaceId>(), 1)).toEqual({ state: "removed" });
  });
});

const membersOf = (circle: CircleRow) => parseCheckpoint(circle.genesis).members;
const stranger = () => ({
  author: createAuthorKeys().publicKey,
  role: "member" as const,
  memberId: randomId<MemberId>(),
});
const swap = (circle: CircleRow, role: "owner" | "member") =>
  membersOf(circle).map((member) => (member.role === role ? { ...stranger(), role } : member));
const turned = (circle: CircleRow) =>
  membersOf(circle).map((member) => ({
    ...member,
    role: member.role === "owner" ? ("member" as const) : ("owner" as const),
  }));

test("the pinned hash is that of the genesis that was introduced", async () => {
  const { introduce, circle, ledger } = await setUp();
  await introduce(circle);
  expect((await ledger.circles.get(circle.space))?.newest).toEqual({ number: 0, hash: hashCheckpoint(circle.genesis) });
});
