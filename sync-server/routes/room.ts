/** How much a space may hold, and more of it for a creation token. Spec: docs/protocol/http.md §2. */
import type { Hono } from "hono";
import { decodeTokenOffer, encodeRoom, MAX_TOKEN_BYTES } from "../../protocol/codec.ts";
import { paths } from "../../protocol/http.ts";
import { hashToken } from "../operations/tokens.ts";
import { answerError, readBody } from "./answers.ts";
import type { AppDeps } from "./deps.ts";
import { requireGrant, underToken } from "./grants.ts";

const BYTES = { "Content-Type": "application/octet-stream" } as const;

export function addRoomRoutes(app: Hono, deps: AppDeps): void {
  const { storage } = deps;

  app.get(paths.room(":space"), async (context) => {
    const room = await underToken(storage.readRoom(requireGrant(deps, context, "own")));
    return context.body(new Uint8Array(encodeRoom({ ...room, unspent: false })), 200, BYTES);
  });

  app.post(paths.room(":space"), async (context) => {
    const grant = requireGrant(deps, context, "own");
    const wait = deps.rates.creation.take(deps.addressOf(context), deps.clock.nowMs());
    if (wait > 0) return answerError(context, "rate-limited", wait);
    const token = decodeTokenOffer(await readBody(context, MAX_TOKEN_BYTES));
    const raised = await underToken(storage.raiseRoom(grant, hashToken(token)));
    return context.body(new Uint8Array(encodeRoom(raised)), 200, BYTES);
  });
}
