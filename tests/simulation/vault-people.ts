/** Who is in the vault simulation, with their keys: a child with a pocket, a mailbox and a circle, and two adults in it. */
import { clientTag } from "../../client/documents/client-ids.ts";
import type { OwnKeys } from "../../client/vault/own-keys.ts";
import type { Retired } from "../../client/vault/space-rows.ts";
import { encodeEpochKeys, parseEpochKeys } from "../../crypto/epoch-keys.ts";
import { createAuthorKeys, createIdentity, createOwnerKeys } from "../../crypto/identity.ts";
import { randomId } from "../../crypto/ids.ts";
import { createOwnSeed, deriveLadder } from "../../crypto/ladder.ts";
import { createMediaRoot } from "../../crypto/media.ts";
import { circlePsk, createBoxKeyPair, openWrap, pairWrapSecret, wrapTag, wrapTo } from "../../crypto/recipients.ts";
import { NO_CHECKPOINT } from "../../crypto/rosters.ts";
import { KEY_BYTES, randomBytes, toHex } from "../../crypto/sodium.ts";
import type {
  AuthorKeyPair,
  DocumentTag,
  OwnerPrivateKey,
  OwnerPublicKey,
  OwnSeed,
  PairKey,
  RungSeed,
  SpaceId,
  WayInSeed,
  Wrap,
  WrapTag,
} from "../../crypto/types.ts";

/** One space of the simulation: what its members share. */
export interface SharedSpace {
  readonly space: SpaceId;
  readonly kind: "pocket" | "mailbox" | "circle";
  /** By epoch, from 1. */
  readonly seeds: OwnSeed[];
  readonly ownerPublic: OwnerPublicKey;
  readonly ownerPrivate: OwnerPrivateKey;
  /** Of the circle: how far the chain of a lost device had come, as a rotation would say it. */
  readonly ended: Retired[];
  /** The first is the child. */
  readonly authors: readonly AuthorKeyPair[];
}

export interface Person {
  readonly role: "child" | "adult";
  /** What a device of theirs has before it has anything else. */
  readonly keys: OwnKeys;
  /** In the circle. */
  readonly author: AuthorKeyPair;
  /** With the child; the child's with itself: gives the tag and the psk of a wrap. */
  readonly pairKey: PairKey;
}

export interface Family {
  readonly pocket: SharedSpace;
  readonly mailbox: SharedSpace;
  readonly circle: SharedSpace;
  readonly child: Person;
  readonly adults: readonly Person[];
}

export function createFamily(): Family {
  const child = createPerson("child");
  const adults = [createPerson("adult"), createPerson("adult")];
  // An owner gives no two members ids that begin alike; here each is known by its author key.
  if (new Set([child, ...adults].map(tagOf)).size < 3) return createFamily();
  const { pocket, mailbox } = child.keys;
  const circle: SharedSpace = {
    space: randomId<SpaceId>(),
    kind: "circle",
    seeds: [createOwnSeed()],
    ...ownerOf(createOwnerKeys()),
    ended: [],
    authors: [child, ...adults].map(({ author }) => author),
  };
  return { pocket: shared(pocket), mailbox: shared(mailbox), circle, child, adults };
}

/** With which Yjs client ids somebody writes in the circle. */
export const tagOf = ({ author }: Person): number => clientTag(toHex(author.publicKey));

const ownerOf = ({ publicKey, privateKey }: ReturnType<typeof createOwnerKeys>) => ({
  ownerPublic: publicKey,
  ownerPrivate: privateKey,
});

function shared({ space, kind, epochs, ownerPublic, ownerPrivate, author }: OwnKeys["pocket"]): SharedSpace {
  if (ownerPrivate === null) throw new Error("a space of one's own");
  return {
    space,
    kind,
    seeds: epochs.map(({ seed }) => seed as OwnSeed),
    ownerPublic,
    ownerPrivate,
    ended: [],
    authors: [author],
  };
}

function createPerson(role: Person["role"]): Person {
  const space = (kind: "pocket" | "mailbox"): OwnKeys["pocket"] => ({
    space: randomId<SpaceId>(),
    kind,
    right: "own",
    epochs: [{ epoch: 1, seed: createOwnSeed() }],
    author: createAuthorKeys(),
    ...ownerOf(createOwnerKeys()),
    creation: null,
    created: true,
  });
  const [pocket, mailbox] = [space("pocket"), space("mailbox")];
  const me: OwnKeys["me"] = {
    identity: createIdentity(),
    box: createBoxKeyPair(),
    mediaRoot: createMediaRoot(),
    shared: randomId<DocumentTag>(),
    recovery: randomBytes(KEY_BYTES) as WayInSeed,
    role: role === "child" ? "child" : "caseworker",
    pocket: pocket.space,
    mailbox: mailbox.space,
  };
  return {
    role,
    keys: { me, pocket, mailbox },
    author: createAuthorKeys(),
    pairKey: randomBytes(KEY_BYTES) as PairKey,
  };
}

export const rightIn = ({ role }: Person): "own" | "write" => (role === "child" ? "own" : "write");

/** What a person's rung lets them know of each epoch. */
export const epochsOf = ({ space, seeds }: SharedSpace, person: Person): { epoch: number; seed: RungSeed }[] =>
  seeds.map((seed, at) => {
    const epoch = at + 1;
    return { epoch, seed: rightIn(person) === "own" ? seed : writeSeedOf(space, epoch, seed) };
  });

/** Each derived once: it is asked for after every step. */
const writeSeeds = new WeakMap<OwnSeed, RungSeed>();

function writeSeedOf(space: SpaceId, epoch: number, seed: OwnSeed): RungSeed {
  const known = writeSeeds.get(seed);
  if (known !== undefined) return known;
  const { writeSeed } = deriveLadder({ right: "own", seed, space, epoch });
  if (writeSeed === undefined) throw new Error("no write rung");
  writeSeeds.set(seed, writeSeed);
  return writeSeed;
}

const contextFor = ({ circle, child }: Family, person: Person) =>
  ({
    purpose: "circle",
    space: circle.space,
    epoch: 0,
    sender: child.keys.me.identity.publicKey,
    recipient: person.keys.me.identity.publicKey,
  }) as const;

export const circleTag = ({ circle }: Family, { pairKey }: Person): WrapTag =>
  wrapTag(pairWrapSecret(pairKey), circle.space);

/** What a rotation leaves for a member, as sharing/circle-wraps.ts makes it. `psk`: a forger has none. */
export function wrapCircle(
  family: Family,
  person: Person,
  epochs = epochsOf(family.circle, person),
  psk = circlePsk(person.pairKey, family.circle.space),
): Wrap {
  const { space, ownerPublic: owner } = family.circle;
  const keys = { right: rightIn(person), space, checkpoint: NO_CHECKPOINT, owner, epochs };
  return wrapTo(encodeEpochKeys(keys), person.keys.me.box.publicKey, contextFor(family, person), psk);
}

/** @throws CryptoError for what the child didn't make */
export const openCircleWrap = (family: Family, person: Person, wrap: Uint8Array) =>
  parseEpochKeys(
    openWrap(
      wrap as Wrap,
      person.keys.me.box.seed,
      contextFor(family, person),
      circlePsk(person.pairKey, family.circle.space),
    ),
  );
