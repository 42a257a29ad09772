/**
 * Said payloads: what one person says in a circle, one immutable record each, under a document tag of its own. JSON in
 * UTF-8 with a version; keys of blobs stand inside as base64url. Spec and limits: docs/protocol/said.md.
 *
 * | type | says | who may |
 * |---|---|---|
 * | shown | a copy of chosen content, with the keys of its photos and recordings | the circle's owner |
 * | answer | a text about something shown; about a wish also what became of it (`wish`), which only the adult can say | both |
 * | arrived | it and its photos and recordings are on this device | an adult it was shown to |
 * | opened | its text was on the screen | as above |
 * | kept | it stands in the case file | as above |
 * | purged | it was taken back and is gone here; `opened`: it had been open | as above |
 * | card | my contact card is this one now (crypto/identity.ts), base64url; of a member also the author key (`author`) with
 * | | which I shall sign, once the owner has put it into the roster | both |
 *
 * Version 4; 3 is still read. Parsing is strict in what is read and blind to what is added: an unknown type or version is
 * null, kept and ignored. Vectors: tests/vectors/by-hand/said.json.
 */
import * as v from "valibot";
import { fromUtf8, utf8 } from "../../../crypto/bytes.ts";
import { fromBase64Url, toBase64Url } from "../../../crypto/sodium.ts";
import type { BlobId, BlobKey, DocumentTag } from "../../../crypto/types.ts";
import {
  LIFE_SEASONS,
  MAX_PEAK,
  MAX_PEAKS,
  MAX_RECORDING_BYTES,
  MAX_RECORDING_MS,
  ME_TOPICS,
  MEDIA_TYPES,
  OWN_KINDS,
  WISH_ANSWERS,
} from "../../documents/kinds.ts";
import { MAX_AGE, MAX_STOP_TITLE } from "../../documents/life.ts";
import { WISH_SUBJECTS } from "../../documents/marks.ts";
import { MAX_STICKERS } from "../../documents/stickers.ts";

const VERSION = 4;
/** Told no subject of a wish; else the same. What was said under it stays readable, nothing is said under it any more. */
const WITHOUT_SUBJECT = 3;
export const MAX_ANSWER_CHARACTERS = 20_000;
export const MAX_TITLE_CHARACTERS = 1_000;
/**
 * Bytes of one said payload, 2 MiB: a book of a thousand pages. What is larger than a record travels as a blob (freeze.ts);
 * the limit is what the other's device must hold in memory at once.
 */
export const MAX_SAID_BYTES = 2 * 1024 * 1024;
const MAX_PHOTOS = 100;
const MAX_RECORDINGS = 100;
const MAX_BLOCKS = 100_000;
const MAX_MOODS = 64;
const MAX_PARTS = 1_000;
const MAX_SIGNS = 64;
/** Milliseconds since the epoch, to the end of the year 9999. */
const MAX_TIME = 253_402_300_799_999;

const Id = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));
const Key = v.pipe(v.string(), v.regex(/^[\w-]{43}$/));
const Time = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_TIME));
const Pixels = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000));
const Blob = v.object({ blob: Id, key: Key });
const Photo = v.object({ full: Blob, thumbnail: Blob, width: Pixels, height: Pixels });
const upTo = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(most));
const Recording = v.object({
  media: Blob,
  type: v.picklist(MEDIA_TYPES),
  bytes: v.pipe(upTo(MAX_RECORDING_BYTES), v.minValue(1)),
  durationMs: upTo(MAX_RECORDING_MS),
  peaks: v.pipe(v.array(upTo(MAX_PEAK)), v.maxLength(MAX_PEAKS)),
});
const Run = v.object({ text: v.string(), bold: v.optional(v.literal(true)), italic: v.optional(v.literal(true)) });
const Block = v.object({
  type: v.picklist(["paragraph", "heading", "quote", "bullet", "number"]),
  runs: v.array(Run),
});
const words = (most: number) => v.pipe(v.string(), v.maxLength(most));
const whole = (least: number, most: number) => v.pipe(upTo(most), v.minValue(least));
const When = v.object({
  season: v.nullable(v.picklist(LIFE_SEASONS)),
  age: v.nullable(whole(0, MAX_AGE)),
  year: v.nullable(whole(1900, 9999)),
  words: words(MAX_STOP_TITLE),
  unknown: v.boolean(),
});
const Part = v.object({
  topic: v.nullable(v.picklist(ME_TOPICS)),
  signs: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[a-z][a-z-]{0,31}$/))), v.maxLength(MAX_SIGNS)),
  title: words(MAX_STOP_TITLE),
  text: v.string(),
  when: v.nullable(When),
});
const Copy = v.object({
  kind: v.picklist(OWN_KINDS),
  title: v.pipe(v.string(), v.maxLength(MAX_TITLE_CHARACTERS)),
  text: v.pipe(v.array(Block), v.maxLength(MAX_BLOCKS)),
  moods: v.pipe(v.array(v.pipe(v.string(), v.maxLength(64))), v.maxLength(MAX_MOODS)),
  photos: v.pipe(v.array(Photo), v.maxLength(MAX_PHOTOS)),
  recordings: v.pipe(v.array(Recording), v.maxLength(MAX_RECORDINGS)),
  stickers: v.pipe(v.array(upTo(63)), v.maxLength(MAX_STICKERS)),
  parts: v.pipe(v.array(Part), v.maxLength(MAX_PARTS)),
  subject: v.nullable(v.picklist(WISH_SUBJECTS)),
  createdAt: Time,
  notSafeForParents: v.boolean(),
});

const about = { v: v.literal(VERSION), share: Id, at: Time };
const Said = v.variant("type", [
  v.object({ v: v.literal(VERSION), type: v.literal("shown"), at: Time, copy: Copy }),
  v.object({
    ...about,
    type: v.literal("answer"),
    text: v.pipe(v.string(), v.maxLength(MAX_ANSWER_CHARACTERS)),
    wish: v.optional(v.picklist(WISH_ANSWERS)),
  }),
  v.object({ ...about, type: v.literal("arrived") }),
  v.object({ ...about, type: v.literal("opened") }),
  v.object({ ...about, type: v.literal("kept") }),
  v.object({ ...about, type: v.literal("purged"), opened: v.boolean() }),
  v.object({
    v: v.literal(VERSION),
    type: v.literal("card"),
    at: Time,
    card: v.pipe(v.string(), v.maxLength(4096)),
    author: v.optional(Key),
  }),
]);

export type SaidPayload = v.InferOutput<typeof Said>;
/** What says something about a share. */
export type AboutPayload = Exclude<SaidPayload, { type: "shown" | "card" }>;
export type ShownPayload = Extract<SaidPayload, { type: "shown" }>;
export type ShownPhoto = v.InferOutput<typeof Photo>;
export type ShownRecording = v.InferOutput<typeof Recording>;
export type SealedBlob = v.InferOutput<typeof Blob>;
export type ReceiptType = "arrived" | "opened" | "kept" | "purged";

type WithoutVersion<Payload> = Payload extends unknown ? Omit<Payload, "v"> : never;

/** @throws ValiError for something that no reader would accept: a bug of ours, found before it is said */
export const encodeSaid = (payload: WithoutVersion<SaidPayload>): Uint8Array =>
  utf8(JSON.stringify(v.parse(Said, { v: VERSION, ...payload })));

/** Null for what this version can't read, whoever wrote it. */
export function parseSaid(bytes: Uint8Array): SaidPayload | null {
  if (bytes.length > MAX_SAID_BYTES) return null;
  try {
    const result = v.safeParse(Said, toCurrent(JSON.parse(fromUtf8(bytes))));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

function toCurrent(said: unknown): unknown {
  if (!isRecord(said) || said.v !== WITHOUT_SUBJECT) return said;
  return { ...said, v: VERSION, ...(isRecord(said.copy) && { copy: { ...said.copy, subject: null } }) };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const toSealedBlob = (blob: BlobId, key: BlobKey): { blob: string; key: string } => ({
  blob,
  key: toBase64Url(key),
});

/** The schema has checked both. */
export const blobIdOf = ({ blob }: { readonly blob: string }): BlobId => blob as BlobId;
export const blobKeyOf = ({ key }: { readonly key: string }): BlobKey => fromBase64Url(key) as BlobKey;
export const shareOf = ({ share }: { readonly share: string }): DocumentTag => share as DocumentTag;
