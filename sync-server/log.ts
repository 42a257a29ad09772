/**
 * The log: what the operator needs to run the server, and nothing about anybody. No address, id, size or path of a
 * request ever goes in; errors are cut down to their kind, since messages of the file system name paths.
 */
import pino from "pino";

export interface Log {
  info(message: string): void;
  warn(message: string): void;
  /** `error` is reduced to its name and code. */
  failure(message: string, error: unknown): void;
}

export function createLog(level: string): Log {
  const log = pino({ level, base: null });
  return {
    info: (message) => log.info(message),
    warn: (message) => log.warn(message),
    failure: (message, error) => log.error({ kind: kindOf(error) }, message),
  };
}

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? `${error.name} ${code}` : error.name;
}
