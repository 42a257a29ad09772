/** What sharing copies into circles, and reads there (sharing/ports.ts): chosen content, photos, recordings. */
import { randomId } from "../../crypto/ids.ts";
import type { BlobId, DocumentTag } from "../../crypto/types.ts";
import { copyForShowing } from "../documents/own-read.ts";
import { Batch } from "./batch.ts";
import { fetchBlob } from "./blob-travel.ts";
import type { Syncing } from "./keeper.ts";
import { findMediaKey, mediaKeysFor } from "./media-keys.ts";
import { requireDocument } from "./own-documents.ts";
import type { Pocket } from "./pocket.ts";
import type { Http } from "./ports.ts";
import type { ShownContent } from "./sharing/ports.ts";
import { withToken } from "./with-token.ts";

export interface ShownContentDeps {
  readonly pocket: Pocket;
  readonly http: Http;
  readonly syncing: Syncing;
}

export function createShownContent({ pocket, http, syncing }: ShownContentDeps): ShownContent {
  const { store, keyring, blobs } = pocket;

  /** Of which document the photos and recordings of a copy are: another device of mine may have put them in. */
  const shownFrom = new Map<BlobId, DocumentTag>();
  const fetchShown = async (blob: BlobId): Promise<void> => {
    const document = shownFrom.get(blob);
    if (document === undefined) return;
    await bring(keyring.me.pocket, document, blob, await mediaKeysFor(pocket, blob));
  };
  const bring: ShownContent["fetchBlob"] = async (space, document, blob, key) => {
    if (await blobs.has(space, blob)) return;
    const place = { space, document, blob };
    await withToken(syncing.token, space, (token) =>
      fetchBlob(blobs, http, token, place, key, () => pocket.log(space).isPurged(document)),
    );
  };

  return {
    copyForShowing: async (document, options) => {
      requireDocument(pocket, document);
      const copy = await pocket.documents.read(keyring.me.pocket, document, (doc) => copyForShowing(doc, options));
      const shown = copy.photos.flatMap(({ full, thumbnail }) => [full, thumbnail]);
      for (const { blob } of [...shown, ...copy.recordings.map(({ media }) => media)]) shownFrom.set(blob, document);
      return copy;
    },
    setShownTo: async (document, people) => {
      await store.exclusive(async () => {
        const summary = pocket.pages.get(document);
        if (summary === null) return;
        const batch = new Batch();
        pocket.pages.put(batch, { ...summary, shownTo: people });
        await batch.commit(store);
      });
      pocket.listsChanged();
    },
    readPocketBlob: async (blob) => {
      await fetchShown(blob);
      return blobs.read(keyring.me.pocket, blob, await findMediaKey(pocket, blob));
    },
    readCircleBlob: (space, blob, key) => blobs.read(space, blob, key),
    putBlob: async (space, document, key, bytes) => {
      const blob = randomId<BlobId>();
      await store.exclusive(async () => {
        const batch = new Batch();
        blobs.put(batch, { space, document, blob }, key, bytes);
        await batch.commit(store);
      });
      return blob;
    },
    copyBlob: async (from, space, document, key) => {
      const blob = randomId<BlobId>();
      if (from.key === null) await fetchShown(from.blob);
      const opened = from.key ?? (await findMediaKey(pocket, from.blob));
      await blobs.copy({ ...from, key: opened }, { space, document, blob }, key);
      return blob;
    },
    fetchBlob: bring,
  };
}
