/** Every column that a server keeps, with its meaning; and one of everything to fill a store with. */
import { randomBytes } from "node:crypto";
import type { BlobStore } from "../../sync-server/blobs/port.ts";
import type { Storage } from "../../sync-server/storage/port.ts";
import { newChunk, newRecord, newRotation, newSpace, newWrap, sha256 } from "./made-up.ts";
import { START_MS } from "./node.ts";

/** table.column → what it is. "id": random; "key": public key; "sealed": ciphertext; "wait": may be a finer time. */
export const COLUMNS: Readonly<Record<string, string>> = {
  "blobs.blob": "id",
  "blobs.committed": "flag",
  "blobs.day": "day",
  "blobs.document": "id",
  "blobs.space": "id",
  "chunks.blob": "id",
  "chunks.bytes": "padded size",
  "chunks.chunk": "number from 0",
  "chunks.hash": "hash of ciphertext",
  "chunks.space": "id",
  "deleted_documents.document": "id",
  "deleted_documents.space": "id",
  "drop_keys.attachment": "sealed",
  "drop_keys.expires": "wait",
  "drop_keys.key": "key",
  "drop_keys.last_hash": "hash of ciphertext",
  "drop_keys.quota": "size",
  "drop_keys.single_use": "flag",
  "drop_keys.space": "id",
  "drop_keys.used": "flag",
  "drop_keys.waiting": "size",
  "drops.bytes": "sealed",
  "drops.key": "key",
  "drops.seq": "number from 1",
  "drops.space": "id",
  "meta.name": "one of a fixed list",
  "meta.value": "random, and the journal's length",
  "ops.op": "id",
  "ops.seq": "number from 1",
  "ops.space": "id",
  "records.document": "id",
  "records.epoch": "number from 1",
  "records.kind": "1..5",
  "records.op": "id",
  "records.sealed": "sealed",
  "records.seq": "number from 1",
  "records.space": "id",
  "spaces.bytes": "size",
  "spaces.checkpoint": "id",
  "spaces.closed": "flag",
  "spaces.created_with": "hash of public keys",
  "spaces.deleted": "flag",
  "spaces.drop_head": "number from 0",
  "spaces.epoch": "number from 1",
  "spaces.head": "number from 0",
  "spaces.own_key": "key",
  "spaces.quota": "size",
  "spaces.read_key": "key",
  "spaces.space": "id",
  "spaces.write_key": "key",
  "tokens.hash": "hash",
  "wraps.bytes": "sealed",
  "wraps.due": "wait",
  "wraps.space": "id",
  "wraps.tag": "id",
  "wraps.wait": "chosen length of a wait",
};

/** One of everything. */
export async function fill(storage: Storage, blobs: BlobStore): Promise<void> {
  const create = newSpace({ wraps: [newWrap(), newWrap(3600)] });
  await storage.createSpace(create, "open");
  const grant = { space: create.space, epoch: 1, right: "own" } as const;
  const seconds = Math.floor(START_MS / 1000);
  await storage.readWrap(create.wraps[1]?.tag as never, seconds);
  const record = newRecord();
  await storage.append(grant, record);
  await storage.append(grant, newRecord());
  await storage.deleteDocument(grant, record.document);
  const key = randomBytes(32);
  await storage.registerDrop(grant, {
    key,
    expires: seconds + 600,
    singleUse: true,
    quotaBytes: 1000,
    attachment: randomBytes(10),
  });
  await storage.drop(key, randomBytes(20), seconds);
  const day = Math.floor(START_MS / 86_400_000);
  const content = randomBytes(500);
  const chunk = newChunk(create.space, { content });
  await blobs.write(create.space, chunk.blob, 0, content, day);
  await storage.recordChunk(grant, chunk, day);
  await storage.addToken(sha256(randomBytes(8)));
  await storage.rotate(grant, newRotation());
  await storage.isWritable();
}

/** Seconds or milliseconds within a year of the test's clock. */
export function looksLikeTime(value: number): boolean {
  const year = 365 * 86_400_000;
  return [value * 1000, value].some((ms) => Math.abs(ms - START_MS) < year);
}
