/** One page that two write on: live letter by letter through the stock provider, offline on both sides, then the same. */

import { heading, press, text } from "./harness/meet.ts";
import { expect, type Person, test } from "./harness.ts";

test.use({ begins: "paired" });

const field = (person: Person) => person.page.getByRole("textbox", { name: text("together.text") });

/** Where the other writes; drawn only when they let it be seen. */
const caret = (person: Person) => person.page.locator(".editor-cursor");

/** Puts the cursor behind the last letter. */
async function toEnd(person: Person): Promise<void> {
  await field(person).click();
  await person.page.keyboard.press("Control+End");
}

test("a joint page: letters arrive while the first still types; both write offline, then both have the same", async ({
  back,
}) => {
  test.setTimeout(240_000);
  const [alma, mette] = await Promise.all([back("Alma"), back("Mette")]);

  await press(alma, "home.people");
  await alma.page.getByRole("button", { name: /Mette/ }).click();
  await press(alma, "person.together");
  await alma.page.getByLabel(text("together.name")).fill("Mødet på torsdag");
  await expect(alma.page.getByText(text("together.sees", { name: "Mette" }))).toBeVisible();
  await press(alma, "together.start");
  await field(alma).click();

  await mette.page.getByRole("button", { name: text("desk.together") }).click({ timeout: 30_000 });
  const page = mette.page.getByRole("button", { name: /Mødet på torsdag/ });
  await page.waitFor({ timeout: 30_000 });
  await page.click();
  await field(mette).waitFor();
  // The first is still typing when the second already sees letters.
  const typing = alma.page.keyboard.type("Jeg vil gerne tale om weekenden, og hvem der kører mig.", { delay: 120 });
  await expect(field(mette)).toContainText("Jeg vil");
  expect(await field(alma).textContent()).not.toContain("kører mig.");
  await typing;
  await expect(field(mette)).toContainText("kører mig.");

  // Presence only when the child turns it on: until then no cursor of hers is drawn at the other's.
  await expect(caret(mette)).toHaveCount(0);
  await alma.page.getByRole("switch", { name: text("together.presence") }).click();
  await toEnd(alma);
  await expect(caret(mette)).toHaveCount(1);
  await alma.page.getByRole("switch", { name: text("together.presence") }).click();
  await expect(caret(mette)).toHaveCount(0);

  await alma.flightMode(true);
  await mette.flightMode(true);
  await toEnd(alma);
  await alma.page.keyboard.type(" Og om hunden.");
  await toEnd(mette);
  await mette.page.keyboard.type(" Det gør vi.");
  await expect(field(alma)).not.toContainText("Det gør vi.");
  await alma.flightMode(false);
  await mette.flightMode(false);
  for (const person of [alma, mette]) {
    await expect(field(person)).toContainText("Og om hunden.", { timeout: 60_000 });
    await expect(field(person)).toContainText("Det gør vi.", { timeout: 60_000 });
  }
  expect(await field(alma).textContent()).toBe(await field(mette).textContent());
  await heading(alma, "together.title").waitFor();
});
