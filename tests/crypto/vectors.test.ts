/** Our formats against tests/vectors/*.json, which come from the pages by way of the second implementation. */
import { createPublicKey, verify as nodeVerify } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { blobChunks, openBlobChunk, sealBlob, sealedBlobBytes } from "../../crypto/blobs.ts";
import {
  capabilityMessage,
  dropKeyFromSeed,
  dropMessage,
  proveCapability,
  proveDrop,
} from "../../crypto/capabilities.ts";
import { cardToPictures, deriveCardKeys, picturesToCard } from "../../crypto/card.ts";
import { hashCard, openContactCard } from "../../crypto/identity.ts";
import { hashInner, verifyInner } from "../../crypto/inner.ts";
import { encodeInvitation, openInvitedCard, parseInvitation } from "../../crypto/invitation.ts";
import { deriveLadder } from "../../crypto/ladder.ts";
import { boxKeyPairFromSeed, openWrap, type WrapPurpose, wrapTo } from "../../crypto/recipients.ts";
import { type Outer, openRecord, sealRecord } from "../../crypto/records.ts";
import { verifyRoster } from "../../crypto/roster-chain.ts";
import { ready, toHex } from "../../crypto/sodium.ts";
import type {
  AuthorPublicKey,
  BlobId,
  BlobKey,
  BoxSeed,
  Burn,
  CardSecret,
  Checkpoint,
  ContactCard,
  ContentKey,
  DropSeed,
  Hash32,
  IdentityPublicKey,
  OwnerPublicKey,
  OwnSeed,
  RecordKind,
  SealedChunk,
  SealedRecord,
  ServerId,
  ServerNonce,
  SignedInner,
  SpaceId,
  VaultKey,
  WayIn,
  WayInSeed,
  Wrap,
} from "../../crypto/types.ts";
import { createWayIn, openWayIn, parseWayIn, type WayInKind } from "../../crypto/ways-in.ts";
import blobs from "../vectors/blobs.json" with { type: "json" };
import capabilities from "../vectors/capabilities.json" with { type: "json" };
import card from "../vectors/card.json" with { type: "json" };
import { asText, makeVectors } from "../vectors/generate.ts";
import people from "../vectors/people.json" with { type: "json" };
import records from "../vectors/records.json" with { type: "json" };
import rosters from "../vectors/rosters.json" with { type: "json" };
import waysIn from "../vectors/ways-in.json" with { type: "json" };
import wraps from "../vectors/wraps.json" with { type: "json" };
import { refusal } from "./refused.ts";

await ready();
afterEach(() => vi.restoreAllMocks());

const bytes = <Name extends Uint8Array>(hex: string): Name =>
  new Uint8Array(Buffer.from(hex, "hex")) as Uint8Array as Name;
const named = <Case extends { name?: string; attacks?: string }>(cases: readonly Case[]) =>
  cases.map((one) => [[one.name, one.attacks].filter(Boolean).join(": "), one] as const);

/** Every byte that crypto/ draws comes from these, in order. */
function drawing(...drawn: string[]) {
  vi.spyOn(crypto, "getRandomValues").mockImplementation((into) => {
    (into as Uint8Array).set(bytes(drawn.shift() ?? ""));
    return into;
  });
}

test("the files are what the generator makes", () => {
  for (const [file, vectors] of Object.entries(makeVectors())) {
    expect(readFileSync(new URL(`../vectors/${file}`, import.meta.url), "utf8") === asText(vectors), file).toBe(true);
  }
});

describe("records.json", () => {
  const contentKey = bytes<ContentKey>(records.contentKey);
  const outerOf = (outer: object) => outer as Outer;

  test("the content key comes down the ladder", () => {
    const { space, epoch } = outerOf(records.valid[0]!.outer);
    expect(deriveLadder({ right: "own", seed: bytes<OwnSeed>(records.ownSeed), space, epoch }).contentKey).toEqual(
      contentKey,
    );
  });

  test.each(named(records.valid))("%s", (_, one) => {
    const inner = bytes<SignedInner>(one.inner);
    expect(toHex(openRecord(bytes<SealedRecord>(one.sealed), outerOf(one.outer), contentKey).inner)).toBe(one.inner);
    expect(toHex(hashInner(inner))).toBe(one.chainHash);
    drawing(one.nonce);
    expect(toHex(sealRecord(inner, outerOf(one.outer), contentKey))).toBe(one.sealed);
  });

  test.each(named(records.invalid))("%s", (_, one) => {
    const key = "contentKey" in one ? bytes<ContentKey>(one.contentKey as string) : contentKey;
    expect(refusal(() => openRecord(bytes<SealedRecord>(one.sealed), outerOf(one.outer), key))).toBe(one.expect);
  });

  test.each(named(records.signature))("signature, %s", (_, one) => {
    expect(verifyInner(bytes<SignedInner>(one.inner), bytes<AuthorPublicKey>(one.author))).toBe(one.verifies);
  });

  test("every kind that has a name has a wire byte", () => {
    const kinds = new Set(records.valid.map(({ outer }) => outer.kind as RecordKind));
    expect(kinds).toEqual(new Set(["said", "void", "update", "snapshot"]));
  });
});

describe("blobs.json", () => {
  const key = bytes<BlobKey>(blobs.key);

  test.each(named(blobs.valid))("%s", (_, one) => {
    const opened = openBlobChunk(key, one.blob as BlobId, one.index, one.isFinal, bytes<SealedChunk>(one.sealed));
    expect(toHex(opened)).toBe(one.content);
  });

  test("a whole blob seals to the same bytes", () => {
    const one = blobs.valid[0]!;
    drawing(one.nonce as string);
    expect(sealBlob(key, one.blob as BlobId, bytes(one.content)).map(toHex)).toEqual([one.sealed]);
  });

  test.each(named(blobs.invalid))("%s", (_, one) => {
    const used = "key" in one ? bytes<BlobKey>(one.key as string) : key;
    expect(
      refusal(() => openBlobChunk(used, one.blob as BlobId, one.index, one.isFinal, bytes<SealedChunk>(one.sealed))),
    ).toBe(one.expect);
  });

  test.each(blobs.sizes)("$length bytes: $chunks chunks", ({ length, chunks, sealedBytes }) => {
    expect([blobChunks(length), sealedBlobBytes(length)]).toEqual([chunks, sealedBytes]);
  });
});

describe("wraps.json", () => {
  const contextOf = (context: (typeof wraps.valid)[number]["context"]) => ({
    purpose: context.purpose as WrapPurpose,
    space: context.space as SpaceId,
    epoch: context.epoch,
    sender: bytes<IdentityPublicKey>(context.sender),
    recipient: bytes<IdentityPublicKey>(context.recipient),
  });
  const pskOf = (psk: string) => (psk === "" ? undefined : bytes<Uint8Array>(psk));

  test.each(named(wraps.valid))("%s", (_, one) => {
    const opened = openWrap(bytes<Wrap>(one.wrap), bytes<BoxSeed>(one.seed), contextOf(one.context), pskOf(one.psk));
    expect(toHex(opened)).toBe(one.payload);
  });

  test("wrapping gives the same bytes", () => {
    const one = wraps.valid[0]!;
    drawing(one.encapsulation as string, one.nonce as string);
    const { publicKey } = boxKeyPairFromSeed(bytes(one.seed));
    expect(toHex(wrapTo(bytes(one.payload), publicKey, contextOf(one.context), pskOf(one.psk)))).toBe(one.wrap);
  });

  test.each(named(wraps.invalid))("%s", (_, one) => {
    const open = () =>
      openWrap(bytes<Wrap>(one.wrap), bytes<BoxSeed>(one.seed), contextOf(one.context), pskOf(one.psk));
    expect(refusal(open)).toBe(one.expect);
  });
});

describe("ways-in.json", () => {
  test.each(named(waysIn.valid))("%s", (_, one) => {
    const wayIn = bytes<WayIn>(one.wayIn);
    expect(toHex(openWayIn(wayIn, bytes<WayInSeed>(one.seed), bytes<Burn>(one.burn)))).toBe(one.vaultKey);
    const { kind, params } = parseWayIn(wayIn);
    expect({ kind, params: params && { ...params, salt: toHex(params.salt) } }).toEqual({
      kind: one.kind,
      params: one.params,
    });
  });

  test("making one gives the same bytes", () => {
    const one = waysIn.valid[0]!;
    const params = one.params!;
    drawing(one.encapsulation as string, one.nonce as string);
    const made = createWayIn({
      kind: one.kind as WayInKind,
      seed: bytes<WayInSeed>(one.seed),
      params: { ...params, salt: bytes(params.salt) },
      vaultKey: bytes<VaultKey>(one.vaultKey),
      burn: bytes<Burn>(one.burn),
    });
    expect(toHex(made)).toBe(one.wayIn);
  });

  test.each(named(waysIn.invalid))("%s", (_, one) => {
    expect(refusal(() => openWayIn(bytes<WayIn>(one.wayIn), bytes<WayInSeed>(one.seed), bytes<Burn>(one.burn)))).toBe(
      one.expect,
    );
  });
});

describe("capabilities.json", () => {
  const spki = (raw: string) =>
    createPublicKey({ key: Buffer.from(`302a300506032b6570032100${raw}`, "hex"), format: "der", type: "spki" });
  const place = { space: capabilities.space as SpaceId, epoch: capabilities.epoch };
  const ladder = deriveLadder({ right: "own", seed: bytes<OwnSeed>(capabilities.ownSeed), ...place });

  test("the ladder's keys", () => {
    expect([ladder.writeSeed!, ladder.readSeed, ladder.contentKey].map(toHex)).toEqual(
      Object.values(capabilities.ladder),
    );
  });

  test.each(capabilities.proofs)("proof of $right", ({ right, publicKey, message, proof }) => {
    const pair = ladder.capabilities[right as "own" | "write" | "read"]!;
    const challenge = {
      ...place,
      right: right as "own",
      nonce: bytes<ServerNonce>(capabilities.nonce),
      serverId: capabilities.serverId as ServerId,
    };
    expect(toHex(pair.publicKey)).toBe(publicKey);
    expect(toHex(capabilityMessage(challenge))).toBe(message);
    expect(toHex(proveCapability(pair.privateKey, challenge))).toBe(proof);
    expect(nodeVerify(null, bytes(message), spki(publicKey), bytes(proof))).toBe(true);
  });

  test.each(capabilities.drops)("drop proof for $purpose", ({ purpose, bodyHash, publicKey, message, proof }) => {
    const pair = dropKeyFromSeed(bytes<DropSeed>(capabilities.dropSeed));
    const claim = {
      serverId: capabilities.serverId as ServerId,
      purpose: purpose as "drop",
      bodyHash: bytes<Hash32>(bodyHash),
    };
    expect(toHex(pair.publicKey)).toBe(publicKey);
    expect(toHex(dropMessage(claim))).toBe(message);
    expect(toHex(proveDrop(pair.privateKey, claim))).toBe(proof);
    expect(nodeVerify(null, bytes(message), spki(publicKey), bytes(proof))).toBe(true);
  });

  test.each(named(capabilities.invalid))("%s", (_, { publicKey, message, proof }) => {
    expect(nodeVerify(null, bytes(message), spki(publicKey!), bytes(proof!))).toBe(false);
  });
});

describe("card.json", () => {
  test.each(card.valid)("secret $secret", ({ secret, rows, boxSeed, wrapSecret, wayInSeed }) => {
    expect(cardToPictures(bytes<CardSecret>(secret))).toEqual(rows);
    expect(picturesToCard(rows)).toEqual({ secret: bytes(secret) });
    const keys = deriveCardKeys(bytes<CardSecret>(secret));
    expect([keys.box.seed, keys.wrapSecret, keys.wayInSeed].map(toHex)).toEqual([boxSeed, wrapSecret, wayInSeed]);
  });

  test.each(card.invalid)("$attacks", ({ rows, wrongRows }) => {
    expect(picturesToCard(rows)).toEqual({ wrongRows });
  });
});

describe("people.json", () => {
  const one = people.card;

  test("a contact card and its hash", () => {
    const { identity, box, mailbox, role, name } = openContactCard(bytes<ContactCard>(one.card));
    expect({ identity: toHex(identity), box: toHex(box), mailbox, role, name }).toEqual({
      identity: one.identity,
      box: one.box,
      mailbox: one.mailbox,
      role: one.role,
      name: one.name,
    });
    expect(toHex(hashCard(bytes<ContactCard>(one.card)))).toBe(one.hash);
  });

  test.each(named(people.invalidCards))("card, %s", (_, invalid) => {
    expect(refusal(() => openContactCard(bytes<ContactCard>(invalid.card)))).toBe(invalid.expect);
  });

  test("an invitation and the card it opens", () => {
    const { text, sealedCard, mailbox, dropSeed, qrSecret, expires } = people.invitation;
    const invitation = parseInvitation(text);
    expect(encodeInvitation(invitation)).toBe(text);
    expect({
      ...invitation,
      dropSeed: toHex(invitation.dropSeed),
      qrSecret: toHex(invitation.qrSecret),
      cardHash: toHex(invitation.cardHash),
    }).toEqual({ mailbox, dropSeed, qrSecret, cardHash: one.hash, expires });
    expect(toHex(openInvitedCard(invitation, bytes(sealedCard)).card)).toBe(one.card);
  });

  test.each(named(people.invalidInvitations))("invitation, %s", (_, invalid) => {
    expect(refusal(() => parseInvitation(invalid.text))).toBe(invalid.expect);
  });
});

describe("rosters.json", () => {
  const pinned = {
    space: rosters.pinned.space as SpaceId,
    owner: bytes<OwnerPublicKey>(rosters.pinned.owner),
    genesis: bytes<Hash32>(rosters.pinned.genesis),
  };

  test("an honest chain", () => {
    const { checkpoints, epoch, number, hash, members } = rosters.valid;
    const result = verifyRoster(
      checkpoints.map((one) => bytes<Checkpoint>(one)),
      pinned,
    );
    if ("problem" in result) throw new Error(result.problem);
    const { roster } = result;
    expect({ epoch: roster.epoch, number: roster.number, hash: toHex(roster.hash) }).toEqual({ epoch, number, hash });
    expect(roster.members.map((member) => ({ ...member, author: toHex(member.author) }))).toEqual(members);
  });

  test.each(named(rosters.invalid))("%s", (_, { checkpoints, problem, at }) => {
    expect(
      verifyRoster(
        checkpoints.map((one) => bytes<Checkpoint>(one)),
        pinned,
      ),
    ).toEqual({ problem, at });
  });
});
