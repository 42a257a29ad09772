/**
 * WebSocket first; plain HTTP where that is blocked. Some networks (schools, hospitals, old proxies) refuse the upgrade,
 * others let it through and then nothing. Who once found it blocked goes on over HTTP at once, and looks again later, in
 * growing pauses, whether a WebSocket gets through; if so the wire ends and the next one is a WebSocket.
 */
import { CLOSES } from "../../protocol/closes.ts";
import { PROTOCOL_VERSION } from "../../protocol/limits.ts";
import type { Clock, Wire, WireEvents } from "../vault/ports.ts";

export type Connect = (events: WireEvents) => Wire;

/** First pause before a WebSocket is tried again; doubles each time. */
const AGAIN_MIN_MS = 5 * 60_000;
/** Somebody who came home from school has a socket within an hour, or at the next unlock. */
const AGAIN_MAX_MS = 60 * 60_000;
/** A trial that hasn't heard the server's greeting by then is blocked. */
const TRIAL_MS = 20_000;
/** A socket that we hang up after less than this wasn't given up for its silence. */
const SILENT_MS = 10_000;

export function createFallback(socket: Connect, poll: Connect, clock: Clock): Connect {
  /** Times in a row that a socket was found blocked; 0: none that we know of. */
  let blocked = 0;
  let againAt = 0;
  /** The last socket opened and then said nothing; HTTP may tell whether it is the net or the way. */
  let doubtful = false;

  function foundBlocked(): void {
    blocked++;
    againAt = clock.now() + Math.min(AGAIN_MAX_MS, AGAIN_MIN_MS * 2 ** Math.min(blocked - 1, 10));
  }

  /** A socket that is greeted, and no more. */
  function trySocket(through: (isThrough: boolean) => void): () => void {
    let over = false;
    const finish = (isThrough: boolean): void => {
      if (over) return;
      over = true;
      cancel();
      trial.close();
      through(isThrough);
    };
    const cancel = clock.after(TRIAL_MS, () => finish(false));
    const trial = socket({
      opened: () => trial.send({ type: "hello", protocol: PROTOCOL_VERSION }),
      frame: () => finish(true),
      closed: () => finish(false),
    });
    return () => {
      over = true;
      cancel();
      trial.close();
    };
  }

  /** Over HTTP; `failed` when it doesn't even begin. */
  function connectPolling(events: WireEvents, failed: (code: number) => void): Wire {
    let opened = false;
    let stopTrying = (): void => {};
    const end = (code: number): void => {
      stopTrying();
      if (opened) events.closed(code);
      else failed(code);
    };
    const tryLater = (): void => {
      stopTrying = clock.after(Math.max(0, againAt - clock.now()), () => {
        stopTrying = trySocket((isThrough) => {
          if (isThrough) {
            blocked = 0;
            wire.close();
            return;
          }
          foundBlocked();
          tryLater();
        });
      });
    };
    const wire = poll({
      opened: () => {
        opened = true;
        if (clock.now() >= againAt) foundBlocked();
        doubtful = false;
        tryLater();
        events.opened();
      },
      frame: events.frame,
      closed: end,
    });
    return wire;
  }

  return (events) => {
    if (doubtful || (blocked > 0 && clock.now() < againAt)) {
      return connectPolling(events, (code) => {
        // Nothing gets through at all: no reason to doubt sockets in particular. That they were blocked while HTTP got
        // through still stands: on the same network, back again, trying one first would cost twenty seconds.
        doubtful = false;
        events.closed(code);
      });
    }
    const started = clock.now();
    let opened = false;
    let heard = false;
    let closedByUs = false;
    let polling: Wire | null = null;
    const wire = socket({
      opened: () => {
        opened = true;
        events.opened();
      },
      frame: (frame) => {
        if (!heard) blocked = 0;
        heard = true;
        events.frame(frame);
      },
      closed: (code) => {
        const saidNothing = closedByUs ? clock.now() - started >= SILENT_MS : opened;
        doubtful = !heard && saidNothing && !isFromServer(code);
        if (opened || closedByUs) events.closed(code);
        else polling = connectPolling(events, () => events.closed(code));
      },
    });
    return {
      send: (frame) => (polling ?? wire).send(frame),
      close: () => {
        closedByUs = true;
        (polling ?? wire).close();
      },
    };
  };
}

/** Close codes that only our own server sends: the way there is open. */
const isFromServer = (code: number): boolean => Object.values(CLOSES).some((close) => close.code === code);
