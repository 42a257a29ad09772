/**
 * `npm run lighthouse`: what Lighthouse says of the product as it is served, in a browser of its own with a pocket on it.
 * Navigation to the locked screen, on a desktop and on a phone (Lighthouse's own throttling), the median of five; and a snapshot
 * of the unlocked home. Ends with 1 where a goal isn't met. Last line: JSON. Nothing is sent anywhere.
 */
import { createRequire } from "node:module";
import { createServer } from "node:net";
import lighthouse, { desktopConfig, snapshot } from "lighthouse";
import config from "../playwright.config.ts";
import { People, type Person } from "../tests/browser/harness/person.ts";
import { startServer } from "../tests/browser/harness/server.ts";
import { openPocket, type Secret, settleIn, Taps } from "../tests/browser/steps.ts";

const RUNS = Number(process.env.LIGHTHOUSE_RUNS ?? 5);
const CATEGORIES = ["performance", "accessibility", "best-practices"] as const;
type Category = (typeof CATEGORIES)[number];
/** Of 100. Performance only where a page is navigated to. */
const GOALS: Readonly<Record<Category, number>> = { performance: 95, accessibility: 100, "best-practices": 100 };

type Outcome = NonNullable<Awaited<ReturnType<typeof lighthouse>>>;
type Scores = Partial<Record<Category, number>>;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;

const scoresOf = ({ lhr }: Outcome): Scores =>
  Object.fromEntries(
    CATEGORIES.flatMap((name) => {
      const score = lhr.categories[name]?.score;
      return typeof score === "number" ? [[name, Math.round(score * 100)]] : [];
    }),
  );

/** Audits of these categories that cost points, with what they found. */
function shortcomings({ lhr }: Outcome): readonly string[] {
  return CATEGORIES.flatMap((name) =>
    (lhr.categories[name]?.auditRefs ?? []).flatMap(({ id, weight }) => {
      const audit = lhr.audits[id];
      if (weight === 0 || audit?.score === null || audit?.score === undefined || audit.score >= 0.9) return [];
      return [`${name}: ${id} ${audit.displayValue ?? ""} ${JSON.stringify(audit.details ?? "").slice(0, 400)}`];
    }),
  );
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });

async function measure(person: Person, origin: string, port: number, secret: Secret) {
  const onlyCategories: string[] = [...CATEGORIES];
  const flags = { port, onlyCategories, disableStorageReset: true, logLevel: "error" as const };
  const found: Record<string, Scores> = {};
  const said = new Set<string>();
  for (const [name, settings] of [
    ["locked, desktop", desktopConfig],
    ["locked, mobile", undefined],
  ] as const) {
    const runs: Scores[] = [];
    for (let run = 0; run < RUNS; run++) {
      const outcome = await lighthouse(origin, flags, settings);
      if (outcome === undefined) throw new Error("Lighthouse gave no answer");
      if (outcome.lhr.runtimeError !== undefined) throw new Error(outcome.lhr.runtimeError.message);
      runs.push(scoresOf(outcome));
      for (const line of shortcomings(outcome)) said.add(`${name}: ${line}`);
    }
    found[name] = Object.fromEntries(CATEGORIES.map((one) => [one, median(runs.map((run) => run[one] ?? 0))]));
    console.log(name, JSON.stringify(found[name]), "of", JSON.stringify(runs.map((run) => run.performance)));
  }
  await person.page.goto(origin);
  await openPocket(new Taps(person.page), secret);
  await person.page.locator("html[data-screen=home] h1").first().waitFor({ state: "attached" });
  const outcome = await snapshotOf(origin, port);
  found["home, open"] = scoresOf(outcome);
  for (const line of shortcomings(outcome)) said.add(`home, open: ${line}`);
  console.log("home, open", JSON.stringify(found["home, open"]));
  for (const line of said) console.log(`  ${line}`);
  return found;
}

/** Lighthouse looks through its own puppeteer. */
async function snapshotOf(origin: string, port: number): Promise<Outcome> {
  const puppeteer = createRequire(import.meta.resolve("lighthouse"))("puppeteer-core") as {
    connect(options: object): Promise<{ pages(): Promise<{ url(): string }[]>; disconnect(): Promise<void> }>;
  };
  const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${port}`, defaultViewport: null });
  try {
    const page = (await browser.pages()).find((one) => one.url().startsWith(origin));
    const flags = { onlyCategories: ["accessibility", "best-practices"] };
    const outcome = await snapshot(page as Parameters<typeof snapshot>[0], { flags });
    if (outcome === undefined) throw new Error("Lighthouse gave no answer");
    return outcome;
  } finally {
    await browser.disconnect();
  }
}

const port = await freePort();
const server = await startServer();
const people = new People(server.origin, config.use?.launchOptions ?? {});
let missed = 1;
try {
  const person = await people.come("Alma", { args: [`--remote-debugging-port=${port}`] });
  const secret = await settleIn(new Taps(person.page), { look: "middle" });
  // Stored for offline use, as on every visit but the first; and nothing of ours runs beside what is measured.
  await person.page.waitForTimeout(3000);
  await person.page.goto("about:blank");
  const found = await measure(person, server.origin, port, secret);
  const short = Object.entries(found).flatMap(([name, scores]) =>
    Object.entries(scores).flatMap(([category, score]) =>
      score < GOALS[category as Category] ? [`${name}: ${category} ${score} < ${GOALS[category as Category]}`] : [],
    ),
  );
  for (const line of short) console.log(`goal missed: ${line}`);
  console.log(JSON.stringify(found));
  missed = short.length;
} finally {
  await people.leave();
  await server.remove();
}
process.exit(missed > 0 ? 1 : 0);
