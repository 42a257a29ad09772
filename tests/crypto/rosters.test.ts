import { describe, expect, test } from "vitest";
import { createAuthorKeys, createOwnerKeys } from "../../crypto/identity.ts";
import { randomId } from "../../crypto/ids.ts";
import { type RosterResult, verifyRoster } from "../../crypto/roster-chain.ts";
import {
  type CheckpointFields,
  hashCheckpoint,
  NO_CHECKPOINT,
  parseCheckpoint,
  signCheckpoint,
  verifyCheckpoint,
} from "../../crypto/rosters.ts";
import { randomBytes, ready, toHex } from "../../crypto/sodium.ts";
import { openTombstone, signTombstone } from "../../crypto/tombstones.ts";
import type { ChainId, Checkpoint, DocumentTag, Hash32, MemberId, SpaceId, Tombstone } from "../../crypto/types.ts";
import { flipped, refusal } from "./refused.ts";

await ready();
const owner = createOwnerKeys();
const space = randomId<SpaceId>();
const aMember = (role: "owner" | "member") => ({
  author: createAuthorKeys().publicKey,
  role,
  memberId: randomId<MemberId>(),
});
const [child, adult] = [aMember("owner"), aMember("member")];
const anEntry = () => ({
  chain: randomId<ChainId>(),
  author: child.author,
  counter: 12,
  hash: randomBytes(32) as Hash32,
});

const fieldsAfter = (before: Checkpoint | null, change: Partial<CheckpointFields> = {}): CheckpointFields => ({
  space,
  owner: owner.publicKey,
  members: [child, adult],
  frontier: [],
  epoch: before === null ? 1 : parseCheckpoint(before).epoch,
  number: before === null ? 0 : parseCheckpoint(before).number + 1,
  previous: before === null ? NO_CHECKPOINT : hashCheckpoint(before),
  ...change,
});
const next = (before: Checkpoint | null, change: Partial<CheckpointFields> = {}) =>
  signCheckpoint(fieldsAfter(before, change), owner.privateKey);

const genesis = next(null);
const second = next(genesis, { epoch: 2, members: [child], frontier: [anEntry(), anEntry()] });
const third = next(second, { members: [child] });
const pinned = { space, owner: owner.publicKey, genesis: hashCheckpoint(genesis) };
const problem = (result: RosterResult) => ("problem" in result ? [result.problem, result.at] : "no problem");

describe("checkpoints", () => {
  test("parsing gives back what was signed, in canonical order", () => {
    const fields = fieldsAfter(genesis, { frontier: [anEntry(), anEntry(), anEntry()] });
    const parsed = parseCheckpoint(signCheckpoint(fields, owner.privateKey));
    expect(new Set(parsed.members)).toEqual(new Set(fields.members));
    expect(new Set(parsed.frontier)).toEqual(new Set(fields.frontier));
    expect(parsed.members.map(({ author }) => toHex(author))).toEqual(
      fields.members.map(({ author }) => toHex(author)).toSorted((a, b) => (a < b ? -1 : 1)),
    );
    const shuffled = { ...fields, members: fields.members.toReversed(), frontier: fields.frontier.toReversed() };
    expect(signCheckpoint(shuffled, owner.privateKey)).toEqual(signCheckpoint(fields, owner.privateKey));
  });

  test("a member or chain named twice is refused", () => {
    const entry = anEntry();
    expect(refusal(() => next(null, { members: [child, child] }))).toBe("bad-format");
    expect(refusal(() => next(null, { frontier: [entry, { ...entry, counter: 1 }] }))).toBe("bad-format");
  });

  test("a turned bit breaks the signature; a cut is refused", () => {
    for (let bit = 0; bit < second.length * 8; bit += 41) {
      expect(verifyCheckpoint(flipped(second, bit) as Checkpoint, owner.publicKey)).toBe(false);
    }
    for (let length = 1; length < second.length; length += 13) {
      expect(refusal(() => parseCheckpoint(second.slice(0, length) as Checkpoint))).toBe("bad-format");
    }
  });
});

describe("verifyRoster", () => {
  test("the newest roster of an honest chain", () => {
    const result = verifyRoster([genesis, second, third], pinned);
    expect(result).toMatchObject({ roster: { space, epoch: 2, number: 2, hash: hashCheckpoint(third) } });
    expect("roster" in result && result.roster.members).toEqual([child]);
  });

  test("who joined later pins the checkpoint they joined at", () => {
    const result = verifyRoster([second, third], { ...pinned, genesis: hashCheckpoint(second) });
    expect(result).toMatchObject({ roster: { number: 2 } });
  });

  test("the same checkpoint twice is no harm", () => {
    expect(problem(verifyRoster([genesis, genesis, second, second], pinned))).toBe("no problem");
  });

  const eve = createOwnerKeys();
  const cases: [string, Checkpoint[], [string, number]][] = [
    ["nothing", [], ["nothing", 0]],
    ["another genesis, well signed", [next(null, { members: [adult] })], ["wrong-genesis", 0]],
    ["started in the middle", [second, third], ["wrong-genesis", 0]],
    ["a checkpoint left out", [genesis, third], ["missing", 1]],
    ["another space", [genesis, next(genesis, { space: randomId<SpaceId>() })], ["foreign-space", 1]],
    [
      "another owner, signed by that owner",
      [genesis, signCheckpoint(fieldsAfter(genesis, { owner: eve.publicKey }), eve.privateKey)],
      ["foreign-owner", 1],
    ],
    [
      "the owner's name, another's signature",
      [genesis, signCheckpoint(fieldsAfter(genesis), eve.privateKey)],
      ["bad-signature", 1],
    ],
    [
      "a member added after signing",
      [genesis, flipped(second, (1 + 16 + 8 + 8 + 32 + 32 + 2 + 3) * 8) as Checkpoint],
      ["bad-signature", 1],
    ],
    ["a fork: two with one number", [genesis, second, next(genesis, { epoch: 3 })], ["fork", 2]],
    ["a fork: the right number on another history", [genesis, second, next(next(genesis, { epoch: 9 }))], ["fork", 2]],
    ["back to an old one", [genesis, second, genesis], ["fork", 2]],
    ["back an epoch", [genesis, second, next(second, { epoch: 1 })], ["epoch-went-back", 2]],
    ["cut bytes", [genesis, second.slice(0, -1) as Checkpoint], ["bad-format", 1]],
    ["no bytes", [new Uint8Array(0) as Checkpoint], ["bad-format", 0]],
    ["another version", [genesis, flipped(second, 1) as Checkpoint], ["unknown-version", 1]],
  ];
  test.each(cases)("%s", (_, checkpoints, expected) => {
    expect(problem(verifyRoster(checkpoints, pinned))).toEqual(expected);
  });
});

describe("tombstones", () => {
  const fields = {
    space,
    document: randomId<DocumentTag>(),
    number: 3,
    gaps: [1, 2, 3].map((counter) => ({ chain: "00".repeat(16) as ChainId, counter, hash: randomBytes(32) as Hash32 })),
  };
  const tombstone = signTombstone(fields, owner.privateKey);

  test("opening gives back what was signed, whatever the order", () => {
    expect(openTombstone(tombstone, owner.publicKey)).toEqual(fields);
    expect(signTombstone({ ...fields, gaps: fields.gaps.toReversed() }, owner.privateKey)).toEqual(tombstone);
  });

  test("another owner, a turned bit, a gap twice: refused; a checkpoint is no tombstone", () => {
    expect(refusal(() => openTombstone(tombstone, createOwnerKeys().publicKey))).toBe("bad-signature");
    for (let bit = 8; bit < tombstone.length * 8; bit += 29) {
      expect(refusal(() => openTombstone(flipped(tombstone, bit) as Tombstone, owner.publicKey))).toMatch(
        /bad-signature|bad-format/,
      );
    }
    expect(refusal(() => signTombstone({ ...fields, gaps: [...fields.gaps, ...fields.gaps] }, owner.privateKey))).toBe(
      "bad-format",
    );
    expect(refusal(() => openTombstone(genesis as Uint8Array as Tombstone, owner.publicKey))).toMatch(/bad-/);
  });
});
