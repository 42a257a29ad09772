/**
 * What the operator can choose, read from the environment once at start. docs/operations.md explains each variable.
 * A value that can't be meant is refused with one line; nothing is guessed.
 */
import { join } from "node:path";
import { SPACE_QUOTA_BYTES } from "../protocol/limits.ts";
import { type Engines, readEngines } from "./config-engines.ts";
import { ConfigError } from "./config-error.ts";

export { ConfigError };

export interface Config {
  /** What stands behind this node: nothing but this machine unless said otherwise. */
  readonly engines: Engines;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly dataDir: string;
  /** The journal; undefined: in the data directory. Better on another disk (docs/operations.md §5). */
  readonly journalFile?: string;
  /** The built client. */
  readonly clientDir: string;
  /** `open`: anybody who reaches the server may create spaces; `token`: only pockets may be made without one. */
  readonly creation: "open" | "token";
  readonly spaceQuotaBytes: number;
  /** Behind a reverse proxy of ours: believe its X-Forwarded-For and X-Forwarded-Proto. */
  readonly trustProxy: boolean;
  /** Files with certificate and key (PEM), for TLS without a proxy. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  readonly maxConnections: number;
  /** Connections of one address; a school or a municipality often has one. Loopback isn't limited. */
  readonly maxConnectionsPerAddress: number;
  readonly logLevel: string;
  /** With it, in an Authorization header, /metrics can be read from another machine. */
  readonly metricsToken: string | null;
}

const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);

/** @throws ConfigError with a sentence for the operator */
export function readConfig(env: NodeJS.ProcessEnv, projectDir: string): Config {
  const host = env.HOST ?? "127.0.0.1";
  return {
    engines: readEngines(env),
    host,
    port: readNumber(env, "PORT", 8787, 65_535),
    dataDir: env.DATA_DIR ?? "./data",
    ...(env.JOURNAL_FILE && { journalFile: env.JOURNAL_FILE }),
    clientDir: env.CLIENT_DIR ?? join(projectDir, "dist"),
    creation: readChoice(env, "CREATION", ["open", "token"], LOOPBACK.has(host) ? "open" : "token"),
    spaceQuotaBytes: readNumber(env, "SPACE_QUOTA_MB", SPACE_QUOTA_BYTES / 1_048_576, 1_048_576) * 1_048_576,
    trustProxy: readChoice(env, "TRUST_PROXY", ["0", "1"], "0") === "1",
    tls: readTls(env),
    maxConnections: readNumber(env, "MAX_CONNECTIONS", 20_000, 1_000_000),
    maxConnectionsPerAddress: readNumber(env, "MAX_CONNECTIONS_PER_ADDRESS", 1_000, 1_000_000),
    metricsToken: env.METRICS_TOKEN || null,
    logLevel: readChoice(env, "LOG_LEVEL", ["silent", "error", "warn", "info"], "info"),
  };
}

export const isLoopback = (host: string): boolean => LOOPBACK.has(host);

function readNumber(env: NodeJS.ProcessEnv, name: string, otherwise: number, max: number): number {
  const text = env[name];
  if (text === undefined || text === "") return otherwise;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > max) throw new ConfigError(`${name} must be a whole number up to ${max}.`);
  return value;
}

function readChoice<const Choice extends string>(
  env: NodeJS.ProcessEnv,
  name: string,
  choices: readonly Choice[],
  otherwise: NoInfer<Choice>,
): Choice {
  const text = env[name];
  if (text === undefined || text === "") return otherwise;
  const choice = choices.find((one) => one === text);
  if (choice === undefined) throw new ConfigError(`${name} must be one of: ${choices.join(", ")}.`);
  return choice;
}

function readTls(env: NodeJS.ProcessEnv): Config["tls"] {
  const cert = env.TLS_CERT;
  const key = env.TLS_KEY;
  if (!cert && !key) return null;
  if (!cert || !key) throw new ConfigError("TLS_CERT and TLS_KEY must be given together.");
  return { cert, key };
}
