/** GET /health: whether the store can be written, looked at no more than once in five seconds. */
import type { Hono } from "hono";
import type { AppDeps } from "./deps.ts";

const FRESH_MS = 5_000;

export function addHealthRoute(app: Hono, { storage, clock }: AppDeps): void {
  let at = Number.NEGATIVE_INFINITY;
  let writable: Promise<boolean> = Promise.resolve(true);
  app.get("/health", async (context) => {
    if (clock.nowMs() - at > FRESH_MS) {
      at = clock.nowMs();
      writable = storage.isWritable();
    }
    return (await writable) ? context.json({ status: "ok" }) : context.json({ status: "failing" }, 503);
  });
}
