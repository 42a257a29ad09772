import { test } from "vitest";
import { openSqlite } from "./sqlite.ts";
import { checkHistories } from "./storage-model.ts";

const RUNS = process.env.SLOW === "1" ? 5000 : 40;

test(
  "sqlite answers every history as the model does",
  () => checkHistories(openSqlite, { numRuns: RUNS, maxCommands: 60 }),
  RUNS * 1000,
);
