/**
 * The embedded store: one SQLite file, group commit, reads on the same connection (SQLite is synchronous, so a read
 * between two groups sees exactly what is committed).
 */
import { randomBytes } from "node:crypto";
import type { ServerId } from "../../../protocol/frames.ts";
import { SPACE_QUOTA_BYTES } from "../../../protocol/limits.ts";
import type { OrphanedBlob, ServerIdentity, Storage } from "../port.ts";
import * as blobs from "./blobs.ts";
import { fromId, toId } from "./columns.ts";
import { createCommits } from "./commits.ts";
import { type Database, holdAlone, openDatabase } from "./database.ts";
import * as drops from "./drops.ts";
import * as records from "./records.ts";
import * as spaces from "./spaces.ts";
import * as wraps from "./wraps.ts";

export interface SqliteOptions {
  readonly file: string;
  /** Quota of spaces made with a token or with open creation; bytes. */
  readonly spaceQuotaBytes?: number;
}

/** @throws when the file can't be opened durably, is held by another process, or is of a newer version */
export async function openSqliteStorage(options: SqliteOptions): Promise<Storage> {
  const letGo = holdAlone(options.file);
  const db = openOrLetGo(options.file, letGo);
  const quota = options.spaceQuotaBytes ?? SPACE_QUOTA_BYTES;
  const commits = createCommits(db);
  const { write } = commits;
  const identity = readIdentity(db);

  async function removeRest(id: Uint8Array): Promise<void> {
    while (await write(() => spaces.removeSlice(db, id)));
  }
  for (const id of spaces.halfRemoved(db)) await removeRest(id);

  return {
    identity,
    createSpace: (create, permission) => write(() => spaces.createSpace(db, create, permission, quota)),
    readSpace: async (space) => spaces.readSpace(db, space),
    async deleteSpace(grant) {
      const orphans: readonly OrphanedBlob[] = await write(() =>
        spaces.markDeleted(db, spaces.requireSpace(db, grant).id),
      );
      await removeRest(toId(grant.space));
      return orphans;
    },

    append: (grant, record) => write(() => records.append(db, grant, record)),
    checkpoint: (grant, expected, record) => write(() => records.checkpoint(db, grant, expected, record)),
    rotate: (grant, rotation) => write(() => records.rotate(db, grant, rotation)),
    readPage: async (grant, after) => records.readPage(db, grant, after),
    deleteDocument: (grant, document) => write(() => records.deleteDocument(db, grant, document)),
    prune: (grant, document, before) => write(() => records.prune(db, grant, document, before)),

    putWraps: (grant, list) =>
      write(() => {
        const { id } = spaces.requireSpace(db, grant);
        wraps.checkWraps(db, id, list);
        wraps.putWraps(db, id, list);
      }),
    async readWrap(tag, nowSeconds) {
      const known = wraps.peekWrap(db, tag, nowSeconds);
      return known === undefined ? write(() => wraps.readWrap(db, tag, nowSeconds)) : known;
    },
    listWaits: async (grant, nowSeconds) => wraps.listWaits(db, spaces.requireSpace(db, grant).id, nowSeconds),

    registerDrop: (grant, registration) => write(() => drops.registerDrop(db, grant, registration)),
    revokeDrop: (grant, key) => write(() => drops.revokeDrop(db, grant, key)),
    drop: (key, bytes, nowSeconds) => write(() => drops.drop(db, key, bytes, nowSeconds)),
    readDropAttachment: async (key, nowSeconds) => drops.readAttachment(db, key, nowSeconds),
    readDrops: async (grant, after) => drops.readDrops(db, grant, after),
    clearDrops: (grant, through) => write(() => drops.clearDrops(db, grant, through)),

    admitChunk: async (grant, chunk) => blobs.admitChunk(db, grant, chunk),
    recordChunk: (grant, chunk, today) => write(() => blobs.recordChunk(db, grant, chunk, today)),
    missingChunks: async (grant, blob, chunks) => blobs.missingChunks(db, grant, blob, chunks),
    commitBlob: (grant, blob, hashes) => write(() => blobs.commitBlob(db, grant, blob, hashes)),
    hasChunk: async (grant, blob, index) => blobs.hasChunk(db, grant, blob, index),
    isBlobKnown: async (space, blob) => blobs.isBlobKnown(db, space, blob),

    addToken: (hash) =>
      write(() => {
        db.sql("INSERT OR IGNORE INTO tokens VALUES (?)").run(hash);
      }),
    revokeToken: (hash) => write(() => db.sql("DELETE FROM tokens WHERE hash = ?").run(hash).changes !== 0),
    countTokens: async () => db.sql("SELECT count(*) AS n FROM tokens").get()?.n as number,

    tidy: (nowSeconds, beforeDay) =>
      write(() => {
        wraps.forgetReachedWaits(db, nowSeconds);
        drops.forgetExpiredKeys(db, nowSeconds);
        return blobs.forgetUncommitted(db, beforeDay);
      }),
    isWritable: () =>
      write(() => {
        db.sql("INSERT OR REPLACE INTO meta VALUES ('probe', ?)").run(randomBytes(16));
      }).then(
        () => true,
        () => false,
      ),
    async close() {
      await commits.drained();
      db.raw.close();
      letGo();
    },
  };
}

function openOrLetGo(file: string, letGo: () => void): Database {
  try {
    return openDatabase(file);
  } catch (error) {
    letGo();
    throw error;
  }
}

/** Made once per store. The incarnation changes with each restore from a backup, so that clients notice. */
function readIdentity(db: Database): ServerIdentity {
  const read = (name: string, size: number): Uint8Array => {
    db.sql("INSERT OR IGNORE INTO meta VALUES (?, ?)").run(name, randomBytes(size));
    return db.sql("SELECT value FROM meta WHERE name = ?").get(name)?.value as Uint8Array;
  };
  return {
    server: fromId<ServerId>(read("server", 16)),
    incarnation: fromId<string>(read("incarnation", 16)),
    tokenSecret: read("token-secret", 32),
  };
}
