import { paths } from "../../protocol/http.ts";
import type { Transport } from "../vault/ports.ts";
import { createHttp, type Fetch } from "./http.ts";
import { connectWire, type OpenSocket } from "./wire.ts";

/**
 * Transport to the server at `base`, an origin such as "https://lomme.example" (the page's own in the product). `fetch`
 * and `openSocket` are the platform's unless a test hands in others.
 */
export function createTransport(
  base: string,
  fetch: Fetch = (url, init) => globalThis.fetch(url, init),
  openSocket: OpenSocket = (url, protocol) => new WebSocket(url, protocol),
): Transport {
  const origin = base.replace(/\/+$/, "");
  const socketUrl = origin.replace(/^http/, "ws") + paths.sync;
  return {
    connect: (events) => connectWire(socketUrl, openSocket, events),
    http: createHttp(origin, fetch),
  };
}
