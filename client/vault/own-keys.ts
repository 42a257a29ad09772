/**
 * What a wrap for a device of one's own, or for the card, carries: everything without which the pocket can't be read, and
 * nothing that can be read in it.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 1 | version = 2 |
 * | 1 | 4 + n | prefixed: the pocket's epoch keys (crypto/epoch-keys.ts), right own, with the owner's private key |
 * | 5 + n | … | a row (row-codec.ts): identity, box, mediaRoot, olderRoots, renewal, shared, recovery, role; author, |
 * | | | retired and roster of the pocket; the mailbox |
 *
 * It is sealed by the wrap around it and proves nothing by itself: whoever opens it knows from whom it is by the card, or
 * by the key of a linking. Spec: docs/protocol/devices.md §2. Failures: unknown-version, bad-format.
 */
import { concat, prefixed, Reader, readVersion, u8 } from "../../crypto/bytes.ts";
import { encodeEpochKeys, parseEpochKeys } from "../../crypto/epoch-keys.ts";
import { CryptoError } from "../../crypto/errors.ts";
import { deriveLadder } from "../../crypto/ladder.ts";
import { NO_CHECKPOINT } from "../../crypto/rosters.ts";
import { capabilityKeysOf, type Keyring, type Me, type SpaceRow } from "./keyring.ts";
import { decodeRow, encodeRow } from "./row-codec.ts";

const VERSION = 2;

/** The keyring of a device that has nothing yet, but for its own device keys. */
export interface OwnKeys {
  readonly me: Omit<Me, "device" | "name" | "arrived">;
  readonly pocket: SpaceRow;
  readonly mailbox: SpaceRow;
}

type InMailbox = Pick<SpaceRow, "space" | "epochs" | "author" | "ownerPublic" | "ownerPrivate" | Renewed | "under">;
type Renewed = "retired" | "roster";
type Roots = Omit<OwnKeys["me"], "pocket" | "mailbox"> &
  Pick<SpaceRow, "author" | Renewed> & { readonly mailbox: InMailbox };

/** What this device has now. */
export function ownKeysOf(keyring: Keyring): OwnKeys {
  const { device: _, arrived: __, name: ___, ...me } = keyring.me;
  const pocket = keyring.space(me.pocket);
  const mailbox = keyring.space(me.mailbox);
  if (pocket === null || mailbox === null) throw new Error("a pocket without its own spaces");
  return { me, pocket, mailbox };
}

/** @throws CryptoError bad-size, bad-format */
export function encodeOwnKeys({ me, pocket, mailbox }: OwnKeys): Uint8Array {
  if (pocket.ownerPrivate === null) throw new Error("a pocket without its owner");
  const { pocket: _, mailbox: __, ...mine } = me;
  const roots: Roots = { ...mine, author: pocket.author, ...renewedOf(pocket), mailbox: inMailbox(mailbox) };
  const keys = encodeEpochKeys({
    right: "own",
    space: me.pocket,
    checkpoint: pocket.roster?.hash ?? NO_CHECKPOINT,
    owner: pocket.ownerPublic,
    ownerPrivateKey: pocket.ownerPrivate,
    epochs: pocket.epochs,
  });
  return concat(u8(VERSION), prefixed(keys), encodeRow(roots));
}

const inMailbox = (row: SpaceRow): InMailbox => {
  const { space, epochs, author, ownerPublic, ownerPrivate, under } = row;
  return { space, epochs, author, ownerPublic, ownerPrivate, ...renewedOf(row), ...(under !== undefined && { under }) };
};

const renewedOf = ({ retired, roster }: Pick<SpaceRow, Renewed>): Pick<SpaceRow, Renewed> => ({
  ...(retired && { retired }),
  ...(roster && { roster }),
});

/** @throws CryptoError unknown-version, bad-format */
export function decodeOwnKeys(bytes: Uint8Array): OwnKeys {
  const reader = new Reader(bytes);
  readVersion(reader, VERSION);
  const keys = parseEpochKeys(reader.prefixed());
  if (keys.right !== "own" || keys.ownerPrivateKey === undefined) throw new CryptoError("bad-format", "not one's own");
  const { author, mailbox, retired, roster, ...roots } = decodeRow<Roots>(reader.rest());
  const pocket = {
    ...renewedOf({ ...(retired && { retired }), ...(roster && { roster }) }),
    space: keys.space,
    epochs: keys.epochs,
    author,
    ownerPublic: keys.owner,
    ownerPrivate: keys.ownerPrivateKey,
  };
  return {
    me: { ...roots, pocket: keys.space, mailbox: mailbox.space },
    pocket: toSpaceRow("pocket", pocket),
    mailbox: toSpaceRow("mailbox", mailbox),
  };
}

/** With what creates it on the server, should the server have lost it. */
function toSpaceRow(kind: "pocket" | "mailbox", row: InMailbox): SpaceRow {
  const { space, epochs } = row;
  const [first, ...later] = epochs;
  const seed = first?.epoch === 1 && later.length === 0 ? first.seed : null;
  const creation =
    seed === null ? null : { keys: capabilityKeysOf(deriveLadder({ right: "own", seed, space, epoch: 1 })), wraps: [] };
  return { ...row, kind, right: "own", creation, created: true };
}
