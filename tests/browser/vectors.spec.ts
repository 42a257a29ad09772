/** crypto/ in Chromium's worker, under the product's script policy, agrees with every vector that Node agrees with. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { build } from "vite";
import { ready } from "../../crypto/sodium.ts";
import { vectorChecks } from "../vectors/checks.ts";
import { othersChecks } from "../vectors/others-checks.ts";

const PAGE = `globalThis.results = new Promise((done) => {
  new Worker("/worker.js", { type: "module" }).onmessage = ({ data }) => done(data);
});`;

async function bundleWorker(): Promise<string> {
  const entry = fileURLToPath(new URL("vectors/worker.ts", import.meta.url));
  const lib = { entry, formats: ["es" as const], fileName: "worker" };
  const built = await build({ configFile: false, logLevel: "error", build: { write: false, minify: false, lib } });
  const [output] = Array.isArray(built) ? built : [built];
  const [chunk] = (output as { readonly output: readonly { readonly code?: string }[] }).output;
  return chunk?.code ?? "";
}

test("every vector file, ours and other people's, in a worker of the browser", async ({ page }) => {
  const files: Readonly<Record<string, readonly [type: string, body: string]>> = {
    "/": ["text/html", `<!doctype html><script type="module" src="/page.js"></script>`],
    "/page.js": ["text/javascript", PAGE],
    "/worker.js": ["text/javascript", await bundleWorker()],
  };
  const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'";
  const server = createServer((request, response) => {
    const [type, body] = files[request.url ?? ""] ?? ["text/plain", ""];
    response.writeHead(body === "" ? 404 : 200, { "content-type": type, "content-security-policy": policy }).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const results =
      await page.evaluate<readonly { readonly name: string; readonly wrong: string | null }[]>("globalThis.results");
    expect(results.filter(({ wrong }) => wrong !== null)).toEqual([]);
    await ready();
    const names = [...vectorChecks(), ...othersChecks()].map(({ name }) => name);
    expect(names.length).toBeGreaterThan(600);
    expect(results.map(({ name }) => name)).toEqual(names);
  } finally {
    server.close();
  }
});
