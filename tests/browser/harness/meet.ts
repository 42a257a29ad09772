/** Two people: pairing, showing, reading, answering, taking back. In Danish, found by role and name. */
import { expect } from "@playwright/test";
import words from "../../../client/i18n/inside/da.json" with { type: "json" };
import { type Secret, Taps } from "../steps.ts";
import type { Person } from "./person.ts";

type Words = typeof words;
export type WordKey = keyof Words;

/** A text of the product with its `{placeholders}` filled in. */
export const text = (key: WordKey, params: Record<string, string> = {}): string =>
  words[key].replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? "");

export const press = (person: Pick<Person, "page">, key: WordKey, params?: Record<string, string>): Promise<void> =>
  person.page
    .getByRole("button", { name: text(key, params), exact: true })
    .first()
    .click();

export const heading = (person: Person, key: WordKey, params?: Record<string, string>) =>
  person.page.getByRole("heading", { name: text(key, params), exact: true });

/** Back to home from wherever this is, one "back" after the other. */
export async function goHome(person: Person): Promise<void> {
  const html = person.page.locator("html");
  for (let steps = 0; steps < 8; steps += 1) {
    if ((await html.getAttribute("data-screen")) === "home") return;
    const before = await html.getAttribute("data-screen");
    await person.page.getByRole("button", { name: "Tilbage", exact: true }).click();
    await expect(html).not.toHaveAttribute("data-screen", before ?? "");
  }
  throw new Error("home was not reached");
}

/** Locks by the button on home; ends at the closed pocket. */
export async function closePocket(person: Person): Promise<void> {
  await goHome(person);
  await press(person, "home.lock");
  await expect(person.page.locator(".locked")).toBeVisible({ timeout: 20_000 });
}

/** "Mine folk" → "Find nogen", with a name given on the way where there is none yet. */
async function toPairing(person: Person, name: string): Promise<void> {
  await goHome(person);
  await press(person, "home.people");
  await press(person, "people.add");
  const asked = heading(person, "pair.name");
  await asked.or(heading(person, "pair.title")).first().waitFor();
  if (await asked.isVisible()) {
    await person.page.getByRole("textbox").fill(name);
    await press(person, "pair.nameSave");
  }
  await heading(person, "pair.title").waitFor();
}

/** The link that `host` would send. */
export async function makeLink(host: Person, name: string): Promise<string> {
  await toPairing(host, name);
  await press(host, "pair.link");
  const link = host.page.locator(".link-text");
  await expect(link).toContainText("#");
  return ((await link.textContent()) ?? "").trim();
}

export async function pasteLink(guest: Person, name: string, link: string): Promise<void> {
  await toPairing(guest, name);
  await press(guest, "pair.link");
  await guest.page.getByLabel(text("pair.pasteLabel")).fill(link);
  await press(guest, "pair.find");
}

/** `host` sends a link, `guest` pastes it; both compare the seven pictures and find them the same. */
export async function pairByLink(host: Person, hostName: string, guest: Person, guestName: string): Promise<void> {
  await pasteLink(guest, guestName, await makeLink(host, hostName));
  const pictures: string[][] = [];
  for (const person of [host, guest]) {
    await heading(person, "compare.title").waitFor({ timeout: 30_000 });
    pictures.push(await person.page.locator(".mine li").allInnerTexts());
  }
  expect(pictures[0]).toHaveLength(7);
  expect(pictures[0]).toEqual(pictures[1]);
  for (const person of [host, guest]) await press(person, "compare.yes");
  for (const person of [host, guest]) await expect(heading(person, "compare.title")).toHaveCount(0);
  for (const person of [host, guest]) await goHome(person);
}

/** A new entry from home: title and text typed, saved, and back at home. */
export async function writeEntry(person: Person, title: string, body: string): Promise<void> {
  await press(person, "home.new");
  await person.page.getByLabel(text("entry.title"), { exact: true }).fill(title);
  await person.page.getByRole("textbox", { name: text("entry.text") }).click();
  await person.page.keyboard.type(body);
  await expect(person.page.getByText(text("entry.saved"), { exact: true }).first()).toBeVisible();
}

/** Answers "Er det dig?" with the pocket's code. */
export async function giveCode(person: Person, secret: Secret): Promise<void> {
  await heading(person, "ask.title").waitFor();
  if ("pictures" in secret) {
    const taps = new Taps(person.page);
    await taps.pickAll(secret.pictures);
    return;
  }
  await person.page.locator("input.field").fill(secret.passphrase);
  await press(person, "ask.next");
}

/** "Vis til …" on the preview, and the code where it is asked for (the first time in five minutes). */
export async function giveTo(person: Person, name: string, secret: Secret): Promise<void> {
  await press(person, "show.go", { name });
  const shown = person.page.locator('html[data-screen="share"]');
  const asked = heading(person, "ask.title");
  await shown.or(asked).first().waitFor();
  if (await asked.isVisible()) await giveCode(person, secret);
  await shown.waitFor({ timeout: 30_000 });
}
