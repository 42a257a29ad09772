import { describe, expect, test } from "vitest";
import { createDropKey } from "../../crypto/capabilities.ts";
import {
  certifyDevice,
  createDeviceKeys,
  createIdentity,
  hashCard,
  hashDevice,
  openContactCard,
  openDeviceCertificate,
  openStatement,
  signContactCard,
  signStatement,
} from "../../crypto/identity.ts";
import { randomId } from "../../crypto/ids.ts";
import {
  createQrSecret,
  encodeInvitation,
  openInvitedCard,
  parseInvitation,
  sealInvitedCard,
} from "../../crypto/invitation.ts";
import { createBoxKeyPair } from "../../crypto/recipients.ts";
import { randomBytes, ready } from "../../crypto/sodium.ts";
import type { ContactCard, DeviceCertificate, SpaceId } from "../../crypto/types.ts";
import { flipped, refusal } from "./refused.ts";

await ready();
const identity = createIdentity();
const fields = {
  box: createBoxKeyPair().publicKey,
  mailbox: randomId<SpaceId>(),
  role: "child",
  name: "Alma",
} as const;
const card = signContactCard(identity, fields);

describe("contact cards", () => {
  test("opening gives back what was signed", () => {
    expect(openContactCard(card)).toEqual({ ...fields, identity: identity.publicKey });
    const names = ["A", "Åse Bæk-Ørsted", "🦔".repeat(64), "a".repeat(64)];
    for (const name of names) expect(openContactCard(signContactCard(identity, { ...fields, name })).name).toBe(name);
  });

  test("a turned bit is refused", () => {
    for (let bit = 8; bit < card.length * 8; bit += 37) {
      expect(refusal(() => openContactCard(flipped(card, bit) as ContactCard))).toMatch(/bad-signature|bad-format/);
    }
    expect(refusal(() => openContactCard(flipped(card, 0) as ContactCard))).toBe("unknown-version");
    expect(refusal(() => openContactCard(new Uint8Array([...card, 0]) as ContactCard))).toBe("bad-format");
  });

  test.each(["", "a".repeat(65), "two\nlines", "nul\0", "right\u202eleft", "line\u2028"])(
    "name %j is refused",
    (name) => {
      expect(refusal(() => signContactCard(identity, { ...fields, name }))).toBe("bad-format");
    },
  );

  test("the hash tells cards apart", () => {
    expect(hashCard(card)).toEqual(hashCard(signContactCard(identity, fields)));
    expect(hashCard(card)).not.toEqual(hashCard(signContactCard(identity, { ...fields, name: "Noah" })));
  });
});

describe("devices and statements", () => {
  test("a certificate names the device's keys and holds under one identity only", () => {
    const device = createDeviceKeys();
    const certificate = certifyDevice(identity, { publicKey: device.publicKey, box: device.box.publicKey });
    expect(openDeviceCertificate(certificate, identity.publicKey)).toEqual({
      publicKey: device.publicKey,
      box: device.box.publicKey,
    });
    expect(refusal(() => openDeviceCertificate(certificate, createIdentity().publicKey))).toBe("bad-signature");
    expect(
      refusal(() => openDeviceCertificate(flipped(certificate, 600) as DeviceCertificate, identity.publicKey)),
    ).toBe("bad-signature");
  });

  test("a device is known by both its keys: a certificate for another box of it is one of another device", () => {
    const { publicKey, box } = createDeviceKeys();
    const known = hashDevice({ publicKey, box: box.publicKey });
    expect(known).toEqual(hashDevice({ publicKey, box: box.publicKey }));
    expect(hashDevice({ publicKey, box: createDeviceKeys().box.publicKey })).not.toEqual(known);
    expect(hashDevice({ publicKey: createDeviceKeys().publicKey, box: box.publicKey })).not.toEqual(known);
  });

  test("a statement holds; a card or a certificate is none", () => {
    const statement = signStatement(identity, randomBytes(20));
    expect(openStatement(statement, identity.publicKey).length).toBe(20);
    expect(refusal(() => openStatement(flipped(statement, 300), identity.publicKey))).toBe("bad-signature");
    expect(refusal(() => openStatement(card, identity.publicKey))).toMatch(/bad-/);
  });
});

describe("invitations", () => {
  const invitation = {
    mailbox: fields.mailbox,
    dropSeed: createDropKey().seed,
    qrSecret: createQrSecret(),
    cardHash: hashCard(card),
    expires: 2_000_000_000,
  };

  test("156 letters of base64url, and back", () => {
    const text = encodeInvitation(invitation);
    expect(text).toMatch(/^[A-Za-z0-9_-]{156}$/);
    expect(parseInvitation(text)).toEqual(invitation);
  });

  test.each([
    ["empty", ""],
    ["cut", encodeInvitation(invitation).slice(0, -4)],
    ["a letter more", `${encodeInvitation(invitation)}A`],
    ["padding", `${encodeInvitation(invitation)}====`],
    ["not base64url", encodeInvitation(invitation).replace(/^./, "*")],
    ["longer", `${encodeInvitation(invitation)}AAAA`],
  ])("%s is refused", (_, text) => {
    expect(refusal(() => parseInvitation(text))).toBe("bad-format");
  });

  test("another version is refused as such", () => {
    expect(refusal(() => parseInvitation(encodeInvitation(invitation).replace(/^./, "B")))).toBe("unknown-version");
  });

  test("the inviter's card opens with the invitation only", () => {
    const sealed = sealInvitedCard(invitation, card);
    expect(openInvitedCard(invitation, sealed).fields.name).toBe("Alma");
    expect(refusal(() => openInvitedCard({ ...invitation, qrSecret: createQrSecret() }, sealed))).toBe("does-not-open");
    expect(refusal(() => openInvitedCard({ ...invitation, mailbox: randomId<SpaceId>() }, sealed))).toBe(
      "does-not-open",
    );
    expect(refusal(() => openInvitedCard(invitation, flipped(sealed, 999)))).toBe("does-not-open");
  });

  test("a card put in the place of the named one is refused, even by someone with the secret", () => {
    const other = signContactCard(createIdentity(), { ...fields, name: "Noah" });
    expect(refusal(() => openInvitedCard(invitation, sealInvitedCard(invitation, other)))).toBe("wrong-card");
  });
});
