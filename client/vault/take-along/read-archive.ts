/**
 * Brings an archive in (archive-format.ts): file after file as they stand, whether the zip is plain or opened on the way. A
 * document is kept, with all that belongs to it, as soon as the last of its files has passed; before that nothing of it is
 * there. So whatever breaks off leaves whole documents, and the same file once more goes on: what is here is passed over.
 */
import type { DocumentTag } from "../../../crypto/types.ts";
import { readCreatedAt } from "../../documents/entry.ts";
import type { BlobRef } from "../../documents/kinds.ts";
import type { LiveDocument } from "../../documents/live.ts";
import { BIN_MS, readMarks, setBinned } from "../../documents/marks.ts";
import { addShownBefore, setSource } from "../../documents/taken-along.ts";
import { fillDocument, isObject, type Json, NotADocument } from "../../documents/whole-document.ts";
import type { DrawPicture } from "../picture.ts";
import type { Pocket } from "../pocket.ts";
import { ArchiveError } from "./archive-errors.ts";
import {
  type ArchivedDocument,
  checkManifest,
  decodeDocument,
  entryOf,
  isOriginalName,
  MANIFEST,
  MAX_ENTRY_BYTES,
  ownerOf,
} from "./archive-format.ts";
import { entriesNamedIn, placeBlobs } from "./blob-names.ts";
import { keepWaiting, takenIn } from "./door-documents.ts";
import { announce, keepDocument, tagFor, tagOf } from "./keep-document.ts";
import { gather, type TakenMedia, takeMedia } from "./media-in.ts";
import type { ZipEntry } from "./zip-directory.ts";
import type { ZipFile } from "./zip-reading.ts";

export interface Bringing {
  readonly pocket: Pocket;
  readonly draw: DrawPicture;
  /** Counted while it goes on. */
  readonly count: { documents: number; known: number; left: number; damaged: number };
  /** Ids of documents that are here already, though not among the own ones (from-others.ts). */
  readonly here: ReadonlySet<string>;
  /** After each document. @throws when it shall end */
  step(done: number, total: number): void;
}

/** What has come of one document so far. */
interface Coming {
  /** Null: it is here already. */
  readonly tag: DocumentTag | null;
  /** Files that still have to pass, the document's own among them. */
  missing: number;
  text: string | null;
  readonly media: Map<string, TakenMedia>;
}

/** @throws ArchiveError, StoreError, VaultFailure; what was kept by then stays */
export async function readArchive(
  bringing: Bringing,
  entries: readonly ZipEntry[],
  files: AsyncIterable<ZipFile>,
): Promise<void> {
  const { pocket, count } = bringing;
  const filesOfDocument = countFiles(entries);
  const coming = new Map<string, Coming>();
  let done = 0;

  const begin = async (id: string): Promise<Coming> => {
    const known = coming.get(id);
    if (known !== undefined) return known;
    const tag = bringing.here.has(id) ? null : await tagFor(pocket, id);
    const begun: Coming = { tag, missing: filesOfDocument.get(id) ?? 0, text: null, media: new Map() };
    coming.set(id, begun);
    if (tag !== null) await announce(pocket, tag);
    return begun;
  };

  for await (const file of files) {
    const { name } = file.entry;
    const id = entryOf(name) ?? ownerOf(name);
    // Media of a document that isn't in the archive belong to nothing.
    if (id === null || !filesOfDocument.has(id)) continue;
    const one = await begin(id);
    if (one.tag !== null) await takeFile(bringing, one, one.tag, file);
    if (--one.missing > 0) continue;
    coming.delete(id);
    if (one.tag === null) count.known++;
    else await keep(bringing, id, one.tag, one);
    bringing.step(++done, filesOfDocument.size);
  }
}

/** How many files each document has, its own among them. */
function countFiles(entries: readonly ZipEntry[]): ReadonlyMap<string, number> {
  const counted = new Map<string, number>();
  for (const { name } of entries) {
    const id = entryOf(name);
    if (id !== null) counted.set(id, 1);
  }
  for (const { name } of entries) {
    const files = counted.get(ownerOf(name) ?? "");
    if (files !== undefined) counted.set(ownerOf(name) ?? "", files + 1);
  }
  return counted;
}

/** A file that is damaged costs what it was, not what stands beside it. */
async function takeFile({ pocket, draw }: Bringing, one: Coming, tag: DocumentTag, file: ZipFile): Promise<void> {
  try {
    if (entryOf(file.entry.name) !== null) {
      const bytes = await gather(file.content(), MAX_ENTRY_BYTES);
      one.text = bytes === null ? null : new TextDecoder().decode(bytes);
      return;
    }
    const taken = await takeMedia(pocket, draw, tag, file.content(), isOriginalName(file.entry.name));
    if (taken !== null) one.media.set(file.entry.name, taken);
  } catch (error) {
    if (!(error instanceof ArchiveError && error.code === "archive-damaged")) throw error;
  }
}

async function keep({ pocket, count }: Bringing, id: string, tag: DocumentTag, one: Coming): Promise<void> {
  try {
    if (one.text === null) throw new ArchiveError("archive-damaged");
    const archived = decodeDocument(one.text, id);
    const atDoor = await keepWaiting(pocket, tag, archived, one.media, () => count.left++);
    if (atDoor !== "not-here") {
      count[atDoor === "known" ? "known" : "documents"]++;
      return;
    }
    const named = [...entriesNamedIn(archived.content)];
    const tags = await Promise.all(named.map(async (entry) => [entry, await tagOf(pocket, entry)] as const));
    await keepDocument(pocket, tag, [...one.media.values()], (doc) => {
      count.left += fill(doc, archived, one.media, new Map(tags), pocket.clock.now());
    });
    await takenIn(pocket, id);
    count.documents++;
  } catch (error) {
    const isOurs = error instanceof NotADocument || (error instanceof ArchiveError && error.code === "archive-damaged");
    if (!isOurs) throw error;
    count.damaged++;
  }
}

type Doc = LiveDocument["doc"];

/** @returns how many photos and recordings it names that weren't taken in. @throws NotADocument */
function fill(
  doc: Doc,
  { id, content, shown }: ArchivedDocument,
  media: Coming["media"],
  entries: ReadonlyMap<string, string>,
  now: number,
): number {
  const blobs = new Map([...media].map(([name, { ref }]): [string, BlobRef] => [name, ref]));
  let left = 0;
  const missed = (): unknown => left++;
  const placed = placeBlobs(content, { blobs, entries, missed }) ?? {};
  fillDocument(doc, withSizes(placed, [...media.values()]));
  doc.transact(() => {
    setSource(doc, id);
    addShownBefore(doc, shown);
    const at = readCreatedAt(doc);
    if (!(at > MIN_MS && at < MAX_MS)) doc.getMap("about").set("createdAt", now);
    // What would go at once gets its thirty days from now.
    const { binnedAt } = readMarks(doc);
    if (binnedAt !== null && !(binnedAt > now - BIN_MS && binnedAt <= now)) setBinned(doc, now);
  });
  return left;
}

/** 1900 and 2200: what a calendar and a zip can say, and anybody's life. */
const MIN_MS = -2_208_988_800_000;
const MAX_MS = 7_258_118_400_000;

/** A photo that was drawn anew has the size of the drawing; a recording the length of what came. */
function withSizes(content: Json, media: readonly TakenMedia[]): Json {
  const byBlob = new Map(media.map((one) => [one.ref.blob as string, one]));
  const visit = (value: Json): Json => {
    if (Array.isArray(value)) return (value as readonly Json[]).map(visit);
    if (!isObject(value)) return value;
    const visited = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, visit(one)]));
    const photo = mediaOf(visited.full, byBlob);
    if (photo !== undefined) return { ...visited, width: photo.width, height: photo.height };
    const original = mediaOf(visited.file, byBlob);
    if (original?.original !== undefined) {
      return { ...visited, type: original.original.type, tells: original.original.tells, bytes: original.bytes };
    }
    const recording = mediaOf(visited.media, byBlob);
    return recording === undefined ? visited : { ...visited, bytes: recording.bytes };
  };
  return visit(content);
}

const mediaOf = (value: Json | undefined, byBlob: ReadonlyMap<string, TakenMedia>): TakenMedia | undefined =>
  isObject(value) && typeof value.blob === "string" ? byBlob.get(value.blob) : undefined;

/** Every archive of ours ends with it. @throws ArchiveError */
export async function checkArchive(file: ZipFile): Promise<void> {
  const bytes = file.entry.name === MANIFEST ? await gather(file.content(), MAX_ENTRY_BYTES) : null;
  if (bytes === null) throw new ArchiveError("archive-damaged");
  checkManifest(new TextDecoder().decode(bytes));
}
