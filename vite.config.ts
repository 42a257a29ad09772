import preact from "@preact/preset-vite";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import about from "./package.json" with { type: "json" };
import { sourceHash } from "./tools/build-hash.ts";
import { licences } from "./tools/licences.ts";

const { page, worker } = licences();

/**
 * The client: one page, three workers (vault, KDF, decoding) and a service worker, all under the strict CSP that the
 * server sends. Workers are imported with `?worker&url` and started through our Trusted Types policy, because
 * `new Worker(new URL(…))` throws under it.
 */
export default defineConfig({
  plugins: [
    preact({ devToolsEnabled: false, prefreshEnabled: false }),
    page,
    VitePWA({
      strategies: "injectManifest",
      srcDir: "client/sw",
      filename: "sw.ts",
      // We register it ourselves: the update is offered, never forced.
      injectRegister: false,
      // They are in public/ and so in the store already.
      includeManifestIcons: false,
      manifest: {
        id: "/",
        name: "Lomme",
        short_name: "Lomme",
        // Without a line of our own the plugin takes package.json's, which says what Lomme is.
        description: "Lomme",
        lang: "da",
        start_url: "/",
        scope: "/",
        display: "standalone",
        background_color: "#FBF7F0",
        theme_color: "#FBF7F0",
        icons: [
          { src: "/icon-192.png", sizes: "192x192", type: "image/png" },
          { src: "/icon-512.png", sizes: "512x512", type: "image/png" },
          { src: "/icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
        ],
      },
      injectManifest: {
        globPatterns: ["**/*.{js,css,html,svg,png,woff2,wasm}", "licences.json"],
        maximumFileSizeToCacheInBytes: 4 * 1024 * 1024,
      },
    }),
  ],
  worker: { format: "es", plugins: () => [worker] },
  // What "about" says, so that a person can compare it with what was published.
  define: {
    __LOMME_VERSION__: JSON.stringify(about.version),
    __LOMME_BUILD__: JSON.stringify(sourceHash().slice(0, 16)),
  },
  build: {
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
});
