/**
 * The rest of the second Lomme, continued: rows, presence, the door, what wraps carry, pairing, introductions, tombstones,
 * helpers. From docs/protocol/ alone.
 */
import { contactCard, ladder, signingKey } from "./people.ts";
import {
  type Bytes,
  boxPublicKey,
  type Drawn,
  derive,
  hash,
  hex,
  join,
  type Kind,
  padded,
  prefixed,
  seal,
  sealEnvelope,
  signWith,
  toHex,
  uint,
} from "./reader.ts";

export { contactCard };

const NOTHING = new Uint8Array(0);
const utf8 = (text: string): Bytes => new TextEncoder().encode(text);

// keys.md §6
export function row(vaultKey: Bytes, table: string, key: string, plaintext: Bytes, nonce: Bytes): Bytes {
  const bound = join(hex("01"), prefixed(utf8(table)), prefixed(utf8(key)));
  return join(
    hex("01"),
    seal(
      derive(vaultKey, "lomme/1/vault-key/row-seal-key"),
      "lomme/1/row-seal-key/row",
      bound,
      padded(plaintext, 128),
      nonce,
    ),
  );
}
export const rowName = (nameKey: Bytes, parts: string[]): string =>
  toHex(derive(nameKey, "lomme/1/row-name-key/name", parts.map(utf8), 16));

// keys.md §4
export type Place = { space: string; document: string; epoch: number };
export function presence(ownSeed: Bytes, { space, document, epoch }: Place, plaintext: Bytes, nonce: Bytes): Bytes {
  const key = derive(ladder(ownSeed, space, epoch).read, "lomme/1/read-seed/presence-key", [
    hex(space),
    uint(epoch, 8),
  ]);
  const bound = join(hex("01"), hex(space), hex(document), uint(epoch, 8));
  return join(hex("01"), seal(key, "lomme/1/presence-key/presence", bound, padded(plaintext, 256), nonce));
}

// blobs.md §4
/** What a rotation renews out of a seed: the seed of an author key, a device's key (with its id), a pair key. */
export const renewed = (
  seed: Bytes,
  what: string,
  space: string,
  epoch: number,
  device: readonly Bytes[] = [],
): Bytes => derive(seed, `lomme/1/${what}`, [hex(space), uint(epoch, 8), ...device]);

export const mediaKey = (root: Bytes, blob: string): Bytes => derive(root, "lomme/1/media-root/blob-key", [hex(blob)]);

// wraps.md §4, §5
export type EpochKeys = {
  right: number;
  space: string;
  checkpoint: Bytes;
  owner: Bytes;
  flag: number;
  ownerPrivate: Bytes;
  epochs: { epoch: number; seed: Bytes }[];
};
export const epochKeys = (keys: EpochKeys): Bytes =>
  join(
    hex("01"),
    uint(keys.right, 1),
    hex(keys.space),
    keys.checkpoint,
    keys.owner,
    uint(keys.flag, 1),
    keys.ownerPrivate,
    uint(keys.epochs.length, 2),
    ...keys.epochs.flatMap(({ epoch, seed }) => [uint(epoch, 8), seed]),
  );
export const doorItem = (publicKey: Bytes, plaintext: Bytes, drawn: Drawn): Bytes => {
  const kind = { label: "lomme/1/box-secret/door", psk: NOTHING, context: hex("01") };
  return join(hex("01"), sealEnvelope(publicKey, kind, padded(plaintext, 1024), drawn));
};

// pairing.md §1
export const deviceCertificate = (identity: Bytes, named: Bytes, device: Bytes, box: Bytes): Bytes => {
  const body = join(hex("01"), named, device, box);
  return join(body, signWith(identity, "lomme/1/identity-key/device", body));
};
export const statement = (identity: Bytes, named: Bytes, bytes: Bytes): Bytes => {
  const body = join(hex("01"), named, prefixed(bytes));
  return join(body, signWith(identity, "lomme/1/identity-key/statement", body));
};

// pairing.md §3
export type Invited = { mailbox: string; qrSecret: Bytes };
export type Side = { card: Bytes; boxSeed: Bytes; secret: Bytes; nonce: Bytes; drop: Bytes; extra: Bytes };
export type PairingDraws = { request: Drawn; answer: Drawn; finish: Bytes };
const cardHash = (card: Bytes): Bytes => hash("lomme/1/hash/card", card);
export function pair({ mailbox, qrSecret }: Invited, inviter: Side, joiner: Side, drawn: PairingDraws) {
  const [hi, hj] = [cardHash(inviter.card), cardHash(joiner.card)];
  const commitment = hash("lomme/1/hash/join-commitment", joiner.nonce, hi, hj);
  const message = (step: number, to: Bytes, kind: Kind, plaintext: Bytes, draws: Drawn): Bytes =>
    join(hex("01"), uint(step, 1), sealEnvelope(boxPublicKey(to), kind, padded(plaintext, 2048), draws));
  const request = message(
    1,
    inviter.boxSeed,
    {
      label: "lomme/1/box-secret/join-request",
      psk: derive(qrSecret, "lomme/1/qr-secret/join-request-psk"),
      context: join(hex("0101"), hex(mailbox), hi),
    },
    join(prefixed(joiner.card), joiner.secret, commitment, joiner.drop, prefixed(joiner.extra)),
    drawn.request,
  );
  const h1 = hash("lomme/1/hash/join-message", request);
  const answer = message(
    2,
    joiner.boxSeed,
    {
      label: "lomme/1/box-secret/join-answer",
      psk: derive(qrSecret, "lomme/1/qr-secret/join-answer-psk", [joiner.secret, hi, hj]),
      context: join(hex("0102"), h1),
    },
    join(inviter.secret, inviter.nonce, inviter.drop, prefixed(inviter.extra)),
    drawn.answer,
  );
  const h2 = hash("lomme/1/hash/join-message", answer);
  const root = derive(qrSecret, "lomme/1/qr-secret/pair-root", [joiner.secret, inviter.secret, hi, hj, h1, h2]);
  const finishWith = (nonce: Bytes): Bytes =>
    join(
      hex("0103"),
      seal(
        derive(root, "lomme/1/pair-root/finish-key"),
        "lomme/1/finish-key/finish",
        join(hex("0103"), h2),
        padded(join(nonce, prefixed(joiner.extra)), 2048),
        drawn.finish,
      ),
    );
  const drawnPictures = BigInt(
    `0x${toHex(derive(root, "lomme/1/pair-root/safety-pictures", [inviter.nonce, joiner.nonce]).slice(0, 6))}`,
  );
  return {
    request,
    answer,
    finish: finishWith(joiner.nonce),
    finishWith,
    pairKey: derive(root, "lomme/1/pair-root/pair-key"),
    pictures: [0, 1, 2, 3, 4, 5, 6].map((i) => Number((drawnPictures >> BigInt(42 - 6 * i)) & 63n)),
  };
}

// pairing.md §4, wraps.md §3
export const introduction = (
  pairKey: Bytes,
  { id, sender, recipient }: { id: string; sender: Bytes; recipient: Bytes },
  box: Bytes,
  plaintext: Bytes,
  drawn: Drawn,
): Bytes => {
  const kind = {
    label: "lomme/1/box-secret/introduction",
    psk: derive(pairKey, "lomme/1/pair-key/introduction-psk"),
    context: join(hex("01"), hex(id), sender, recipient),
  };
  return join(hex("01"), hex(id), sealEnvelope(box, kind, padded(plaintext, 512), drawn));
};
export const circlePsk = (pairKey: Bytes, space: string): Bytes =>
  derive(pairKey, "lomme/1/pair-key/wrap-psk", [hex(space)]);
export const pairWrapSecret = (pairKey: Bytes): Bytes => derive(pairKey, "lomme/1/pair-key/wrap-secret");
export const wrapTag = (secret: Bytes, space: string): string =>
  toHex(derive(secret, "lomme/1/wrap-secret/tag", [hex(space)], 16));

// rosters.md §4
export type Gap = { chain: string; counter: number; hash: Bytes };
export function tombstone(owner: Bytes, space: string, document: string, number: number, gaps: Gap[]): Bytes {
  const body = join(
    hex("01"),
    hex(space),
    hex(document),
    uint(number, 8),
    uint(gaps.length, 4),
    ...gaps.map(({ chain, counter, hash: at }) => join(hex(chain), uint(counter, 8), at)),
  );
  return join(body, signWith(owner, "lomme/1/owner-key/tombstone", body));
}
export const ownerKey = signingKey;

// card.md §5: byte j of the share at x is secret j + slope j · x in GF(256) of AES, and x stands behind
function times(a: number, b: number): number {
  let [sum, shifted] = [0, a];
  for (let bit = 0; bit < 8; bit++) {
    if ((b >> bit) & 1) sum ^= shifted;
    shifted = shifted & 128 ? ((shifted << 1) ^ 0x11b) & 255 : shifted << 1;
  }
  return sum;
}
export function helperShares(secret: Bytes, slope: Bytes, coordinates: [number, number, number]) {
  const shares = coordinates.map((x) => Uint8Array.of(...secret.map((byte, j) => byte ^ times(slope[j] ?? 0, x)), x));
  const commitments = join(...shares.map((share, i) => hash("lomme/1/hash/helper-share", uint(i + 1, 1), share)));
  const set = hash("lomme/1/hash/share-set", commitments).slice(0, 16);
  return {
    set: toHex(set),
    shares: shares.map((share, i) => join(hex("01"), set, uint(i + 1, 1), share, commitments)),
  };
}
export const helpersKeys = (secret: Bytes) => ({
  boxSeed: derive(secret, "lomme/1/helpers-secret/box"),
  wrapSecret: derive(secret, "lomme/1/helpers-secret/wrap-secret"),
});
