/** y-websocket's own server (2.1, as it ships), plaintext and in memory. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { startProcess } from "../server/contender.ts";

export async function startYWebsocket(): Promise<{ readonly url: string; stop(): void }> {
  const script = join(dirname(createRequire(import.meta.url).resolve("y-websocket-2/package.json")), "bin/server.cjs");
  const port = String(21_000 + Math.floor(Math.random() * 20_000));
  const running = await startProcess([script], { HOST: "127.0.0.1", PORT: port }, (output) =>
    output.includes("running at") ? `ws://127.0.0.1:${port}` : null,
  );
  return { url: running.url, stop: () => void running.process.kill() };
}
