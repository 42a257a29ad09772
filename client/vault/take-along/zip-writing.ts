/**
 * A zip written piece by piece: whoever writes a file in takes out what came of it before the next piece, so memory holds
 * a piece. Photos and recordings are stored as they are, texts are deflated.
 *
 * Names are ours (letters, digits, "/", "-", "."). Plain zip without the 64-bit extension: one file of 2 GiB at the most is
 * what any stick and any program takes, and what is more goes into another archive (write-archive.ts).
 */
import { Zip, ZipDeflate, ZipPassThrough } from "fflate";

/** The years a zip can say. */
const FIRST_MS = Date.UTC(1980, 0, 2);
const LAST_MS = Date.UTC(2099, 11, 30);

export class ZipWriter {
  #ready: Uint8Array[] = [];
  #file: ZipPassThrough | ZipDeflate | null = null;
  readonly #zip = new Zip((error, bytes) => {
    if (error !== null) throw error;
    this.#ready.push(bytes);
    this.bytes += bytes.length;
  });
  /** Written so far, without the list of files at the end. */
  bytes = 0;
  files = 0;

  /** `at`: what its date says, ms. */
  begin(name: string, at: number, kind: "media" | "text"): void {
    this.#file = kind === "media" ? new ZipPassThrough(name) : new ZipDeflate(name, { level: 6 });
    this.#file.mtime = Math.min(LAST_MS, Math.max(FIRST_MS, at));
    this.#zip.add(this.#file);
    this.files++;
  }

  push(bytes: Uint8Array): void {
    this.#file?.push(bytes as Uint8Array<ArrayBuffer>);
  }

  end(): void {
    this.#file?.push(new Uint8Array(), true);
    this.#file = null;
  }

  text(name: string, at: number, text: string): void {
    this.begin(name, at, "text");
    this.push(new TextEncoder().encode(text));
    this.end();
  }

  /** The list of files; nothing may follow. */
  finish(): void {
    this.#zip.end();
  }

  /** What has come since the last time. */
  take(): readonly Uint8Array[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }
}
