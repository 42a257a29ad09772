/** What the operator's commands ask of a store, embedded or PostgreSQL. */
import type { BlobStore } from "../blobs/port.ts";
import type { Restored } from "./backup.ts";
import type { Verified } from "./sums.ts";
import type { Usage } from "./usage.ts";

export interface RestoreOptions {
  readonly withoutJournal: boolean;
  readonly blobs: BlobStore;
  /** Unix day number. */
  readonly today: number;
}

export interface Operations {
  /** The tokens, once; they can't be shown again. */
  createTokens(count: number): Promise<readonly string[]>;
  /** False when it isn't there: spent, revoked, or never was. */
  revokeToken(token: string): Promise<boolean>;
  countTokens(): Promise<number>;
  /** The `limit` spaces that take most. */
  listUsage(limit: number): Promise<readonly Usage[]>;
  sumUsage(): Promise<{ readonly spaces: number; readonly bytes: number }>;
  verify(blobs: BlobStore): Promise<Verified>;
  /** @throws OperatorError when `to` holds something */
  backup(to: string): Promise<void>;
  /** `from` null: the database was put back by other means, and is only put right. @throws OperatorError */
  restore(from: string | null, options: RestoreOptions): Promise<Restored>;
  close(): Promise<void>;
}
