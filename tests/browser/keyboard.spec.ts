/**
 * Whole days by keyboard alone, at 360 × 740: nothing here touches a pointer. At each stop of Tab the focus is somewhere, it
 * is seen, and nothing lies over it; a new screen begins at its heading, a question at its own, and what is pressed away
 * doesn't take the focus with it.
 */
import type { Locator, Page } from "@playwright/test";
import { first } from "../../client/i18n/first.ts";
import { text, type WordKey } from "./harness/meet.ts";
import { expect, test } from "./harness.ts";
import { onScreen, picturesOf, texts } from "./steps.ts";

const t = texts.da;
const NOWHERE = "nowhere";
/** More stops than any way from one control to another on one screen. */
const MOST_STOPS = 70;
/** Tiles beside each other in the field of a code. */
const COLUMNS = 3;

/** What is wrong with where the focus is; "" when nothing is. */
const troubleOfFocus = (page: Page): Promise<string> =>
  page.evaluate((nowhere) => {
    const here = document.activeElement;
    if (here === null || here === document.body) return nowhere;
    const name = `${here.tagName} ${here.getAttribute("aria-label") ?? here.textContent?.slice(0, 30)}`;
    const { left, top, width, height } = here.getBoundingClientRect();
    if (width < 2 || height < 2) return `${name}: can't be seen`;
    const [x, y] = [left + width / 2, Math.min(Math.max(top + height / 2, top + 4), top + height - 1)];
    if (x < 0 || x > innerWidth || y < 0 || y > innerHeight) return `${name}: out of the window`;
    const over = document.elementFromPoint(x, y);
    if (over !== null && !here.contains(over) && !over.contains(here))
      return `${name}: under ${over.outerHTML.slice(0, 60)}`;
    const ring = getComputedStyle(here);
    const marked = ring.outlineStyle !== "none" || ring.boxShadow !== "none" || here.matches(".editor-text");
    return marked || here.matches("h1, h2") ? "" : `${name}: no ring`;
  }, NOWHERE);

class Keys {
  readonly page: Page;
  constructor(page: Page) {
    this.page = page;
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Tab (or Shift+Tab) until this has the focus. */
  async reach(wanted: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
    await expect(wanted).toBeVisible();
    for (let stops = 0; stops < MOST_STOPS; stops++) {
      if (await wanted.evaluate((element) => element === document.activeElement)) return;
      await this.press(key);
      // Past the last control the browser's own begin: the page has no focus for one stop.
      const trouble = await troubleOfFocus(this.page);
      if (trouble !== NOWHERE) expect(trouble).toBe("");
    }
    throw new Error(`the keyboard did not reach ${wanted}`);
  }

  /** To a button by its name, and Enter. */
  async enter(name: string | RegExp, role: "button" | "radio" | "switch" = "button"): Promise<void> {
    await this.reach(this.named(name, role));
    await this.press("Enter");
  }

  named(name: string | RegExp, role: "button" | "radio" | "switch" = "button"): Locator {
    return this.page.getByRole(role, { name, exact: typeof name === "string" }).first();
  }

  /** This screen stands, and a screen reader begins at its heading. */
  async begins(screen: string): Promise<void> {
    await onScreen(this.page, screen);
    await expect(this.page.locator("main h1").first()).toBeFocused();
  }

  /** A question lies over the screen, and is where one is. */
  asked(title: string): Promise<void> {
    return expect(this.page.getByRole("dialog").getByRole("heading", { name: title, level: 2 })).toBeFocused();
  }

  said(words: string): Promise<void> {
    return expect(this.page.getByRole("status").filter({ hasText: words }).first()).toBeAttached();
  }

  /** A code in the field of tiles: to the first by Tab, on by arrows. */
  async code(pictures: readonly number[]): Promise<void> {
    const tile = (stage: string, nth: number) => this.page.locator(`.pad[data-stage=${stage}] > button`).nth(nth);
    let at = 0;
    await this.reach(tile("groups", at));
    for (const picture of pictures) {
      for (const [stage, nth] of [
        ["groups", Math.floor(picture / 8)],
        ["pictures", picture % 8],
      ] as const) {
        const [down, right] = [Math.floor(nth / COLUMNS) - Math.floor(at / COLUMNS), (nth % COLUMNS) - (at % COLUMNS)];
        // Sideways first within the two full rows, since the last place of the third may be empty.
        const across = Array.from({ length: Math.abs(right) }, () => (right > 0 ? "ArrowRight" : "ArrowLeft"));
        const along = Array.from({ length: Math.abs(down) }, () => (down > 0 ? "ArrowDown" : "ArrowUp"));
        await this.press(...(down < 0 ? [...along, ...across] : [...across, ...along]));
        await expect(tile(stage, nth)).toBeFocused();
        await this.press("Enter");
        at = nth;
      }
    }
  }
}

test("from the first screen to home: the language, the colour, a code learnt twice, a face, closed and opened", async ({
  people,
}) => {
  const alma = await people.come("Alma");
  const { page } = alma;
  const keys = new Keys(page);
  await keys.begins("start");
  await keys.enter("Dansk");
  await keys.begins("who");
  await keys.enter(t["who.child"]);
  await keys.begins("handover");
  await keys.enter(t["handover.next"]);
  await keys.begins("look");
  await keys.enter(t["look.middle"]);
  await keys.begins("colour");
  await keys.reach(keys.named(t["colour.denim"], "radio"));
  await keys.press("ArrowRight");
  await expect(keys.named(t["colour.brick"], "radio")).toBeFocused();
  await expect(keys.named(t["colour.brick"], "radio")).toBeChecked();
  await keys.enter(t["colour.next"]);
  await keys.begins("pictures");
  await expect(page.locator(".mine > li")).toHaveCount(7);
  const pictures = await picturesOf(page, ".mine use");
  await keys.enter(t["pictures.practise"]);
  await keys.begins("practise");
  await keys.code(pictures);
  await expect(page.getByText(t["practise.second"]).first()).toBeVisible();
  await keys.code(pictures);
  await keys.begins("first-thing");
  await keys.enter(t["mood.calm"]);
  await keys.said(t["firstthing.saved"]);
  await keys.enter(t["firstthing.next"]);
  await keys.begins("close-and-open");
  await keys.enter(t["closeopen.close"]);
  await keys.begins("start");
  await keys.reach(page.locator(".locked > .big"));
  await keys.press("Enter");
  await keys.begins("code");
  await keys.code(pictures);
  await keys.begins("card");
  await keys.enter(t["card.later"]);
  await keys.begins("home");
});

test.describe("in a pocket that was there", () => {
  test.use({ begins: "paired" });

  test("an entry is written, drawn in, marked, found again and shown; the pocket closed, opened and left", async ({
    back,
  }) => {
    const alma = await back("Alma", { closed: true });
    const { page, secret } = alma;
    const pictures = "pictures" in secret ? secret.pictures : [];
    const keys = new Keys(page);
    await page.emulateMedia({ reducedMotion: "reduce" });
    const button = (key: WordKey, params?: Record<string, string>) => keys.enter(text(key, params));
    const home = async (): Promise<void> => {
      for (let steps = 0; steps < 5; steps++) {
        const here = await page.locator("html").getAttribute("data-screen");
        if (here === "home") return;
        await keys.enter("Tilbage");
        await expect(page.locator("html")).not.toHaveAttribute("data-screen", here ?? "");
      }
    };

    await test.step("a wrong code says so and asks again; the right one opens", async () => {
      await keys.reach(page.locator(".locked > .big"));
      await keys.press("Enter");
      await keys.begins("code");
      await keys.code([0, 0, 0, 0, 0, 0, 0]);
      await expect(page.locator(".said")).toContainText(t["code.wrong"]);
      await expect(page.locator("main h1")).toBeFocused();
      await keys.code(pictures);
      await keys.begins("home");
    });

    await test.step("an entry: a face, a title, bold words, a drawing, a sticker", async () => {
      await button("home.new");
      await keys.begins("entry");
      await keys.reach(keys.named(t["mood.calm"]));
      await keys.press("Space");
      await expect(keys.named(t["mood.calm"])).toHaveAttribute("aria-pressed", "true");
      await button("entry.ownMood");
      await keys.reach(page.getByLabel(text("entry.ownMoodLabel"), { exact: true }));
      await page.keyboard.type("stolt");
      await keys.press("Enter");
      await expect(keys.named("stolt")).toHaveAttribute("aria-pressed", "true");
      await expect(keys.named(text("entry.ownMood"))).toBeFocused();
      await keys.reach(page.getByLabel(text("entry.title"), { exact: true }));
      await page.keyboard.type("Broen");
      await keys.press("Enter");
      const words = page.getByRole("textbox", { name: text("entry.text") });
      await expect(words).toBeFocused();
      await page.keyboard.type("Vi gik ud på ");
      await button("format.title");
      await button("format.bold");
      await expect(words).toBeFocused();
      await page.keyboard.type("broen");
      await expect(words.locator("strong")).toHaveText("broen");
      // In a list Tab leaves the text as it does everywhere, and changes nothing in it.
      await button("format.list");
      // One is back in the words a frame later; an Enter before it would take the list off again.
      await expect(words).toBeFocused();
      await keys.press("Enter");
      await page.keyboard.type("vand");
      await keys.press("Tab");
      await expect(words).not.toBeFocused();
      await expect(words.locator("li")).toHaveCount(2);
      await expect(words.locator("li li")).toHaveCount(0);
      await keys.said(text("entry.savedSaid"));

      await button("entry.draw");
      await keys.begins("draw");
      await keys.reach(page.getByRole("application", { name: text("draw.paper") }));
      await keys.press("Space", "ArrowRight", "ArrowRight", "ArrowDown", "Space");
      await button("entry.done");
      await keys.begins("entry");
      await expect(page.getByRole("img", { name: text("entry.photoOf", { number: "1" }) })).toBeVisible();

      await button("stickers.tool");
      await keys.asked(text("stickers.title"));
      await keys.reach(page.locator(".sticker-field > button").first());
      await keys.press("ArrowRight", "ArrowDown", "Enter");
      await expect(page.getByRole("dialog")).toHaveCount(0);
      await expect(keys.named(text("stickers.tool"))).toBeFocused();
    });

    await test.step("its tag: put on, taken off, put on; the question closes by Escape and gives the focus back", async () => {
      await button("entry.more");
      await keys.asked(text("more.title"));
      expect(await page.evaluate(() => document.getAnimations().length), "what moves, where nothing may").toBe(0);
      await button("more.marks");
      await keys.asked(text("more.marks"));
      const tag = page.getByLabel(text("marks.tags"), { exact: true });
      await keys.reach(tag.first());
      await page.keyboard.type("sø");
      await keys.press("Enter");
      await button("marks.remove", { word: "sø" });
      await expect(keys.named(text("marks.remove", { word: "sø" }))).toHaveCount(0);
      await expect(tag.first()).toBeFocused();
      await page.keyboard.type("sø");
      await keys.press("Enter");
      await expect(keys.named(text("marks.remove", { word: "sø" }))).toBeVisible();
      await keys.press("Escape");
      await expect(keys.named(text("entry.more"))).toBeFocused();
    });

    await test.step("shown to Mette after the code, and taken back", async () => {
      await button("entry.show");
      await keys.begins("show");
      await button("show.go", { name: "Mette" });
      await expect(page.getByRole("heading", { name: text("ask.title"), level: 1 })).toBeFocused();
      await keys.code(pictures);
      await keys.begins("share");
      await button("state.takeBack");
      await keys.asked(text("state.takeBackTitle"));
      await keys.enter(text("state.takeBack"));
      await expect(page.getByRole("dialog")).toHaveCount(0);
      await expect(page.locator("main h1")).toBeFocused();
    });

    await test.step("my things: the calendar's days by arrows, the search while typing", async () => {
      await home();
      await button("home.things");
      await keys.begins("things");
      await button("calendar.title");
      await keys.begins("calendar");
      await keys.reach(page.locator(".cal button[aria-pressed=true]"));
      await keys.press("ArrowLeft", "ArrowRight");
      await expect(page.locator(".cal button[aria-pressed=true]")).toBeFocused();
      await keys.enter(/Broen/);
      await keys.begins("entry");
      await keys.enter("Tilbage");
      await keys.begins("calendar");
      await keys.enter("Tilbage");
      await keys.begins("things");
      await button("search.title");
      await expect(page.getByRole("searchbox")).toBeFocused();
      await page.keyboard.type("broen");
      await keys.enter(/Broen/);
      await keys.begins("entry");
      await keys.enter("Tilbage");
      await keys.begins("search");
    });

    await test.step("a wish, in the system's own few colours", async () => {
      await home();
      await page.emulateMedia({ forcedColors: "active" });
      await button("home.wishes");
      await keys.begins("wishes");
      await button("wishes.newShort");
      await keys.begins("entry");
      await keys.reach(page.locator(".subjects > button").first());
      await keys.press("Space");
      await keys.reach(page.getByLabel(text("entry.title"), { exact: true }));
      await page.keyboard.type("Et værelse");
      await button("entry.done");
      await keys.begins("wishes");
      await expect(keys.named(/Et værelse/)).toBeVisible();
    });

    await test.step("settings: another look of the same things; closed from there, opened again, and left by the quick way out", async () => {
      await home();
      await button("home.settings");
      await keys.begins("settings");
      await keys.enter(t["settings.look"]);
      await keys.begins("settings-look");
      await keys.reach(keys.named(t["look.middle"], "radio"));
      await keys.press("ArrowRight");
      await expect(keys.named(t["look.quiet"], "radio")).toBeFocused();
      await expect(keys.named(t["look.quiet"], "radio")).toBeChecked();
      await keys.enter("Tilbage");
      await keys.begins("settings");
      await keys.enter(t["settings.lock"]);
      await keys.begins("start");
      await keys.reach(page.locator(".locked > .big"));
      await keys.press("Enter");
      await keys.begins("code");
      await keys.code(pictures);
      await keys.begins("home");
      // The same things in the other look.
      await expect(page.getByText("Vi gik ud på broen")).toBeVisible();
      await keys.enter(new RegExp(`^${text("home.wishes")}`));
      await keys.begins("wishes");
      await expect(keys.named(/Et værelse/)).toBeVisible();
      await keys.enter("Tilbage");
      await keys.begins("home");
      await button("entry.record");
      await keys.asked(text("recorder.title"));
      await keys.press("Escape");
      await expect(page.locator("main h1")).toBeFocused();
      await keys.enter("Tilbage");
      await keys.begins("home");
      const camera = page.waitForEvent("filechooser");
      await button("entry.camera");
      await (await camera).setFiles([]);
      await expect(page.locator("main h1")).toBeFocused();
      await keys.enter("Tilbage");
      await keys.begins("home");
      await keys.reach(page.getByRole("button", { name: first.da["first.leaveNow"] }), "Shift+Tab");
      await keys.press("Enter");
      await page.waitForURL(/vejr\.html/);
    });
  });
});
