/**
 * Blobs to the server, one after the other: what it refuses of one, or what is damaged here, keeps none of the others back,
 * nor the records that name those. Spec: docs/protocol/sync.md §4.
 */
import { CryptoError } from "../../crypto/errors.ts";
import type { BlobId } from "../../crypto/types.ts";
import { VaultFailure } from "./failure.ts";
import { TransportError } from "./ports.ts";

/** What the server says of one blob; every other refusal, and having no net, concerns the next one as well. */
const OF_ONE: readonly unknown[] = ["document-deleted", "over-quota", "too-large", "op-conflict"];

/**
 * Gives what the first failed with that could not go, or null. `gone`: its document was deleted on the server.
 * @throws TransportError, SyncError for what concerns all of them; the rest was not tried then
 */
export async function uploadEach(
  blobs: readonly BlobId[],
  upload: (blob: BlobId) => Promise<void>,
  gone: (blob: BlobId) => Promise<void> = async () => undefined,
): Promise<unknown> {
  let failed: unknown = null;
  for (const blob of blobs) {
    try {
      await upload(blob);
    } catch (error) {
      if (error instanceof TransportError && error.refusal === "document-deleted") await gone(blob);
      else if (isOfOne(error)) failed ??= error;
      else throw error;
    }
  }
  return failed;
}

const isOfOne = (error: unknown): boolean =>
  error instanceof VaultFailure ||
  error instanceof CryptoError ||
  (error instanceof TransportError && OF_ONE.includes(error.refusal));
