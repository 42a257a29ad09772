import { readdirSync, readFileSync } from "node:fs";
import sodium from "libsodium-wrappers-sumo";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createBlobKey, sealBlob } from "../../crypto/blobs.ts";
import { createDropKey, hashDropBody, proveCapability, proveDrop } from "../../crypto/capabilities.ts";
import { createCardSecret, deriveCardKeys } from "../../crypto/card.ts";
import { createDoorKeys, openFromDoor, sealForDoor } from "../../crypto/door.ts";
import { createHelpersSecret, deriveHelpersKeys, splitForHelpers } from "../../crypto/helpers.ts";
import {
  certifyDevice,
  createAuthorKeys,
  createDeviceKeys,
  createIdentity,
  createOwnerKeys,
  hashCard,
  hashDevice,
  signContactCard,
  signStatement,
} from "../../crypto/identity.ts";
import { randomId } from "../../crypto/ids.ts";
import { digestHeads, hashInner, NO_PREVIOUS, signInner } from "../../crypto/inner.ts";
import { macIntroduction } from "../../crypto/introductions.ts";
import { createQrSecret, sealInvitedCard } from "../../crypto/invitation.ts";
import { LABELS, type Label } from "../../crypto/labels.ts";
import { createOwnSeed, deriveLadder } from "../../crypto/ladder.ts";
import { createMediaRoot, deriveBlobKey, deriveTakenAlongTag } from "../../crypto/media.ts";
import { acceptJoin, completeJoin, createJoin, finishJoin } from "../../crypto/pairing.ts";
import { openPresence, sealPresence } from "../../crypto/presence.ts";
import {
  circlePsk,
  createBoxKeyPair,
  openWrap,
  pairWrapSecret,
  recoveryTag,
  wrapTag,
  wrapTo,
} from "../../crypto/recipients.ts";
import { openRecord, sealRecord } from "../../crypto/records.ts";
import { deriveAuthorKeys, deriveDeviceKey, derivePairKey } from "../../crypto/renewed.ts";
import { hashCheckpoint, NO_CHECKPOINT, signCheckpoint } from "../../crypto/rosters.ts";
import { createRowNameKey, deriveRowSealKey, nameRow, openRow, sealRow } from "../../crypto/rows.ts";
import { randomBytes, ready, toHex } from "../../crypto/sodium.ts";
import { signTombstone } from "../../crypto/tombstones.ts";
import type { ServerId, ServerNonce, WayInSeed } from "../../crypto/types.ts";
import {
  combinePasskeyWithPictures,
  createBurn,
  createKdfParams,
  createVaultKey,
  KDF_FLOOR,
} from "../../crypto/unlocking.ts";
import { createWayIn, openWayIn, rewrapWayIn } from "../../crypto/ways-in.ts";
import { watchCipher } from "./watch-cipher.ts";

await ready();
afterEach(() => vi.restoreAllMocks());
const labels: readonly Label[] = Object.values(LABELS);
const folder = new URL("../../crypto/", import.meta.url);
const sources = readdirSync(folder).filter((file) => file.endsWith(".ts"));
const read = (file: string) => readFileSync(new URL(file, folder), "utf8");

describe("the list", () => {
  test("each label has the form lomme/1/<used with>/<what for>, stands once, and starts no other", () => {
    for (const label of labels) expect(label).toMatch(/^lomme\/1\/[a-z-]+\/[a-z-]+$/);
    expect(new Set(labels).size).toBe(labels.length);
    for (const one of labels) expect(labels.filter((other) => other !== one && other.startsWith(one))).toEqual([]);
  });

  test("each label is used in exactly one module, in code", () => {
    for (const name of Object.keys(LABELS)) {
      const users = sources.filter((file) => new RegExp(`LABELS\\.${name}\\b`).test(read(file)));
      expect([name, users.length]).toEqual([name, 1]);
    }
  });

  test("no module spells a label of its own", () => {
    for (const file of sources.filter((one) => one !== "labels.ts")) {
      const code = read(file)
        .replaceAll(/\/\*\*[\s\S]*?\*\//g, "")
        .replaceAll(/\/\/.*$/gm, "");
      expect([file, code.includes("lomme/1/")]).toEqual([file, false]);
    }
  });
});

/** Key → labels it was used under, as libsodium saw them: keyed BLAKE2b and Ed25519. */
function watchKeys() {
  const labelsByKey = new Map<string, Set<Label>>();
  const cipher = watchCipher();
  const note = (key: Uint8Array, message: Uint8Array) => {
    const label = new TextDecoder().decode(message.subarray(1, 1 + message[0]!)) as Label;
    expect(labels).toContain(label);
    const known = labelsByKey.get(toHex(key)) ?? new Set();
    labelsByKey.set(toHex(key), known.add(label));
  };
  const { crypto_generichash: hash, crypto_sign_detached: sign } = sodium;
  vi.spyOn(sodium, "crypto_generichash").mockImplementation(((
    length: number,
    message: Uint8Array,
    key: Uint8Array | null,
  ) => {
    if (key !== null) note(key, message);
    return hash(length, message, key);
  }) as typeof hash);
  vi.spyOn(sodium, "crypto_sign_detached").mockImplementation(((message: Uint8Array, key: Uint8Array) => {
    note(key, message);
    return sign(message, key);
  }) as typeof sign);
  return { labelsByKey, cipher };
}

/** Everything that crypto/ does with keys, once, with as few keys as a real pocket has. */
async function useEverything() {
  const [space, document, opId, chain, blob] = [
    randomId(),
    randomId(),
    randomId(),
    randomId(),
    randomId(),
  ] as never[] as [never, never, never, never, never];
  const something = randomBytes(40);
  const ladder = deriveLadder({ right: "own", seed: createOwnSeed(), space, epoch: 1 });
  const author = createAuthorKeys();
  const outer = { space, document, kind: "said", epoch: 1, opId } as const;
  const inner = signInner(
    { ...outer, chain, counter: 0, previous: NO_PREVIOUS, heads: digestHeads([]), clientIds: [], payload: something },
    author.privateKey,
  );
  openRecord(sealRecord(inner, outer, ladder.contentKey), outer, ladder.contentKey);
  const renewing = { space, epoch: 1 };
  deriveAuthorKeys(ladder.ownSeed!, renewing);
  deriveDeviceKey(ladder.ownSeed!, renewing, document);
  derivePairKey(ladder.writeSeed!, renewing);
  openPresence(ladder, document, sealPresence(ladder, document, something));
  sealBlob(createBlobKey(), blob, something);
  sealBlob(deriveBlobKey(createMediaRoot(), blob), blob, something);
  deriveTakenAlongTag(createMediaRoot(), "source", 0);

  const vaultKey = createVaultKey();
  const rows = { seal: deriveRowSealKey(vaultKey), name: createRowNameKey() };
  openRow(rows, { table: "a", key: "b" }, sealRow(rows, { table: "a", key: "b" }, something));
  nameRow(rows, "a");

  const secret = deriveCardKeys(createCardSecret());
  const burn = createBurn();
  const seed = combinePasskeyWithPictures(randomBytes(32), randomBytes(32) as WayInSeed);
  const wayIn = createWayIn({ kind: "prf", seed, params: createKdfParams(KDF_FLOOR), vaultKey, burn });
  openWayIn(rewrapWayIn(wayIn, vaultKey, burn), seed, burn);
  createWayIn({ kind: "card", seed: secret.wayInSeed, vaultKey, burn });
  const helpers = createHelpersSecret();
  recoveryTag(deriveHelpersKeys(helpers).wrapSecret);
  await splitForHelpers(helpers);
  const door = createDoorKeys();
  openFromDoor(door, sealForDoor(door.publicKey, something));

  const aPerson = () => {
    const [identity, box, drop] = [createIdentity(), createBoxKeyPair(), createDropKey()];
    return {
      identity,
      box,
      drop,
      card: signContactCard(identity, { box: box.publicKey, mailbox: space, role: "other", name: "Noah" }),
    };
  };
  const [child, adult] = [aPerson(), aPerson()];
  const device = createDeviceKeys();
  certifyDevice(child.identity, { publicKey: device.publicKey, box: device.box.publicKey });
  hashDevice({ publicKey: device.publicKey, box: device.box.publicKey });
  signStatement(child.identity, something);
  const invitation = { mailbox: space, qrSecret: createQrSecret(), cardHash: hashCard(child.card) };
  sealInvitedCard(invitation, child.card);
  const request = createJoin({
    invitation,
    inviterCard: child.card,
    joinerCard: adult.card,
    replyDropSeed: adult.drop.seed,
    extra: something,
  });
  const answer = acceptJoin(
    { invitation, inviterBox: child.box.seed, replyDropSeed: child.drop.seed, extra: something },
    request.message,
  );
  const joiner = finishJoin(request.state, adult.box.seed, answer.message, something);
  const { pairKey } = completeJoin(answer.state, joiner.message);
  const between = { sender: child.identity.publicKey, recipient: adult.identity.publicKey };
  macIntroduction(pairKey, { ...between, id: randomId() }, adult.box.publicKey, something);
  const context = { purpose: "circle", space, epoch: 1, ...between } as const;
  const psk = circlePsk(pairKey, space);
  openWrap(wrapTo(something, adult.box.publicKey, context, psk), adult.box.seed, context, psk);
  wrapTag(pairWrapSecret(pairKey), space);

  const owner = createOwnerKeys();
  const checkpoint = signCheckpoint(
    { space, epoch: 1, number: 0, previous: NO_CHECKPOINT, owner: owner.publicKey, members: [], frontier: [] },
    owner.privateKey,
  );
  hashCheckpoint(checkpoint);
  signTombstone(
    { space, document, number: 1, gaps: [{ chain, counter: 0, hash: hashInner(inner) }] },
    owner.privateKey,
  );
  const serverId = randomId<ServerId>();
  const challenge = { nonce: randomBytes(32) as ServerNonce, serverId, space, epoch: 1 };
  for (const right of ["own", "write", "read"] as const)
    proveCapability(ladder.capabilities[right]!.privateKey, { ...challenge, right });
  proveDrop(child.drop.privateKey, { serverId, purpose: "drop", bodyHash: hashDropBody(something) });
}

const usedWith = (label: Label) => label.split("/")[2]!;

describe("no key under two labels", () => {
  /** Where several labels start from one secret: seeds that are only derived from, and two signing keys. */
  const SEVERAL = new Set([
    "own-seed",
    "write-seed",
    "read-seed",
    "vault-key",
    "way-in-seed",
    "card-root",
    "helpers-secret",
    "qr-secret",
    "pair-root",
    "pair-key",
    "identity-key",
    "owner-key",
  ]);
  test("every key that libsodium sees serves one kind, and one label unless it is a seed or one of two signing keys", async () => {
    const { labelsByKey, cipher } = watchKeys();
    await useEverything();
    const aeadKeys = cipher.sealed.map(toHex);
    expect(aeadKeys.length).toBeGreaterThan(10);
    const seen = new Set<Label>();
    for (const used of labelsByKey.values()) {
      expect(new Set([...used].map(usedWith)).size, [...used].join()).toBe(1);
      const [first] = [...used];
      if (!SEVERAL.has(usedWith(first!))) expect([...used]).toHaveLength(1);
      for (const label of used) seen.add(label);
    }
    // Not vacuous: every label but those of plain hashes was seen at work.
    const unkeyed = labels.filter((label) => label.startsWith("lomme/1/hash/") || label === LABELS.cardRoot);
    expect(labels.filter((label) => !seen.has(label))).toEqual(unkeyed);
    // Keys of the cipher itself are fresh for every message, and are never anything else.
    expect(new Set(aeadKeys).size).toBe(aeadKeys.length);
    expect(aeadKeys.filter((key) => labelsByKey.has(key))).toEqual([]);
  });
});

describe("no classical-only path", () => {
  test("whatever is sealed for somebody gets its key from X-Wing: every secret under a box-secret label is one of its", async () => {
    const fromXWing = new Set<string>();
    const { crypto_kem_xwing_enc_deterministic: encapsulate, crypto_kem_xwing_dec: decapsulate } = sodium;
    vi.spyOn(sodium, "crypto_kem_xwing_enc_deterministic").mockImplementation(((key: Uint8Array, seed: Uint8Array) => {
      const made = encapsulate(key, seed);
      fromXWing.add(toHex(made.sharedSecret));
      return made;
    }) as typeof encapsulate);
    vi.spyOn(sodium, "crypto_kem_xwing_dec").mockImplementation(((ciphertext: Uint8Array, key: Uint8Array) => {
      const secret = decapsulate(ciphertext, key);
      fromXWing.add(toHex(secret));
      return secret;
    }) as typeof decapsulate);
    const { labelsByKey } = watchKeys();
    await useEverything();
    const secrets = [...labelsByKey].filter(([, used]) => [...used].some((label) => usedWith(label) === "box-secret"));
    expect(new Set(secrets.flatMap(([, used]) => [...used]))).toEqual(
      new Set(labels.filter((label) => usedWith(label) === "box-secret")),
    );
    expect(secrets.filter(([secret]) => !fromXWing.has(secret))).toEqual([]);
  });

  test("nothing of libsodium that agrees on keys another way is called in crypto/", () => {
    const calls = sources.flatMap((file) => read(file).match(/\bcrypto_(box|kx|scalarmult|secretbox|kem)_?\w*/g) ?? []);
    expect(new Set(calls)).toEqual(
      new Set(["crypto_kem_xwing_seed_keypair", "crypto_kem_xwing_enc_deterministic", "crypto_kem_xwing_dec"]),
    );
  });
});

test("every module has its line in the README", () => {
  const readme = read("README.md");
  expect(sources.filter((file) => !readme.includes(`\`${file}\``))).toEqual([]);
});
