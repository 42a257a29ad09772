/**
 * The engines of many nodes, read from the environment: PostgreSQL for the store, NATS for hints, S3 for blobs. Each is
 * chosen by its variables alone; none of them is the default. docs/operations.md §2 and §9.
 */
import * as v from "valibot";
import type { S3Options } from "./blobs/s3.ts";
import { ConfigError } from "./config-error.ts";

export interface Engines {
  /** null: the embedded SQLite of one process. */
  readonly postgres: {
    readonly url: string;
    readonly journalUrl: string;
    readonly connections: number;
  } | null;
  readonly natsUrl: string | null;
  /** null: files in the data directory. */
  readonly s3: S3Options | null;
}

const url = (protocols: readonly string[], sentence: string) =>
  v.pipe(
    v.string(),
    v.check((text) => protocols.some((one) => text.startsWith(`${one}://`)) && URL.canParse(text), sentence),
  );
const POSTGRES = ["postgres", "postgresql"];
const given = v.pipe(v.string(), v.minLength(1));

const Environment = v.pipe(
  v.object({
    DATABASE_URL: v.optional(url(POSTGRES, "DATABASE_URL must look like postgres://user:password@host/database.")),
    JOURNAL_DATABASE_URL: v.optional(
      url(POSTGRES, "JOURNAL_DATABASE_URL must look like postgres://user:password@host/database."),
    ),
    DATABASE_CONNECTIONS: v.optional(
      v.pipe(
        v.string(),
        v.check((text) => /^[1-9]\d{0,2}$/.test(text), "DATABASE_CONNECTIONS must be a whole number from 1 to 999."),
      ),
    ),
    NATS_URL: v.optional(
      v.pipe(
        v.string(),
        v.check(
          (text) => text.split(",").every((one) => one.trim().startsWith("nats://") && URL.canParse(one.trim())),
          "NATS_URL must look like nats://host:4222, several with commas between.",
        ),
      ),
    ),
    S3_ENDPOINT: v.optional(url(["https", "http"], "S3_ENDPOINT must look like https://host.")),
    S3_BUCKET: v.optional(given),
    S3_REGION: v.optional(given, "us-east-1"),
    S3_ACCESS_KEY_ID: v.optional(given),
    S3_SECRET_ACCESS_KEY: v.optional(given),
  }),
  v.check(({ S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY }) => {
    const parts = [S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY];
    return parts.every((part) => part === undefined) || parts.every((part) => part !== undefined);
  }, "S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY must be given together."),
  v.check(
    ({ DATABASE_URL, NATS_URL, JOURNAL_DATABASE_URL }) =>
      DATABASE_URL !== undefined || (NATS_URL === undefined && JOURNAL_DATABASE_URL === undefined),
    "NATS_URL and JOURNAL_DATABASE_URL need DATABASE_URL: the embedded store belongs to one process.",
  ),
);

/** @throws ConfigError with a sentence for the operator */
export function readEngines(env: NodeJS.ProcessEnv): Engines {
  // An empty variable is one that isn't set, as everywhere in the configuration.
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value));
  const result = v.safeParse(Environment, set, { abortEarly: true });
  if (!result.success) throw new ConfigError(result.issues[0].message);
  const read = result.output;
  return {
    postgres:
      read.DATABASE_URL === undefined
        ? null
        : {
            url: read.DATABASE_URL,
            journalUrl: read.JOURNAL_DATABASE_URL ?? read.DATABASE_URL,
            connections: Number(read.DATABASE_CONNECTIONS ?? 10),
          },
    natsUrl: read.NATS_URL ?? null,
    s3:
      read.S3_ENDPOINT === undefined
        ? null
        : {
            endpoint: read.S3_ENDPOINT,
            bucket: read.S3_BUCKET as string,
            region: read.S3_REGION,
            accessKeyId: read.S3_ACCESS_KEY_ID as string,
            secretAccessKey: read.S3_SECRET_ACCESS_KEY as string,
          },
  };
}
