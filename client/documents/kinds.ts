/**
 * What documents are made of once they are opened: plain values, without Yjs, keys or rows. Read by the vault, by
 * state/ and, through it, by the screens.
 */
import type { BlobId, DocumentTag, SpaceId } from "../../crypto/types.ts";
import type { EntryMarks, WishSubject } from "./marks.ts";

/** Kinds of own document: one person writes it, on several devices. */
export const OWN_KINDS = ["entry", "wish", "life", "me"] as const;
export type OwnKind = (typeof OWN_KINDS)[number];

/** What is one per pocket, and never stands in the lists of entries and wishes (life.ts, life-me.ts). */
export type PageKind = Extract<OwnKind, "life" | "me">;
export const isPage = (kind: OwnKind): kind is PageKind => kind === "life" || kind === "me";

/** A stop on the line of a life story. 32 hex characters, random. */
export type StopId = string & { readonly __stop: unique symbol };
export const LIFE_SEASONS = ["spring", "summer", "autumn", "winter"] as const;
export type LifeSeason = (typeof LIFE_SEASONS)[number];

/** When it was, as well as the child knows: any of them, or none. */
export interface LifeWhen {
  readonly season: LifeSeason | null;
  /** How old I was, in years. */
  readonly age: number | null;
  readonly year: number | null;
  /** The child's own words; they stand before the rest. */
  readonly words: string;
  /** "I don't know" was said, which is another thing than nothing. */
  readonly unknown: boolean;
}

export interface LifeStop {
  readonly id: StopId;
  /** The name of a drawing; one that this version doesn't know is shown as a star. */
  readonly sign: string;
  readonly title: string;
  readonly when: LifeWhen;
  readonly text: string;
  /** Full blob ids of photos of the document. */
  readonly photos: readonly BlobId[];
  readonly entries: readonly DocumentTag[];
  /** Milliseconds since the epoch at which it was taken off the line; null while it stands there. */
  readonly goneAt: number | null;
}

export const ME_TOPICS = ["likes", "calms", "dislikes", "people", "food", "sleep", "talk"] as const;
export type MeTopic = (typeof ME_TOPICS)[number];

export interface TopicAnswer {
  readonly topic: MeTopic;
  readonly signs: readonly string[];
  readonly text: string;
}

/** A part of a shown life story (a stop) or of a shown page about me (a topic). */
export interface CopiedPart {
  /** Null for a stop. */
  readonly topic: MeTopic | null;
  readonly signs: readonly string[];
  readonly title: string;
  readonly text: string;
  readonly when: LifeWhen | null;
}

/** A sealed picture or sound: where it lies, never its key. */
export interface BlobRef {
  readonly space: SpaceId;
  readonly blob: BlobId;
}

export interface PhotoRef {
  readonly full: BlobRef;
  readonly thumbnail: BlobRef;
  readonly width: number;
  readonly height: number;
}

/** What an original's file may tell beside its picture. */
export const TOLD = ["place", "time", "camera"] as const;
export type Told = (typeof TOLD)[number];

export const ORIGINAL_TYPES = {
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  gif: "image/gif",
  heic: "image/heic",
} as const;
export type OriginalType = (typeof ORIGINAL_TYPES)[keyof typeof ORIGINAL_TYPES];

/** The file that a photo was made of, as it came. In the pocket alone: never in a copy that is shown. */
export interface OriginalRef {
  readonly file: BlobRef;
  readonly type: OriginalType;
  readonly bytes: number;
  readonly tells: readonly Told[];
}

/** A photo as it stands in an own document. */
export interface OwnPhoto extends PhotoRef {
  /** Null unless the child keeps originals. */
  readonly original: OriginalRef | null;
}

/** What a recording may be: the containers that browsers' recorders write, and nothing that could be a page or a script. */
export const MEDIA_TYPES = ["audio/webm", "audio/mp4", "video/webm", "video/mp4"] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];

/** A voice note or a short video. */
export interface RecordingRef {
  readonly media: BlobRef;
  readonly type: MediaType;
  /** Length of the content: whoever reads a part of it must know where it ends. */
  readonly bytes: number;
  readonly durationMs: number;
  /** How loud it was, evenly over its time: at most MAX_PEAKS whole numbers 0 … MAX_PEAK. */
  readonly peaks: readonly number[];
}
export const MAX_PEAKS = 64;
export const MAX_PEAK = 31;
/** Far above what the limits of the recorder give (10 minutes of voice, 2 of video): a guard, not a promise. */
export const MAX_RECORDING_BYTES = 64 * 1024 * 1024;
/** A day: the same. */
export const MAX_RECORDING_MS = 86_400_000;

export const isVideo = ({ type }: Pick<RecordingRef, "type">): boolean => type.startsWith("video/");

export type RichText = readonly RichBlock[];
export interface RichBlock {
  readonly type: "paragraph" | "heading" | "quote" | "bullet" | "number";
  readonly runs: readonly RichRun[];
}
export interface RichRun {
  readonly text: string;
  readonly bold?: true;
  readonly italic?: true;
}

/** What became of a wish, in the adult's word. */
export const WISH_ANSWERS = ["heard", "agreed", "declined", "done"] as const;
export type WishAnswer = (typeof WISH_ANSWERS)[number];

export type { EntryMarks } from "./marks.ts";

/** What a document says about itself for the lists; the vault adds who it is shown to. */
export interface DocumentSummary {
  readonly kind: OwnKind;
  readonly title: string;
  /** First words of the text, ≤ 120 characters. */
  readonly excerpt: string;
  readonly moods: readonly string[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly thumbnail: BlobRef | null;
  readonly photos: number;
  readonly sounds: number;
  readonly videos: number;
  readonly stickers: number;
  /** Drawings with a line in them, finished or not. */
  readonly drawings: number;
  readonly marks: EntryMarks;
  /** Of what came in with an archive and was answered where it came from; left out of all else. */
  readonly before?: SaidBefore;
}

/** The last that others said about something before it was brought in, and what became of it, where it is a wish. */
export interface SaidBefore {
  /** As it was written there; "" where nobody was named. */
  readonly from: string;
  /** Milliseconds since the epoch; 0 where it can't be read. */
  readonly at: number;
  /** The beginning of it, ≤ 200 characters. */
  readonly text: string;
  readonly wish: WishAnswer | null;
}

/** The content of a shown copy before its photos and recordings are re-sealed for the circle. */
export interface CopiedContent {
  readonly kind: OwnKind;
  readonly title: string;
  readonly text: RichText;
  readonly moods: readonly string[];
  readonly photos: readonly PhotoRef[];
  readonly recordings: readonly RecordingRef[];
  /** Pictures 0 … 63 that were put on. */
  readonly stickers: readonly number[];
  /** Of a life story or a page about me; none otherwise. */
  readonly parts: readonly CopiedPart[];
  /** Of a wish: what it is about, where that was chosen. */
  readonly subject: WishSubject | null;
  readonly createdAt: number;
  readonly notSafeForParents: boolean;
}

export interface CopyOptions {
  readonly notSafeForParents: boolean;
  readonly withMoods: boolean;
  /** Which of the document's photos go along, by full blob id. */
  readonly photos: readonly BlobId[];
  /** Which of its recordings, likewise; none when left out. */
  readonly recordings?: readonly BlobId[];
  /** Which stops of a life story or topics of a page about me, likewise. */
  readonly parts?: readonly string[];
}

export type { BlobId, DocumentTag, SpaceId };
