/** GET /api/wraps/:tag. Spec: docs/protocol/http.md §3. */
import type { Hono } from "hono";
import { paths } from "../../protocol/http.ts";
import { nowSeconds } from "../clock.ts";
import { answerError, pathId } from "./answers.ts";
import type { AppDeps } from "./deps.ts";

export function addWrapRoutes(app: Hono, deps: AppDeps): void {
  app.get(paths.wrap(":tag"), async (context) => {
    const wait = deps.rates.wraps.take(deps.addressOf(context), deps.clock.nowMs());
    if (wait > 0) return answerError(context, "rate-limited", wait);
    const wrap = await deps.storage.readWrap(pathId(context, "tag"), nowSeconds(deps.clock));
    if (wrap === null) return answerError(context, "not-found");
    if ("secondsLeft" in wrap) return answerError(context, "waiting", wrap.secondsLeft);
    return context.body(new Uint8Array(wrap.bytes), 200, { "Content-Type": "application/octet-stream" });
  });
}
