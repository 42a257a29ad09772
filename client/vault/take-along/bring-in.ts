/** A file that somebody chose: what it is, whether it is whole, and then what is in it. */
import { concat } from "../../../crypto/bytes.ts";
import type { BroughtIn } from "../api-take-along.ts";
import { AgeFileError, openAgeFile } from "./age-file.ts";
import { ArchiveError } from "./archive-errors.ts";
import { MANIFEST } from "./archive-format.ts";
import { looksLikeDayOne, readDayOne } from "./day-one.ts";
import { type Bringing, checkArchive, readArchive } from "./read-archive.ts";
import { MAX_TAIL_BYTES, readZipDirectory, type ZipEntry } from "./zip-directory.ts";
import { filesOf } from "./zip-reading.ts";

const AGE = "age-encryption.org/";

/** @throws ArchiveError, StoreError, VaultFailure */
export async function bringIn(bringing: Bringing, file: Blob, words: string | null): Promise<BroughtIn["kind"]> {
  const first = await file.slice(0, AGE.length).text();
  if (first !== AGE) return bringZip(bringing, file);
  if (words === null) throw new ArchiveError("archive-sealed");
  const open = (): Promise<ReadableStream<Uint8Array>> => openAgeFile(file.stream(), words);
  try {
    // Once through before anything is believed: a file that was cut or changed brings nothing in.
    const { tail, size } = await readTail(await open());
    const entries = readZipDirectory(tail, size);
    await checkLast(entries, tail, size);
    await readArchive(bringing, entries, filesOf(await open(), entries));
    return "lomme";
  } catch (error) {
    if (!(error instanceof AgeFileError)) throw error;
    throw new ArchiveError(error.code === "wrong-words" ? "archive-words" : "archive-damaged");
  }
}

async function bringZip(bringing: Bringing, file: Blob): Promise<BroughtIn["kind"]> {
  const tail = new Uint8Array(await file.slice(-MAX_TAIL_BYTES).arrayBuffer());
  const entries = readZipDirectory(tail, file.size);
  if (entries.some(({ name }) => name === MANIFEST)) {
    await checkLast(entries, tail, file.size);
    await readArchive(bringing, entries, filesOf(file.stream(), entries));
    return "lomme";
  }
  if (!looksLikeDayOne(entries)) throw new ArchiveError("archive-unknown");
  await readDayOne(bringing, file, entries);
  return "day-one";
}

/** The manifest says which version it is, before anything else is read. Who packed the zip anew may have put it anywhere. */
async function checkLast(entries: readonly ZipEntry[], tail: Uint8Array, size: number): Promise<void> {
  const entry = entries.find(({ name }) => name === MANIFEST);
  if (entry === undefined) throw new ArchiveError("archive-unknown");
  const from = size - tail.length;
  // Packed anew with the manifest first: it is read when it passes, as every file is.
  if (entry.at < from) return;
  const stream = new Blob([tail.subarray(entry.at - from) as Uint8Array<ArrayBuffer>]).stream();
  for await (const file of filesOf(stream, [entry], entry.at)) await checkArchive(file);
}

/** The last bytes of a stream, and how many it had. Memory for twice MAX_TAIL_BYTES. */
async function readTail(stream: ReadableStream<Uint8Array>): Promise<{ tail: Uint8Array; size: number }> {
  let pieces: Uint8Array[] = [];
  let held = 0;
  let size = 0;
  for await (const piece of stream) {
    pieces.push(piece.slice());
    held += piece.length;
    size += piece.length;
    if (held < 2 * MAX_TAIL_BYTES) continue;
    pieces = [concat(...pieces).slice(-MAX_TAIL_BYTES)];
    held = MAX_TAIL_BYTES;
  }
  return { tail: concat(...pieces), size };
}
