/** The walk itself: Alma's first run, her pocket, a caseworker and a carer, and everything that passes between them. */
import { expect } from "@playwright/test";
import { first } from "../../client/i18n/first.ts";
import type { Person } from "../browser/harness.ts";
import { closeFirstTime, makePocket, openPocket, picturesOf, type Secret, settleIn, Taps } from "../browser/steps.ts";
import { drawnPhoto } from "./drawn-photos.ts";
import type { Stage } from "./stage.ts";
import { walkCase } from "./walk-case.ts";
import { walkHomeScreen, walkSettings } from "./walk-settings.ts";

const stories = {
  da: ["Broen ved søen", "Vi gik ud på broen med Bølle. Der var helt stille. Jeg tænkte på far.", "Et værelse med dør"],
  sv: ["Bron vid sjön", "Vi gick ut på bron med Bosse. Det var helt tyst. Jag tänkte på pappa.", "Ett rum med dörr"],
  en: ["The bridge", "We walked out on the bridge with Buster. It was quiet. I thought of Dad.", "A room with a door"],
} as const;
const replies = {
  da: "Tak, fordi jeg måtte se det. Jeg spørger din far, om han vil med.",
  sv: "Tack för att jag fick se det. Jag frågar din pappa om han vill följa med.",
  en: "Thank you for showing me. I will ask your dad if he can come.",
} as const;

/** What stands on the page written together. */
const together = {
  da: "På torsdag går vi derud igen. Alma tager Bølle med. Mette tager boller og varm kakao med.",
  sv: "På torsdag går vi dit igen. Alma tar med Bosse. Mette tar med bullar och varm choklad.",
  en: "On Thursday we go there again. Alma brings Buster. Mette brings buns and hot chocolate.",
} as const;

/** First run, closed pockets, the code, the card, help. Ends at home, without content. */
export async function walkOutside(stage: Stage, alma: Person): Promise<Secret> {
  const { language, look } = stage;
  const taps = new Taps(alma.page);
  const secret = await makePocket(taps, {
    language,
    look,
    lookAt: (step) => {
      const [route = step, state = ""] = {
        "first-thing-saved": ["first-thing", "saved"],
        "practise-again": ["practise", "again"],
        language: ["start", "language"],
      }[step] ?? [step];
      return stage.see(alma, route, state);
    },
  });
  await closeFirstTime(taps, language);
  await stage.see(alma, "start");
  await stage.press(alma, "start.menu");
  await stage.see(alma, "start", "menu");
  await stage.press(alma, "help.title");
  await stage.see(alma, "help", "locked");
  await stage.back(alma);
  await alma.page.locator(".locked > .big").click();
  await stage.see(alma, "code");
  if ("pictures" in secret) {
    await alma.page.locator(".pad > button").first().click();
    await stage.see(alma, "code", "pictures");
    await stage.press(alma, "code.groups");
    for (let wrong = 0; wrong < 7; wrong++) await taps.pick(0);
    await expect(alma.page.locator(".said .word")).toBeVisible();
    await expect(alma.page.locator(".pad")).toBeVisible({ timeout: 30_000 });
    await stage.see(alma, "code", "wrong");
  }
  await alma.page.getByRole("button", { name: first[language]["first.more"], exact: true }).click();
  await stage.see(alma, "code", "menu");
  await stage.press(alma, "code.new");
  await stage.see(alma, "language", "second");
  await alma.page.reload();
  await openPocket(taps, secret, language);
  await stage.see(alma, "card");
  await stage.press(alma, "card.make");
  await stage.asked(alma, secret, "card");
  await expect(alma.page.locator(".card-rows > li")).toHaveCount(6);
  await stage.see(alma, "card", "made");
  const card = await picturesOf(alma.page, ".card-rows use");
  await stage.press(alma, "card.try");
  await stage.see(alma, "card-try");
  for (let tried = 0; tried < 2; tried++) {
    const row = Number(/\d/.exec((await alma.page.locator(".lead").textContent()) ?? "")?.[0]) - 1;
    for (const picture of card.slice(row * 5, row * 5 + 5)) await taps.pick(picture);
  }
  await expect(alma.page.getByText(stage.text("cardtry.done")).first()).toBeVisible();
  await stage.see(alma, "card-try", "done");
  await stage.press(alma, "cardtry.finish");
  await stage.see(alma, "home", "first");
  await reachesEverywhere(stage, alma);
  await alma.page.reload();
  await alma.page.locator(".locked > .big").click();
  await alma.page.getByRole("button", { name: first[language]["first.more"], exact: true }).click();
  await stage.press(alma, "code.card");
  await stage.see(alma, "card-unlock");
  await taps.pickAll(card);
  await expect(alma.page.getByRole("heading", { name: stage.text("restore.waitTitle") })).toBeVisible({
    timeout: 20_000,
  });
  await stage.see(alma, "card-unlock", "waiting");
  await alma.page.reload();
  await openPocket(taps, secret, language);
  await stage.see(alma, "home", "card-used");
  await stage.named(alma.page, stage.text("wait.slip")).click();
  await stage.see(alma, "card-waits");
  await stage.press(alma, "wait.stop");
  await stage.asked(alma, secret, "wait");
  await stage.see(alma, "card-waits", "stopped");
  await stage.home(alma);
  return secret;
}

/** Waits until the card is with the server; then it opens nothing at once, also here. */
async function reachesEverywhere(stage: Stage, alma: Person): Promise<void> {
  const reached = alma.page.getByText(stage.text("card.everywhere"));
  for (let tries = 0; tries < 20; tries++) {
    await stage.press(alma, "home.settings");
    await stage.press(alma, "settings.card");
    await expect(alma.page.locator("html")).toHaveAttribute("data-screen", "card");
    const is = await reached.waitFor({ timeout: 1_000 }).then(
      () => true,
      () => false,
    );
    if (is) await stage.see(alma, "card", "reaches");
    await stage.press(alma, "card.later");
    await expect(alma.page.locator("html")).toHaveAttribute("data-screen", "home");
    if (is) return;
  }
  throw new Error("the card did not come to the server");
}

/** An empty browser of somebody who has a pocket, on an iPad (`IPAD`). Ends at the start page. */
export async function walkArriving(stage: Stage, person: Person): Promise<void> {
  // Nobody has chosen a language here yet: the browser's own is Danish.
  await person.page.evaluate((chosen) => localStorage.setItem("language", chosen), stage.language);
  await person.page.reload();
  await walkHomeScreen(stage, person);
  await stage.press(person, "start.have");
  await stage.see(person, "arrive");
  const way = (key: "arrive.card" | "arrive.device") =>
    person.page.getByRole("button", { name: stage.text(key) }).first();
  await way("arrive.card").click();
  await stage.see(person, "restore");
  await stage.back(person);
  await way("arrive.device").click();
  await stage.see(person, "link-take");
  await stage.press(person, "device.next");
  await expect(person.page.getByRole("heading", { name: stage.text("link.title") })).toBeVisible();
  await stage.see(person, "link-take", "scan");
  await person.page.reload();
}

/** Where the pocket is, and the code for a new device. From home to home. */
export async function walkDevices(stage: Stage, alma: Person, secret: Secret): Promise<void> {
  await stage.press(alma, "home.settings");
  await stage.press(alma, "devices.title");
  await expect(alma.page.locator(".devices > li")).toHaveCount(1);
  await stage.see(alma, "devices");
  await stage.press(alma, "devices.add");
  await stage.asked(alma, secret, "link");
  await expect(alma.page.locator(".qr svg")).toBeVisible();
  await stage.see(alma, "link-give");
  await stage.home(alma);
}

/** Entries, wishes, my things, settings. From home to home. */
export async function walkOwnThings(stage: Stage, alma: Person): Promise<void> {
  const [title, text, wish] = stories[stage.language];
  await stage.press(alma, stage.look === "quiet" ? "home.write" : "home.new");
  await stage.see(alma, "entry", "empty");
  await stage.press(alma, "begin.open");
  await stage.see(alma, "entry", "begin");
  await stage.press(alma, "more.close");
  await stage.press(alma, "stickers.tool");
  await stage.see(alma, "entry", "stickers");
  await alma.page.locator(".sticker-field button").nth(18).click();
  await alma.page.getByLabel(stage.text("entry.title"), { exact: true }).fill(title);
  await alma.page.getByRole("textbox", { name: stage.text("entry.text") }).click();
  await alma.page.keyboard.type(text);
  await alma.page.getByRole("button", { name: stage.text("mood.calm"), exact: true }).click();
  const photo = await drawnPhoto(alma.page, "lake");
  await alma.page
    .locator("input[type=file]")
    .first()
    .setInputFiles({ name: "IMG_1.jpg", mimeType: "image/jpeg", buffer: photo });
  await expect(alma.page.locator("main img").first()).toBeVisible({ timeout: 30_000 });
  await expect(alma.page.getByText(stage.text("entry.saved"), { exact: true }).first()).toBeVisible();
  if (stage.look !== "pictures") await stage.press(alma, "format.title");
  await stage.see(alma, "entry");
  await stage.press(alma, "entry.more");
  await stage.see(alma, "entry", "more");
  await stage.press(alma, "more.marks");
  await alma.page.getByLabel(stage.text("marks.tags")).fill(wish.split(" ")[1] ?? "");
  await alma.page.keyboard.press("Enter");
  await stage.see(alma, "entry", "marks");
  await alma.page
    .getByRole("dialog")
    .getByRole("button", { name: stage.text("entry.done") })
    .click();
  await stage.press(alma, "entry.delete");
  await stage.see(alma, "entry", "delete");
  await stage.press(alma, "entry.keep");
  await stage.press(alma, "entry.record");
  await stage.see(alma, "entry", "recorder");
  await stage.press(alma, "recorder.sound");
  await alma.page.getByRole("timer").waitFor();
  await alma.page.waitForTimeout(1_500);
  await stage.see(alma, "entry", "recording");
  await stage.press(alma, "recorder.stop");
  await alma.page.locator(".recording").waitFor();
  await alma.page.locator(".recording").evaluate((recording) => recording.scrollIntoView({ block: "center" }));
  await stage.see(alma, "entry", "recorded");
  await stage.press(alma, "entry.draw");
  await drawHouse(alma);
  await stage.see(alma, "draw");
  await stage.press(alma, "entry.done");
  await stage.see(alma, "entry", "drawn");
  await stage.named(alma.page, `${stage.text("entry.photoLook")}, 1`).click();
  await stage.see(alma, "entry", "photo");
  await stage.press(alma, "more.close");
  await stage.home(alma);
  await stage.see(alma, "home");
  await stage.press(alma, stage.look === "quiet" ? "home.diary" : "home.things");
  await stage.see(alma, "things");
  await stage.press(alma, "away.title");
  await stage.see(alma, "put-away");
  await stage.back(alma);
  await stage.press(alma, "search.title");
  await stage.see(alma, "search", "empty");
  await alma.page.getByRole("searchbox").fill(text.split(" ")[1] ?? "");
  await expect(alma.page.locator("mark").first()).toBeVisible();
  await stage.press(alma, "search.filters");
  await stage.see(alma, "search");
  await stage.back(alma);
  await stage.home(alma);
  await stage.press(alma, "home.wishes");
  await stage.see(alma, "wishes", "empty");
  await stage.button(alma, "wishes.new").or(stage.button(alma, "wishes.newShort")).first().click();
  await stage.see(alma, "entry", "wish");
  await alma.page.getByLabel(stage.text("entry.title"), { exact: true }).fill(wish);
  await expect(alma.page.getByText(stage.text("entry.saved"), { exact: true }).first()).toBeVisible();
  await stage.back(alma);
  await stage.see(alma, "wishes");
  await stage.home(alma);
  await stage.press(alma, "home.settings");
  await stage.see(alma, "settings");
  await walkSettings(stage, alma);
  await stage.press(alma, "settings.code");
  await stage.see(alma, "new-code");
  await stage.home(alma);
}

/** A house with a roof, a door and some ground, as a finger draws it. */
async function drawHouse({ page }: Person): Promise<void> {
  const box = await page.locator(".draw-paper").boundingBox();
  if (box === null) throw new Error("no paper");
  const at = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.width] as const;
  const lines = [
    [0.3, 0.7, 0.3, 0.42, 0.5, 0.22, 0.72, 0.42, 0.72, 0.7],
    [0.44, 0.7, 0.44, 0.54, 0.56, 0.54, 0.56, 0.7],
    [0.12, 0.71, 0.9, 0.7],
  ];
  for (const [index, line] of lines.entries()) {
    await page
      .locator(".crayons button")
      .nth([2, 1, 4][index] ?? 0)
      .click();
    await page.mouse.move(...at(line[0] ?? 0, line[1] ?? 0));
    await page.mouse.down();
    for (let i = 2; i < line.length; i += 2) await page.mouse.move(...at(line[i] ?? 0, line[i + 1] ?? 0), { steps: 8 });
    await page.mouse.up();
  }
}

/** Pairing by link, with every other way looked at. Both end at home. */
export async function walkPairing(stage: Stage, alma: Person, mette: Person): Promise<void> {
  await stage.press(alma, "home.people");
  await stage.see(alma, "people", "empty");
  await stage.press(alma, "people.add");
  await stage.see(alma, "pair", "name");
  await alma.page.getByRole("textbox").fill("Alma");
  await stage.press(alma, "pair.nameSave");
  await expect(alma.page.getByRole("heading", { name: stage.text("pair.title") })).toBeVisible();
  await stage.see(alma, "pair");
  await stage.named(alma.page, stage.text("pair.show")).click();
  await stage.see(alma, "pair-code");
  await stage.back(alma);
  await stage.named(alma.page, stage.text("pair.scan")).click();
  await stage.see(alma, "pair-scan");
  await stage.back(alma);
  await stage.named(alma.page, stage.text("pair.link")).click();
  const link = alma.page.locator(".link-text");
  await expect(link).toContainText("#");
  await stage.see(alma, "pair-link");
  const sent = ((await link.textContent()) ?? "").trim();

  await stage.named(mette.page, stage.text("desk.people")).click();
  await stage.press(mette, "people.add");
  await stage.named(mette.page, stage.text("pair.link")).click();
  await mette.page.getByLabel(stage.text("pair.pasteLabel")).fill(sent);
  await stage.press(mette, "pair.find");
  for (const person of [alma, mette]) {
    await expect(person.page.locator("html")).toHaveAttribute("data-screen", "compare", { timeout: 30_000 });
    await stage.see(person, "compare", person === alma ? "" : "adult");
  }
  for (const person of [alma, mette]) await stage.press(person, "compare.yes");
  for (const person of [alma, mette]) await stage.home(person);
  await stage.press(alma, "home.people");
  await stage.see(alma, "people");
  await alma.page.getByRole("button", { name: /Mette/ }).click();
  await stage.see(alma, "person");
  await stage.home(alma);
}

/** From home to the entry of the walk. */
async function toStory(stage: Stage, alma: Person): Promise<void> {
  const [title] = stories[stage.language];
  await stage.press(alma, stage.look === "quiet" ? "home.diary" : "home.things");
  await alma.page
    .getByRole("button", { name: new RegExp(title) })
    .first()
    .click();
}

/** Showing, reading, answering, taking back; with the desk beside it. Both end at home. */
export async function walkShowing(stage: Stage, alma: Person, mette: Person, secret: Secret): Promise<void> {
  const [title] = stories[stage.language];
  await stage.see(mette, "home", "desk-empty");
  await toStory(stage, alma);
  await stage.press(alma, "entry.show");
  await stage.see(alma, "show");
  await stage.press(alma, "show.go", { name: "Mette" });
  await stage.asked(alma, secret, "show");
  await stage.see(alma, "share", "on-its-way");
  const row = mette.page.getByRole("button", { name: new RegExp(title) });
  await row.waitFor({ timeout: 30_000 });
  await stage.see(mette, "home", "desk");
  await row.click();
  await stage.see(mette, "desk-item");
  await mette.page.getByRole("textbox", { name: stage.text("desk.replyTo", { name: "Alma" }) }).click();
  await mette.page.keyboard.type(replies[stage.language]);
  await stage.see(mette, "desk-item", "reply");
  await stage.press(mette, "desk.send");
  await expect(alma.page.getByText(replies[stage.language])).toBeVisible({ timeout: 30_000 });
  await stage.see(alma, "share");
  await stage.press(alma, "state.takeBack");
  await stage.see(alma, "share", "take-back");
  await alma.page
    .getByRole("dialog")
    .getByRole("button", { name: stage.text("state.leave") })
    .click();
  await stage.home(alma);
  await stage.see(alma, "home", "answered");
  await walkCase(stage, alma, title);
  await stage.press(alma, "case.title");
  await stage.press(alma, "home.shown");
  await stage.see(alma, "shown");
  await stage.home(alma);
}

/** Mette with an emptied browser: she is found again, and the child says that it is she. Both end at home. */
export async function walkAgain(stage: Stage, alma: Person, again: Person, secret: Secret): Promise<void> {
  await walkArriving(stage, again);
  const taps = new Taps(again.page);
  await settleIn(taps, { language: stage.language, role: "caseworker", name: "Mette" });
  await stage.press(alma, "home.people");
  await stage.press(alma, "people.add");
  await stage.named(alma.page, stage.text("pair.link")).click();
  await expect(alma.page.locator(".link-text")).toContainText("#");
  const sent = ((await alma.page.locator(".link-text").textContent()) ?? "").trim();
  await stage.named(again.page, stage.text("desk.people")).click();
  await stage.press(again, "people.add");
  await stage.named(again.page, stage.text("pair.link")).click();
  await again.page.getByLabel(stage.text("pair.pasteLabel")).fill(sent);
  await stage.press(again, "pair.find");
  for (const person of [alma, again]) {
    await expect(person.page.locator("html")).toHaveAttribute("data-screen", "compare", { timeout: 30_000 });
    await stage.press(person, "compare.yes");
  }
  await expect(alma.page.getByText(stage.text("pair.found"))).toBeVisible();
  await stage.see(alma, "compare", "found-again");
  await stage.press(alma, "entry.done");
  await expect(alma.page.locator("main .lifted").first()).toBeVisible();
  await stage.see(alma, "again");
  await stage.home(alma);
  // Two people now: whom to show it to has to be chosen.
  await toStory(stage, alma);
  await stage.press(alma, "entry.show");
  await stage.see(alma, "show-to");
  await stage.home(alma);
  await stage.press(alma, "home.people");
  await stage.see(alma, "people", "asked");
  await alma.page
    .getByRole("button", { name: new RegExp(`Mette.*${stage.text("again.ask").replace("?", "[?]")}`) })
    .click();
  await stage.see(alma, "person", "asked");
  await stage.press(alma, "again.ask");
  await stage.press(alma, "again.yes");
  await stage.answerIfAsked(alma, secret);
  await expect(alma.page.locator("html")).toHaveAttribute("data-screen", "person");
  await expect(alma.page.getByRole("button", { name: new RegExp(stories[stage.language][0]) })).toBeVisible();
  await stage.see(alma, "person", "again");
  await stage.home(alma);
  await stage.home(again);
  await stage.press(alma, "home.people");
  await expect(alma.page.getByRole("button", { name: /Mette/ })).toHaveCount(1, { timeout: 30_000 });
  await stage.home(alma);
}

/** Writing together, and the door with what a carer leaves. Ends locked. */
export async function walkTogetherAndDoor(stage: Stage, alma: Person): Promise<void> {
  await stage.press(alma, "home.people");
  await alma.page.getByRole("button", { name: /Mette/ }).click();
  await stage.press(alma, "person.together");
  await stage.see(alma, "together", "new");
  await alma.page.getByRole("textbox").first().fill(stories[stage.language][0]);
  await stage.press(alma, "together.start");
  await alma.page.getByRole("textbox", { name: stage.text("together.text") }).click();
  await alma.page.keyboard.type(together[stage.language]);
  await stage.see(alma, "joint-page");
  await stage.home(alma);
  await stage.press(alma, "home.people");
  await stage.named(alma.page, stage.text("people.door")).click();
  await stage.see(alma, "gifts", "closed");
  await stage.press(alma, "gifts.open");
  await expect(alma.page.getByText(stage.text("gifts.doorOn")).first()).toBeVisible();
  await stage.see(alma, "gifts", "open");
  await alma.page.reload();
  await alma.page.getByRole("button", { name: stage.text("start.menu"), exact: true }).click();
  await stage.press(alma, "start.leave");
  await stage.see(alma, "leave");
}

/** The short first runs: English with its country, an older child's passphrase, and adults. */
export async function walkOtherFirstRuns(stage: Stage, mette: Person, carer: Person): Promise<void> {
  for (const [person, role] of [
    [mette, "caseworker"],
    [carer, "carer"],
  ] as const) {
    await settleIn(new Taps(person.page), {
      language: stage.language,
      role,
      name: "Mette",
      lookAt: async (step) => {
        if (["country", "passphrase", "your-name"].includes(step)) await stage.see(person, step, role);
      },
    });
    await stage.see(person, "home", role);
  }
}
