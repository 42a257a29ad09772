/**
 * Photos and recordings in a document's JSON: by the sealed blob inside a pocket, by a file's name in an archive.
 *
 *   {"space", "blob"}  ⇄  {"$file": "media/<id>/1.jpg"}     · a blob that isn't at hand: {"$missing": true}
 *   "<blob>" alone, where the document also names it as above  ⇄  {"$blob": "media/<id>/1.jpg"}
 */

import { toBlobRef } from "../../documents/blob-ref.ts";
import type { BlobId, BlobRef } from "../../documents/kinds.ts";
import { isObject, type Json, type JsonObject } from "../../documents/whole-document.ts";

export interface NamedBlob {
  readonly ref: BlobRef;
  /** "1", "1-small", "2": a small picture has the number of its large one. */
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
    }
    for (const one of Object.values(value)) visit(one);
  };
  visit(content);
  return [...named.values()];
}

/** For the archive. `names`: of the files; null where the bytes aren't at hand. */
export function nameBlobs(content: Json, names: ReadonlyMap<string, string | null>): Json {
  const ref = toBlobRef(content);
  if (ref !== null) {
    const name = names.get(ref.blob) ?? null;
    return name === null ? { $missing: true } : { $file: name };
  }
  if (typeof content === "string") {
    const name = names.get(content);
    return name === undefined || name === null ? content : { $blob: name };
  }
  return changed(content, (one) => nameBlobs(one, names));
}

/**
 * Back again. What names a file of which nothing was taken in goes, with the object that it makes a photo or recording of.
 * `missed` hears of each.
 */
export function placeBlobs(content: Json, blobs: ReadonlyMap<string, BlobRef>, missed: () => void): Json | undefined {
  if (isObject(content)) {
    if (typeof content.$blob === "string") return blobs.get(content.$blob)?.blob ?? null;
    if (content.$missing === true || typeof content.$file === "string") {
      const ref = typeof content.$file === "string" ? blobs.get(content.$file) : undefined;
      if (ref === undefined) {
        missed();
        return undefined;
      }
      return { space: ref.space, blob: ref.blob };
    }
    const entries: [string, Json][] = [];
    for (const [key, value] of Object.entries(content)) {
      const placed =
        key === "$map" && isObject(value) ? placeInMap(value, blobs, missed) : placeBlobs(value, blobs, missed);
      if (placed === undefined) return undefined;
      entries.push([key, placed]);
    }
    return Object.fromEntries(entries);
  }
  if (Array.isArray(content)) {
    return (content as readonly Json[]).flatMap((one) => {
      const placed = placeBlobs(one, blobs, missed);
      return placed === undefined ? [] : [placed];
    });
  }
  return content;
}

/** A map of the document stays, whatever is missing in it. */
const placeInMap = (map: JsonObject, blobs: ReadonlyMap<string, BlobRef>, missed: () => void): Json =>
  Object.fromEntries(
    Object.entries(map).flatMap(([key, value]) => {
      const placed = placeBlobs(value, blobs, missed);
      return placed === undefined ? [] : [[key, placed] as const];
    }),
  );

function changed(value: Json, change: (one: Json) => Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(change);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, change(one)]));
}
