/** POST /api/poll. Spec: docs/protocol/http.md §8. */
import type { Hono } from "hono";
import { decodePollUp, encodePollDown } from "../../protocol/codec.ts";
import { paths, schemes } from "../../protocol/http.ts";
import { MAX_POLL_BYTES } from "../../protocol/limits.ts";
import { answerError, credentials, readBody } from "./answers.ts";
import type { AppDeps } from "./deps.ts";

export function addPollRoute(app: Hono, deps: AppDeps): void {
  app.post(paths.poll, async (context) => {
    const id = credentials(context, schemes.poll);
    const frames = decodePollUp(await readBody(context, MAX_POLL_BYTES));
    if (id === null) {
      const release = deps.admit(context);
      const begun = release && deps.polls.begin(release);
      if (begun === null) {
        release?.();
        return answerError(context, "rate-limited", 60);
      }
      return context.text(begun, 201);
    }
    const wait = deps.rates.polls.take(id, deps.clock.nowMs());
    if (wait > 0) return answerError(context, "rate-limited", wait);
    const down = await deps.polls.exchange(id, frames, context.req.raw.signal);
    if (down === null) return answerError(context, "not-found");
    return context.body(new Uint8Array(encodePollDown(down)), 200, { "Content-Type": "application/octet-stream" });
  });
}
