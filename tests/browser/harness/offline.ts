import type { Page } from "@playwright/test";

/** Waits until the first load has ended: the whole app is stored and this page's further parts come from the store. */
export async function storedForOffline(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated", null, {
    timeout: 30_000,
  });
}
