/** Whatever takes bytes of a fixed size refuses any other size, before it draws, hashes, signs or seals anything. */
import sodium from "libsodium-wrappers-sumo";
import { afterEach, describe, expect, test, vi } from "vitest";
import { sealBlobChunk } from "../../crypto/blobs.ts";
import { asKey } from "../../crypto/bytes.ts";
import { capabilityMessage, dropMessage } from "../../crypto/capabilities.ts";
import { cardToPictures, deriveCardKeys } from "../../crypto/card.ts";
import { encodeEpochKeys } from "../../crypto/epoch-keys.ts";
import { splitForHelpers } from "../../crypto/helpers.ts";
import { certifyDevice, createIdentity, createOwnerKeys, hashCard, signContactCard } from "../../crypto/identity.ts";
import { randomId } from "../../crypto/ids.ts";
import { macIntroduction } from "../../crypto/introductions.ts";
import { createQrSecret, encodeInvitation } from "../../crypto/invitation.ts";
import { acceptJoin, createJoin } from "../../crypto/pairing.ts";
import { createBoxKeyPair, wrapTo } from "../../crypto/recipients.ts";
import { NO_CHECKPOINT, signCheckpoint } from "../../crypto/rosters.ts";
import { argon2id, decapsulate, encapsulate, ready, signingPairFromSeed, wasmModule } from "../../crypto/sodium.ts";
import type { BlobKey, MemberId, SpaceId } from "../../crypto/types.ts";
import {
  combinePasskeyWithPictures,
  createBurn,
  createKdfParams,
  createVaultKey,
  KDF_FLOOR,
  pictureCodeBytes,
} from "../../crypto/unlocking.ts";
import { createWayIn, rewrapWayIn } from "../../crypto/ways-in.ts";
import { refusal } from "./refused.ts";

await ready();
afterEach(() => vi.restoreAllMocks());

const id = () => randomId<never>();
/** Bytes of whatever brand the caller asks for: sizes are what is wrong here. */
const bytes = (length: number) => new Uint8Array(length) as never;
const space = randomId<SpaceId>();
const identity = createIdentity();
const owner = createOwnerKeys();
const box = createBoxKeyPair();
const card = signContactCard(identity, { box: box.publicKey, mailbox: space, role: "child", name: "Alma" });
const joiner = createIdentity();
const joinerCard = signContactCard(joiner, { box: box.publicKey, mailbox: space, role: "other", name: "Mette" });
const invitation = { mailbox: space, qrSecret: createQrSecret(), cardHash: hashCard(card) };
const joining = { invitation, inviterCard: card, joinerCard, replyDropSeed: bytes(32), extra: bytes(0) };
const request = createJoin(joining);
const accepting = { invitation, inviterBox: box.seed, extra: bytes(0) };

const epochKeys = { right: "read", space, checkpoint: bytes(32), owner: bytes(32), epochs: [] } as const;
const member = { author: bytes(32), role: "member", memberId: id() as MemberId } as const;
const chain = { chain: id(), author: bytes(32), counter: 1, hash: bytes(32) };
const checkpoint = {
  space,
  epoch: 1,
  number: 0,
  previous: NO_CHECKPOINT,
  owner: owner.publicKey,
  members: [member],
  frontier: [chain],
} as const;
const between = { sender: identity.publicKey, recipient: joiner.publicKey };
const about = { ...between, id: id() };
const context = { purpose: "circle", space, epoch: 1, ...between } as const;
const wayIn = { kind: "prf", seed: bytes(32), vaultKey: createVaultKey(), burn: createBurn() } as const;
const made = createWayIn(wayIn);
const encapsulated = encapsulate(box.publicKey).ciphertext;
const challenge = { nonce: bytes(32), serverId: id(), space, epoch: 1, right: "read" } as const;
const encoded = { ...invitation, dropSeed: bytes(32), expires: 1 };

/** What it is, how long it must be, and a call with so many bytes of it. */
const TAKERS: readonly (readonly [string, number, (length: number) => unknown])[] = [
  ["server nonce", 32, (n) => capabilityMessage({ ...challenge, nonce: bytes(n) })],
  ["body hash", 32, (n) => dropMessage({ serverId: challenge.serverId, purpose: "drop", bodyHash: bytes(n) })],
  ["card secret, to pictures", 18, (n) => cardToPictures(bytes(n))],
  ["card secret, to keys", 18, (n) => deriveCardKeys(bytes(n))],
  ["checkpoint hash of a wrap", 32, (n) => encodeEpochKeys({ ...epochKeys, checkpoint: bytes(n) })],
  ["owner key of a wrap", 32, (n) => encodeEpochKeys({ ...epochKeys, owner: bytes(n) })],
  ["owner's private key of a wrap", 64, (n) => encodeEpochKeys({ ...epochKeys, ownerPrivateKey: bytes(n) })],
  ["seed of a wrap", 32, (n) => encodeEpochKeys({ ...epochKeys, epochs: [{ epoch: 1, seed: bytes(n) }] })],
  [
    "box key of a card",
    1216,
    (n) => signContactCard(identity, { box: bytes(n), mailbox: space, role: "child", name: "A" }),
  ],
  ["device key", 32, (n) => certifyDevice(identity, { publicKey: bytes(n), box: box.publicKey })],
  ["device box key", 1216, (n) => certifyDevice(identity, { publicKey: bytes(32), box: bytes(n) })],
  [
    "introduction's sender",
    32,
    (n) => macIntroduction(bytes(32), { ...about, sender: bytes(n) }, box.publicKey, bytes(0)),
  ],
  [
    "introduction's recipient",
    32,
    (n) => macIntroduction(bytes(32), { ...about, recipient: bytes(n) }, box.publicKey, bytes(0)),
  ],
  ["wrap's sender", 32, (n) => wrapTo(bytes(0), box.publicKey, { ...context, sender: bytes(n) })],
  ["wrap's recipient", 32, (n) => wrapTo(bytes(0), box.publicKey, { ...context, recipient: bytes(n) })],
  ["invitation's drop seed", 32, (n) => encodeInvitation({ ...encoded, dropSeed: bytes(n) })],
  ["invitation's QR secret", 32, (n) => encodeInvitation({ ...encoded, qrSecret: bytes(n) })],
  ["invitation's card hash", 32, (n) => encodeInvitation({ ...encoded, cardHash: bytes(n) })],
  ["joiner's drop seed", 32, (n) => createJoin({ ...joining, replyDropSeed: bytes(n) })],
  ["inviter's drop seed", 32, (n) => acceptJoin({ ...accepting, replyDropSeed: bytes(n) }, request.message)],
  ["previous checkpoint", 32, (n) => signCheckpoint({ ...checkpoint, previous: bytes(n) }, owner.privateKey)],
  ["checkpoint's owner", 32, (n) => signCheckpoint({ ...checkpoint, owner: bytes(n) }, owner.privateKey)],
  [
    "member's author key",
    32,
    (n) => signCheckpoint({ ...checkpoint, members: [{ ...member, author: bytes(n) }] }, owner.privateKey),
  ],
  [
    "chain's author key",
    32,
    (n) => signCheckpoint({ ...checkpoint, frontier: [{ ...chain, author: bytes(n) }] }, owner.privateKey),
  ],
  [
    "chain's hash",
    32,
    (n) => signCheckpoint({ ...checkpoint, frontier: [{ ...chain, hash: bytes(n) }] }, owner.privateKey),
  ],
  ["passkey output", 32, (n) => combinePasskeyWithPictures(bytes(n), bytes(32))],
  ["picture seed", 32, (n) => combinePasskeyWithPictures(bytes(32), bytes(n))],
  ["way-in seed", 32, (n) => createWayIn({ ...wayIn, seed: bytes(n) })],
  ["vault key of a way in", 32, (n) => createWayIn({ ...wayIn, vaultKey: bytes(n) })],
  ["burn of a way in", 32, (n) => createWayIn({ ...wayIn, burn: bytes(n) })],
  ["vault key of a way in, anew", 32, (n) => rewrapWayIn(made, bytes(n), bytes(32))],
  ["burn of a way in, anew", 32, (n) => rewrapWayIn(made, bytes(32), bytes(n))],
  ["seed of a signing pair", 32, (n) => signingPairFromSeed(bytes(n))],
  ["X-Wing ciphertext", 1120, (n) => decapsulate(n === 1120 ? encapsulated : bytes(n), box.seed)],
  ["X-Wing seed", 32, (n) => decapsulate(encapsulated, bytes(n))],
  ["salt of the KDF", 16, (n) => argon2id(bytes(4), bytes(n), 1, 8)],
  ["key from a store", 32, (n) => asKey(bytes(n))],
];

describe("sizes throw before work", () => {
  test.each(TAKERS)("%s: %i bytes and no others", async (_, right, call) => {
    const work = [
      vi.spyOn(crypto, "getRandomValues"),
      vi.spyOn(sodium, "crypto_generichash"),
      vi.spyOn(sodium, "crypto_sign_detached"),
      vi.spyOn(sodium, "crypto_sign_seed_keypair"),
      vi.spyOn(sodium, "crypto_kem_xwing_dec"),
      vi.spyOn(sodium, "crypto_pwhash"),
      vi.spyOn(wasmModule(), "_malloc"),
    ];
    for (const wrong of [0, right - 1, right + 1])
      expect([wrong, refusal(() => call(wrong))]).toEqual([wrong, "bad-size"]);
    expect(work.map((spy) => spy.mock.calls.length)).toEqual(work.map(() => 0));
    vi.restoreAllMocks();
    // The right size goes through: so it was the size that was refused.
    expect(() => call(right)).not.toThrow();
  });

  test("a helpers' secret", async () => {
    for (const length of [0, 31, 33]) {
      await expect(splitForHelpers(bytes(length))).rejects.toMatchObject({ code: "bad-size" });
    }
  });

  test("a piece over its chunk, a chunk over the largest, a picture over 63", () => {
    const key = bytes(32) as BlobKey;
    expect(refusal(() => sealBlobChunk(key, id(), 0, true, bytes(11), 10))).toBe("too-long");
    expect(refusal(() => sealBlobChunk(key, id(), 0, true, bytes(1), 128 * 1024 + 1))).toBe("too-long");
    expect(sealBlobChunk(key, id(), 0, true, bytes(10), 10).length).toBe(77 + 10);
    expect(refusal(() => pictureCodeBytes([1, 64]))).toBe("bad-size");
    expect(refusal(() => pictureCodeBytes([-1]))).toBe("bad-size");
    expect(refusal(() => createKdfParams({ ...KDF_FLOOR, passes: 1 }))).toBe("kdf-out-of-range");
  });
});
