/** The operator's commands: `npm run operator -- <command>`. docs/operations.md §4. Reads no content; there is none to read. */
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { systemClock, today } from "./clock.ts";
import { type Config, ConfigError, readConfig } from "./config.ts";
import { openBlobs } from "./engines.ts";
import { dataPaths, OperatorError } from "./operations/data.ts";
import { operateEmbedded } from "./operations/embedded.ts";
import type { Operations } from "./operations/port.ts";

const HELP = `Usage: npm run operator -- <command> [options]

  tokens create [--count N]     make tokens, each of which gives one space its full room; shown this once
         [--slips FILE]         and write a page to print, with a slip and a QR code for each
  tokens revoke TOKEN           make an unspent token void
  tokens count                  how many are unspent
  usage [--limit N]             the spaces that take most, by their random ids
  verify                        check the store and every chunk; ends with 1 when something is wrong
  backup --to DIRECTORY         copy the store and its chunks, while the server may run
  restore --from DIRECTORY      put a backup in place, while the server is stopped
  restore --in-place            PostgreSQL was put back with its own tools (PITR): put right what they can't know
          [--without-journal]   only if the journal is lost: every space stays closed until its owner's device has been there

The data directory is DATA_DIR (default ./data), the journal JOURNAL_FILE (default in it; keep it on another disk).
With DATABASE_URL the store is PostgreSQL's, the journal that of JOURNAL_DATABASE_URL, and chunks may be on S3.`;

/** One token in 64 begins like an option. */
const TOKEN = /^[\w-]{32}$/;

const MiB = 1024 * 1024;
const inMiB = (bytes: number): string => (bytes / MiB).toFixed(1);

async function run(args: readonly string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: args.flatMap((arg, at) => (at === 2 && args[1] === "revoke" && TOKEN.test(arg) ? ["--", arg] : [arg])),
    allowPositionals: true,
    options: {
      help: { type: "boolean", short: "h" },
      count: { type: "string", default: "1" },
      limit: { type: "string", default: "20" },
      slips: { type: "string" },
      to: { type: "string" },
      from: { type: "string" },
      "in-place": { type: "boolean", default: false },
      "without-journal": { type: "boolean", default: false },
    },
  });
  const [command, ...rest] = positionals;
  if (values.help || command === undefined) {
    console.log(HELP);
    return values.help ? 0 : 1;
  }
  const config = readConfig(process.env, dirname(dirname(fileURLToPath(import.meta.url))));
  const operations = await openOperations(config);
  try {
    switch (command) {
      case "restore": {
        if (values.from === undefined && !values["in-place"]) {
          throw new OperatorError("Say which backup: --from DIRECTORY");
        }
        return await runRestore(operations, config, values.from ?? null, values["without-journal"]);
      }
      case "backup": {
        if (values.to === undefined) throw new OperatorError("Say where to: --to DIRECTORY");
        await operations.backup(values.to);
        console.log(`The store is copied to ${values.to}. The journal isn't part of it: keep that apart.`);
        if (config.engines.s3 !== null) console.log("The chunks on S3 aren't either: keep versions or copies there.");
        return 0;
      }
      case "tokens":
        return await runTokens(operations, rest, readCount(values.count, "--count"), values.slips ?? null);
      case "usage":
        return await runUsage(operations, readCount(values.limit, "--limit"));
      case "verify": {
        const { records, chunks, problems } = await operations.verify(await openBlobs(config));
        for (const problem of problems) console.error(problem);
        console.log(`${records} records and ${chunks} chunks checked, ${problems.length} problems`);
        return problems.length === 0 ? 0 : 1;
      }
      default:
        throw new OperatorError(`There is no command ${command}. See --help.`);
    }
  } finally {
    await operations.close();
  }
}

async function openOperations(config: Config): Promise<Operations> {
  const paths = dataPaths(config);
  const { postgres, s3 } = config.engines;
  if (postgres === null) return operateEmbedded(paths);
  const { operatePostgres } = await import("./operations/postgres/operations.ts");
  try {
    return await operatePostgres({ ...postgres, blobs: s3 === null ? paths.blobs : null });
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    throw new OperatorError(`DATABASE_URL can't be used: ${message || code || "no reason given"}.`);
  }
}

async function runRestore(
  operations: Operations,
  config: Config,
  from: string | null,
  withoutJournal: boolean,
): Promise<number> {
  const blobs = await openBlobs(config);
  const restored = await operations.restore(from, { withoutJournal, blobs, today: today(systemClock) });
  console.log(restored.replayed ? "The journal was replayed over the backup." : "The journal held nothing newer.");
  console.log(`${restored.chunksToUploadAgain} chunks are missing; devices that have them upload them again.`);
  console.log(`${restored.tokensVoided} unspent tokens were made void; create new ones.`);
  return 0;
}

async function runUsage(operations: Operations, limit: number): Promise<number> {
  const { spaces, bytes } = await operations.sumUsage();
  for (const one of await operations.listUsage(limit)) {
    console.log(
      `${one.space}  ${inMiB(one.bytes)} of ${inMiB(one.quota)} MiB  ${one.records} records  ${one.blobs} blobs`,
    );
  }
  console.log(`${spaces} spaces, ${inMiB(bytes)} MiB`);
  return 0;
}

async function runTokens(
  operations: Operations,
  [action, token]: readonly string[],
  count: number,
  slips: string | null,
): Promise<number> {
  if (action === "create") await runCreateTokens(operations, count, slips);
  else if (action === "count") console.log(String(await operations.countTokens()));
  else if (action === "revoke" && token !== undefined) {
    if (!(await operations.revokeToken(token))) throw new OperatorError("There is no such unspent token.");
    console.log("The token is void.");
  } else throw new OperatorError("Say: tokens create, tokens revoke TOKEN, or tokens count.");
  return 0;
}

async function runCreateTokens(operations: Operations, count: number, slips: string | null): Promise<void> {
  // Opened before anything is made: tokens that could not be written down would be lost.
  const page = slips === null ? null : await openNew(slips);
  try {
    const tokens = await operations.createTokens(count);
    console.log(tokens.join("\n"));
    if (page === null) return;
    const { printSlips } = await import("./operations/slips.ts");
    await page.writeFile(printSlips(tokens));
  } finally {
    await page?.close();
  }
}

async function openNew(file: string): Promise<FileHandle> {
  try {
    return await open(file, "wx", 0o600);
  } catch {
    throw new OperatorError(`${file} can't be written, or is there already.`);
  }
}

function readCount(text: string, name: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new OperatorError(`${name} must be a number from 1 to 99999.`);
  return Number(text);
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const { code } = error as { code?: unknown };
  const isTheirs = error instanceof OperatorError || error instanceof ConfigError;
  const isArgument = typeof code === "string" && code.startsWith("ERR_PARSE_ARGS");
  const isHeld = error instanceof Error && error.message.startsWith("another server");
  console.error(isTheirs || isArgument || isHeld ? (error as Error).message : error);
  process.exitCode = 1;
}
