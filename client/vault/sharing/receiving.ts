/**
 * What was shown to me: reading it, fetching its photos and recordings so that it can be read offline, saying what an adult's Lomme
 * says. A child's Lomme sends no receipt of any kind: adults never learn when a child reads.
 */
import { randomId } from "../../../crypto/ids.ts";
import type { BlobKey, DocumentTag, SpaceId } from "../../../crypto/types.ts";
import type { PhotoRef, RecordingRef, WishAnswer } from "../../documents/kinds.ts";
import type { Received, ShareId, ShownCopy } from "../api.ts";
import { VaultFailure } from "../failure.ts";
import { type Heard, hearCircle, isShown, saidAbout, saidHere, type Utterance } from "./circle-log.ts";
import type { Ledger } from "./ledger.ts";
import {
  blobIdOf,
  blobKeyOf,
  encodeSaid,
  MAX_ANSWER_CHARACTERS,
  type ReceiptType,
  type SealedBlob,
  type ShownPayload,
} from "./payloads.ts";
import type { SharingCore } from "./ports.ts";
import { answersTo } from "./shares.ts";

/** Only the circle's owner shows something: a member who says "shown" is not heard. */
const shownToMe = ({ circle, utterances }: Heard): readonly Utterance<ShownPayload>[] =>
  circle.mine ? [] : utterances.filter(isShown).filter(({ from }) => from === "them");

/** Newest first. */
export async function listReceived(core: SharingCore, ledger: Ledger): Promise<readonly Received[]> {
  const received: Received[] = [];
  for (const { row } of await ledger.circles.all()) {
    const heard = row.mine ? null : await hearCircle(core, ledger, row.space);
    if (heard === null) continue;
    for (const shown of shownToMe(heard)) received.push(await toReceived(ledger, heard, shown));
  }
  return received.toSorted((a, b) => b.receivedAt - a.receivedAt);
}

async function toReceived(ledger: Ledger, heard: Heard, shown: Utterance<ShownPayload>): Promise<Received> {
  const { document, payload } = shown;
  const { circle, person, utterances } = heard;
  const said = (type: "arrived" | "opened") => saidAbout(utterances, document, "me", type)[0]?.at;
  return {
    id: document,
    person: person.id,
    copy: toCopy(circle.space, payload),
    receivedAt: said("arrived") ?? payload.at,
    openedAt: said("opened") ?? (await ledger.opened.get(document))?.at ?? null,
    answers: answersTo(document, { person: person.id }, utterances),
    inCaseFile: saidAbout(utterances, document, "me", "kept").length > 0,
  };
}

export function toCopy(space: SpaceId, { copy }: ShownPayload): ShownCopy {
  const photos: PhotoRef[] = copy.photos.map(({ full, thumbnail, width, height }) => ({
    full: { space, blob: blobIdOf(full) },
    thumbnail: { space, blob: blobIdOf(thumbnail) },
    width,
    height,
  }));
  const recordings: RecordingRef[] = copy.recordings.map(({ media, type, bytes, durationMs, peaks }) => ({
    media: { space, blob: blobIdOf(media) },
    type,
    bytes,
    durationMs,
    peaks,
  }));
  const text = copy.text.map(({ type, runs }) => ({
    type,
    runs: runs.map((run) => ({
      text: run.text,
      ...(run.bold && { bold: run.bold }),
      ...(run.italic && { italic: run.italic }),
    })),
  }));
  return { ...copy, text, photos, recordings };
}

/** What is small first: words and pictures are there while a video still comes. */
export const blobsOf = ({ photos, recordings }: ShownPayload["copy"]): readonly SealedBlob[] => [
  ...photos.flatMap(({ full, thumbnail }) => [thumbnail, full]),
  ...recordings.map(({ media }) => media),
];

/**
 * Fetches the photos and recordings of what is new, then says that it arrived. Runs outside the turns (a download may take minutes), so
 * it looks again before it speaks. @throws TransportError offline: the rest comes with the next contact
 */
export async function fetchArrivals(
  core: SharingCore,
  ledger: Ledger,
  space: SpaceId,
  confirms: boolean,
): Promise<boolean> {
  const heard = await hearCircle(core, ledger, space);
  const ownChain = await core.ownChain(space);
  let said = false;
  for (const { document, payload } of heard === null ? [] : shownToMe(heard)) {
    if (heard === null || saidHere(heard.utterances, document, "arrived", ownChain)) continue;
    if (!(await hasFetchedAll(core, space, document, payload.copy))) continue;
    if (confirms) said = (await sayOnce(core, ledger, space, document, "arrived")) || said;
  }
  return said;
}

/** False where the server lacks something of it, which keeps back nothing else. @throws TransportError offline */
async function hasFetchedAll(
  core: SharingCore,
  space: SpaceId,
  document: ShareId,
  copy: ShownPayload["copy"],
): Promise<boolean> {
  try {
    for (const blob of blobsOf(copy)) await core.fetchBlob(space, document, blobIdOf(blob), blobKeyOf(blob));
    return true;
  } catch (error) {
    if (error instanceof VaultFailure && error.code === "not-here") return false;
    throw error;
  }
}

/** Says one receipt about a share that is still here, unless it was said; that it arrived, each device for itself. */
export async function sayOnce(
  core: SharingCore,
  ledger: Ledger,
  space: SpaceId,
  share: ShareId,
  type: Exclude<ReceiptType, "purged">,
): Promise<boolean> {
  const heard = await hearCircle(core, ledger, space);
  if (heard === null || !shownToMe(heard).some(({ document }) => document === share)) return false;
  const { utterances } = heard;
  const said =
    type === "arrived"
      ? saidHere(utterances, share, type, await core.ownChain(space))
      : saidAbout(utterances, share, "me", type).length > 0;
  if (said) return false;
  await core.say(space, randomId<DocumentTag>(), "said", encodeSaid({ type, share, at: core.now() }), []);
  return true;
}

/** The circle in which a share of mine, or one shown to me, stands. @throws not-here */
async function findShare(core: SharingCore, ledger: Ledger, share: ShareId): Promise<Heard> {
  const mine = await ledger.shares.get(share);
  if (mine !== null && mine.takeBack !== null) throw new VaultFailure("not-here");
  const spaces = mine === null ? (await ledger.circles.all()).map(({ row }) => row.space) : [mine.space];
  for (const space of spaces) {
    const heard = await hearCircle(core, ledger, space);
    if (heard === null) continue;
    if (mine !== null || shownToMe(heard).some(({ document }) => document === share)) return heard;
  }
  throw new VaultFailure("not-here");
}

/** An adult says so; a child only remembers. */
export async function markOpened(core: SharingCore, ledger: Ledger, share: ShareId, confirms: boolean): Promise<void> {
  const { circle } = await findShare(core, ledger, share);
  if (circle.mine) return;
  if (confirms) {
    await sayOnce(core, ledger, circle.space, share, "opened");
  } else if ((await ledger.opened.get(share)) === null) {
    await core.writeState([ledger.opened.entry(share, { share, at: core.now() })]);
  }
}

/**
 * What became of a wish is said by the adult it was shown to, never by the child about its own.
 * @throws not-here, not-allowed for somebody who is no longer with us, or an empty or endless text
 */
export async function answerShare(
  core: SharingCore,
  ledger: Ledger,
  share: ShareId,
  text: string,
  wish?: WishAnswer,
): Promise<void> {
  const heard = await findShare(core, ledger, share);
  const { circle, person } = heard;
  const fits = text.trim() !== "" && text.length <= MAX_ANSWER_CHARACTERS;
  const about = shownToMe(heard).find(({ document }) => document === share);
  const may = wish === undefined || about?.payload.copy.kind === "wish";
  if (!fits || !may || person.state !== "paired" || circle.problem !== null) throw new VaultFailure("not-allowed");
  const payload = encodeSaid({ type: "answer", share, at: core.now(), text, ...(wish !== undefined && { wish }) });
  await core.say(circle.space, randomId<DocumentTag>(), "said", payload, []);
}

/** Key of a photo or a recording that stands in a circle, shown by me or to me. */
export async function findBlobKey(
  core: SharingCore,
  ledger: Ledger,
  space: SpaceId,
  blob: string,
): Promise<{ readonly document: DocumentTag; readonly key: BlobKey } | null> {
  const heard = await hearCircle(core, ledger, space);
  for (const { document, payload } of heard === null ? [] : heard.utterances.filter(isShown)) {
    const found = blobsOf(payload.copy).find((one) => one.blob === blob);
    if (found !== undefined) return { document, key: blobKeyOf(found) };
  }
  return null;
}
