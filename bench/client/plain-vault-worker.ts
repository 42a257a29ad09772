/**
 * The plaintext peer in the product's own page: it stands where the vault's worker stands, opens Dexie in the clear once the
 * code was given, and answers the first screen from an index on the date. What else the screen asks is never answered,
 * so that it costs this peer nothing.
 */
import { expose } from "comlink";
import Dexie from "dexie";
import type { PocketCover, Summary } from "../../client/vault/api.ts";

const COVER = {
  id: "00".repeat(16),
  role: "child",
  colour: "denim",
  stitch: "dash",
  language: "da",
  country: "dk",
  look: "middle",
  waysIn: ["pictures"],
  passkey: null,
  doorOpen: false,
  lockDelayMs: 60_000,
  idleLockMs: 180_000,
} as unknown as PocketCover;

/** As the KDF does: the page loads meanwhile what stands behind the code. */
const DERIVING_MS = 1_000;

let database: Dexie | null = null;

const calls: Record<string, (...args: never[]) => Promise<unknown>> = {
  covers: async () => [COVER],
  cover: async () => COVER,
  listen: async () => undefined,
  unlock: async () => {
    await new Promise((resolve) => setTimeout(resolve, DERIVING_MS));
    performance.mark("kdf-end");
    database = new Dexie("plain", { chromeTransactionDurability: "strict" });
    database.version(1).stores({ entries: "document, createdAt", texts: "document", updates: "++, document" });
    await database.open();
  },
  timeline: async (kind: string, _before: undefined, limit: number): Promise<readonly Summary[]> => {
    const newest = database?.table<Summary>("entries").orderBy("createdAt").reverse();
    return (
      (await newest
        ?.filter((one) => one.kind === kind)
        .limit(limit)
        .toArray()) ?? []
    );
  },
  seal: async () => undefined,
};

const never = (): Promise<never> => new Promise(() => undefined);
expose(new Proxy({}, { get: (_target, name) => calls[String(name)] ?? never }));
