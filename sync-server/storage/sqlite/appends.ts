/**
 * Appending, the server's daily work, with as few statements as it takes. Within one group commit the head and size of a
 * space are read once and written back once; a record costs two inserts. Whatever else a group does to spaces must come
 * after `writeBack`, which the store sees to; a rolled-back group is forgotten.
 */
import type { OuterRecord, Seq, SpaceId } from "../../../protocol/frames.ts";
import { RECORD_OVERHEAD_BYTES } from "../../../protocol/limits.ts";
import { kindToWire } from "../../../protocol/wire.ts";
import { toId } from "../columns.ts";
import { type Appended, type Grant, type Lane, StorageError } from "../port.ts";
import type { Database } from "./database.ts";
import { firstAnswer } from "./records.ts";

interface HotSpace {
  readonly id: Uint8Array;
  readonly epoch: number;
  readonly quota: number;
  head: Seq;
  bytes: number;
  hasChanged: boolean;
  /** Documents that were looked up in this group. */
  readonly documents: Map<string, HotDocument>;
}

interface HotDocument {
  readonly tag: Uint8Array;
  readonly isDeleted: boolean;
}

export interface Appends {
  /** As `Storage.append`, inside a transaction. */
  append(grant: Grant, record: OuterRecord, lane?: Lane): Appended;
  /** Before anything else looks at spaces, and before the commit. */
  writeBack(): void;
  /** After a commit or a rollback. */
  forget(): void;
}

export function createAppends(db: Database): Appends {
  const hot = new Map<SpaceId, HotSpace>();
  const selectDeleted = db.sql("SELECT 1 FROM deleted_documents WHERE space = ? AND document = ?");
  const insertOp = db.sql("INSERT OR IGNORE INTO ops VALUES (?, ?, ?)");
  const insertRecord = db.sql("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?)");

  /** @throws no-such-space */
  function heat(space: SpaceId): HotSpace {
    const present = hot.get(space);
    if (present !== undefined) return present;
    const id = toId(space);
    const row = db.sql("SELECT epoch, quota, head, bytes FROM spaces WHERE space = ? AND deleted = 0").get(id);
    if (row === undefined) throw new StorageError("no-such-space");
    const { epoch, quota, head, bytes } = row as Pick<HotSpace, "epoch" | "quota" | "head" | "bytes">;
    const heated: HotSpace = { id, epoch, quota, head, bytes, hasChanged: false, documents: new Map() };
    hot.set(space, heated);
    return heated;
  }

  function documentOf(space: HotSpace, document: string): HotDocument {
    const present = space.documents.get(document);
    if (present !== undefined) return present;
    const tag = toId(document);
    const row = selectDeleted.get(space.id, tag);
    const heated = { tag, isDeleted: row !== undefined };
    space.documents.set(document, heated);
    return heated;
  }

  /** Why a new record can't be stored, or null. */
  function refusal(space: HotSpace, grant: Grant, record: OuterRecord): StorageError["code"] | null {
    if (space.epoch !== grant.epoch || space.epoch !== record.epoch) return "stale-epoch";
    if (documentOf(space, record.document).isDeleted) return "document-deleted";
    return space.bytes + record.sealed.length + RECORD_OVERHEAD_BYTES > space.quota ? "over-quota" : null;
  }

  return {
    append(grant, record, lane) {
      const space = heat(grant.space);
      const op = toId(record.opId);
      const code = lane?.refused ?? refusal(space, grant, record);
      const seq = space.head + 1;
      const isNew = code === null && insertOp.run(space.id, op, seq).changes === 1;
      if (!isNew) {
        // The op id counts before any refusal: its first answer stands while the space exists.
        const known = db.sql("SELECT seq FROM ops WHERE space = ? AND op = ?").get(space.id, op);
        if (known === undefined) {
          if (code === "over-quota" && lane !== undefined) lane.refused = code;
          throw new StorageError(code as StorageError["code"]);
        }
        return firstAnswer(db, space.id, known.seq as Seq, record);
      }
      insertRecord.run(
        space.id,
        seq,
        documentOf(space, record.document).tag,
        kindToWire(record.kind),
        record.epoch,
        op,
        record.sealed,
      );
      space.head = seq;
      space.bytes += record.sealed.length + RECORD_OVERHEAD_BYTES;
      space.hasChanged = true;
      return { seq, fresh: true };
    },
    writeBack() {
      for (const { id, head, bytes, hasChanged } of hot.values()) {
        if (hasChanged) db.sql("UPDATE spaces SET head = ?, bytes = ? WHERE space = ?").run(head, bytes, id);
      }
      hot.clear();
    },
    forget: () => hot.clear(),
  };
}
