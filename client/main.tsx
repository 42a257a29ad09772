/** Composition root of the page: policy, vault worker, settings, locking, and the first screen. */
import { render } from "preact";
import { followInvitations } from "./state/invitation-link.ts";
import { followSettings } from "./state/language.ts";
import { followUse } from "./state/lock.ts";
import { createPolicy } from "./state/policy.ts";
import { listenForQuickExit } from "./state/quick-exit.ts";
import { followHistory } from "./state/route.ts";
import { beginWithoutPocket, followVault, isFirstVisit, readCovers } from "./state/session.ts";
import { followUpdates } from "./state/updates.ts";
import { prepareVault, startVault } from "./state/vault.ts";
import { App } from "./ui/app.tsx";
import { screens } from "./ui/screens.ts";
import "./ui/styles/index.css";
import { followTexts } from "./ui/text.ts";
import workerUrl from "./worker.ts?worker&url";

const policy = createPolicy();
// `as string`: the DOM types of our compiler don't know that a worker's address may be a TrustedScriptURL.
const trusted = (url: string) => policy.createScriptURL(url) as string;

// First of all: an invitation leaves the address bar before anything else runs.
followInvitations();
followSettings();
followTexts();
followHistory();
followVault();
followUse();
listenForQuickExit();

const root = document.getElementById("app");
if (root) render(<App />, root);

prepareVault(() => new Worker(trusted(workerUrl), { type: "module", name: "vault" }));
void start();

/**
 * The vault's worker is ten times what the first screens are. Where a pocket may lie here, it says so and loads at once; on
 * the first visit the first screens come first, and the worker, which nobody needs before a code is chosen, after them.
 */
async function start(): Promise<void> {
  if (await isFirstVisit()) {
    beginWithoutPocket();
    await Promise.all([screens.start(), screens.who()]).catch(() => undefined);
    await startVault().catch(() => undefined);
  } else {
    await startVault().then(readCovers, readCovers);
  }
  // Last of all: storing the build for offline use competes for the same network.
  setTimeout(() => void followUpdates(trusted), 1000);
}
