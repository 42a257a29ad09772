/**
 * The driver of the sync engine: hands events to `step`, does the effects (wire, keeper, timers), and is the vault core's
 * door to syncing (`Syncing` in keeper.ts). It decides nothing itself.
 */
import type { SpaceId } from "../../protocol/frames.ts";
import { nextDue } from "../sync/due.ts";
import type { Effect } from "../sync/effects.ts";
import { step } from "../sync/engine.ts";
import type { Event } from "../sync/events.ts";
import type { MadeUnder, SyncStatus } from "../sync/ports.ts";
import { initialState } from "../sync/state.ts";
import type { Answer, Ask, SpaceKeeper, Syncing } from "./keeper.ts";
import type { Clock, Transport, Wire } from "./ports.ts";
import { createKeeperCalls } from "./syncing-calls.ts";

/** What was asked didn't come to an answer; `code` is of protocol/errors.ts, or `stopped`, `connection-lost` or `not-open`. */
export class SyncError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.name = "SyncError";
    this.code = code;
  }
}

export interface SyncingDeps {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly keeper: SpaceKeeper;
  /** Even in 0 … 1; spreads reconnecting devices, nothing secret hangs on it. */
  readonly random: () => number;
}

/** A token is asked for anew when it has less than this left: enough for one chunk on a slow line. */
const TOKEN_SPARE_MS = 90_000;

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: SyncError) => void;
}

export function createSyncing({ transport, clock, keeper, random }: SyncingDeps): Syncing {
  let state = initialState();
  let stopped = false;
  let cancelTimer = (): void => {};
  let wire: { readonly number: number; readonly wire: Wire } | null = null;
  const events: Event[] = [];
  let stepping = false;
  let asks = 0;
  const waiting = new Map<number, Waiting>();
  const listeners: ((status: SyncStatus) => void)[] = [];
  const tokens = new Map<SpaceId, { readonly token: Promise<string>; validUntil: number }>();

  const calls = createKeeperCalls(keeper, (event) => dispatch(event));

  /** One event after the other, also when doing an effect brings about the next one. */
  function dispatch(event: Event): void {
    if (stopped) return;
    events.push(event);
    if (stepping) return;
    stepping = true;
    try {
      for (let next = events.shift(); next !== undefined; next = events.shift()) {
        const stepped = step(state, next, { now: clock.now(), random: random() });
        state = stepped.state;
        for (const effect of stepped.effects) perform(effect);
      }
    } finally {
      stepping = false;
    }
    setTimer();
  }

  function setTimer(): void {
    cancelTimer();
    const due = stopped ? null : nextDue(state);
    cancelTimer =
      due === null ? () => {} : clock.after(Math.max(0, due - clock.now()), () => dispatch({ type: "tick" }));
  }

  function perform(effect: Effect): void {
    switch (effect.type) {
      case "connect":
        connect(effect.wire);
        break;
      case "disconnect":
        if (wire?.number === effect.wire) wire.wire.close();
        break;
      case "send":
        if (wire?.number === effect.wire) wire.wire.send(effect.frame);
        break;
      case "ephemeral":
        keeper.ephemeral(effect.space, effect.document, effect.bytes);
        break;
      case "answer": {
        const { answer, refused } = effect.outcome;
        const asked = waiting.get(effect.id);
        waiting.delete(effect.id);
        if (answer !== undefined) asked?.resolve(answer);
        else asked?.reject(new SyncError(refused));
        break;
      }
      case "status":
        for (const listener of [...listeners]) listener(effect.status);
        break;
      default:
        calls.make(effect);
    }
  }

  function connect(number: number): void {
    wire = {
      number,
      wire: transport.connect({
        opened: () => dispatch({ type: "wireOpened", wire: number }),
        frame: (frame) => dispatch({ type: "frame", wire: number, frame }),
        closed: (code) => dispatch({ type: "wireClosed", wire: number, code }),
      }),
    };
  }

  function ask(frame: Ask, made: MadeUnder = {}): Promise<Answer> {
    if (stopped) return Promise.reject(new SyncError("stopped"));
    const id = ++asks;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      dispatch({ ...made, type: "ask", id, frame });
    });
  }

  async function freshToken(space: SpaceId): Promise<string> {
    const asked = clock.now();
    const answer = await ask({ type: "token", space });
    if (answer.type !== "token") throw new SyncError("bad-frame");
    const entry = tokens.get(space);
    if (entry !== undefined) entry.validUntil = asked + answer.validSeconds * 1000 - TOKEN_SPARE_MS;
    return answer.token;
  }

  async function token(space: SpaceId, refused?: string): Promise<string> {
    const there = tokens.get(space);
    if (there !== undefined && clock.now() < there.validUntil) {
      const known = await there.token;
      if (known !== refused) return known;
      if (tokens.get(space) !== there) return token(space, refused); // Somebody else has asked meanwhile.
    }
    // Valid for as long as it is being asked for: several chunks at once ask once.
    const asked = freshToken(space);
    tokens.set(space, { validUntil: Number.POSITIVE_INFINITY, token: asked });
    asked.catch(() => tokens.delete(space));
    return asked;
  }

  function flush(ms: number): Promise<boolean> {
    if (stopped || state.status.unsent === 0) return Promise.resolve(state.status.unsent === 0);
    return new Promise((resolve) => {
      const end = (sent: boolean): void => {
        cancel();
        listeners.splice(listeners.indexOf(listener), 1);
        dispatch({ type: "flush", on: false });
        resolve(sent);
      };
      const listener = (status: SyncStatus): void => {
        if (status.unsent === 0) end(true);
      };
      const cancel = clock.after(ms, () => end(false));
      listeners.push(listener);
      dispatch({ type: "flush", on: true });
    });
  }

  return {
    start: () => dispatch({ type: "start" }),
    stop: () => {
      dispatch({ type: "stop" });
      stopped = true;
      calls.stop();
      setTimer();
    },
    addSpace: (synced) => dispatch({ type: "addSpace", synced }),
    removeSpace: (space) => {
      tokens.delete(space);
      dispatch({ type: "removeSpace", space });
    },
    changeEpoch: (space, epoch, right) => {
      tokens.delete(space); // A token is of one epoch.
      dispatch({ type: "changeEpoch", space, epoch, right });
    },
    changed: (space, pace = "calm") => dispatch({ type: "changed", space, pace }),
    noteHealth: (space, health) => dispatch({ type: "health", space, health }),
    retry: (space) => dispatch({ type: "retry", space }),
    hold: (space, held) => dispatch({ type: "hold", space, held }),
    ask,
    token,
    sendEphemeral: (space, document, bytes) => dispatch({ type: "sendEphemeral", space, document, bytes }),
    flush,
    nudge: () => dispatch({ type: "nudge" }),
    state: () => state.status,
    onState: (listener) => {
      listeners.push(listener);
    },
  };
}
