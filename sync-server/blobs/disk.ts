/**
 * Sealed chunks as files: `<root>/<two digits>/<space>/<blob>/<index>`.
 *
 * A chunk is written beside its place, synced, and renamed; then the directory is synced. A crash leaves either the whole
 * chunk or a temporary file that the next write of the same chunk replaces. Modification and access times of files and
 * directories are set to the start of the day, so that the store doesn't say when within a day a photo was sent; the
 * file system's own change time can't be set (docs/operations.md says so).
 */
import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BlobId, SpaceId } from "../../protocol/frames.ts";
import { StorageError } from "../storage/port.ts";
import type { BlobStore } from "./port.ts";

const DAY_SECONDS = 86_400;
const ID = /^[0-9a-f]{32}$/;

export function createDiskBlobs(root: string): BlobStore {
  const blobDirectory = (space: SpaceId, blob: BlobId): string => {
    if (!ID.test(space) || !ID.test(blob)) throw new StorageError("bad-frame", "id"); // ids become paths: never trust
    return join(root, space.slice(0, 2), space, blob);
  };
  const chunkFile = (space: SpaceId, blob: BlobId, index: number): string =>
    join(blobDirectory(space, blob), String(index));

  async function read(space: SpaceId, blob: BlobId, index: number): Promise<Uint8Array | null> {
    try {
      return await readFile(chunkFile(space, blob, index));
    } catch (error) {
      if (isAbsent(error)) return null;
      throw asStorageError(error);
    }
  }

  /** Two uploads of one chunk at once take turns: they would write the same temporary file. */
  const writing = new Map<string, Promise<void>>();
  async function inTurn(file: string, work: () => Promise<void>): Promise<void> {
    const mine = (writing.get(file) ?? Promise.resolve()).catch(() => {}).then(work);
    writing.set(file, mine);
    try {
      await mine;
    } finally {
      if (writing.get(file) === mine) writing.delete(file);
    }
  }

  return {
    async write(space, blob, index, bytes, today) {
      const file = chunkFile(space, blob, index);
      try {
        await inTurn(file, async () => {
          await mkdir(dirname(file), { recursive: true });
          await writeDurably(file, bytes, today * DAY_SECONDS);
          await forgetHour(root, dirname(file), today * DAY_SECONDS);
        });
      } catch (error) {
        throw asStorageError(error);
      }
    },
    read,
    async hash(space, blob, index) {
      const bytes = await read(space, blob, index);
      return bytes === null ? null : createHash("sha256").update(bytes).digest();
    },
    async remove(space, blob) {
      try {
        await rm(blobDirectory(space, blob), { recursive: true, force: true });
      } catch (error) {
        throw asStorageError(error);
      }
    },
    async *listBefore(day) {
      for (const prefix of await names(root)) {
        for (const space of await names(join(root, prefix))) {
          for (const blob of await names(join(root, prefix, space))) {
            const { mtimeMs } = await stat(join(root, prefix, space, blob));
            if (mtimeMs < day * DAY_SECONDS * 1000) yield { space: space as SpaceId, blob: blob as BlobId };
          }
        }
      }
    },
  };
}

async function writeDurably(file: string, bytes: Uint8Array, dayStart: number): Promise<void> {
  const temporary = `${file}.part`;
  const handle = await open(temporary, "w");
  try {
    await handle.writeFile(bytes);
    await handle.utimes(dayStart, dayStart);
    await handle.sync();
  } catch (error) {
    await handle.close();
    await rm(temporary, { force: true });
    throw error;
  }
  await handle.close();
  await rename(temporary, file);
  const directory = await open(dirname(file), "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Directories too: their modification time would be that of the newest file. */
async function forgetHour(root: string, from: string, dayStart: number): Promise<void> {
  for (let directory = from; directory.startsWith(root); directory = dirname(directory)) {
    await utimes(directory, dayStart, dayStart);
    if (directory === root) return;
  }
}

async function names(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw asStorageError(error);
  }
}

const errorCode = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
const isAbsent = (error: unknown): boolean => errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR";

/** The message of a file error names the path, and so ids; only its code is kept. */
function asStorageError(error: unknown): StorageError {
  return error instanceof StorageError ? error : new StorageError("storage-failed", errorCode(error));
}
