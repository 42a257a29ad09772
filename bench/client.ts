/**
 * `npm run bench:client`: pockets of 100, 1,000 and 10,000 entries in a real browser, beside the same list on plaintext
 * Dexie in the same run; typing; what travels up. Keys of the last line: bench/README.md. `PARTS=wire`, `PARTS=entries` and
 * `PARTS=typing` run some of it, `ENTRIES=100,1000` other sizes; what wasn't run is null. Nothing is stored or compared with
 * an earlier run.
 */
import { cpus, loadavg } from "node:os";
import config from "../playwright.config.ts";
import { People } from "../tests/browser/harness/person.ts";
import { startServer } from "../tests/browser/harness/server.ts";
import { bringPocket, type EntriesFigures, measurePocket } from "./client/pocket-figures.ts";
import { measureTyping, type TypingFigures } from "./client/typing.ts";
import { measureWire, type WireFigures } from "./client/wire.ts";

const PARTS = new Set((process.env.PARTS ?? "wire,entries,typing").split(","));
const SIZES = (process.env.ENTRIES ?? "100,1000,10000").split(",").map(Number);

const began = Date.now();
const say = (what: string): void => console.log(`${Math.round((Date.now() - began) / 1000)} s: ${what}`);

console.log(
  `${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}, load ${loadavg()[0]?.toFixed(1)}`,
);

let wire: WireFigures | null = null;
if (PARTS.has("wire")) {
  say("500 keys and 5,000 notes on the wire …");
  wire = await measureWire();
  console.table(wire);
}

const entries: Record<string, EntriesFigures> = {};
let typing: TypingFigures | null = null;
if (PARTS.has("entries") || PARTS.has("typing")) await measureInBrowser();

async function measureInBrowser(): Promise<void> {
  const server = await startServer();
  const people = new People(server.origin, config.use?.launchOptions ?? {});
  try {
    for (const size of SIZES) {
      const isLast = size === SIZES.at(-1);
      if (!PARTS.has("entries") && !isLast) continue;
      say(`making a pocket of ${size} entries, ${size / 2} photos, ${size * 20} records …`);
      const person = await bringPocket(people, server.origin, size);
      // The pocket's records are on no server: without net, nothing is sent beside what is measured.
      await person.flightMode(true);
      say("measuring it …");
      entries[size] = await measurePocket(person, server.origin);
      console.table({ [size]: entries[size] });
      if (isLast && PARTS.has("typing")) {
        say("typing …");
        typing = await measureTyping(person);
        console.table(typing);
      }
      await person.close();
    }
  } finally {
    for (const line of await people.leave()) console.error(line);
    await server.remove();
  }
}

say(`done, load ${loadavg()[0]?.toFixed(1)}`);
// What stands beside the figures of issue and goals: the peers', and the same with a slower processor.
console.log(JSON.stringify({ beside: { entries, typing, wire } }));
console.log(JSON.stringify({ entries: mapEntries(entries), typing: shortTyping(typing), wire: shortWire(wire) }));

function mapEntries(all: Readonly<Record<string, EntriesFigures>>) {
  return Object.fromEntries(
    Object.entries(all).map(([size, figures]) => {
      const { unlockToTimelineMs, plainDexieMs, searchableAfterMs, searchP95Ms, openEntryMs, addEntryMs } = figures;
      const { workerMB } = figures;
      return [
        size,
        { unlockToTimelineMs, plainDexieMs, searchableAfterMs, searchP95Ms, openEntryMs, addEntryMs, workerMB },
      ];
    }),
  );
}

function shortTyping(all: TypingFigures | null) {
  return all === null ? null : { longTasks: all.longTasks, savedHereP95Ms: all.savedHereP95Ms };
}

function shortWire(all: WireFigures | null) {
  if (all === null) return null;
  const { keys500UpBytes, keys500StoredBytes, notes5000UpBytes } = all;
  return { keys500UpBytes, keys500StoredBytes, notes5000UpBytes };
}
