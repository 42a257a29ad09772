/**
 * The ways through the product that many tests need, walked by role and name as a person would find them. In Danish.
 */
import { readFileSync } from "node:fs";
import { expect } from "@playwright/test";
import type { Person } from "./person.ts";

/** Names of the eight groups, then of the 64 pictures, in their fixed order. */
const names: readonly string[] = JSON.parse(readFileSync("client/i18n/pictures/da.json", "utf8"));
const groupOf = (picture: number): string => names[Math.floor(picture / 8)] ?? "";
export const nameOf = (picture: number): string => names[8 + picture] ?? "";

export const press = (person: Person, name: string | RegExp): Promise<void> =>
  person.page.getByRole("button", { name, exact: typeof name === "string" }).first().click();

/** Chooses pictures on a pad: a group, then a picture, for each. */
export async function pick(person: Person, pictures: readonly number[]): Promise<void> {
  for (const picture of pictures) {
    const pad = person.page.locator(".pad");
    await pad.and(person.page.locator("[data-stage=groups]")).getByRole("button", { name: groupOf(picture) }).click();
    await pad
      .and(person.page.locator("[data-stage=pictures]"))
      .getByRole("button", { name: nameOf(picture), exact: true })
      .click();
  }
}

/** Reads pictures off the screen as the child does: by their names. */
export async function readPictures(person: Person, list: string): Promise<readonly number[]> {
  const items = person.page.locator(`${list} li`);
  await expect(items).toHaveCount(7);
  return (await items.allInnerTexts()).map((text) => names.indexOf(text.trim(), 8) - 8);
}

export interface Child {
  readonly person: Person;
  readonly code: readonly number[];
}

/** From the first screen to "Læg det første i", with a picture code. The pocket stands and is open. */
export async function childFirstRun(person: Person, look = "Billeder og ord"): Promise<Child> {
  const { page } = person;
  await press(person, /Dansk/);
  await press(person, /barn eller ung/);
  await press(person, "Jeg er klar");
  await press(person, look);
  await page.getByRole("heading", { name: "Hvordan ser din lomme ud?" }).waitFor();
  await press(person, "Videre");
  await page.getByRole("heading", { name: "Dine syv billeder" }).waitFor();
  const code = await readPictures(person, ".mine");
  await press(person, "Øv dig");
  await pick(person, code);
  await pick(person, code);
  await page.getByRole("heading", { name: "Læg det første i" }).waitFor({ timeout: 60_000 });
  return { person, code };
}

/** From "Læg det første i" to home, without a card: first thing in, closed and opened oneself. */
export async function childToHome({ person, code }: Child): Promise<void> {
  await press(person, "Glad");
  await expect(person.page.getByRole("main").getByText("Gemt her. Kun du kan se det.")).toBeVisible();
  await press(person, "Videre");
  await press(person, "Luk lommen");
  await unlock({ person, code });
  await press(person, "Ikke nu");
  await person.page.getByRole("button", { name: "Luk", exact: true }).waitFor();
}

export async function comeAsChild(person: Person, look?: string): Promise<Child> {
  const child = await childFirstRun(person, look);
  await childToHome(child);
  return child;
}

/** From the closed pocket to whatever comes first inside. */
export async function unlock({ person, code }: Child): Promise<void> {
  await person.page.getByRole("button", { name: /^Åbn/ }).first().click();
  await pick(person, code);
  await person.page.locator(".pad").waitFor({ state: "detached", timeout: 60_000 });
}

export interface Adult {
  readonly person: Person;
  readonly passphrase: string;
}

/** The caseworker's or carer's whole first run, to their first screen inside. */
export async function comeAsAdult(person: Person, who: RegExp, name: string): Promise<Adult> {
  const { page } = person;
  await press(person, /Dansk/);
  await press(person, who);
  await page.getByRole("heading", { name: "Din kodesætning" }).waitFor();
  const words = page.locator(".passphrase");
  await expect(words).not.toBeEmpty();
  const passphrase = (await words.innerText()).trim();
  await page.getByLabel("Skriv ordene her").fill(passphrase);
  await press(person, "Videre");
  await page.getByLabel("Dit navn").fill(name, { timeout: 60_000 });
  await press(person, "Videre");
  return { person, passphrase };
}

export async function unlockWithWords({ person, passphrase }: Adult): Promise<void> {
  await person.page.getByRole("button", { name: /^Åbn/ }).first().click();
  await person.page.getByLabel("Skriv din kodesætning").fill(passphrase);
  await person.page.getByRole("button", { name: "Åbn", exact: true }).last().click();
  await person.page.getByLabel("Skriv din kodesætning").waitFor({ state: "detached", timeout: 60_000 });
}
