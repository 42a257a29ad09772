/**
 * The engine's keeper effects, made into calls of the vault core: one at a time per space and in order, so that a cursor
 * is never kept before the records under it. When a call rejects, what was queued behind it in the same life is not
 * made any more; the engine begins a new life with `load`.
 */
import type { SpaceId } from "../../protocol/frames.ts";
import type { KeeperEffect } from "../sync/effects.ts";
import type { KeeperEvent } from "../sync/events.ts";
import type { SpaceKeeper } from "./keeper.ts";
import { TransportError } from "./ports.ts";

type EventBody<E> = E extends unknown ? Omit<E, "space" | "life"> : never;
type Body = EventBody<KeeperEvent>;

interface Queued {
  effect: KeeperEffect;
  /** How many effects were merged into this one call; each gets its answer. */
  count: number;
}

export interface KeeperCalls {
  make(effect: KeeperEffect): void;
  /** No further call is begun. */
  stop(): void;
}

/** They change no cursor and may wait for the net, so nothing queues behind them. */
const BESIDE: ReadonlySet<KeeperEffect["type"]> = new Set(["prove", "uploadBlobs", "missing", "settleDrops"]);

export function createKeeperCalls(keeper: SpaceKeeper, tell: (event: KeeperEvent) => void): KeeperCalls {
  const queues = new Map<SpaceId, Queued[]>();
  const failedLives = new Map<SpaceId, number>();
  let stopped = false;

  const answer = ({ space, life }: KeeperEffect, body: Body): void => {
    if (!stopped) tell({ ...body, space, life } as KeeperEvent);
  };

  const isOver = ({ space, life }: KeeperEffect): boolean => stopped || life <= (failedLives.get(space) ?? 0);

  const runQueue = async (space: SpaceId, queue: Queued[]): Promise<void> => {
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      const { effect, count } = next;
      if (!isOver(effect)) {
        next.count = Number.POSITIVE_INFINITY; // Begun: nothing more is merged into it.
        try {
          const body = await callOf(keeper, effect);
          if (body !== null) for (let told = 0; told < count; told++) answer(effect, body);
        } catch (error) {
          failedLives.set(space, effect.life);
          answer(effect, { type: "failed", code: codeOf(error) });
        }
      }
      queue.shift();
    }
    queues.delete(space);
  };

  const runBeside = async (effect: KeeperEffect): Promise<void> => {
    try {
      const body = await callOf(keeper, effect);
      if (body !== null) answer(effect, body);
    } catch (error) {
      const code = codeOf(error);
      if (effect.type === "uploadBlobs") return answer(effect, { type: "blobsFailed", code });
      failedLives.set(effect.space, effect.life);
      answer(effect, { type: "failed", code });
    }
  };

  return {
    make: (effect) => {
      if (stopped) return;
      if (BESIDE.has(effect.type)) {
        void runBeside(effect);
        return;
      }
      const queue = queues.get(effect.space);
      if (queue === undefined) {
        const fresh: Queued[] = [{ effect, count: 1 }];
        queues.set(effect.space, fresh);
        void runQueue(effect.space, fresh);
      } else if (!merge(queue.at(-1), effect)) queue.push({ effect, count: 1 });
    },
    stop: () => {
      stopped = true;
    },
  };
}

/** Neighbours that wait become one transaction. True when `effect` went into `last`. */
function merge(last: Queued | undefined, effect: KeeperEffect): boolean {
  if (last === undefined || !Number.isFinite(last.count) || last.effect.life !== effect.life) return false;
  const before = last.effect;
  if (before.type === "apply" && effect.type === "apply") {
    const records = [...before.arrived.records, ...effect.arrived.records];
    last.effect = { ...effect, arrived: { records, through: effect.arrived.through } };
    last.count++;
    return true;
  }
  if (before.type === "acked" && effect.type === "acked") {
    last.effect = { ...effect, acks: [...before.acks, ...effect.acks] };
    return true;
  }
  return false;
}

/** Makes the call; the answer's body, or null where the engine waits for none. */
async function callOf(keeper: SpaceKeeper, effect: KeeperEffect): Promise<Body | null> {
  const { space } = effect;
  switch (effect.type) {
    case "load":
      return { type: "loaded", loaded: await keeper.load(space) };
    case "prove": {
      const { wire, epoch, right, nonce, server } = effect;
      return { type: "proved", wire, epoch, proof: await keeper.prove(space, epoch, right, nonce, server) };
    }
    case "apply":
      return { type: "applied", ...(await keeper.applyRecords(space, effect.arrived)) };
    case "acked":
      await keeper.acked(space, effect.acks, effect.through);
      return null;
    case "caughtUp":
      return { type: "caughtUp", ...(await keeper.caughtUp(space)) };
    case "rewind":
      await keeper.rewind(space);
      return null;
    case "askAgain":
      await keeper.askAgain(space);
      return null;
    case "freeze":
      return { type: "frozen", frozen: await keeper.freeze(space, effect.limit) };
    case "reseal":
      return { type: "resealed", asked: effect.opIds, ops: await keeper.reseal(space, effect.opIds) };
    case "rekey":
      return { type: "rekeyed", epochAsked: effect.epoch, result: await keeper.rekey(space, effect.epoch) };
    case "void":
      await keeper.voidOp(space, effect.opId, effect.reason);
      return null;
    case "uploadBlobs":
      await keeper.uploadBlobs(space);
      return { type: "blobsUploaded" };
    case "missing":
      return { type: "missed", result: await keeper.missing(space) };
    case "repeat": {
      const { epoch, expected } = effect;
      return { type: "repeatMade", epoch, rotation: await keeper.repeat(space, epoch, expected) };
    }
    case "applyDrops": {
      await keeper.applyDrops(space, effect.drops);
      return { type: "dropsApplied", through: effect.drops.at(-1)?.seq ?? 0, more: effect.more };
    }
    case "settleDrops":
      await keeper.settleDrops(space);
      return { type: "dropsSettled", through: effect.through, wire: effect.wire };
    case "ended":
      await keeper.ended(space, effect.code);
      return null;
  }
}

/** What the person is told by: the server's refusal, the layer's code, or that something failed. */
function codeOf(error: unknown): string {
  if (error instanceof TransportError) return error.refusal ?? error.code;
  const code = typeof error === "object" && error !== null ? (error as { readonly code?: unknown }).code : null;
  return typeof code === "string" ? code : "failed";
}
