import { describe, expect, test } from "vitest";
import { createDropKey } from "../../crypto/capabilities.ts";
import { createIdentity, hashCard, signContactCard } from "../../crypto/identity.ts";
import { randomId } from "../../crypto/ids.ts";
import { macIntroduction, openIntroduction } from "../../crypto/introductions.ts";
import { createQrSecret } from "../../crypto/invitation.ts";
import { acceptJoin, completeJoin, createJoin, finishJoin, readJoin } from "../../crypto/pairing.ts";
import { createBoxKeyPair } from "../../crypto/recipients.ts";
import { ready } from "../../crypto/sodium.ts";
import type { IntroductionId, SpaceId } from "../../crypto/types.ts";
import { flipped, refusal } from "./refused.ts";

await ready();
const bytes = (text: string) => new TextEncoder().encode(text);

function aPerson(name: string) {
  const [identity, box, mailbox] = [createIdentity(), createBoxKeyPair(), randomId<SpaceId>()];
  const card = signContactCard(identity, { box: box.publicKey, mailbox, role: "other", name });
  return { identity, box, mailbox, card, drop: createDropKey() };
}
type Person = ReturnType<typeof aPerson>;
const invite = ({ mailbox, card }: Person) => ({ mailbox, qrSecret: createQrSecret(), cardHash: hashCard(card) });
type Invited = ReturnType<typeof invite>;

const join = (invitation: Invited, inviter: Person, joiner: Person) =>
  createJoin({
    invitation,
    inviterCard: inviter.card,
    joinerCard: joiner.card,
    replyDropSeed: joiner.drop.seed,
    extra: bytes("hello"),
  });
const accept = (invitation: Invited, inviter: Person, message: Uint8Array) =>
  acceptJoin(
    { invitation, inviterBox: inviter.box.seed, replyDropSeed: inviter.drop.seed, extra: bytes("welcome") },
    message,
  );

const [child, adult, eve] = [aPerson("Alma"), aPerson("Mette"), aPerson("Eve")];

describe("pairing", () => {
  const invitation = invite(child);
  const request = join(invitation, child, adult);
  const answer = accept(invitation, child, request.message);
  const joiner = finishJoin(request.state, adult.box.seed, answer.message, bytes("thanks"));
  const inviter = completeJoin(answer.state, joiner.message);

  test("both end with one key, the same seven pictures, and what the other added", () => {
    expect(inviter.pairKey).toEqual(joiner.pairKey);
    expect(inviter.pictures).toEqual(joiner.pictures);
    expect(inviter.pictures.length).toBe(7);
    expect(inviter.pictures.every((index) => index >= 0 && index < 64)).toBe(true);
    expect(answer.request.fields.name).toBe("Mette");
    expect([answer.request.extra, joiner.extra, inviter.extra]).toEqual([
      bytes("hello"),
      bytes("welcome"),
      bytes("thanks"),
    ]);
    expect(answer.request.replyDropSeed).toEqual(adult.drop.seed);
    expect(joiner.replyDropSeed).toEqual(child.drop.seed);
    expect(readJoin(invitation, child.box.seed, request.message).fields.name).toBe("Mette");
  });

  test("no message opens without the invitation's secret, or for another box", () => {
    expect(
      refusal(() => readJoin({ ...invitation, qrSecret: createQrSecret() }, child.box.seed, request.message)),
    ).toBe("does-not-open");
    expect(refusal(() => readJoin(invitation, eve.box.seed, request.message))).toBe("does-not-open");
    expect(refusal(() => finishJoin(request.state, eve.box.seed, answer.message, bytes("")))).toBe("does-not-open");
  });

  test("changed, exchanged or reflected messages are refused", () => {
    for (let bit = 16; bit < 3000 * 8; bit += 1999) {
      expect(refusal(() => readJoin(invitation, child.box.seed, flipped(request.message, bit)))).toBe("does-not-open");
      expect(refusal(() => finishJoin(request.state, adult.box.seed, flipped(answer.message, bit), bytes("")))).toBe(
        "does-not-open",
      );
      if (bit < joiner.message.length * 8)
        expect(refusal(() => completeJoin(answer.state, flipped(joiner.message, bit)))).toBe("does-not-open");
    }
    expect(refusal(() => finishJoin(request.state, adult.box.seed, request.message, bytes("")))).toBe("bad-format");
    const again = join(invitation, child, adult);
    expect(refusal(() => finishJoin(again.state, adult.box.seed, answer.message, bytes("")))).toBe("does-not-open");
    const second = accept(invitation, child, request.message);
    expect(refusal(() => completeJoin(second.state, joiner.message))).toBe("does-not-open");
    expect(refusal(() => accept(invitation, child, join(invitation, child, child).message))).toBe("wrong-card");
    expect(refusal(() => join(invitation, eve, adult))).toBe("wrong-card");
  });

  test("someone in the middle of a link gets two different sets of pictures", () => {
    const forChild = invite(child);
    // Eve took the link, joined in the adult's name, and gave the adult a link of her own.
    const fromEve = invite(eve);
    const adultAsks = join(fromEve, eve, adult);
    const eveAsks = createJoin({
      invitation: forChild,
      inviterCard: child.card,
      joinerCard: eve.card,
      replyDropSeed: eve.drop.seed,
      extra: bytes(""),
    });
    const childAnswers = accept(forChild, child, eveAsks.message);
    const eveAnswers = accept(fromEve, eve, adultAsks.message);
    const adultFinishes = finishJoin(adultAsks.state, adult.box.seed, eveAnswers.message, bytes(""));
    const eveFinishes = finishJoin(eveAsks.state, eve.box.seed, childAnswers.message, bytes(""));
    const childCompletes = completeJoin(childAnswers.state, eveFinishes.message);
    expect(childCompletes.pictures).not.toEqual(adultFinishes.pictures);
    expect(childCompletes.pairKey).not.toEqual(adultFinishes.pairKey);
  });

  test("the joiner's nonce can't be changed after the commitment", () => {
    // A joiner that tries another nonce: the same state with other nonce bytes (offset 1 + 4 × 32).
    const cheating = request.state.slice();
    cheating[1 + 4 * 32]! ^= 1;
    const finish = finishJoin(cheating, adult.box.seed, answer.message, bytes(""));
    expect(refusal(() => completeJoin(answer.state, finish.message))).toBe("does-not-open");
  });

  test("states of the other side, cut or of another version are refused", () => {
    expect(refusal(() => completeJoin(request.state, joiner.message))).toBe("unknown-version");
    expect(refusal(() => finishJoin(answer.state, adult.box.seed, answer.message, bytes("")))).toBe("unknown-version");
    expect(refusal(() => completeJoin(answer.state.slice(0, -1), joiner.message))).toBe("bad-format");
  });
});

describe("introductions", () => {
  const invitation = invite(child);
  const request = join(invitation, child, adult);
  const answer = accept(invitation, child, request.message);
  const { pairKey } = finishJoin(request.state, adult.box.seed, answer.message, bytes(""));
  const between = { sender: child.identity.publicKey, recipient: adult.identity.publicKey };
  const id = randomId<IntroductionId>();
  const genesis = bytes("genesis of a circle");
  const sent = macIntroduction(pairKey, { ...between, id }, adult.box.publicKey, genesis);

  test("opens for the recipient, with its id", () => {
    expect(openIntroduction(pairKey, between, adult.box.seed, sent)).toEqual({ id, bytes: genesis });
  });

  test("the recipient could have made it: it proves nothing to a third person", () => {
    const forged = macIntroduction(
      pairKey,
      { ...between, id: randomId() },
      adult.box.publicKey,
      bytes("made by Mette alone"),
    );
    expect(openIntroduction(pairKey, between, adult.box.seed, forged).bytes).toEqual(bytes("made by Mette alone"));
  });

  test("another pair key, direction, id or a turned bit does not open", () => {
    const swapped = { sender: between.recipient, recipient: between.sender };
    const otherKey = finishJoin(
      request.state,
      adult.box.seed,
      accept(invitation, child, request.message).message,
      bytes(""),
    ).pairKey;
    expect(refusal(() => openIntroduction(otherKey, between, adult.box.seed, sent))).toBe("does-not-open");
    expect(refusal(() => openIntroduction(pairKey, swapped, adult.box.seed, sent))).toBe("does-not-open");
    for (let bit = 8; bit < sent.length * 8; bit += 331) {
      expect(refusal(() => openIntroduction(pairKey, between, adult.box.seed, flipped(sent, bit)))).toBe(
        "does-not-open",
      );
    }
  });
});
