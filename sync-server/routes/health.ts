/**
 * GET /health: whether the store can be written, looked at no more than once in five seconds.
 * GET /metrics: for this machine only, or with the operator's METRICS_TOKEN. Totals say how many use the server.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Context, Hono } from "hono";
import { credentials } from "./answers.ts";
import type { AppDeps } from "./deps.ts";

const FRESH_MS = 5_000;

export function addHealthRoutes(app: Hono, deps: AppDeps): void {
  const { storage, clock, metrics } = deps;
  let at = Number.NEGATIVE_INFINITY;
  let writable: Promise<boolean> = Promise.resolve(true);
  app.get("/health", async (context) => {
    if (clock.nowMs() - at > FRESH_MS) {
      at = clock.nowMs();
      writable = storage.isWritable();
    }
    return (await writable) ? context.json({ status: "ok" }) : context.json({ status: "failing" }, 503);
  });

  app.get("/metrics", async (context, next) => {
    if (!mayReadMetrics(context, deps)) return next();
    const { spaces, bytes } = await storage.sumUsage();
    return context.text(metrics.render({ connections: deps.connections(), spaces, stored_bytes: bytes }));
  });
}

function mayReadMetrics(context: Context, { isLocal, metricsToken }: AppDeps): boolean {
  if (isLocal(context)) return true;
  const given = credentials(context, "Bearer");
  return metricsToken !== null && given !== null && timingSafeEqual(digest(given), digest(metricsToken));
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
