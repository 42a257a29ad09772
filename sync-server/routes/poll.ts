/** POST /api/poll. Spec: docs/protocol/http.md §8. */
import type { Context, Hono } from "hono";
import { decodePollUp, encodePollDown } from "../../protocol/codec.ts";
import { paths, schemes } from "../../protocol/http.ts";
import { MAX_POLL_BYTES } from "../../protocol/limits.ts";
import { answerError, credentials, readBody } from "./answers.ts";
import type { AppDeps } from "./deps.ts";

export function addPollRoute(app: Hono, deps: AppDeps): void {
  app.post(paths.poll, async (context) => {
    const id = credentials(context, schemes.poll);
    return id === null ? begin(context, deps) : goOn(context, deps, id);
  });
}

async function begin(context: Context, deps: AppDeps): Promise<Response> {
  decodePollUp(await readBody(context, MAX_POLL_BYTES));
  const release = deps.admit(context);
  const begun = release && deps.polls.begin(release);
  if (begun === null) {
    release?.();
    return answerError(context, "rate-limited", 60);
  }
  return context.text(begun, 201);
}

/** Whether the connection exists is looked at before anything is read or counted for it. */
async function goOn(context: Context, { polls, rates, clock }: AppDeps, id: string): Promise<Response> {
  if (!polls.isKnown(id)) return answerError(context, "not-found");
  const wait = rates.polls.take(id, clock.nowMs());
  if (wait > 0) return answerError(context, "rate-limited", wait);
  const { number, frames } = decodePollUp(await readBody(context, MAX_POLL_BYTES));
  const { signal } = context.req.raw;
  if (frames.length > 0) {
    const taken = await polls.takeUp(id, { number, frames }, signal);
    return taken ? context.body(null, 204) : answerError(context, "not-found");
  }
  const down = await polls.listen(id, number, signal);
  if (down === null) return answerError(context, "not-found");
  return context.body(new Uint8Array(encodePollDown(down)), 200, { "Content-Type": "application/octet-stream" });
}
