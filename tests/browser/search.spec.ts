/** Finding what one wrote: search while typing, with and without words, offline; and a long life that is shown a stretch at a time. */
import { liveLife } from "../realistic/life.ts";
import { CODE } from "../realistic/sizes.ts";
import { goHome, press, text, writeEntry } from "./harness/meet.ts";
import { askWorker, bundle, openBareTab, serveScripts } from "./harness/workers.ts";
import { expect, test } from "./harness.ts";
import { onScreen, openPocket, Taps } from "./steps.ts";

test.use({ begins: "visited" });

test.describe("in a pocket that was there", () => {
  test.use({ begins: "settled" });

  test("what was written is found letter by letter, marked, and by its face alone; in flight mode", async ({
    back,
  }) => {
    const alma = await back("Alma", { offline: true });
    const { page } = alma;
    await writeEntry(alma, "Åen", "Vi badede med Søren hele dagen.");
    await page.getByRole("button", { name: "Glad", exact: true }).click();
    await goHome(alma);
    await writeEntry(alma, "Skoven", "Vi byggede en hule.");
    await goHome(alma);
    await press(alma, "home.things");
    await press(alma, "search.title");
    const field = page.getByRole("searchbox", { name: text("search.fieldLabel") });
    await expect(field).toBeFocused();

    const hits = page.locator(".hits > li");
    for (const letter of "soren") await page.keyboard.press(letter);
    await expect(hits).toHaveCount(1);
    await expect(hits.locator("mark")).toHaveText(["Søren"]);
    await expect(page.getByRole("status").filter({ hasText: "1 fundet" })).toBeVisible();
    await field.fill("vi");
    await expect(hits).toHaveCount(2);
    await field.fill("vi findes ikke");
    await expect(page.getByText(text("search.nothing"))).toBeVisible();
    await expect(hits).toHaveCount(0);

    await field.fill("");
    await page.getByRole("button", { name: "Glad", exact: true }).click();
    await expect(hits).toHaveCount(1);
    await expect(hits).toContainText("Åen");
    await page.getByRole("button", { name: "Glad", exact: true }).click();
    await field.fill("hule");
    await press(alma, "search.filters");
    await page.getByRole("radio", { name: text("home.wishes"), exact: true }).click();
    await expect(hits).toHaveCount(0);
    await page.getByRole("radio", { name: text("search.entries"), exact: true }).click();
    await expect(hits.locator("mark")).toHaveText(["hule"]);

    await page
      .getByRole("group", { name: text("search.hasLabel") })
      .getByRole("radio", { name: text("search.has.photo") })
      .click();
    await expect(hits).toHaveCount(0);
    await page
      .getByRole("group", { name: text("search.hasLabel") })
      .getByRole("radio", { name: text("search.all") })
      .click();
    await expect(hits).toHaveCount(1);

    // By keyboard into what was found, and back to the same question.
    await hits.getByRole("button").focus();
    await page.keyboard.press("Enter");
    await onScreen(page, "entry");
    await page.getByRole("button", { name: "Tilbage", exact: true }).click();
    await onScreen(page, "search");
    await expect(field).toHaveValue("hule");
    await expect(hits).toHaveCount(1);
  });
});

test("a life of many years: a stretch on the page at a time, every month within reach, every word found", async ({
  people,
}) => {
  const life = { seed: 3, entries: 260, photos: 4, records: 300, from: Date.UTC(2024, 10, 1), language: "da" } as const;
  const moments = [...liveLife(life)].filter(({ kind }) => kind === "entry");
  const alma = await people.come("Alma");
  const { page, context } = alma;
  await serveScripts(context, { "fill.js": await bundle("tests/realistic/fill-worker.ts") });
  const origin = new URL(page.url()).origin;
  const tab = await openBareTab(context, origin);
  await askWorker(tab, "fill.js", life);
  await tab.close();
  await page.reload();
  await openPocket(new Taps(page), { pictures: CODE });
  await onScreen(page, "home");
  await press(alma, "home.things");
  await expect(page.locator(".day")).toHaveCount(30);
  await page.getByRole("button", { name: text("things.older") }).scrollIntoViewIfNeeded();
  await expect(page.locator(".day")).not.toHaveCount(30);
  expect(await page.locator(".day").count()).toBeLessThan(moments.length);

  // The oldest month of all, by year and month.
  const [first] = moments;
  if (first === undefined) throw new Error("an empty life");
  await page
    .getByRole("navigation", { name: text("things.years") })
    .getByRole("button")
    .last()
    .click();
  const months = page.getByRole("navigation", { name: text("things.months") }).getByRole("button");
  await months.first().click();
  await expect(months.first()).toHaveAttribute("aria-current", "true");
  const inFirstMonth = moments.filter(
    ({ at }) =>
      new Date(at).getMonth() === new Date(first.at).getMonth() &&
      new Date(at).getFullYear() === new Date(first.at).getFullYear(),
  );
  await page.getByRole("button", { name: text("things.older") }).evaluate((button) => button.scrollIntoView());
  await expect(page.locator(".day")).toHaveCount(inFirstMonth.length);

  const words = moments[40]?.paragraphs[0]?.split(" ").slice(0, 3).join(" ") ?? "";
  await press(alma, "search.title");
  await page.getByRole("searchbox").fill(words);
  await expect(page.locator(".hits mark").first()).toBeVisible();
});
