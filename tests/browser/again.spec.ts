/** An adult's browser was emptied: both find each other anew, and the child is asked once whether it is the same adult. */
import inside from "../../client/i18n/da.json" with { type: "json" };
import { giveTo, goHome, heading, pairByLink, press, text, writeEntry } from "./harness/meet.ts";
import { expect, type Person, test } from "./harness.ts";
import { onScreen, settleIn, Taps } from "./steps.ts";

test.use({ begins: "paired" });

const toMette = async (alma: Person): Promise<void> => {
  await goHome(alma);
  await press(alma, "home.people");
  await alma.page.getByRole("button", { name: /Mette/ }).click();
  await onScreen(alma.page, "person");
};

test("after an emptied browser the child says once that it is the same adult, who then reads it again", async ({
  people,
  back,
}) => {
  test.setTimeout(300_000);
  const [alma, mette] = await Promise.all([back("Alma"), back("Mette")]);
  await writeEntry(alma, "Broen ved søen", "Vi gik ud på broen, og hunden sprang i.");
  await press(alma, "entry.show");
  await heading(alma, "show.title", { name: "Mette" }).waitFor();
  await giveTo(alma, "Mette", alma.secret);
  await mette.page.getByRole("button", { name: /Broen ved søen/ }).waitFor({ timeout: 30_000 });
  // What is written later isn't part of what was shown.
  await press(alma, "state.toEntry");
  await alma.page.getByLabel(text("entry.title"), { exact: true }).fill("Broen, skrevet om");
  await expect(alma.page.getByText(text("entry.saved"), { exact: true }).first()).toBeVisible();
  await mette.close();

  const again = await people.come("Mette, with an emptied browser");
  await expect(again.page.getByText(inside["start.none"])).toBeVisible();
  await settleIn(new Taps(again.page), { role: "caseworker", name: "Mette" });
  await pairByLink(alma, "Alma", again, "Mette");

  await press(alma, "home.people");
  await alma.page.getByRole("button", { name: new RegExp(`Mette.*${text("again.ask").replace("?", "\\?")}`) }).click();
  await onScreen(alma.page, "person");
  await press(alma, "again.ask");
  await heading(alma, "again.title", { name: "Mette" }).waitFor();
  await expect(alma.page.getByRole("heading", { name: "Broen ved søen" })).toBeVisible();
  await alma.page.getByRole("button", { name: `${text("show.whole")}: Broen ved søen` }).click();
  await expect(alma.page.getByText("Vi gik ud på broen, og hunden sprang i.")).toBeVisible();
  await press(alma, "again.yes");
  await onScreen(alma.page, "person");

  const row = again.page.getByRole("button", { name: /Broen ved søen/ });
  await row.waitFor({ timeout: 30_000 });
  await row.click();
  await expect(again.page.getByText("Vi gik ud på broen, og hunden sprang i.")).toBeVisible();

  // One Mette, one thing shown, and no question any more.
  await goHome(alma);
  await press(alma, "home.people");
  await expect(alma.page.getByRole("button", { name: /Mette/ })).toHaveCount(1, { timeout: 30_000 });
  await toMette(alma);
  await expect(alma.page.getByRole("button", { name: /Broen, skrevet om/ })).toHaveCount(1);
  await expect(alma.page.getByText(text("state.opened"), { exact: false })).toHaveCount(1, { timeout: 30_000 });
  await expect(alma.page.getByRole("button", { name: text("again.ask") })).toHaveCount(0);
});
