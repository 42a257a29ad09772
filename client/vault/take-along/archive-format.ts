/**
 * The archive: what is called how, and the JSON of one document. Spec, for whoever reads it without Lomme:
 * docs/protocol/take-along.md; the same in short goes into every archive as README.txt.
 *
 *   README.txt                    what this is, in English
 *   media/<id>/<n>.<ext>          photos and recordings, before the document they belong to
 *   entries/<id>.json             one document, all of it
 *   read/<year>-<month>.html      the same to be read
 *   index.html                    where to begin reading
 *   lomme.json                    what is in it, last
 *
 * Limits: MAX_ENTRY_BYTES for a document, MAX_PICTURE_BYTES and MAX_RECORDING_BYTES for what belongs to it.
 */
import { type ShownBefore, toShownBefore } from "../../documents/taken-along.ts";
import { isObject, type Json, type WholeDocument } from "../../documents/whole-document.ts";
import { ArchiveError } from "./archive-errors.ts";

const ARCHIVE_FORMAT = "lomme-archive";
const ARCHIVE_VERSION = 1;
export const MANIFEST = "lomme.json";
/** A text of two million characters, or a hundred drawings. */
export const MAX_ENTRY_BYTES = 16 * 1024 * 1024;
/** As picture.ts: what is larger is a scan or an attack. */
export const MAX_PICTURE_BYTES = 40 * 1024 * 1024;

const ENTRY_NAME = /^entries\/([0-9a-f]{32})\.json$/;
const MEDIA_NAME = /^media\/([0-9a-f]{32})\/[0-9]{1,5}(-small|-original)?\.[a-z0-9]{2,4}$/;

export const isOriginalName = (name: string): boolean => /-original\.[a-z0-9]+$/.test(name);
export const entryName = (id: string): string => `entries/${id}.json`;
export const mediaFolder = (id: string): string => `media/${id}/`;
/** The id in the name of a document's file; null for another file. */
export const entryOf = (name: string): string | null => ENTRY_NAME.exec(name)?.[1] ?? null;
/** The id of the document that a file belongs to; null for another file. */
export const ownerOf = (name: string): string | null => MEDIA_NAME.exec(name)?.[1] ?? null;

export interface ArchivedDocument {
  readonly id: string;
  readonly content: WholeDocument;
  readonly shown: readonly ShownBefore[];
  /** Null but for what waits at the door: nobody has taken it in yet. */
  readonly waits: LeftWords | null;
}

/** Who left it, in their own words, and what they wrote, to the letter. */
export interface LeftWords {
  readonly from: string;
  readonly text: string;
}

export const encodeDocument = (
  { id, content, shown, waits }: ArchivedDocument,
  title: string,
  createdAt: number,
): string => {
  const head = { format: "lomme-document", version: ARCHIVE_VERSION, id, title, createdAt: isoOf(createdAt) };
  return `${JSON.stringify({ ...head, content, shown, ...(waits !== null && { waits }) }, null, 1)}\n`;
};

/** @throws ArchiveError archive-damaged, archive-newer */
export function decodeDocument(text: string, id: string): ArchivedDocument {
  const json = parseJson(text);
  if (!isObject(json) || json.format !== "lomme-document" || json.id !== id) throw new ArchiveError("archive-damaged");
  checkVersion(json.version);
  const { content = null, shown = [], waits = null } = json;
  if (!isObject(content) || !Array.isArray(shown)) throw new ArchiveError("archive-damaged");
  return { id, content, shown: shown.flatMap(toShownBefore), waits: toLeftWords(waits) };
}

/** What has another shape is an entry like another. */
function toLeftWords(waits: Json): LeftWords | null {
  const { from, text } = isObject(waits) ? waits : {};
  return typeof from === "string" && typeof text === "string" ? { from, text } : null;
}

export interface Manifest {
  readonly documents: number;
  readonly missing: number;
}

export const encodeManifest = ({ documents, missing }: Manifest, madeAt: number, from: number): string =>
  `${JSON.stringify(
    { format: ARCHIVE_FORMAT, version: ARCHIVE_VERSION, madeAt: isoOf(madeAt), from, documents, missing },
    null,
    1,
  )}\n`;

/** @throws ArchiveError archive-damaged, archive-newer */
export function checkManifest(text: string): void {
  const json = parseJson(text);
  if (!isObject(json) || json.format !== ARCHIVE_FORMAT) throw new ArchiveError("archive-damaged");
  checkVersion(json.version);
}

function checkVersion(version: Json | undefined): void {
  if (typeof version !== "number") throw new ArchiveError("archive-damaged");
  if (version > ARCHIVE_VERSION) throw new ArchiveError("archive-newer");
}

/** Types within types are at most 64 deep (documents/probe.ts), each some three levels of JSON. */
const MAX_LEVELS = 256;

/** @throws ArchiveError archive-damaged, also when it nests so deep that whoever walks through it would fall */
export function parseJson(text: string): Json {
  if (levelsOf(text) > MAX_LEVELS) throw new ArchiveError("archive-damaged");
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new ArchiveError("archive-damaged");
  }
}

function levelsOf(text: string): number {
  let level = 0;
  let deepest = 0;
  for (const [one] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{\]}]/gs)) {
    if (one === "[" || one === "{") deepest = Math.max(deepest, ++level);
    else if (one === "]" || one === "}") level--;
  }
  return deepest;
}

export const isoOf = (at: number): string => {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
};
