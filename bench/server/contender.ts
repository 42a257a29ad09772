/** What the servers under comparison have in common, as the bench sees them: a process, and sockets that speak its protocol. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { WebSocket } from "ws";

export interface Running {
  readonly url: string;
  readonly process: ChildProcess;
}

/** One update that is to reach everybody else in its document. */
export interface Prepared {
  readonly client: number;
  /** As it goes over the wire. */
  readonly frame: Uint8Array;
  /** What receivers must get, byte for byte. */
  readonly body: Uint8Array;
}

export interface Client {
  readonly socket: WebSocket;
  /** Called with each update's body as it comes. */
  onBody: (body: Uint8Array) => void;
  /** Called for each update of one's own that is acknowledged; peers acknowledge nothing. */
  onAck: () => void;
  /** Bytes of all messages that came. */
  received: number;
}

export interface Contender {
  readonly name: "ours" | "yWebsocket" | "hocuspocus";
  /** Whether each update is answered by an acknowledgement. */
  readonly acknowledges: boolean;
  start(dataDir: string): Promise<Running>;
  /** Makes documents ready; answers their names. */
  createDocuments(server: Running, count: number): Promise<string[]>;
  /** Resolves when the client is in the document and would hear of updates. */
  join(server: Running, document: string): Promise<Client>;
  prepare(documents: readonly string[], clients: number, count: number): Prepared[];
  /** Notes what one receiver must get; answers how many of those a body that came settles. */
  expect(bodies: readonly Uint8Array[]): (body: Uint8Array) => number;
  /** Puts text of so many characters, appended one by one, on the server; answers the document. */
  write(server: Running, characters: number): Promise<string>;
  /** Opens the document as a device that has nothing; resolves with its text and the bytes that came. */
  catchUp(server: Running, document: string): Promise<{ text: string; bytes: number }>;
}

const START_MS = 30_000;

/** Starts `node …args` and waits for a line that `isReady`; the process is ended by the caller. @throws when it doesn't come */
export async function startProcess(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  isReady: (output: string) => string | null,
  withinMs = START_MS,
): Promise<Running> {
  const child = spawn(process.execPath, [...args], {
    env: { PATH: process.env.PATH, NODE_ENV: "production", ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let output = "";
  const url = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`${args.join(" ")} didn't start within ${withinMs} ms: ${output}`));
    }, withinMs);
    const read = (chunk: Buffer): void => {
      output += chunk;
      const found = isReady(output);
      if (found === null) return;
      clearTimeout(late);
      resolve(found);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", (code) => {
      clearTimeout(late);
      reject(new Error(`${args.join(" ")} ended with ${code}: ${output}`));
    });
  });
  return { url, process: child };
}

export async function stop(server: Running): Promise<void> {
  if (server.process.exitCode !== null || server.process.signalCode !== null) return;
  const ended = once(server.process, "exit");
  server.process.kill("SIGKILL");
  await ended;
}

/** User and system time of the process so far; the kernel counts in hundredths. */
export function cpuSeconds(server: Running): number {
  const fields = readFileSync(`/proc/${server.process.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

export function residentBytes(server: Running): number {
  const status = readFileSync(`/proc/${server.process.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
}

export async function openSocket(url: string, protocol?: string): Promise<WebSocket> {
  const socket = new WebSocket(url, protocol, { perMessageDeflate: false });
  await once(socket, "open");
  return socket;
}
