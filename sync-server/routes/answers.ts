/** What the HTTP routes share: one error body, proofs and tokens from the Authorization header, ids from paths. */
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { hexToBytes } from "../../protocol/codec.ts";
import { type HttpErrorCode, ProtocolError, statusOf } from "../../protocol/errors.ts";
import type { ErrorBody } from "../../protocol/http.ts";

/** The one shape of every error answer. */
export function answerError(context: Context, code: HttpErrorCode, seconds?: number): Response {
  if (seconds !== undefined) context.header("Retry-After", String(seconds));
  const body: ErrorBody = seconds === undefined ? { code } : { code, seconds };
  return context.json(body, statusOf(code) as ContentfulStatusCode);
}

/** Credentials of the Authorization header under this scheme, or null. */
export function credentials(context: Context, scheme: string): string | null {
  const header = context.req.header("Authorization");
  return header?.startsWith(`${scheme} `) ? header.slice(scheme.length + 1) : null;
}

/** An id from the path. @throws not-found: a malformed id names nothing */
export function pathId<Id extends string>(context: Context, name: string): Id {
  const id = context.req.param(name) ?? "";
  if (!/^[0-9a-f]{32}$/.test(id)) throw new ProtocolError("not-found");
  return id as Id;
}

/** A drop key from the path: 32 bytes. @throws not-found */
export function pathKey(context: Context): Uint8Array {
  const key = context.req.param("key") ?? "";
  if (!/^[0-9a-f]{64}$/.test(key)) throw new ProtocolError("not-found");
  return hexToBytes(key, 32);
}

/** The whole body. @throws too-large, before reading it where its length was announced */
export async function readBody(context: Context, maxBytes: number): Promise<Uint8Array> {
  const announced = Number(context.req.header("Content-Length") ?? 0);
  if (announced > maxBytes) throw new ProtocolError("too-large");
  const { body } = context.req.raw;
  if (body === null) return new Uint8Array(0);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > maxBytes) throw new ProtocolError("too-large");
    parts.push(part);
  }
  return Buffer.concat(parts);
}
