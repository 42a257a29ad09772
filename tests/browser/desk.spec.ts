/** The desk by keyboard alone: longest wait first, opened only when it was on the screen, drafts that survive, words measured. */

import { giveTo, goHome, press, text, writeEntry } from "./harness/meet.ts";
import { type Back, expect, type Known, test } from "./harness.ts";
import { openPocket, Taps } from "./steps.ts";

test.use({ begins: "paired" });

const both = (back: Back): Promise<readonly [Known, Known]> =>
  Promise.all([back("Alma"), back("Mette", { viewport: { width: 1280, height: 800 } })]);

test("a caseworker answers from the keyboard; the child hears of opening only when it was opened", async ({ back }) => {
  test.setTimeout(240_000);
  const [alma, mette] = await both(back);

  for (const title of ["Broen ved søen", "Mødet i skolen"]) {
    await writeEntry(alma, title, `Det var ${title.toLowerCase()}.`);
    await press(alma, "entry.show");
    await giveTo(alma, "Mette", alma.secret);
    await expect(alma.page.getByText(text("state.arrivedText", { name: "Mette" }))).toBeVisible({ timeout: 30_000 });
    await goHome(alma);
  }
  await press(alma, "case.title");
  await press(alma, "home.shown");
  await alma.page.getByRole("button", { name: /Broen ved søen/ }).click();

  // In the list its title may be read; that is not opening it.
  const { page } = mette;
  const rows = page.locator(".q button");
  await expect(rows).toHaveCount(2, { timeout: 30_000 });
  await expect(rows.first()).toContainText("Broen ved søen");
  await page.waitForTimeout(2_000);
  await expect(alma.page.getByText(text("state.arrivedText", { name: "Mette" }))).toBeVisible();

  await page.locator("h1").focus();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await expect(rows.first()).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("article")).toContainText("Det var broen ved søen.");
  await expect(alma.page.getByText(text("state.openedText", { name: "Mette" }))).toBeVisible({ timeout: 30_000 });

  const answer = page.getByRole("textbox", { name: text("desk.replyTo", { name: "Alma" }) });
  await answer.waitFor();
  await rows.first().focus();
  await page.keyboard.press("r");
  await expect(answer).toBeFocused();
  await page.keyboard.type("Vi ser på din handleplan.");
  await expect(
    page.getByText(text("desk.hardWordTry", { word: "handleplan", simple: "planen for dig" })),
  ).toBeVisible();
  await expect(page.locator(".reply [data-saved=saved]")).toBeVisible();

  // Locked in the middle of an answer: the draft is there again.
  await page.getByRole("button", { name: text("desk.lock"), exact: true }).click();
  await openPocket(new Taps(page), mette.secret);
  await page.locator(".q button").first().click();
  await expect(answer).toContainText("Vi ser på din handleplan.", { timeout: 20_000 });

  await page
    .getByRole("group", { name: text("desk.again", { name: "Alma" }) })
    .getByRole("button")
    .first()
    .click();
  await answer.focus();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText(text("desk.sent", { name: "Alma" })).first()).toBeVisible();
  await expect(answer).toHaveText("");
  const got = alma.page.locator(".answers .voice");
  await expect(got).toContainText("Vi ser på din handleplan.", { timeout: 30_000 });
  await expect(got).toContainText(/Du hører fra mig igen på (man|tirs|ons|tors|fre)dag\./);
  await expect(page.locator(".q").first().getByRole("button")).toHaveCount(1);
});

test("a wish is only the child's until it is shown", async ({ back }) => {
  test.setTimeout(240_000);
  const [alma, mette] = await both(back);

  await press(alma, "home.wishes");
  await press(alma, "wishes.newShort");
  await alma.page.getByLabel(text("entry.title"), { exact: true }).fill("Et værelse med dør");
  await expect(alma.page.getByText(text("entry.saved"), { exact: true })).toBeVisible();
  await expect(alma.page.getByText(text("entry.onlyYours"))).toBeVisible();
  await mette.page.waitForTimeout(3_000);
  await expect(mette.page.getByText(text("desk.empty"))).toBeVisible();

  await press(alma, "entry.show");
  await expect(alma.page.locator(".lifted")).toContainText("Et værelse med dør");
  await giveTo(alma, "Mette", alma.secret);
  await expect(
    mette.page.getByRole("button", { name: new RegExp(text("desk.wish", { title: "Et værelse med dør" })) }),
  ).toBeVisible({ timeout: 30_000 });
  await expect(alma.page.getByText(text("state.arrivedText", { name: "Mette" }))).toBeVisible();
});
