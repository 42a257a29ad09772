import { mkdir, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CONTENT_SECURITY_POLICY } from "../../sync-server/headers.ts";
import { staticClient } from "../../sync-server/static.ts";
import { newDirectory, newId } from "./made-up.ts";
import { startNode, type TestNode } from "./node.ts";

let node: TestNode;
let root: string;
const script = "console.log('hej');".repeat(50);

beforeAll(async () => {
  root = await newDirectory("client");
  await mkdir(join(root, "dist", "assets"), { recursive: true });
  const files = {
    "index.html": "<!doctype html><title>Lomme</title>",
    "sw.js": "self.skipWaiting()",
    "manifest.webmanifest": "{}",
    "assets/main-1a2b.js": script,
    "assets/worker-3c4d.js": script,
    "assets/font-5e6f.woff2": "font",
    "assets/sodium-7a8b.wasm": "wasm",
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(root, "dist", name), content);
  await writeFile(join(root, "secret.txt"), "outside");
  node = await startNode({ client: await staticClient(join(root, "dist")) });
});
afterAll(async () => {
  await node.stop();
  await rm(root, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}) => node.app.request(path, { headers });

test.each([
  ["/", "text/html; charset=utf-8", "no-cache"],
  ["/entry/1", "text/html; charset=utf-8", "no-cache"],
  ["/sw.js", "text/javascript; charset=utf-8", "no-cache"],
  ["/manifest.webmanifest", "application/manifest+json", "no-cache"],
  ["/assets/main-1a2b.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"],
  ["/assets/font-5e6f.woff2", "font/woff2", "public, max-age=31536000, immutable"],
  ["/assets/sodium-7a8b.wasm", "application/wasm", "public, max-age=31536000, immutable"],
])("%s is served as %s, %s", async (path, type, cache) => {
  const response = await get(path);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe(type);
  expect(response.headers.get("cache-control")).toBe(cache);
});

test("what isn't there is 404, not the app", async () => {
  for (const path of ["/assets/other.js", "/favicon.png", "/api/nothing"]) expect((await get(path)).status).toBe(404);
});

test("nothing outside the folder can be had", async () => {
  const paths = [
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/assets/../../secret.txt",
    "/..%2fsecret.txt",
    "//secret.txt",
  ];
  for (const path of [...paths, "/assets/%00main-1a2b.js", `/${encodeURIComponent(join(root, "secret.txt"))}`]) {
    expect(await (await get(path)).text()).not.toContain("outside");
  }
});

test("text is compressed as the browser likes, once and the same each time", async () => {
  const plain = await get("/assets/main-1a2b.js");
  expect(plain.headers.get("content-encoding")).toBeNull();
  expect(await plain.text()).toBe(script);
  for (let round = 0; round < 2; round++) {
    const br = await get("/assets/main-1a2b.js", { "Accept-Encoding": "gzip, deflate, br" });
    expect(br.headers.get("content-encoding")).toBe("br");
    expect(brotliDecompressSync(Buffer.from(await br.arrayBuffer())).toString()).toBe(script);
  }
  const gzip = await get("/assets/main-1a2b.js", { "Accept-Encoding": "gzip" });
  expect(gunzipSync(Buffer.from(await gzip.arrayBuffer())).toString()).toBe(script);
  const font = await get("/assets/font-5e6f.woff2", { "Accept-Encoding": "br" });
  expect(font.headers.get("content-encoding")).toBeNull();
});

test("what the build compressed is served as it is, unless its file was changed since, and never by its own name", async () => {
  const built = join(root, "built");
  await mkdir(built);
  const other = "console.log('compressed by the build')";
  for (const name of ["same.js", "changed.js"]) {
    await writeFile(join(built, name), script);
    await writeFile(join(built, `${name}.br`), brotliCompressSync(other));
  }
  await utimes(join(built, "changed.js.br"), 1, 1);
  const packed = await startNode({ client: await staticClient(built) });
  const read = async (path: string, encoding: string): Promise<string> => {
    const response = await packed.app.request(path, { headers: { "Accept-Encoding": encoding } });
    const bytes = Buffer.from(await response.arrayBuffer());
    return (response.headers.get("content-encoding") === "br" ? brotliDecompressSync(bytes) : bytes).toString();
  };
  expect(await read("/same.js", "br")).toBe(other);
  expect(await read("/same.js", "identity")).toBe(script);
  expect(await read("/changed.js", "br")).toBe(script);
  expect((await packed.app.request("/same.js.br")).status).toBe(404);
  await packed.stop();
});

test("what the browser has already isn't sent again", async () => {
  const etag = (await get("/")).headers.get("etag") ?? "";
  const again = await get("/", { "If-None-Match": etag });
  expect([again.status, await again.text()]).toEqual([304, ""]);
  const head = await node.app.request("/", { method: "HEAD" });
  expect([head.status, await head.text()]).toEqual([200, ""]);
});

test("a client that isn't built says what to run", async () => {
  const bare = await startNode({ client: await staticClient(join(root, "nowhere")) });
  const response = await bare.app.request("/");
  expect([response.status, await response.text()]).toEqual([503, expect.stringContaining("npm run build")]);
  await bare.stop();
});

describe("headers", () => {
  const everywhere = [
    ["a page", "/"],
    ["a screen", "/entry/1"],
    ["the worker", "/assets/worker-3c4d.js"],
    ["the service worker", "/sw.js"],
    ["a missing file", "/assets/other.js"],
    ["the API", "/api/server"],
    ["an API error", "/api/nothing"],
    ["a missing wrap", `/api/wraps/${newId()}`],
    ["health", "/health"],
  ] as const;

  const all = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": expect.stringContaining("geolocation=()"),
  };

  test.each(everywhere)("%s has them all", async (_, path) => {
    const headers = Object.fromEntries((await get(path)).headers);
    expect(headers).toMatchObject(all);
    expect(headers["strict-transport-security"]).toBeUndefined();
    expect(headers["cache-control"]).toBeDefined();
  });

  test("every route that the app knows has them, whatever it answers", async () => {
    const routes = node.app.routes.filter(({ method }) => method !== "ALL");
    expect(routes.length).toBeGreaterThan(10);
    for (const { method, path } of routes) {
      const url = path.replaceAll(/:[a-z]+/g, "0".repeat(32));
      const response = await node.app.request(url, { method, ...(method !== "GET" && { body: "?" }) });
      expect({ method, path, ...Object.fromEntries(response.headers) }).toMatchObject({ method, path, ...all });
    }
  });

  test("an answer to a failure inside has them too", async () => {
    const broken = await startNode();
    await broken.storage.close();
    const response = await broken.app.request(`/api/wraps/${newId()}`);
    expect(response.status).toBe(500);
    expect(Object.fromEntries(response.headers)).toMatchObject(all);
    await broken.stop();
  });

  test("over TLS the browser is told to stay there", async () => {
    const secure = await startNode({ isSecure: true });
    const response = await secure.app.request("/health");
    expect(response.headers.get("strict-transport-security")).toBe("max-age=63072000; includeSubDomains");
    await secure.stop();
  });

  test("the policy allows no inline code, no eval, no other origin, no framing", () => {
    expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
    expect(CONTENT_SECURITY_POLICY).toContain("default-src 'none'");
    expect(CONTENT_SECURITY_POLICY).toContain("frame-ancestors 'none'");
    expect(CONTENT_SECURITY_POLICY).toContain("require-trusted-types-for 'script'");
  });
});
