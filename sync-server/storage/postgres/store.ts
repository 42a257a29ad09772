/**
 * The store for many nodes: any number of processes over one PostgreSQL. What SQLite does by being alone, a space's row
 * does here: every write locks it first, so writes of a space are one after another on whichever nodes they come in.
 */
import { randomBytes } from "node:crypto";
import type { SpaceId } from "../../../protocol/frames.ts";
import { SPACE_QUOTA_BYTES } from "../../../protocol/limits.ts";
import { toId } from "../columns.ts";
import { noteFrame } from "../entries.ts";
import type { Storage, Tidied } from "../port.ts";
import { commitAppends } from "./appends.ts";
import * as blobs from "./blobs.ts";
import { asStorageError, type Transaction, transact } from "./database.ts";
import * as drops from "./drops.ts";
import { readIdentity, writeMeta } from "./identity.ts";
import type { Journal, Note } from "./journal.ts";
import { catchUp, openAll, type PostgresPlace } from "./opening.ts";
import { leaveMark } from "./put-back.ts";
import * as records from "./records.ts";
import { bringUp } from "./replay.ts";
import * as room from "./room.ts";
import * as spaces from "./spaces.ts";
import { createTurns } from "./turns.ts";
import * as wraps from "./wraps.ts";

export interface PostgresOptions extends PostgresPlace {
  /** Quota of spaces made with a token or with open creation; bytes. */
  readonly spaceQuotaBytes?: number;
  /** Told of each transaction, for the metrics. */
  readonly onCommit?: (seconds: number, writes: number) => void;
}

/** The space's next number in the journal is taken: something was interrupted that must take effect first. */
class JournalAhead extends Error {}

/** @throws when the database can't be reached, isn't durable, is of a newer version, or its journal is missing */
export async function openPostgresStorage(options: PostgresOptions): Promise<Storage> {
  const { db, journal } = await openAll(options);
  const quota = options.spaceQuotaBytes ?? SPACE_QUOTA_BYTES;
  const onCommit = options.onCommit ?? (() => {});
  const leftover = [...(await catchUp(db, journal, options.chunks ?? null))];
  let identity = await readIdentity(db);
  const turns = createTurns((space, group) => commitAppends(db, space, group, onCommit));

  /** In the space's turn, in a transaction; what is noted takes effect even if this node ends before the commit. */
  function write<T>(space: SpaceId, work: (tx: Transaction, note: Note) => Promise<T>): Promise<T> {
    return turns.take(space, async () => {
      for (let isFirst = true; ; isFirst = false) {
        try {
          const started = performance.now();
          const value = await transact(db, (tx) => work(tx, noteWith(tx, journal)));
          onCommit((performance.now() - started) / 1000, 1);
          return value;
        } catch (error) {
          if (!(error instanceof JournalAhead) || !isFirst) throw asStorageError(error);
          leftover.push(...(await bringUp(db, journal, toId(space), false)).orphans);
        }
      }
    });
  }
  async function read<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw asStorageError(error);
    }
  }

  return {
    get identity() {
      return identity;
    },
    createSpace: (create, permission) =>
      write(create.space, (tx, note) => spaces.createSpace(tx, create, permission, quota, note)),
    readRoom: (grant) => read(room.readRoom(db, grant, quota)),
    raiseRoom: (grant, token) => write(grant.space, (tx, note) => room.raiseRoom(tx, grant, token, quota, note)),
    readSpace: (space) => read(spaces.readSpace(db, space)),
    readHeads: (list) => read(spaces.readHeads(db, list)),
    async deleteSpace(grant) {
      const orphans = await write(grant.space, async (tx, note) => {
        const { id } = await spaces.lockGranted(tx, grant);
        const gone = await spaces.markDeleted(tx, id);
        await note(id, noteFrame({ type: "deleteSpace", request: 0, space: grant.space }));
        return gone;
      });
      await read(spaces.removeRest(db, toId(grant.space)));
      return orphans;
    },

    append: (grant, record, lane) =>
      new Promise((resolve, reject) => {
        turns.append(grant.space, { grant, record, lane, resolve, reject });
      }),
    take: (append) => turns.append(append.grant.space, append),
    checkpoint: (grant, expected, record) =>
      write(grant.space, async (tx, note) => {
        const { space } = grant;
        const appended = await records.checkpoint(tx, grant, expected, record);
        const frame = { type: "checkpoint", request: 0, space, expected, record } as const;
        if (appended.fresh) await note(toId(space), noteFrame(frame));
        return appended;
      }),
    rotate: (grant, rotation) =>
      write(grant.space, async (tx, note) => {
        const { space } = grant;
        const appended = await records.rotate(tx, grant, rotation);
        // With the head it came after, whatever the device had seen: replay.ts tells by it one that never was committed.
        const noted = { ...rotation, type: "rotate", request: 0, space, seen: appended.seq - 1 } as const;
        if (appended.fresh) await note(toId(space), noteFrame(noted));
        return appended;
      }),
    readPage: (grant, after) => read(records.readPage(db, grant, after)),
    deleteDocument: (grant, document) =>
      write(grant.space, async (tx, note) => {
        const { space } = grant;
        const row = await spaces.lockGranted(tx, grant);
        const gone = await records.deleteDocument(tx, row, document);
        await note(row.id, noteFrame({ type: "deleteDocument", request: 0, space, document }));
        return records.toOrphans(space, gone);
      }),
    reopen: (grant, checkpoint) => write(grant.space, (tx) => records.reopen(tx, grant, checkpoint)),
    prune: (grant, document, before) => write(grant.space, (tx) => records.prune(tx, grant, document, before)),

    putWraps: (grant, list) =>
      write(grant.space, async (tx, note) => {
        const { space } = grant;
        const { id } = await spaces.lockGranted(tx, grant);
        await wraps.checkWraps(tx, id, list);
        await wraps.putWraps(tx, id, list);
        await note(id, noteFrame({ type: "putWraps", request: 0, space, wraps: list }));
      }),
    async readWrap(tag, nowSeconds) {
      const known = await read(wraps.peekWrap(db, tag, nowSeconds));
      return known === undefined ? read(transact(db, (tx) => wraps.readWrap(tx, tag, nowSeconds))) : known;
    },
    async listWaits(grant, nowSeconds) {
      const { id } = await read(spaces.readGranted(db, grant));
      return read(wraps.listWaits(db, id, nowSeconds));
    },

    registerDrop: (grant, drop) =>
      write(grant.space, async (tx, note) => {
        const { space } = grant;
        const { id } = await spaces.lockGranted(tx, grant);
        await drops.registerDrop(tx, id, drop);
        await note(id, noteFrame({ type: "registerDrop", request: 0, space, drop }));
      }),
    revokeDrop: (grant, key) =>
      write(grant.space, async (tx, note) => {
        const { space } = grant;
        const { id } = await spaces.lockGranted(tx, grant);
        await drops.removeDropKey(tx, id, key);
        await note(id, noteFrame({ type: "revokeDrop", request: 0, space, key }));
      }),
    async drop(key, bytes, nowSeconds) {
      const space = await read(drops.findMailbox(db, key, nowSeconds));
      await write(space, (tx) => drops.drop(tx, toId(space), key, bytes, nowSeconds));
      return space;
    },
    readDropAttachment: (key, nowSeconds) => read(drops.readAttachment(db, key, nowSeconds)),
    readDrops: (grant, after) => read(drops.readDrops(db, grant, after)),
    clearDrops: (grant, through) => write(grant.space, (tx) => drops.clearDrops(tx, grant, through)),

    admitChunk: (grant, chunk) => read(blobs.admitChunk(db, grant, chunk)),
    recordChunk: (grant, chunk, today) => write(grant.space, (tx) => blobs.recordChunk(tx, grant, chunk, today)),
    missingChunks: (grant, blob, chunks) => read(blobs.missingChunks(db, grant, blob, chunks)),
    commitBlob: (grant, blob, hashes) => write(grant.space, (tx) => blobs.commitBlob(tx, grant, blob, hashes)),
    reportChunk: (grant, blob, index, found) =>
      write(grant.space, (tx) => blobs.reportChunk(tx, grant, blob, index, found)),
    hasChunk: (grant, blob, index) => read(blobs.hasChunk(db, grant, blob, index)),
    isBlobKnown: (space, blob) => read(blobs.isBlobKnown(db, space, blob)),

    async addToken(hash) {
      await read(db`INSERT INTO tokens VALUES (${hash}) ON CONFLICT DO NOTHING`);
    },
    revokeToken: async (hash) => (await read(db`DELETE FROM tokens WHERE hash = ${hash}`)).count !== 0,
    countTokens: async () => (await read(db`SELECT count(*) AS n FROM tokens`))[0]?.n as number,

    tidy: (nowSeconds, beforeDay) => read(tidy(nowSeconds, beforeDay)),
    removeAbandoned: (abandoned, remove) => read(blobs.removeAbandoned(db, abandoned, remove)),
    sumUsage: () => read(spaces.sumUsage(db)),
    async isWritable() {
      try {
        await writeMeta(db, "probe", randomBytes(16));
        identity = await readIdentity(db); // a node that started later may have found that the store was put back
        return true;
      } catch {
        return false;
      }
    },
    async close() {
      await turns.drained();
      await leaveMark(db, journal).catch(() => {}); // without it the last start's mark stands
      await db.close();
      await journal.close();
    },
  };

  async function tidy(nowSeconds: number, beforeDay: number): Promise<Tidied> {
    await wraps.forgetReachedWaits(db, nowSeconds);
    await drops.forgetExpiredKeys(db, nowSeconds);
    for (const id of await spaces.halfRemoved(db)) await spaces.removeRest(db, id);
    const abandoned = await blobs.giveUp(db, beforeDay);
    return { orphans: leftover.splice(0), abandoned };
  }
}

function noteWith(tx: Transaction, journal: Journal): Note {
  return async (id, entry) => {
    const [row] = await tx`UPDATE spaces SET journalled = journalled + 1 WHERE space = ${id} RETURNING journalled`;
    if (!(await journal.put(id, row?.journalled as number, entry))) throw new JournalAhead();
  };
}
