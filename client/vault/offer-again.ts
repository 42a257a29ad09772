/**
 * After a restore of the server every blob that is here is offered to it once more: what it has costs one question. Until
 * that is done the space's state says `blobsDoubted`, also across a restart. Spec: docs/protocol/store.md §8.
 */
import type { BlobId, SpaceId } from "../../crypto/types.ts";
import { Batch } from "./batch.ts";
import type { Pocket } from "./pocket.ts";
import { uploadEach } from "./upload-each.ts";

export interface OfferDeps {
  readonly pocket: Pick<Pocket, "log" | "blobs" | "store">;
  /** @throws TransportError, SyncError */
  upload(space: SpaceId, blob: BlobId): Promise<void>;
}

export interface Offers {
  /** The server was restored. Inside `store.exclusive`, with what makes the state say so. */
  doubted(space: SpaceId): void;
  /** @throws TransportError, SyncError: then the doubt stays */
  again(space: SpaceId): Promise<void>;
}

export function createOffers({ pocket, upload }: OfferDeps): Offers {
  /** Offering goes on beside everything else, and the server may be restored again meanwhile: that is another doubt. */
  const restores = new Map<SpaceId, number>();
  const restoresOf = (space: SpaceId): number => restores.get(space) ?? 0;

  return {
    doubted: (space) => void restores.set(space, restoresOf(space) + 1),

    again: async (space) => {
      const before = restoresOf(space);
      await uploadEach(await pocket.blobs.all(space), (blob) => upload(space, blob));
      await pocket.store.exclusive(async () => {
        if (restoresOf(space) !== before) return; // Freezing still finds the doubt, and has it offered once more.
        const log = pocket.log(space);
        const batch = new Batch();
        log.putState(batch, { ...(await log.state()), blobsDoubted: false });
        await batch.commit(pocket.store);
      });
    },
  };
}
