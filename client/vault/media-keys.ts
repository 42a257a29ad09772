/**
 * Keys of the pocket's own photos and recordings. From the moment the person removes a device, new ones come from a new
 * root; what was put in before keeps the key that it had, which the removed device knew anyway.
 *
 * The root is changed before the server has heard of the removal, since a photo put in meanwhile leaves after it. So it
 * lies among the shared rows too, which leave with the new epoch: should another device's removal have come first, all of
 * them still find it there.
 */
import { randomId } from "../../crypto/ids.ts";
import { createMediaRoot, deriveBlobKey } from "../../crypto/media.ts";
import { equalBytes } from "../../crypto/sodium.ts";
import type { BlobId, BlobKey, MediaRoot } from "../../crypto/types.ts";
import type { SharedEntry } from "../documents/shared-rows.ts";
import { Batch } from "./batch.ts";
import type { Me } from "./keyring.ts";
import type { Pocket } from "./pocket.ts";
import { sharedRows } from "./state-rows.ts";

interface RootRow {
  readonly root: MediaRoot;
}

const rowsOf = ({ shared }: Pick<Pocket, "shared">) => sharedRows<RootRow>(shared, "root");

/** For what is put in now. */
export const newMediaKey = ({ keyring }: Pick<Pocket, "keyring">, blob: BlobId): BlobKey =>
  deriveBlobKey(keyring.me.mediaRoot, blob);

/** All that may open a photo or recording of the pocket, the likeliest first. */
export async function mediaKeysFor(
  { keyring, shared }: Pick<Pocket, "keyring" | "shared">,
  blob: BlobId,
): Promise<readonly BlobKey[]> {
  const { mediaRoot, olderRoots } = keyring.me;
  // Nobody was ever removed: there is one root.
  const others = olderRoots === undefined ? [] : (await rowsOf({ shared }).all()).map(({ row }) => row.root);
  return [mediaRoot, ...(olderRoots ?? []), ...others].map((root) => deriveBlobKey(root, blob));
}

/** Of what is here: the one that opens its first chunk. The newest where none does, so that reading says what is wrong. */
export async function findMediaKey(
  pocket: Pick<Pocket, "keyring" | "blobs" | "shared">,
  blob: BlobId,
): Promise<BlobKey> {
  const keys = await mediaKeysFor(pocket, blob);
  if (keys.length > 1) {
    for (const key of keys) if (await pocket.blobs.isOpenedBy(pocket.keyring.me.pocket, blob, key)) return key;
  }
  return keys[0] ?? newMediaKey(pocket, blob);
}

/** `me` with another root, and every one that either of the two knew. */
export function withRoots(me: Me, mediaRoot: MediaRoot, olderRoots: readonly MediaRoot[] = []): Me {
  const all = [mediaRoot, me.mediaRoot, ...(me.olderRoots ?? []), ...olderRoots];
  const roots = all.filter((root, at) => all.findIndex((one) => equalBytes(one, root)) === at);
  return { ...me, mediaRoot, olderRoots: roots.slice(1) };
}

/** Begins a new root here, strictly; gives the row that tells the other devices, for the caller's write. */
export async function renewMediaRoot(pocket: Pocket): Promise<SharedEntry> {
  const root = createMediaRoot();
  await pocket.store.exclusive(async () => {
    const batch = new Batch();
    pocket.keyring.writeMe(batch, withRoots(pocket.keyring.me, root));
    await batch.commit(pocket.store);
  });
  return rowsOf(pocket).entry(randomId(), { root });
}
