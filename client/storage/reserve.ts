/**
 * Room laid aside for a full disk: a file of the origin's private file system, full of noise. When the browser refuses a
 * write for want of room, the file is cut and the write is done again: so what is being written, a code that is tried, and
 * deleting something still go through, and what is here can always be opened. The last quarter is kept for locks, and of it the
 * last bit for getting in and deleting: each takes only as much as it needs, so that the next ones have theirs too (what is cut off can't be laid aside again:
 * Chromium gives a file that grows a MiB at the least). A deleted database row would not do: its room comes back only when
 * the browser tidies up.
 *
 * Nothing but noise is ever in it, it belongs to no pocket, and a browser without such files goes on without.
 */
import type { Reserve, Urgency } from "../vault/ports.ts";
import { isQuota } from "./room.ts";

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
/** Cut off at a time: the words of some minutes with their page of summaries, which is what one lock may need. */
const STEP_BYTES = 128 * 1024;
/** What each has to leave: without the last step nobody could open what is here, or delete something. */
const LEAST_BYTES: Readonly<Record<Urgency, number>> = { words: LAST_BYTES, lock: STEP_BYTES, all: 0 };
/** Not laid aside where that would make the room scarce itself: then the device counts as full. */
const LEAVE_BYTES = 4 * RESERVE_BYTES;
/** What crypto.getRandomValues gives at once. */
const NOISE_BYTES = 65_536;
const NAME = "lomme-room";

/** A browser that has no such files, and tests. */
export const noReserve: Reserve = { spent: false, dry: false, spend: async () => false, fill: async () => undefined };

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
  let dry = false;
  // One at a time: a file has one handle. Another window may hold it; then it was emptied or filled there.
  let last: Promise<unknown> = Promise.resolve();
  const withFile = <T>(work: (file: SyncFile) => T, otherwise: (isFull: boolean) => T): Promise<T> => {
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
      } catch (error) {
        return otherwise(isQuota(error));
      }
    });
    last = done;
    return done;
  };

  return {
    get spent() {
      return spent;
    },
    get dry() {
      return dry;
    },
    spend: (urgency) =>
      withFile(
        (file) => {
          spent = true;
          const held = file.getSize();
          const least = LEAST_BYTES[urgency];
          const kept = held > LAST_BYTES ? LAST_BYTES : Math.max(least, held - STEP_BYTES);
          dry = Math.min(held, kept) <= LEAST_BYTES.lock;
          if (held <= least) return false;
          file.truncate(kept);
          file.flush();
          return true;
        },
        () => {
          spent = true;
          dry = true;
          return false;
        },
      ),
    fill: async () => {
      const { quota, usage } = await navigator.storage.estimate().catch((): StorageEstimate => ({}));
      const isScarce = quota !== undefined && usage !== undefined && quota - usage < LEAVE_BYTES;
      await withFile(
        (file) => {
          spent = file.getSize() < RESERVE_BYTES && (isScarce || !takeRoom(file, LEAVE_BYTES, RESERVE_BYTES));
          // Not all of it fits, but perhaps the part for locks.
          if (spent && file.getSize() < LAST_BYTES) takeRoom(file, LAST_BYTES, LAST_BYTES);
          dry = spent && file.getSize() <= LEAST_BYTES.lock;
          file.flush();
        },
        (isFull) => {
          // Where there are no such files, the next write that is refused says it again.
          spent = isFull;
          dry = isFull;
        },
      );
    },
  };
}

/** Makes it `to` bytes long where there is room for `needed`; false when there isn't, and then nothing more is taken. */
function takeRoom(file: SyncFile, needed: number, to: number): boolean {
  const held = file.getSize();
  try {
    // Chromium's estimate is the same for everybody: only asking for the room shows whether it is there (room.ts).
    file.truncate(needed);
    file.truncate(held);
    writeNoise(file, held, to);
    return true;
  } catch {
    // What was held stays: it is what the next locks keep the last words in.
    file.truncate(held);
    return false;
  }
}

function writeNoise(file: SyncFile, from: number, to: number): void {
  const noise = new Uint8Array(NOISE_BYTES);
  for (let at = from; at < to; at += NOISE_BYTES) {
    crypto.getRandomValues(noise);
    if (file.write(noise, { at }) < NOISE_BYTES) throw new RangeError("no room");
  }
}
