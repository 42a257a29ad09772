/**
 * Rosters: who belongs to a space, as a chain of full checkpoints signed by the space's own owner key.
 *
 * | bytes | field |
 * |---|---|
 * | 1 | version = 1 |
 * | 16 | space |
 * | 8 | epoch, u64 |
 * | 8 | number, u64: 0 for the genesis, then one more each time |
 * | 32 | previous: hash of the checkpoint before, zeros for the genesis |
 * | 32 | owner public key |
 * | 2 | number of members m, u16 |
 * | 49 m | author public key 32 ‖ role u8 (1 owner, 2 member) ‖ member id 16, by rising author key |
 * | 4 | number of chains f in the frontier, u32 |
 * | 88 f | chain 16 ‖ author public key 32 ‖ counter u64 ‖ chain hash 32, by rising chain |
 * | 64 | signature, "lomme/1/owner-key/checkpoint" ‖ everything before it |
 *
 * Checkpoint hash = hash("lomme/1/hash/checkpoint", whole checkpoint). The frontier says how far each chain had come:
 * what lies before it may be missing. The owner key is random per space and introduced under a pair key, so a checkpoint
 * proves nothing about a person to anyone else. Failures: unknown-version, bad-format; `verifyRoster` (roster-chain.ts)
 * answers with a problem instead of throwing. Spec: docs/protocol/rosters.md. Vectors: tests/vectors/rosters.json.
 */
import { concat, Reader, readVersion, u8, u16, u32, u64 } from "./bytes.ts";
import { HASH_BYTES, hash, signLabelled, verifyLabelled } from "./derive.ts";
import { CryptoError } from "./errors.ts";
import { idToBytes } from "./ids.ts";
import type { ChainHead } from "./inner.ts";
import { LABELS } from "./labels.ts";
import { checkSize, SIGNATURE_BYTES, SIGNING_PUBLIC_BYTES, toHex } from "./sodium.ts";
import type {
  AuthorPublicKey,
  Checkpoint,
  Hash32,
  MemberId,
  OwnerPrivateKey,
  OwnerPublicKey,
  SpaceId,
} from "./types.ts";

const VERSION = 1;
const ROLES = ["owner", "member"] as const;
/** `previous` of the genesis. */
export const NO_CHECKPOINT = new Uint8Array(HASH_BYTES) as Hash32;

export type RosterRole = (typeof ROLES)[number];
export type RosterMember = {
  readonly author: AuthorPublicKey;
  readonly role: RosterRole;
  readonly memberId: MemberId;
};
export type FrontierEntry = ChainHead & { readonly author: AuthorPublicKey };
export type CheckpointFields = {
  readonly space: SpaceId;
  readonly epoch: number;
  readonly number: number;
  readonly previous: Hash32;
  readonly owner: OwnerPublicKey;
  readonly members: readonly RosterMember[];
  readonly frontier: readonly FrontierEntry[];
};

/** Encodes (in canonical order) and signs. @throws bad-size, bad-format for a member or chain named twice */
export function signCheckpoint(fields: CheckpointFields, ownerPrivateKey: OwnerPrivateKey): Checkpoint {
  checkSize(fields.previous, HASH_BYTES, "previous hash");
  checkSize(fields.owner, SIGNING_PUBLIC_BYTES, "owner public key");
  for (const { author } of [...fields.members, ...fields.frontier]) {
    checkSize(author, SIGNING_PUBLIC_BYTES, "author public key");
  }
  for (const { hash: chainHash } of fields.frontier) checkSize(chainHash, HASH_BYTES, "chain hash");
  const members = sorted(fields.members, ({ author }) => toHex(author));
  const frontier = sorted(fields.frontier, ({ chain }) => chain);
  const body = concat(
    u8(VERSION),
    idToBytes(fields.space),
    u64(fields.epoch),
    u64(fields.number),
    fields.previous,
    fields.owner,
    u16(members.length),
    ...members.flatMap(({ author, role, memberId }) => [author, u8(ROLES.indexOf(role) + 1), idToBytes(memberId)]),
    u32(frontier.length),
    ...frontier.flatMap(({ chain, author, counter, hash: at }) => [idToBytes(chain), author, u64(counter), at]),
  );
  return concat(body, signLabelled(LABELS.checkpoint, body, ownerPrivateKey)) as Checkpoint;
}

/** Reads without checking the signature. @throws unknown-version, bad-format */
export function parseCheckpoint(checkpoint: Checkpoint): CheckpointFields {
  const reader = new Reader(checkpoint);
  readVersion(reader, VERSION);
  const [space, epoch, number] = [reader.id<SpaceId>(), reader.u64(), reader.u64()];
  const previous = reader.take(HASH_BYTES) as Hash32;
  const owner = reader.take(SIGNING_PUBLIC_BYTES) as OwnerPublicKey;
  const members = Array.from({ length: reader.u16() }, () => ({
    author: reader.take(SIGNING_PUBLIC_BYTES) as AuthorPublicKey,
    role: readRole(reader),
    memberId: reader.id<MemberId>(),
  }));
  const frontierLength = reader.u32();
  const frontier: FrontierEntry[] = [];
  while (frontier.length < frontierLength) {
    const chain = reader.id<FrontierEntry["chain"]>();
    const author = reader.take(SIGNING_PUBLIC_BYTES) as AuthorPublicKey;
    frontier.push({ chain, author, counter: reader.u64(), hash: reader.take(HASH_BYTES) as Hash32 });
  }
  reader.take(SIGNATURE_BYTES);
  reader.end();
  checkRising(members.map(({ author }) => toHex(author)));
  checkRising(frontier.map(({ chain }) => chain));
  return { space, epoch, number, previous, owner, members, frontier };
}

/** Whether `owner` signed exactly these bytes. @throws bad-size */
export function verifyCheckpoint(checkpoint: Checkpoint, owner: OwnerPublicKey): boolean {
  const end = checkpoint.length - SIGNATURE_BYTES;
  if (end < 0) return false;
  return verifyLabelled(LABELS.checkpoint, checkpoint.subarray(0, end), checkpoint.subarray(end), owner);
}

/** What wraps and the next checkpoint name. 32 bytes. */
export const hashCheckpoint = (checkpoint: Checkpoint): Hash32 => hash(LABELS.checkpointHash, checkpoint);

function readRole(reader: Reader): RosterRole {
  const role = ROLES[reader.u8() - 1];
  if (role === undefined) throw new CryptoError("bad-format", "unknown role");
  return role;
}

function sorted<Entry>(entries: readonly Entry[], key: (entry: Entry) => string): Entry[] {
  const inOrder = entries.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  checkRising(inOrder.map(key));
  return inOrder;
}

function checkRising(keys: readonly string[]): void {
  keys.reduce((before, key) => {
    if (key <= before) throw new CryptoError("bad-format", "entries must rise");
    return key;
  }, "");
}
