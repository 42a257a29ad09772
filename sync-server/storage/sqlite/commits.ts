/**
 * Group commit. Writes that arrive within one turn of the event loop share one transaction and so one fsync; each is
 * settled only after COMMIT returned. A write checks first and changes afterwards, so a refusal leaves nothing behind
 * and doesn't disturb the others of its group.
 *
 * When a group fails as a whole (disk full, I/O error, a bug in one write), it is rolled back and each write is tried
 * once more alone, so that only what can't be stored is refused. SQLite is synchronous: between BEGIN and COMMIT
 * nothing else runs, and reads outside see only what is committed.
 */
import { noteMark } from "../entries.ts";
import { type Append, type Appended, StorageError } from "../port.ts";
import type { Appends } from "./appends.ts";
import type { Database } from "./database.ts";
import { type Journal, type Note, toPosition } from "./journal.ts";

interface Write {
  readonly work: (note: Note) => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}
type Waiting = Write | Append;

/** The store knows how much of the journal it holds; after a restore it holds less (journal.ts). */
export const SET_JOURNALLED = "INSERT OR REPLACE INTO meta VALUES ('journalled', ?)";

/**
 * A mark in the journal, at a start and at an end: whatever copy of the store was made before lacks it, and shows by that
 * that it is old. A disk that takes nothing just now costs the mark, not the start.
 */
export function leaveMark(db: Database, journal: Journal): void {
  const before = journal.length;
  try {
    db.sql(SET_JOURNALLED).run(toPosition(journal.append([noteMark()])));
  } catch {
    journal.cutBack(before);
  }
}

/** Writes per transaction at the most, so that one burst doesn't hold the event loop for long (~15 ms). */
const MAX_GROUP = 2000;
/**
 * A group waits on while every turn of the event loop still brings more, but not longer than this. A commit costs a sync
 * and every page of the four trees that it touched, however few the rows: fewer and larger ones carry more.
 */
const GATHER_MS = 3;

export interface Commits {
  /** `work` must be able to run twice. What it notes goes into the journal before the transaction commits. */
  write<T>(work: (note: Note) => T): Promise<T>;
  /** One that can't be stored holds up its lane, before the next of its group is tried. */
  take(append: Append): void;
  /** After the writes that are waiting. */
  drained(): Promise<void>;
}

export function createCommits(
  db: Database,
  journal: Journal,
  appends: Appends,
  onCommit: (seconds: number, writes: number) => void = () => {},
): Commits {
  let waiting: Waiting[] = [];
  let scheduled = false;
  /** When the group under way began to gather, and how many it held at the last look. */
  let since = 0;
  let seen = 0;

  function gather(): void {
    const grows = waiting.length > seen && waiting.length < MAX_GROUP && performance.now() - since < GATHER_MS;
    seen = waiting.length;
    if (grows) setImmediate(gather);
    else flush();
  }

  function flush(): void {
    scheduled = false;
    const group = waiting.slice(0, MAX_GROUP);
    waiting = waiting.slice(MAX_GROUP);
    if (waiting.length > 0) schedule();
    if (!commitGroup(group)) for (const one of group) if (!commitGroup([one])) fail(one);
  }

  /** False when the transaction didn't commit; then nothing of it is stored and nobody was told anything. */
  function commitGroup(group: readonly Waiting[]): boolean {
    /** What each came to; told only when the transaction has committed. */
    const outcomes: unknown[] = [];
    const entries: Uint8Array[] = [];
    const note: Note = (entry) => entries.push(entry);
    const journalled = journal.length;
    const started = performance.now();
    try {
      db.raw.exec("BEGIN IMMEDIATE");
      for (const one of group) {
        try {
          outcomes.push(run(one, note));
        } catch (error) {
          if (!(error instanceof StorageError)) throw error;
          outcomes.push(error);
        }
      }
      appends.writeBack();
      if (entries.length > 0) db.sql(SET_JOURNALLED).run(toPosition(journal.append(entries)));
      db.raw.exec("COMMIT");
      appends.forget();
    } catch (error) {
      lastFailure = error;
      appends.forget();
      rollBack();
      journal.cutBack(journalled);
      return false;
    }
    onCommit((performance.now() - started) / 1000, group.length);
    for (let index = 0; index < group.length; index++) settle(group[index] as Waiting, outcomes[index]);
    return true;
  }

  /** SQLite may have rolled back by itself (disk full), or be closed; either way there is nothing more to undo. */
  function rollBack(): void {
    try {
      db.raw.exec("ROLLBACK");
    } catch {}
  }

  let lastFailure: unknown;
  function fail(one: Waiting): void {
    if (!("work" in one) && one.lane !== undefined) one.lane.refused ??= "storage-failed";
    one.reject(new StorageError("storage-failed", lastFailure instanceof Error ? lastFailure.message : "unknown"));
  }

  function run(one: Waiting, note: Note): unknown {
    if (!("work" in one)) return appends.append(one.grant, one.record, one.lane);
    appends.writeBack(); // Everything but appends looks at spaces as they are.
    return one.work(note);
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    since = performance.now();
    seen = 1;
    setImmediate(gather);
  }

  return {
    write: <T>(work: (note: Note) => T) =>
      new Promise<T>((resolve, reject) => {
        schedule();
        waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
      }),
    take(append) {
      schedule();
      waiting.push(append);
    },
    async drained() {
      while (waiting.length > 0) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

function settle(one: Waiting, outcome: unknown): void {
  if (outcome instanceof StorageError) one.reject(outcome);
  else one.resolve(outcome as Appended);
}
