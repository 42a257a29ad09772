/** Made by somebody who holds the right key, and wrong all the same: signatures and seals hold, the rules don't. */
import { describe, expect, test } from "vitest";
import { seal } from "../../crypto/aead.ts";
import { createBlobKey, createBlobOpener, openBlobChunk, sealBlobChunk } from "../../crypto/blobs.ts";
import { concat, u8, u16, u32, u64, utf8 } from "../../crypto/bytes.ts";
import { createDropKey } from "../../crypto/capabilities.ts";
import { picturesToCard } from "../../crypto/card.ts";
import { derive, signLabelled } from "../../crypto/derive.ts";
import { openEnvelope, sealEnvelope } from "../../crypto/envelope.ts";
import { parseEpochKeys } from "../../crypto/epoch-keys.ts";
import { combineFromHelpers, createHelpersSecret, splitForHelpers } from "../../crypto/helpers.ts";
import {
  createIdentity,
  createOwnerKeys,
  hashCard,
  openContactCard,
  openDeviceCertificate,
  openStatement,
  signContactCard,
} from "../../crypto/identity.ts";
import { idToBytes, randomId } from "../../crypto/ids.ts";
import { encodeHead } from "../../crypto/inner.ts";
import { createQrSecret, openInvitedCard, sealInvitedCard } from "../../crypto/invitation.ts";
import { LABELS } from "../../crypto/labels.ts";
import { padTo } from "../../crypto/padding.ts";
import { acceptJoin, completeJoin, createJoin, finishJoin, readJoin } from "../../crypto/pairing.ts";
import { createBoxKeyPair } from "../../crypto/recipients.ts";
import { verifyRoster } from "../../crypto/roster-chain.ts";
import {
  hashCheckpoint,
  NO_CHECKPOINT,
  parseCheckpoint,
  signCheckpoint,
  verifyCheckpoint,
} from "../../crypto/rosters.ts";
import { decapsulate, equalBytes, fromBase64Url, randomBytes, ready } from "../../crypto/sodium.ts";
import { openTombstone } from "../../crypto/tombstones.ts";
import type {
  BlobId,
  Checkpoint,
  ContactCard,
  DeviceCertificate,
  HelperShare,
  SealedChunk,
  SpaceId,
  Tombstone,
  WayIn,
  WayInSeed,
} from "../../crypto/types.ts";
import { createBurn, createVaultKey } from "../../crypto/unlocking.ts";
import { createWayIn, openWayIn, parseWayIn } from "../../crypto/ways-in.ts";
import { refusal } from "./refused.ts";

await ready();
const nothing = new Uint8Array(0);
const left = <Bytes extends Uint8Array>(bytes: Bytes): Bytes => concat(bytes, u8(0)) as Uint8Array as Bytes;
const space = randomId<SpaceId>();

describe("epoch keys in a wrap", () => {
  const fields = (right: number, flag: number, epochs: readonly number[]) =>
    concat(
      u8(1),
      u8(right),
      idToBytes(space),
      new Uint8Array(64),
      u8(flag),
      new Uint8Array(flag === 1 ? 64 : 0),
      u16(epochs.length),
      ...epochs.flatMap((epoch) => [u64(epoch), new Uint8Array(32)]),
    );

  test.each([
    ["right 0", 0, 0, [1]],
    ["right 4", 4, 0, [1]],
    ["flag 2", 1, 2, [1]],
    ["an epoch twice", 1, 0, [1, 1]],
    ["epochs that fall", 1, 0, [2, 1]],
  ])("%s is refused", (_, right, flag, epochs) => {
    expect(refusal(() => parseEpochKeys(fields(right, flag, epochs)))).toBe("bad-format");
  });

  test("the same in order is read, with and without the owner's key", () => {
    expect(parseEpochKeys(fields(1, 0, [1, 2])).ownerPrivateKey).toBeUndefined();
    expect(parseEpochKeys(fields(3, 1, [0, 9]))).toMatchObject({ right: "own", epochs: [{ epoch: 0 }, { epoch: 9 }] });
    expect(refusal(() => u16(65_536))).toBe("bad-size");
  });
});

describe("people", () => {
  const [identity, other] = [createIdentity(), createIdentity()];

  test("a certificate or a statement that names another identity is refused though the right one signed it", () => {
    const certificate = concat(u8(1), other.publicKey, new Uint8Array(32 + 1216));
    const signed = (label: typeof LABELS.device | typeof LABELS.statement, body: Uint8Array) =>
      concat(body, signLabelled(label, body, identity.privateKey));
    const open = (bytes: Uint8Array) => openDeviceCertificate(bytes as DeviceCertificate, identity.publicKey);
    expect(refusal(() => open(signed(LABELS.device, certificate)))).toBe("bad-signature");
    const right = concat(u8(1), identity.publicKey, new Uint8Array(32 + 1216));
    expect(open(signed(LABELS.device, right)).publicKey).toEqual(new Uint8Array(32));
    // One byte alike with the right identity is not enough.
    const nearly = right.slice();
    nearly[1]! ^= 1;
    expect(refusal(() => open(signed(LABELS.device, nearly)))).toBe("bad-signature");
    const statement = concat(u8(1), other.publicKey, u32(0));
    expect(refusal(() => openStatement(signed(LABELS.statement, statement), identity.publicKey))).toBe("bad-signature");
  });

  test("a name that is not UTF-8 is refused; a byte order mark stays what it is", () => {
    const box = createBoxKeyPair().publicKey;
    const card = (name: Uint8Array) => {
      const body = concat(u8(1), identity.publicKey, box, idToBytes(space), u8(1), u16(name.length), name);
      return concat(body, signLabelled(LABELS.card, body, identity.privateKey)) as Uint8Array as ContactCard;
    };
    expect(refusal(() => openContactCard(card(Uint8Array.of(0x41, 0xff))))).toBe("bad-format");
    expect(openContactCard(card(utf8("\ufeffAlma"))).name).toBe("\ufeffAlma");
  });

  test("an invited card of another version is said to be newer", () => {
    const card = signContactCard(identity, {
      box: createBoxKeyPair().publicKey,
      mailbox: space,
      role: "child",
      name: "A",
    });
    const place = { mailbox: space, qrSecret: createQrSecret(), cardHash: hashCard(card) };
    const sealed = sealInvitedCard(place, card);
    expect(openInvitedCard(place, sealed).fields.name).toBe("A");
    expect(refusal(() => openInvitedCard(place, concat(u8(2), sealed.subarray(1))))).toBe("unknown-version");
  });

  test("text that is no base64url", () => {
    for (const text of ["A", "AA==", "AA ", "A+", "AB"]) expect(refusal(() => fromBase64Url(text))).toBe("bad-format");
  });
});

describe("rosters", () => {
  const owner = createOwnerKeys();
  const fields = { space, epoch: 1, owner: owner.publicKey, members: [], frontier: [] };
  const genesis = signCheckpoint({ ...fields, number: 0, previous: NO_CHECKPOINT }, owner.privateKey);
  const pinned = { space, owner: owner.publicKey, genesis: hashCheckpoint(genesis) };

  test("a checkpoint that follows the newest with the same or a smaller number is a fork", () => {
    const second = signCheckpoint({ ...fields, number: 1, previous: hashCheckpoint(genesis) }, owner.privateKey);
    for (const number of [0, 1]) {
      const again = signCheckpoint({ ...fields, number, previous: hashCheckpoint(second) }, owner.privateKey);
      expect(verifyRoster([genesis, second, again], pinned)).toEqual({ problem: "fork", at: 2 });
    }
  });

  test("bytes too short to hold a signature are not signed; a signature over nothing is one", () => {
    for (const length of [0, 1, 63, 64])
      expect(verifyCheckpoint(new Uint8Array(length) as Checkpoint, owner.publicKey)).toBe(false);
    const empty = signLabelled(LABELS.checkpoint, nothing, owner.privateKey) as Uint8Array as Checkpoint;
    expect(verifyCheckpoint(empty, owner.publicKey)).toBe(true);
    expect(refusal(() => parseCheckpoint(empty))).toMatch(/unknown-version|bad-format/);
  });

  const head = (chain: string, counter: number) => ({
    chain: chain.repeat(16) as never,
    counter,
    hash: randomBytes(32) as never,
  });
  const ordered = [head("0a", 9), head("0b", 1), head("0b", 2), head("f0", 0)];

  test.each([
    ["that falls", [ordered[1]!, ordered[0]!]],
    ["with one twice", [ordered[1]!, ordered[1]!]],
  ])("a frontier %s is refused", (_, chains) => {
    const body = concat(
      u8(1),
      idToBytes(space),
      u64(1),
      u64(0),
      NO_CHECKPOINT,
      owner.publicKey,
      u16(0),
      u32(chains.length),
      ...chains.flatMap(({ chain, counter, hash }) => [idToBytes(chain), new Uint8Array(32), u64(counter), hash]),
    );
    const signed = concat(body, signLabelled(LABELS.checkpoint, body, owner.privateKey)) as Uint8Array as Checkpoint;
    expect(verifyCheckpoint(signed, owner.publicKey)).toBe(true);
    expect(refusal(() => parseCheckpoint(signed))).toBe("bad-format");
  });

  const tombstone = (gaps: readonly (typeof ordered)[number][], after: Uint8Array) => {
    const body = concat(
      u8(1),
      idToBytes(space),
      idToBytes(space),
      u64(1),
      u32(gaps.length),
      ...gaps.map(encodeHead),
      after,
    );
    return concat(body, signLabelled(LABELS.tombstone, body, owner.privateKey)) as Uint8Array as Tombstone;
  };

  test("a tombstone's gaps rise by chain, then by counter", () => {
    expect(openTombstone(tombstone(ordered, nothing), owner.publicKey).gaps).toEqual(ordered);
    for (let i = 0; i + 1 < ordered.length; i++) {
      const turned = ordered.with(i, ordered[i + 1]!).with(i + 1, ordered[i]!);
      expect(refusal(() => openTombstone(tombstone(turned, nothing), owner.publicKey))).toBe("bad-format");
    }
    expect(refusal(() => openTombstone(tombstone([ordered[0]!, ordered[0]!], nothing), owner.publicKey))).toBe(
      "bad-format",
    );
    expect(refusal(() => openTombstone(tombstone(ordered, u8(0)), owner.publicKey))).toBe("bad-format");
  });
});

describe("ways in", () => {
  const [seed, burn] = [randomBytes(32) as WayInSeed, createBurn()];
  const wayIn = createWayIn({ kind: "prf", seed, vaultKey: createVaultKey(), burn });

  test("parameters without a KDF are refused, each of them", () => {
    for (const offset of [3, 6, 7, 10, 11, 26]) {
      const changed = wayIn.slice() as WayIn;
      changed[offset] = 1;
      expect(refusal(() => parseWayIn(changed))).toBe("bad-format");
    }
  });

  test("something else than a key inside does not open", () => {
    const [header, box] = [wayIn.slice(0, 1259), wayIn.slice(27, 27 + 1216)];
    const kind = { label: LABELS.wayIn, context: header, psk: derive(burn, LABELS.wayInPsk) };
    for (const length of [31, 33]) {
      const wrong = concat(header, sealEnvelope(box as never, kind, new Uint8Array(length)));
      expect(refusal(() => openWayIn(wrong as Uint8Array as WayIn, seed, burn))).toBe("does-not-open");
    }
  });

  test("an X-Wing ciphertext that libsodium refuses outright does not open either", () => {
    expect(refusal(() => decapsulate(new Uint8Array(1120), new Uint8Array(32).fill(3)))).toBe("does-not-open");
    expect(equalBytes(new Uint8Array(3), new Uint8Array(4))).toBe(false);
  });
});

describe("helpers and card", () => {
  test("a share with a byte left over is named, and both are when both are damaged", async () => {
    const { shares } = await splitForHelpers(createHelpersSecret());
    const [one, two] = shares as [HelperShare, HelperShare];
    expect(await combineFromHelpers([one, left(two)])).toEqual({ wrongShares: [1] });
    expect(await combineFromHelpers([left(one), left(two)])).toEqual({ wrongShares: [0, 1] });
  });

  test("one row of another length among good ones", () => {
    const rows = Array.from({ length: 6 }, () => [0, 0, 0, 0, 0]);
    expect(refusal(() => picturesToCard(rows.with(3, [0, 0, 0, 0])))).toBe("bad-format");
    expect(refusal(() => picturesToCard(rows.with(3, [0, 0, 0, 0, 64])))).toBe("bad-format");
  });
});

describe("blobs", () => {
  const [key, blob] = [createBlobKey(), randomId<BlobId>()];

  test("a chunk after the last one is refused, though its place is right", () => {
    const opener = createBlobOpener(key, blob);
    opener.push(sealBlobChunk(key, blob, 0, true, nothing, 1024), true);
    expect(refusal(() => opener.push(sealBlobChunk(key, blob, 1, true, nothing, 1024), true))).toBe("does-not-open");
  });

  test("a chunk larger than chunks are is refused", () => {
    const bound = (index: number) => concat(u8(1), idToBytes(blob), u32(index), u8(1));
    const chunk = (size: number) =>
      seal(key, LABELS.blobChunk, bound(0), padTo(u8(7), 4 + size), u8(1)) as Uint8Array as SealedChunk;
    expect(openBlobChunk(key, blob, 0, true, chunk(128 * 1024))).toEqual(u8(7));
    expect(refusal(() => openBlobChunk(key, blob, 0, true, chunk(128 * 1024 + 1)))).toBe("does-not-open");
  });
});

describe("pairing", () => {
  const aPerson = (name: string) => {
    const [identity, box] = [createIdentity(), createBoxKeyPair()];
    return { box, card: signContactCard(identity, { box: box.publicKey, mailbox: space, role: "other", name }) };
  };
  const [child, adult] = [aPerson("Alma"), aPerson("Mette")];
  const invitation = { mailbox: space, qrSecret: createQrSecret(), cardHash: hashCard(child.card) };
  const { seed: replyDropSeed } = createDropKey();
  const reply = { replyDropSeed, extra: nothing };
  const request = createJoin({ invitation, inviterCard: child.card, joinerCard: adult.card, ...reply });
  const answer = acceptJoin({ invitation, inviterBox: child.box.seed, ...reply }, request.message);
  const finish = finishJoin(request.state, adult.box.seed, answer.message, nothing);

  /** The same message around the same plaintext with one byte more. */
  const withByteLeft = (
    person: ReturnType<typeof aPerson>,
    kind: Parameters<typeof openEnvelope>[1],
    message: Uint8Array,
  ) => {
    const plain = openEnvelope(person.box.seed, kind, message.subarray(2));
    const length = new DataView(plain.buffer).getUint32(0);
    const more = padTo(left(plain.slice(4, 4 + length)), plain.length);
    return concat(message.subarray(0, 2), sealEnvelope(person.box.publicKey, kind, more));
  };

  test("messages with bytes left over are refused", () => {
    const requestKind = {
      label: LABELS.joinRequest,
      context: concat(u8(1), u8(1), idToBytes(space), invitation.cardHash),
      psk: derive(invitation.qrSecret, LABELS.joinRequestPsk),
    };
    expect(refusal(() => readJoin(invitation, child.box.seed, withByteLeft(child, requestKind, request.message)))).toBe(
      "bad-format",
    );
    // The state of the joiner holds what the answer's key is made of, in the order of pairing-states.ts.
    const part = (index: number) => request.state.subarray(1 + 32 * index, 33 + 32 * index);
    const answerKind = {
      label: LABELS.joinAnswer,
      context: concat(u8(1), u8(2), part(5)),
      psk: derive(invitation.qrSecret, LABELS.joinAnswerPsk, [part(3), part(1), part(2)]),
    };
    const changed = withByteLeft(adult, answerKind, answer.message);
    expect(refusal(() => finishJoin(request.state, adult.box.seed, changed, nothing))).toBe("bad-format");
  });

  test("a finish with bytes left over, and states with bytes left over, are refused", () => {
    const inviterPart = (index: number) => answer.state.subarray(1 + 32 * index, 33 + 32 * index);
    const header = concat(u8(1), u8(3));
    const sealFinish = (plaintext: Uint8Array) =>
      seal(
        derive(inviterPart(0), LABELS.joinFinishKey),
        LABELS.joinFinish,
        concat(header, inviterPart(5)),
        padTo(plaintext, 2048),
        header,
      );
    const joinerNonce = request.state.subarray(1 + 32 * 4, 33 + 32 * 4);
    const honest = concat(joinerNonce, u32(0));
    expect(completeJoin(answer.state, sealFinish(honest)).pairKey).toEqual(finish.pairKey);
    expect(refusal(() => completeJoin(answer.state, sealFinish(left(honest))))).toBe("bad-format");
    expect(refusal(() => completeJoin(left(answer.state), finish.message))).toBe("bad-format");
    expect(refusal(() => finishJoin(left(request.state), adult.box.seed, answer.message, nothing))).toBe("bad-format");
  });
});
