/**
 * `npm run bench:client`: pockets of 100, 1,000 and 10,000 entries in a real browser, beside the same list on plaintext
 * Dexie in the same run; typing; what travels up. Keys of the last line: bench/README.md. `ENTRIES=1000` measures that one
 * size. Nothing is stored or compared with an earlier run.
 */
import { cpus } from "node:os";
import config from "../playwright.config.ts";
import { People } from "../tests/browser/harness/person.ts";
import { startServer } from "../tests/browser/harness/server.ts";
import { bringPocket, type EntriesFigures, measurePocket } from "./client/pocket-figures.ts";
import { measureTyping, type TypingFigures } from "./client/typing.ts";
import { measureWire } from "./client/wire.ts";

const SIZES = process.env.ENTRIES === undefined ? [100, 1_000, 10_000] : [Number(process.env.ENTRIES)];

console.log(
  `${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`,
);
const wire = await measureWire();
console.table(wire);

const server = await startServer();
const people = new People(server.origin, config.use?.launchOptions ?? {});
const entries: Record<string, EntriesFigures> = {};
let typing: TypingFigures | null = null;
try {
  for (const size of SIZES) {
    console.log(`making a pocket of ${size} entries, ${size / 2} photos, ${size * 20} records …`);
    const person = await bringPocket(people, server.origin, size);
    // The pocket's records are on no server: without net, nothing is sent beside what is measured.
    await person.flightMode(true);
    entries[size] = await measurePocket(person, server.origin);
    console.table({ [size]: entries[size] });
    if (size === SIZES.at(-1)) typing = await measureTyping(person);
    await person.close();
  }
} finally {
  for (const line of await people.leave()) console.error(line);
  await server.remove();
}
console.table(typing);
console.log(JSON.stringify({ entries, typing, wire }));
