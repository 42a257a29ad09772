/**
 * What a document's JSON says of other things: photos and recordings by the sealed blob inside a pocket and by a file's name
 * in an archive, other documents by their tag here and by their id there.
 *
 *   {"space", "blob"}  ⇄  {"$file": "media/<id>/1.jpg"}     · a blob that isn't at hand: {"$missing": true}
 *   "<blob>" alone, where the document also names it as above  ⇄  {"$blob": "media/<id>/1.jpg"}, as a key "$file:media/…"
 *   "<tag>" of a document of the pocket  ⇄  {"$entry": "<id>"}, as a key "$entry:<id>"
 */
import { toBlobRef } from "../../documents/blob-ref.ts";
import type { BlobId, BlobRef } from "../../documents/kinds.ts";
import { isObject, type Json, type JsonObject } from "../../documents/whole-document.ts";

export interface NamedBlob {
  readonly ref: BlobRef;
  /** "1", "1-small", "1-original", "2": what is made of one photo has one number. */
  readonly stem: string;
}

/** Each once, in the order in which they stand in the document. */
export function blobsIn(content: Json): readonly NamedBlob[] {
  const named = new Map<BlobId, NamedBlob>();
  let number = 0;
  const add = (ref: BlobRef, stem: string): void => {
    if (!named.has(ref.blob)) named.set(ref.blob, { ref, stem });
  };
  const visit = (value: Json): void => {
    if (Array.isArray(value)) for (const one of value) visit(one);
    if (!isObject(value)) return;
    const ref = toBlobRef(value);
    if (ref !== null) {
      add(ref, String(++number));
      return;
    }
    const full = toBlobRef(value.full);
    const small = toBlobRef(value.thumbnail);
    if (full !== null && small !== null) {
      number++;
      add(full, String(number));
      add(small, `${number}-small`);
      const original = isObject(value.original) ? toBlobRef(value.original.file) : null;
      if (original !== null) add(original, `${number}-original`);
    }
    for (const one of Object.values(value)) visit(one);
  };
  visit(content);
  return [...named.values()];
}

/** Every string and key that could be a document's tag. */
export function idsIn(content: Json): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (value: Json): void => {
    if (typeof value === "string" && ID.test(value)) found.add(value);
    else if (Array.isArray(value)) for (const one of value) visit(one);
    else if (isObject(value)) {
      for (const [key, one] of Object.entries(value)) {
        if (ID.test(key)) found.add(key);
        visit(one);
      }
    }
  };
  visit(content);
  return found;
}

const ID = /^[0-9a-f]{32}$/;

export interface Outside {
  /** Name of each blob's file; null where its bytes aren't at hand. */
  readonly files: ReadonlyMap<string, string | null>;
  /** Id in the archive of each document that is named. */
  readonly entries: ReadonlyMap<string, string>;
}

/** For the archive. */
export function nameBlobs(content: Json, outside: Outside): Json {
  const ref = toBlobRef(content);
  if (ref !== null) {
    const name = outside.files.get(ref.blob) ?? null;
    return name === null ? { $missing: true } : { $file: name };
  }
  if (typeof content === "string") {
    const name = outside.files.get(content) ?? null;
    if (name !== null) return { $blob: name };
    const id = outside.entries.get(content);
    return id === undefined ? content : { $entry: id };
  }
  if (Array.isArray(content)) return (content as readonly Json[]).map((one) => nameBlobs(one, outside));
  if (!isObject(content)) return content;
  return Object.fromEntries(
    Object.entries(content).map(([key, one]) => [nameKey(key, outside), nameBlobs(one, outside)]),
  );
}

function nameKey(key: string, { files, entries }: Outside): string {
  const name = files.get(key) ?? null;
  if (name !== null) return `$file:${name}`;
  const id = entries.get(key);
  return id === undefined ? key : `$entry:${id}`;
}

export interface Inside {
  /** What was taken in of each file. */
  readonly blobs: ReadonlyMap<string, BlobRef>;
  /** Tag here of each document that is named. */
  readonly entries: ReadonlyMap<string, string>;
  /** Hears of each photo and recording that wasn't taken in. */
  missed(): void;
}

/** Ids of the documents that content out of an archive names. */
export function entriesNamedIn(content: Json): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (value: Json): void => {
    if (Array.isArray(value)) for (const one of value) visit(one);
    if (!isObject(value)) return;
    if (typeof value.$entry === "string" && ID.test(value.$entry)) found.add(value.$entry);
    for (const [key, one] of Object.entries(value)) {
      const id = KEY.exec(key);
      if (id?.[1] === "entry" && ID.test(id[2] ?? "")) found.add(id[2] ?? "");
      visit(one);
    }
  };
  visit(content);
  return found;
}

const KEY = /^\$(entry|file):(.*)$/s;

/** Back again. What names a file of which nothing was taken in goes, with the object that it makes a photo or recording of. */
export function placeBlobs(content: Json, inside: Inside): Json | undefined {
  if (Array.isArray(content)) {
    return (content as readonly Json[]).flatMap((one) => {
      const placed = placeBlobs(one, inside);
      return placed === undefined ? [] : [placed];
    });
  }
  if (!isObject(content)) return content;
  if (typeof content.$blob === "string") return inside.blobs.get(content.$blob)?.blob ?? null;
  if (typeof content.$entry === "string") return inside.entries.get(content.$entry) ?? null;
  // A blob by its id is no file of this archive.
  if (content.$missing === true || typeof content.$file === "string" || toBlobRef(content) !== null) {
    const ref = typeof content.$file === "string" ? inside.blobs.get(content.$file) : undefined;
    if (ref === undefined) inside.missed();
    return ref && { space: ref.space, blob: ref.blob };
  }
  const entries: [string, Json][] = [];
  for (const [key, value] of Object.entries(content)) {
    const placed = key === "$map" && isObject(value) ? placeInMap(value, inside) : placeBlobs(value, inside);
    // A photo is a photo without the file it was made of.
    const isOriginal = key === "original" && placed === undefined;
    if (placed === undefined && !isOriginal) return undefined;
    entries.push([key, placed ?? null]);
  }
  return Object.fromEntries(entries);
}

/** A map of the document stays, whatever is missing in it. */
const placeInMap = (map: JsonObject, inside: Inside): Json =>
  Object.fromEntries(
    Object.entries(map).flatMap(([key, value]) => {
      const placed = placeBlobs(value, inside);
      const here = placeKey(key, inside);
      return placed === undefined || here === undefined ? [] : [[here, placed] as const];
    }),
  );

function placeKey(key: string, { blobs, entries }: Inside): string | undefined {
  const [, kind, name = ""] = KEY.exec(key) ?? [];
  if (kind === undefined) return key;
  return kind === "entry" ? entries.get(name) : blobs.get(name)?.blob;
}
