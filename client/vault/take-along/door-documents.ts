/**
 * What was left at the door and waits there: in an archive it is an entry that says who left it, and that it waits. Where
 * it is brought in it lies at the door again, for the child to take in or not. Once taken in, it is an entry like another,
 * under the id it had at the door, so that the same archive brings it in no second time.
 */
import type { BlobId, DocumentTag } from "../../../crypto/types.ts";
import { addPhotoTo, appendText, beginDocument, setFrom } from "../../documents/entry.ts";
import type { BlobRef } from "../../documents/kinds.ts";
import { plainToRichText } from "../../documents/rich-text.ts";
import { firstUpdate, readUpdate } from "../../documents/updates.ts";
import { isObject, type Json, type JsonObject } from "../../documents/whole-document.ts";
import { Batch } from "../batch.ts";
import {
  forgetDoorItem,
  type LeftItem,
  liesAtDoor,
  listDoorItems,
  mayLieAtDoor,
  putDoorItem,
  readDoorItem,
} from "../door.ts";
import { VaultFailure } from "../failure.ts";
import { findMediaKey } from "../media-keys.ts";
import type { Pocket } from "../pocket.ts";
import type { ArchivedDocument } from "./archive-format.ts";
import { saneTime } from "./book-entry.ts";
import { type OtherDocument, type Readable, readableOf } from "./from-others.ts";
import { forgetAnnounced } from "./keep-document.ts";
import type { TakenMedia } from "./media-in.ts";

/** In no order. Only a child has a door. */
export async function listWaiting(pocket: Pocket): Promise<readonly OtherDocument[]> {
  if (pocket.keyring.me.role !== "child") return [];
  return (await listDoorItems(pocket.store)).map(({ id, at }) => ({
    document: id as DocumentTag,
    createdAt: saneTime(at),
    shown: [],
    read: async () => readItem(pocket, await readDoorItem(pocket.store, id)),
  }));
}

function readItem(pocket: Pocket, item: LeftItem): Readable {
  const { pocket: space } = pocket.keyring.me;
  // Its photo lies in the item itself: these names stand for its two sizes until the archive has names of its own.
  const [full, thumbnail] = ["0", "1"].map((size) => ({ space, blob: (size + item.id.slice(1)) as BlobId }));
  const { photo, from, text } = item;
  const update = firstUpdate((doc) => {
    beginDocument(doc, "entry", saneTime(item.at));
    setFrom(doc, from);
    if (text.trim() !== "") appendText(doc, plainToRichText(text));
    if (photo !== null && full !== undefined && thumbnail !== undefined) {
      addPhotoTo(doc, { full, thumbnail, width: photo.width, height: photo.height });
    }
  });
  const bytes = new Map<string, Uint8Array>();
  if (photo !== null && full !== undefined && thumbnail !== undefined) {
    bytes.set(full.blob, photo.full).set(thumbnail.blob, photo.thumbnail);
  }
  const read = readUpdate(update, (doc) => readableOf(doc, item.id as DocumentTag));
  return { ...read, isWhole: true, waits: { from, text }, bytes };
}

/**
 * Puts what waited at the door where the archive was made back to this pocket's, with its photo; `missed` hears of a photo
 * that can't be taken in. "not-here" where this pocket has no door, or it is full: then it comes in as an entry, and nothing
 * is lost. @throws StoreError: then it is as before
 */
export async function keepWaiting(
  pocket: Pocket,
  tag: DocumentTag,
  { id, content, waits }: ArchivedDocument,
  media: ReadonlyMap<string, TakenMedia>,
  missed: () => void,
): Promise<"kept" | "known" | "not-here"> {
  if (waits === null || pocket.keyring.me.role !== "child") return "not-here";
  if (await liesAtDoor(pocket.store, id)) {
    await forgetAnnounced(pocket, tag);
    return "known";
  }
  const left = firstPhoto(content.photos ?? null);
  const photo = left === null ? null : await readPhoto(pocket, tag, left, media);
  const about = isObject(content.about) && isObject(content.about.$map) ? content.about.$map : {};
  const at = typeof about.createdAt === "number" ? saneTime(about.createdAt) : pocket.clock.now();
  const item: LeftItem = { id, ...waits, at, photo };
  if (!(await mayLieAtDoor(pocket.store, item))) return "not-here";
  await forgetAnnounced(pocket, tag, putDoorItem(pocket.store, item));
  if (left !== null && photo === null) missed();
  pocket.emit({ type: "changed", what: "door" });
  return "kept";
}

/** It was taken in where the archive was made: then it lies at no door any more. */
export async function takenIn(pocket: Pocket, id: string): Promise<void> {
  if (!(await liesAtDoor(pocket.store, id))) return;
  await pocket.store.exclusive(() => pocket.store.commit(forgetDoorItem(pocket.store, id)));
  pocket.emit({ type: "changed", what: "door" });
}

/** Something left at the door has one photo at the most. */
function firstPhoto(photos: Json): JsonObject | null {
  const [first = null] = isObject(photos) && Array.isArray(photos.$list) ? (photos.$list as readonly Json[]) : [];
  return isObject(first) ? first : null;
}

const fileOf = (value: Json | undefined): string =>
  isObject(value) && typeof value.$file === "string" ? value.$file : "";

/** Both sizes; null where one of them wasn't taken in. */
async function readPhoto(
  pocket: Pocket,
  document: DocumentTag,
  photo: JsonObject,
  media: ReadonlyMap<string, TakenMedia>,
): Promise<LeftItem["photo"]> {
  const [full, thumbnail] = [media.get(fileOf(photo.full)), media.get(fileOf(photo.thumbnail))];
  if (full?.kind !== "picture" || thumbnail?.kind !== "picture") return null;
  const batch = new Batch();
  await pocket.store.exclusive(async () => {
    for (const { ref, chunks } of [full, thumbnail]) pocket.blobs.finish(batch, { ...ref, document }, chunks);
    await batch.commit(pocket.store);
  });
  const read = async ({ space, blob }: BlobRef): Promise<Uint8Array> =>
    pocket.blobs.read(space, blob, await findMediaKey(pocket, blob));
  return {
    full: await read(full.ref),
    thumbnail: await read(thumbnail.ref),
    width: full.width,
    height: full.height,
  };
}

/** Gone from the door in the meantime: then it isn't taken along as something that waits. */
export const isGone = (error: unknown): boolean => error instanceof VaultFailure && error.code === "not-here";
