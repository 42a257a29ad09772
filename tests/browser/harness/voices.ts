import type { Page } from "@playwright/test";
import type { Person } from "./person.ts";

/** What the page said aloud since the last time, one thing after the other. */
export const takeSaid = (page: Page): Promise<string[]> =>
  page.evaluate(() => (globalThis as unknown as { said: string[] }).said.splice(0));

/**
 * Gives the browser voices, which Debian's has none of: one of this device for each language, and one of the net that must
 * never be given a word. What is said is kept; saying takes no time. From the next load on.
 */
export async function giveVoices(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const said: string[] = [];
    Object.assign(globalThis, { said });
    const voices = ["da-DK", "sv-SE", "en-GB"].flatMap((lang) => [
      { lang, localService: false, name: "net" },
      { lang, localService: true, name: "here" },
    ]);
    class Utterance {
      voice: (typeof voices)[number] | null = null;
      lang = "";
      rate = 1;
      onend: (() => void) | null = null;
      onerror: (() => void) | null = null;
      readonly text: string;
      constructor(text: string) {
        this.text = text;
      }
    }
    const speaker = {
      getVoices: () => voices,
      addEventListener: () => undefined,
      cancel: () => undefined,
      speak: (utterance: Utterance) => {
        said.push(utterance.voice?.localService ? utterance.text : `SENT AWAY: ${utterance.text}`);
        queueMicrotask(() => utterance.onend?.());
      },
    };
    Object.defineProperty(globalThis, "speechSynthesis", { value: speaker });
    Object.defineProperty(globalThis, "SpeechSynthesisUtterance", { value: Utterance });
  });
}

/** Reads the screen, or the question over it, aloud by its own button; gives what was said. */
export async function readAloud(page: Page): Promise<readonly string[]> {
  await takeSaid(page);
  const asked = (await page.locator("dialog[open]").count()) > 0;
  await page
    .locator(asked ? "dialog[open] [data-reader]" : ".screen:visible [data-reader], .desk [data-reader]:visible")
    .first()
    .click();
  await page.waitForFunction(() => document.querySelector("[data-reader][aria-pressed=true]") === null, undefined, {
    timeout: 20_000,
  });
  return takeSaid(page);
}

/** Names of everything on the screen that can be read or pressed, found without the product's own code. */
export const labelsOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const root = document.querySelector("dialog[open]") ?? document.body;
    const labels: string[] = [];
    for (const element of root.querySelectorAll<HTMLElement>(
      "h1, h2, h3, button, a[href], label, p, dt, dd, [role=switch]",
    )) {
      const left = ".vh, .speak, [data-reader], [inert], [hidden], [aria-hidden=true], [role=textbox] *";
      if (element.closest(left) !== null || element.getClientRects().length === 0) continue;
      if (element.querySelector("button, a[href], input, textarea") !== null) continue;
      const seen = element.cloneNode(true) as Element;
      for (const unsaid of seen.querySelectorAll("[aria-hidden=true], .vh")) unsaid.remove();
      labels.push(element.getAttribute("aria-label") ?? seen.textContent ?? "");
    }
    return labels;
  });

/** Letters and digits alone, so that a full stop in between makes no difference. */
export const bare = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "");

/** A person whose browser has a voice of its own. */
export async function withVoice(person: Person): Promise<Person> {
  await giveVoices(person.page);
  await person.page.reload();
  return person;
}

/** Labels of this screen that its own reading leaves out. Closed pockets say theirs behind "…". */
export async function unsaidOn(page: Page): Promise<readonly string[]> {
  const asked = (await page.locator("dialog[open]").count()) > 0;
  if (!asked && (await page.locator(".locked").count()) > 0) return [];
  // What changed while it was read (a share that arrived meanwhile) is neither here nor there.
  const before = new Set(await labelsOf(page));
  const heard = bare((await readAloud(page)).join(" "));
  return (await labelsOf(page)).filter((label) => before.has(label) && !heard.includes(bare(label)));
}
