/** The product's own page over the plaintext peer (plain-vault-worker.ts), in the same browser profile. */
import type { Person } from "../../tests/browser/harness/person.ts";
import { bundle } from "../../tests/browser/harness/workers.ts";
import { onScreen } from "../../tests/browser/steps.ts";
import { throttle } from "./throttle.ts";
import { lock, unlock } from "./unlocking.ts";

/** Where the build puts the vault's worker. */
const VAULT_WORKER = /\/assets\/worker-[^/]+\.js$/;

export interface PlainPage {
  /** From the moment the code was given to the newest entries on the screen, in milliseconds; locked again afterwards. */
  unlock(rate: number): Promise<number>;
  close(): Promise<void>;
}

/** For a person in flight mode, whose own page goes on beside it. */
export async function openPlainPage(person: Person, origin: string): Promise<PlainPage> {
  const { context } = person;
  const script = await bundle("bench/client/plain-vault-worker.ts");
  await person.flightMode(false);
  await context.route(VAULT_WORKER, (route) =>
    route.fulfill({
      contentType: "text/javascript",
      headers: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" },
      body: script,
    }),
  );
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.setBypassServiceWorker", { bypass: true });
  await page.goto(origin);
  await onScreen(page, "start");
  await person.flightMode(true);
  // It is cut off again a moment after it was locked.
  person.allow("the peer's page looks for updates without net", ({ text }) => /assets\/updates-/.test(text));
  return {
    unlock: async (rate) => {
      await page.bringToFront();
      // This page doesn't come from the service worker.
      await person.flightMode(false);
      const measured = await throttle(page, rate, () => unlock({ page }));
      await lock({ page });
      await person.flightMode(true);
      await person.page.bringToFront();
      return measured;
    },
    close: async () => {
      await page.close();
      await context.unroute(VAULT_WORKER);
    },
  };
}
