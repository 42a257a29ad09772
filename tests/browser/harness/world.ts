/**
 * What was there before a test began: Alma and Mette, each with a pocket that was made, opened a second time and locked,
 * and the server that knows them. Made once for a build, as people make it, by press and key; a test gets copies of the
 * browser profiles and of the server's folder. Tests whose story is a first run come with empty browsers instead.
 *
 * - `visited`: nobody, but browsers that come were at the start page once: the app is stored in them, which takes a fresh one
 *   three seconds of a core. In the two others too, where somebody comes who wasn't there before.
 * - `settled`: Alma (10 to 13, seven pictures) and Mette (caseworker, passphrase), who don't know each other.
 * - `paired`: the same, after Mette's link was compared.
 *
 * Profiles belong to an origin, so the browsers of such a test see the server under one name, whatever its port is.
 * Their pockets were made with the quick clock (quick-client.ts).
 */
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, type LaunchOptions } from "@playwright/test";
import { hashFiles } from "../../../tools/build-hash.ts";
import { onScreen, openPocket, type Secret, settleIn, Taps } from "../steps.ts";
import { pairByLink, press } from "./meet.ts";
import { storedForOffline } from "./offline.ts";
import { People, type Person } from "./person.ts";
import { quickClient } from "./quick-client.ts";
import { startServer } from "./server.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const WORLDS = join(ROOT, ".cache/worlds");

/** What the made pockets are made of, beside the build. */
const SOURCES = ["sync-server", "tests/browser/harness", "tests/browser/steps.ts"];

export type Settled = "Alma" | "Mette";
export type Stage = "settled" | "paired";

/** What may be there when a test begins. */
export type Begins = "empty" | "visited" | Stage;

export interface World {
  /** Address under which the browsers of a copy see their server. */
  readonly origin: string;
  readonly secrets: Readonly<Record<Settled, Secret>>;
  /** The profile of a browser that was at the start page, where nobody made a pocket. */
  readonly visited: string;
  readonly dataDir: (stage: Stage) => string;
  readonly profile: (stage: Stage, who: Settled) => string;
}

/** No server listens there; a browser of a copy is told where its own does. */
const ORIGIN = "http://localhost:7117";

/** Chromium's own table of names: the world's origin is this server. */
export const mapOrigin = (port: number): string => `--host-resolver-rules=MAP localhost:7117 127.0.0.1:${port}`;

/** The world of the build in dist/, made now where it isn't there yet. Two workers that ask at once get the same one. */
export async function openWorld(launch: LaunchOptions): Promise<World> {
  const key = createHash("sha256")
    .update(readFileSync(join(ROOT, "dist/.build-stamp")))
    .update(hashFiles(SOURCES.map((source) => join(ROOT, source))))
    // What a pocket says of itself can depend on when it was made.
    .update(new Date().toDateString())
    .digest("hex")
    .slice(0, 16);
  const folder = join(WORLDS, key);
  while (!existsSync(folder)) {
    if (takeTurn(folder)) {
      try {
        await makeWorld(folder, launch);
      } finally {
        rmSync(turn(folder), { force: true });
      }
    } else await new Promise((later) => setTimeout(later, 200));
  }
  const place = (stage: Stage, what: string): string => join(folder, stage, what);
  return {
    origin: ORIGIN,
    secrets: JSON.parse(readFileSync(join(folder, "secrets.json"), "utf8")),
    visited: join(folder, "visited"),
    dataDir: (stage) => place(stage, "server"),
    profile: place,
  };
}

const turn = (folder: string): string => `${folder}.turn`;

/** True for the one process that makes it. A turn of a process that has ended counts for nothing. */
function takeTurn(folder: string): boolean {
  mkdirSync(WORLDS, { recursive: true });
  try {
    writeFileSync(turn(folder), String(process.pid), { flag: "wx" });
    return !existsSync(folder);
  } catch {
    try {
      process.kill(Number(readFileSync(turn(folder), "utf8")), 0);
    } catch {
      rmSync(turn(folder), { force: true });
    }
    return false;
  }
}

async function makeWorld(folder: string, launch: LaunchOptions): Promise<void> {
  for (const old of readdirSync(WORLDS)) {
    if (!old.endsWith(".turn")) rmSync(join(WORLDS, old), { recursive: true, force: true });
  }
  const making = `${folder}.making`;
  mkdirSync(making);
  const server = await startServer({ CLIENT_DIR: quickClient() });
  const people = new People(ORIGIN, { ...launch, args: [...(launch.args ?? []), mapOrigin(server.port)] });
  try {
    const visitor = await people.come("a visitor");
    await storedForOffline(visitor.page);
    await visitor.close();
    keepProfile(visitor, join(making, "visited"));

    const [alma, mette] = await Promise.all([people.come("Alma"), people.come("Mette")]);
    const [ofAlma, ofMette] = await Promise.all([
      settleIn(new Taps(alma.page), { look: "middle" }),
      settleIn(new Taps(mette.page), { role: "caseworker", name: "Mette" }),
    ]);
    const secrets: Record<Settled, Secret> = { Alma: ofAlma, Mette: ofMette };
    const keep = async (stage: Stage): Promise<void> => {
      await Promise.all([press(alma, "home.lock"), press(mette, "desk.lock")]);
      for (const { page } of [alma, mette]) await expect(page.locator(".locked")).toBeVisible();
      await Promise.all([alma.close(), mette.close(), server.stop()]);
      cpSync(server.dataDir, join(making, stage, "server"), { recursive: true });
      for (const person of [alma, mette]) keepProfile(person, join(making, stage, person.name));
    };
    const open = async (person: Person, secret: Secret): Promise<void> => {
      await openPocket(new Taps(person.page), secret);
      await onScreen(person.page, "home");
    };
    // The second opening is the first alone: what it asks once is answered.
    for (const { page } of [alma, mette]) await page.reload();
    await Promise.all([open(alma, ofAlma), open(mette, ofMette)]);
    await press(alma, "newcode.no");
    await press(alma, "remind.later");
    await expect(alma.page.locator(".reminder")).toHaveCount(0);
    await keep("settled");

    await server.start();
    await Promise.all([alma.open(), mette.open()]);
    await Promise.all([open(alma, ofAlma), open(mette, ofMette)]);
    await pairByLink(alma, "Alma", mette, "Mette");
    await press(alma, "home.people");
    await alma.page.getByRole("button", { name: /Mette/ }).waitFor();
    await alma.page.getByRole("button", { name: "Tilbage", exact: true }).click();
    await onScreen(alma.page, "home");
    await keep("paired");
    writeFileSync(join(making, "secrets.json"), JSON.stringify(secrets));
  } finally {
    await people.leave();
    await server.remove();
  }
  renameSync(making, folder);
}

/** Copies what a closed browser left, but for its lock. */
const keepProfile = ({ profile }: Person, to: string): void =>
  cpSync(profile, to, { recursive: true, filter: (path) => !/\/Singleton\w+$/.test(path) });
