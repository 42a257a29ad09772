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

/** A disk that is full fails thousands of writes a second; one line in ten seconds and their number says as much. */
const REPEAT_MS = 10_000;

export function createLog(level: string, nowMs: () => number = Date.now): Log {
  const log = pino({ level, base: null });
  const recent = new Map<string, { at: number; unsaid: number }>();
  return {
    info: (message) => log.info(message),
    warn: (message) => log.warn(message),
    failure(message, error) {
      const kind = kindOf(error);
      const before = recent.get(kind);
      if (before !== undefined && nowMs() - before.at < REPEAT_MS) {
        before.unsaid++;
        return;
      }
      log.error({ kind, ...(before?.unsaid && { unsaid: before.unsaid }) }, message);
      recent.set(kind, { at: nowMs(), unsaid: 0 });
    },
  };
}

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? `${error.name} ${code}` : error.name;
}
