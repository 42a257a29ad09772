/**
 * Key press to the other's page, as shipped: real vaults with the real crypto and sync over the real server, ten pairs
 * who each write together on a page of their own. All twenty vaults share one process here, so a device of one's own is
 * only faster. The store is in memory: IndexedDB's part is in bench:story.
 */
import { createTransport } from "../../client/transport/transport.ts";
import { connectOver } from "../../tests/client/vault/connect-over.ts";
import { CHILD, Device, until } from "../../tests/client/vault/device.ts";
import { openPage, type } from "../../tests/client/vault/page.ts";
import type { Running } from "./contender.ts";

const PAIRS = 10;
const PRESSES = 30;
const SOON = 60_000;
/** A quick writer: five letters a second. */
const PRESS_MS = 200;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function person(server: Running, role: "child" | "caseworker", name: string) {
  const device = await Device.create();
  const transport = createTransport(server.url);
  connectOver(device, transport);
  const vault = device.start();
  await vault.createPocket({ ...CHILD, role });
  await vault.setName(name);
  await until(async () => (await vault.syncState()).connection === "on", SOON);
  return { device, vault };
}

/** Two who write together on one page. */
async function pair(server: Running) {
  const [child, adult] = [await person(server, "child", "Alma"), await person(server, "caseworker", "Mette")];
  const { payload } = await child.vault.invite("scan");
  await adult.vault.join(payload, "scan");
  const paired = async (vault: typeof child.vault) => {
    const [other] = await vault.people();
    return other?.state === "paired" && other.circle !== null ? other.id : null;
  };
  const mette = await until(() => paired(child.vault), SOON);
  await until(() => paired(adult.vault), SOON);
  const joint = await child.vault.startJoint(mette, "Til mødet");
  await until(async () => (await adult.vault.jointPages()).length > 0, SOON);
  const pages = [await openPage(child.vault, joint), await openPage(adult.vault, joint)] as const;
  return { pages, stops: [...child.device.stops, ...adult.device.stops] };
}

/** Milliseconds from each key press to the other's page, over all writers. */
export async function endToEnd(server: Running) {
  const pairs: Awaited<ReturnType<typeof pair>>[] = [];
  for (let i = 0; i < PAIRS; i++) pairs.push(await pair(server));
  const times: number[] = [];

  /** Each letter is one of its own, so that its arrival can be told from every other's. */
  const write = async ([mine, theirs]: readonly [Page, Page], first: number): Promise<void> => {
    const pressed = new Map<string, number>();
    theirs.doc.on("update", () => {
      const text = theirs.doc.getXmlFragment("text").toString();
      for (const [letter, at] of pressed) {
        if (!text.includes(letter)) continue;
        times.push(performance.now() - at);
        pressed.delete(letter);
      }
    });
    for (let press = 0; press < PRESSES; press++) {
      const letter = String.fromCodePoint(first + press);
      pressed.set(letter, performance.now());
      type(mine, letter);
      await sleep(PRESS_MS * (0.5 + Math.random()));
    }
    await until(() => pressed.size === 0, SOON);
  };

  const started = performance.now();
  await Promise.all(
    pairs.flatMap(({ pages: [one, other] }) => [write([one, other], 0x4e00), write([other, one], 0x5e00)]),
  );
  const seconds = (performance.now() - started) / 1000;
  for (const { pages, stops } of pairs) {
    for (const page of pages) page.close();
    for (const stop of stops) await stop();
  }
  const sorted = times.toSorted((a, b) => a - b);
  const at = (q: number): number => sorted[Math.floor(sorted.length * q)] ?? Number.NaN;
  return { p50Ms: at(0.5), p95Ms: at(0.95), pressesPerSecond: times.length / seconds };
}

type Page = Awaited<ReturnType<typeof openPage>>;
