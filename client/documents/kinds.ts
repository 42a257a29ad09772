/**
 * What documents are made of once they are opened: plain values, without Yjs, keys or rows. Read by the vault, by
 * state/ and, through it, by the screens.
 */
import type { BlobId, DocumentTag, SpaceId } from "../../crypto/types.ts";

/** Kinds of own document: one person writes it, on several devices. */
export type OwnKind = "entry" | "wish";

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
}

/** The content of a shown copy before its photos are re-sealed for the circle. */
export interface CopiedContent {
  readonly kind: OwnKind;
  readonly title: string;
  readonly text: RichText;
  readonly moods: readonly string[];
  readonly photos: readonly PhotoRef[];
  readonly createdAt: number;
  readonly notSafeForParents: boolean;
}

export interface CopyOptions {
  readonly notSafeForParents: boolean;
  readonly withMoods: boolean;
  /** Which of the document's photos go along, by full blob id. */
  readonly photos: readonly BlobId[];
}

export type { BlobId, DocumentTag, SpaceId };
