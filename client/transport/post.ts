/**
 * One POST and the whole of its answer, bounded in time on a line that may have died without a word: so long until the
 * answer begins, and so long between two pieces of it.
 */
import type { Clock } from "../vault/ports.ts";
import { joined } from "./bytes.ts";
import type { Fetch } from "./http.ts";

/** Between two pieces of an answer that has begun: on a line so slow there would be no line. */
const STALL_MS = 20_000;

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

export interface Posting {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly url: string;
  /** Ends it at once, whatever it is doing. */
  readonly signal: AbortSignal;
  readonly headers: Headers;
  readonly body: Uint8Array;
  /** Until the answer begins. */
  readonly withinMs: number;
  readonly maxBytes: number;
}

/** @throws what fetch throws; an AbortError when it took too long */
export async function post({ fetch, clock, signal, ...given }: Posting): Promise<Answered> {
  const request = new AbortController();
  const stop = (): void => request.abort();
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  let cancel = clock.after(given.withinMs, stop);
  try {
    const response = await fetch(given.url, {
      method: "POST",
      headers: given.headers,
      body: given.body.slice(),
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: request.signal,
    });
    const parts: Uint8Array[] = [];
    let size = 0;
    const reader = response.body?.getReader();
    for (;;) {
      cancel();
      cancel = clock.after(STALL_MS, stop);
      const read = await reader?.read();
      if (read === undefined || read.done) break;
      size += read.value.length;
      if (size > given.maxBytes) throw new Error("no answer is that long");
      parts.push(read.value);
    }
    return { status: response.status, headers: response.headers, bytes: whole(parts) };
  } catch (error) {
    stop();
    throw error;
  } finally {
    cancel();
    signal.removeEventListener("abort", stop);
  }
}

/** One piece alone, half a megabyte perhaps, is not copied. */
function whole(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces;
  return only !== undefined && pieces.length === 1 ? only : joined(pieces);
}
