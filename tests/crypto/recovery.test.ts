/** The last device is gone after three rotations: a card alone, or two helpers, bring the pocket back from a blind server. */
import { describe, expect, test } from "vitest";
import { cardToPictures, createCardSecret, deriveCardKeys, picturesToCard } from "../../crypto/card.ts";
import { encodeEpochKeys, parseEpochKeys } from "../../crypto/epoch-keys.ts";
import { combineFromHelpers, createHelpersSecret, deriveHelpersKeys, splitForHelpers } from "../../crypto/helpers.ts";
import { createAuthorKeys, createOwnerKeys } from "../../crypto/identity.ts";
import { randomId } from "../../crypto/ids.ts";
import { digestHeads, NO_PREVIOUS, signInner } from "../../crypto/inner.ts";
import { createOwnSeed, deriveLadder } from "../../crypto/ladder.ts";
import { openWrap, RECOVERY_CONTEXT, recoveryTag, wrapTo } from "../../crypto/recipients.ts";
import { type Outer, openRecord, sealRecord } from "../../crypto/records.ts";
import { verifyRoster } from "../../crypto/roster-chain.ts";
import { hashCheckpoint, NO_CHECKPOINT, signCheckpoint, verifyCheckpoint } from "../../crypto/rosters.ts";
import { ready } from "../../crypto/sodium.ts";
import type {
  BoxPublicKey,
  BoxSeed,
  ChainId,
  Checkpoint,
  DocumentTag,
  MemberId,
  OpId,
  OwnSeed,
  SealedRecord,
  SpaceId,
  Wrap,
  WrapSecret,
} from "../../crypto/types.ts";
import { refusal } from "./refused.ts";

await ready();
type Recipient = { readonly publicKey: BoxPublicKey; readonly wrapSecret: WrapSecret };
type Server = {
  wraps: Map<string, Wrap>;
  records: { outer: Outer; sealed: SealedRecord }[];
  checkpoints: Checkpoint[];
};

/** A pocket that writes one record in each of four epochs and re-wraps at every rotation to the recipients' public halves. */
function liveAndLose(recipients: readonly Recipient[]): Server {
  const server: Server = { wraps: new Map(), records: [], checkpoints: [] };
  const [space, owner, author, chain] = [
    randomId<SpaceId>(),
    createOwnerKeys(),
    createAuthorKeys(),
    randomId<ChainId>(),
  ];
  const epochs: { epoch: number; seed: OwnSeed }[] = [];
  for (let epoch = 1; epoch <= 4; epoch++) {
    const seed = createOwnSeed();
    epochs.push({ epoch, seed });
    const before = server.checkpoints.at(-1);
    const checkpoint = signCheckpoint(
      {
        space,
        epoch,
        number: epoch - 1,
        previous: before ? hashCheckpoint(before) : NO_CHECKPOINT,
        owner: owner.publicKey,
        frontier: [],
        members: [{ author: author.publicKey, role: "owner", memberId: randomId<MemberId>() }],
      },
      owner.privateKey,
    );
    server.checkpoints.push(checkpoint);
    const keys = encodeEpochKeys({
      right: "own",
      space,
      checkpoint: hashCheckpoint(checkpoint),
      owner: owner.publicKey,
      ownerPrivateKey: owner.privateKey,
      epochs,
    });
    for (const { publicKey, wrapSecret } of recipients)
      server.wraps.set(recoveryTag(wrapSecret), wrapTo(keys, publicKey, RECOVERY_CONTEXT));
    const outer = { space, document: randomId<DocumentTag>(), kind: "update", epoch, opId: randomId<OpId>() } as const;
    const payload = new TextEncoder().encode(`written in epoch ${epoch}`);
    const inner = signInner(
      { ...outer, chain, counter: epoch, previous: NO_PREVIOUS, heads: digestHeads([]), clientIds: [], payload },
      author.privateKey,
    );
    server.records.push({
      outer,
      sealed: sealRecord(inner, outer, deriveLadder({ right: "own", seed, space, epoch }).contentKey),
    });
  }
  return server;
}

/** From a recipient's private half and the server alone: every word, and the power to go on as owner. */
function restore(server: Server, box: BoxSeed, wrapSecret: WrapSecret) {
  const keys = parseEpochKeys(openWrap(server.wraps.get(recoveryTag(wrapSecret))!, box, RECOVERY_CONTEXT));
  const newest = server.checkpoints.at(-1)!;
  const result = verifyRoster([newest], { space: keys.space, owner: keys.owner, genesis: keys.checkpoint });
  expect("roster" in result && result.roster.epoch).toBe(4);
  const seeds = new Map(keys.epochs.map(({ epoch, seed }) => [epoch, seed]));
  const words = server.records.map(({ outer, sealed }) => {
    const { contentKey } = deriveLadder({
      right: keys.right,
      seed: seeds.get(outer.epoch)!,
      space: keys.space,
      epoch: outer.epoch,
    });
    return new TextDecoder().decode(openRecord(sealed, outer, contentKey).payload);
  });
  const next = signCheckpoint(
    { space: keys.space, epoch: 5, number: 4, previous: keys.checkpoint, owner: keys.owner, members: [], frontier: [] },
    keys.ownerPrivateKey!,
  );
  expect(verifyCheckpoint(next, keys.owner)).toBe(true);
  return words;
}

const everything = [1, 2, 3, 4].map((epoch) => `written in epoch ${epoch}`);

describe("recovery", () => {
  test("the card alone, from its pictures", () => {
    const secret = createCardSecret();
    const paper = cardToPictures(secret);
    const { box, wrapSecret } = deriveCardKeys(secret);
    const server = liveAndLose([{ publicKey: box.publicKey, wrapSecret }]);
    const read = picturesToCard(paper);
    if (!("secret" in read)) throw new Error("the card does not read");
    const keys = deriveCardKeys(read.secret);
    expect(restore(server, keys.box.seed, keys.wrapSecret)).toEqual(everything);
    const stranger = deriveCardKeys(createCardSecret());
    expect(server.wraps.has(recoveryTag(stranger.wrapSecret))).toBe(false);
    expect(refusal(() => openWrap([...server.wraps.values()][0]!, stranger.box.seed, RECOVERY_CONTEXT))).toBe(
      "does-not-open",
    );
  });

  test("two of three helpers", async () => {
    const secret = createHelpersSecret();
    const { box, wrapSecret } = deriveHelpersKeys(secret);
    const { shares } = await splitForHelpers(secret);
    const server = liveAndLose([{ publicKey: box.publicKey, wrapSecret }]);
    const combined = await combineFromHelpers([shares[2]!, shares[0]!]);
    if (!("secret" in combined)) throw new Error("the shares do not fit");
    const keys = deriveHelpersKeys(combined.secret);
    expect(restore(server, keys.box.seed, keys.wrapSecret)).toEqual(everything);
  });
});
