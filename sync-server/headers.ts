/**
 * Security headers for every answer: pages, errors, workers, the service worker, the API, and what is refused before it
 * is a request. One strict policy; what a page may load is what we ship. A test reads them on every kind of route.
 */
import type { Duplex } from "node:stream";
import type { MiddlewareHandler } from "hono";

/**
 * 'wasm-unsafe-eval': libsodium is WebAssembly (also on the worker's own response). blob: and data: for pictures and
 * sound that the vault opened in memory. Trusted Types: our own policy, and ProseMirror's for paste.
 */
export const CONTENT_SECURITY_POLICY = [
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
].join("; ");

/** Camera for codes and photos, microphone for voice notes; nothing that says where a child is. */
const PERMISSIONS_POLICY = [
  "camera=(self)",
  "microphone=(self)",
  "geolocation=()",
  "accelerometer=()",
  "gyroscope=()",
  "magnetometer=()",
  "display-capture=()",
  "midi=()",
  "payment=()",
  "usb=()",
].join(", ");

const HEADERS: readonly (readonly [string, string])[] = [
  ["Content-Security-Policy", CONTENT_SECURITY_POLICY],
  ["Cross-Origin-Opener-Policy", "same-origin"],
  ["Cross-Origin-Embedder-Policy", "require-corp"],
  ["Cross-Origin-Resource-Policy", "same-origin"],
  ["X-Content-Type-Options", "nosniff"],
  ["Referrer-Policy", "no-referrer"],
  ["Permissions-Policy", PERMISSIONS_POLICY],
];

/** Two years; a browser that has seen the server over TLS never goes back to plain HTTP. */
const HSTS = "max-age=63072000; includeSubDomains";

/**
 * An answer straight onto the line, where there is no response to set headers on: refused upgrades, and what isn't HTTP.
 * The line is closed after it.
 */
export function answerRaw(stream: Duplex, status: string, isSecure: boolean): void {
  const lines = [...HEADERS, ["Cache-Control", "no-store"], ["Content-Length", "0"], ["Connection", "close"]];
  if (isSecure) lines.push(["Strict-Transport-Security", HSTS]);
  if (stream.writable) stream.end(`HTTP/1.1 ${status}\r\n${lines.map((line) => line.join(": ")).join("\r\n")}\r\n\r\n`);
  else stream.destroy();
}

/** `isSecure` says whether the request came over TLS (our own, or that of a proxy we trust). */
export function securityHeaders(isSecure: (request: Request) => boolean): MiddlewareHandler {
  return async (context, next) => {
    await next();
    for (const [name, value] of HEADERS) context.res.headers.set(name, value);
    if (isSecure(context.req.raw)) context.res.headers.set("Strict-Transport-Security", HSTS);
    if (!context.res.headers.has("Cache-Control")) context.res.headers.set("Cache-Control", "no-store");
  };
}
