/**
 * Frames over plain HTTP, for networks that block WebSockets (docs/protocol/http.md §8): the same `Wire`. One request
 * listens at all times; others carry frames up, one after another. Requests are numbered, so one that failed on its way is
 * sent again, as browsers also do by themselves; what fails twice ends the wire, as a socket that broke.
 */
import { CLOSES } from "../../protocol/closes.ts";
import { decodePollDown, decodeServerFrames, encodeClientFrame, encodePollUp } from "../../protocol/codec.ts";
import { paths, schemes } from "../../protocol/http.ts";
import { MAX_POLL_BYTES, MAX_POLL_FRAMES, POLL_WAIT_MS } from "../../protocol/limits.ts";
import type { Clock, Wire, WireEvents } from "../vault/ports.ts";
import type { Fetch } from "./http.ts";
import { type Answered, post } from "./post.ts";

const NORMAL = 1000;
const NO_NETWORK = 1006;
const OCTETS = "application/octet-stream";

/** To the first byte of an answer, beside what is carried up and what the server waits. */
const ANSWER_MS = 15_000;
/** 20 kbit/s. */
const SLOWEST_BYTES_PER_MS = 2.5;
/** What one request carries up, unless one frame is more: 52 s on that line. The server cuts one off after two minutes. */
const UP_BYTES = 128 * 1024;
/** Starts of two requests of one kind are at least this far apart: together below the server's 20 a second. */
const PACE_MS = 110;
/** A request that held this long before it failed was on a line that was there: a network that cuts what is silent. */
const HELD_MS = 5_000;
/** Room for the number of the request and of its frames, and for the length before each. */
const FRAME_HEAD_BYTES = 10;

/** `base`: origin of the server without a slash at the end. */
export function connectPoll(base: string, fetch: Fetch, clock: Clock, events: WireEvents): Wire {
  const aborter = new AbortController();
  const outgoing: Uint8Array[] = [];
  let id: string | null = null;
  let sending = false;
  let sent = 0;
  let heard = 0;
  let over = false;

  const end = (code: number): void => {
    if (over) return;
    over = true;
    aborter.abort();
    events.closed(code);
  };

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const finish = (): void => {
        cancel();
        aborter.signal.removeEventListener("abort", finish);
        resolve();
      };
      const cancel = clock.after(Math.max(0, ms), finish);
      aborter.signal.addEventListener("abort", finish);
    });

  const attempt = (body: Uint8Array, withinMs: number): Promise<Answered> => {
    const headers = new Headers({ "Content-Type": OCTETS });
    if (id !== null) headers.set("Authorization", `${schemes.poll} ${id}`);
    const url = base + paths.poll;
    return post({ fetch, clock, url, signal: aborter.signal, headers, body, withinMs, maxBytes: MAX_POLL_BYTES });
  };

  /**
   * Again where the server took nothing because it was too early, and once where it may not have been reached; anything
   * else that is no answer ends the wire.
   */
  const ask = async (body: Uint8Array, withinMs: number): Promise<Answered | null> => {
    for (let failures = 0; ; ) {
      const started = clock.now();
      const answered = await attempt(body, withinMs).catch((error: unknown) => {
        failures = clock.now() - started < HELD_MS ? failures + 1 : 1;
        if (id === null || failures > 1) throw error;
        return null;
      });
      if (over) return null;
      if (answered === null) {
        await pause(PACE_MS);
      } else {
        if (answered.status >= 200 && answered.status < 300) return answered;
        if (answered.status !== 429 || id === null) throw new Error(String(answered.status));
        await pause(1000 * Math.max(1, Number(answered.headers.get("Retry-After")) || 1));
      }
      if (over) return null;
    }
  };

  const listen = async (): Promise<void> => {
    while (!over) {
      const started = clock.now();
      const answered = await ask(encodePollUp({ number: heard, frames: [] }), POLL_WAIT_MS + ANSWER_MS);
      if (answered === null) return;
      // A page of somebody else's (a log-in of the network) is no frame that could be bad.
      if (answered.headers.get("Content-Type") !== OCTETS) throw new Error("not our server");
      const down = decodePollDown(answered.bytes);
      if (down.frames.length > 0) heard++;
      for (const frame of down.frames.flatMap(decodeServerFrames)) if (!over) events.frame(frame);
      if (down.close !== 0) end(down.close);
      await pause(started + PACE_MS - clock.now());
    }
  };

  /** As many as fit one request. */
  const takeOutgoing = (): Uint8Array[] => {
    let bytes = FRAME_HEAD_BYTES;
    let count = 0;
    for (const frame of outgoing.slice(0, MAX_POLL_FRAMES)) {
      bytes += FRAME_HEAD_BYTES + frame.length;
      if (count > 0 && bytes > UP_BYTES) break;
      count++;
    }
    return outgoing.splice(0, count);
  };

  const send = async (): Promise<void> => {
    sending = true;
    while (!over && outgoing.length > 0) {
      const started = clock.now();
      const body = encodePollUp({ number: ++sent, frames: takeOutgoing() });
      if ((await ask(body, ANSWER_MS + body.length / SLOWEST_BYTES_PER_MS)) === null) return;
      await pause(started + PACE_MS - clock.now());
    }
    sending = false;
  };

  /** A frame that can't be read is the server's fault and comes again; everything else is the line's. */
  const giveUp = (error: unknown): void =>
    end((error as { readonly code?: unknown }).code === "bad-frame" ? CLOSES.badFrame.code : NO_NETWORK);

  const begin = async (): Promise<void> => {
    const answered = await ask(encodePollUp({ number: 0, frames: [] }), ANSWER_MS);
    if (answered === null) return;
    const given = new TextDecoder().decode(answered.bytes);
    if (answered.status !== 201 || !/^[0-9a-f]{32}$/.test(given)) throw new Error("not our server");
    if (over) return;
    id = given;
    events.opened();
    await listen();
  };
  begin().catch(giveUp);

  return {
    send: (frame) => {
      if (over || id === null) return;
      outgoing.push(encodeClientFrame(frame).slice());
      // What the same turn still sends goes into this request too.
      if (!sending) {
        sending = true;
        queueMicrotask(() => void send().catch(giveUp));
      }
    },
    close: () => end(NORMAL),
  };
}
