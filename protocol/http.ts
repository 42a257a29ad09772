/**
 * HTTP paths and bodies beside the WebSocket. Spec: docs/protocol/http.md. Bodies are lib0-encoded (`codec.ts`) or raw
 * ciphertext; errors are JSON `{ "code": "…" }` with a code of `errors.ts`. Nothing secret ever stands in a URL: ids of
 * spaces, blobs and tags are random and mean nothing, tokens travel in the Authorization header.
 *
 * GET  /api/server                               ServerFacts as JSON: server id, incarnation, how spaces are created
 * POST /api/spaces                               create a space: CreateSpace → 201 | 403 no-token | 409 exists
 * GET  /api/spaces/:space/room                   how much it holds and may hold: Room, with the owner's token
 * POST /api/spaces/:space/room                   spend a creation token on it: text → Room | 403 no-token
 * GET  /api/wraps/:tag                           one wrap → 200 bytes | 404 (unknown and removed alike) | 425 waiting
 * GET  /api/drops/:key/attachment                the inviter's sealed card, proof in the Authorization header
 * POST /api/drops/:key                           drop sealed bytes (≤ 64 KiB), proof in the Authorization header → 204
 * PUT  /api/spaces/:space/blobs/:blob/chunks/:i  one sealed chunk (idempotent), `?document=` names the tag → 204
 * POST /api/spaces/:space/blobs/:blob/commit     the chunks' hashes → 204; before it the blob doesn't exist for others
 * GET  /api/spaces/:space/blobs/:blob/chunks/:i  one sealed chunk
 * GET  /api/spaces/:space/blobs/:blob/missing    `?chunks=n`: which of the n aren't there yet
 * POST /api/poll                                 the same frames where WebSockets are blocked: docs/protocol/http.md §8
 * GET  /health, GET /metrics
 * GET  /sync                                     WebSocket, subprotocol "lomme.3"
 */
import type { ServerId, SpaceId } from "../crypto/types.ts";
import type { HttpErrorCode } from "./errors.ts";
import type { CapabilityKeys, TaggedWrap } from "./frames.ts";

/** Answer of GET /api/server. */
export interface ServerFacts {
  readonly protocol: number;
  readonly server: ServerId;
  readonly incarnation: string;
  /** `open`: anybody may create spaces (development); `token`: only pockets may be made without one. */
  readonly creation: "open" | "token";
}

/** Body of an error answer. `seconds` with `waiting` and `rate-limited`: how long still. */
export interface ErrorBody {
  readonly code: HttpErrorCode;
  readonly seconds?: number;
}

/** Values of the Authorization header: `Scheme credentials`. */
export const schemes = {
  /** Token of a `token` frame, for blobs. */
  blob: "Bearer",
  /** One of the organisation's creation tokens. */
  creation: "Bearer",
  /** Id of a polling connection, 32 hex digits, as given by its first request. */
  poll: "Poll",
  /** 64-byte Ed25519 proof by a drop key, as 128 hex digits. */
  drop: "Drop",
} as const;

/** Body of POST /api/spaces: the space begins at epoch 1 with these keys. See docs/protocol/http.md §2. */
export interface CreateSpace {
  readonly space: SpaceId;
  readonly kind: "pocket" | "space";
  readonly keys: CapabilityKeys;
  readonly wraps: readonly TaggedWrap[];
}

/** How much a space holds and may hold, in bytes. Answer of …/room, docs/protocol/http.md §2. */
export interface Room {
  readonly bytes: number;
  readonly quota: number;
  /** What a space has that was made with a token; a quota below it can be raised to it by one. */
  readonly most: number;
}

/** After a token was offered. `unspent`: it wasn't needed, and lies in the pool still. */
export interface Raised extends Room {
  readonly unspent: boolean;
}

export const paths = {
  sync: "/sync",
  poll: "/api/poll",
  server: "/api/server",
  spaces: "/api/spaces",
  room: (space: string): string => `/api/spaces/${space}/room`,
  wrap: (tag: string): string => `/api/wraps/${tag}`,
  drop: (keyHex: string): string => `/api/drops/${keyHex}`,
  dropAttachment: (keyHex: string): string => `/api/drops/${keyHex}/attachment`,
  blobChunk: (space: string, blob: string, index: number | ":index"): string =>
    `/api/spaces/${space}/blobs/${blob}/chunks/${index}`,
  blobCommit: (space: string, blob: string): string => `/api/spaces/${space}/blobs/${blob}/commit`,
  blobMissing: (space: string, blob: string): string => `/api/spaces/${space}/blobs/${blob}/missing`,
} as const;
