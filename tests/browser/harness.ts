/**
 * The ground of every browser test: the real server as a child process, and people with browsers of their own.
 *
 * ```ts
 * test("a child writes offline", async ({ server, people }) => {
 *   const alma = await people.come("Alma");
 *   await alma.flightMode(true);
 *   …
 * });
 * ```
 * Where the story isn't a first run, the two that were there before come back, their pockets opened, at home:
 *
 * ```ts
 * test.use({ begins: "paired" });
 * test("a child shows an entry", async ({ back }) => {
 *   const [alma, mette] = await Promise.all([back("Alma"), back("Mette")]);
 *   await giveTo(alma, "Mette", alma.secret);
 *   …
 * });
 * ```
 * A test fails on any console error, uncaught error or policy violation of any page or worker, even when all its
 * expectations held. What a test causes on purpose it names first: `alma.allow("why", networkLines(server.origin))`.
 */
import { test as base, expect } from "@playwright/test";
import { type CapturingProxy, startCapturingProxy } from "../blindness/capture/proxy.ts";
import { storedForOffline } from "./harness/offline.ts";
import { People, type Person, type PersonOptions } from "./harness/person.ts";
import { quickClient } from "./harness/quick-client.ts";
import { startServer, type TestServer } from "./harness/server.ts";
import { type Begins, mapOrigin, openWorld, type Settled, type World } from "./harness/world.ts";
import { onScreen, openPocket, type Secret, Taps } from "./steps.ts";

export { networkLines, statusLines } from "./harness/complaints.ts";
export type { Person } from "./harness/person.ts";
export type { TestServer } from "./harness/server.ts";
export { expect };

/** Somebody who was there before, with the code of their pocket. */
export type Known = Person & { readonly secret: Secret };

export interface BackOptions extends PersonOptions {
  /** Still at the closed pocket. */
  readonly closed?: boolean;
  /** In flight mode from before the pocket is opened: a line that stands already would survive it. */
  readonly offline?: boolean;
}

/** One of those who were there before, in their own browser: the pocket is open and home stands, if nothing else is said. */
export type Back = (who: Settled, options?: BackOptions) => Promise<Known>;

interface Fixtures {
  /** Variables of the server beside PORT and DATA_DIR: `test.use({ serverEnv: { SPACE_QUOTA_MB: "1" } })`. */
  serverEnv: Readonly<Record<string, string>>;
  /**
   * What is there when the test begins (harness/world.ts): nothing, browsers that were at the start page once, two pockets, or
   * two people who found each other.
   */
  begins: Begins;
  /** "real": a code takes as long as on a device of this speed; otherwise a sixth of that (harness/quick-client.ts). */
  clock: "quick" | "real";
  world: World | null;
  server: TestServer;
  /** A proxy that keeps what travels; a person comes through it with `{ proxy: capture.address }`. */
  capture: CapturingProxy;
  people: People;
  back: Back;
}

export const test = base.extend<Fixtures>({
  serverEnv: [{}, { option: true }],
  begins: ["empty", { option: true }],
  clock: ["quick", { option: true }],
  // Whoever comes first makes it for all: that has a time of its own.
  world: [
    async ({ begins, launchOptions }, use) => {
      await use(begins === "empty" ? null : await openWorld(launchOptions));
    },
    { timeout: 180_000 },
  ],
  server: async ({ serverEnv, begins, clock, world }, use) => {
    if (world !== null && clock === "real") throw new Error("the browsers of a world have stored the quick client");
    const env = clock === "quick" ? { CLIENT_DIR: quickClient(), ...serverEnv } : serverEnv;
    const data = world === null || begins === "empty" || begins === "visited" ? undefined : world.dataDir(begins);
    const server = await startServer(env, data);
    await use(world === null ? server : { ...server, origin: world.origin });
    await server.remove();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
  capture: async ({}, use) => {
    const proxy = await startCapturingProxy();
    await use(proxy);
    await proxy.close();
  },
  // Needs the proxy so that the browsers are gone before it is: a page would complain about a proxy that vanished.
  people: async ({ world, server, launchOptions, capture: _closedAfterwards }, use, testInfo) => {
    const args = [...(launchOptions.args ?? []), ...(world === null ? [] : [mapOrigin(server.port)])];
    const people = new People(server.origin, { ...launchOptions, args }, world?.visited);
    await use(people);
    const complaints = await people.leave();
    if (testInfo.status === "passed") expect(complaints, "what the browsers complained about").toEqual([]);
    else for (const line of complaints) console.log(line);
  },
  back: async ({ begins, world, people }, use) => {
    await use(async (who, { closed = false, offline = false, ...options } = {}) => {
      if (world === null || begins === "empty" || begins === "visited")
        throw new Error("nobody was there before: test.use({ begins })");
      const person = await people.come(who, options, undefined, world.profile(begins, who));
      const secret = world.secrets[who];
      await expect(person.page.locator(".locked")).toBeVisible();
      if (offline) {
        await storedForOffline(person.page);
        await person.flightMode(true);
      }
      if (!closed) {
        await openPocket(new Taps(person.page), secret);
        await onScreen(person.page, "home");
      }
      return Object.assign(person, { secret });
    });
  },
});
