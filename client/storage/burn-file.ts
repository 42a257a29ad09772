/**
 * The 32 bytes of Burn of each pocket, in a file of the origin's private file system: beside the database, because a file
 * can be overwritten in place and a deleted IndexedDB row can't (docs/protocol/unlocking.md). One file per pocket, named
 * like its database.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 32 | the bytes |
 * | 32 | 32 | the same again, written first |
 *
 * Twice, so that a power cut in the middle of overwriting leaves one half whole: the old or the new.
 */
import { StoreError } from "../vault/ports.ts";

const BURN_BYTES = 32;

/** What we use of the platform's FileSystemSyncAccessHandle, which the type library has for workers only. */
interface SyncFile {
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  truncate(length: number): void;
  flush(): void;
  close(): void;
}
interface SyncFiles {
  createSyncAccessHandle(): Promise<SyncFile>;
}

const nameOf = (pocket: string): string => `lomme-${pocket}`;

/** Both halves, or the one that they are; none when there is no such file or it isn't whole. @throws StoreError store-failed */
export async function readBurn(pocket: string): Promise<readonly Uint8Array[]> {
  try {
    const root = await navigator.storage.getDirectory();
    const file = await (await root.getFileHandle(nameOf(pocket))).getFile();
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (bytes.length !== 2 * BURN_BYTES) return [];
    const [first, second] = [bytes.slice(0, BURN_BYTES), bytes.slice(BURN_BYTES)];
    return first.every((byte, at) => byte === second[at]) ? [first] : [first, second];
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotFoundError") return [];
    throw new StoreError("store-failed", error);
  }
}

/** Overwrites in place; flushed when it resolves. @throws StoreError storage-full, store-failed */
export async function writeBurn(pocket: string, bytes: Uint8Array): Promise<void> {
  try {
    const root = await navigator.storage.getDirectory();
    const file = await root.getFileHandle(nameOf(pocket), { create: true });
    const handle = await (file as unknown as SyncFiles).createSyncAccessHandle();
    try {
      for (const at of [BURN_BYTES, 0]) {
        handle.write(bytes.slice(), { at });
        handle.flush();
      }
      handle.truncate(2 * BURN_BYTES);
      handle.flush();
    } finally {
      handle.close();
    }
  } catch (error) {
    const full = error instanceof DOMException && error.name === "QuotaExceededError";
    throw new StoreError(full ? "storage-full" : "store-failed", error);
  }
}
