import type { Page } from "@playwright/test";
import { first } from "../../client/i18n/first.ts";
import { text, writeEntry } from "./harness/meet.ts";
import { expect, test } from "./harness.ts";
import { onScreen, Taps, texts } from "./steps.ts";

const t = texts.da;
/** Everything that a screen with one closed pocket says, to eyes and to screen readers. */
const closed = [t["start.title"], first.da["first.leaveNow"], first.da["first.open"]].join("\n");

/** Headless Chromium never hides a page by itself: say it did, and send the event. */
const hide = (page: Page, hidden: boolean) =>
  page.evaluate((hides) => {
    Object.defineProperty(document, "visibilityState", { value: hides ? "hidden" : "visible", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);

/** The page's text that is not hidden by style; what stands there for screen readers only is part of it. */
const seen = (page: Page) =>
  page.evaluate(() => {
    // biome-ignore lint/performance/useDomNodeTextContent: textContent would count what the cover hides
    return document.body.innerText.trim().replaceAll(/\n+/g, "\n");
  });

test.describe("a pocket that was there", () => {
  test.use({ begins: "settled" });

  test("hiding the page covers it at once; showing it in time uncovers it, later it is locked", async ({ back }) => {
    const alma = await back("Alma");
    await alma.page.clock.install();
    await hide(alma.page, true);
    expect(await seen(alma.page)).toBe("");
    await alma.page.clock.fastForward(50_000);
    await hide(alma.page, false);
    expect(await seen(alma.page)).not.toBe("");
    await hide(alma.page, true);
    await alma.page.clock.fastForward(61_000);
    await expect(alma.page.locator(".locked")).toBeAttached();
  });

  test("a page whose timers slept is locked before anything of it is shown", async ({ back }) => {
    const alma = await back("Alma");
    await hide(alma.page, true);
    await alma.page.evaluate(() => {
      const later = Date.now() + 120_000;
      Date.now = () => later;
    });
    await hide(alma.page, false);
    await expect(alma.page.locator(".locked")).toBeAttached();
  });

  test("three minutes without touch or key lock it", async ({ back }) => {
    const alma = await back("Alma");
    await alma.page.clock.install();
    // Use is noted once a second: only a key that comes later than the last tap starts the test's own clock.
    await alma.page.clock.fastForward(2_000);
    await alma.page.keyboard.press("Tab");
    await alma.page.clock.fastForward(170_000);
    await onScreen(alma.page, "home");
    await alma.page.clock.fastForward(20_000);
    await expect(alma.page.locator(".locked")).toBeAttached();
  });

  test("the way out ends on a neutral page, and the way back shows closed pockets only", async ({ back }) => {
    const alma = await back("Alma");
    await alma.page.getByRole("button", { name: "Ud", exact: true }).click();
    await expect(alma.page).toHaveURL(/\/vejr\.html$/);
    await alma.page.goBack();
    await expect(alma.page.locator(".locked")).toBeVisible();
    expect(await seen(alma.page)).toBe(closed);
  });

  test("three presses of Shift leave too, offline as well; Escape doesn't", async ({ back }) => {
    const alma = await back("Alma", { offline: true });
    for (let press = 0; press < 3; press++) await alma.page.keyboard.press("Escape");
    await onScreen(alma.page, "home");
    for (let press = 0; press < 3; press++) await alma.page.keyboard.press("Shift");
    await expect(alma.page).toHaveURL(/\/vejr\.html$/);
  });

  test("locked, nothing shows but closed pockets, the way in and three dots; help now works there", async ({
    back,
  }) => {
    const alma = await back("Alma", { closed: true });
    const taps = new Taps(alma.page);
    expect(await seen(alma.page)).toBe(closed);
    await taps.press(t["start.menu"]);
    await expect(alma.page.locator("dialog.rise button")).toHaveText([
      t["help.title"],
      t["start.exit"],
      t["start.close"],
    ]);
    await taps.press(t["help.title"]);
    await expect(alma.page.locator("a[href='tel:116111']")).toBeVisible();
    await expect(alma.page.locator("a[href='tel:112']")).toBeVisible();
    expect(new URL(alma.page.url()).pathname).toBe("/");
    expect(await alma.page.title()).toBe("Lomme");
  });

  test("a second window takes over: the first seals, covers itself and says so", async ({ back }) => {
    const alma = await back("Alma");
    const { secret } = alma;
    await writeEntry(alma, "Broen", "Vi gik ud på br");
    const second = await alma.context.newPage();
    await second.goto(alma.page.url());
    const there = new Taps(second);
    await second.locator(".locked > .big").click();
    for (const picture of "pictures" in secret ? secret.pictures : []) await there.pick(picture);
    await expect(second.locator("html")).toHaveAttribute("data-phase", "open", { timeout: 20_000 });
    await expect(alma.page.getByText(t["elsewhere.title"])).toBeVisible();
    // In the middle of a word: what was typed by then is there.
    await second.getByRole("button", { name: /Broen/ }).first().click();
    await expect(second.getByRole("textbox", { name: text("entry.text") })).toContainText("Vi gik ud på br");
    await alma.page.getByRole("button", { name: t["elsewhere.here"] }).click();
    await expect(alma.page.locator(".locked")).toBeVisible();
    // The window that has it now is killed in the middle of a word: the other gets in, and the word is there.
    const field = second.getByRole("textbox", { name: text("entry.text") });
    await field.press("End");
    await field.pressSequentially("oen");
    // What was typed is kept within 300 ms.
    await second.waitForTimeout(400);
    const cdp = await alma.context.newCDPSession(second);
    void cdp.send("Page.crash").catch(() => undefined);
    await second.waitForEvent("crash");
    const here = new Taps(alma.page);
    await alma.page.locator(".locked > .big").click();
    for (const picture of "pictures" in secret ? secret.pictures : []) await here.pick(picture);
    await expect(alma.page.locator("html")).toHaveAttribute("data-phase", "open", { timeout: 20_000 });
    await alma.page.getByRole("button", { name: /Broen/ }).first().click();
    await expect(alma.page.getByRole("textbox", { name: text("entry.text") })).toContainText("Vi gik ud på broen");
  });
});
