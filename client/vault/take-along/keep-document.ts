/**
 * Keeps a document that came out of an archive: with its photos and recordings in one transaction, or not at all. Before the
 * first of those is sealed, a row says for which document; a closing in the middle leaves that row, and the next time what
 * lies there without a document goes.
 */
import { deriveTakenAlongTag } from "../../../crypto/media.ts";
import type { DocumentTag, MediaRoot } from "../../../crypto/types.ts";
import { readOwn } from "../../documents/own-read.ts";
import { clientIdsOf, firstUpdate, readUpdate } from "../../documents/updates.ts";
import { Batch } from "../batch.ts";
import type { Begin } from "../own-documents.ts";
import type { Pocket } from "../pocket.ts";
import type { Write } from "../ports.ts";
import type { Group } from "../sealed-store.ts";
import type { TakenMedia } from "./media-in.ts";

const ROWS: Group = ["bringing-in"];

/** The tag for what comes in as `source`; null when it is here already. */
export async function tagFor(pocket: Pocket, source: string): Promise<DocumentTag | null> {
  const tag = await tagOf(pocket, source);
  return pocket.pages.get(tag) === null ? tag : null;
}

/** The tag that a document of an archive has here, or will have. */
export async function tagOf(pocket: Pocket, id: string): Promise<DocumentTag> {
  const own = id as DocumentTag;
  if (pocket.pages.get(own) !== null) return own;
  const { mediaRoot, olderRoots = [], pocket: space } = pocket.keyring.me;
  const { purged } = await pocket.log(space).state();
  const gone = new Set(purged.map(({ document }) => document));
  const next = (root: MediaRoot): DocumentTag => {
    let times = 0;
    while (gone.has(deriveTakenAlongTag(root, id, times))) times++;
    return deriveTakenAlongTag(root, id, times);
  };
  // It may have come in before a device was removed, under the root of then.
  const before = olderRoots.map(next).find((tag) => pocket.pages.get(tag) !== null);
  return before ?? next(mediaRoot);
}

/** To be called before anything is sealed for it. */
export const announce = (pocket: Pocket, document: DocumentTag): Promise<void> =>
  pocket.store.exclusive(() => pocket.store.commit([pocket.store.put("blobs", ROWS, document, document)]));

/** `media`: everything that was sealed for it. @throws StoreError: nothing of it is kept */
export async function keepDocument(
  pocket: Pocket,
  document: DocumentTag,
  media: readonly TakenMedia[],
  fill: Begin,
): Promise<void> {
  const space = pocket.keyring.me.pocket;
  const payload = firstUpdate(fill);
  await pocket.store.exclusive(async () => {
    const batch = new Batch();
    for (const { ref, chunks } of media) pocket.blobs.finish(batch, { ...ref, document }, chunks);
    const blobs = media.map(({ ref }) => ref.blob);
    const added = { document, kind: "update", payload, blobs, clientIds: clientIdsOf(payload) } as const;
    await pocket.log(space).addPending(batch, added, pocket.clock.now());
    pocket.putSummary(batch, document, readUpdate(payload, readOwn));
    batch.add(pocket.store.remove("blobs", ROWS, document));
    await batch.commit(pocket.store);
  });
  pocket.onPending(space);
  pocket.listsChanged();
}

/** What was sealed for it goes, and `instead` is kept, in one transaction. */
export const forgetAnnounced = (pocket: Pocket, document: DocumentTag, ...instead: readonly Write[]): Promise<void> =>
  pocket.store.exclusive(async () => {
    const batch = new Batch();
    await pocket.blobs.removeOf(batch, pocket.keyring.me.pocket, document);
    for (const write of [...instead, pocket.store.remove("blobs", ROWS, document)]) batch.add(write);
    await batch.commit(pocket.store);
  });

/** What a closing left behind: sealed for documents that never came. */
export async function sweep(pocket: Pocket): Promise<void> {
  const space = pocket.keyring.me.pocket;
  for (const { value: document } of await pocket.store.list<DocumentTag>("blobs", ROWS)) {
    await pocket.store.exclusive(async () => {
      const batch = new Batch();
      if (pocket.pages.get(document) === null) await pocket.blobs.removeOf(batch, space, document);
      batch.add(pocket.store.remove("blobs", ROWS, document));
      await batch.commit(pocket.store);
    });
  }
}
