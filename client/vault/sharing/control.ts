/**
 * Payload of control records in a circle (docs/protocol/circles.md §4):
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 1 | 1 checkpoint (crypto/rosters.ts), 2 tombstone (crypto/tombstones.ts) |
 * | 1 | n | the signed bytes |
 *
 * Both carry the owner's signature themselves; the record around them only says which of the owner's devices sent it.
 * An unknown first byte is kept and means nothing to this version.
 */
import { concat, u8 } from "../../../crypto/bytes.ts";
import type { Checkpoint, DocumentTag, SpaceId, Tombstone } from "../../../crypto/types.ts";

const CHECKPOINT = 1;
const TOMBSTONE = 2;

export type Control =
  | { readonly type: "checkpoint"; readonly checkpoint: Checkpoint }
  | { readonly type: "tombstone"; readonly tombstone: Tombstone };

/** Control records of a circle belong to no document; they stand under a tag that equals the space's id. */
export const controlDocument = (space: SpaceId): DocumentTag => space as string as DocumentTag;

export const encodeCheckpointControl = (checkpoint: Checkpoint): Uint8Array => concat(u8(CHECKPOINT), checkpoint);
export const encodeTombstoneControl = (tombstone: Tombstone): Uint8Array => concat(u8(TOMBSTONE), tombstone);

/** Null for a kind that this version doesn't know. The signature is checked by whoever uses it. */
export function parseControl(payload: Uint8Array): Control | null {
  const signed = payload.subarray(1);
  if (payload[0] === CHECKPOINT) return { type: "checkpoint", checkpoint: signed as Checkpoint };
  if (payload[0] === TOMBSTONE) return { type: "tombstone", tombstone: signed as Tombstone };
  return null;
}
