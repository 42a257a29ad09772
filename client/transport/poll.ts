/**
 * Frames over plain HTTP, for networks that block WebSockets (docs/protocol/http.md §8): the same `Wire`. One request
 * listens at all times; others carry frames up, one after another. Whatever fails ends the wire, as a socket that broke.
 */
import { CLOSES } from "../../protocol/closes.ts";
import { decodePollDown, decodeServerFrames, encodeClientFrame, encodePollUp } from "../../protocol/codec.ts";
import { paths, schemes } from "../../protocol/http.ts";
import { MAX_POLL_BYTES, MAX_POLL_FRAMES } from "../../protocol/limits.ts";
import type { Clock, Wire, WireEvents } from "../vault/ports.ts";
import type { Fetch } from "./http.ts";

const NORMAL = 1000;
const NO_NETWORK = 1006;
const OCTETS = "application/octet-stream";

/** A listening request is answered after 25 s; half a minute more is no line any more. */
const REQUEST_MS = 55_000;
/** Starts of two requests of one kind are at least this far apart: together below the server's 20 a second. */
const PACE_MS = 110;
/** Room for the length before each frame and for their number. */
const FRAME_HEAD_BYTES = 4;

/** `base`: origin of the server without a slash at the end. */
export function connectPoll(base: string, fetch: Fetch, clock: Clock, events: WireEvents): Wire {
  const aborter = new AbortController();
  const outgoing: Uint8Array[] = [];
  let id: string | null = null;
  let sending = false;
  let over = false;

  const end = (code: number): void => {
    if (over) return;
    over = true;
    aborter.abort();
    events.closed(code);
  };

  const post = async (body: Uint8Array): Promise<Response> => {
    const headers = new Headers({ "Content-Type": OCTETS });
    if (id !== null) headers.set("Authorization", `${schemes.poll} ${id}`);
    const request = new AbortController();
    const stop = (): void => request.abort();
    aborter.signal.addEventListener("abort", stop);
    AbortSignal.timeout(REQUEST_MS).addEventListener("abort", stop);
    try {
      return await fetch(base + paths.poll, {
        method: "POST",
        headers,
        body: body.slice(),
        cache: "no-store",
        credentials: "omit",
        redirect: "error",
        referrerPolicy: "no-referrer",
        signal: request.signal,
      });
    } finally {
      aborter.signal.removeEventListener("abort", stop);
    }
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

  /** Again where the server took nothing because it was too early; anything else that is no answer ends the wire. */
  const ask = async (body: Uint8Array): Promise<Response | null> => {
    for (;;) {
      const response = await post(body);
      if (over) return null;
      if (response.ok) return response;
      if (response.status !== 429 || id === null) throw new Error(String(response.status));
      await pause(1000 * Math.max(1, Number(response.headers.get("Retry-After")) || 1));
      if (over) return null;
    }
  };

  const listen = async (): Promise<void> => {
    while (!over) {
      const started = clock.now();
      const response = await ask(encodePollUp([]));
      if (response === null) return;
      // A page of somebody else's (a log-in of the network) is no frame that could be bad.
      if (response.headers.get("Content-Type") !== OCTETS) throw new Error("not our server");
      const down = decodePollDown(new Uint8Array(await response.arrayBuffer()));
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
      if (bytes > MAX_POLL_BYTES) break;
      count++;
    }
    return outgoing.splice(0, count);
  };

  const send = async (): Promise<void> => {
    sending = true;
    while (!over && outgoing.length > 0) {
      const started = clock.now();
      if ((await ask(encodePollUp(takeOutgoing()))) === null) return;
      await pause(started + PACE_MS - clock.now());
    }
    sending = false;
  };

  /** A frame that can't be read is the server's fault and comes again; everything else is the line's. */
  const giveUp = (error: unknown): void =>
    end((error as { readonly code?: unknown }).code === "bad-frame" ? CLOSES.badFrame.code : NO_NETWORK);

  const begin = async (): Promise<void> => {
    const response = await ask(encodePollUp([]));
    if (response === null) return;
    const given = await response.text();
    if (response.status !== 201 || !/^[0-9a-f]{32}$/.test(given)) throw new Error("not our server");
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
