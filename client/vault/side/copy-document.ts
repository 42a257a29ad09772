/** A document of one pocket as a new one of another: what it says now, with photos and recordings under the other's keys. */
import { randomId } from "../../../crypto/ids.ts";
import { sha256, toBase64Url } from "../../../crypto/sodium.ts";
import { toBlobRef } from "../../documents/blob-ref.ts";
import { readKind } from "../../documents/entry.ts";
import type { BlobId, BlobRef, DocumentTag, OwnKind, RecordingRef } from "../../documents/kinds.ts";
import { setBinned } from "../../documents/marks.ts";
import { readRecordings } from "../../documents/recordings.ts";
import { readUpdates } from "../../documents/updates.ts";
import { fillDocument, isObject, type Json, wholeOf } from "../../documents/whole-document.ts";
import type { Batch } from "../batch.ts";
import { findMediaKey, newMediaKey } from "../media-keys.ts";
import { createDocument } from "../own-documents.ts";
import type { Pocket } from "../pocket.ts";
import { blobsIn } from "../take-along/blob-names.ts";

export interface ReadDocument {
  readonly kind: OwnKind;
  /** All that stands in it now; no deleted word, earlier version or client id, and no photo's file as it came. */
  readonly whole: Json;
  readonly recordings: readonly RecordingRef[];
}

export const readDocument = (pocket: Pocket, document: DocumentTag): Promise<ReadDocument> =>
  pocket.store.exclusive(async () =>
    readUpdates(await pocket.log(pocket.keyring.me.pocket).updates(document), (doc) => ({
      kind: readKind(doc),
      whole: withoutOriginals(wholeOf(doc)),
      recordings: readRecordings(doc),
    })),
  );

/** A file as it came may tell where it was taken: it stays where the child keeps it. */
function withoutOriginals(content: Json): Json {
  if (Array.isArray(content)) return (content as readonly Json[]).map(withoutOriginals);
  if (!isObject(content)) return content;
  const isPhoto = toBlobRef(content.full) !== null && toBlobRef(content.thumbnail) !== null;
  const entries = Object.entries(content).filter(([key]) => !(isPhoto && key === "original"));
  return Object.fromEntries(entries.map(([key, one]) => [key, withoutOriginals(one)]));
}

/** The same for the same content in the same pocket; says nothing of it. */
export const digestOf = ({ whole }: ReadDocument): string => hash(whole);

/** The same for a document and its copy, whose photos and recordings lie elsewhere. */
export const saysOf = ({ whole }: ReadDocument): string => {
  const numbers = blobsIn(whole).map(({ ref }, at) => [ref.blob, { space: "", blob: String(at) }] as const);
  return hash(rename(whole, new Map<string, Place>(numbers)));
};

const hash = (content: Json): string => toBase64Url(sha256(new TextEncoder().encode(JSON.stringify(content))));

/**
 * Durable when it resolves, as `as`, in one transaction with `alongside` but for recordings, which come before it.
 * @throws VaultFailure not-here when a photo or recording of it is not on this device; StoreError
 */
export async function copyDocument(
  from: Pocket,
  document: DocumentTag,
  to: Pocket,
  as: DocumentTag,
  alongside: (batch: Batch) => void = () => undefined,
): Promise<void> {
  const { kind, whole, recordings } = await readDocument(from, document);
  const space = to.keyring.me.pocket;
  const refs = blobsIn(whole).map(({ ref }) => ref);
  const moved = new Map<string, BlobRef>(refs.map(({ blob }) => [blob, { space, blob: randomId<BlobId>() }]));
  for (const recording of recordings) await copyRecording(from, recording, to, as, moved);
  const heard = new Set(recordings.map(({ media }) => media.blob));
  const pictures = await readPictures(
    from,
    refs.filter(({ blob }) => !heard.has(blob)),
  );
  await createDocument(
    to,
    kind,
    (doc) => {
      fillDocument(doc, rename(whole, moved));
      setBinned(doc, null);
    },
    (batch, made) => {
      for (const [blob, bytes] of pictures) {
        const place = moved.get(blob);
        if (place === undefined) continue;
        to.blobs.put(batch, { ...place, document: made }, newMediaKey(to, place.blob), bytes);
      }
      alongside(batch);
      return [...moved.values()].map(({ blob }) => blob);
    },
    as,
  );
}

interface Place {
  readonly space: string;
  readonly blob: string;
}

/** The same content, its photos and recordings named as `moved` says; also where only their id stands, as in drawings. */
function rename(content: Json, moved: ReadonlyMap<string, Place>): Json {
  if (typeof content === "string") return moved.get(content)?.blob ?? content;
  if (Array.isArray(content)) return (content as readonly Json[]).map((one) => rename(one, moved));
  if (!isObject(content)) return content;
  const place = moved.get(toBlobRef(content)?.blob ?? "");
  if (place !== undefined) return { space: place.space, blob: place.blob };
  return Object.fromEntries(
    Object.entries(content).map(([key, one]) => [moved.get(key)?.blob ?? key, rename(one, moved)]),
  );
}

async function readPictures(from: Pocket, refs: readonly BlobRef[]): Promise<ReadonlyMap<BlobId, Uint8Array>> {
  const pictures = new Map<BlobId, Uint8Array>();
  for (const { space, blob } of refs) {
    pictures.set(blob, await from.blobs.read(space, blob, await findMediaKey(from, blob)));
  }
  return pictures;
}

async function copyRecording(
  from: Pocket,
  { media, bytes }: RecordingRef,
  to: Pocket,
  document: DocumentTag,
  moved: ReadonlyMap<string, BlobRef>,
): Promise<void> {
  const place = moved.get(media.blob);
  if (place === undefined) return;
  const key = await findMediaKey(from, media.blob);
  const source = { ...media, key, bytes, store: from.blobs };
  await to.blobs.copy(source, { ...place, document }, newMediaKey(to, place.blob));
}
