/** Creation tokens: handed out by the organisation, spent once each. Only hashes of unspent ones are kept. */
import { createHash, randomBytes } from "node:crypto";
import type { Database } from "../storage/sqlite/database.ts";

/** 192 bits: nobody guesses one, however many are out. */
const TOKEN_BYTES = 24;

export const hashToken = (token: string): Uint8Array => createHash("sha256").update(token).digest();

export const newToken = (): string => randomBytes(TOKEN_BYTES).toString("base64url");

/** The tokens, once; they can't be shown again. */
export function createTokens(db: Database, count: number): string[] {
  const tokens = Array.from({ length: count }, newToken);
  db.raw.exec("BEGIN IMMEDIATE");
  for (const token of tokens) db.sql("INSERT INTO tokens VALUES (?)").run(hashToken(token));
  db.raw.exec("COMMIT");
  return tokens;
}

/** False when it isn't there: spent, revoked, or never was. */
export function revokeToken(db: Database, token: string): boolean {
  return db.sql("DELETE FROM tokens WHERE hash = ?").run(hashToken(token)).changes !== 0;
}

export function countTokens(db: Database): number {
  return db.sql("SELECT count(*) AS n FROM tokens").get()?.n as number;
}
