import { StoreError } from "../vault/ports.ts";

/** Dexie hides the browser's error one or two levels down: in `inner`, or in the list of a bulk operation. */
interface DexieLikeError {
  readonly name?: unknown;
  readonly inner?: unknown;
  readonly failures?: unknown;
}

function names(error: unknown): string[] {
  if (typeof error !== "object" || error === null) return [];
  const { name, inner, failures } = error as DexieLikeError;
  const below = Array.isArray(failures) ? failures : [];
  return [typeof name === "string" ? name : "", ...names(inner), ...below.flatMap(names)];
}

/** The one error of this layer for whatever Dexie or the browser threw. */
export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const all = names(error);
  if (all.includes("QuotaExceededError")) return new StoreError("storage-full", error);
  if (all.includes("DatabaseClosedError")) return new StoreError("store-closed", error);
  if (all.includes("VersionError")) return new StoreError("other-format", error);
  return new StoreError("store-failed", error);
}

/** `work`, with every rejection turned into a StoreError. */
export async function asStoreErrors<T>(work: () => PromiseLike<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toStoreError(error);
  }
}
