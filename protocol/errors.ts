/**
 * Every code with which the server says no, over the socket (`refused`, wire number) and over HTTP (JSON `code`, status),
 * with one sentence each. The sentences are for developers and operators; screens have their own words.
 */
import type { RefusalCode } from "./frames.ts";

interface Refusal {
  /** Number in a `refused` frame. Never reused. */
  readonly wire: number;
  /** Status when the same refusal is given over HTTP. */
  readonly status: number;
  readonly sentence: string;
}

export const REFUSALS: Readonly<Record<RefusalCode, Refusal>> = {
  "bad-frame": { wire: 1, status: 400, sentence: "What was sent doesn't follow the format, to the byte." },
  "bad-proof": { wire: 2, status: 403, sentence: "The signature doesn't fit the key the server holds for this." },
  "not-open": { wire: 3, status: 403, sentence: "The space is not open on this connection." },
  "no-right": { wire: 4, status: 403, sentence: "The proved rung may not do this." },
  "stale-epoch": { wire: 5, status: 403, sentence: "The space has moved to a newer epoch; fetch the wrap by its tag." },
  "stale-checkpoint": { wire: 6, status: 409, sentence: "Another checkpoint came first; read it and decide again." },
  "head-moved": { wire: 17, status: 409, sentence: "Something was stored meanwhile; read it and decide again." },
  "document-deleted": { wire: 7, status: 410, sentence: "The document was deleted and takes no new records or blobs." },
  "op-conflict": { wire: 8, status: 409, sentence: "The id is already used for something else." },
  "too-large": { wire: 9, status: 413, sentence: "It is larger than the limit for its kind." },
  "over-quota": { wire: 10, status: 413, sentence: "The space, or the drop key, has no room for it." },
  "rate-limited": { wire: 11, status: 429, sentence: "Too much in a short time; wait and try again." },
  "no-such-space": { wire: 12, status: 404, sentence: "The server has no such space, or no longer." },
  "storage-failed": { wire: 13, status: 503, sentence: "The server couldn't store it safely; nothing was changed." },
  restored: {
    wire: 15,
    status: 403,
    sentence:
      "The server came back from a backup without its journal; the owner's device must put back what was lost first.",
  },
  "epoch-ahead": {
    wire: 16,
    status: 403,
    sentence:
      "The server came back from a backup before that epoch; the owner's device must repeat its rotations first.",
  },
  "unknown-protocol": { wire: 14, status: 400, sentence: "This server doesn't speak that protocol version." },
};

export type HttpErrorCode = RefusalCode | "no-token" | "exists" | "waiting" | "not-found" | "expired" | "internal";

/** Codes that only HTTP gives. */
export const HTTP_ERRORS: Readonly<Record<Exclude<HttpErrorCode, RefusalCode>, Omit<Refusal, "wire">>> = {
  "no-token": { status: 403, sentence: "This needs an unspent token of the organisation." },
  exists: { status: 409, sentence: "There is already a space with this id, made by somebody else." },
  waiting: { status: 425, sentence: "The wrap is released after a waiting time; `seconds` says how long still." },
  "not-found": { status: 404, sentence: "There is nothing here, or no longer, or nothing for you." },
  expired: {
    status: 401,
    sentence: "The token is over, or of an epoch that is over; ask for a new one on the socket.",
  },
  internal: { status: 500, sentence: "Something failed that shouldn't; nothing was acknowledged." },
};

const CODES_BY_WIRE = new Map(
  (Object.keys(REFUSALS) as RefusalCode[]).map((code) => [REFUSALS[code].wire, code] as const),
);

/** The code of a wire number, or null for one this build doesn't know. */
export function refusalOfWire(wire: number): RefusalCode | null {
  return CODES_BY_WIRE.get(wire) ?? null;
}

/** HTTP status of any code. */
export function statusOf(code: HttpErrorCode): number {
  return code in REFUSALS ? REFUSALS[code as RefusalCode].status : HTTP_ERRORS[code as keyof typeof HTTP_ERRORS].status;
}

/** The one error type of this layer; `code` says what the server answers, the message is for logs and tests. */
export class ProtocolError extends Error {
  readonly code: HttpErrorCode;
  constructor(code: HttpErrorCode, detail?: string) {
    super(detail === undefined ? code : `${code}: ${detail}`);
    this.name = "ProtocolError";
    this.code = code;
  }
}
