import type { BlobId, BlobRef, SpaceId } from "./kinds.ts";

const ID = /^[0-9a-f]{32}$/;

/** A reference as it stands in a document; null for what has another shape. */
export function toBlobRef(value: unknown): BlobRef | null {
  if (typeof value !== "object" || value === null) return null;
  const { space, blob } = value as Record<string, unknown>;
  if (typeof space !== "string" || typeof blob !== "string" || !ID.test(space) || !ID.test(blob)) return null;
  return { space: space as SpaceId, blob: blob as BlobId };
}
