/**
 * Finds out which of others' updates may be applied, in a worker with a deadline: what is too slow there is not let near a
 * document here. All at once, and only when that fails by halves, so that honest updates cost one question.
 */
import { VaultFailure } from "./failure.ts";
import type { Clock } from "./ports.ts";

export interface DecodeQuestion {
  readonly id: number;
  readonly base: readonly Uint8Array[];
  readonly suspects: readonly Uint8Array[];
}

/** The first one, with id 0, says that the worker has begun. */
export interface DecodeAnswer {
  readonly id: number;
  readonly may: boolean;
}

/** What is needed of a Worker. */
export interface DecodeWorker {
  onmessage: ((event: MessageEvent<DecodeAnswer>) => unknown) | null;
  onerror: ((event: ErrorEvent) => unknown) | null;
  postMessage(question: DecodeQuestion): void;
  terminate(): void;
}

export interface Decoder {
  /**
   * For each of `suspects` whether it may be applied after `base` and those before it that may.
   * @throws VaultFailure failed when the worker can't be started: nothing is known then, and nothing condemned
   */
  sift(base: readonly Uint8Array[], suspects: readonly Uint8Array[]): Promise<readonly boolean[]>;
  stop(): void;
}

/** 30,000 letters of three people, a record each, take 0.15 s of a desktop's core, and four times that on a slow phone. */
export const DEADLINE_MS = 2_000;
/** One alone gets so many times as long before it is condemned: the device may have been busy. */
const LAST_CHANCE = 5;
/** Loading Yjs on a slow phone while everything else loads too. */
const START_MS = 20_000;

/** over: it took too long, or broke the worker, which is ended then. */
type Verdict = "may" | "may-not" | "over";

export function createDecoder(startWorker: () => DecodeWorker, clock: Clock, deadlineMs = DEADLINE_MS): Decoder {
  let running: Promise<DecodeWorker> | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let questions = 0;

  const start = (): Promise<DecodeWorker> => {
    const worker = startWorker();
    return new Promise((resolve, reject) => {
      const fail = (): void => {
        worker.terminate();
        running = null;
        reject(new VaultFailure("failed"));
      };
      const cancel = clock.after(START_MS, fail);
      worker.onerror = fail;
      worker.onmessage = () => {
        cancel();
        resolve(worker);
      };
    });
  };

  const ask = async (base: readonly Uint8Array[], suspects: readonly Uint8Array[], ms: number): Promise<Verdict> => {
    running ??= start();
    const worker = await running;
    const id = ++questions;
    return new Promise((resolve) => {
      const end = (verdict: Verdict): void => {
        cancel();
        worker.onmessage = null;
        if (verdict === "over") {
          worker.terminate();
          running = null;
        }
        resolve(verdict);
      };
      const cancel = clock.after(ms, () => end("over"));
      worker.onerror = () => end("over");
      worker.onmessage = ({ data }) => {
        if (data.id === id) end(data.may ? "may" : "may-not");
      };
      worker.postMessage({ id, base, suspects });
    });
  };

  const sift = async (base: readonly Uint8Array[], suspects: readonly Uint8Array[]): Promise<readonly boolean[]> => {
    if (suspects.length === 0) return [];
    const verdict = await ask(base, suspects, deadlineMs);
    if (verdict === "may") return suspects.map(() => true);
    if (suspects.length === 1) {
      return [verdict === "over" && (await ask(base, suspects, LAST_CHANCE * deadlineMs)) === "may"];
    }
    const half = Math.ceil(suspects.length / 2);
    const first = await sift(base, suspects.slice(0, half));
    const accepted = suspects.filter((_, at) => first[at] === true);
    return [...first, ...(await sift([...base, ...accepted], suspects.slice(half)))];
  };

  return {
    sift: (base, suspects) => {
      const result = last.then(() => sift(base, suspects));
      last = result.catch(() => undefined);
      return result;
    },
    stop: () => {
      running?.then(
        (worker) => worker.terminate(),
        () => undefined,
      );
      running = null;
    },
  };
}
