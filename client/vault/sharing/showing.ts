/**
 * Showing: one copy of chosen content for one person. The preview and what is sent come from the same function, and every
 * field is picked by name, so nothing that was not chosen can come along: no other photo, no mood that was not wanted, no
 * deleted word, no file name. Photos are sealed anew for the circle under keys of their own, so that a key given away
 * opens nothing of the pocket. Spec: docs/protocol/said.md §2.
 */
import { createBlobKey } from "../../../crypto/blobs.ts";
import { randomId } from "../../../crypto/ids.ts";
import type { BlobId, DocumentTag } from "../../../crypto/types.ts";
import type { CopiedContent, PhotoRef } from "../../documents/kinds.ts";
import type { PersonId, ShareId, ShownCopy, ShowOptions } from "../api.ts";
import { VaultFailure } from "../failure.ts";
import type { Ledger, ShareRow } from "./ledger.ts";
import { encodeSaid, MAX_SAID_BYTES, MAX_TITLE_CHARACTERS, type ShownPhoto, toSealedBlob } from "./payloads.ts";
import { getPerson } from "./people.ts";
import type { SharingCore } from "./ports.ts";

/** Exactly what the other would get; its photos still lie in the pocket. @throws not-here */
export async function previewCopy(core: SharingCore, document: DocumentTag, options: ShowOptions): Promise<ShownCopy> {
  const copy = await core.copyForShowing(document, options);
  const chosen = new Set(options.photos);
  return {
    kind: copy.kind,
    title: copy.title.slice(0, MAX_TITLE_CHARACTERS),
    text: copy.text.map(({ type, runs }) => ({ type, runs: runs.map(pickRun) })),
    moods: options.withMoods ? [...copy.moods] : [],
    photos: copy.photos.filter(({ full }) => chosen.has(full.blob)),
    createdAt: copy.createdAt,
    notSafeForParents: options.notSafeForParents,
  };
}

/** Commits the copy: from then on it leaves when there is net. @throws unknown-person, not-allowed, not-here */
export async function showTo(
  core: SharingCore,
  ledger: Ledger,
  document: DocumentTag,
  id: PersonId,
  options: ShowOptions,
): Promise<ShareId> {
  const person = await getPerson(ledger, id);
  const circle = person.circle === null ? null : await ledger.circles.get(person.circle);
  if (person.state !== "paired" || circle === null || !circle.mine || circle.problem !== null) {
    throw new VaultFailure("not-allowed");
  }
  const copy = await previewCopy(core, document, options);
  const share = randomId<DocumentTag>();
  const { space } = circle;
  const row: ShareRow = { id: share, document, person: id, space, at: { saved: core.now() }, takeBack: null };
  // The row first: a closing in between leaves one that `start` clears away with its photos (shares.ts), and never
  // something sent that the child doesn't see among its shares.
  await core.writeState([ledger.shares.entry(share, row)]);
  try {
    await sayCopy(core, row, copy);
  } catch (error) {
    await core.purge(space, share);
    await core.writeState([ledger.shares.entry(share, null)]);
    throw error;
  }
  await noteShownTo(core, ledger, document);
  return share;
}

async function sayCopy(core: SharingCore, { id, space, at }: ShareRow, copy: ShownCopy): Promise<void> {
  const blobs: BlobId[] = [];
  const reseal = async (blob: BlobId) => {
    const key = createBlobKey();
    const sealed = await core.putBlob(space, id, key, await core.readPocketBlob(blob));
    blobs.push(sealed);
    return toSealedBlob(sealed, key);
  };
  const photos: ShownPhoto[] = [];
  for (const photo of copy.photos) photos.push(await resealPhoto(photo, reseal));
  const payload = encodeSaid({ type: "shown", at: at.saved, copy: { ...toPayload(copy), photos } });
  if (payload.length > MAX_SAID_BYTES) throw new VaultFailure("failed");
  await core.say(space, id, "said", payload, blobs);
}

/** To whom the document is shown now goes into its summary. */
export async function noteShownTo(core: SharingCore, ledger: Ledger, document: DocumentTag): Promise<void> {
  const shares = await ledger.shares.all();
  const people = shares.flatMap(({ row }) => (row.document === document && row.takeBack === null ? [row.person] : []));
  await core.setShownTo(document, [...new Set(people)]);
}

async function resealPhoto(
  photo: PhotoRef,
  reseal: (blob: BlobId) => Promise<{ blob: string; key: string }>,
): Promise<ShownPhoto> {
  return {
    full: await reseal(photo.full.blob),
    thumbnail: await reseal(photo.thumbnail.blob),
    width: photo.width,
    height: photo.height,
  };
}

const toPayload = ({ kind, title, text, moods, createdAt, notSafeForParents }: ShownCopy) => ({
  kind,
  title,
  text: text.map(({ type, runs }) => ({ type, runs: [...runs] })),
  moods: [...moods],
  createdAt,
  notSafeForParents,
});

const pickRun = ({ text, bold, italic }: CopiedContent["text"][number]["runs"][number]) => ({
  text,
  ...(bold && { bold }),
  ...(italic && { italic }),
});
