/**
 * A walk through the product as people take it, in any language and look. The gallery photographs each screen it comes
 * by, the accessibility test examines it; both are told where they are by the route table's ids.
 */
import { expect, type Page } from "@playwright/test";
import da from "../../client/i18n/da.json" with { type: "json" };
import en from "../../client/i18n/en.json" with { type: "json" };
import insideDa from "../../client/i18n/inside/da.json" with { type: "json" };
import insideEn from "../../client/i18n/inside/en.json" with { type: "json" };
import insideSv from "../../client/i18n/inside/sv.json" with { type: "json" };
import { formatMessage } from "../../client/i18n/message.ts";
import sv from "../../client/i18n/sv.json" with { type: "json" };
import type { PersonOptions } from "../browser/harness/person.ts";
import type { Person } from "../browser/harness.ts";
import { type Secret, Taps, type TestLanguage, type TestLook } from "../browser/steps.ts";

const words = {
  da: { ...da, ...insideDa },
  sv: { ...sv, ...insideSv },
  en: { ...en, ...insideEn },
} as const;
export type Key = keyof (typeof words)["da"];
export type Params = Readonly<Record<string, string | number>>;

/** Looks at what stands on this page now. `state` tells apart several sights of one screen. */
export type Eye = (page: Page, route: string, state: string) => Promise<void>;

/** Screens that a walk in this language and look doesn't come by: another walk passes them. */
export const screensOfOthers = (language: TestLanguage, look: TestLook): ReadonlySet<string> =>
  new Set([
    // Needs a second device: devices.spec.ts examines it.
    "device-lost",
    // Needs another child: the gallery comes by it (walk-received.ts), siblings.spec.ts examines it in the three looks.
    "received-thing",
    ...(language === "en" ? [] : ["country"]),
    ...(look === "quiet" ? ["pictures", "practise"] : []),
  ]);

/** A microphone that beeps. There is a camera too, but nobody may use it: the screen that scans shows what it says then. */
export const WITH_MICROPHONE: PersonOptions = {
  args: ["--use-fake-device-for-media-stream"],
  permissions: ["microphone"],
};

export class Stage {
  readonly language: TestLanguage;
  readonly look: TestLook;
  readonly #eye: Eye;
  /** Every screen that was looked at. */
  readonly seen = new Set<string>();

  constructor(language: TestLanguage, look: TestLook, eye: Eye) {
    this.language = language;
    this.look = look;
    this.#eye = eye;
  }

  text(key: Key, params: Params = {}): string {
    return formatMessage(words[this.language][key], params, this.language);
  }

  /** A button, as it is named on the screen. */
  button({ page }: Person, key: Key, params?: Params) {
    const name = this.text(key, params);
    // The quiet look's index says more behind each name: "Wishes 1".
    const inIndex = page.locator("nav.index > button").filter({ hasText: new RegExp(`^${RegExp.escape(name)} `) });
    return page.getByRole("button", { name, exact: true }).or(inIndex).first();
  }

  /** A button whose name holds this, and not the speaker beside it, whose own name says what it reads. */
  named(page: Page, name: string) {
    return page.getByRole("button", { name }).and(page.locator(":not(.speak)"));
  }

  press(person: Person, key: Key, params?: Params): Promise<void> {
    return this.button(person, key, params).click();
  }

  /** Waits for the screen and looks at it. */
  async see(person: Person, route: string, state = ""): Promise<void> {
    await expect(person.page.locator("html")).toHaveAttribute("data-screen", route, { timeout: 20_000 });
    await expect(person.page.locator("h1").first()).toBeAttached();
    this.seen.add(route);
    await this.#eye(person.page, route, state);
  }

  /** "Er det dig?": looks at it and gives the code. */
  async asked(person: Person, secret: Secret, state: string): Promise<void> {
    const { page } = person;
    const question = page.getByRole("heading", { name: this.text("ask.title") });
    await question.waitFor();
    await this.#eye(page, "ask", state);
    await this.#give(person, secret);
    await question.waitFor({ state: "detached", timeout: 20_000 });
  }

  /** The same where it is asked only when the last time is too long ago; on a slow machine it may be. */
  async answerIfAsked(person: Person, secret: Secret): Promise<void> {
    const question = person.page.getByRole("heading", { name: this.text("ask.title") });
    if (
      await question.waitFor({ timeout: 1500 }).then(
        () => true,
        () => false,
      )
    )
      await this.#give(person, secret);
  }

  async #give(person: Person, secret: Secret): Promise<void> {
    if ("pictures" in secret) {
      const taps = new Taps(person.page);
      await taps.pickAll(secret.pictures);
      return;
    }
    await person.page.locator("input.field").fill(secret.passphrase);
    await this.press(person, "ask.next");
  }

  back({ page }: Person): Promise<void> {
    const name = { da: "Tilbage", sv: "Tillbaka", en: "Back" }[this.language];
    return page.getByRole("button", { name, exact: true }).click();
  }

  /** Back until home stands. */
  async home(person: Person): Promise<void> {
    const html = person.page.locator("html");
    for (let steps = 0; steps < 8; steps++) {
      const here = await html.getAttribute("data-screen");
      if (here === "home") return;
      await this.back(person);
      await expect(html).not.toHaveAttribute("data-screen", here ?? "");
    }
    throw new Error("home was not reached");
  }
}
