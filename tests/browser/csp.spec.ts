/** The strict policy holds on every answer, and what it blocks is seen by the tests: in the page and in each worker. */

import { storedForOffline } from "./harness/offline.ts";
import { expect, type Person, test } from "./harness.ts";

const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types lomme ProseMirrorClipboard",
];

test("every answer of the server carries the policy", async ({ server, request }) => {
  const index = await (await request.get(`${server.origin}/`)).text();
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(index)?.[1] ?? "no script in index.html";
  const routes = ["/", "/index.html", "/a/client/route", script, "/sw.js", "/manifest.webmanifest", "/vejr.html"];
  routes.push("/icon-192.png", "/assets/not-there.js", "/api/nothing", "/api/wraps/zz", "/health", "/metrics", "/sync");
  for (const route of routes) {
    const headers = (await request.get(server.origin + route)).headers();
    expect.soft(headers["content-security-policy"]?.split(/;\s*/), route).toEqual(POLICY);
    expect.soft(headers["x-content-type-options"], route).toBe("nosniff");
    expect.soft(headers["referrer-policy"], route).toBe("no-referrer");
    expect.soft(headers["cross-origin-opener-policy"], route).toBe("same-origin");
    expect.soft(headers["cross-origin-embedder-policy"], route).toBe("require-corp");
    expect.soft(headers["permissions-policy"], route).toContain("geolocation=()");
  }
});

/** Waits until a line with these words was reported, and allowed because the test planted it. */
const reported = (person: Person, words: RegExp) =>
  expect
    .poll(() =>
      person
        .allowed()
        .filter(({ text }) => words.test(text))
        .map(({ source }) => source),
    )
    .not.toEqual([]);

test("a planted inline script is blocked and reported", async ({ people, capture: proxy }) => {
  proxy.setChange((url, answer) =>
    url.pathname === "/"
      ? {
          ...answer,
          body: Buffer.from(
            Buffer.from(answer.body).toString().replace("</body>", "<script>planted = 1</script></body>"),
          ),
        }
      : answer,
  );
  const alma = await people.come("Alma", { proxy: proxy.address }, (person) => {
    person.allow("the test planted an inline script", ({ text }) => /inline/.test(text));
  });
  await reported(alma, /script-src(-elem)? blocked inline/);
  expect(await alma.page.evaluate(() => Reflect.has(globalThis, "planted"))).toBe(false);
});

test("markup from a string is refused by Trusted Types and reported", async ({ people }) => {
  const alma = await people.come("Alma");
  alma.allow("the test writes to innerHTML", ({ text }) => /require-trusted-types-for|TrustedHTML/.test(text));
  const outcome = await alma.page.evaluate(() => {
    try {
      document.createElement("div").innerHTML = "<b>planted</b>";
      return "written";
    } catch {
      return "refused";
    }
  });
  expect(outcome).toBe("refused");
  await reported(alma, /require-trusted-types-for/);
});

const FOREIGN = "https://planted.example/x";
const fetchForeign = (address: string) =>
  fetch(address).then(
    () => "fetched",
    () => "blocked",
  );

test("a planted foreign fetch is blocked and reported: in the page", async ({ people }) => {
  const alma = await people.come("Alma");
  alma.allow("the test fetches from elsewhere", ({ text }) => text.includes("planted.example"));
  expect(await alma.page.evaluate(fetchForeign, FOREIGN)).toBe("blocked");
  await reported(alma, /connect-src blocked https:\/\/planted\.example/);
});

test("a planted foreign fetch is blocked and reported: in the workers of the page", async ({ people }) => {
  const alma = await people.come("Alma");
  await expect.poll(() => alma.page.workers().length).toBeGreaterThan(0);
  alma.allow("the test fetches from elsewhere", ({ text }) => text.includes("planted.example"));
  for (const worker of alma.page.workers()) {
    const before = alma.allowed().length;
    expect(await worker.evaluate(fetchForeign, FOREIGN), worker.url()).toBe("blocked");
    await expect.poll(() => alma.allowed().length, worker.url()).toBeGreaterThan(before);
  }
});

test("a planted foreign fetch is blocked and reported: in the service worker", async ({ people }) => {
  const alma = await people.come("Alma");
  await storedForOffline(alma.page);
  alma.allow("the test fetches from elsewhere", ({ text }) => text.includes("planted.example"));
  const [worker] = alma.context.serviceWorkers();
  expect(await worker?.evaluate(fetchForeign, FOREIGN)).toBe("blocked");
  await reported(alma, /planted\.example/);
});

test("an uncaught error in the page fails a test unless it was named", async ({ people }) => {
  const alma = await people.come("Alma");
  alma.allow("the test throws", ({ source, text }) => source === "uncaught" && text.includes("planted error"));
  await alma.page.evaluate(() => {
    setTimeout(() => {
      throw new Error("planted error");
    });
  });
  await reported(alma, /planted error/);
});
