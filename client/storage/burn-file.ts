/**
 * The 32 bytes of Burn of each pocket, in a file of the origin's private file system: beside the database, because a file
 * can be overwritten in place and a deleted IndexedDB row can't (docs/protocol/unlocking.md). One file per pocket, named
 * like its database.
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

/** Null when there is no such file, or it isn't whole. @throws StoreError store-failed */
export async function readBurn(pocket: string): Promise<Uint8Array | null> {
  try {
    const root = await navigator.storage.getDirectory();
    const file = await (await root.getFileHandle(nameOf(pocket))).getFile();
    const bytes = new Uint8Array(await file.arrayBuffer());
    return bytes.length === BURN_BYTES ? bytes : null;
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotFoundError") return null;
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
      handle.write(bytes.slice(), { at: 0 });
      handle.truncate(BURN_BYTES);
      handle.flush();
    } finally {
      handle.close();
    }
  } catch (error) {
    const full = error instanceof DOMException && error.name === "QuotaExceededError";
    throw new StoreError(full ? "storage-full" : "store-failed", error);
  }
}
