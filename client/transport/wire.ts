/**
 * One WebSocket that speaks frames (docs/protocol/frames.md §1): binary, subprotocol `lomme.1`. It decodes what comes,
 * encodes what goes, and tells of its end exactly once. It never connects again by itself: the engine decides that.
 */
import { CLOSES } from "../../protocol/closes.ts";
import { decodeServerFrame, encodeClientFrame } from "../../protocol/codec.ts";
import type { ServerFrame } from "../../protocol/frames.ts";
import { SUBPROTOCOL } from "../../protocol/limits.ts";
import type { Wire, WireEvents } from "../vault/ports.ts";

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
    let frame: ServerFrame;
    try {
      frame = decodeServerFrame(new Uint8Array(data));
    } catch {
      return giveUp(CLOSES.badFrame.code);
    }
    events.frame(frame);
  };
  socket.onclose = (event) => end(event.code);

  return {
    send: (frame) => {
      if (!over && socket.readyState === WebSocket.OPEN) socket.send(encodeClientFrame(frame).slice());
    },
    close: () => {
      socket.close(NORMAL);
      end(NORMAL);
    },
  };
}
