/** What one child shows another: it stands on home, is read aloud and answered; reading it is told to nobody. */
import { examine } from "./harness/examine.ts";
import { giveTo, goHome, heading, pairByLink, press, text, writeEntry } from "./harness/meet.ts";
import { expect, test } from "./harness.ts";
import { onScreen, settleIn, Taps } from "./steps.ts";

test.use({ begins: "settled" });

test("a child reads what another child showed, and answers; the other hears the answer and nothing of the reading", async ({
  people,
  back,
}) => {
  test.setTimeout(240_000);
  const [alma, noah] = await Promise.all([back("Alma"), people.come("Noah")]);
  const secret = await settleIn(new Taps(noah.page), { look: "quiet" });
  await pairByLink(noah, "Noah", alma, "Alma");
  await noah.page.getByRole("button", { name: text("home.write"), exact: true }).click();
  await noah.page.getByLabel(text("entry.title"), { exact: true }).fill("Vores hule");
  await noah.page.getByRole("textbox", { name: text("entry.text") }).click();
  await noah.page.keyboard.type("Vi byggede den af grene.");
  await expect(noah.page.getByText(text("entry.saved"), { exact: true }).first()).toBeVisible();
  await press(noah, "entry.show");
  // A child gets no case and files nothing: the preview doesn't say so.
  await expect(noah.page.getByText(text("show.youSeeNot", { name: "Alma" }))).toBeVisible();
  await expect(noah.page.getByText(text("show.file", { name: "Alma" }))).toHaveCount(0);
  await giveTo(noah, "Alma", secret);

  await alma.page.getByRole("button", { name: text("received.slip", { name: "Noah" }) }).click({ timeout: 30_000 });
  await onScreen(alma.page, "received-thing");
  await expect(alma.page.getByText("Vi byggede den af grene.")).toBeVisible();
  await expect(alma.page.getByText(text("received.quiet", { name: "Noah" }))).toBeVisible();
  const own = await alma.page.evaluate(() => document.documentElement.dataset.look ?? "");
  for (const look of ["pictures", "quiet", own]) {
    await alma.page.evaluate((chosen) => {
      document.documentElement.dataset.look = chosen;
    }, look);
    expect(await examine(alma.page, `received-thing, ${look}`)).toEqual([]);
  }
  await press(alma, "received.answer", { name: "Noah" });
  const answer = alma.page.getByRole("textbox", { name: text("received.answer", { name: "Noah" }) });
  await answer.click();
  await alma.page.keyboard.type("Må jeg komme med?");
  // What is being written is the child's own, and lies in the pocket until it is sent.
  await expect(alma.page.locator("[data-saved=saved]")).toBeVisible();
  // Read long ago by now, and the other is told that it was sent.
  await expect(noah.page.getByText(/Lomme siger ikke, når Alma læser den/)).toBeVisible({ timeout: 30_000 });
  await press(alma, "received.send");
  await expect(alma.page.locator(".received-said")).toContainText("Må jeg komme med?");
  await expect(noah.page.locator(".answers")).toContainText("Må jeg komme med?", { timeout: 30_000 });

  await goHome(alma);
  await expect(alma.page.getByRole("button", { name: text("received.slip", { name: "Noah" }) })).toHaveCount(0);
  await expect(
    alma.page.getByRole("button", { name: new RegExp(text("received.draft", { name: "Noah" })) }),
  ).toHaveCount(0);
  await press(alma, "home.people");
  await alma.page.getByRole("button", { name: /Noah/ }).click();
  await expect(alma.page.getByRole("button", { name: /Vores hule/ })).toBeVisible();
  await expect(alma.page.getByText(text("person.onlyShows", { name: "Noah" }))).toBeVisible();
  // Who was shown something can show nothing back, and is told so before anything is chosen.
  await goHome(alma);
  await writeEntry(alma, "Kun min", "Ingen ser den.");
  await press(alma, "entry.show");
  await heading(alma, "show.nobody").waitFor();
});
