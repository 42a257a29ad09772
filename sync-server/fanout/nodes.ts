/**
 * Fan-out among many nodes over one store: listen, read, leave out what is known. What happens on this node is told at
 * once; what happens on another is read from the store, once for all who listen here, when a hint says so or when a look
 * at the store shows it. A lost hint therefore delays by a look and loses nothing.
 */
import { encodeServerFrame } from "../../protocol/codec.ts";
import type { Seq, SpaceId } from "../../protocol/frames.ts";
import { type SpaceHead, type Storage, StorageError } from "../storage/port.ts";
import type { Hint, HintListener, Hints } from "./hints.ts";
import { createLocalFanout } from "./local.ts";
import type { Fanout, SpaceEvent } from "./port.ts";

/** Between two looks at the store while hints arrive, and while they don't. */
const LOOK_MS = 5_000;
const LOOK_WITHOUT_HINTS_MS = 1_000;
/** Spaces asked for in one statement. */
const AT_ONCE = 500;

export interface NodesOptions {
  readonly storage: Pick<Storage, "readHeads" | "readPage">;
  /** Absent: the looks alone. */
  readonly hints?: (listener: HintListener) => Hints;
  onFailure(error: unknown): void;
}

/** What this node has told its listeners of a space. */
interface Watch {
  /** null until the store was looked at after listening. */
  told: { epoch: number; head: Seq; dropHead: Seq } | null;
  isReading: boolean;
  readAgain: boolean;
}

export function createNodesFanout({ storage, hints: createHints, onFailure }: NodesOptions): Fanout {
  const local = createLocalFanout();
  const watches = new Map<SpaceId, Watch>();
  /** Listened for, not looked at since. */
  const fresh = new Set<SpaceId>();
  /** Heads to tell the other nodes at the end of this turn. */
  const news = new Map<SpaceId, Seq>();
  const hints = createHints?.({ hear, missed: () => void look() }) ?? null;
  let lookedAt = Date.now();
  let looking: Promise<void> = Promise.resolve();
  let closed = false;

  function hear(space: SpaceId, hint: Hint): void {
    const told = watches.get(space)?.told;
    if (hint.type === "head") {
      if (told && hint.head > told.head) void readOn(space);
    } else if (hint.type === "rotated") tellEpoch(space, hint.epoch);
    else if (hint.type === "ephemeral") {
      if (told?.epoch === hint.epoch) local.publish(space, hint);
      else void lookAt([space]); // one of us hasn't heard of a rotation; presence may be lost
    } else local.publish(space, hint);
  }

  function tellEpoch(space: SpaceId, epoch: number): void {
    const told = watches.get(space)?.told;
    if (told && epoch > told.epoch) told.epoch = epoch;
    local.publish(space, { type: "rotated", epoch });
  }

  /** Reads what is new since what was told, and tells it; one reading at a time per space. */
  async function readOn(space: SpaceId): Promise<void> {
    const watch = watches.get(space);
    if (!watch?.told) return;
    if (watch.isReading) {
      watch.readAgain = true;
      return;
    }
    watch.isReading = true;
    try {
      do {
        watch.readAgain = false;
        while (await readNext(space, watch.told));
      } while (watch.readAgain);
    } catch (error) {
      // An epoch that ended, a deleted space, a store that fails: the next look sees which.
      if (!(error instanceof StorageError) || error.code === "storage-failed") onFailure(error);
      else void lookAt([space]);
    } finally {
      watch.isReading = false;
    }
  }

  /** One page; whether there is more. */
  async function readNext(space: SpaceId, told: NonNullable<Watch["told"]>): Promise<boolean> {
    const page = await storage.readPage({ space, epoch: told.epoch, right: "read" }, told.head);
    for (const record of page.records) {
      const frame = encodeServerFrame({ type: "live", space, record });
      local.publish(space, { type: "record", seq: record.seq, frame });
    }
    const last = page.more ? (page.records.at(-1)?.seq ?? told.head) : page.head;
    told.head = Math.max(told.head, last);
    return page.more && local.hasListeners(space);
  }

  /** Compares the store with what was told. A space that was just listened for only learns where it stands. */
  async function lookAt(spaces: readonly SpaceId[]): Promise<void> {
    try {
      const heads = new Map((await storage.readHeads(spaces)).map((one) => [one.space, one]));
      for (const space of spaces) compare(space, heads.get(space));
    } catch (error) {
      onFailure(error);
    }
  }

  function compare(space: SpaceId, now: SpaceHead | undefined): void {
    const watch = watches.get(space);
    if (watch === undefined) return;
    if (now === undefined) {
      local.publish(space, { type: "deleted" });
      return;
    }
    const { told } = watch;
    if (told === null) {
      watch.told = { epoch: now.epoch, head: now.head, dropHead: now.dropHead };
      local.publish(space, { type: "rotated", epoch: now.epoch });
      local.publish(space, { type: "head", head: now.head });
      return;
    }
    if (now.epoch !== told.epoch) {
      told.epoch = now.epoch; // what the store says holds, whatever a hint said
      local.publish(space, { type: "rotated", epoch: now.epoch });
    }
    if (now.dropHead > told.dropHead) {
      told.dropHead = now.dropHead;
      local.publish(space, { type: "dropped" });
    }
    if (now.head > told.head) void readOn(space);
  }

  /** At everything that is listened for, in pieces. */
  function look(): Promise<void> {
    lookedAt = Date.now();
    looking = looking.then(async () => {
      const spaces = [...watches.keys()];
      for (let at = 0; at < spaces.length && !closed; at += AT_ONCE) await lookAt(spaces.slice(at, at + AT_ONCE));
    });
    return looking;
  }

  /** Hints are in force before the store is read, so that nothing falls between the two. */
  async function lookAtFresh(): Promise<void> {
    await hints?.settled();
    const spaces = [...fresh];
    fresh.clear();
    for (let at = 0; at < spaces.length; at += AT_ONCE) await lookAt(spaces.slice(at, at + AT_ONCE));
  }

  const timer = setInterval(() => {
    const pause = hints?.isConnected ? LOOK_MS : LOOK_WITHOUT_HINTS_MS;
    if (Date.now() - lookedAt >= pause) void look();
  }, LOOK_WITHOUT_HINTS_MS / 2);
  timer.unref();

  function tellNews(): void {
    for (const [space, head] of news) hints?.send(space, { type: "head", head });
    news.clear();
  }

  function tellOthers(space: SpaceId, event: SpaceEvent): void {
    if (event.type === "record" || event.type === "head") {
      const seq = event.type === "record" ? event.seq : event.head;
      const told = watches.get(space)?.told;
      if (told && told.head + 1 === seq) told.head = seq;
      if (news.size === 0) setImmediate(tellNews);
      news.set(space, Math.max(seq, news.get(space) ?? 0));
      return;
    }
    if (event.type === "rotated") {
      const told = watches.get(space)?.told;
      if (told) told.epoch = Math.max(told.epoch, event.epoch);
    }
    if (event.type !== "ephemeral") hints?.send(space, event);
    else {
      const epoch = watches.get(space)?.told?.epoch;
      if (epoch !== undefined) hints?.send(space, { ...event, epoch });
    }
  }

  return {
    subscribe(space, listener) {
      local.subscribe(space, listener);
      if (watches.has(space)) return;
      watches.set(space, { told: null, isReading: false, readAgain: false });
      hints?.listen(space);
      if (fresh.size === 0) setImmediate(() => void lookAtFresh());
      fresh.add(space);
    },
    unsubscribe(space, listener) {
      local.unsubscribe(space, listener);
      if (local.hasListeners(space) || !watches.delete(space)) return;
      fresh.delete(space);
      hints?.unlisten(space);
    },
    publish(space, event, from) {
      const heard = local.publish(space, event, from);
      tellOthers(space, event);
      return heard;
    },
    async close() {
      closed = true;
      clearInterval(timer);
      tellNews();
      await looking;
      await hints?.close();
      await local.close();
    },
  };
}
