/** The life story and the page about me while they are on the screen, and what can be done with them. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type * as Y from "yjs";
import { readPhotos } from "../documents/entry.ts";
import type {
  BlobId,
  DocumentTag,
  LifeStop,
  LifeWhen,
  MeTopic,
  PageKind,
  PhotoRef,
  StopId,
  TopicAnswer,
} from "../documents/kinds.ts";
import {
  addStop,
  forgetStops,
  moveStop,
  readStops,
  removeStopPhoto,
  setStopEntry,
  setStopGone,
  setStopSign,
  setStopTitle,
  setStopWhen,
  writeStopText,
} from "../documents/life.ts";
import { isAnswered, readTopics, toggleSign, writeTopic } from "../documents/life-me.ts";
import { BIN_MS } from "../documents/marks.ts";
import { sealAfter } from "./before-sealing.ts";
import { type OpenDocument, openDocument } from "./open-document.ts";
import { vault } from "./vault.ts";

export { LIFE_SEASONS, ME_TOPICS } from "../documents/kinds.ts";
export { MAX_AGE, MAX_STOP_TITLE } from "../documents/life.ts";
export type { LifeStop, LifeWhen, MeTopic, PageKind, StopId, TopicAnswer };
export { isAnswered };

/** The pocket's one document of this kind. */
export const pageOf = (kind: PageKind): Promise<DocumentTag> => vault().page(kind);

interface OpenPage extends Pick<OpenDocument, "ready" | "saved" | "trouble" | "close"> {
  readonly document: DocumentTag;
}

export interface OpenLife extends OpenPage {
  /** In the order of the line. */
  readonly stops: ReadonlySignal<readonly LifeStop[]>;
  /** What was taken off and can be put back. */
  readonly gone: ReadonlySignal<readonly LifeStop[]>;
  readonly photos: ReadonlySignal<readonly PhotoRef[]>;
  add(sign: string): StopId;
  setSign(stop: StopId, sign: string): void;
  writeTitle(stop: StopId, title: string): void;
  writeText(stop: StopId, words: string): void;
  setWhen(stop: StopId, when: Partial<LifeWhen>): void;
  move(stop: StopId, by: -1 | 1): void;
  takeOff(stop: StopId): void;
  putBack(stop: StopId): void;
  /** Also after `close`: the vault puts it there. @throws VaultError bad-picture, storage-full, not-here */
  addPhoto(stop: StopId, picture: Blob): Promise<void>;
  removePhoto(stop: StopId, photo: BlobId): void;
  setEntry(stop: StopId, entry: DocumentTag, on: boolean): void;
}

/** What was taken off last: the line offers to undo it, until another screen came in between. */
export const takenOff = signal<StopId | null>(null);

export function openLife(document: DocumentTag): OpenLife {
  const stops = signal<readonly LifeStop[]>([]);
  const gone = signal<readonly LifeStop[]>([]);
  const photos = signal<readonly PhotoRef[]>([]);
  const open = openDocument(document, (doc) => {
    const all = readStops(doc);
    stops.value = all.filter(({ goneAt }) => goneAt === null);
    gone.value = all.filter(({ goneAt }) => goneAt !== null);
    photos.value = readPhotos(doc);
  });
  const { doc } = open;
  return {
    ...pageParts(document, open),
    stops,
    gone,
    photos,
    add: (sign) => {
      const id = crypto.randomUUID().replaceAll("-", "") as StopId;
      doc.transact(() => {
        forgetStops(doc, Date.now() - BIN_MS);
        addStop(doc, id, sign);
      });
      return id;
    },
    setSign: (stop, sign) => setStopSign(doc, stop, sign),
    writeTitle: (stop, title) => setStopTitle(doc, stop, title),
    writeText: (stop, words) => writeStopText(doc, stop, words),
    setWhen: (stop, when) => setStopWhen(doc, stop, when),
    move: (stop, by) => moveStop(doc, stop, by),
    takeOff: (stop) => {
      setStopGone(doc, stop, Date.now());
      takenOff.value = stop;
    },
    putBack: (stop) => {
      setStopGone(doc, stop, null);
      takenOff.value = null;
    },
    addPhoto: async (stop, picture) => void (await sealAfter(vault().addStopPhoto(document, stop, picture))),
    removePhoto: (stop, photo) => removeStopPhoto(doc, stop, photo),
    setEntry: (stop, entry, on) => setStopEntry(doc, stop, entry, on),
  };
}

export interface OpenMe extends OpenPage {
  readonly topics: ReadonlySignal<readonly TopicAnswer[]>;
  write(topic: MeTopic, words: string): void;
  toggle(topic: MeTopic, sign: string): void;
}

export function openMe(document: DocumentTag): OpenMe {
  const topics = signal<readonly TopicAnswer[]>([]);
  const open = openDocument(document, (doc) => {
    topics.value = readTopics(doc);
  });
  return {
    ...pageParts(document, open),
    topics,
    write: (topic, words) => writeTopic(open.doc, topic, words),
    toggle: (topic, sign) => toggleSign(open.doc, topic, sign, Date.now()),
  };
}

/** A part of such a page that can be shown by itself. */
export type PartChoice =
  | { readonly id: string; readonly stop: LifeStop; readonly topic: null }
  | { readonly id: string; readonly stop: null; readonly topic: MeTopic };

/** None for an entry or a wish. */
export const readPartChoices = (doc: Y.Doc): readonly PartChoice[] => [
  ...readStops(doc).flatMap((stop): PartChoice[] => (stop.goneAt === null ? [{ id: stop.id, stop, topic: null }] : [])),
  ...readTopics(doc).flatMap((answer): PartChoice[] =>
    isAnswered(answer) ? [{ id: answer.topic, stop: null, topic: answer.topic }] : [],
  ),
];

const pageParts = (document: DocumentTag, { ready, saved, trouble, close }: OpenDocument): OpenPage => ({
  document,
  ready,
  saved,
  trouble,
  close,
});
