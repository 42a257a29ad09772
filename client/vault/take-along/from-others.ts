/**
 * What others showed to a child, and pages that were written together, as documents for an archive: there they are entries
 * that say whom they are from, and so they are where it is brought in. The circles in which they stand don't come along.
 * Only a child's: what an adult was shown is not the adult's to carry out.
 */
import type { DocumentTag, SpaceId } from "../../../crypto/types.ts";
import { readCreatedAt } from "../../documents/entry.ts";
import { entryFromJoint, fillFromCopy, jointTime, type Meeting } from "../../documents/from-others.ts";
import type { RichText } from "../../documents/kinds.ts";
import type { LiveDocument } from "../../documents/live.ts";
import { isEmptySummary, summarise } from "../../documents/own-read.ts";
import type { ShownBefore } from "../../documents/taken-along.ts";
import { firstUpdate, readUpdate } from "../../documents/updates.ts";
import { type WholeDocument, wholeOf } from "../../documents/whole-document.ts";
import type { Inside, Received } from "../api.ts";
import type { ArchiveWords, BookEntry } from "../api-take-along.ts";
import type { Pocket } from "../pocket.ts";
import { isoOf, type LeftWords } from "./archive-format.ts";
import { signWords, whenOfStop } from "./archive-pages.ts";
import { readBookEntry } from "./book-entry.ts";

/** One document as an archive takes it. */
export interface Readable {
  readonly whole: WholeDocument;
  readonly entry: BookEntry;
  /** Nothing of it can be read on a page. */
  readonly isEmpty: boolean;
  /** All that was said of it is here. */
  readonly isWhole: boolean;
  /** As it was left, while it waits at the door (door-documents.ts). */
  readonly waits?: LeftWords;
  /** Bytes of its photos, where they don't lie among the sealed ones; by blob. */
  readonly bytes?: ReadonlyMap<string, Uint8Array>;
}

export interface OtherDocument {
  readonly document: DocumentTag;
  readonly createdAt: number;
  /** What was said about it since. */
  readonly shown: readonly ShownBefore[];
  /** @throws NotADocument for a page that nobody's Lomme writes so */
  read(): Promise<Readable>;
}

export const readableOf = (doc: LiveDocument["doc"], document: DocumentTag): Omit<Readable, "isWhole"> => ({
  whole: wholeOf(doc),
  entry: readBookEntry(doc, document),
  isEmpty: isEmptySummary(summarise(doc)),
});

type Circles = Pick<Inside, "people" | "received" | "jointPages">;

/** In no order. */
export async function listOthers(
  pocket: Pocket,
  circles: Circles,
  words: ArchiveWords,
): Promise<readonly OtherDocument[]> {
  if (pocket.keyring.me.role !== "child") return [];
  const people = await circles.people();
  const others: OtherDocument[] = [...(await listTogether(pocket, circles))];
  for (const received of await circles.received()) {
    const name = people.find(({ id }) => id === received.person)?.name ?? "";
    others.push(toReceived(received, name, words));
  }
  return others;
}

/** The pages that were written together. None of an adult's. */
export async function listTogether(
  pocket: Pocket,
  { people, jointPages }: Omit<Circles, "received">,
): Promise<readonly OtherDocument[]> {
  if (pocket.keyring.me.role !== "child") return [];
  const persons = await people();
  const pages: OtherDocument[] = [];
  for (const { document, person } of await jointPages()) {
    const { circle = null, name = "", metAt = 0 } = persons.find(({ id }) => id === person) ?? {};
    const meeting: Meeting = { together: name, met: metAt ?? 0, now: pocket.clock.now() };
    if (circle !== null) pages.push(await toJoint(pocket, circle, document, meeting));
  }
  return pages;
}

/**
 * Ids of what is not brought in as an entry: it stands in a circle here, or was taken back by whoever showed it, which an
 * archive doesn't undo.
 */
export async function othersHere(pocket: Pocket, circles: Circles): Promise<ReadonlySet<string>> {
  const ids = new Set<string>((await circles.received()).map(({ id }) => id));
  for (const { document } of await circles.jointPages()) ids.add(document);
  for (const { space, kind } of pocket.keyring.spaces()) {
    const { purged } = kind === "circle" ? await pocket.log(space).state() : { purged: [] };
    for (const { document } of purged) ids.add(document);
  }
  return ids;
}

async function toJoint(
  pocket: Pocket,
  space: SpaceId,
  document: DocumentTag,
  meeting: Meeting,
): Promise<OtherDocument> {
  return {
    document,
    createdAt: jointTime(await pocket.documents.read(space, document, readCreatedAt), meeting),
    shown: [],
    read: async () => {
      const update = await pocket.documents.read(space, document, (doc) => entryFromJoint(doc, meeting));
      const isWhole = await pocket.log(space).isWhole(document);
      return { ...readUpdate(update, (doc) => readableOf(doc, document)), isWhole };
    },
  };
}

function toReceived({ id, copy, receivedAt, answers }: Received, from: string, words: ArchiveWords): OtherDocument {
  const said = answers.map((answer) => ({
    from: answer.from === "me" ? null : from,
    at: isoOf(answer.at),
    text: answer.text,
    wish: answer.wish,
  }));
  const title = copy.title || { entry: "", wish: "", life: words.life, me: words.aboutMe }[copy.kind];
  return {
    document: id,
    createdAt: copy.createdAt,
    shown: said.length === 0 ? [] : [{ to: from, at: isoOf(receivedAt), takenBack: false, answers: said }],
    read: async () => {
      const text = [...copy.text, ...copy.parts.flatMap((part) => partAsText(part, words))];
      const update = firstUpdate((doc) => fillFromCopy(doc, { ...copy, title, text }, from));
      return { ...readUpdate(update, (doc) => readableOf(doc, id)), isWhole: true };
    },
  };
}

/** A stop of a life story or a topic of a page about somebody, in the words of the archive's pages. */
function partAsText(
  { topic, signs, title, text, when }: Received["copy"]["parts"][number],
  words: ArchiveWords,
): RichText {
  const drawn = signWords(signs, words);
  const head = topic === null ? title || drawn : words.topics[topic];
  const time = when === null ? "" : whenOfStop(when, words);
  const paragraph = (line: string) => ({ type: "paragraph" as const, runs: [{ text: line }] });
  return [
    ...(head === "" ? [] : [{ type: "heading" as const, runs: [{ text: head }] }]),
    ...[time, topic === null ? "" : drawn, text].filter((line) => line.trim() !== "").map(paragraph),
  ];
}
