/**
 * Day One's JSON export: a zip with a JSON file for each journal and folders `photos`, `videos`, `audios`, whose files are
 * named by the MD5 of what they hold. An entry:
 *
 *   uuid, creationDate (ISO 8601), text (Markdown), tags, starred, isPinned, photos | videos | audios: [{ identifier, md5,
 *   type, duration? }], and in the text ![](dayone-moment://<identifier>) where one of them stands
 *
 * Taken over: text, its first line as the title where that is a heading, date, tags, star as pin, the words of its place
 * (the label that was given to it before the name that was looked up), photos in their order, recordings in WebM or MP4. Not
 * taken over: the position itself, weather, steps, device, PDFs, and where in the text a photo stood. The MD5 is a name here
 * and nothing is believed of it. Sources: exports of Day One 2 … 2025 as several converters read them; there is no
 * specification by its makers.
 */
import { utf8 } from "../../../crypto/bytes.ts";
import { isId } from "../../../crypto/ids.ts";
import { sha256, toHex } from "../../../crypto/sodium.ts";
import type { DocumentTag } from "../../../crypto/types.ts";
import { addPhotoTo, appendText, beginDocument, setTitle } from "../../documents/entry.ts";
import type { MediaType, RichText } from "../../documents/kinds.ts";
import type { LiveDocument } from "../../documents/live.ts";
import { setPinned, setWords, toggleWord } from "../../documents/marks.ts";
import { addRecordingTo } from "../../documents/recordings.ts";
import { setSource } from "../../documents/taken-along.ts";
import { isObject, type Json, type JsonObject } from "../../documents/whole-document.ts";
import { ArchiveError } from "./archive-errors.ts";
import { MAX_PICTURE_BYTES, parseJson } from "./archive-format.ts";
import { announce, keepDocument, tagFor } from "./keep-document.ts";
import { markdownToRichText } from "./markdown.ts";
import { gather, keepPicture, type TakenMedia, takeMedia } from "./media-in.ts";
import type { Bringing } from "./read-archive.ts";
import type { ZipEntry } from "./zip-directory.ts";
import { filesOf } from "./zip-reading.ts";

/** A journal of ten thousand entries has some 30 MB. */
const MAX_JOURNAL_BYTES = 256 * 1024 * 1024;
const JOURNAL = /^[^/]+\.json$/i;
const MOMENT = /!\[[^\]]*\]\(dayone-moment:\/?\/[^)]*\)/g;
const FOLDERS = ["photos", "videos", "audios"] as const;
type Folder = (typeof FOLDERS)[number];

type Doc = LiveDocument["doc"];

export const looksLikeDayOne = (entries: readonly ZipEntry[]): boolean =>
  entries.some(({ name }) => JOURNAL.test(name));

/** @throws ArchiveError archive-unknown when no journal is in it; StoreError, VaultFailure */
export async function readDayOne(bringing: Bringing, file: Blob, entries: readonly ZipEntry[]): Promise<void> {
  const journals: JsonObject[] = [];
  for (const entry of entries.filter(({ name }) => JOURNAL.test(name))) {
    const bytes = await gather(contentOf(file, entry), MAX_JOURNAL_BYTES);
    const json = bytes === null ? null : parseJson(new TextDecoder().decode(bytes));
    if (isObject(json) && Array.isArray(json.entries)) journals.push(json);
  }
  if (journals.length === 0) throw new ArchiveError("archive-unknown");
  const all = journals.flatMap(({ entries: written }) => (written as readonly Json[]).filter(isObject));
  const byName = new Map(entries.map((entry) => [entry.name.toLowerCase(), entry]));
  for (const [at, written] of all.entries()) {
    await bringEntry(bringing, file, byName, written);
    bringing.step(at + 1, all.length);
  }
}

async function bringEntry(
  { pocket, draw, count }: Bringing,
  file: Blob,
  byName: ReadonlyMap<string, ZipEntry>,
  written: JsonObject,
): Promise<void> {
  const { uuid, creationDate } = written;
  const at = typeof creationDate === "string" ? Date.parse(creationDate) : Number.NaN;
  if (typeof uuid !== "string" || uuid === "" || uuid.length > 64 || Number.isNaN(at)) {
    count.damaged++;
    return;
  }
  const source = sourceFor(uuid);
  const tag = await tagFor(pocket, source);
  if (tag === null) {
    count.known++;
    return;
  }
  await announce(pocket, tag);
  count.left += listOf(written.pdfAttachments).length;
  const photos: [TakenMedia, TakenMedia][] = [];
  const recordings: [TakenMedia, JsonObject][] = [];
  for (const { folder, about } of mediaOf(written)) {
    const entry = fileOf(byName, folder, about);
    if (entry === undefined) count.left++;
    else if (folder === "photos") {
      const photo = await takePhoto({ pocket, draw }, tag, contentOf(file, entry)).catch(refusedOnly);
      if (photo === null) count.left++;
      else photos.push(photo);
    } else {
      const taken = await takeMedia(pocket, draw, tag, contentOf(file, entry)).catch(refusedOnly);
      if (taken === null || taken.kind === "picture") count.left++;
      else recordings.push([taken, about]);
    }
  }
  const media = [...photos.flat(), ...recordings.map(([one]) => one)];
  await keepDocument(pocket, tag, media, (doc) => {
    writeEntry(doc, written, at);
    setSource(doc, source);
    for (const [full, small] of photos) {
      addPhotoTo(doc, { full: full.ref, thumbnail: small.ref, width: full.width, height: full.height });
    }
    for (const [one, about] of recordings) {
      const container = one.kind === "webm" ? "webm" : "mp4";
      const type: MediaType = `${about.folder === "videos" ? "video" : "audio"}/${container}`;
      const seconds = typeof about.duration === "number" ? about.duration : 0;
      const durationMs = Math.min(86_400_000, Math.max(0, Math.round(seconds * 1000)));
      addRecordingTo(doc, { media: one.ref, type, bytes: one.bytes, durationMs, peaks: [] });
    }
  });
  count.documents++;
}

function writeEntry(doc: Doc, written: JsonObject, at: number): void {
  beginDocument(doc, "entry", at);
  const { title, text } = splitTitle(markdownToRichText(textOf(written)));
  if (title !== "") setTitle(doc, title);
  appendText(doc, text);
  if (written.starred === true || written.isPinned === true) setPinned(doc, true);
  setWords(doc, "place", placeOf(written));
  for (const tag of listOf(written.tags)) if (typeof tag === "string") toggleWord(doc, "tags", tag);
}

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);

/** Words only: where a child is, in numbers, stays out of Lomme. */
function placeOf({ location = null }: JsonObject): string {
  const { userLabel, placeName, localityName } = isObject(location) ? location : {};
  const words = [userLabel, placeName, localityName].find((one) => typeof one === "string" && one.trim() !== "");
  return typeof words === "string" ? words.trim() : "";
}

const textOf = ({ text }: JsonObject): string => (typeof text === "string" ? text.replaceAll(MOMENT, "") : "");

/** Day One has no field for a title: a heading in the first line is one. */
function splitTitle(text: RichText): { readonly title: string; readonly text: RichText } {
  const [first, ...rest] = text;
  if (first?.type !== "heading") return { title: "", text };
  return { title: first.runs.map((run) => run.text).join(""), text: rest };
}

/** In an archive of ours an id is 32 hexadecimal digits, and so are Day One's with their hyphens taken away. */
function sourceFor(uuid: string): string {
  const plain = uuid.toLowerCase().replaceAll("-", "");
  return isId(plain) ? plain : toHex(sha256(utf8(uuid))).slice(0, 32);
}

function mediaOf(written: JsonObject): { readonly folder: Folder; readonly about: JsonObject }[] {
  return FOLDERS.flatMap((folder) =>
    listOf(written[folder])
      .filter(isObject)
      .toSorted((a, b) => orderOf(a) - orderOf(b))
      .map((about) => ({ folder, about: { ...about, folder } })),
  );
}

const orderOf = ({ orderInEntry }: JsonObject): number => (typeof orderInEntry === "number" ? orderInEntry : 0);

function fileOf(
  byName: ReadonlyMap<string, ZipEntry>,
  folder: string,
  { md5, type }: JsonObject,
): ZipEntry | undefined {
  if (typeof md5 !== "string" || !/^[0-9a-f]{32}$/i.test(md5)) return undefined;
  const endings = [typeof type === "string" ? type : "", "jpeg", "jpg", "png", "heic", "mp4", "mov", "m4a"];
  return endings
    .map((ending) => byName.get(`${folder}/${md5}.${ending}`.toLowerCase()))
    .find((one) => one !== undefined);
}

async function takePhoto(
  { pocket, draw }: Pick<Bringing, "pocket" | "draw">,
  tag: DocumentTag,
  content: AsyncIterable<Uint8Array>,
): Promise<[TakenMedia, TakenMedia] | null> {
  const bytes = await gather(content, MAX_PICTURE_BYTES);
  if (bytes === null) return null;
  // Drawn anew whatever it is: a thumbnail is needed too, and these come from elsewhere.
  const drawn = await draw(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  return [await keepPicture(pocket, tag, drawn.full, drawn), await keepPicture(pocket, tag, drawn.thumbnail, drawn)];
}

/** What isn't a picture, or is damaged, is left; a full disk is not to be passed over. */
function refusedOnly(error: unknown): null {
  const code = (error as { readonly code?: unknown }).code;
  if (code === "bad-picture" || code === "archive-damaged") return null;
  throw error;
}

async function* contentOf(file: Blob, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  for await (const one of filesOf(file.slice(entry.at).stream(), [entry], entry.at)) yield* one.content();
}
