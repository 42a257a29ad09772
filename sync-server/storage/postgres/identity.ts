/** What a store is known by: its server id and incarnation, and the secret of its tokens; rows of `meta`. */
import { randomBytes } from "node:crypto";
import type { ServerId } from "../../../protocol/frames.ts";
import { fromId } from "../columns.ts";
import type { ServerIdentity } from "../port.ts";
import type { Database } from "./database.ts";

export async function writeMeta(db: Database, name: string, value: Uint8Array): Promise<void> {
  await db`INSERT INTO meta VALUES (${name}, ${value}) ON CONFLICT (name) DO UPDATE SET value = excluded.value`;
}

/** Clients compare it with the one they know, and then look whether the server still has what it acknowledged. */
export const renewIncarnation = (db: Database): Promise<void> => writeMeta(db, "incarnation", randomBytes(16));

/** Made once per store, by whichever node is first. */
export async function readIdentity(db: Database): Promise<ServerIdentity> {
  const read = async (name: string, size: number): Promise<Uint8Array> => {
    await db`INSERT INTO meta VALUES (${name}, ${randomBytes(size)}) ON CONFLICT DO NOTHING`;
    const [row] = await db`SELECT value FROM meta WHERE name = ${name}`;
    return row?.value as Uint8Array;
  };
  return {
    server: fromId<ServerId>(await read("server", 16)),
    incarnation: fromId<string>(await read("incarnation", 16)),
    tokenSecret: await read("token-secret", 32),
  };
}
