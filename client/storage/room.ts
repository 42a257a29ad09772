/**
 * Whether the browser still gives so much room. `navigator.storage.estimate()` alone doesn't say: against fingerprinting
 * Chromium tells every site that it has 10 GiB left. So a file is made that long and cut off again: that costs its quota, and
 * no writing.
 */

const NAME = "lomme-probe";

interface SyncFile {
  truncate(length: number): void;
  close(): void;
}
interface SyncFiles {
  createSyncAccessHandle(): Promise<SyncFile>;
}

/** False only where the browser says no; where it can't be asked, writing will tell. */
export async function hasRoom(bytes: number): Promise<boolean> {
  const { quota, usage } = await navigator.storage.estimate().catch((): StorageEstimate => ({}));
  if (quota !== undefined && usage !== undefined && quota - usage < bytes) return false;
  try {
    const root = await navigator.storage.getDirectory();
    const file = await root.getFileHandle(NAME, { create: true });
    const handle = await (file as unknown as SyncFiles).createSyncAccessHandle();
    try {
      handle.truncate(bytes);
      return true;
    } catch (error) {
      return !isQuota(error);
    } finally {
      handle.truncate(0);
      handle.close();
      await root.removeEntry(NAME).catch(() => undefined);
    }
  } catch (error) {
    // Not even the file's name finds room.
    return !isQuota(error);
  }
}

/** The browser's way to say that there is no room. */
export const isQuota = (error: unknown): boolean =>
  error instanceof DOMException && error.name === "QuotaExceededError";
