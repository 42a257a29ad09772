/**
 * The life story as an own document: stops on a line, in the order the child gives them.
 *
 * | name | type | holds |
 * |---|---|---|
 * | about | Map | kind: 'life'; createdAt: ms (entry.ts) |
 * | stops | Map | 32 hex digits → Map: `sign` name of a drawing, `order` number, `title`; `season`, `age`, `year`, `words` or `unknown` (when); `goneAt` ms; `text` Y.Text; `photos` Map full blob id → true; `entries` Map document → true |
 * | photos | Array | PhotoRef of every stop (entry.ts) |
 *
 * Nothing in it is asked for: a stop is whole with a sign alone, a gap is a stop like any other, and its time may be a
 * season, an age, a year, the child's own words, or "I don't know". What was taken off stays for BIN_MS. Two devices may
 * each have begun a life story before they met: `mergeUpdate` makes one of both, as ids are random.
 */
import * as Y from "yjs";
import { addPhotoTo, readPhotos, removePhotoFrom } from "./entry.ts";
import {
  type BlobId,
  type DocumentTag,
  LIFE_SEASONS,
  type LifeStop,
  type LifeWhen,
  type PhotoRef,
  type StopId,
} from "./kinds.ts";
import { writeField } from "./plain-field.ts";

/** Characters of a stop's name and of its time in words. */
export const MAX_STOP_TITLE = 80;
export const MAX_AGE = 25;
const ID = /^[0-9a-f]{32}$/;
const SIGN = /^[a-z][a-z-]{0,31}$/;
/** Between two neighbours; a move halves it, and when nothing is left all get new places. */
const STEP = 1024;

const stopsOf = (doc: Y.Doc): Y.Map<unknown> => doc.getMap("stops");

function stopOf(doc: Y.Doc, id: StopId): Y.Map<unknown> | null {
  const stop = stopsOf(doc).get(id);
  return stop instanceof Y.Map ? stop : null;
}

// ── Edit functions ─────────────────────────────────────────────────────────────────────────────────────────────────

/** A new stop at the end of the line. `id` is random, from the caller. */
export function addStop(doc: Y.Doc, id: StopId, sign: string): void {
  doc.transact(() => {
    const last = placed(doc).at(-1)?.order ?? 0;
    const stop = new Y.Map<unknown>();
    stopsOf(doc).set(id, stop);
    stop.set("sign", sign);
    stop.set("order", last + STEP);
    // Made here, once: two devices that each made them would keep only one's words.
    stop.set("text", new Y.Text());
    stop.set("photos", new Y.Map());
    stop.set("entries", new Y.Map());
  });
}

export const setStopSign = (doc: Y.Doc, id: StopId, sign: string): void => setField(doc, id, "sign", sign);

export const setStopTitle = (doc: Y.Doc, id: StopId, title: string): void =>
  setField(doc, id, "title", title.slice(0, MAX_STOP_TITLE));

/** Fields that are left out stay; null takes one off. "I don't know" takes the others off, and any of them takes it off. */
export function setStopWhen(doc: Y.Doc, id: StopId, when: Partial<LifeWhen>): void {
  doc.transact(() => {
    if (when.unknown === true) for (const key of ["season", "age", "year", "words"]) setField(doc, id, key, null);
    else setField(doc, id, "unknown", null);
    for (const [key, value] of Object.entries(when)) {
      const said = typeof value === "string" ? value.slice(0, MAX_STOP_TITLE) : value;
      setField(doc, id, key, said === false || said === "" ? null : said);
    }
  });
}

export function writeStopText(doc: Y.Doc, id: StopId, words: string): void {
  const text = stopOf(doc, id)?.get("text");
  if (text instanceof Y.Text) writeField(text, words);
}

/** Moves a stop past its neighbour: -1 earlier on the line, 1 later. At the end of the line it stays. */
export function moveStop(doc: Y.Doc, id: StopId, by: -1 | 1): void {
  doc.transact(() => {
    const line = placed(doc);
    const at = line.findIndex((one) => one.id === id);
    const past = line[at + by];
    if (at < 0 || past === undefined) return;
    const beyond = line[at + 2 * by]?.order ?? past.order + by * STEP;
    const order = (past.order + beyond) / 2;
    const between = by > 0 ? order > past.order && order < beyond : order < past.order && order > beyond;
    if (between) setField(doc, id, "order", order);
    else {
      const ids = places(doc).flatMap((one) => (one.id === id ? [] : one.id));
      ids.splice(ids.indexOf(past.id) + (by > 0 ? 1 : 0), 0, id);
      for (const [index, one] of ids.entries()) setField(doc, one, "order", (index + 1) * STEP);
    }
  });
}

/** Takes it off the line (`at` in milliseconds, from the caller's clock), or puts it back where it was (null). */
export const setStopGone = (doc: Y.Doc, id: StopId, at: number | null): void => setField(doc, id, "goneAt", at);

/** Lets go for good of what was taken off before this time (ms), with its photos. */
export function forgetStops(doc: Y.Doc, before: number): void {
  const old = readStops(doc).filter(({ goneAt }) => goneAt !== null && goneAt < before);
  if (old.length === 0) return;
  doc.transact(() => {
    for (const { id, photos } of old) {
      for (const photo of photos) removePhotoFrom(doc, photo);
      stopsOf(doc).delete(id);
    }
  });
}

/** Puts a photo of the document on this stop. */
export const addStopPhoto = (doc: Y.Doc, id: StopId, photo: BlobId): void => setIn(doc, id, "photos", photo, true);

/** Puts a photo into the document and on this stop. False, and nothing done, where there is no such stop. */
export function addPhotoToStop(doc: Y.Doc, id: StopId, photo: PhotoRef): boolean {
  if (!(stopOf(doc, id)?.get("photos") instanceof Y.Map)) return false;
  doc.transact(() => {
    addPhotoTo(doc, photo);
    addStopPhoto(doc, id, photo.full.blob);
  });
  return true;
}

export function removeStopPhoto(doc: Y.Doc, id: StopId, photo: BlobId): void {
  doc.transact(() => {
    setIn(doc, id, "photos", photo, false);
    removePhotoFrom(doc, photo);
  });
}

/** An entry that belongs to this time: a way to it, never a copy. */
export const setStopEntry = (doc: Y.Doc, id: StopId, entry: DocumentTag, on: boolean): void =>
  setIn(doc, id, "entries", entry, on);

function setField(doc: Y.Doc, id: StopId, key: string, value: unknown): void {
  const stop = stopOf(doc, id);
  if (stop === null || stop.get(key) === (value ?? undefined)) return;
  if (value === null || value === undefined) stop.delete(key);
  else stop.set(key, value);
}

function setIn(doc: Y.Doc, id: StopId, key: "photos" | "entries", name: string, on: boolean): void {
  const names = stopOf(doc, id)?.get(key);
  if (!(names instanceof Y.Map)) return;
  if (on) names.set(name, true);
  else names.delete(name);
}

// ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** All stops in the order of the line, those that were taken off among them. */
export function readStops(doc: Y.Doc): readonly LifeStop[] {
  const here = new Set(readPhotos(doc).map(({ full }) => full.blob));
  return places(doc).map(({ id, stop }) => ({
    id,
    sign: readSign(stop.get("sign")),
    title: readString(stop.get("title")),
    when: readWhen(stop),
    text: stop.get("text") instanceof Y.Text ? (stop.get("text") as Y.Text).toString() : "",
    photos: keysOf(stop.get("photos")).filter((photo): photo is BlobId => here.has(photo as BlobId)),
    entries: keysOf(stop.get("entries")) as DocumentTag[],
    goneAt: readNumber(stop.get("goneAt")),
  }));
}

/** Those on the line. */
export const readLine = (doc: Y.Doc): readonly LifeStop[] => readStops(doc).filter(({ goneAt }) => goneAt === null);

/** Its words, for search and for the list. */
export const lifeWords = (stops: readonly LifeStop[]): string =>
  stops
    .flatMap(({ title, when, text }) => [title, when.year === null ? "" : String(when.year), when.words, text])
    .filter((words) => words.trim() !== "")
    .join("\n");

interface Place {
  readonly id: StopId;
  readonly order: number;
  readonly stop: Y.Map<unknown>;
}

/** By order; where two devices chose the same place, by id, everywhere the same. */
const places = (doc: Y.Doc): readonly Place[] =>
  [...stopsOf(doc).entries()]
    .flatMap(([id, stop]): readonly Place[] =>
      ID.test(id) && stop instanceof Y.Map
        ? [{ id: id as StopId, stop, order: readNumber(stop.get("order")) ?? 0 }]
        : [],
    )
    .sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));

const placed = (doc: Y.Doc): readonly Place[] => places(doc).filter(({ stop }) => !stop.has("goneAt"));

function readWhen(stop: Y.Map<unknown>): LifeWhen {
  const age = readNumber(stop.get("age"));
  const year = readNumber(stop.get("year"));
  return {
    season: LIFE_SEASONS.find((one) => one === stop.get("season")) ?? null,
    age: age !== null && age >= 0 && age <= MAX_AGE ? age : null,
    year: year !== null && year >= 1900 && year <= 9999 ? year : null,
    words: readString(stop.get("words")),
    unknown: stop.get("unknown") === true,
  };
}

const readString = (value: unknown): string => (typeof value === "string" ? value.slice(0, MAX_STOP_TITLE) : "");
const readNumber = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) ? value : null;
const readSign = (value: unknown): string => (typeof value === "string" && SIGN.test(value) ? value : "star");
const keysOf = (value: unknown): readonly string[] =>
  value instanceof Y.Map ? [...value.keys()].filter((key) => ID.test(key)).sort((a, b) => (a < b ? -1 : 1)) : [];
