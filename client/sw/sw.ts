/**
 * The service worker: keeps the app itself on the device, so that Lomme opens without a network. It never sees a key,
 * and never stores anything but the files of one build. Everything else goes to the network untouched.
 *
 * Policies, in the order they apply:
 * 1. The files of this build are stored at install and served from there (each under the hash of its content).
 * 2. A recording that a page plays is streamed from that page's vault, never kept (media.ts).
 * 3. A navigation gets the stored index.html, whatever client route it names; not under the server's own paths.
 * 4. Whatever is left (/api, /sync, /health, /metrics) isn't answered here at all.
 * 5. A new build waits. It takes over only when a page says so, because the person asked for it.
 */
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";
import { isMedia, playMedia } from "./media.ts";
import { isTakeOver } from "./messages.ts";
import { SERVER_PATHS } from "./server-paths.ts";

declare const self: ServiceWorkerGlobalScope & {
  readonly __WB_MANIFEST: { readonly url: string; readonly revision: string | null }[];
};

cleanupOutdatedCaches();
// No query parameter is ever ignored: the stored file answers for its own address only.
precacheAndRoute(self.__WB_MANIFEST, { ignoreURLParametersMatching: [], cleanURLs: false });
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && isMedia(url),
  ({ request, event }) => playMedia(request, (event as FetchEvent).clientId),
);
registerRoute(new NavigationRoute(createHandlerBoundToURL("/index.html"), { denylist: [SERVER_PATHS] }));

self.addEventListener("install", () => {
  // The very first install has nobody to wait for.
  if (!self.registration.active) void self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  // The page that installed us came from the network; from here on its lazy parts come from the store too. After an
  // update the pages are ours already, and this changes nothing.
  event.waitUntil(self.clients.claim());
});

self.addEventListener("message", (event) => {
  if (isTakeOver(event.data)) event.waitUntil(self.skipWaiting());
});
