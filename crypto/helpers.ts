/**
 * Helpers: a secret in three shares, of which any two give it back and one gives nothing (Shamir over GF(256), with the
 * audited shamir-secret-sharing, which doesn't notice a wrong share: hence the commitments here).
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 1 | version = 1 |
 * | 1 | 16 | set |
 * | 17 | 1 | index of this share: 1, 2 or 3 |
 * | 18 | 33 | Shamir share: 32 bytes and its coordinate |
 * | 51 | 96 | commitments to shares 1, 2 and 3 |
 *
 *   commitment i = hash("…/hash/helper-share", u8 i, share i)
 *   set          = the first 16 bytes of hash("…/hash/share-set", the three commitments)
 *
 * So a share is bound to its index and its set: damage shows in its own commitment, a forged list of commitments in the
 * set. Who made the set tells it to all three, and who puts it together compares (or takes the one most shares agree on).
 * A commitment hides its share, which holds 256 random bits. Spec: docs/protocol/card.md §5.
 */
import { combine, split } from "shamir-secret-sharing";
import { concat, Reader, readVersion, u8 } from "./bytes.ts";
import { derive, HASH_BYTES, hash } from "./derive.ts";
import { CryptoError } from "./errors.ts";
import { bytesToId, ID_BYTES, idToBytes } from "./ids.ts";
import { LABELS } from "./labels.ts";
import { boxKeyPairFromSeed } from "./recipients.ts";
import { checkSize, equalBytes, KEY_BYTES, randomBytes } from "./sodium.ts";
import type { BoxKeyPair, HelperShare, HelpersSecret, ShareSetId, WrapSecret } from "./types.ts";

const VERSION = 1;
/** Shares that are handed out, and how many of them bring the secret back. */
export const HELPER_SHARES = 3;
export const HELPERS_NEEDED = 2;
const SHARE_BYTES = KEY_BYTES + 1;

export type HelpersKeys = { readonly box: BoxKeyPair; readonly wrapSecret: WrapSecret };
type Parts = { readonly set: ShareSetId; readonly index: number; readonly share: Uint8Array };

/** 32 random bytes. */
export const createHelpersSecret = (): HelpersSecret => randomBytes(KEY_BYTES) as HelpersSecret;

/** The recipient that the pocket is wrapped to for the helpers. @throws bad-size */
export const deriveHelpersKeys = (secret: HelpersSecret): HelpersKeys => ({
  box: boxKeyPairFromSeed(derive(secret, LABELS.helpersBox)),
  wrapSecret: derive(secret, LABELS.helpersTags) as WrapSecret,
});

/** Three shares of 147 bytes and the set they belong to. @throws bad-size */
export async function splitForHelpers(
  secret: HelpersSecret,
): Promise<{ readonly set: ShareSetId; readonly shares: readonly HelperShare[] }> {
  checkSize(secret, KEY_BYTES, "helpers' secret");
  const shares = await split(secret, HELPER_SHARES, HELPERS_NEEDED);
  const commitments = concat(...shares.map((share, i) => commit(i + 1, share)));
  const set = setOf(commitments);
  const encode = (share: Uint8Array, i: number) =>
    concat(u8(VERSION), idToBytes(set), u8(i + 1), share, commitments) as HelperShare;
  return { set, shares: shares.map(encode) };
}

/**
 * The secret from two or three shares, or which of those given (0, 1, 2, in the order given) are damaged, forged or of
 * another set. `set` is the expected one where it is known. @throws bad-format when fewer than two different shares fit
 */
export async function combineFromHelpers(
  shares: readonly HelperShare[],
  set?: ShareSetId,
): Promise<{ readonly secret: HelpersSecret } | { readonly wrongShares: readonly number[] }> {
  const parts = shares.map(readShare);
  const whole = parts.filter((one) => one !== null);
  const expected = set ?? mostCommon(whole.map((one) => one.set));
  const wrongShares = parts.flatMap((one, i) => (one !== null && one.set === expected ? [] : [i]));
  if (wrongShares.length > 0) return { wrongShares };
  const byIndex = new Map(whole.map(({ index, share }) => [index, share]));
  if (byIndex.size < HELPERS_NEEDED) throw new CryptoError("bad-format", "two different shares are needed");
  return { secret: (await combine([...byIndex.values()])) as HelpersSecret };
}

/** null for anything that isn't a whole share that fits its own commitment and set. */
function readShare(bytes: HelperShare): Parts | null {
  try {
    const reader = new Reader(bytes);
    readVersion(reader, VERSION);
    const set = reader.id<ShareSetId>();
    const index = reader.u8();
    const share = reader.take(SHARE_BYTES);
    const commitments = reader.take(HELPER_SHARES * HASH_BYTES);
    reader.end();
    // Empty, and so never equal, for an index that isn't 1, 2 or 3.
    const own = commitments.subarray((index - 1) * HASH_BYTES, index * HASH_BYTES);
    const fits = equalBytes(own, commit(index, share));
    return fits && setOf(commitments) === set ? { set, index, share } : null;
  } catch {
    return null;
  }
}

const commit = (index: number, share: Uint8Array): Uint8Array => hash(LABELS.shareCommitment, u8(index), share);

const setOf = (commitments: Uint8Array): ShareSetId =>
  bytesToId<ShareSetId>(hash(LABELS.shareSet, commitments).subarray(0, ID_BYTES));

/** The set that more than half agree on; none when they are even, for then nobody knows whose is right. */
function mostCommon(sets: readonly ShareSetId[]): ShareSetId | undefined {
  return sets.find((one) => sets.filter((other) => other === one).length * 2 > sets.length);
}
