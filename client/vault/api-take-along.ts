/**
 * The page's view of what is taken along and brought in, and of the book. Part of api.ts, whose rules hold here too. Types
 * only. What an archive is: docs/protocol/take-along.md.
 *
 *   taking along   `beginTakeAlong` → `nextOfTakeAlong` again and again, until it gives `made` → where that says `next`, there
 *                  is more than one file holds: the same again with it
 *   bringing in    `bringIn` with the file; the event `bringing-in` tells how far it is
 */
import type { Drawing } from "../documents/drawing.ts";
import type {
  DocumentTag,
  LifeSeason,
  LifeStop,
  MeTopic,
  OwnKind,
  PhotoRef,
  RecordingRef,
  RichText,
  TopicAnswer,
  WishAnswer,
} from "../documents/kinds.ts";
import type { EntryMarks } from "../documents/marks.ts";
import type { ShownBefore } from "../documents/taken-along.ts";

/** What is written for people into an archive's pages: the vault knows no language. */
export interface ArchiveWords {
  readonly language: "da" | "sv" | "en";
  readonly title: string;
  /** Under the title: what this is. */
  readonly about: string;
  readonly entry: string;
  readonly wish: string;
  readonly photo: string;
  readonly drawing: string;
  readonly sound: string;
  readonly video: string;
  readonly putAway: string;
  /** Of what was left at the door and not taken in. */
  readonly waits: string;
  /** Of a drawing that was begun. */
  readonly unfinished: string;
  readonly from: string;
  readonly together: string;
  readonly people: string;
  readonly tags: string;
  readonly me: string;
  readonly life: string;
  readonly aboutMe: string;
  readonly seasons: Readonly<Record<LifeSeason, string>>;
  /** With "{age}" in it. */
  readonly age: string;
  /** When nobody knows when it was. */
  readonly unknown: string;
  readonly topics: Readonly<Record<MeTopic, string>>;
  /** By the name of a drawing, and by what a wish is about. */
  readonly signs: Readonly<Record<string, string>>;
  readonly subjects: Readonly<Record<string, string>>;
  /** By mood id; a mood that isn't here stands by its id. */
  readonly moods: Readonly<Record<string, string>>;
  readonly answers: Readonly<Record<WishAnswer, string>>;
  /** Names of the pictures 0 … 63. */
  readonly pictures: readonly string[];
}

export interface TakeAlongOptions {
  readonly words: ArchiveWords;
  /** Six words that open the file (drawn with `drawNumbers`), or null: whoever has the file reads it. */
  readonly sealedWith: readonly string[] | null;
  /** Where this file begins: 0, or what the one before gave as `next`. */
  readonly from: number;
  /** The file ends with the first entry that brings it here. Bytes. */
  readonly maxBytes: number;
}

/** What went into the file. */
export interface TakeAlongMade {
  readonly documents: number;
  readonly photos: number;
  readonly recordings: number;
  /** Photos and recordings of another device that haven't come here yet, and of which the file has only that they are. */
  readonly missing: number;
  /** Entries of which something can't be read here. */
  readonly damaged: number;
  /** How many there are in the pocket. */
  readonly total: number;
  /** `from` of the next file; null when everything is in. */
  readonly next: number | null;
}

export type TakeAlongPiece =
  | { readonly type: "bytes"; readonly bytes: Uint8Array; readonly done: number; readonly total: number }
  | { readonly type: "made"; readonly made: TakeAlongMade };

/** What came of bringing in. */
export interface BroughtIn {
  /** Where it came from. */
  readonly kind: "lomme" | "day-one";
  /** Entries and wishes that are here now and weren't. */
  readonly documents: number;
  /** Those that were here already. */
  readonly known: number;
  /** Photos and recordings that couldn't be taken in: not in the file, damaged, or of another kind. */
  readonly left: number;
  /** Entries that couldn't be read. */
  readonly damaged: number;
}

export type { ShownBefore };

/** One entry as the book shows it. */
export interface BookEntry {
  readonly document: DocumentTag;
  readonly kind: OwnKind;
  readonly title: string;
  readonly text: RichText;
  readonly moods: readonly string[];
  readonly photos: readonly PhotoRef[];
  readonly recordings: readonly RecordingRef[];
  readonly stickers: readonly number[];
  readonly marks: EntryMarks;
  /** Drawings of which no picture was made yet. */
  readonly drawings: readonly Drawing[];
  /** Who left it at the door, or showed it. */
  readonly from: string | null;
  /** Who wrote it together with the child. */
  readonly together: string | null;
  readonly createdAt: number;
  /** Of a life story, in the order of its line. */
  readonly stops: readonly LifeStop[];
  /** Of the page about me: those that were answered. */
  readonly topics: readonly TopicAnswer[];
  /** To whom it was shown, and what they answered. */
  readonly shown: readonly ShownBefore[];
}

export interface BookOptions {
  /** `createdAt` from here on, and before there (ms). */
  readonly from?: number | undefined;
  readonly before?: number | undefined;
  readonly pinnedOnly: boolean;
  readonly withPutAway: boolean;
  readonly withWishes: boolean;
  /** Pages that were written together with others. */
  readonly withTogether: boolean;
}

/** What there is to take along and to make a book of. */
export interface TakeAlongCount {
  readonly documents: number;
  /** Years in which something stands, newest first. */
  readonly years: readonly number[];
}

export interface TakeAlongInside {
  takeAlongCount(): Promise<TakeAlongCount>;
  /** One at a time: an earlier one that wasn't ended ends. @throws code-needed */
  beginTakeAlong(options: TakeAlongOptions): Promise<void>;
  /** About a mebibyte of the file, in order. @throws not-here when none is under way, store-unreadable */
  nextOfTakeAlong(): Promise<TakeAlongPiece>;
  /** Gives it up; the file so far is worth nothing. */
  endTakeAlong(): Promise<void>;
  /**
   * Everything in an archive of Lomme (plain, or sealed with `words`) or of Day One that isn't here. What came in before
   * something fails stays; the same file once more goes on from there.
   * @throws archive-unknown, archive-newer, archive-sealed, archive-words, archive-damaged, storage-full, not-here when ended
   */
  bringIn(file: Blob, words: string | null): Promise<BroughtIn>;
  /** Ends a bringing in after the entry that is in hand. */
  endBringingIn(): Promise<void>;
  /** Entries, wishes and pages written together in the order of a book, oldest first; never what lies in the bin. @throws code-needed */
  book(options: BookOptions): Promise<readonly BookEntry[]>;
}
