/**
 * One's own story, offline and found by role and name: the line filled without a letter, the page about me, the calendar, the
 * wall of photos, filters by words, and "on this day" with its brakes. One pocket, filled with a month of last year.
 */
import { type LifeOptions, liveLife, type Moment } from "../realistic/life.ts";
import { CODE } from "../realistic/sizes.ts";
import { goHome, heading, press, text } from "./harness/meet.ts";
import { storedForOffline } from "./harness/offline.ts";
import { askWorker, bundle, openBareTab, serveScripts } from "./harness/workers.ts";
import { expect, test } from "./harness.ts";
import { onScreen, openPocket, Taps, texts } from "./steps.ts";

// The browser's zone (playwright.config.ts): what it calls today is today here, also in the hours when two zones disagree.
process.env.TZ = "Europe/Copenhagen";
const DAY_MS = 24 * 3600_000;
const now = new Date();
/** This day a year ago. */
const then = new Date(now.getFullYear() - 1, now.getMonth(), now.getDate());
const sameDay = ({ at }: Moment): boolean => new Date(at).toDateString() === then.toDateString();
const isHard = ({ moods }: Moment): boolean => moods.some((mood) => mood === "sad" || mood === "angry");

/** A life of which exactly one entry, with a title and not a hard one, was written on this day a year ago. */
function aLife(): { readonly life: LifeOptions; readonly moments: readonly Moment[]; readonly memory: Moment } {
  for (let seed = 1; seed < 2000; seed += 1) {
    const life = {
      seed,
      entries: 40,
      photos: 5,
      records: 40,
      from: then.getTime() - 12 * DAY_MS,
      language: "da",
    } as const;
    const moments = [...liveLife(life)];
    const ofDay = moments.filter(sameDay);
    const [memory] = ofDay;
    if (memory === undefined || ofDay.length > 1 || memory.kind !== "entry" || memory.title === "") continue;
    const alone = moments.filter(({ title }) => title === memory.title).length === 1;
    if (alone && memory.moods.length === 1 && !isHard(memory)) return { life, moments, memory };
  }
  throw new Error("no such life");
}

test.use({ begins: "visited" });

test("a child's own story: line, page, calendar, wall, filters and memories, in flight mode", async ({ people }) => {
  const { life, moments, memory } = aLife();
  const alma = await people.come("Alma");
  const { page, context } = alma;
  await serveScripts(context, { "fill.js": await bundle("tests/realistic/fill-worker.ts") });
  const tab = await openBareTab(context, new URL(page.url()).origin);
  await askWorker(tab, "fill.js", life);
  await tab.close();
  await page.reload();
  await openPocket(new Taps(page), { pictures: CODE });
  await onScreen(page, "home");
  await storedForOffline(page);
  await alma.flightMode(true);
  const button = (name: string | RegExp) =>
    page.getByRole("button", { name, ...(typeof name === "string" && { exact: true }) });
  const inDialog = (name: string) => page.getByRole("dialog").getByRole("button", { name, exact: true });

  await test.step("on this day is off; asked for, it comes; each brake stops it", async () => {
    const slip = page.getByRole("region", { name: text("memories.title") });
    await press(alma, "home.things");
    await expect(page.locator(".day").first()).toBeVisible();
    await expect(slip).toHaveCount(0);
    await goHome(alma);
    await press(alma, "home.settings");
    await press(alma, "memories.open");
    await page.getByRole("radio", { name: text("memories.on") }).click();
    await expect(page.getByRole("radio", { name: text("memories.on") })).toBeChecked();
    await goHome(alma);
    await press(alma, "home.things");
    await expect(slip).toContainText(memory.title);
    await expect(slip).toContainText("For et år siden");
    await slip.getByRole("button", { name: text("memories.less") }).click();
    await inDialog(text("memories.pause")).click();
    await expect(slip).toHaveCount(0);
    await goHome(alma);
    await press(alma, "home.settings");
    await press(alma, "memories.open");
    await press(alma, "memories.pauseEnd");
    await goHome(alma);
    await press(alma, "home.things");
    await slip.getByRole("button", { name: text("memories.less") }).click();
    await inDialog(text("memories.notThis")).click();
    await expect(slip).toHaveCount(0);
  });

  await test.step("the life story takes no letter: homes, a gap, a time, an entry; moved, taken off and back", async () => {
    await press(alma, "life.title");
    await expect(page.getByText(text("life.empty"))).toBeVisible();
    const stops = page.locator(".life > li");
    await press(alma, "home.new");
    await inDialog("Et hjem, rødt").click();
    await onScreen(page, "life-stop");
    await press(alma, "life.season.summer");
    await button(`${text("life.age")} ${text("life.more")}`).click();
    await press(alma, "life.addEntry");
    await page.getByRole("dialog").getByRole("button", { pressed: false }).nth(1).click();
    await inDialog(text("life.done")).click();
    await expect(page.getByRole("region", { name: text("life.entries") }).getByRole("listitem")).toHaveCount(1);
    await press(alma, "life.done");
    await expect(stops).toContainText(["Sommeren, da jeg var 7"]);
    await press(alma, "home.new");
    await inDialog(text("sign.gap")).click();
    await press(alma, "life.unknown");
    await expect(page.getByText("Nummer 2 af 2")).toBeVisible();
    await press(alma, "life.earlier");
    await expect(page.getByText("Nummer 1 af 2")).toBeVisible();
    await press(alma, "life.done");
    await expect(stops).toContainText([text("sign.gap"), "Et hjem, rødt"]);
    await button(/Her mangler noget/).click();
    await press(alma, "life.remove");
    await expect(stops).toHaveCount(1);
    await press(alma, "life.undo");
    await expect(stops).toContainText([text("sign.gap"), "Et hjem, rødt"]);
  });

  await test.step("the page about me: pictures with words, and own words", async () => {
    await button(text("me.title")).click();
    await button(text("me.calmsTitle")).click();
    await press(alma, "sign.hug");
    await expect(button(text("sign.hug"))).toHaveAttribute("aria-pressed", "true");
    await page.getByRole("textbox", { name: text("life.whenWords") }).fill("Lad mig være lidt 🐶");
    await press(alma, "life.done");
    await expect(page.getByRole("listitem").filter({ hasText: text("me.calmsTitle") })).toContainText(
      /Et kram.*Lad mig være lidt 🐶/,
    );
    await goHome(alma);
  });

  await test.step("the calendar: by keyboard to a day, its mood in words, and its entries", async () => {
    await press(alma, "home.things");
    await press(alma, "calendar.title");
    for (let back = 0; back < 12; back += 1) await press(alma, "calendar.before");
    const today = page.locator(".cal [aria-pressed=true]");
    await expect(today).toHaveAccessibleName(/1 ting$/);
    const [mood] = memory.moods;
    await expect(today).toHaveAccessibleName(new RegExp(texts.da[`mood.${mood}` as "mood.calm"], "i"));
    await expect(page.getByRole("button", { name: new RegExp(memory.title) })).toBeVisible();
    await today.focus();
    await page.keyboard.press("ArrowDown");
    await expect(page.locator(".cal button:focus")).toHaveAttribute("aria-pressed", "true");
    await page.keyboard.press("PageUp");
    await page.keyboard.press("PageDown");
    await page.keyboard.press("ArrowUp");
    await page.getByRole("button", { name: new RegExp(memory.title) }).click();
    await onScreen(page, "entry");
    await button(text("entry.more")).click();
    await press(alma, "more.marks");
    await page.getByLabel(text("marks.tags")).fill("Sommerhus");
    await page.keyboard.press("Enter");
    await inDialog(text("entry.done")).click();
    await goHome(alma);
  });

  await test.step("the wall of photos leads to where each belongs", async () => {
    await press(alma, "home.things");
    await press(alma, "wall.title");
    const tiles = page.locator(".wall").getByRole("button");
    await expect(tiles).toHaveCount(moments.filter(({ scene }) => scene !== null).length);
    // Its words stand on the tile, so the picture itself has none.
    const shown = tiles.first().locator("img.photo");
    await expect.poll(() => shown.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
    await tiles.first().click();
    await onScreen(page, "entry");
    await goHome(alma);
  });

  await test.step("search finds a tag, and filters by it", async () => {
    await press(alma, "home.things");
    await press(alma, "search.title");
    const hits = page.locator(".hits > li");
    await page.getByRole("searchbox").fill("sommerhus");
    await expect(hits.locator("mark")).toHaveText(["Sommerhus"]);
    await page.getByRole("searchbox").fill("");
    await press(alma, "search.filters");
    await page.getByRole("radio", { name: "Sommerhus", exact: true }).click();
    await expect(hits).toHaveCount(1);
    await expect(hits).toContainText(memory.title);
    await goHome(alma);
  });

  await test.step("all of it is there after the next opening", async () => {
    await page.reload();
    await openPocket(new Taps(page), { pictures: CODE });
    await onScreen(page, "home");
    await press(alma, "home.things");
    await expect(page.locator(".day").first()).toBeVisible();
    await expect(page.getByRole("region", { name: text("memories.title") })).toHaveCount(0);
    await press(alma, "life.title");
    await expect(page.locator(".life > li")).toContainText([text("sign.gap"), "Et hjem, rødt"]);
    await expect(heading(alma, "life.title")).toBeVisible();
  });
});
