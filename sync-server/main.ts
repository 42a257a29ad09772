/** Starts the server. `npm start` runs this; docs/operations.md lists the environment variables. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const NEEDED = 24;
const major = Number(process.versions.node.split(".")[0]);
if (major < NEEDED) {
  console.error(`Lomme's server needs Node ${NEEDED}, this is ${process.versions.node}. Run: npm start`);
  process.exit(1);
}

/** How long what is under way may take after SIGTERM; with closing the store it is over within ten seconds. */
const DRAIN_MS = 8_000;

// Loaded after the check: node:sqlite as we use it isn't there in an older Node.
const { ConfigError, isLoopback, readConfig } = await import("./config.ts");
const { createLog } = await import("./log.ts");
const { createServer } = await import("./server.ts");

try {
  const config = readConfig(process.env, dirname(dirname(fileURLToPath(import.meta.url))));
  const log = createLog(config.logLevel);
  const server = await createServer(config, log);
  console.log(`listening on ${server.url}`);
  if (config.creation === "open") {
    const who = isLoopback(config.host) ? "this machine" : "the network";
    console.log(`Anybody on ${who} can create spaces here (open creation, the development default).`);
  }

  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    log.info("stopping");
    server.close(DRAIN_MS).then(
      () => process.exit(0),
      (error: unknown) => {
        log.failure("stopping failed", error);
        process.exit(1);
      },
    );
    setTimeout(() => process.exit(1), DRAIN_MS + 2000).unref();
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
} catch (error) {
  const known = error instanceof ConfigError || (error as NodeJS.ErrnoException).code === "EADDRINUSE";
  console.error(known ? (error as Error).message : error);
  process.exit(1);
}
