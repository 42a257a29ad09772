/**
 * One WebSocket that speaks frames (docs/protocol/frames.md §1): binary, subprotocol `lomme.3`. It decodes what comes,
 * encodes what goes (all of one turn in one message), and tells of its end exactly once. It never connects again by itself: the engine decides that.
 */
import { CLOSES } from "../../protocol/closes.ts";
import { decodeServerFrames, encodeClientFrame } from "../../protocol/codec.ts";
import type { ServerFrame } from "../../protocol/frames.ts";
import { MAX_FRAME_BYTES, MAX_FRAMES_PER_MESSAGE, SUBPROTOCOL } from "../../protocol/limits.ts";
import type { Wire, WireEvents } from "../vault/ports.ts";
import { joined } from "./bytes.ts";

/** Close codes that ws and browsers use themselves. */
const NORMAL = 1000;
const NO_NETWORK = 1006;
const NOT_BINARY = 1003;

export type OpenSocket = (url: string, protocol: string) => WebSocket;

export function connectWire(url: string, open: OpenSocket, events: WireEvents): Wire {
  let over = false;
  const end = (code: number): void => {
    if (over) return;
    over = true;
    events.closed(code);
  };

  let socket: WebSocket;
  try {
    socket = open(url, SUBPROTOCOL);
  } catch {
    // An address that is no address, or a policy against it. Told later, as every other end is.
    queueMicrotask(() => end(NO_NETWORK));
    return { send: () => {}, close: () => end(NORMAL) };
  }
  socket.binaryType = "arraybuffer";

  const giveUp = (code: number): void => {
    socket.close();
    end(code);
  };
  socket.onopen = () => {
    // Whoever doesn't echo the subprotocol isn't our server, or a version that we don't speak.
    if (socket.protocol !== SUBPROTOCOL) giveUp(CLOSES.unknownProtocol.code);
    else if (!over) events.opened();
  };
  socket.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (over) return;
    if (!(data instanceof ArrayBuffer)) return giveUp(NOT_BINARY);
    let frames: ServerFrame[];
    try {
      frames = decodeServerFrames(new Uint8Array(data));
    } catch {
      return giveUp(CLOSES.badFrame.code);
    }
    for (const frame of frames) if (!over) events.frame(frame);
  };
  socket.onclose = (event) => end(event.code);

  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  const flush = (): void => {
    const frames = waiting;
    waiting = [];
    waitingBytes = 0;
    if (!over && frames.length > 0 && socket.readyState === WebSocket.OPEN) socket.send(joined(frames));
  };

  return {
    send: (frame) => {
      if (over || socket.readyState !== WebSocket.OPEN) return;
      const bytes = encodeClientFrame(frame);
      if (waitingBytes + bytes.length > MAX_FRAME_BYTES || waiting.length === MAX_FRAMES_PER_MESSAGE) flush();
      if (waiting.length === 0) queueMicrotask(flush);
      waiting.push(bytes);
      waitingBytes += bytes.length;
    },
    close: () => {
      flush();
      socket.close(NORMAL);
      end(NORMAL);
    },
  };
}
