/** Composition root of the page: policy, vault worker, settings, locking, and the first screen. */
import { render } from "preact";
import { followInvitations } from "./state/invitation-link.ts";
import { followSettings } from "./state/language.ts";
import { followUse } from "./state/lock.ts";
import { createPolicy } from "./state/policy.ts";
import { listenForQuickExit } from "./state/quick-exit.ts";
import { followHistory } from "./state/route.ts";
import { followVault, readCovers } from "./state/session.ts";
import { followUpdates } from "./state/updates.ts";
import { startVault } from "./state/vault.ts";
import { App } from "./ui/app.tsx";
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

void startVault(() => new Worker(trusted(workerUrl), { type: "module", name: "vault" })).then(readCovers, readCovers);
// After the first screen: storing the build for offline use competes for the same network.
addEventListener("load", () => setTimeout(() => void followUpdates(trusted), 1000));
