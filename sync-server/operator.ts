/** The operator's commands: `npm run operator -- <command>`. docs/operations.md §4. Reads no content; there is none to read. */

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createDiskBlobs } from "./blobs/disk.ts";
import { systemClock, today } from "./clock.ts";
import { ConfigError, readConfig } from "./config.ts";
import { backupStore, restoreStore } from "./operations/backup.ts";
import { dataPaths, OperatorError, requireStore } from "./operations/data.ts";
import { countTokens, createTokens, revokeToken } from "./operations/tokens.ts";
import { listUsage } from "./operations/usage.ts";
import { verifyStore } from "./operations/verify.ts";
import { openDatabase } from "./storage/sqlite/database.ts";
import { sumUsage } from "./storage/sqlite/spaces.ts";

const HELP = `Usage: npm run operator -- <command> [options]

  tokens create [--count N]     make tokens with which spaces can be created; shown this once
  tokens revoke TOKEN           make an unspent token void
  tokens count                  how many are unspent
  usage [--limit N]             the spaces that take most, by their random ids
  verify                        check the store and every chunk; ends with 1 when something is wrong
  backup --to DIRECTORY         copy the store and its chunks, while the server may run
  restore --from DIRECTORY      put a backup in place, while the server is stopped
          [--without-journal]   only if the journal is lost: every space stays closed until its owner rotates it

The data directory is DATA_DIR (default ./data), the journal JOURNAL_FILE (default in it; keep it on another disk).`;

const MiB = 1024 * 1024;
const inMiB = (bytes: number): string => (bytes / MiB).toFixed(1);

async function run(args: readonly string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      help: { type: "boolean", short: "h" },
      count: { type: "string", default: "1" },
      limit: { type: "string", default: "20" },
      to: { type: "string" },
      from: { type: "string" },
      "without-journal": { type: "boolean", default: false },
    },
  });
  const [command, ...rest] = positionals;
  if (values.help || command === undefined) {
    console.log(HELP);
    return values.help ? 0 : 1;
  }
  const paths = dataPaths(readConfig(process.env, dirname(dirname(fileURLToPath(import.meta.url)))));
  const blobs = createDiskBlobs(paths.blobs);

  if (command === "restore") {
    if (values.from === undefined) throw new OperatorError("Say which backup: --from DIRECTORY");
    const restored = await restoreStore(paths, values.from, {
      withoutJournal: values["without-journal"],
      blobs,
      today: today(systemClock),
    });
    console.log(restored.replayed ? "The journal was replayed over the backup." : "The journal held nothing newer.");
    console.log(`${restored.chunksToUploadAgain} chunks are missing; devices that have them upload them again.`);
    console.log(`${restored.tokensVoided} unspent tokens were made void; create new ones.`);
    return 0;
  }
  requireStore(paths);
  if (command === "backup") {
    if (values.to === undefined) throw new OperatorError("Say where to: --to DIRECTORY");
    await backupStore(paths, values.to);
    console.log(`The store is copied to ${values.to}. The journal isn't part of it: keep that apart.`);
    return 0;
  }

  const db = openDatabase(paths.store);
  try {
    switch (command) {
      case "tokens":
        return runTokens(rest, readCount(values.count, "--count"));
      case "usage": {
        const { spaces, bytes } = sumUsage(db);
        for (const one of listUsage(db, readCount(values.limit, "--limit"))) {
          console.log(
            `${one.space}  ${inMiB(one.bytes)} of ${inMiB(one.quota)} MiB  ${one.records} records  ${one.blobs} blobs`,
          );
        }
        console.log(`${spaces} spaces, ${inMiB(bytes)} MiB`);
        return 0;
      }
      case "verify": {
        const { records, chunks, problems } = await verifyStore(db, blobs);
        for (const problem of problems) console.error(problem);
        console.log(`${records} records and ${chunks} chunks checked, ${problems.length} problems`);
        return problems.length === 0 ? 0 : 1;
      }
      default:
        throw new OperatorError(`There is no command ${command}. See --help.`);
    }
  } finally {
    db.raw.close();
  }

  function runTokens([action, token]: readonly string[], count: number): number {
    if (action === "create") console.log(createTokens(db, count).join("\n"));
    else if (action === "count") console.log(String(countTokens(db)));
    else if (action === "revoke" && token !== undefined) {
      if (!revokeToken(db, token)) throw new OperatorError("There is no such unspent token.");
      console.log("The token is void.");
    } else throw new OperatorError("Say: tokens create, tokens revoke TOKEN, or tokens count.");
    return 0;
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
