/** What the ten-minute token of a request allows (docs/protocol/http.md §5), for every route that asks for one. */
import type { Context } from "hono";
import { ProtocolError } from "../../protocol/errors.ts";
import type { Right } from "../../protocol/frames.ts";
import { schemes } from "../../protocol/http.ts";
import { rightToWire } from "../../protocol/wire.ts";
import { nowSeconds } from "../clock.ts";
import { type Grant, StorageError } from "../storage/port.ts";
import { credentials, pathId } from "./answers.ts";
import type { AppDeps } from "./deps.ts";

/** The epoch is checked by the store. @throws expired, no-right */
export function requireGrant({ tokens, clock }: AppDeps, context: Context, right: Right): Grant {
  const token = credentials(context, schemes.blob);
  const grant = token === null ? null : tokens.check(token, nowSeconds(clock));
  if (grant === null || grant.space !== pathId(context, "space")) throw new ProtocolError("expired");
  if (rightToWire(grant.right) < rightToWire(right)) throw new ProtocolError("no-right");
  return grant;
}

/** A token of an epoch that is over is over too: ask the socket for a new one. */
export async function underToken<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const over = error instanceof StorageError && error.code === "stale-epoch";
    throw over ? new ProtocolError("expired") : error;
  }
}
