/** Another child: what Noah shows Alma, what the two write together, and parting. From home to home. */
import { expect } from "@playwright/test";
import type { Person } from "../browser/harness.ts";
import { settleIn, Taps } from "../browser/steps.ts";
import type { Stage } from "./stage.ts";

const stories = {
  da: ["Vores hule", "Vi byggede den af grene. Der er plads til to.", "Kan jeg komme med i morgen?"],
  sv: ["Vår koja", "Vi byggde den av grenar. Det finns plats för två.", "Får jag följa med i morgon?"],
  en: ["Our den", "We built it out of branches. There is room for two.", "Can I come along tomorrow?"],
} as const;

/** `noah` has an empty browser. */
export async function walkReceived(stage: Stage, alma: Person, noah: Person): Promise<void> {
  const { language } = stage;
  const [title, words, reply] = stories[language];
  const secret = await settleIn(new Taps(noah.page), { language, look: "quiet" });
  await stage.press(noah, "home.people");
  await stage.press(noah, "people.add");
  await noah.page.getByRole("textbox").fill("Noah");
  await stage.press(noah, "pair.nameSave");
  await stage.named(noah.page, stage.text("pair.link")).click();
  await expect(noah.page.locator(".link-text")).toContainText("#");
  const sent = ((await noah.page.locator(".link-text").textContent()) ?? "").trim();
  await stage.press(alma, "home.people");
  await stage.press(alma, "people.add");
  await stage.named(alma.page, stage.text("pair.link")).click();
  await alma.page.getByLabel(stage.text("pair.pasteLabel")).fill(sent);
  await stage.press(alma, "pair.find");
  for (const { page } of [noah, alma])
    await expect(page.locator("html")).toHaveAttribute("data-screen", "compare", { timeout: 30_000 });
  for (const person of [noah, alma]) await stage.press(person, "compare.yes");
  for (const person of [noah, alma]) await stage.home(person);

  await noah.page.getByRole("button", { name: stage.text("home.write"), exact: true }).click();
  await noah.page.getByLabel(stage.text("entry.title"), { exact: true }).fill(title);
  await noah.page.getByRole("textbox", { name: stage.text("entry.text") }).click();
  await noah.page.keyboard.type(words);
  await expect(noah.page.getByText(stage.text("entry.saved"), { exact: true }).first()).toBeVisible();
  await stage.press(noah, "entry.show");
  await stage.press(noah, "show.go", { name: "Alma" });
  await stage.answerIfAsked(noah, secret);
  await alma.page
    .getByRole("button", { name: stage.text("received.slip", { name: "Noah" }) })
    .click({ timeout: 30_000 });
  await expect(alma.page.getByText(words)).toBeVisible();
  await stage.see(alma, "received-thing");
  await stage.press(alma, "received.answer", { name: "Noah" });
  await alma.page.getByRole("textbox", { name: stage.text("received.answer", { name: "Noah" }) }).click();
  await alma.page.keyboard.type(reply);
  await stage.see(alma, "received-thing", "answer");
  await stage.press(alma, "received.send");
  await expect(alma.page.locator(".received-said")).toContainText(reply);
  await stage.see(alma, "received-thing", "answered");
  await stage.home(alma);

  await stage.home(noah);
  await stage.press(noah, "home.people");
  await noah.page.getByRole("button", { name: /Alma/ }).click();
  await stage.press(noah, "person.together");
  await noah.page.getByRole("textbox").first().fill(title);
  await stage.press(noah, "together.start");
  await expect(noah.page.locator("html")).toHaveAttribute("data-screen", "joint-page");
  await stage.press(alma, "home.people");
  await alma.page.getByRole("button", { name: /Noah/ }).click();
  const list = alma.page.locator("ul.rows").last();
  await expect(list.getByRole("button", { name: new RegExp(title) })).toBeVisible({ timeout: 30_000 });
  await stage.see(alma, "person", "child");
  await stage.press(alma, "person.remove");
  const question = alma.page.getByRole("dialog");
  await expect(question.getByText(stage.text("person.removeTogether"))).toBeVisible();
  await stage.see(alma, "person", "parting");
  await question.getByRole("button", { name: stage.text("person.remove"), exact: true }).click();
  await expect(alma.page.locator("html")).toHaveAttribute("data-screen", "people");
  await stage.home(alma);
  // What the two wrote is Alma's own page now.
  await stage.press(alma, stage.look === "quiet" ? "home.diary" : "home.things");
  await alma.page
    .getByRole("button", { name: new RegExp(title) })
    .first()
    .click();
  await expect(alma.page.getByText(stage.text("book.together", { name: "Noah" }))).toBeVisible();
  await stage.see(alma, "entry", "kept");
  await stage.home(alma);
}
