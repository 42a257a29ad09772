/** The product's own page over the plaintext peer (plain-vault-worker.ts), in the same browser profile. */
import type { Person } from "../../tests/browser/harness/person.ts";
import { bundle } from "../../tests/browser/harness/workers.ts";
import { onScreen } from "../../tests/browser/steps.ts";
import { throttle } from "./throttle.ts";
import { lock, unlock } from "./unlocking.ts";

/** Where the build puts the vault's worker. */
const VAULT_WORKER = /\/assets\/worker-[^/]+\.js$/;

/** From the moment the code was given to the newest entries on the screen, so many times, at each of these speeds. */
export async function plainUnlocks(
  person: Person,
  origin: string,
  times: number,
  slower: readonly number[],
): Promise<readonly (readonly number[])[]> {
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
  try {
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.setBypassServiceWorker", { bypass: true });
    await page.goto(origin);
    await onScreen(page, "start");
    const all: number[][] = [];
    for (const rate of slower) {
      const measured: number[] = [];
      for (let i = 0; i < times; i++) {
        measured.push(await throttle(page, rate, () => unlock({ page })));
        await lock({ page });
      }
      all.push(measured);
    }
    return all;
  } finally {
    await page.close();
    await context.unroute(VAULT_WORKER);
    await person.flightMode(true);
  }
}
