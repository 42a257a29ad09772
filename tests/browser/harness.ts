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
 * A test fails on any console error, uncaught error or policy violation of any page or worker, even when all its
 * expectations held. What a test causes on purpose it names first: `alma.allow("why", networkLines(server.origin))`.
 */
import { test as base, expect } from "@playwright/test";
import { type CapturingProxy, startCapturingProxy } from "../blindness/capture/proxy.ts";
import { People } from "./harness/person.ts";
import { startServer, type TestServer } from "./harness/server.ts";

export { networkLines, statusLines } from "./harness/complaints.ts";
export type { Person } from "./harness/person.ts";
export type { TestServer } from "./harness/server.ts";
export { expect };

interface Fixtures {
  /** Variables of the server beside PORT and DATA_DIR: `test.use({ serverEnv: { SPACE_QUOTA_MB: "1" } })`. */
  serverEnv: Readonly<Record<string, string>>;
  server: TestServer;
  /** A proxy that keeps what travels; a person comes through it with `{ proxy: capture.address }`. */
  capture: CapturingProxy;
  people: People;
}

export const test = base.extend<Fixtures>({
  serverEnv: [{}, { option: true }],
  server: async ({ serverEnv }, use) => {
    const server = await startServer(serverEnv);
    await use(server);
    await server.remove();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
  capture: async ({}, use) => {
    const proxy = await startCapturingProxy();
    await use(proxy);
    await proxy.close();
  },
  // Needs the proxy so that the browsers are gone before it is: a page would complain about a proxy that vanished.
  people: async ({ server, launchOptions, capture: _closedAfterwards }, use, testInfo) => {
    const people = new People(server.origin, launchOptions);
    await use(people);
    const complaints = await people.leave();
    if (testInfo.status === "passed") expect(complaints, "what the browsers complained about").toEqual([]);
    else for (const line of complaints) console.log(line);
  },
});
