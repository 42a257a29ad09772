/**
 * A child leaves a circle that is somebody else's, and the circle goes from this device. What was written together there is
 * the child's story too: each page becomes an entry of the pocket, which says with whom it was written, in the very
 * transaction that forgets the circle. So a closing in between loses nothing and makes no page twice.
 *
 * The entry has the tag that the page would have if it came out of an archive (take-along/keep-document.ts): the server can't
 * tell that it is the page it knew, and an older archive with that page in it brings in no second one.
 */
import { randomId } from "../../crypto/ids.ts";
import type { DocumentTag, SpaceId } from "../../crypto/types.ts";
import { readTitle, textOf } from "../documents/entry.ts";
import { entryFromJoint, type Meeting } from "../documents/from-others.ts";
import type { LiveDocument } from "../documents/live.ts";
import { isEmptySummary, readOwn } from "../documents/own-read.ts";
import { readPlainText } from "../documents/rich-text.ts";
import { setSource } from "../documents/taken-along.ts";
import { clientIdsOf, readUpdate } from "../documents/updates.ts";
import type { Batch } from "./batch.ts";
import type { Pocket } from "./pocket.ts";
import { tagOf } from "./take-along/keep-document.ts";

export interface KeptPage {
  readonly document: DocumentTag;
  readonly payload: Uint8Array;
}

/** The pages of a circle as entries. Not inside `store.exclusive`. */
export async function readTogetherPages(
  pocket: Pocket,
  space: SpaceId,
  pages: readonly DocumentTag[],
  meeting: Meeting,
): Promise<readonly KeptPage[]> {
  const kept: KeptPage[] = [];
  for (const page of pages) {
    const payload = await pocket.documents.read(space, page, (doc) =>
      entryFromJoint(doc, meeting, (entry) => setSource(entry, page)),
    );
    const { summary } = readUpdate(payload, readOwn);
    const document = isEmptySummary(summary) ? null : await freeTag(pocket, page, payload);
    if (document !== null) kept.push({ document, payload });
  }
  return kept;
}

/** Null where it stands in the pocket as it is now. */
async function freeTag(pocket: Pocket, page: DocumentTag, payload: Uint8Array): Promise<DocumentTag | null> {
  const tag = await tagOf(pocket, page);
  if (pocket.pages.get(tag) === null) return tag;
  const there = await pocket.documents.read(pocket.keyring.me.pocket, tag, wordsOf);
  return there === readUpdate(payload, wordsOf) ? null : randomId<DocumentTag>();
}

const wordsOf = (doc: LiveDocument["doc"]): string => `${readTitle(doc)}\n${readPlainText(textOf(doc))}`;

/** Inside `store.exclusive`, before the commit. */
export async function putTogetherPages(pocket: Pocket, batch: Batch, kept: readonly KeptPage[]): Promise<void> {
  const log = pocket.log(pocket.keyring.me.pocket);
  for (const { document, payload } of kept) {
    const added = { document, kind: "update", payload, blobs: [], clientIds: clientIdsOf(payload) } as const;
    await log.addPending(batch, added, pocket.clock.now());
    pocket.putSummary(batch, document, readUpdate(payload, readOwn));
  }
}
