/**
 * P11: a recipient who shows ciphertext, keys and all, proves nothing, because alone they could have made it all. Here
 * Mette makes a whole circle "of Alma's": introduction, roster, records. She has her own keys, the pair key and Alma's
 * public card; no private key of Alma's is in reach. Everything verifies.
 */
import { expect, test } from "vitest";
import { createDropKey } from "../../crypto/capabilities.ts";
import {
  createAuthorKeys,
  createIdentity,
  createOwnerKeys,
  hashCard,
  openContactCard,
  openStatement,
  signContactCard,
  signStatement,
} from "../../crypto/identity.ts";
import { randomId } from "../../crypto/ids.ts";
import { digestHeads, hashInner, NO_PREVIOUS, signInner, verifyInner } from "../../crypto/inner.ts";
import { macIntroduction, openIntroduction } from "../../crypto/introductions.ts";
import { createQrSecret } from "../../crypto/invitation.ts";
import { createOwnSeed, deriveLadder } from "../../crypto/ladder.ts";
import { acceptJoin, completeJoin, createJoin, finishJoin } from "../../crypto/pairing.ts";
import { circlePsk, createBoxKeyPair, openWrap, wrapTo } from "../../crypto/recipients.ts";
import { openRecord, sealRecord } from "../../crypto/records.ts";
import { verifyRoster } from "../../crypto/roster-chain.ts";
import { hashCheckpoint, NO_CHECKPOINT, signCheckpoint } from "../../crypto/rosters.ts";
import { ready, toHex } from "../../crypto/sodium.ts";
import type { ChainId, ContactCard, DocumentTag, IntroductionId, MemberId, OpId, SpaceId } from "../../crypto/types.ts";

await ready();
const bytes = (text: string) => new TextEncoder().encode(text);

function aPerson(name: string) {
  const [identity, box] = [createIdentity(), createBoxKeyPair()];
  return {
    identity,
    box,
    card: signContactCard(identity, { box: box.publicKey, mailbox: randomId<SpaceId>(), role: "other", name }),
  };
}

/** What Mette has after an honest pairing with Alma; Alma's private keys go out of scope here. */
function pairHonestly() {
  const [alma, mette] = [aPerson("Alma"), aPerson("Mette")];
  const invitation = { mailbox: randomId<SpaceId>(), qrSecret: createQrSecret(), cardHash: hashCard(alma.card) };
  const reply = { replyDropSeed: createDropKey().seed, extra: bytes("") };
  const request = createJoin({ invitation, inviterCard: alma.card, joinerCard: mette.card, ...reply });
  const answer = acceptJoin({ invitation, inviterBox: alma.box.seed, ...reply }, request.message);
  const { pairKey, message } = finishJoin(request.state, mette.box.seed, answer.message, bytes(""));
  expect(completeJoin(answer.state, message).pairKey).toEqual(pairKey);
  return { almasCard: alma.card, mette, pairKey };
}

/** Everything a third person would be shown, made by Mette. */
function fabricate({
  almasCard,
  mette,
  pairKey,
}: {
  almasCard: ContactCard;
  mette: ReturnType<typeof aPerson>;
  pairKey: ReturnType<typeof pairHonestly>["pairKey"];
}) {
  const alma = openContactCard(almasCard).identity;
  const [space, document, opId, chain] = [
    randomId<SpaceId>(),
    randomId<DocumentTag>(),
    randomId<OpId>(),
    randomId<ChainId>(),
  ];
  const [owner, almasAuthor, mettesAuthor] = [createOwnerKeys(), createAuthorKeys(), createAuthorKeys()];
  const genesis = signCheckpoint(
    {
      space,
      epoch: 1,
      number: 0,
      previous: NO_CHECKPOINT,
      owner: owner.publicKey,
      frontier: [],
      members: [
        { author: almasAuthor.publicKey, role: "owner", memberId: randomId<MemberId>() },
        { author: mettesAuthor.publicKey, role: "member", memberId: randomId<MemberId>() },
      ],
    },
    owner.privateKey,
  );
  const between = { sender: alma, recipient: mette.identity.publicKey };
  const introduction = macIntroduction(
    pairKey,
    { ...between, id: randomId<IntroductionId>() },
    mette.box.publicKey,
    hashCheckpoint(genesis),
  );
  const ladder = deriveLadder({ right: "own", seed: createOwnSeed(), space, epoch: 1 });
  const context = { purpose: "circle", space, epoch: 1, ...between } as const;
  const wrap = wrapTo(ladder.writeSeed!, mette.box.publicKey, context, circlePsk(pairKey, space));
  const outer = { space, document, kind: "said", epoch: 1, opId } as const;
  const inner = signInner(
    {
      ...outer,
      chain,
      counter: 0,
      previous: NO_PREVIOUS,
      heads: digestHeads([]),
      clientIds: [],
      payload: bytes("I never wrote this"),
    },
    almasAuthor.privateKey,
  );
  return {
    between,
    space,
    owner: owner.publicKey,
    genesis,
    introduction,
    context,
    wrap,
    outer,
    record: sealRecord(inner, outer, ladder.contentKey),
  };
}

test("a recipient alone makes a whole circle that verifies", () => {
  const { almasCard, mette, pairKey } = pairHonestly();
  const made = fabricate({ almasCard, mette, pairKey });

  const pinned = openIntroduction(pairKey, made.between, mette.box.seed, made.introduction).bytes;
  expect(toHex(pinned)).toBe(toHex(hashCheckpoint(made.genesis)));
  const result = verifyRoster([made.genesis], {
    space: made.space,
    owner: made.owner,
    genesis: hashCheckpoint(made.genesis),
  });
  if ("problem" in result) throw new Error(result.problem);
  const writeSeed = openWrap(made.wrap, mette.box.seed, made.context, circlePsk(pairKey, made.space));
  const { contentKey } = deriveLadder({ right: "write", seed: writeSeed as never, space: made.space, epoch: 1 });
  const opened = openRecord(made.record, made.outer, contentKey);
  const authors = result.roster.members.filter(({ role }) => role === "owner").map(({ author }) => author);
  expect(authors.some((author) => verifyInner(opened.inner, author))).toBe(true);
  expect(new TextDecoder().decode(opened.payload)).toBe("I never wrote this");
  expect(hashInner(opened.inner).length).toBe(32);
});

test("what Mette can't make is a statement: only Alma's explicit act does", () => {
  const { almasCard, mette } = pairHonestly();
  const alma = openContactCard(almasCard).identity;
  const forged = signStatement({ publicKey: alma, privateKey: mette.identity.privateKey }, bytes("I, Alma"));
  expect(() => openStatement(forged, alma)).toThrow(expect.objectContaining({ code: "bad-signature" }));
});
