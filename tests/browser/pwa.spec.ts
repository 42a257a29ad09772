/** The installable app: neutral outside, works offline from the end of the first load, updates only when asked. */

import type { CapturingProxy } from "../blindness/capture/proxy.ts";
import { press } from "./harness/meet.ts";
import { storedForOffline } from "./harness/offline.ts";
import { expect, networkLines, type Person, test } from "./harness.ts";
import { onScreen, openPocket, settleIn, Taps, texts } from "./steps.ts";

/** Every word that could give away what Lomme is for, to somebody who looks over a shoulder. */
const TELLING = /dagbog|dagbok|diary|barn|child|anbragt|plac|foster|pleje|famil|kommun|secret|hemlig/i;

const appIsDrawn = (person: Person) => expect(person.page.locator("#app > *").first()).toBeVisible();

test("can be installed, and nothing on the outside says what it is", async ({ people, server }) => {
  const alma = await people.come("Alma");
  await appIsDrawn(alma);
  const inspector = await alma.context.newCDPSession(alma.page);
  await expect
    .poll(async () => (await inspector.send("Page.getInstallabilityErrors")).installabilityErrors)
    .toEqual([]);
  const manifest = await (await alma.context.request.get(`${server.origin}/manifest.webmanifest`)).json();
  expect(manifest.name).toBe("Lomme");
  expect(JSON.stringify(manifest)).not.toMatch(TELLING);
  expect(await alma.page.title()).toBe("Lomme");
  for (const { src, sizes } of manifest.icons) {
    const icon = await alma.page.evaluate(async (address: string) => {
      const image = new Image();
      image.src = address;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, src);
    expect(icon, src).toBe(sizes);
  }
});

test("works without a network from the end of the first load", async ({ people, server }) => {
  const alma = await people.come("Alma");
  await storedForOffline(alma.page);
  await alma.flightMode(true);
  await alma.page.reload();
  await appIsDrawn(alma);
  await alma.page.goto(`${server.origin}/`);
  await appIsDrawn(alma);
});

test("works when the server is gone and the browser has been closed", async ({ people, server }) => {
  const alma = await people.come("Alma");
  await storedForOffline(alma.page);
  await server.stop();
  alma.allow("the server is stopped", networkLines(server.origin));
  await alma.close();
  await alma.open();
  await appIsDrawn(alma);
});

test("the neutral pages open without a network and lead nowhere", async ({ people, server }) => {
  const alma = await people.come("Alma");
  await storedForOffline(alma.page);
  await alma.flightMode(true);
  for (const [path, title] of [
    ["/vejr.html", "Skyer og vejr"],
    ["/vader.html", "Moln och väder"],
    ["/weather.html", "Clouds and weather"],
  ] as const) {
    await alma.page.goto(server.origin + path);
    await expect(alma.page).toHaveTitle(title);
    await expect(alma.page.getByRole("table")).toBeVisible();
    expect(await alma.page.locator("body").evaluate((body) => getComputedStyle(body).maxWidth)).not.toBe("none");
    const html = await alma.page.content();
    expect(html).not.toMatch(/lomme/i);
    expect(html).not.toMatch(TELLING);
    expect(await alma.page.locator("a, button, input, script").count()).toBe(0);
  }
});

test("what the server answers is never stored", async ({ people }) => {
  const alma = await people.come("Alma");
  await storedForOffline(alma.page);
  const ask = (path: string) =>
    alma.page.evaluate(
      (address: string) =>
        fetch(address).then(
          ({ status }) => status,
          () => "no answer",
        ),
      path,
    );
  expect(await ask("/health")).toBe(200);
  await alma.flightMode(true);
  for (const path of ["/health", "/metrics", "/api/wraps/00", "/sync"]) expect(await ask(path), path).toBe("no answer");
  const stored = await alma.page.evaluate(async () => {
    const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    const requests = await Promise.all(caches_.map((cache) => cache.keys()));
    return requests.flat().map(({ url }) => new URL(url).pathname);
  });
  expect(stored).toContain("/index.html");
  expect(stored.filter((path) => /^\/(api|sync|health|metrics)/.test(path))).toEqual([]);
});

test.describe("a new version", () => {
  const serveSecondVersion = (proxy: CapturingProxy) =>
    proxy.setChange((url, answer) =>
      url.pathname === "/sw.js"
        ? { ...answer, body: Buffer.concat([answer.body, Buffer.from('\nself.testVersion = "second";')]) }
        : answer,
    );
  const waiting = (person: Person) =>
    person.page.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration())?.waiting));
  /** The worker in charge says which build it is of by what its script ends with. */
  const versionInCharge = async (person: Person) => {
    const [worker] = person.context.serviceWorkers().slice(-1);
    return worker ? await worker.evaluate(() => Reflect.get(globalThis, "testVersion") ?? "first") : "none";
  };

  test("is offered, never forced", async ({ people, capture: proxy }) => {
    const alma = await people.come("Alma", { proxy: proxy.address });
    await storedForOffline(alma.page);
    expect(proxy.exchanges.some(({ url }) => url.endsWith("/sw.js"))).toBe(true);
    serveSecondVersion(proxy);
    await alma.page.evaluate(() => Reflect.set(globalThis, "sameDocument", true));
    await alma.page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
    await expect.poll(() => waiting(alma)).toBe(true);
    // It waits: through a while, and through a reload.
    await alma.page.waitForTimeout(1_500);
    expect(await alma.page.evaluate(() => Reflect.get(globalThis, "sameDocument"))).toBe(true);
    await alma.page.reload();
    await appIsDrawn(alma);
    expect(await waiting(alma)).toBe(true);
    // A message that isn't the one changes nothing.
    const say = (type: string) =>
      alma.page.evaluate(async (kind: string) => {
        (await navigator.serviceWorker.getRegistration())?.waiting?.postMessage({ type: kind });
      }, type);
    await say("SKIP_WAITING");
    await alma.page.waitForTimeout(500);
    expect(await waiting(alma)).toBe(true);
    await say("take-over");
    await expect.poll(() => waiting(alma)).toBe(false);
    await expect.poll(() => versionInCharge(alma)).toBe("second");
    await alma.page.reload();
    await appIsDrawn(alma);
  });

  test("is taken in the settings: Lomme locks, and opens as the new one", async ({ people, capture: proxy }) => {
    const alma = await people.come("Alma", { proxy: proxy.address });
    await storedForOffline(alma.page);
    const taps = new Taps(alma.page);
    const secret = await settleIn(taps, { look: "middle" });
    const t = texts.da;
    const settings = async () => {
      await press(alma, "home.settings");
      await onScreen(alma.page, "settings");
    };
    await settings();
    await expect(alma.page.getByRole("button", { name: t["settings.update.take"] })).toHaveCount(0);
    serveSecondVersion(proxy);
    await alma.page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
    await taps.press(t["settings.update.take"]);
    await expect(alma.page.locator(".locked")).toBeVisible();
    await expect.poll(() => versionInCharge(alma)).toBe("second");
    await openPocket(taps, secret);
    await settings();
    await expect(alma.page.getByRole("button", { name: t["settings.update.take"] })).toHaveCount(0);
  });
});
