/**
 * Showing: one copy of chosen content for one person. The preview and what is sent come from the same function, and every
 * field is picked by name, so nothing that was not chosen can come along: no other photo, no mood that was not wanted, no
 * deleted word, no file name. Photos and recordings are sealed anew for the circle under keys of their own, so that a key given away
 * opens nothing of the pocket. Spec: docs/protocol/said.md §2.
 */
import { createBlobKey } from "../../../crypto/blobs.ts";
import { utf8 } from "../../../crypto/bytes.ts";
import { randomId } from "../../../crypto/ids.ts";
import { sha256, toHex } from "../../../crypto/sodium.ts";
import type { BlobId, DocumentTag } from "../../../crypto/types.ts";
import type { BlobRef, CopiedContent, CopiedPart, RecordingRef } from "../../documents/kinds.ts";
import type { PersonId, PreviewedCopy, ShareId, ShownCopy, ShowOptions } from "../api.ts";
import { VaultFailure } from "../failure.ts";
import type { Ledger, ShareRow } from "./ledger.ts";
import {
  encodeSaid,
  MAX_SAID_BYTES,
  MAX_TITLE_CHARACTERS,
  type ShownPayload,
  type ShownPhoto,
  type ShownRecording,
  toSealedBlob,
} from "./payloads.ts";
import { getPerson } from "./people.ts";
import type { BlobSource, SharingCore } from "./ports.ts";

/** Exactly what the other would get; its photos still lie in the pocket. @throws not-here */
export async function previewCopy(
  core: SharingCore,
  document: DocumentTag,
  options: ShowOptions,
): Promise<PreviewedCopy> {
  const copy = await makeCopy(core, document, options);
  return { ...copy, digest: toHex(sha256(utf8(JSON.stringify(copy)))) };
}

async function makeCopy(core: SharingCore, document: DocumentTag, options: ShowOptions): Promise<ShownCopy> {
  const copy = await core.copyForShowing(document, options);
  const chosen = new Set([...options.photos, ...(options.recordings ?? [])]);
  return {
    kind: copy.kind,
    title: copy.title.slice(0, MAX_TITLE_CHARACTERS),
    text: copy.text.map(({ type, runs }) => ({ type, runs: runs.map(pickRun) })),
    moods: options.withMoods ? [...copy.moods] : [],
    photos: copy.photos.filter(({ full }) => chosen.has(full.blob)),
    recordings: copy.recordings.filter(({ media }) => chosen.has(media.blob)),
    stickers: [...copy.stickers],
    parts: copy.parts.map(pickPart),
    subject: copy.subject,
    createdAt: copy.createdAt,
    notSafeForParents: options.notSafeForParents,
  };
}

/**
 * Commits the copy: from then on it leaves when there is net. `previewed`: the preview's digest.
 * @throws unknown-person, not-allowed, not-here, too-long, changed-since
 */
export async function showTo(
  core: SharingCore,
  ledger: Ledger,
  document: DocumentTag,
  id: PersonId,
  options: ShowOptions,
  previewed?: string,
): Promise<ShareId> {
  const person = await getPerson(ledger, id);
  const circle = person.circle === null ? null : await ledger.circles.get(person.circle);
  if (person.state !== "paired" || circle === null || !circle.mine || circle.problem !== null) {
    throw new VaultFailure("not-allowed");
  }
  const { digest, ...copy } = await previewCopy(core, document, options);
  // Another device's words may have come since, while the code was asked.
  if (previewed !== undefined && previewed !== digest) throw new VaultFailure("changed-since");
  const { space } = circle;
  const share = { id: randomId<DocumentTag>(), document, person: id, space };
  const read = ({ blob }: BlobRef): Promise<Uint8Array> => core.readPocketBlob(blob);
  return commitCopy(core, ledger, share, {
    content: toPayload(copy),
    photos: copy.photos,
    recordings: copy.recordings.map(({ media, ...facts }) => ({ ...facts, media: { ...media, key: null } })),
    read,
  });
}

/** What a copy is made of: its photos under references of type `Ref`, how to open one, and where its recordings lie. */
export interface CopySource<Ref> {
  readonly content: Omit<ShownPayload["copy"], "photos" | "recordings">;
  readonly photos: readonly { full: Ref; thumbnail: Ref; width: number; height: number }[];
  readonly recordings: readonly (Omit<RecordingRef, "media"> & { readonly media: Omit<BlobSource, "bytes"> })[];
  read(photo: Ref): Promise<Uint8Array>;
}

/** Writes the share's row and says the copy, with photos and recordings sealed anew. */
export async function commitCopy<Ref>(
  core: SharingCore,
  ledger: Ledger,
  share: Pick<ShareRow, "id" | "document" | "person" | "space" | "again">,
  source: CopySource<Ref>,
): Promise<ShareId> {
  const { device } = await core.self();
  const row: ShareRow = { ...share, device, at: { saved: core.now() }, takeBack: null };
  // The row first: a closing in between leaves one that this device's `start` clears away with its photos (shares.ts), and
  // never something sent that the child doesn't see among its shares.
  await core.writeState([ledger.shares.entry(row.id, row)]);
  try {
    await sayCopy(core, row, source);
  } catch (error) {
    await core.purge(row.space, row.id);
    await core.writeState([ledger.shares.entry(row.id, null)]);
    throw error;
  }
  await noteShownTo(core, ledger, row.document);
  return row.id;
}

async function sayCopy<Ref>(core: SharingCore, { id, space, at }: ShareRow, source: CopySource<Ref>): Promise<void> {
  const blobs: BlobId[] = [];
  const reseal = async (photo: Ref) => {
    const key = createBlobKey();
    const sealed = await core.putBlob(space, id, key, await source.read(photo));
    blobs.push(sealed);
    return toSealedBlob(sealed, key);
  };
  const photos: ShownPhoto[] = [];
  for (const { full, thumbnail, width, height } of source.photos) {
    photos.push({ full: await reseal(full), thumbnail: await reseal(thumbnail), width, height });
  }
  const recordings: ShownRecording[] = [];
  for (const { media, type, bytes, durationMs, peaks } of source.recordings) {
    const key = createBlobKey();
    const sealed = await core.copyBlob({ ...media, bytes }, space, id, key);
    blobs.push(sealed);
    recordings.push({ media: toSealedBlob(sealed, key), type, bytes, durationMs, peaks: [...peaks] });
  }
  const payload = encodeSaid({ type: "shown", at: at.saved, copy: { ...source.content, photos, recordings } });
  if (payload.length > MAX_SAID_BYTES) throw new VaultFailure("too-long");
  await core.say(space, id, "said", payload, blobs);
}

/** To whom the document is shown now goes into its summary; an adult who came again counts once. */
export async function noteShownTo(core: SharingCore, ledger: Ledger, document: DocumentTag | undefined): Promise<void> {
  if (document === undefined) return;
  const shares = (await ledger.shares.all()).map(({ row }) => row);
  const repeated = new Set(shares.map(({ again }) => again));
  const people = shares.flatMap((row) =>
    row.document === document && row.takeBack === null && !repeated.has(row.id) ? [row.person] : [],
  );
  await core.setShownTo(document, [...new Set(people)]);
}

const toPayload = (copy: ShownCopy) => ({
  kind: copy.kind,
  title: copy.title,
  text: copy.text.map(({ type, runs }) => ({ type, runs: [...runs] })),
  moods: [...copy.moods],
  stickers: [...copy.stickers],
  parts: copy.parts.map(pickPart),
  subject: copy.subject,
  createdAt: copy.createdAt,
  notSafeForParents: copy.notSafeForParents,
});

const pickPart = ({ topic, signs, title, text, when }: CopiedPart) => ({
  topic,
  signs: [...signs],
  title,
  text,
  when: when && {
    season: when.season,
    age: when.age,
    year: when.year,
    words: when.words,
    unknown: when.unknown,
  },
});

const pickRun = ({ text, bold, italic }: CopiedContent["text"][number]["runs"][number]) => ({
  text,
  ...(bold && { bold }),
  ...(italic && { italic }),
});
