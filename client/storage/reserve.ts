/**
 * Room laid aside for a full disk: a file of the origin's private file system, full of noise. When the browser refuses a
 * write for want of room, the file is cut and the write is done again: so what is being written, a code that is tried, and
 * deleting something still go through, and what is here can always be opened. The last quarter is kept for a lock. A deleted database row would not do: its
 * room comes back only when the browser tidies up.
 *
 * Nothing but noise is ever in it, it belongs to no pocket, and a browser without such files goes on without.
 */
import type { Reserve } from "../vault/ports.ts";

/**
 * A database grows by some 4 MiB before the browser tidies up what was overwritten, and a summary page and a text together
 * take some 60 KB per commit: enough for minutes of typing at one commit every two seconds.
 */
const RESERVE_BYTES = 4 * 1024 * 1024;
/**
 * Of it, what words may not take while one writes: with it a lock still keeps what waits in memory, a code can be tried, and
 * something can be deleted.
 */
const LAST_BYTES = 1024 * 1024;
/** Not laid aside where that would make the room scarce itself: then the device counts as full. */
const LEAVE_BYTES = 4 * RESERVE_BYTES;
/** What crypto.getRandomValues gives at once. */
const NOISE_BYTES = 65_536;
const NAME = "lomme-room";

/** A browser that has no such files, and tests. */
export const noReserve: Reserve = { spent: false, spend: async () => false, fill: async () => undefined };

/** The platform's FileSystemSyncAccessHandle, which the type library has for workers only. */
interface SyncFile {
  getSize(): number;
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  truncate(length: number): void;
  flush(): void;
  close(): void;
}
interface SyncFiles {
  createSyncAccessHandle(): Promise<SyncFile>;
}

export function createReserve(): Reserve {
  let spent = false;
  // One at a time: a file has one handle. Another window may hold it; then it was emptied or filled there.
  let last: Promise<unknown> = Promise.resolve();
  const withFile = <T>(work: (file: SyncFile) => T, otherwise: T): Promise<T> => {
    const done = last.then(async () => {
      try {
        const root = await navigator.storage.getDirectory();
        const file = await root.getFileHandle(NAME, { create: true });
        const handle = await (file as unknown as SyncFiles).createSyncAccessHandle();
        try {
          return work(handle);
        } finally {
          handle.close();
        }
      } catch {
        return otherwise;
      }
    });
    last = done;
    return done;
  };

  return {
    get spent() {
      return spent;
    },
    spend: (last) =>
      withFile((file) => {
        spent = true;
        const kept = last ? 0 : LAST_BYTES;
        if (file.getSize() <= kept) return false;
        file.truncate(kept);
        file.flush();
        return true;
      }, false),
    fill: async () => {
      const { quota, usage } = await navigator.storage.estimate().catch((): StorageEstimate => ({}));
      const isScarce = quota !== undefined && usage !== undefined && quota - usage < LEAVE_BYTES;
      await withFile((file) => {
        if (file.getSize() < RESERVE_BYTES) spent = isScarce || !takeRoom(file);
        else spent = false;
        file.flush();
      }, undefined);
    },
  };
}

/** False when there isn't so much room that some is left beside it; then nothing more of it is taken. */
function takeRoom(file: SyncFile): boolean {
  const held = file.getSize();
  try {
    // Chromium's estimate is the same for everybody: only asking for the room shows whether it is there (room.ts).
    file.truncate(LEAVE_BYTES);
    file.truncate(held);
    writeNoise(file, held);
    return true;
  } catch {
    // What was held stays: it is what the next lock keeps the last words in.
    file.truncate(held);
    return false;
  }
}

function writeNoise(file: SyncFile, from: number): void {
  const noise = new Uint8Array(NOISE_BYTES);
  for (let at = from; at < RESERVE_BYTES; at += NOISE_BYTES) {
    crypto.getRandomValues(noise);
    if (file.write(noise, { at }) < NOISE_BYTES) throw new RangeError("no room");
  }
}
