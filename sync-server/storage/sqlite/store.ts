/**
 * The embedded store: one SQLite file, group commit, reads on the same connection (SQLite is synchronous, so a read
 * between two groups sees exactly what is committed).
 */
import { randomBytes } from "node:crypto";
import { SPACE_QUOTA_BYTES } from "../../../protocol/limits.ts";
import { toId } from "../columns.ts";
import { noteFrame } from "../entries.ts";
import type { Chunks, OrphanedBlob, Storage } from "../port.ts";
import { createAppends } from "./appends.ts";
import * as blobs from "./blobs.ts";
import { createCommits, leaveMark } from "./commits.ts";
import { holdAlone, openDatabase } from "./database.ts";
import * as drops from "./drops.ts";
import { readIdentity } from "./identity.ts";
import { openJournal } from "./journal.ts";
import { isPutBack, settlePutBack } from "./put-back.ts";
import * as records from "./records.ts";
import { readPosition, replay } from "./replay.ts";
import * as room from "./room.ts";
import * as spaces from "./spaces.ts";
import * as wraps from "./wraps.ts";

/** More pages than a small record touches: a disk with room for one page more takes no record, and isn't well. */
const PROBE_BYTES = 32 * 1024;

export interface SqliteOptions {
  readonly file: string;
  /** Where the journal lies; outside of what is backed up. Beside the file unless given. */
  readonly journalFile?: string;
  /** Quota of spaces made with a token or with open creation; bytes. */
  readonly spaceQuotaBytes?: number;
  /** Looked for when the store was put back; else their rows stay as they are. */
  readonly chunks?: Chunks;
  /** Told of each transaction, for the metrics. */
  readonly onCommit?: (seconds: number, writes: number) => void;
}

/** @throws when the file can't be opened durably, is held by another process, or is of a newer version */
export async function openSqliteStorage(options: SqliteOptions): Promise<Storage> {
  const { db, journal, orphans, letGo } = await openAll(options);
  const quota = options.spaceQuotaBytes ?? SPACE_QUOTA_BYTES;
  const identity = readIdentity(db);
  const appends = createAppends(db);
  const commits = createCommits(db, journal, appends, options.onCommit);
  const { write } = commits;

  async function removeRest(id: Uint8Array): Promise<void> {
    while (await write(() => spaces.removeSlice(db, id)));
  }
  /** Blobs whose rows the replay deleted: their files go with the next tidying. */
  const leftover = [...orphans];
  for (const id of spaces.halfRemoved(db)) await removeRest(id);

  return {
    identity,
    createSpace: (create, permission) => write((note) => spaces.createSpace(db, create, permission, quota, note)),
    readRoom: async (grant) => room.readRoom(db, grant, quota),
    raiseRoom: (grant, token) => write((note) => room.raiseRoom(db, grant, token, quota, note)),
    readSpace: async (space) => spaces.readSpace(db, space),
    readHeads: async (list) => list.flatMap((space) => spaces.readHead(db, space) ?? []),
    async deleteSpace(grant) {
      const blobs: readonly OrphanedBlob[] = await write((note) => {
        const { id } = spaces.requireSpace(db, grant);
        note(noteFrame({ type: "deleteSpace", request: 0, space: grant.space }));
        return spaces.markDeleted(db, id);
      });
      await removeRest(toId(grant.space));
      return blobs;
    },

    append: (grant, record, lane) =>
      new Promise((resolve, reject) => commits.take({ grant, record, lane, resolve, reject })),
    take: commits.take,
    checkpoint: (grant, expected, record) =>
      write((note) => {
        const appended = records.checkpoint(db, grant, expected, record);
        const { space } = grant;
        if (appended.fresh) note(noteFrame({ type: "checkpoint", request: 0, space, expected, record }));
        return appended;
      }),
    rotate: (grant, rotation) =>
      write((note) => {
        const appended = records.rotate(db, grant, rotation);
        if (appended.fresh) note(noteFrame({ ...rotation, type: "rotate", request: 0, space: grant.space }));
        return appended;
      }),
    readPage: async (grant, after) => records.readPage(db, grant, after),
    deleteDocument: (grant, document) =>
      write((note) => {
        const blobsOfIt = records.deleteDocument(db, grant, document);
        note(noteFrame({ type: "deleteDocument", request: 0, space: grant.space, document }));
        return blobsOfIt;
      }),
    reopen: (grant, checkpoint) => write(() => records.reopen(db, grant, checkpoint)),
    prune: (grant, document, before) => write(() => records.prune(db, grant, document, before)),

    putWraps: (grant, list) =>
      write((note) => {
        const { id } = spaces.requireSpace(db, grant);
        wraps.checkWraps(db, id, list);
        wraps.putWraps(db, id, list);
        note(noteFrame({ type: "putWraps", request: 0, space: grant.space, wraps: list }));
      }),
    async readWrap(tag, nowSeconds) {
      const known = wraps.peekWrap(db, tag, nowSeconds);
      return known === undefined ? write(() => wraps.readWrap(db, tag, nowSeconds)) : known;
    },
    listWaits: async (grant, nowSeconds) => wraps.listWaits(db, spaces.requireSpace(db, grant).id, nowSeconds),

    async registerDrop(grant, registration) {
      // Before it joins a group: what can't be written down fails alone.
      const entry = noteFrame({ type: "registerDrop", request: 0, space: grant.space, drop: registration });
      await write((note) => {
        drops.registerDrop(db, grant, registration);
        note(entry);
      });
    },
    revokeDrop: (grant, key) =>
      write((note) => {
        drops.revokeDrop(db, grant, key);
        note(noteFrame({ type: "revokeDrop", request: 0, space: grant.space, key }));
      }),
    drop: (key, bytes, nowSeconds) => write(() => drops.drop(db, key, bytes, nowSeconds)),
    readDropAttachment: async (key, nowSeconds) => drops.readAttachment(db, key, nowSeconds),
    readDrops: async (grant, after) => drops.readDrops(db, grant, after),
    clearDrops: (grant, through) => write(() => drops.clearDrops(db, grant, through)),

    admitChunk: async (grant, chunk) => blobs.admitChunk(db, grant, chunk),
    recordChunk: (grant, chunk, today) => write(() => blobs.recordChunk(db, grant, chunk, today)),
    missingChunks: async (grant, blob, chunks) => blobs.missingChunks(db, grant, blob, chunks),
    commitBlob: (grant, blob, hashes) => write(() => blobs.commitBlob(db, grant, blob, hashes)),
    reportChunk: (grant, blob, index, found) => write(() => blobs.reportChunk(db, grant, blob, index, found)),
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
        return { orphans: leftover.splice(0), abandoned: blobs.giveUp(db, beforeDay) };
      }),
    async removeAbandoned(abandoned, remove) {
      if (!blobs.isGoing(db, abandoned)) return;
      await remove();
      await write(() => blobs.forgetAbandoned(db, abandoned));
    },
    sumUsage: async () => spaces.sumUsage(db),
    isWritable: () =>
      write(() => {
        db.sql("INSERT OR REPLACE INTO meta VALUES ('probe', ?)").run(randomBytes(PROBE_BYTES));
      }).then(
        () => true,
        () => false,
      ),
    async close() {
      await commits.drained();
      leaveMark(db, journal);
      db.raw.close();
      journal.close();
      letGo();
    },
  };
}

/** The store, alone and up to its journal; nothing stays open when one of the steps fails. */
async function openAll({ file, journalFile = `${file}.journal`, chunks }: SqliteOptions) {
  const letGo = holdAlone(file);
  const closeAgain: (() => void)[] = [letGo];
  try {
    const db = openDatabase(file);
    closeAgain.push(() => db.raw.close());
    const journal = openJournal(journalFile, readIdentity(db).server, readPosition(db));
    closeAgain.push(journal.close);
    const { orphans } = replay(db, journal);
    if (isPutBack(db)) await settlePutBack(db, chunks ?? null);
    leaveMark(db, journal);
    return { db, journal, orphans, letGo };
  } catch (error) {
    for (const close of closeAgain.reverse()) close();
    throw error;
  }
}
