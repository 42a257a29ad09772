/**
 * Who was shown something can't prove it to anyone else: with nothing but her own keys and the child's card, which
 * everyone who paired with the child has, a recipient makes a person, a circle and words of the child that her own Lomme
 * takes for real. So what it shows to others proves nothing (architecture.md, People, devices, trust).
 */
import { expect, test } from "vitest";
import type { PersonId } from "../../../../client/vault/api.ts";
import { attachCircle } from "../../../../client/vault/sharing/circle-keys.ts";
import { introduceCircle, takeIntroduction } from "../../../../client/vault/sharing/introductions.ts";
import { cardOf } from "../../../../client/vault/sharing/invitations.ts";
import { type CircleRow, createLedger, type PersonRow } from "../../../../client/vault/sharing/ledger.ts";
import { encodeSaid } from "../../../../client/vault/sharing/payloads.ts";
import { createDropKey } from "../../../../crypto/capabilities.ts";
import { createAuthorKeys, createOwnerKeys, openContactCard } from "../../../../crypto/identity.ts";
import { randomId } from "../../../../crypto/ids.ts";
import { createOwnSeed } from "../../../../crypto/ladder.ts";
import { hashCheckpoint, NO_CHECKPOINT, signCheckpoint } from "../../../../crypto/rosters.ts";
import type { ContactCard, MemberId, PairKey, SpaceId } from "../../../../crypto/types.ts";
import { createDisk, MemoryCore } from "./memory-core.ts";
import { World } from "./world.ts";

test("a recipient alone makes a circle, and words in it, that her Lomme takes for the child's", async () => {
  const world = await World.create();
  const recipient = await world.add("Mette", "caseworker");
  const childsCard: ContactCard = cardOf(createDisk("Alma", "child").self);
  const { identity, role } = openContactCard(childsCard);
  const me = recipient.disk.self;

  const [pairKey, hers, childs] = [createOwnSeed() as Uint8Array as PairKey, createAuthorKeys(), createAuthorKeys()];
  const person: PersonRow = {
    id: randomId<PersonId>(),
    name: "Alma",
    role: role === "other" ? "carer" : role,
    state: "paired",
    side: "joiner",
    device: "00",
    by: "scan",
    invitation: "",
    card: childsCard,
    pairing: null,
    pairKey,
    pictures: [1, 2, 3, 4, 5, 6, 7],
    theirDrop: null,
    myDrop: createDropKey(),
    myAuthor: hers,
    theirAuthor: childs.publicKey,
    circle: null,
    waiting: null,
    seen: [],
  };
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
        { author: childs.publicKey, role: "owner", memberId: randomId<MemberId>() },
        { author: hers.publicKey, role: "member", memberId: randomId<MemberId>() },
      ],
      frontier: [],
    },
    owner.privateKey,
  );
  const circle: CircleRow = {
    space,
    person: person.id,
    mine: true,
    owner: owner.publicKey,
    ownerPrivate: owner.privateKey,
    ownKey: null,
    genesis,
    epochs: [{ epoch: 1, seed: createOwnSeed() }],
    newest: { number: 0, hash: hashCheckpoint(genesis) },
    head: null,
    tombstones: 0,
    rotation: null,
    attached: true,
    problem: null,
  };

  // As the child's Lomme would introduce it; only the child's public identity goes in.
  const asChild = { ...me, identity: { publicKey: identity, privateKey: me.identity.privateKey } };
  const introduction = introduceCircle(asChild, { ...person, card: cardOf(me) }, circle);
  const ledger = createLedger(recipient.core);
  await recipient.core.writeState([ledger.people.entry(person.id, person)]);
  await takeIntroduction(recipient.core, ledger, person, introduction);

  const puppet = new MemoryCore(createDisk("nobody", "child"), world.server);
  await attachCircle(puppet, circle, { ...person, myAuthor: childs }, []);
  const copy = {
    kind: "entry" as const,
    title: "Aldrig skrevet",
    text: [],
    moods: [],
    photos: [],
    recordings: [],
    stickers: [],
    parts: [],
    subject: null,
    createdAt: 0,
  };
  const words = encodeSaid({ type: "shown", at: world.time, copy: { ...copy, notSafeForParents: false } });
  await puppet.say(space, randomId(), "said", words, []);
  puppet.createSpaces();
  puppet.push(space);

  await world.settle();
  const received = await recipient.sharing.received();
  expect(received.map((one) => [one.person, one.copy.title])).toEqual([[person.id, "Aldrig skrevet"]]);
});
