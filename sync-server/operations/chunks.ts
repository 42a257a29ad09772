/** Chunks on a disk, copied for a backup while others are written and deleted. */
import { copyFile, mkdir, readdir, stat, utimes } from "node:fs/promises";
import { join } from "node:path";

/**
 * File by file: what is deleted or renamed meanwhile is missing here as it is there. Chunks never change once committed,
 * and one that is just being written (`.part`) isn't one yet.
 */
export async function copyChunks(from: string, to: string): Promise<void> {
  const entries = (await unlessGone(readdir(from, { withFileTypes: true }))) ?? [];
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const entry of entries) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyChunks(source, target);
    else if (!entry.name.endsWith(".part") && (await unlessGone(copyFile(source, target))) !== null) {
      await keepDay(source, target);
    }
  }
  await keepDay(from, to);
}

/** The start of the day is all that a file says of when it was written (blobs/disk.ts). */
async function keepDay(source: string, target: string): Promise<void> {
  const times = await unlessGone(stat(source));
  if (times !== null) await utimes(target, times.atime, times.mtime);
}

async function unlessGone<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
