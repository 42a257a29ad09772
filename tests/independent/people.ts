/**
 * The rest of the second Lomme: proofs, cards, invitations, rosters, the recovery card. From docs/protocol/ alone.
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { ascii, type Bytes, derive, hash, hex, join, seal, signWith, uint } from "./reader.ts";

const utf8 = (text: string): Bytes => new TextEncoder().encode(text);
export const signingKey = (seed: Bytes): Bytes => ed25519.getPublicKey(seed);

// keys.md §4, capabilities.md
export function ladder(ownSeed: Bytes, space: string, epoch: number) {
  const place = [hex(space), uint(epoch, 8)];
  const write = derive(ownSeed, "lomme/1/own-seed/write-seed", place);
  const read = derive(write, "lomme/1/write-seed/read-seed", place);
  return {
    write,
    read,
    content: derive(read, "lomme/1/read-seed/content-key", place),
    capabilities: {
      own: derive(ownSeed, "lomme/1/own-seed/capability", place),
      write: derive(write, "lomme/1/write-seed/capability", place),
      read: derive(read, "lomme/1/read-seed/capability", place),
    },
  };
}
export const capabilityMessage = (
  nonce: Bytes,
  serverId: string,
  space: string,
  epoch: number,
  right: number,
): Bytes => {
  const label = "lomme/1/capability-key/proof";
  return join(uint(label.length, 1), ascii(label), nonce, hex(serverId), hex(space), uint(epoch, 8), uint(right, 1));
};
export const dropMessage = (serverId: string, purpose: number, bodyHash: Bytes): Bytes => {
  const label = "lomme/1/drop-key/proof";
  return join(uint(label.length, 1), ascii(label), hex(serverId), uint(purpose, 1), bodyHash);
};
export const proof = (seed: Bytes, message: Bytes): Bytes => ed25519.sign(message, seed);

// pairing.md §1, §2
export function contactCard(seed: Bytes, box: Bytes, mailbox: string, role: number, name: string): Bytes {
  const body = join(
    hex("01"),
    signingKey(seed),
    box,
    hex(mailbox),
    uint(role, 1),
    uint(utf8(name).length, 2),
    utf8(name),
  );
  return join(body, signWith(seed, "lomme/1/identity-key/card", body));
}
export const cardHash = (card: Bytes): Bytes => hash("lomme/1/hash/card", card);
export const deviceHash = (publicKey: Bytes, box: Bytes): Bytes => hash("lomme/1/hash/device", join(publicKey, box));
export const invitation = (mailbox: string, drop: Bytes, qrSecret: Bytes, card: Bytes, expires: number): string =>
  Buffer.from(join(hex("01"), hex(mailbox), drop, qrSecret, cardHash(card), uint(expires, 4))).toString("base64url");
export const invitedCard = (mailbox: string, qrSecret: Bytes, pinned: Bytes, card: Bytes, nonce: Bytes): Bytes => {
  const key = derive(qrSecret, "lomme/1/qr-secret/invited-card-key");
  return join(hex("01"), seal(key, "lomme/1/invited-card-key/card", join(hex(mailbox), pinned), card, nonce));
};

// rosters.md §1, §4
export type Member = { author: Bytes; role: number; memberId: string };
export type Chain = { chain: string; author: Bytes; counter: number; hash: Bytes };
export type Checkpoint = {
  space: string;
  epoch: number;
  number: number;
  previous: Bytes;
  members: Member[];
  frontier: Chain[];
};
export function checkpoint(
  seed: Bytes,
  named: Bytes,
  { space, epoch, number, previous, members, frontier }: Checkpoint,
): Bytes {
  const body = join(
    hex("01"),
    hex(space),
    uint(epoch, 8),
    uint(number, 8),
    previous,
    named,
    uint(members.length, 2),
    ...members.map(({ author, role, memberId }) => join(author, uint(role, 1), hex(memberId))),
    uint(frontier.length, 4),
    ...frontier.map(({ chain, author, counter, hash: at }) => join(hex(chain), author, uint(counter, 8), at)),
  );
  return join(body, signWith(seed, "lomme/1/owner-key/checkpoint", body));
}
export const checkpointHash = (bytes: Bytes): Bytes => hash("lomme/1/hash/checkpoint", bytes);

// card.md §2, §4; multiplication in GF(64) by its table of powers, not as ours does it
const POWERS = Array.from({ length: 63 }).reduce<number[]>(
  (powers) => {
    const next = (powers.at(-1) ?? 1) * 2;
    return [...powers, next >= 64 ? next ^ 0b1000011 : next];
  },
  [1],
);
const times = (a: number, b: number): number =>
  a === 0 || b === 0 ? 0 : (POWERS[(POWERS.indexOf(a) + POWERS.indexOf(b)) % 63] ?? 0);
export function cardPictures(secret: Bytes): number[][] {
  const bits = Array.from(secret, (byte) => byte.toString(2).padStart(8, "0")).join("");
  const data = Array.from({ length: 24 }, (_, i) => Number.parseInt(bits.slice(6 * i, 6 * i + 6), 2));
  return [1, 2, 3, 4, 5, 6].map((row) => {
    const four = data.slice(4 * row - 4, 4 * row);
    const weights = [4, 3, 2, 1].map((power) => POWERS[power] ?? 0);
    return [...four, four.reduce((sum, picture, i) => sum ^ times(weights[i] ?? 0, picture), row)];
  });
}
export function cardKeys(secret: Bytes): { boxSeed: Bytes; wrapSecret: Bytes; wayInSeed: Bytes } {
  const root = hash("lomme/1/card-secret/root", secret);
  const [boxSeed, wrapSecret, wayInSeed] = ["box", "wrap-secret", "way-in-seed"].map((name) =>
    derive(root, `lomme/1/card-root/${name}`),
  );
  return { boxSeed: boxSeed as Bytes, wrapSecret: wrapSecret as Bytes, wayInSeed: wayInSeed as Bytes };
}
