/** The rule of all browser tests, seen to bite: each of these tests must fail, although it expects nothing itself. */
import { test } from "./harness.ts";

test.describe("a test fails when, unnamed,", () => {
  test.beforeEach(() => test.fail());

  test("the page prints an error", async ({ people }) => {
    const alma = await people.come("Alma");
    await alma.page.evaluate(() => console.error("planted"));
  });

  test("the page lets a rejection go", async ({ people }) => {
    const alma = await people.come("Alma");
    await alma.page.evaluate(() => void Promise.reject(new Error("planted")));
    await alma.page.waitForTimeout(300);
  });

  test("the page asks a foreign origin", async ({ people }) => {
    const alma = await people.come("Alma");
    await alma.page.evaluate(() => fetch("https://planted.example").catch(() => {}));
    await alma.page.waitForTimeout(300);
  });

  test("a worker asks a foreign origin", async ({ people }) => {
    const alma = await people.come("Alma");
    const worker = alma.page.workers()[0] ?? (await alma.page.waitForEvent("worker"));
    await worker.evaluate(() => fetch("https://planted.example").catch(() => {}));
    await alma.page.waitForTimeout(300);
  });

  test("the server is gone", async ({ people, server }) => {
    const alma = await people.come("Alma");
    await server.stop();
    await alma.page.evaluate(() => fetch("/health").catch(() => {}));
    await alma.page.waitForTimeout(300);
  });
});
