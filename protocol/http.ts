/**
 * HTTP paths and bodies beside the WebSocket. Spec: docs/protocol/http.md. Bodies are lib0-encoded (`codec.ts`) or raw
 * ciphertext; errors are JSON `{ "code": "…" }` with a code of `errors.ts`. Nothing secret ever stands in a URL: ids of
 * spaces, blobs and tags are random and mean nothing, tokens travel in the Authorization header.
 *
 * POST /api/spaces                               create a space: CreateSpace → 201 | 403 no-token | 409 exists
 * GET  /api/wraps/:tag                           one wrap → 200 bytes | 404 (unknown and removed alike) | 425 waiting
 * GET  /api/drops/:key/attachment                the inviter's sealed card, proof in the Authorization header
 * POST /api/drops/:key                           drop sealed bytes (≤ 64 KiB), proof in the Authorization header
 * PUT  /api/spaces/:space/blobs/:blob/chunks/:i  one sealed chunk (idempotent), `?document=` names the document tag
 * POST /api/spaces/:space/blobs/:blob/commit     { chunks, hashes } → 200; before it the blob doesn't exist for others
 * GET  /api/spaces/:space/blobs/:blob/chunks/:i  one sealed chunk
 * GET  /api/spaces/:space/blobs/:blob/missing    which of the chunks are not there yet
 * GET  /health, GET /metrics
 * GET  /sync                                     WebSocket, subprotocol "lomme.1"
 */
import type { SpaceId } from "../crypto/types.ts";
import type { CapabilityKeys, TaggedWrap } from "./frames.ts";

/** Body of POST /api/spaces. Proves the own rung of epoch 1 by itself: see docs/protocol/http.md §2. */
export interface CreateSpace {
  readonly space: SpaceId;
  readonly kind: "pocket" | "space";
  readonly keys: CapabilityKeys;
  readonly wraps: readonly TaggedWrap[];
}

export const paths = {
  sync: "/sync",
  spaces: "/api/spaces",
  wrap: (tag: string): string => `/api/wraps/${tag}`,
  drop: (keyHex: string): string => `/api/drops/${keyHex}`,
  dropAttachment: (keyHex: string): string => `/api/drops/${keyHex}/attachment`,
  blobChunk: (space: string, blob: string, index: number): string =>
    `/api/spaces/${space}/blobs/${blob}/chunks/${index}`,
  blobCommit: (space: string, blob: string): string => `/api/spaces/${space}/blobs/${blob}/commit`,
  blobMissing: (space: string, blob: string): string => `/api/spaces/${space}/blobs/${blob}/missing`,
} as const;
