/** Workers of tests and benches, bundled and put on the product's own origin without a line of the product's page. */

import { resolve } from "node:path";
import type { BrowserContext, Page } from "@playwright/test";
import { build } from "vite";

const ROOT = resolve(import.meta.dirname, "../../..");

const FOLDER = "/test-workers/";

/** @param entry path from the root of the project */
export async function bundle(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "error",
    define: { "process.env.NODE_ENV": '"production"' },
    build: {
      write: false,
      target: "es2023",
      minify: false,
      lib: { entry: resolve(ROOT, entry), formats: ["es"], fileName: "worker" },
    },
  });
  const [first] = Array.isArray(built) ? built : [built];
  if (first === undefined || !("output" in first)) throw new Error(`nothing was built of ${entry}`);
  const [chunk] = first.output;
  return chunk.code;
}

/** Serves `scripts` under /test-workers/ in this browser; an empty page is there too. Isolated like the product's own. */
export async function serveScripts(context: BrowserContext, scripts: Readonly<Record<string, string>>): Promise<void> {
  await context.route(`**${FOLDER}*`, async (route) => {
    const name = new URL(route.request().url()).pathname.slice(FOLDER.length);
    const script = scripts[name];
    await route.fulfill({
      contentType: script === undefined ? "text/html" : "text/javascript",
      headers: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" },
      body: script ?? "<!doctype html><title>workers</title><body></body>",
    });
  });
}

/** A tab with an empty page of the origin, past its service worker. */
export async function openBareTab(context: BrowserContext, origin: string): Promise<Page> {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.setBypassServiceWorker", { bypass: true });
  await page.goto(`${origin}${FOLDER}page`);
  return page;
}

/** Starts a worker, asks it one thing, ends it. @throws Error with the worker's own words */
export async function askWorker<T>(page: Page, script: string, question: unknown): Promise<T> {
  const answer = await page.evaluate(
    ([address, asked]) =>
      new Promise<unknown>((done) => {
        const worker = new Worker(address as string, { type: "module" });
        worker.onerror = (event) => done({ error: event.message });
        worker.onmessage = ({ data }) => {
          worker.terminate();
          done(data);
        };
        worker.postMessage(asked);
      }),
    [FOLDER + script, question] as const,
  );
  if (typeof answer === "object" && answer !== null && "error" in answer) throw new Error(String(answer.error));
  return answer as T;
}
