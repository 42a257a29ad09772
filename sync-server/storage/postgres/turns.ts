/**
 * Writes of one space, one after another; writes of different spaces side by side. Within a node that keeps what a
 * client sent in its order without a transaction waiting for another at the space's row, and appends that came while
 * the one before was on its way to the disk share the next transaction: group commit by space.
 */
import type { SpaceId } from "../../../protocol/frames.ts";
import type { Append } from "../port.ts";

/** Appends per transaction at the most, and their bytes: a transaction holds its space's row for some 10 ms. */
const MAX_GROUP = 500;
const MAX_GROUP_BYTES = 2 * 1024 * 1024;

interface Turn {
  /** Set for appends, which share a transaction; `run` is for everything else. */
  readonly append?: Append;
  readonly run?: () => Promise<void>;
}

export interface Turns {
  append(space: SpaceId, append: Append): void;
  /** Runs `work` when all that was asked of this space before is settled. */
  take<T>(space: SpaceId, work: () => Promise<T>): Promise<T>;
  /** Until nothing waits and nothing is under way. */
  drained(): Promise<void>;
}

/** `commit` settles each append of a group, and never rejects. */
export function createTurns(commit: (space: SpaceId, group: readonly Append[]) => Promise<void>): Turns {
  const waiting = new Map<SpaceId, Turn[]>();
  const running = new Set<Promise<void>>();

  function add(space: SpaceId, turn: Turn): void {
    const turns = waiting.get(space);
    if (turns !== undefined) {
      turns.push(turn);
      return;
    }
    waiting.set(space, [turn]);
    // What else arrives within this turn of the event loop joins the first group.
    const work = new Promise<void>((resolve) => setImmediate(() => void runAll(space).then(resolve)));
    running.add(work);
    void work.then(() => running.delete(work));
  }

  async function runAll(space: SpaceId): Promise<void> {
    const turns = waiting.get(space) ?? [];
    while (turns.length > 0) {
      const group = takeGroup(turns);
      if (group.length > 0) await commit(space, group);
      else await turns.shift()?.run?.();
    }
    waiting.delete(space);
  }

  /** The appends at the front, as many as one transaction may hold. */
  function takeGroup(turns: Turn[]): Append[] {
    let count = 0;
    for (let bytes = 0; count < Math.min(turns.length, MAX_GROUP); count++) {
      const append = turns[count]?.append;
      if (append === undefined) break;
      bytes += append.record.sealed.length;
      if (count > 0 && bytes > MAX_GROUP_BYTES) break;
    }
    return turns.splice(0, count).flatMap(({ append }) => append ?? []);
  }

  return {
    append: (space, append) => add(space, { append }),
    take: <T>(space: SpaceId, work: () => Promise<T>) =>
      new Promise<T>((resolve, reject) => add(space, { run: () => work().then(resolve, reject) })),
    async drained() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
