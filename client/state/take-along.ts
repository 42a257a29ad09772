/** Taking along: the file goes from the vault to the disk a mebibyte at a time, and the page holds no more of it. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { countsAsUse, pickerClosed, pickerOpened } from "./lock.ts";
import type { ArchiveWords, BookEntry, BookOptions, TakeAlongCount, TakeAlongMade } from "./types.ts";
import { vault } from "./vault.ts";

/** What any stick takes, and any program reads. */
const MOST_BYTES = 2 * 1024 ** 3;
/** Where the browser can't write to a file, all of it is in memory before it is saved. */
const MOST_IN_MEMORY = 192 * 1024 ** 2;
/** Fewest that a file is sealed with (decision 9). */
const SEAL_WORDS = 6;

interface FilePicker {
  showSaveFilePicker(options: {
    suggestedName: string;
    types: readonly { accept: Readonly<Record<string, readonly string[]>> }[];
  }): Promise<FileSystemFileHandle>;
}

/** True where the browser writes straight into a file of one's choice. */
const writesFiles = (): boolean => "showSaveFilePicker" in globalThis;

export const takeAlongCount = (): Promise<TakeAlongCount> => vault().takeAlongCount();

/** Six words out of the list, drawn evenly. */
export async function drawSealWords(words: readonly string[]): Promise<readonly string[]> {
  const drawn = await vault().drawNumbers(SEAL_WORDS, words.length);
  return drawn.map((index) => words[index] ?? "");
}

export interface Copy {
  readonly done: ReadonlySignal<number>;
  readonly total: ReadonlySignal<number>;
  /** Null: the person chose no place for it, and nothing was written. @throws VaultError, DOMException of the disk */
  save(): Promise<TakeAlongMade | null>;
  /** Gives it up; what was written of the file is thrown away. */
  stop(): Promise<void>;
}

/** Begins a copy; nothing is written before `save`, which opens the browser's question and so needs a press. @throws VaultError code-needed */
export async function beginCopy(
  words: ArchiveWords,
  sealedWith: readonly string[] | null,
  from: number,
  name: string,
): Promise<Copy> {
  const done = signal(from);
  const total = signal(0);
  const maxBytes = writesFiles() ? MOST_BYTES : MOST_IN_MEMORY;
  await vault().beginTakeAlong({ words, sealedWith, from, maxBytes });
  const pour = async (write: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>): Promise<TakeAlongMade> => {
    const noLongerUsed = countsAsUse();
    try {
      for (;;) {
        const piece = await vault().nextOfTakeAlong();
        if (piece.type === "made") return piece.made;
        await write(piece.bytes as Uint8Array<ArrayBuffer>);
        done.value = piece.done;
        total.value = piece.total;
      }
    } finally {
      noLongerUsed();
    }
  };
  return {
    done,
    total,
    save: () => (writesFiles() ? saveIntoFile(name, pour) : saveAsDownload(name, pour)),
    stop: () => vault().endTakeAlong(),
  };
}

type Pour = (write: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>) => Promise<TakeAlongMade>;

async function saveIntoFile(name: string, pour: Pour): Promise<TakeAlongMade | null> {
  const handle = await chooseFile(name);
  if (handle === null) return null;
  // What is written stands beside the file until it is closed: a copy that breaks off leaves none.
  const file = await handle.createWritable();
  try {
    const made = await pour((bytes) => file.write(bytes));
    await file.close();
    return made;
  } catch (error) {
    await file.abort().catch(() => undefined);
    throw error;
  }
}

async function chooseFile(name: string): Promise<FileSystemFileHandle | null> {
  const type = name.endsWith(".age") ? { "application/octet-stream": [".age"] } : { "application/zip": [".zip"] };
  pickerOpened();
  try {
    return await (globalThis as unknown as FilePicker).showSaveFilePicker({
      suggestedName: name,
      types: [{ accept: type }],
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return null;
    throw error;
  } finally {
    pickerClosed();
  }
}

async function saveAsDownload(name: string, pour: Pour): Promise<TakeAlongMade> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const made = await pour(async (bytes) => {
    pieces.push(bytes);
  });
  const url = URL.createObjectURL(new Blob(pieces, { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it over by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return made;
}

/** "lomme-2026-11-22.zip.age": says nothing but what it is. */
export function fileNameOf(now: number, sealed: boolean, part: number): string {
  const day = new Date(now - new Date(now).getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  return `lomme-${day}${part > 1 ? `-${part}` : ""}.zip${sealed ? ".age" : ""}`;
}

/** @throws VaultError code-needed */
export const readBook = (options: BookOptions): Promise<readonly BookEntry[]> => vault().book(options);
