/**
 * Opens what the configuration names. The clients of PostgreSQL, NATS and S3 are loaded only when they are chosen: a
 * server of one machine never reads them.
 */
import { mkdir } from "node:fs/promises";
import { createDiskBlobs } from "./blobs/disk.ts";
import type { BlobStore } from "./blobs/port.ts";
import { type Config, ConfigError } from "./config.ts";
import type { HintListener, Hints } from "./fanout/hints.ts";
import { createLocalFanout } from "./fanout/local.ts";
import type { Fanout } from "./fanout/port.ts";
import { dataPaths } from "./operations/data.ts";
import type { Chunks, Storage } from "./storage/port.ts";
import { openSqliteStorage } from "./storage/sqlite/store.ts";

type NeededOf<Key extends keyof Config> = Pick<Config, "engines" | Key>;
type Told = { onCommit(seconds: number, writes: number): void; onFailure(error: unknown): void };

export async function openStorage(
  config: NeededOf<"dataDir" | "journalFile" | "spaceQuotaBytes">,
  chunks: Chunks,
  { onCommit }: Pick<Told, "onCommit">,
): Promise<Storage> {
  const { postgres } = config.engines;
  const shared = { spaceQuotaBytes: config.spaceQuotaBytes, chunks, onCommit };
  if (postgres !== null) {
    const { openPostgresStorage } = await import("./storage/postgres/store.ts");
    try {
      return await openPostgresStorage({ ...postgres, ...shared });
    } catch (error) {
      const { code, message } = error as { code?: string; message?: string };
      throw new ConfigError(`DATABASE_URL can't be used: ${message || code || "no reason given"}.`);
    }
  }
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const paths = dataPaths(config);
  return openSqliteStorage({ file: paths.store, journalFile: paths.journal, ...shared });
}

export async function openBlobs(config: NeededOf<"dataDir" | "journalFile">): Promise<BlobStore> {
  const { s3 } = config.engines;
  if (s3 === null) return createDiskBlobs(dataPaths(config).blobs);
  const { createS3Blobs } = await import("./blobs/s3.ts");
  return createS3Blobs(s3);
}

export async function openFanout(
  { engines }: NeededOf<never>,
  storage: Storage,
  { onFailure }: Pick<Told, "onFailure">,
): Promise<Fanout> {
  if (engines.postgres === null) return createLocalFanout();
  const { createNodesFanout } = await import("./fanout/nodes.ts");
  const hints = await hintsOver(engines.natsUrl, storage, onFailure);
  return createNodesFanout({ storage, onFailure, ...(hints && { hints }) });
}

async function hintsOver(
  url: string | null,
  storage: Storage,
  onFailure: Told["onFailure"],
): Promise<((listener: HintListener) => Hints) | null> {
  if (url === null) return null;
  const { createNatsHints } = await import("./fanout/nats.ts");
  return (listener) => createNatsHints({ url, server: storage.identity.server, onFailure }, listener);
}
