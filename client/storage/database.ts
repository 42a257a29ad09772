/**
 * Opening a Dexie database the careful way.
 *
 * Strict durability: by default a transaction's `complete` fires before the browser has flushed it, and a crash after
 * "saved here" would lose what was saved. `chromeTransactionDurability: 'strict'` is what Dexie calls the standard
 * option `durability` of IndexedDB; a test reads it back from the transactions.
 *
 * The version of the database is the format of its rows. Dexie would silently upgrade an older database and silently
 * open a newer one, so both are looked for and refused before anything is touched.
 *
 * A handle that was closed by the browser or by another page stays closed (`autoOpen: false`): opening it again on its
 * own could create an empty database where there was a full one.
 */
import Dexie from "dexie";
import { StoreError } from "../vault/ports.ts";
import { toStoreError } from "./errors.ts";

/** Whoever wants the database waits for so long at the most. */
const LAST_WORDS_MS = 1_000;

/** Dexie multiplies its version numbers by ten for the browser. */
const DEXIE_FACTOR = 10;

/**
 * Opens, or creates when there is none. `onClosed`: once, when the browser or another page takes it away; by another page
 * it is still open then, and what is written before the promise resolves, within a second, gets in.
 * @throws StoreError other-format, store-failed
 */
export async function openDatabase(
  name: string,
  format: number,
  tables: readonly string[],
  onClosed: () => void | Promise<void>,
): Promise<Dexie> {
  let told: Promise<void> | null = null;
  const tell = (): Promise<void> => {
    told ??= (async () => onClosed())().catch(() => undefined);
    return told;
  };
  const version = await versionOf(name);
  if (version !== null && version !== format * DEXIE_FACTOR) throw new StoreError("other-format");
  const database = new Dexie(name, {
    autoOpen: false,
    cache: "disabled",
    chromeTransactionDurability: "strict",
  });
  // "": keys stand outside of the value, there is no index.
  database.version(format).stores(Object.fromEntries(tables.map((table) => [table, ""])));
  database.on("versionchange", () => {
    // Somebody upgrades or deletes it. What was typed a moment ago is written first; then nothing stands in the way.
    const patience = new Promise<void>((resolve) => setTimeout(resolve, LAST_WORDS_MS));
    void Promise.race([tell(), patience]).finally(() => database.close());
    return false;
  });
  try {
    await database.open();
  } catch (error) {
    database.close();
    throw toStoreError(error);
  }
  if (database.backendDB().version !== format * DEXIE_FACTOR) {
    database.close();
    throw new StoreError("other-format");
  }
  database.on("close", () => void tell());
  return database;
}

/** Version of an existing database; null when there is none, or the browser can't tell without opening it. */
async function versionOf(name: string): Promise<number | null> {
  if (typeof indexedDB.databases !== "function") return null;
  try {
    const all = await indexedDB.databases();
    return all.find((database) => database.name === name)?.version ?? null;
  } catch (error) {
    throw toStoreError(error);
  }
}

/**
 * `bytes` in a buffer of their own size. The browser stores a view's whole buffer, and behind a view into the memory of
 * the crypto library lie keys.
 */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}
