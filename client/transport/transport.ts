import { paths } from "../../protocol/http.ts";
import type { Clock, Transport } from "../vault/ports.ts";
import { createFallback } from "./fallback.ts";
import { createHttp, type Fetch } from "./http.ts";
import { connectPoll } from "./poll.ts";
import { connectWire, type OpenSocket } from "./wire.ts";

/** What the platform gives; a test hands in others. */
export interface Platform {
  readonly fetch: Fetch;
  readonly openSocket: OpenSocket;
  readonly clock: Clock;
}

const platform: Platform = {
  fetch: (url, init) => globalThis.fetch(url, init),
  openSocket: (url, protocol) => new WebSocket(url, protocol),
  clock: {
    now: () => Date.now(),
    after: (ms, call) => {
      const timer = setTimeout(call, ms);
      return () => clearTimeout(timer);
    },
  },
};

/**
 * Transport to the server at `base`, an origin such as "https://lomme.example" (the page's own in the product): WebSocket
 * where it gets through, otherwise polling.
 */
export function createTransport(base: string, given: Partial<Platform> = {}): Transport {
  const { fetch, openSocket, clock } = { ...platform, ...given };
  const origin = base.replace(/\/+$/, "");
  const socketUrl = origin.replace(/^http/, "ws") + paths.sync;
  return {
    connect: createFallback(
      (events) => connectWire(socketUrl, openSocket, events),
      (events) => connectPoll(origin, fetch, clock, events),
      clock,
    ),
    http: createHttp(origin, fetch),
  };
}
