/** A document of one pocket as a new one of another: what it says now, with photos and recordings under the other's keys. */
import { randomId } from "../../../crypto/ids.ts";
import { sha256, toBase64Url } from "../../../crypto/sodium.ts";
import { toBlobRef } from "../../documents/blob-ref.ts";
import { readKind } from "../../documents/entry.ts";
import type { BlobId, BlobRef, DocumentTag, OwnKind, RecordingRef } from "../../documents/kinds.ts";
import { setBinned } from "../../documents/marks.ts";
import { readRecordings } from "../../documents/recordings.ts";
import { readUpdates } from "../../documents/updates.ts";
import { fillDocument, isObject, type Json, type WholeDocument, wholeOf } from "../../documents/whole-document.ts";
import type { Batch } from "../batch.ts";
import { findMediaKey, newMediaKey } from "../media-keys.ts";
import { createDocument } from "../own-documents.ts";
import type { Pocket } from "../pocket.ts";
import { StoreError } from "../ports.ts";
import { blobsIn } from "../take-along/blob-names.ts";

export interface ReadDocument {
  readonly kind: OwnKind;
  /** All that stands in it now; no deleted word, earlier version or client id, no photo's file as it came, and not that it is in the bin. */
  readonly whole: Json;
  readonly recordings: readonly RecordingRef[];
}

export const readDocument = (pocket: Pocket, document: DocumentTag): Promise<ReadDocument> =>
  pocket.store.exclusive(async () =>
    readUpdates(await pocket.log(pocket.keyring.me.pocket).updates(document), (doc) => ({
      kind: readKind(doc),
      whole: withoutOriginals(withoutBin(wholeOf(doc))),
      recordings: readRecordings(doc),
    })),
  );

/** Each side has a bin of its own: what was only put there says the same as before. */
function withoutBin({ about, ...roots }: WholeDocument): WholeDocument {
  if (!isObject(about) || !isObject(about.$map)) return about === undefined ? roots : { about, ...roots };
  const { binnedAt: _, ...map } = about.$map;
  return { about: { ...about, $map: map }, ...roots };
}

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

export interface CopyOptions {
  readonly alongside?: (batch: Batch) => void;
  /** The copy lies in the bin, since then. */
  readonly binnedAt?: number | null;
  /** A photo or recording that isn't here or doesn't open is left out, and the words come all the same. */
  readonly whatOpens?: boolean;
}

/**
 * Durable when it resolves, as `as`, in one transaction with `alongside` but for recordings, which come before it.
 * @throws VaultFailure not-here when a photo or recording of it is not on this device, CryptoError; StoreError
 */
export async function copyDocument(
  from: Pocket,
  document: DocumentTag,
  to: Pocket,
  as: DocumentTag,
  { alongside = () => undefined, binnedAt = null, whatOpens = false }: CopyOptions = {},
): Promise<void> {
  const { kind, whole, recordings } = await readDocument(from, document);
  const space = to.keyring.me.pocket;
  const refs = blobsIn(whole).map(({ ref }) => ref);
  const moved = new Map<string, BlobRef>(refs.map(({ blob }) => [blob, { space, blob: randomId<BlobId>() }]));
  const missing = new Set<string>();
  const orMissing = async <T>(blob: BlobId, reading: Promise<T>): Promise<T | null> => {
    try {
      return await reading;
    } catch (error) {
      if (!whatOpens || error instanceof StoreError) throw error;
      missing.add(blob);
      return null;
    }
  };
  for (const recording of recordings) {
    await orMissing(recording.media.blob, copyRecording(from, recording, to, as, moved));
  }
  const heard = new Set(recordings.map(({ media }) => media.blob));
  const pictures = new Map<BlobId, Uint8Array>();
  for (const { space: at, blob } of refs.filter((ref) => !heard.has(ref.blob))) {
    const key = await findMediaKey(from, blob);
    const bytes = await orMissing(blob, from.blobs.read(at, blob, key));
    if (bytes !== null) pictures.set(blob, bytes);
  }
  await createDocument(
    to,
    kind,
    (doc) => {
      fillDocument(doc, rename(whole, moved));
      setBinned(doc, binnedAt);
    },
    (batch, made) => {
      for (const [blob, bytes] of pictures) {
        const place = moved.get(blob);
        if (place === undefined) continue;
        to.blobs.put(batch, { ...place, document: made }, newMediaKey(to, place.blob), bytes);
      }
      alongside(batch);
      // What isn't here can't go to the server either, and must keep nothing back.
      return [...moved].flatMap(([blob, place]) => (missing.has(blob) ? [] : [place.blob]));
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
