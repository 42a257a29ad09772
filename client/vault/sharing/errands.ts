/**
 * Errands: what the server, or somebody's mailbox, must still be told, kept until it has been. They lie in lanes (one
 * per person, invitation and circle); within a lane the order holds, lanes don't wait for each other.
 *
 * An errand is written in the same `writeState` as the decision it follows from, so a closed app loses none. It may be
 * run twice (the answer was lost), and each is harmless the second time. A refusal that will never change ends it;
 * anything else stays for the next `start`, `online` or arrival.
 */
import { dropKeyFromSeed } from "../../../crypto/capabilities.ts";
import { randomId } from "../../../crypto/ids.ts";
import type { SharedEntry } from "../../documents/shared-rows.ts";
import type { PersonId } from "../api.ts";
import { TransportError } from "../ports.ts";
import { createRows } from "../state-rows.ts";
import type { Dropped } from "./ledger.ts";
import type { SharingAsk, SharingCore } from "./ports.ts";

export type Errand =
  | { readonly do: "ask"; readonly ask: Exclude<SharingAsk, { readonly type: "rotate" }> }
  /**
   * drop: a message of a pairing; a mailbox that no longer takes it has forgotten the pairing. request: the first one; an
   * invitation that no longer takes it means that nothing came of it.
   */
  | Dropped
  /** Rotates a circle without the removed person; made anew from the circle's state at each try (remove.ts). */
  | { readonly do: "rotate"; readonly person: PersonId };

/** done: it is over. later: try again when something changes. */
export type Outcome = "done" | "later";

export interface Errands {
  /** The state entries that put errands at the end of a lane, in this order; for the caller's own `writeState`. */
  plan(lane: string, errands: readonly Errand[]): Promise<readonly SharedEntry[]>;
  /** The state entries that empty a lane. */
  drop(lane: string): Promise<readonly SharedEntry[]>;
  /** Runs one lane until it is empty (true) or must wait. Joins a run that is under way. */
  run(lane: string): Promise<boolean>;
  /** Runs every lane, without waiting for the end; those that had to wait only when `again`. */
  kick(again: boolean): void;
  /** Resolves when nothing is running. For tests and for sealing. */
  idle(): Promise<void>;
}

/** Answers that will be the same tomorrow. */
const DEFINITE: ReadonlySet<string> = new Set([
  "op-conflict",
  "too-large",
  "document-deleted",
  "stale-checkpoint",
  "no-right",
  "bad-frame",
  "bad-proof",
]);

export interface ErrandHooks {
  /** Whether a mailbox that knows nothing of us may only have been set back to before it did (restored.ts). */
  mayKnowAgain(person: PersonId): Promise<boolean>;
  /** A lane must wait although there is net: someone should kick again later. */
  waiting(): void;
  /** The invitation is used up, expired or revoked. */
  requestRefused(person: PersonId): Promise<void>;
  /** The other's mailbox knows nothing of the pairing any more. */
  pairingRefused(person: PersonId): Promise<void>;
  rotate(person: PersonId): Promise<Outcome>;
}

export function createErrands(core: SharingCore, hooks: ErrandHooks): Errands {
  const rows = createRows<Errand>(core, "errand");
  /** Another device of mine may plan in the same lane at the same time: neither takes the other's place. */
  const mine = randomId<string>().slice(0, 8);
  const running = new Map<string, { readonly end: Promise<boolean>; again: boolean }>();
  /** Lanes that had to wait: a server that said "not now" isn't asked again at every arrival. */
  const resting = new Set<string>();
  let kicking: Promise<void> = Promise.resolve();

  async function lanes(): Promise<readonly string[]> {
    const all = await rows.all();
    return [...new Set(all.map(({ id }) => id.slice(0, id.lastIndexOf("/"))))];
  }

  async function perform(errand: Errand): Promise<Outcome> {
    switch (errand.do) {
      case "ask": {
        const answer = await core.ask(errand.ask);
        return answer === "done" || DEFINITE.has(answer) ? "done" : "later";
      }
      case "drop":
      case "request":
        try {
          await core.drop(dropKeyFromSeed(errand.seed), errand.sealed);
        } catch (error) {
          const isNone = error instanceof TransportError && error.refusal === "not-found";
          if (!isNone) throw error;
          if (await hooks.mayKnowAgain(errand.person)) return "later";
          if (errand.do === "request") await hooks.requestRefused(errand.person);
          else await hooks.pairingRefused(errand.person);
        }
        return "done";
      case "rotate":
        return hooks.rotate(errand.person);
    }
  }

  async function runLane(lane: string): Promise<boolean> {
    resting.delete(lane);
    // At least once around after anything was planned, however late that was.
    for (;;) {
      const under = running.get(lane);
      if (under !== undefined) under.again = false;
      if (!(await emptyLane(lane))) return rest(lane);
      if (!running.get(lane)?.again) return true;
    }
  }

  function rest(lane: string): false {
    if (core.isOnline()) {
      resting.add(lane);
      hooks.waiting();
    }
    return false;
  }

  /** False when it must wait. */
  async function emptyLane(lane: string): Promise<boolean> {
    for (;;) {
      const [next] = await rows.all(`${lane}/`);
      if (next === undefined) return true;
      if (!core.isOnline()) return false;
      let outcome: Outcome;
      try {
        outcome = await perform(next.row);
      } catch (error) {
        outcome = isDefinite(error) ? "done" : "later";
      }
      if (outcome === "later") return false;
      await core.writeState([rows.entry(next.id, null)]);
    }
  }

  function run(lane: string): Promise<boolean> {
    const under = running.get(lane);
    if (under !== undefined) {
      under.again = true;
      return under.end;
    }
    // Starts after `running` knows of it.
    const end = Promise.resolve()
      .then(() => runLane(lane))
      .finally(() => running.delete(lane));
    running.set(lane, { end, again: false });
    return end;
  }

  return {
    async plan(lane, errands) {
      const last = (await rows.all(`${lane}/`)).at(-1)?.id;
      const first = last === undefined ? 0 : Number.parseInt(last.slice(last.lastIndexOf("/") + 1), 10) + 1;
      // Eight digits, so that the order of names is the order of errands.
      return errands.map((errand, i) => rows.entry(`${lane}/${String(first + i).padStart(8, "0")}-${mine}`, errand));
    },
    async drop(lane) {
      return (await rows.all(`${lane}/`)).map(({ id }) => rows.entry(id, null));
    },
    run,
    kick(again) {
      if (again) resting.clear();
      kicking = kicking
        .then(lanes)
        .then((found) => {
          for (const lane of found) if (!resting.has(lane)) void run(lane).catch(() => undefined);
        })
        .catch(() => undefined);
    },
    async idle() {
      await kicking;
      while (running.size > 0) await Promise.allSettled([...running.values()].map(({ end }) => end));
    },
  };
}

const isDefinite = (error: unknown): boolean =>
  error instanceof TransportError && error.refusal !== null && DEFINITE.has(error.refusal);
