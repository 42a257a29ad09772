/**
 * The steps that most stories begin with, as a person takes them: the first run, closing the pocket, opening it. Every
 * press goes through `Taps`, so that a test can count them.
 */
import { expect, type Locator, type Page } from "@playwright/test";
import da from "../../client/i18n/da.json" with { type: "json" };
import en from "../../client/i18n/en.json" with { type: "json" };
import { first } from "../../client/i18n/first.ts";
import sv from "../../client/i18n/sv.json" with { type: "json" };

export const texts = { da, sv, en } as const;
export type TestLanguage = keyof typeof texts;
export type TestLook = "pictures" | "middle" | "quiet";

/** The way in that a first run ended with. */
export type Secret = { readonly pictures: readonly number[] } | { readonly passphrase: string };

export interface FirstRun {
  readonly language?: TestLanguage;
  readonly role?: "child" | "caseworker" | "carer";
  readonly look?: TestLook;
  /** For adults: the name the child will see. */
  readonly name?: string;
  readonly colour?: "denim" | "brick" | "moss" | "plum";
  /** Each picture is pressed where it stands, as a finger does. */
  readonly byHand?: boolean;
  /** Hears where one is, before each step is taken. */
  readonly lookAt?: (step: string) => Promise<void>;
}

/** Presses and counts; typing is counted apart. */
export class Taps {
  count = 0;
  letters = 0;
  readonly page: Page;
  readonly #by: "pointer" | "finger";
  /** `finger` needs a person who came with `hasTouch`. */
  constructor(page: Page, by: "pointer" | "finger" = "pointer") {
    this.page = page;
    this.#by = by;
  }
  #touch(place: Locator): Promise<void> {
    return this.#by === "finger" ? place.tap() : place.click();
  }
  async press(name: string | RegExp, role: "button" | "radio" = "button"): Promise<void> {
    this.count++;
    await this.#touch(this.page.getByRole(role, { name, exact: typeof name === "string" }));
  }
  async pick(picture: number): Promise<void> {
    this.count += 2;
    await this.#touch(this.page.locator(".pad[data-stage=groups] > button").nth(Math.floor(picture / 8)));
    await this.#touch(this.page.locator(".pad[data-stage=pictures] > button").nth(picture % 8));
  }
  /**
   * A whole code at once, pressed from within the page: a tenth of the time that a pointer takes. Where pressing is what is
   * asked about, `pick`.
   */
  async pickAll(pictures: readonly number[]): Promise<void> {
    this.count += 2 * pictures.length;
    await this.page.locator(".pad").waitFor();
    await this.page.evaluate(async (chosen) => {
      const press = async (stage: "groups" | "pictures", nth: number): Promise<void> => {
        for (const until = Date.now() + 10_000; Date.now() < until; ) {
          const tile = document.querySelectorAll<HTMLElement>(`.pad[data-stage=${stage}] > button`)[nth];
          if (tile !== undefined) return tile.click();
          await new Promise((later) => setTimeout(later));
        }
        throw new Error(`the ${stage} didn't come`);
      };
      for (const picture of chosen) {
        await press("groups", Math.floor(picture / 8));
        await press("pictures", picture % 8);
      }
    }, pictures);
  }
  async type(label: string, text: string): Promise<void> {
    this.letters += text.length;
    await this.page.getByLabel(label, { exact: true }).fill(text);
  }
}

/** Waits until this screen stands. */
export async function onScreen(page: Page, id: string): Promise<void> {
  await expect(page.locator("html")).toHaveAttribute("data-screen", id, { timeout: 20_000 });
  await expect(page.locator("h1").first()).toBeAttached();
}

/** From the language to "close it and open it": ends inside the pocket, before it is closed for the first time. */
export async function makePocket(taps: Taps, wanted: FirstRun = {}): Promise<Secret> {
  const { language = "da", role = "child", look = "pictures", lookAt = async () => undefined } = wanted;
  const t = texts[language];
  const { page } = taps;
  await page.getByRole("button", { name: first[language]["first.language"], exact: true }).waitFor();
  await lookAt("language");
  await taps.press(first[language]["first.language"]);
  if (language === "en") {
    await onScreen(page, "country");
    await lookAt("country");
    await taps.press(t["country.dk"]);
  }
  await onScreen(page, "who");
  await lookAt("who");
  await taps.press(t[`who.${role}`]);
  if (role === "child") {
    await onScreen(page, "handover");
    await lookAt("handover");
    await taps.press(t["handover.next"]);
    await onScreen(page, "look");
    await lookAt("look");
    await taps.press(t[`look.${look}`]);
  }
  await onScreen(page, "colour");
  if (wanted.colour) await taps.press(t[`colour.${wanted.colour}`], "radio");
  await lookAt("colour");
  await taps.press(t["colour.next"]);
  const byPictures = role === "child" && look !== "quiet";
  if (byPictures) await onScreen(page, "pictures");
  const secret = byPictures
    ? { pictures: await learnSeven(taps, language, { byHand: wanted.byHand, lookAt }) }
    : await learnPassphrase(taps, t, lookAt);
  if (role === "child") {
    await onScreen(page, "first-thing");
    await lookAt("first-thing");
    await taps.press(t["mood.calm"]);
    await expect(page.locator("main").getByText(t["firstthing.saved"])).toBeVisible();
    await lookAt("first-thing-saved");
    await taps.press(t["firstthing.next"]);
  } else {
    await onScreen(page, "your-name");
    await lookAt("your-name");
    await taps.type(t["yourname.label"], wanted.name ?? "Mette");
    await taps.press(t["yourname.next"]);
  }
  await onScreen(page, "close-and-open");
  await lookAt("close-and-open");
  return secret;
}

interface Learning {
  readonly byHand?: boolean | undefined;
  readonly lookAt?: (step: string) => Promise<void>;
}

/** From "your seven pictures" to the end of both rounds of practising; gives the pictures. */
export async function learnSeven(
  taps: Taps,
  language: TestLanguage = "da",
  { byHand = false, lookAt = async () => undefined }: Learning = {},
): Promise<readonly number[]> {
  const { page } = taps;
  const t = texts[language];
  await expect(page.locator(".mine > li")).toHaveCount(7);
  await lookAt("pictures");
  const pictures = await picturesOf(page, ".mine use");
  const pickOut = async (): Promise<void> => {
    if (byHand) for (const picture of pictures) await taps.pick(picture);
    else await taps.pickAll(pictures);
  };
  await taps.press(t["pictures.practise"]);
  await expect(page.locator(".pad")).toBeVisible();
  await lookAt("practise");
  await pickOut();
  await expect(page.getByText(t["practise.second"]).first()).toBeVisible();
  await lookAt("practise-again");
  await pickOut();
  return pictures;
}

async function learnPassphrase(taps: Taps, t: typeof da, lookAt: (step: string) => Promise<void>): Promise<Secret> {
  const { page } = taps;
  await onScreen(page, "passphrase");
  const proposed = page.locator(".passphrase");
  await expect(proposed).toHaveText(/^\S+( \S+){4}$/);
  await lookAt("passphrase");
  const passphrase = (await proposed.textContent()) ?? "";
  await taps.type(t["passphrase.repeat"], passphrase);
  await taps.press(t["passphrase.next"]);
  return { passphrase };
}

/** The numbers 0 … 63 of the pictures that stand there, in order. */
export const picturesOf = (page: Page, selector: string): Promise<number[]> =>
  page.locator(selector).evaluateAll((uses) => uses.map((use) => Number(use.getAttribute("href")?.split("#p")[1])));

/** Closes the pocket from "close it and open it"; ends on the locked side. */
export async function closeFirstTime(taps: Taps, language: TestLanguage = "da"): Promise<void> {
  await taps.press(texts[language]["closeopen.close"]);
  await expect(taps.page.locator(".locked")).toBeVisible();
}

/** Opens a closed pocket (the first, unless `nth` says) and stays where one lands. */
export async function openPocket(taps: Taps, secret: Secret, language: TestLanguage = "da", nth = 0): Promise<void> {
  const { page } = taps;
  taps.count++;
  await page.locator(".locked > .big").nth(nth).click();
  await onScreen(page, "code");
  await enterCode(taps, secret, language);
  await expect(page.locator("html")).toHaveAttribute("data-phase", "open", { timeout: 20_000 });
}

export async function enterCode(taps: Taps, secret: Secret, language: TestLanguage = "da"): Promise<void> {
  if ("pictures" in secret) return taps.pickAll(secret.pictures);
  await taps.type(texts[language]["code.words"], secret.passphrase);
  await taps.press(texts[language]["code.open"]);
}

/** A pocket that is made, closed, opened again, and stands at home, its card left for later. */
export async function settleIn(taps: Taps, wanted: FirstRun = {}): Promise<Secret> {
  const language = wanted.language ?? "da";
  const secret = await makePocket(taps, wanted);
  await closeFirstTime(taps, language);
  await openPocket(taps, secret, language);
  await onScreen(taps.page, "card");
  await taps.press(texts[language]["card.later"]);
  await onScreen(taps.page, "home");
  return secret;
}
