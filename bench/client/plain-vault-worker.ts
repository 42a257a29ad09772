/**
 * The plaintext peer in the product's own page: it stands where the vault's worker stands, opens Dexie in the clear once the
 * code was given, and gives the newest with the opening, as the vault does, from an index on the date. What else the screen asks is never answered,
 * so that it costs this peer nothing.
 */
import { expose } from "comlink";
import Dexie from "dexie";
import type { FirstThings, PocketCover, Summary } from "../../client/vault/api.ts";

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

/** As many as the vault gives with its opening. */
const FIRST_THINGS = 8;

let database: Dexie | null = null;

async function newest(kind: string, limit: number): Promise<readonly Summary[]> {
  const all = database?.table<Summary>("entries").orderBy("createdAt").reverse();
  return (
    (await all
      ?.filter((one) => one.kind === kind)
      .limit(limit)
      .toArray()) ?? []
  );
}

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
    return { cover: COVER, newest: await newest("entry", FIRST_THINGS) } satisfies FirstThings;
  },
  timeline: async (kind: string, _before: undefined, limit: number) => newest(kind, limit),
  seal: async () => undefined,
};

const never = (): Promise<never> => new Promise(() => undefined);
expose(new Proxy({}, { get: (_target, name) => calls[String(name)] ?? never }));
