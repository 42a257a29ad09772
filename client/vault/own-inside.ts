/** One's own documents and the search in them, as the page asks for them from inside (api-own.ts, api-search.ts). */
import { setBinned } from "../documents/marks.ts";
import type { OwnInside } from "./api-own.ts";
import type { SearchInside } from "./api-search.ts";
import type { Beyond } from "./beyond.ts";
import { markedWordsOf } from "./marked-words.ts";
import { overviewOf } from "./overview.ts";
import { createDocument, removeDocument, removeIfEmpty, requireDocument } from "./own-documents.ts";
import type { Pocket } from "./pocket.ts";
import { gatherTexts, search } from "./search.ts";

type OwnBeyond = Pick<Beyond, "spaceOf" | "removing" | "removed">;

export const createOwnInside = (pocket: Pocket, beyond: OwnBeyond): OwnInside & SearchInside => ({
  createDocument: (kind) => createDocument(pocket, kind),
  openDocument: async (document) => pocket.documents.connect(await beyond.spaceOf(document), document),
  timeline: async (kind, before, limit, where) => pocket.pages.newest(kind, before, limit, where),
  overview: async (kind) => overviewOf(pocket.pages, kind),
  isWhole: async (document) => {
    requireDocument(pocket, document);
    return pocket.log(pocket.keyring.me.pocket).isWhole(document);
  },
  answeredBefore: async () =>
    [...pocket.pages.fromNewest()].filter(({ before, marks }) => before !== undefined && marks.binnedAt === null),
  summaries: async (documents) => documents.flatMap((document) => pocket.pages.get(document) ?? []),
  markedWords: async () => markedWordsOf(pocket.pages),
  search: async (query, filters, limit) => {
    if (!pocket.texts.isComplete) void gatherTexts(pocket).catch(() => undefined);
    return search(pocket, query, filters, limit);
  },
  removeDocument: async (document) => {
    await removeDocument(pocket, document, beyond.removing(document));
    beyond.removed(document);
  },
  removeIfEmpty: async (document) => {
    const gone = await removeIfEmpty(pocket, document, () => beyond.removing(document));
    if (gone) beyond.removed(document);
    return gone;
  },
  takeOutOfBin: async (document) => {
    requireDocument(pocket, document);
    await pocket.documents.edit(pocket.keyring.me.pocket, document, (doc) => setBinned(doc, null), []);
  },
});
