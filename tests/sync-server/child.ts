/** The server as `npm start` runs it, as a child process; and a client over a real socket. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { decodeServerFrames, encodeClientFrame, encodeCreateSpace } from "../../protocol/codec.ts";
import type { ClientFrame, Right, ServerFrame, SpaceId } from "../../protocol/frames.ts";
import { paths } from "../../protocol/http.ts";
import { SUBPROTOCOL } from "../../protocol/limits.ts";
import { newId, newSpaceKeys, proveRight, publicKeys, type SpaceKeys } from "./made-up.ts";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** The Node of package.json, whichever runs the tests. */
export const NODE = fileURLToPath(new URL("../../node_modules/.bin/node", import.meta.url));

export interface ChildServer {
  readonly url: string;
  readonly process: ChildProcess;
  /** Everything it wrote so far. */
  output(): string;
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

/** Resolves once it listens. @throws with its output when it ends before */
export async function startChild(dataDir: string, env: NodeJS.ProcessEnv = {}): Promise<ChildServer> {
  const child = spawn(NODE, ["sync-server/main.ts"], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, PORT: "0", DATA_DIR: dataDir, LOG_LEVEL: "info", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk;
      const found = /listening on (\S+)\n/.exec(output);
      if (found?.[1] !== undefined) resolve(found[1]);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", (code) => reject(new Error(`ended with ${code}: ${output}`)));
  });
  return {
    url,
    process: child,
    output: () => output,
    async kill(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const ended = once(child, "exit");
      child.kill(signal);
      await ended;
      return child.exitCode;
    },
  };
}

/** Over HTTP, as a device does. */
export async function createSpaceOver(url: string): Promise<{ space: SpaceId; keys: SpaceKeys }> {
  const space = newId<SpaceId>();
  const keys = newSpaceKeys();
  const body = new Uint8Array(encodeCreateSpace({ space, kind: "space", keys: publicKeys(keys), wraps: [] }));
  const response = await fetch(url + paths.spaces, { method: "POST", body });
  if (response.status !== 201) throw new Error(`creating a space: ${response.status}`);
  return { space, keys };
}

type Asked = Extract<ClientFrame, { request: number }>;
type Unnumbered<Frame> = Frame extends unknown ? Omit<Frame, "request"> : never;

export type SocketClient = Awaited<ReturnType<typeof connectSocket>>;

/** A client over a real WebSocket; requests are rejected when the connection ends. */
export async function connectSocket(url: string) {
  const socket = new WebSocket(url.replace("http", "ws") + paths.sync, SUBPROTOCOL);
  socket.binaryType = "arraybuffer";
  const waiting = new Map<number, { resolve(frame: ServerFrame): void; reject(error: Error): void }>();
  const listeners = new Set<(frame: ServerFrame) => void>();
  let requests = 0;
  let greet: (frame: Extract<ServerFrame, { type: "welcome" }>) => void = () => {};
  const welcomed = new Promise<Extract<ServerFrame, { type: "welcome" }>>((resolve) => {
    greet = resolve;
  });
  const closed = new Promise<{ code: number }>((resolve) => {
    socket.addEventListener("close", ({ code }) => {
      for (const { reject } of waiting.values()) reject(new Error(`closed with ${code}`));
      waiting.clear();
      resolve({ code });
    });
  });
  socket.addEventListener("message", ({ data }) => {
    for (const frame of decodeServerFrames(new Uint8Array(data as ArrayBuffer))) {
      if (frame.type === "welcome") greet(frame);
      if ("request" in frame) {
        waiting.get(frame.request)?.resolve(frame);
        waiting.delete(frame.request);
      }
      for (const listener of listeners) listener(frame);
    }
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("error", () => reject(new Error("the socket didn't open")));
  });
  const send = (frame: ClientFrame): void => socket.send(encodeClientFrame(frame) as Uint8Array<ArrayBuffer>);
  const ask = (frame: Unnumbered<Asked>): Promise<ServerFrame> => {
    // A closed socket takes what it is sent without a word, and nobody would ever answer.
    if (socket.readyState !== WebSocket.OPEN) return Promise.reject(new Error("closed"));
    const request = ++requests;
    const answer = new Promise<ServerFrame>((resolve, reject) => waiting.set(request, { resolve, reject }));
    send({ ...frame, request } as Asked);
    return answer;
  };
  return {
    socket,
    closed,
    send,
    ask,
    onFrame: (listener: (frame: ServerFrame) => void) => listeners.add(listener),
    async hello() {
      send({ type: "hello", protocol: 3 });
      return welcomed;
    },
    async open(space: SpaceId, keys: SpaceKeys, right: Right = "own", epoch = 1): Promise<ServerFrame> {
      const { nonce, server } = await welcomed;
      return ask({
        type: "open",
        space,
        epoch,
        right,
        proof: proveRight(keys[right], { nonce, server, space, epoch, right }),
      });
    },
  };
}
