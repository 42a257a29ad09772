/**
 * A wish, shown: the adult says what becomes of it; a no needs its why; the child sees the latest, and all of them. And of a
 * life story and the page about me the adult sees what was chosen, until it is taken back.
 */
import outside from "../../client/i18n/da.json" with { type: "json" };
import { first } from "../../client/i18n/first.ts";
import svenska from "../../client/i18n/sv.json" with { type: "json" };
import { giveTo, goHome, heading, press, text } from "./harness/meet.ts";
import { expect, test } from "./harness.ts";

test.use({ begins: "paired" });

test("a wish is heard, declined with a why, agreed and done; the child sees each, and has all four", async ({
  back,
}) => {
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

  /** Home has the newest wish in its list, too. */
  const openWishes = async (): Promise<void> => {
    await press(alma, "home.wishes");
    await heading(alma, "wishes.title").waitFor();
  };
  await openWishes();
  const row = alma.page.getByRole("button", { name: /Se min lillebror/ });
  await expect(row).toContainText(text("wish.declined"), { timeout: 30_000 });
  await expect(row).toContainText(text("subject.family"));
  await goHome(alma);

  await test.step("my case says what was decided and why, all that happened, and has my own side beside it", async () => {
    await press(alma, "case.title");
    const decided = alma.page.locator(".case-part").filter({ hasText: text("case.decided") });
    await expect(decided).toContainText(text("wish.declined"));
    await expect(decided).toContainText("Fordi han bor langt væk lige nu.");
    await decided.getByRole("button", { name: /Se min lillebror/ }).click();
    const happened = alma.page.locator(".happened > li");
    await expect(happened).toHaveCount(4);
    await expect(happened.nth(0)).toContainText(text("case.event.shown", { name: "Mette" }));
    await expect(happened.nth(1)).toContainText(text("case.event.opened", { name: "Mette" }));
    await expect(happened.nth(2)).toContainText(text("wish.heard"));
    await expect(happened.nth(3)).toContainText(text("wish.declined"));
    await press(alma, "case.say");
    await alma.page.getByLabel(text("entry.title"), { exact: true }).fill("Jeg kan tage toget");
    await expect(alma.page.locator(".mark-said")).toContainText(text("case.title"));
    await expect(alma.page.getByText(text("entry.saved"), { exact: true }).first()).toBeVisible();
    await press(alma, "entry.done");
    await alma.page.getByRole("button", { name: "Tilbage", exact: true }).click();
    await expect(alma.page.getByRole("button", { name: /Jeg kan tage toget/ })).toBeVisible();
    // The wish itself leads there too.
    await goHome(alma);
    await openWishes();
    await row.click();
    await press(alma, "case.happened");
    await expect(happened).toHaveCount(4);
  });
  await alma.page.getByRole("button", { name: /^Mette/ }).click();
  const answers = alma.page.locator(".answers li");
  await expect(answers).toHaveCount(2);
  await expect(answers.first()).toContainText(text("wish.heard"));
  await expect(answers.last()).toContainText(text("wish.declined"));
  await expect(answers.last()).toContainText("Fordi han bor langt væk lige nu.");

  await test.step("a no may become a yes, and a yes is done: each comes by itself, and nothing that was said goes", async () => {
    for (const [answer, said, count] of [
      ["wish.agreed", "wish.say.agreed", 3],
      ["wish.done", "wish.say.done", 4],
    ] as const) {
      await press(mette, answer);
      await expect(mette.page.getByText(text(said))).toBeVisible();
      await press(mette, "desk.send");
      await expect(answers).toHaveCount(count, { timeout: 30_000 });
      await expect(answers.last()).toContainText(text(answer));
      await expect(answers.last()).toContainText(text(said));
      await expect(mette.page.getByText(text(said)).and(mette.page.locator("p.small"))).toHaveCount(0);
    }
    await goHome(alma);
    await press(alma, "case.title");
    const decided = alma.page.locator(".case-part").filter({ hasText: text("case.decided") });
    await expect(decided).toContainText(text("wish.done"));
    await decided.getByRole("button", { name: /Se min lillebror/ }).click();
    const happened = alma.page.locator(".happened > li");
    await expect(happened).toContainText([
      text("case.event.shown", { name: "Mette" }),
      text("case.event.opened", { name: "Mette" }),
      text("wish.heard"),
      "Fordi han bor langt væk lige nu.",
      text("wish.agreed"),
      text("wish.done"),
    ]);
    await goHome(alma);
    await openWishes();
    await expect(row).toContainText(text("wish.done"));
  });

  await test.step("what one has a right to is the law of the country one chose, in the language one chose", async () => {
    const screen = alma.page.locator("main");
    await goHome(alma);
    await press(alma, "case.title");
    await press(alma, "rights.short");
    await expect(screen).toContainText(text("rights.dk.supporter"));
    await expect(screen.getByRole("link", { name: /116 111/ })).toBeVisible();
    await expect(screen.getByRole("button", { name: "Mette", exact: true })).toBeVisible();
    await goHome(alma);
    await press(alma, "home.settings");
    await alma.page.getByRole("button", { name: outside["settings.language"], exact: true }).click();
    await alma.page.getByRole("radio", { name: outside["country.se"], exact: true }).click();
    await alma.page.getByRole("radio", { name: first.sv["first.language"], exact: true }).click();
    await expect(alma.page.getByRole("heading", { name: svenska["settings.language"], exact: true })).toBeVisible();
    await expect(alma.page.locator("html")).toHaveAttribute("lang", "sv");
    await alma.page.getByRole("radio", { name: first.da["first.language"], exact: true }).click();
    await goHome(alma);
    await press(alma, "case.title");
    await press(alma, "rights.short");
    await expect(screen).toContainText(text("rights.se.alone"));
    await expect(screen).not.toContainText(text("rights.dk.supporter"));
  });

  const { page } = alma;
  const inDialog = (name: string) => page.getByRole("dialog").getByRole("button", { name, exact: true });
  const hits = page.locator(".hits > li");

  await test.step("what somebody sees is found by whom, and isn't among what is only mine", async () => {
    await goHome(alma);
    await press(alma, "home.things");
    await press(alma, "search.title");
    await press(alma, "search.filters");
    await page.getByRole("radio", { name: "Mette", exact: true }).click();
    await expect(hits).toContainText(["Se min lillebror"]);
    await page.getByRole("radio", { name: text("search.mine"), exact: true }).click();
    await expect(hits).toHaveCount(0);
    await page.getByRole("radio", { name: text("search.shown"), exact: true }).click();
    await expect(hits).toHaveCount(1);
    await goHome(alma);
  });

  await test.step("a life story is shown stop by stop, and taken back", async () => {
    await press(alma, "home.things");
    await press(alma, "life.title");
    for (const sign of ["Et hjem, rødt", text("sign.dog")]) {
      await press(alma, "home.new");
      await inDialog(sign).click();
      await press(alma, "life.done");
    }
    await press(alma, "life.show");
    await expect(page.getByText(text("show.pickParts"))).toBeVisible();
    const go = page.getByRole("button", { name: text("show.go", { name: "Mette" }), exact: true });
    await expect(go).toHaveAttribute("aria-disabled", "true");
    await page
      .getByRole("group", { name: text("show.parts") })
      .getByRole("button", { name: "Et hjem, rødt" })
      .click();
    await giveTo(alma, "Mette", alma.secret);

    const story = mette.page.getByRole("button", { name: new RegExp(text("life.title")) });
    await story.click();
    await expect(shown.getByRole("heading", { name: text("life.title") })).toBeVisible();
    await expect(shown.getByRole("heading", { name: "Et hjem, rødt" })).toBeVisible();
    await expect(shown).not.toContainText(text("sign.dog"));
    await expect(page.getByText(text("state.openedText", { name: "Mette" }))).toBeVisible({ timeout: 30_000 });
    await press(alma, "state.takeBack");
    await inDialog(text("state.takeBack")).click();
    await expect(story).toHaveCount(0, { timeout: 30_000 });
    await expect(shown).toHaveCount(0);
    await expect(page.getByText(text("state.goneOpened", { name: "Mette", genitive: "Mettes" }))).toBeVisible();
    await goHome(alma);
  });

  await test.step("of the page about me the adult has the topic that was chosen, in pictures and words", async () => {
    await press(alma, "home.things");
    await press(alma, "me.short");
    for (const [topic, sign] of [
      ["me.calmsTitle", "sign.hug"],
      ["me.likesTitle", "sign.dog"],
    ] as const) {
      await press(alma, topic);
      await press(alma, sign);
      await press(alma, "life.done");
    }
    await press(alma, "life.show");
    const topics = page.getByRole("group", { name: text("show.parts") });
    await topics.getByRole("button", { name: text("me.calmsTitle") }).click();
    await giveTo(alma, "Mette", alma.secret);
    await mette.page.getByRole("button", { name: new RegExp(text("me.title")) }).click();
    await expect(shown.getByRole("heading", { name: text("me.calmsTitle") })).toBeVisible();
    await expect(shown.getByText(text("sign.hug"), { exact: true })).toBeVisible();
    await expect(shown).not.toContainText(text("me.likesTitle"));
  });
});
