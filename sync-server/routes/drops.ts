/** Dropping into a mailbox. Spec: docs/protocol/drops.md §2. */
import type { Context, Hono } from "hono";
import { ProtocolError } from "../../protocol/errors.ts";
import { paths, schemes } from "../../protocol/http.ts";
import { MAX_DROP_BYTES } from "../../protocol/limits.ts";
import { nowSeconds } from "../clock.ts";
import { type DropPurpose, isDropProof } from "../proofs.ts";
import { answerError, credentials, pathKey, readBody } from "./answers.ts";
import type { AppDeps } from "./deps.ts";

export function addDropRoutes(app: Hono, deps: AppDeps): void {
  const { storage, fanout, clock } = deps;

  /** @throws bad-proof */
  function requireProof(context: Context, purpose: DropPurpose, key: Uint8Array, body: Uint8Array): void {
    const proof = Buffer.from(credentials(context, schemes.drop) ?? "", "hex");
    if (!isDropProof(storage.identity.server, purpose, body, key, proof)) throw new ProtocolError("bad-proof");
  }

  app.post(paths.drop(":key"), async (context) => {
    const wait = deps.rates.drops.take(deps.addressOf(context), clock.nowMs());
    if (wait > 0) return answerError(context, "rate-limited", wait);
    const key = pathKey(context);
    const body = await readBody(context, MAX_DROP_BYTES);
    if (body.length === 0) throw new ProtocolError("bad-frame");
    requireProof(context, "drop", key, body);
    const space = await storage.drop(key, body, nowSeconds(clock));
    fanout.publish(space, { type: "dropped" });
    return context.body(null, 204);
  });

  app.get(paths.dropAttachment(":key"), async (context) => {
    const wait = deps.rates.drops.take(deps.addressOf(context), clock.nowMs());
    if (wait > 0) return answerError(context, "rate-limited", wait);
    const key = pathKey(context);
    requireProof(context, "card", key, new Uint8Array(0));
    const attachment = await storage.readDropAttachment(key, nowSeconds(clock));
    if (attachment === null) return answerError(context, "not-found");
    return context.body(new Uint8Array(attachment), 200, { "Content-Type": "application/octet-stream" });
  });
}
