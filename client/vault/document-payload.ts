/**
 * Payload of update and snapshot records: the change itself, or where it lies when it is larger than a record may be. A
 * large said record is form 2 alone.
 * Spec: docs/protocol/documents.md.
 *
 * | bytes | field |
 * |---|---|
 * | 1 | form: 1 update, 2 update in a blob, 3 snapshot, 4 snapshot in a blob |
 * | (3, 4) 2 | number of chains, u16, then each by rising chain: |
 * | 16 | – chain |
 * | 4 | – number of runs, u32, at least 1, then each by rising counters, with a gap between: |
 * | 16 | – – first and last counter that the snapshot stands for, u64 each |
 * | (1, 3) n | the Yjs update, V1 |
 * | (2, 4) 16 + 32 | blob id and blob key: the Yjs update as a blob of the same document |
 *
 * Nothing here is trusted beyond its author: the record around it is signed and sealed. A snapshot is everything the
 * document held at the places it names, deleted words dropped; whoever holds records of those places may forget them
 * after looking that the snapshot has what they say. Failures: bad-format, also for a form that doesn't fit the kind.
 */
import { asKey, concat, Reader, u8, u16, u32, u64 } from "../../crypto/bytes.ts";
import { CryptoError } from "../../crypto/errors.ts";
import { idToBytes } from "../../crypto/ids.ts";
import type { BlobId, BlobKey, ChainId, RecordKind } from "../../crypto/types.ts";
import { mergeRuns, type Run } from "./runs.ts";

const FORMS = { update: { inline: 1, blob: 2 }, snapshot: { inline: 3, blob: 4 } } as const;

const BLOB_CONTENT_BYTES = 1 + 16 + 32;

/** Where a change lies that is larger than a record. */
export interface BlobContent {
  readonly blob: BlobId;
  readonly key: BlobKey;
}

export interface DocumentPayload {
  /** The Yjs update, or where it lies. */
  readonly content: Uint8Array | BlobContent;
  /** Places that a snapshot stands for; empty for an update. */
  readonly covered: readonly Run[];
}

/** `covered` counts for a snapshot only. @throws CryptoError bad-size */
export function encodeDocumentPayload(kind: "update" | "snapshot", { content, covered }: DocumentPayload): Uint8Array {
  const inline = content instanceof Uint8Array;
  return concat(
    u8(FORMS[kind][inline ? "inline" : "blob"]),
    ...(kind === "snapshot" ? encodeRuns(covered) : []),
    ...(inline ? [content] : [idToBytes(content.blob), content.key]),
  );
}

/** Byte strings are copies of their own size. @throws CryptoError bad-format */
export function decodeDocumentPayload(kind: RecordKind, payload: Uint8Array): DocumentPayload {
  if (kind !== "update" && kind !== "snapshot") throw new CryptoError("bad-format", "not a document's record");
  const reader = new Reader(payload);
  const form = reader.u8();
  const { inline, blob } = FORMS[kind];
  if (form !== inline && form !== blob) throw new CryptoError("bad-format", "unknown form");
  const covered = kind === "snapshot" ? decodeRuns(reader) : [];
  if (form === inline) return { content: reader.rest().slice(), covered };
  const content = { blob: reader.id<BlobId>(), key: asKey<BlobKey>(reader.take(32).slice()) };
  reader.end();
  return { content, covered };
}

/** What is said, or where it lies: form 2 stands alone there, since what is said never begins with that byte. */
export const encodeSaidContent = (content: Uint8Array | BlobContent): Uint8Array =>
  content instanceof Uint8Array ? content : encodeDocumentPayload("update", { content, covered: [] });

export function decodeSaidContent(payload: Uint8Array): Uint8Array | BlobContent {
  if (payload[0] !== FORMS.update.blob || payload.length !== BLOB_CONTENT_BYTES) return payload;
  return decodeDocumentPayload("update", payload).content;
}

/** At most this many bytes do places take in a payload. */
export const runBytes = (runs: readonly Run[]): number => 2 + 36 * runs.length;

function encodeRuns(covered: readonly Run[]): readonly Uint8Array[] {
  const merged = mergeRuns(covered);
  const chains = [...new Set(merged.map(({ chain }) => chain))];
  const parts: Uint8Array[] = [u16(chains.length)];
  for (const chain of chains) {
    const runs = merged.filter((run) => run.chain === chain);
    parts.push(idToBytes(chain), u32(runs.length));
    for (const { from, to } of runs) parts.push(u64(from), u64(to));
  }
  return parts;
}

function decodeRuns(reader: Reader): readonly Run[] {
  const runs: Run[] = [];
  for (let chains = reader.u16(); chains > 0; chains--) {
    const chain = reader.id<ChainId>();
    let count = reader.u32();
    if (count === 0) throw new CryptoError("bad-format", "a chain without a run");
    for (; count > 0; count--) runs.push({ chain, from: reader.u64(), to: reader.u64() });
  }
  const canonical = mergeRuns(runs);
  const same = canonical.length === runs.length && canonical.every((run, at) => isSame(run, runs[at]));
  if (!same || runs.some(({ from, to }) => from < 1 || from > to))
    throw new CryptoError("bad-format", "runs must rise");
  return runs;
}

const isSame = (a: Run, b: Run | undefined): boolean => a.chain === b?.chain && a.from === b.from && a.to === b.to;
