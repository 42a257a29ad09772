/** Ids, keys and records for server tests. Bodies are random bytes: the server never looks into them. */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CapabilityKeys, OuterRecord, RecordKind, Right, SpaceId, TaggedWrap } from "../../protocol/frames.ts";
import type { CreateSpace } from "../../protocol/http.ts";
import { rightToWire } from "../../protocol/wire.ts";
import type { BlobChunk, Grant, Rotation } from "../../sync-server/storage/port.ts";

/** In memory where the machine has such a place: these tests are about behaviour, the crash tests are about the disk. */
export function newDirectory(name: string): Promise<string> {
  return mkdtemp(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), `lomme-${name}-`));
}

export const newId = <Id extends string>(): Id => randomBytes(16).toString("hex") as Id;

export interface SigningPair {
  readonly publicKey: Uint8Array;
  readonly privateKey: KeyObject;
}

export function newPair(): SigningPair {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return { publicKey: new Uint8Array(publicKey.export({ format: "der", type: "spki" }).subarray(-32)), privateKey };
}

export interface SpaceKeys {
  readonly own: SigningPair;
  readonly write: SigningPair;
  readonly read: SigningPair;
}

export const newSpaceKeys = (): SpaceKeys => ({ own: newPair(), write: newPair(), read: newPair() });

export const publicKeys = ({ own, write, read }: SpaceKeys): CapabilityKeys => ({
  own: own.publicKey,
  write: write.publicKey,
  read: read.publicKey,
});

/** Keys that nobody holds the private half of: enough where no proof is checked. */
export const randomKeys = (): CapabilityKeys => ({
  own: new Uint8Array(randomBytes(32)),
  write: new Uint8Array(randomBytes(32)),
  read: new Uint8Array(randomBytes(32)),
});

export const newSpace = (more: Partial<CreateSpace> = {}): CreateSpace => ({
  space: newId<SpaceId>(),
  kind: "space",
  keys: randomKeys(),
  wraps: [],
  ...more,
});

export const grantFor = (space: SpaceId, right: Right = "own", epoch = 1): Grant => ({ space, epoch, right });

export const newRecord = (more: Partial<OuterRecord> & { size?: number } = {}): OuterRecord => {
  const { size = 300, ...fields } = more;
  const kind: RecordKind = "update";
  return { document: newId(), kind, epoch: 1, opId: newId(), sealed: new Uint8Array(randomBytes(size)), ...fields };
};

export const newWrap = (waitSeconds = 0, more: Partial<TaggedWrap> = {}): TaggedWrap => ({
  tag: newId(),
  bytes: new Uint8Array(randomBytes(200)),
  waitSeconds,
  ...more,
});

export const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();

export const newChunk = (space: SpaceId, more: Partial<BlobChunk> & { content?: Uint8Array } = {}): BlobChunk => {
  const { content = randomBytes(500), ...fields } = more;
  return {
    space,
    blob: newId(),
    document: newId(),
    index: 0,
    bytes: content.length,
    hash: sha256(content),
    ...fields,
  };
};

/** A capability proof, written from docs/protocol/capabilities.md and not from our code. */
export function proveRight(
  pair: SigningPair,
  claim: { nonce: Uint8Array; server: string; space: string; epoch: number; right: Right },
): Uint8Array {
  const label = Buffer.from("lomme/1/capability-key/proof", "ascii");
  const epoch = Buffer.alloc(8);
  epoch.writeBigUInt64BE(BigInt(claim.epoch));
  const ids = [Buffer.from(claim.server, "hex"), Buffer.from(claim.space, "hex")];
  const right = Buffer.of(rightToWire(claim.right));
  return sign(
    null,
    Buffer.concat([Buffer.of(label.length), label, claim.nonce, ...ids, epoch, right]),
    pair.privateKey,
  );
}

/** A drop proof, likewise. */
export function proveDropping(
  pair: SigningPair,
  server: string,
  purpose: "drop" | "card",
  body: Uint8Array,
): Uint8Array {
  const label = Buffer.from("lomme/1/drop-key/proof", "ascii");
  const head = [Buffer.of(label.length), label, Buffer.from(server, "hex"), Buffer.of(purpose === "drop" ? 1 : 2)];
  return sign(null, Buffer.concat([...head, sha256(body)]), pair.privateKey);
}

/** The first rotation of a space. */
export const newRotation = (more: Partial<Rotation> = {}): Rotation => ({
  expected: null,
  seen: null,
  epoch: 2,
  keys: randomKeys(),
  wraps: [],
  removedTags: [],
  record: newRecord({ kind: "control", epoch: 2 }),
  ...more,
});
