/**
 * `npm run bench:crypto`: crypto/ beside raw libsodium, in Node and in a worker in Chromium, under the product's policy for
 * scripts. The last line is one JSON object; its keys are explained in bench/README.md.
 */
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { cpus } from "node:os";
import { chromium } from "playwright-core";
import { build } from "vite";
import { type Details, type Figures, measure } from "./crypto-measure.ts";

const HEADERS = {
  "content-security-policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'",
  // Isolated pages get a clock of 5 µs instead of 100 µs, which would be a fortieth of a round.
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

async function bundleWorker(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "error",
    build: {
      write: false,
      target: "es2023",
      minify: false,
      lib: { entry: new URL("crypto-worker.ts", import.meta.url).pathname, formats: ["es"], fileName: "worker" },
    },
  });
  const [first] = Array.isArray(built) ? built : [built];
  if (first === undefined || !("output" in first)) throw new Error("nothing was built");
  const [chunk] = first.output;
  return chunk.code;
}

async function inChromium(): Promise<{ figures: Figures; details: Details; version: string }> {
  const worker = await bundleWorker();
  const files: Record<string, [string, string]> = {
    "/": ["text/html", '<!doctype html><script type="module" src="/page.js"></script>'],
    "/page.js": [
      "text/javascript",
      'globalThis.result = new Promise((done) => { new Worker("/worker.js", { type: "module" }).onmessage = ({ data }) => done(data); });',
    ],
    "/worker.js": ["text/javascript", worker],
  };
  const server = createServer((request, response) => {
    const [type, body] = files[request.url ?? ""] ?? ["text/plain", ""];
    response.writeHead(body === "" ? 404 : 200, { ...HEADERS, "content-type": type }).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const executablePath = existsSync(".cache/chromium") ? readFileSync(".cache/chromium", "utf8") : "/usr/bin/chromium";
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const result = await page.evaluate<{ figures: Figures; details: Details } | { error: string }>("result");
    if ("error" in result) throw new Error(result.error);
    return { ...result, version: browser.version() };
  } finally {
    await browser.close();
    server.close();
  }
}

function show(title: string, { figures, details }: { figures: Figures; details: Details }): void {
  console.log(`\n${title}`);
  for (const kind of ["record", "blob"] as const) {
    for (const [bytes, { ourMBps, rawMBps, ratio }] of Object.entries(figures[kind])) {
      console.log(
        `  ${kind} ${bytes.padStart(9)} bytes  ours ${String(ourMBps).padStart(7)}  raw ${String(rawMBps).padStart(7)} MB/s  ${ratio.toFixed(2)}`,
      );
    }
  }
  for (const [name, microseconds] of Object.entries(details))
    console.log(`  ${String(microseconds).padStart(8)} µs  ${name}`);
}

console.log(
  `${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores, ${new Date().toISOString().slice(0, 10)}`,
);
const node = await measure();
show(`Node ${process.version}`, node);
const browser = await inChromium();
show(`Chromium ${browser.version}, worker`, browser);
console.log(JSON.stringify({ ...browser.figures, node: node.figures }));
