/** A wish, shown: the adult says what becomes of it; a no needs its why; the child sees the latest, and all of them. */
import { giveTo, goHome, press, text } from "./harness/meet.ts";
import { expect, test } from "./harness.ts";

test.use({ begins: "paired" });

test("a wish is heard, declined with a why, and the child has both", async ({ back }) => {
  test.setTimeout(240_000);
  const [alma, mette] = await Promise.all([back("Alma"), back("Mette", { viewport: { width: 1280, height: 800 } })]);

  await press(alma, "home.wishes");
  await alma.page
    .getByRole("button", { name: text("wishes.new"), exact: true })
    .or(alma.page.getByRole("button", { name: text("wishes.newShort"), exact: true }))
    .first()
    .click();
  // What it is about is one of six; that alone is a wish, without a letter.
  await alma.page.getByRole("button", { name: text("subject.family"), exact: true }).click();
  await expect(alma.page.getByText(text("entry.saved"), { exact: true }).first()).toBeVisible();
  await alma.page.getByRole("button", { name: "Tilbage", exact: true }).click();
  await alma.page.getByRole("button", { name: new RegExp(text("subject.family")) }).click();
  await alma.page.getByLabel(text("entry.title"), { exact: true }).fill("Se min lillebror hver uge");
  await expect(alma.page.getByText(text("entry.saved"), { exact: true }).first()).toBeVisible();
  await press(alma, "entry.show");
  await giveTo(alma, "Mette", alma.secret);
  await expect(alma.page.getByText(text("state.arrivedText", { name: "Mette" }))).toBeVisible({ timeout: 30_000 });
  await goHome(alma);

  // The adult has what it is about, in the list and in the wish itself.
  await expect(mette.page.locator(".q button").first()).toContainText(text("subject.family"));
  await mette.page.locator(".q button").first().click();
  const shown = mette.page.getByRole("article", { name: "Alma" });
  await expect(shown.getByText(text("subject.family"), { exact: true })).toBeVisible();
  await press(mette, "wish.heard");
  await expect(mette.page.getByText(text("wish.say.heard"))).toBeVisible();
  await press(mette, "desk.send");
  await expect(mette.page.getByText(text("desk.sent", { name: "Alma" })).first()).toBeVisible();

  await press(mette, "wish.declined");
  const send = mette.page.getByRole("button", { name: text("desk.send"), exact: true });
  await expect(send).toHaveAttribute("aria-disabled", "true");
  await expect(mette.page.getByText(text("wish.why"))).toBeVisible();
  await mette.page.getByRole("textbox", { name: text("desk.replyTo", { name: "Alma" }) }).click();
  await mette.page.keyboard.type("Fordi han bor langt væk lige nu.");
  await expect(send).toHaveAttribute("aria-disabled", "false");
  await send.click();

  await press(alma, "home.wishes");
  const row = alma.page.getByRole("button", { name: /Se min lillebror/ });
  await expect(row).toContainText(text("wish.declined"), { timeout: 30_000 });
  await expect(row).toContainText(text("subject.family"));
  await goHome(alma);
  await press(alma, "home.answers");
  await row.click();
  const answers = alma.page.locator(".answers li");
  await expect(answers).toHaveCount(2);
  await expect(answers.first()).toContainText(text("wish.heard"));
  await expect(answers.last()).toContainText(text("wish.declined"));
  await expect(answers.last()).toContainText("Fordi han bor langt væk lige nu.");
});
