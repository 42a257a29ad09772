/**
 * Serves the built client. The files are listed once at start; only what is in the list is ever opened, so no path can
 * lead out of it. What has a hash in its name is kept forever, everything else is asked for again each time (ETag).
 *
 * The build lays `x.br` and `x.gz` beside what is worth compressing (tools/compress.mjs). They are never served under
 * their own names. Where one is missing, or older than its file, that file is compressed at its first request.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { MiddlewareHandler } from "hono";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".jpg": "image/jpeg",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
  ".txt": "text/plain; charset=utf-8",
  ".map": "application/json",
};
/** What is served compressed, and so compressed by the build. */
export const COMPRESSIBLE: ReadonlySet<string> = new Set([
  ".html",
  ".js",
  ".css",
  ".json",
  ".webmanifest",
  ".svg",
  ".wasm",
  ".txt",
]);

type Encoding = "br" | "gzip" | "identity";
const ENDINGS = { br: ".br", gzip: ".gz" } as const;

interface StaticFile {
  readonly path: string;
  readonly extension: string;
  readonly immutable: boolean;
  /** Filled at the first request; the client as built is a few megabytes. */
  readonly bodies: Map<Encoding, Promise<Uint8Array<ArrayBuffer>>>;
  etag: string | null;
}

const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);

async function listFiles(root: string): Promise<Map<string, StaticFile>> {
  const files = new Map<string, StaticFile>();
  if (!existsSync(root)) return files;
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || Object.values<string>(ENDINGS).includes(extname(entry.name))) continue;
    const path = join(entry.parentPath, entry.name);
    const url = `/${relative(root, path).split(sep).join("/")}`;
    const immutable = url.startsWith("/assets/");
    files.set(url, { path, extension: extname(path), immutable, bodies: new Map(), etag: null });
  }
  return files;
}

/** Null where the build left none, or where the file was changed after it. */
async function readCompressed(path: string, encoding: "br" | "gzip"): Promise<Uint8Array<ArrayBuffer> | null> {
  const packed = `${path}${ENDINGS[encoding]}`;
  try {
    const [of, itself] = await Promise.all([stat(path), stat(packed)]);
    return itself.mtimeMs < of.mtimeMs ? null : new Uint8Array(await readFile(packed));
  } catch {
    return null;
  }
}

async function compress(bytes: Uint8Array, encoding: Encoding): Promise<Uint8Array<ArrayBuffer>> {
  if (encoding === "br") {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    return new Uint8Array(await toBrotli(bytes, { params }));
  }
  return new Uint8Array(encoding === "gzip" ? await toGzip(bytes, { level: 9 }) : bytes);
}

function loadBody(file: StaticFile, encoding: Encoding): Promise<Uint8Array<ArrayBuffer>> {
  let body = file.bodies.get(encoding);
  if (body === undefined) {
    body = (async () => {
      const packed = encoding === "identity" ? null : await readCompressed(file.path, encoding);
      return packed ?? compress(await readFile(file.path), encoding);
    })();
    body.catch(() => file.bodies.delete(encoding));
    file.bodies.set(encoding, body);
  }
  return body;
}

function chooseEncoding(file: StaticFile, accepted: string): Encoding {
  if (!COMPRESSIBLE.has(file.extension)) return "identity";
  if (/\bbr\b/.test(accepted)) return "br";
  return /\bgzip\b/.test(accepted) ? "gzip" : "identity";
}

const NOT_BUILT = "Lomme's client is not built yet. Run: npm run build\n";

/** `root`: the built client. Anything it doesn't have and that looks like a screen gets index.html. */
export async function staticClient(root: string): Promise<MiddlewareHandler> {
  const files = await listFiles(root);
  return async (context, next) => {
    const { method, path } = context.req;
    if (method !== "GET" && method !== "HEAD") return next();
    const isScreen = !path.startsWith("/api/") && extname(path) === "";
    const file = files.get(path) ?? (isScreen ? files.get("/index.html") : undefined);
    if (file === undefined) return isScreen ? context.text(NOT_BUILT, 503) : next();

    const encoding = chooseEncoding(file, context.req.header("Accept-Encoding") ?? "");
    const body = await loadBody(file, encoding);
    file.etag ??= createHash("sha256")
      .update(await loadBody(file, "identity"))
      .digest("base64url")
      .slice(0, 22);
    const etag = `"${file.etag}-${encoding}"`;
    context.header("Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
    context.header("ETag", etag);
    context.header("Vary", "Accept-Encoding");
    if (context.req.header("If-None-Match") === etag) return context.body(null, 304);
    context.header("Content-Type", TYPES[file.extension] ?? "application/octet-stream");
    if (encoding !== "identity") context.header("Content-Encoding", encoding);
    if (method === "HEAD") return context.body(null);
    return context.body(body);
  };
}
