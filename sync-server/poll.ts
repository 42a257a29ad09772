/**
 * Connections over plain HTTP, for networks that block WebSockets: the same sessions, with a queue where a socket would
 * be. Spec: docs/protocol/http.md §8. Frames go up by some requests and come down by others, which listen; so nothing
 * that is sent waits for something to be said. Bounded like sockets: what a client doesn't fetch makes its channels hold
 * back, and one that doesn't listen is forgotten.
 *
 * Browsers and proxies send a request again when a line they had used before breaks without an answer, and tell nobody. So
 * requests are numbered: frames are taken in once, and an answer is kept until the next request says that it came.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { CLOSES } from "../protocol/closes.ts";
import type { PollDown, PollUp } from "../protocol/codec.ts";
import {
  MAX_FRAME_BYTES,
  MAX_POLL_FRAMES,
  MAX_UNDER_WAY,
  POLL_GONE_MS,
  POLL_WAIT_MS,
  SEND_BUFFER_CLOSE_BYTES,
  SEND_BUFFER_PAUSE_BYTES,
  UNPROVEN_MS,
} from "../protocol/limits.ts";
import { createSession, type Session, type SessionDeps } from "./session.ts";

const TICK_MS = 250;
/** How often it is looked whether frames may be taken in again. */
const BUSY_MS = 20;

interface Poller {
  session: Session;
  readonly release: () => void;
  readonly since: number;
  queue: Uint8Array[];
  queuedBytes: number;
  close: number;
  /** When the last answer went out; null while a request listens. */
  idleSince: number | null;
  /** Answers the request that listens. */
  answer: (() => void) | null;
  /** The newest request that listens; what is to be said goes to no older one. */
  listening: symbol | null;
  /** Answers with frames so far, and what stood in the last one. */
  answered: number;
  kept: readonly Uint8Array[];
  /** Number of the last request whose frames were taken in. */
  takenUp: number;
  /** A request whose frames are being taken in. */
  taking: { readonly number: number; readonly over: Promise<void> } | null;
}

export interface PollOptions extends SessionDeps {
  readonly maxConnections: number;
}

export interface Polls {
  /** The id of a new connection; null when there are too many. `release` is called when it ends. */
  begin(release: () => void): string | null;
  isKnown(id: string): boolean;
  /**
   * Takes frames in as soon as the connection isn't behind with its answers, and resolves then; a request that comes again
   * is taken in once. False for an unknown or ended connection, while another request's frames are being taken in, and
   * where one before this was lost.
   */
  takeUp(id: string, up: PollUp, gone: AbortSignal): Promise<boolean>;
  /**
   * Waits for frames to come down. `heard`: answers with frames that came so far; the last one again where it is one less
   * than there were. Null for an unknown or ended connection, and for any other number.
   */
  listen(id: string, heard: number, gone: AbortSignal): Promise<PollDown | null>;
  readonly size: number;
  close(): void;
}

export function createPolls(options: PollOptions): Polls {
  const { clock } = options;
  const pollers = new Map<string, Poller>();

  function begin(release: () => void): string | null {
    if (pollers.size >= options.maxConnections) return null;
    const id = randomBytes(16).toString("hex");
    const now = clock.nowMs();
    const poller: Omit<Poller, "session"> = {
      release,
      since: now,
      queue: [],
      queuedBytes: 0,
      close: 0,
      idleSince: now,
      answer: null,
      listening: null,
      answered: 0,
      kept: [],
      takenUp: 0,
      taking: null,
    };
    const connection = {
      send(frame: Uint8Array) {
        poller.queue.push(frame);
        poller.queuedBytes += frame.length;
        if (poller.queuedBytes > SEND_BUFFER_CLOSE_BYTES) poller.close ||= CLOSES.stalled.code;
        poller.answer?.();
      },
      close({ code }: { readonly code: number }) {
        poller.close ||= code;
        poller.answer?.();
      },
      isCongested: () => poller.queuedBytes > SEND_BUFFER_PAUSE_BYTES,
    };
    pollers.set(id, Object.assign(poller, { session: createSession(options, connection) }));
    return id;
  }

  function end(id: string, poller: Poller): void {
    if (!pollers.delete(id)) return;
    poller.session.end();
    poller.answer?.();
    poller.release();
  }

  /** As many frames as fit one answer. */
  function takeDown(id: string, poller: Poller): PollDown {
    let bytes = 0;
    let count = 0;
    while (count < Math.min(poller.queue.length, MAX_POLL_FRAMES)) {
      bytes += (poller.queue[count] as Uint8Array).length;
      if (bytes > 2 * MAX_FRAME_BYTES) break;
      count++;
    }
    const frames = poller.queue.splice(0, count);
    for (const frame of frames) poller.queuedBytes -= frame.length;
    if (frames.length > 0) poller.answered++;
    poller.kept = frames;
    const close = poller.queue.length === 0 ? poller.close : 0;
    if (close !== 0) end(id, poller);
    else if (!isCongestedStill(poller)) poller.session.drained();
    return { close, frames };
  }

  const isCongestedStill = (poller: Poller): boolean => poller.queuedBytes > SEND_BUFFER_PAUSE_BYTES / 2;

  /** Until there is something to say, the time is up, the next request comes, or this one's client is gone. */
  function somethingToSay(poller: Poller, gone: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const answer = (): void => {
        clearTimeout(timer);
        gone.removeEventListener("abort", answer);
        if (poller.answer === answer) poller.answer = null;
        // What the same turn still sends goes into this answer too.
        setImmediate(resolve);
      };
      const timer = setTimeout(answer, POLL_WAIT_MS);
      gone.addEventListener("abort", answer);
      poller.answer = answer;
      if (poller.queue.length > 0 || poller.close !== 0 || gone.aborted) answer();
    });
  }

  const timer = setInterval(() => {
    const now = clock.nowMs();
    for (const [id, poller] of pollers) {
      if (poller.idleSince !== null && now - poller.idleSince > POLL_GONE_MS) end(id, poller);
      else if (!poller.session.hasProved && now - poller.since > UNPROVEN_MS) {
        poller.close ||= CLOSES.unproven.code;
        poller.answer?.();
      }
    }
  }, TICK_MS);
  timer.unref();

  const isBusy = (poller: Poller): boolean =>
    poller.close === 0 && (poller.session.underWay >= MAX_UNDER_WAY || poller.queuedBytes > SEND_BUFFER_PAUSE_BYTES);

  async function takeIn(id: string, poller: Poller, { number, frames }: PollUp, gone: AbortSignal): Promise<void> {
    // As a socket that isn't read from: of one that doesn't fetch its answers nothing more is taken in.
    while (isBusy(poller) && pollers.has(id) && !gone.aborted) await delay(BUSY_MS);
    if (gone.aborted) return;
    poller.takenUp = number;
    for (const frame of frames) if (poller.close === 0) poller.session.receive(frame);
  }

  return {
    begin,
    isKnown: (id) => pollers.has(id),
    async takeUp(id, { number, frames }, gone) {
      const poller = pollers.get(id);
      if (poller === undefined) return false;
      // The same once more waits for the first, which may have been given up before anything of it was taken in.
      while (poller.taking?.number === number) await poller.taking.over;
      if (number === poller.takenUp) return pollers.has(id);
      if (poller.taking !== null || number !== poller.takenUp + 1) return false;
      const taking = { number, over: takeIn(id, poller, { number, frames }, gone) };
      poller.taking = taking;
      await taking.over;
      if (poller.taking === taking) poller.taking = null;
      return pollers.has(id);
    },
    async listen(id, heard, gone) {
      const poller = pollers.get(id);
      if (poller === undefined) return null;
      const isAgain = heard === poller.answered - 1;
      if (!isAgain && heard !== poller.answered) return null;
      poller.answer?.(); // the request before returns now
      const me = Symbol();
      poller.listening = me;
      if (isAgain) {
        poller.idleSince = clock.nowMs();
        return { close: 0, frames: poller.kept };
      }
      poller.kept = [];
      poller.idleSince = null;
      await somethingToSay(poller, gone);
      if (poller.answer === null) poller.idleSince = clock.nowMs();
      if (!pollers.has(id)) return { close: CLOSES.goingAway.code, frames: [] };
      // Nobody hears this one any more: what there is stays for the next.
      if (gone.aborted || poller.listening !== me) return { close: 0, frames: [] };
      return takeDown(id, poller);
    },
    get size() {
      return pollers.size;
    },
    close() {
      clearInterval(timer);
      for (const [id, poller] of [...pollers]) end(id, poller);
    },
  };
}
