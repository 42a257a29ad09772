/** The second code, in flight mode: it opens only what was marked, and nothing on the screen tells that there is more. */
import inside from "../../client/i18n/inside/da.json" with { type: "json" };
import { heapOf } from "./harness/heap.ts";
import { giveCode, goHome, press, writeEntry } from "./harness/meet.ts";
import { expect, type Person, test } from "./harness.ts";
import { enterCode, learnSeven, onScreen, openPocket, Taps, texts } from "./steps.ts";

test.use({ begins: "settled" });

const t = texts.da;

/** From "your seven pictures" to the list of what may be seen; gives the pictures. */
async function learnSecond({ page }: Person): Promise<readonly number[]> {
  const pictures = await learnSeven(new Taps(page));
  await expect(page.getByRole("heading", { name: inside["second.choose"] })).toBeVisible({ timeout: 30_000 });
  return pictures;
}

test("shows only what the child marked; what is written there comes home; turned off, it opens nothing", async ({
  back,
}) => {
  test.setTimeout(240_000);
  const alma = await back("Alma", { offline: true });
  const { page, secret: own } = alma;
  const taps = new Taps(page);
  await writeEntry(alma, "Kvisthemmelig", "Det her er kun mit.");
  await goHome(alma);
  await writeEntry(alma, "Broen ved søen", "Vi gik ud på broen.");
  await goHome(alma);
  await press(alma, "home.settings");
  await press(alma, "second.title");
  await onScreen(page, "second-code");
  await expect(page.getByText(inside["second.disk"])).toBeVisible();
  await press(alma, "second.make");
  // Whoever finds the tablet open can't make one.
  await enterCode(taps, { pictures: [0, 0, 0, 0, 0, 0, 0] });
  await expect(page.locator(".said")).toContainText(t["code.wrong"], { timeout: 30_000 });
  await giveCode(alma, own);
  const second = { pictures: await learnSecond(alma) };
  const bridge = page.getByRole("switch", { name: /Broen ved søen/ });
  await bridge.click();
  await expect(bridge).toBeChecked();
  await expect(page.getByRole("switch", { name: /Kvisthemmelig/ })).not.toBeChecked();
  await goHome(alma);
  await press(alma, "home.lock");

  await openPocket(taps, second);
  await onScreen(page, "home");
  await expect(page.getByRole("button", { name: /Broen ved søen/ })).toBeVisible();
  for (const gone of ["home.people", "case.title"] as const) {
    await expect(page.getByRole("button", { name: inside[gone] })).toHaveCount(0);
  }
  expect(await heapOf(alma.page), "the page of the second code never saw the other entry").not.toContain(
    "Kvisthemmelig",
  );
  await press(alma, "home.things");
  await expect(page.getByText("Kvisthemmelig")).toHaveCount(0);
  // No search, no count and no day of the calendar knows of it, and no address says where one is.
  await press(alma, "search.title");
  await page.getByRole("searchbox").fill("kvisthemmelig");
  await expect(page.getByText(inside["search.nothing"])).toBeVisible();
  await page.getByRole("searchbox").fill("broen");
  await expect(page.locator(".hits > li")).toHaveCount(1);
  await page.getByRole("button", { name: "Tilbage", exact: true }).click();
  await press(alma, "calendar.title");
  await expect(page.locator(".cal [aria-pressed=true]")).toHaveAccessibleName(/1 ting$/);
  expect(new URL(page.url()).href).toBe(`${new URL(page.url()).origin}/`);
  await goHome(alma);
  await press(alma, "home.settings");
  // What needs other people, a server or a code isn't there: nor the lamp, which knows of them.
  const here = ["settings.look", "settings.language", "memories.open", "safety.title", "about.title"] as const;
  await expect(page.locator("main .rows button")).toHaveText(
    here.map((key) => (key in inside ? inside[key as "about.title"] : t[key as "settings.look"])),
  );
  await press(alma, "about.title");
  await expect(page.getByRole("heading", { name: inside["about.title"], exact: true })).toBeVisible();
  await expect(page.locator("main")).not.toContainText(/kode|enhed/i);
  await goHome(alma);
  await writeEntry(alma, "Skrevet bagved", "Også det kommer hjem.");
  await expect(page.getByRole("button", { name: inside["entry.show"] })).toHaveCount(0);
  await goHome(alma);
  await press(alma, "home.lock");

  await openPocket(taps, own);
  await onScreen(page, "home");
  for (const title of ["Kvisthemmelig", "Broen ved søen", "Skrevet bagved"]) {
    await expect(page.getByRole("button", { name: new RegExp(title) })).toHaveCount(1);
  }
  await press(alma, "home.settings");
  await press(alma, "second.title");
  await expect(page.getByRole("switch", { name: /Skrevet bagved/ })).toBeChecked();
  await press(alma, "second.end");
  await page.getByRole("dialog").getByRole("button", { name: inside["second.end"] }).click();
  await giveCode(alma, own);
  await expect(page.getByText(inside["second.lead"])).toBeVisible();
  await goHome(alma);
  await press(alma, "home.lock");
  await page.locator(".locked > .big").click();
  await enterCode(taps, second);
  await expect(page.locator(".said")).toContainText(t["code.wrong"], { timeout: 30_000 });
});
