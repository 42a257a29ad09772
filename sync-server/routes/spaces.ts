/** POST /api/spaces and GET /api/server. Spec: docs/protocol/http.md §2. */
import type { Hono } from "hono";
import { decodeCreateSpace } from "../../protocol/codec.ts";
import { paths, type ServerFacts, schemes } from "../../protocol/http.ts";
import { MAX_FRAME_BYTES, PROTOCOL_VERSION } from "../../protocol/limits.ts";
import { hashToken } from "../operations/tokens.ts";
import type { Permission } from "../storage/port.ts";
import { answerError, credentials, readBody } from "./answers.ts";
import type { AppDeps } from "./deps.ts";

export function addSpaceRoutes(app: Hono, deps: AppDeps): void {
  const { storage, creation } = deps;

  app.get(paths.server, (context) => {
    const { server, incarnation } = storage.identity;
    const facts: ServerFacts = { protocol: PROTOCOL_VERSION, server, incarnation, creation };
    return context.json(facts);
  });

  app.post(paths.spaces, async (context) => {
    const wait = deps.rates.creation.take(deps.addressOf(context), deps.clock.nowMs());
    if (wait > 0) return answerError(context, "rate-limited", wait);
    const create = decodeCreateSpace(await readBody(context, MAX_FRAME_BYTES));
    const token = credentials(context, schemes.creation);
    await storage.createSpace(create, permissionOf(token, creation));
    return context.body(null, 201);
  });
}

function permissionOf(token: string | null, creation: AppDeps["creation"]): Permission {
  if (creation === "open") return "open";
  return token === null ? "pocket-only" : { tokenHash: hashToken(token) };
}
