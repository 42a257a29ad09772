/**
 * The WebSocket endpoint: ws without compression, straight on the HTTP server's upgrade event. (The adapter's
 * `upgradeWebSocket` keeps the request and two wrapper objects per connection and copies each message; with thousands
 * of idle phones that is most of the memory.)
 *
 * Back-pressure: while a client has more than SEND_BUFFER_PAUSE_BYTES to take, nothing is read from it and its channels
 * hold back; beyond SEND_BUFFER_CLOSE_BYTES, or paused for STALLED_MS, it is closed. One timer serves all connections.
 */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type ServerOptions, WebSocket, WebSocketServer } from "ws";
import { CLOSES } from "../protocol/closes.ts";
import { paths } from "../protocol/http.ts";
import {
  CHARGED_BYTES_PER_FRAME,
  CLOSE_TIMEOUT_MS,
  FRAME_RATE,
  MAX_FRAGMENTS,
  MAX_FRAME_BYTES,
  MAX_UNDER_WAY,
  PING_MS,
  PING_RATE,
  SEND_BUFFER_CLOSE_BYTES,
  SEND_BUFFER_PAUSE_BYTES,
  STALLED_MS,
  SUBPROTOCOL,
  UNPROVEN_MS,
} from "../protocol/limits.ts";
import { answerRaw } from "./headers.ts";
import { Messages } from "./messages.ts";
import { Bucket } from "./rates.ts";
import { type Connection, createSession, type Session, type SessionDeps } from "./session.ts";

const TICK_MS = 250;

/** `closeTimeout` is missing from the types of ws. */
const WS_OPTIONS: ServerOptions & { readonly closeTimeout: number } = {
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: MAX_FRAME_BYTES,
  maxFragments: MAX_FRAGMENTS,
  maxBufferedChunks: 2 * MAX_FRAGMENTS,
  closeTimeout: CLOSE_TIMEOUT_MS,
  handleProtocols: (protocols) => (protocols.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
};

interface Peer {
  readonly socket: WebSocket;
  readonly session: Session;
  readonly messages: Messages;
  readonly rate: Bucket;
  /** Bytes of its records that went to others since its last message, which pays for them. */
  charged: number;
  /** Made with the first ping. */
  pings: Bucket | null;
  readonly since: number;
  /** When reading stopped, or when the client last took something since; null while we read. */
  pausedSince: number | null;
  /** Unsent bytes at the last look. */
  unsent: number;
  awaitsPong: boolean;
  /** Somebody found it congested and waits to be told that it no longer is. */
  heldBack: boolean;
}

export interface SocketOptions extends SessionDeps {
  /** All connections of this process. */
  readonly maxConnections: number;
  /** False refuses a further connection of this address (held in memory only, while connections last). */
  admit(request: IncomingMessage): (() => void) | null;
  /** Whether it came over TLS, ours or that of a proxy we trust. */
  isSecure(request: IncomingMessage): boolean;
}

export interface Sockets {
  /** Tells every client to come back later and waits until they are gone, at most `timeoutMs`. */
  drain(timeoutMs: number): Promise<void>;
  readonly size: number;
}

/** On its line, and waiting to be put there. */
const unsentBytes = ({ socket, messages }: Peer): number => socket.bufferedAmount + messages.bytes;

export function attachSockets(server: Server, options: SocketOptions): Sockets {
  const { clock } = options;
  const peers = new Set<Peer>();
  const wss = new WebSocketServer(WS_OPTIONS);
  wss.on("wsClientError", (_, stream, request) => answerRaw(stream, "400 Bad Request", options.isSecure(request)));

  server.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on("error", () => stream.destroy());
    const release = admit(request);
    // No closure here but the one above: it lives as long as the line, and would keep the whole request with it.
    if (typeof release === "string") return answerRaw(stream, release, options.isSecure(request));
    stream.once("close", release);
    wss.handleUpgrade(request, stream, head, welcome);
  });

  /** What to call when it is over, or the status with which it is refused. */
  function admit(request: IncomingMessage): (() => void) | string {
    if (request.url !== paths.sync) return "404 Not Found";
    if (request.headers["sec-websocket-protocol"] !== SUBPROTOCOL) return "400 Bad Request";
    if (peers.size >= options.maxConnections) return "503 Service Unavailable";
    return options.admit(request) ?? "429 Too Many Requests";
  }

  function welcome(socket: WebSocket): void {
    const now = clock.nowMs();
    const messages = new Messages((message) => {
      if (socket.readyState !== WebSocket.OPEN) return;
      if (unsentBytes(peer) + message.length > SEND_BUFFER_PAUSE_BYTES) pause(peer);
      socket.send(message, flushed);
      if (socket.bufferedAmount > SEND_BUFFER_CLOSE_BYTES) socket.terminate();
    }, options.turns);
    const connection: Connection = {
      send: (frame) => messages.add(frame),
      close(close) {
        messages.flush();
        socket.close(close.code, close.reason);
      },
      charge(bytes) {
        peer.charged += bytes;
      },
      // One that is closing takes nothing more: without this, its channels would read the whole space for nobody.
      isCongested() {
        if (socket.readyState === WebSocket.OPEN && unsentBytes(peer) <= SEND_BUFFER_PAUSE_BYTES) return false;
        peer.heldBack = true;
        return true;
      },
    };
    const peer: Peer = {
      socket,
      session: createSession(options, connection),
      messages,
      rate: new Bucket(FRAME_RATE, now),
      charged: 0,
      pings: null,
      since: now,
      pausedSince: null,
      unsent: 0,
      awaitsPong: false,
      heldBack: false,
    };
    peers.add(peer);

    function flushed(): void {
      if (peer.pausedSince !== null) resume(peer);
      else if (peer.heldBack) release(peer);
    }

    socket.on("message", (data: Buffer, isBinary: boolean) => {
      if (!isBinary) {
        socket.close(1003, "binary frames only");
        return;
      }
      const frames = peer.session.receive(data) + peer.charged / CHARGED_BYTES_PER_FRAME;
      peer.charged = 0;
      if (!peer.rate.spend(frames, clock.nowMs())) pause(peer); // already read, so served; the next waits
      if (peer.session.underWay >= MAX_UNDER_WAY) pause(peer);
    });
    socket.on("ping", () => {
      peer.pings ??= new Bucket(PING_RATE, clock.nowMs());
      if (!peer.pings.take(1, clock.nowMs())) socket.close(CLOSES.tooFast.code, CLOSES.tooFast.reason);
    });
    socket.on("pong", () => {
      peer.awaitsPong = false;
    });
    socket.on("error", () => socket.terminate()); // ws has sent the close code (1009, 1002, 1007) already
    socket.on("close", (code) => {
      options.metrics.count("closes", code >= 1000 && code < 5000 ? code : "other");
      peers.delete(peer);
      peer.session.end();
    });
  }

  function pause(peer: Peer): void {
    if (peer.pausedSince !== null) return;
    peer.pausedSince = clock.nowMs();
    peer.unsent = peer.socket.bufferedAmount;
    peer.socket.pause();
  }

  /** When nothing holds it back any more. */
  function resume(peer: Peer): void {
    const { socket, session, rate } = peer;
    if (peer.pausedSince === null || unsentBytes(peer) > SEND_BUFFER_PAUSE_BYTES / 2) return;
    if (session.underWay >= MAX_UNDER_WAY || rate.wait(1, clock.nowMs()) > 0) return;
    peer.pausedSince = null;
    socket.resume();
    peer.heldBack = false;
    session.drained();
  }

  /**
   * Goes on with what was held back, also where nothing was paused: what had been too much when it was looked at may have
   * gone out before the next message was sent, and no pause's end would tell of it.
   */
  function release(peer: Peer): void {
    if (unsentBytes(peer) > SEND_BUFFER_PAUSE_BYTES / 2) return;
    peer.heldBack = false;
    peer.session.drained();
  }

  let sincePing = 0;
  const timer = setInterval(() => {
    const now = clock.nowMs();
    sincePing += TICK_MS;
    const pings = sincePing >= PING_MS;
    if (pings) sincePing = 0;
    for (const peer of peers) {
      const { socket, session } = peer;
      if (!session.hasProved && now - peer.since > UNPROVEN_MS) {
        socket.close(CLOSES.unproven.code, CLOSES.unproven.reason);
      } else if (peer.pausedSince !== null && isStalled(peer, now)) socket.terminate();
      else if (peer.pausedSince !== null) resume(peer);
      else {
        if (peer.heldBack) release(peer);
        if (pings) ping(peer);
      }
    }
  }, TICK_MS);
  timer.unref();

  /** Paused by its own unread answers for too long; a pause for its rate isn't a stall. */
  function isStalled(peer: Peer, now: number): boolean {
    const unsent = peer.socket.bufferedAmount;
    if (peer.pausedSince === null || unsent <= SEND_BUFFER_PAUSE_BYTES / 2) return false;
    if (unsent < peer.unsent) peer.pausedSince = now; // slow, but it takes something
    peer.unsent = unsent;
    return now - peer.pausedSince > STALLED_MS;
  }

  function ping(peer: Peer): void {
    if (peer.awaitsPong) {
      peer.socket.terminate(); // two pings unanswered
      return;
    }
    peer.awaitsPong = true;
    peer.socket.ping();
  }

  return {
    get size() {
      return peers.size;
    },
    async drain(timeoutMs) {
      clearInterval(timer);
      const until = Date.now() + timeoutMs;
      while ([...peers].some((peer) => peer.session.underWay > 0) && Date.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      for (const { socket } of peers) socket.close(CLOSES.goingAway.code, CLOSES.goingAway.reason);
      const closing = Math.min(until, Date.now() + 1000);
      while (peers.size > 0 && Date.now() < closing) await new Promise((resolve) => setTimeout(resolve, 10));
      for (const { socket } of peers) socket.terminate();
    },
  };
}
