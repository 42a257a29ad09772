/** The rule of all browser tests, seen to bite: what a browser complains about is found, wherever it came from. */

import { storedForOffline } from "./harness/offline.ts";
import { expect, test } from "./harness.ts";

test("a test that nobody's expectation fails still fails on a complaint", async ({ people }) => {
  test.fail();
  const alma = await people.come("Alma");
  await alma.page.evaluate(() => console.error("planted"));
});

test("what is printed as an error, thrown and let go is found, in the page and in its workers", async ({ people }) => {
  const alma = await people.come("Alma");
  const complain = (where: string): void => {
    console.error(`printed in ${where}`);
    setTimeout(() => {
      throw new Error(`thrown in ${where}`);
    });
    void Promise.reject(new Error(`let go in ${where}`));
  };
  await alma.page.evaluate(complain, "the page");
  const worker = alma.page.workers()[0] ?? (await alma.page.waitForEvent("worker"));
  await worker.evaluate(complain, "a worker");
  await alma.page.waitForTimeout(500);
  const lines = (await people.leave()).join("\n");
  for (const where of ["the page", "a worker"]) {
    for (const how of ["printed", "thrown", "let go"]) expect(lines).toContain(`${how} in ${where}`);
  }
});

test("a blocked request is found: of the page, of a worker, of the service worker", async ({ people }) => {
  const alma = await people.come("Alma");
  await storedForOffline(alma.page);
  const ask = (address: string) => fetch(address).catch(() => {});
  await alma.page.evaluate(ask, "https://page.example/");
  await (alma.page.workers()[0] ?? (await alma.page.waitForEvent("worker"))).evaluate(ask, "https://worker.example/");
  await alma.context.serviceWorkers()[0]?.evaluate(ask, "https://service-worker.example/");
  await alma.page.waitForTimeout(500);
  const lines = (await people.leave()).join("\n");
  expect(lines).toContain("connect-src blocked https://page.example/");
  expect(lines).toContain("https://worker.example/");
  expect(lines).toContain("https://service-worker.example/");
});

test("Chromium's line about a server that is gone is found, unless it was named", async ({ people, server }) => {
  const alma = await people.come("Alma");
  await server.stop();
  await alma.page.evaluate(() => fetch("/health").catch(() => {}));
  await alma.page.waitForTimeout(300);
  expect((await people.leave()).join("\n")).toContain("net::ERR_CONNECTION_REFUSED");
});
