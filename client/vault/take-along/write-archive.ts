/**
 * Makes an archive (archive-format.ts) out of an open pocket, as a stream of bytes: one document after the other, oldest
 * first, each with its photos and recordings a chunk at a time. Memory holds one document, one chunk, and the pages of one
 * month, however much there is.
 */
import { utf8 } from "../../../crypto/bytes.ts";
import { sha256, toHex } from "../../../crypto/sodium.ts";
import type { BlobKey, DocumentTag } from "../../../crypto/types.ts";
import { isPage } from "../../documents/kinds.ts";
import { readShownBefore, SHOWN_BEFORE, type ShownBefore, sourceOf } from "../../documents/taken-along.ts";
import { type JsonObject, NotADocument, type WholeDocument } from "../../documents/whole-document.ts";
import type { Summary } from "../api.ts";
import type { ArchiveWords, TakeAlongMade, TakeAlongOptions } from "../api-take-along.ts";
import { findMediaKey } from "../media-keys.ts";
import type { Pocket } from "../pocket.ts";
import { StoreError } from "../ports.ts";
import { encodeDocument, encodeManifest, entryName, MANIFEST, mediaFolder } from "./archive-format.ts";
import { article, indexPage, lifePage, type Month, monthOf, monthPage } from "./archive-pages.ts";
import { blobsIn, idsIn, type NamedBlob, nameBlobs } from "./blob-names.ts";
import { saneTime } from "./book-entry.ts";
import { isGone } from "./door-documents.ts";
import { type OtherDocument, type Readable, readableOf } from "./from-others.ts";
import { extensionOf } from "./media-kinds.ts";
import { README_TEXT } from "./readme-text.ts";
import { ZipWriter } from "./zip-writing.ts";

/** Files that one zip can list without its 64-bit extension are 65,535; a document has some tens. */
const MAX_FILES = 60_000;

export interface WriteArchiveParts {
  readonly pocket: Pocket;
  readonly options: TakeAlongOptions;
  /** What became of a document that was shown. */
  shownOf(document: DocumentTag): readonly ShownBefore[];
  /** Brings a photo or recording here that another device of mine put in. @throws offline, not-here */
  fetchBlob(document: DocumentTag, blob: NamedBlob["ref"]["blob"]): Promise<void>;
  /** What others wrote, or wrote with me. */
  readonly others: readonly OtherDocument[];
  /** Fetches a photo or recording of a circle unless it is here, and gives its key. @throws offline, not-here */
  circleBlobKey(ref: NamedBlob["ref"]): Promise<BlobKey>;
  /** After each document. */
  progress(done: number, total: number): void;
}

/** All of them, oldest first; those of one moment in an order that stays. */
export const everyDocument = ({ pages }: Pocket): readonly Summary[] =>
  inOrder(pages.numbers().flatMap((number) => pages.summariesOf(number)));

const inOrder = <One extends Pick<Summary, "createdAt" | "document">>(all: readonly One[]): readonly One[] =>
  // As the pages say it: what belongs to one month stands together.
  all.toSorted((a, b) => saneTime(a.createdAt) - saneTime(b.createdAt) || (a.document < b.document ? -1 : 1));

/** @throws StoreError; what was given out by then is no archive */
export async function* writeArchive(parts: WriteArchiveParts): AsyncGenerator<Uint8Array, TakeAlongMade> {
  const { pocket, options } = parts;
  // On a device that is full, what can't be committed waits in its open document, and is read from there.
  await pocket.documents.commitAll({ last: true }).catch((error: unknown) => {
    if (!(error instanceof StoreError) || error.code !== "storage-full") throw error;
  });
  const all: readonly (Summary | OtherDocument)[] = inOrder([...everyDocument(pocket), ...parts.others]);
  const writer = new ArchiveWriter(parts);
  writer.zip.text("README.txt", pocket.clock.now(), README_TEXT);
  let at = options.from;
  const isFull = (): boolean => writer.zip.bytes >= options.maxBytes || writer.zip.files >= MAX_FILES;
  // One at least, or there would never be an end.
  for (; at < all.length && (at === options.from || !isFull()); at++) {
    // Removed in the meantime: then it isn't taken along.
    const one = all[at];
    if (one !== undefined && "read" in one) yield* writer.addOther(one);
    else if (one !== undefined && pocket.pages.get(one.document) !== null) yield* writer.addOwn(one.document);
    parts.progress(at + 1, all.length);
  }
  yield* writer.finish(options.from);
  return { ...writer.made, total: all.length, next: at < all.length ? at : null };
}

class ArchiveWriter {
  readonly zip = new ZipWriter();
  readonly made = { documents: 0, photos: 0, recordings: 0, missing: 0, damaged: 0 };
  readonly #parts: WriteArchiveParts;
  readonly #words: ArchiveWords;
  readonly #months: Month[] = [];
  readonly #ids = new Set<string>();
  readonly #life: string[] = [];
  #month: Pick<Month, "name" | "title"> | null = null;
  #articles: string[] = [];

  constructor(parts: WriteArchiveParts) {
    this.#parts = parts;
    this.#words = parts.options.words;
  }

  async *addOwn(document: DocumentTag): AsyncGenerator<Uint8Array> {
    const { pocket, shownOf } = this.#parts;
    const space = pocket.keyring.me.pocket;
    const { before, source, ...read } = await pocket.documents.read(space, document, (doc) => ({
      ...readableOf(doc, document),
      before: readShownBefore(doc),
      source: sourceOf(doc),
    }));
    const isWhole = await pocket.log(space).isWhole(document);
    yield* this.#add(document, source, { ...read, isWhole }, [...before, ...shownOf(document)]);
  }

  async *addOther({ document, read, shown }: OtherDocument): AsyncGenerator<Uint8Array> {
    const readable = await read().catch(notADocument);
    if (readable === "damaged") this.made.damaged++;
    else if (readable !== "gone") yield* this.#add(document, null, readable, shown);
  }

  async *#add(
    document: DocumentTag,
    source: string | null,
    { whole, entry, isEmpty, isWhole, waits, bytes }: Readable,
    shown: readonly ShownBefore[],
  ): AsyncGenerator<Uint8Array> {
    const { [SHOWN_BEFORE]: _, ...content } = whole;
    if (isBare(content)) return;
    const id = this.#idOf(document, source);
    if (!isWhole) this.made.damaged++;
    const names = new Map<string, string | null>();
    for (const named of blobsIn(content)) {
      const kept = bytes?.get(named.ref.blob);
      const pieces = bytes === undefined ? await this.#piecesOf(document, named.ref) : () => held(kept);
      const name = yield* this.#media(id, named.stem, pieces, entry.createdAt);
      names.set(named.ref.blob, name);
      if (name === null) this.made.missing++;
    }
    const outside = { files: names, entries: await this.#entriesIn(content) };
    const inArchive = { id, content: withoutSource(nameBlobs(content, outside)), shown, waits: waits ?? null };
    this.zip.text(entryName(id), entry.createdAt, encodeDocument(inArchive, entry.title, entry.createdAt));
    this.made.documents++;
    this.made.photos += entry.photos.length;
    this.made.recordings += entry.recordings.length;
    if (isPage(entry.kind)) this.#life.push(article(this.#words, entry, names, shown));
    else if (entry.marks.binnedAt === null && !isEmpty) {
      const month = monthOf(entry.createdAt, this.#words);
      if (month.name !== this.#month?.name) this.#endMonth();
      this.#month = month;
      this.#articles.push(article(this.#words, entry, names, shown, waits !== undefined));
    }
    yield* this.zip.take();
  }

  /**
   * Two may say the same of themselves, where two devices each began one and they were made one, or where a page that was
   * brought in came with its circle later. No name stands twice in an archive.
   */
  #idOf(document: DocumentTag, source: string | null): string {
    let id = source === null || this.#ids.has(source) ? (document as string) : source;
    while (this.#ids.has(id)) id = toHex(sha256(utf8(id))).slice(0, 32);
    this.#ids.add(id);
    return id;
  }

  async *finish(from: number): AsyncGenerator<Uint8Array> {
    this.#endMonth();
    const now = this.#parts.pocket.clock.now();
    if (this.#life.length > 0) {
      const { name, title } = lifePage(this.#words);
      this.zip.text(name, now, monthPage(this.#words, title, this.#life));
      this.#months.unshift({ name, title, count: this.#life.length });
    }
    this.zip.text("index.html", now, indexPage(this.#words, this.#months));
    this.zip.text(MANIFEST, now, encodeManifest(this.made, now, from));
    this.zip.finish();
    yield* this.zip.take();
  }

  /** Ids in the archive of other documents of this pocket that a document names. */
  async #entriesIn(content: Parameters<typeof idsIn>[0]): Promise<ReadonlyMap<string, string>> {
    const { pocket } = this.#parts;
    const entries = new Map<string, string>();
    for (const tag of idsIn(content) as ReadonlySet<DocumentTag>) {
      if (pocket.pages.get(tag) === null) continue;
      entries.set(tag, (await pocket.documents.read(pocket.keyring.me.pocket, tag, sourceOf)) ?? tag);
    }
    return entries;
  }

  #endMonth(): void {
    if (this.#month !== null) {
      const { name, title } = this.#month;
      this.zip.text(name, this.#parts.pocket.clock.now(), monthPage(this.#words, title, this.#articles));
      this.#months.push({ name, title, count: this.#articles.length });
    }
    this.#articles = [];
  }

  /** The name of the file; null when its bytes aren't here and can't be fetched now, or don't open. */
  async *#media(
    id: string,
    stem: string,
    pieces: Pieces | null,
    at: number,
  ): AsyncGenerator<Uint8Array, string | null> {
    if (pieces === null) return null;
    // Before its name stands in the zip: what isn't here, or doesn't open to its end, leaves nothing behind.
    const tried = pieces();
    const first = await tried.next().catch(() => null);
    if (first === null || first.done) return null;
    const more = await countToEnd(tried);
    if (more === null) return null;
    const name = `${mediaFolder(id)}${stem}.${extensionOf(first.value)}`;
    this.zip.begin(name, at, "media");
    if (more === 0) this.zip.push(first.value);
    else {
      for await (const piece of pieces()) {
        this.zip.push(piece);
        yield* this.zip.take();
      }
    }
    this.zip.end();
    yield* this.zip.take();
    return name;
  }

  /** Null where nothing opens it. */
  async #piecesOf(document: DocumentTag, ref: NamedBlob["ref"]): Promise<Pieces | null> {
    const key = await this.#keyOf(document, ref).catch(() => null);
    return key === null ? null : () => this.#parts.pocket.blobs.pieces(ref.space, ref.blob, key);
  }

  /** Of what is here, or was fetched now. @throws offline, not-here */
  async #keyOf(document: DocumentTag, ref: NamedBlob["ref"]): Promise<BlobKey> {
    const { pocket, fetchBlob, circleBlobKey } = this.#parts;
    if (ref.space !== pocket.keyring.me.pocket) return circleBlobKey(ref);
    await fetchBlob(document, ref.blob);
    return findMediaKey(pocket, ref.blob);
  }
}

/** Whoever wrote it, it is no page of ours; or what waited at the door was taken in or put away since. */
function notADocument(error: unknown): "damaged" | "gone" {
  if (error instanceof NotADocument) return "damaged";
  if (isGone(error)) return "gone";
  throw error;
}

/** Of a photo or recording, from its beginning each time. */
type Pieces = () => AsyncGenerator<Uint8Array>;

/** How many more there are; null where one of them doesn't open. @throws StoreError store-closed */
async function countToEnd(pieces: AsyncGenerator<Uint8Array>): Promise<number | null> {
  let count = 0;
  try {
    for await (const _ of pieces) count++;
  } catch (error) {
    if (error instanceof StoreError && error.code === "store-closed") throw error;
    return null;
  }
  return count;
}

async function* held(bytes: Uint8Array | undefined): AsyncGenerator<Uint8Array> {
  if (bytes !== undefined) yield bytes;
}

/** Begun, and nothing was ever put in: no list shows it either. */
function isBare({ about, ...roots }: WholeDocument): boolean {
  const { $map = {} } = (about ?? {}) as { readonly $map?: JsonObject };
  return Object.keys(roots).length === 0 && Object.keys($map).every((key) => HEAD.includes(key));
}
const HEAD: readonly string[] = ["kind", "createdAt", "source"];

const withoutSource = (content: ReturnType<typeof nameBlobs>): Parameters<typeof encodeDocument>[0]["content"] => {
  const roots = content as Parameters<typeof encodeDocument>[0]["content"];
  const about = roots.about as { readonly $map?: Record<string, never> } | undefined;
  if (about?.$map === undefined) return roots;
  const { source: _, ...map } = about.$map;
  return { ...roots, about: { $map: map } };
};
