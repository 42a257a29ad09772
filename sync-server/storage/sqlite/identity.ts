/** What a store is known by: its server id and incarnation, and the secret of its tokens; rows of `meta`. */
import { randomBytes } from "node:crypto";
import type { ServerId } from "../../../protocol/frames.ts";
import { fromId } from "../columns.ts";
import type { ServerIdentity } from "../port.ts";
import type { Database } from "./database.ts";

/** Clients compare it with the one they know, and then look whether the server still has what it acknowledged. */
export function renewIncarnation(db: Database): void {
  db.sql("INSERT OR REPLACE INTO meta VALUES ('incarnation', ?)").run(randomBytes(16));
}

/** Made once per store. The incarnation changes with each restore from a backup, so that clients notice. */
export function readIdentity(db: Database): ServerIdentity {
  const read = (name: string, size: number): Uint8Array => {
    db.sql("INSERT OR IGNORE INTO meta VALUES (?, ?)").run(name, randomBytes(size));
    return db.sql("SELECT value FROM meta WHERE name = ?").get(name)?.value as Uint8Array;
  };
  return {
    server: fromId<ServerId>(read("server", 16)),
    incarnation: fromId<string>(read("incarnation", 16)),
    tokenSecret: read("token-secret", 32),
  };
}
