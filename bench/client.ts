/**
 * `npm run bench:client`: pockets of 100, 1,000 and 10,000 entries in a real browser, beside the same list on plaintext
 * Dexie in the same run; a list of 5,000 notes; typing; what travels up. Keys of the last line: bench/README.md.
 * `PARTS=wire`, `PARTS=notes`, `PARTS=entries` and `PARTS=typing` run some of it, `ENTRIES=100,1000` other sizes; what wasn't run is null. Nothing is stored or compared with
 * an earlier run.
 */
import { cpus, loadavg } from "node:os";
import config from "../playwright.config.ts";
import { People } from "../tests/browser/harness/person.ts";
import { startServer } from "../tests/browser/harness/server.ts";
import { lifeOf } from "../tests/realistic/sizes.ts";
import {
  bringPocket,
  type EntriesFigures,
  measureNotes,
  measurePocket,
  type NotesFigures,
} from "./client/pocket-figures.ts";
import { measureTyping, type TypingFigures } from "./client/typing.ts";
import { unlock } from "./client/unlocking.ts";
import { measureWire, type WireFigures } from "./client/wire.ts";

const PARTS = new Set((process.env.PARTS ?? "wire,notes,entries,typing").split(","));
const NOTES = 5_000;
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
let notes: NotesFigures | null = null;
if (["entries", "typing", "notes"].some((part) => PARTS.has(part))) await measureInBrowser();

async function measureInBrowser(): Promise<void> {
  const server = await startServer();
  const people = new People(server.origin, config.use?.launchOptions ?? {});
  try {
    if (PARTS.has("notes")) {
      say("making a pocket of 5,000 small notes …");
      const person = await bringPocket(people, server.origin, { ...lifeOf(NOTES), photos: 0, records: NOTES });
      say("measuring it …");
      notes = await measureNotes(person, server.origin);
      console.table({ notes });
      await person.close();
    }
    for (const size of SIZES) {
      const isLast = size === SIZES.at(-1);
      if (!PARTS.has("entries") && !(isLast && PARTS.has("typing"))) continue;
      say(`making a pocket of ${size} entries, ${size / 2} photos, ${size * 20} records …`);
      const person = await bringPocket(people, server.origin, lifeOf(size));
      if (PARTS.has("entries")) {
        say("measuring it …");
        entries[size] = await measurePocket(person, server.origin);
        console.table({ [size]: entries[size] });
      }
      if (isLast && PARTS.has("typing")) {
        say("typing …");
        await unlock(person);
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
console.log(JSON.stringify({ beside: { entries, notes, typing, wire, growth: growthOf(entries) } }));
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

/** One more entry, and opening the pocket, at the largest size over the same at the smallest: 1 is "it costs the same". */
function growthOf(all: Readonly<Record<string, EntriesFigures>>) {
  const [small, large] = [all[String(SIZES[0])], all[String(SIZES.at(-1))]];
  if (small === undefined || large === undefined) return null;
  const ratio = (key: "addEntryMs" | "addEntryRows" | "unlockToTimelineMs" | "openEntryMs"): number =>
    Number((large[key] / small[key]).toFixed(2));
  return {
    addEntryMs: ratio("addEntryMs"),
    addEntryRows: ratio("addEntryRows"),
    unlockToTimelineMs: ratio("unlockToTimelineMs"),
    openEntryMs: ratio("openEntryMs"),
  };
}

function shortTyping(all: TypingFigures | null) {
  return all === null ? null : { longTasks: all.longTasks, savedHereP95Ms: all.savedHereP95Ms };
}

function shortWire(all: WireFigures | null) {
  if (all === null) return null;
  const { keys500UpBytes, keys500StoredBytes, notes5000UpBytes } = all;
  return { keys500UpBytes, keys500StoredBytes, notes5000UpBytes };
}
