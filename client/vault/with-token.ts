/** Work on a space's blobs over HTTP with its bearer token, and once more with a fresh one when the server calls it expired. */
import type { SpaceId } from "../../crypto/types.ts";
import { TransportError } from "./ports.ts";

/** `refused`: the token that was no longer taken, so that another is asked for. */
export type GetToken = (space: SpaceId, refused?: string) => Promise<string>;

/** @throws TransportError, SyncError */
export async function withToken<T>(token: GetToken, space: SpaceId, work: (token: string) => Promise<T>): Promise<T> {
  const first = await token(space);
  try {
    return await work(first);
  } catch (error) {
    // After a rotation, a restored server, or ten minutes.
    if (!(error instanceof TransportError && error.refusal === "expired")) throw error;
    return work(await token(space, first));
  }
}
