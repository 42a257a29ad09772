import insideTexts from "../../client/i18n/inside/da.json" with { type: "json" };
import { storedForOffline } from "./harness/offline.ts";
import { expect, test } from "./harness.ts";
import {
  closeFirstTime,
  enterCode,
  makePocket,
  onScreen,
  openPocket,
  picturesOf,
  settleIn,
  Taps,
  texts,
} from "./steps.ts";

const t = texts.da;

test.use({ begins: "visited" });

test.describe("as long as a code takes on a device of this speed", () => {
  test.use({ clock: "real", begins: "empty" });

  test("a child puts the first thing in with at most 40 taps and no letter typed, in flight mode", async ({
    people,
  }) => {
    const alma = await people.come("Alma", { hasTouch: true, isMobile: true });
    await expect(alma.page.locator("h1")).toBeVisible();
    await alma.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    await alma.flightMode(true);
    const taps = new Taps(alma.page, "finger");
    await makePocket(taps, { byHand: true });
    // The tap on "next" after "saved here" is not needed for the thing to be in.
    expect(taps.count - 1).toBeLessThanOrEqual(40);
    expect(taps.letters).toBe(0);
  });

  test("a wrong code gets a kind sentence and, after some tries, a wait; the right one still opens", async ({
    people,
  }) => {
    const alma = await people.come("Alma");
    const taps = new Taps(alma.page);
    const secret = await makePocket(taps);
    await closeFirstTime(taps);
    await alma.page.locator(".locked > .big").click();
    const wrong = { pictures: [0, 0, 0, 0, 0, 0, 0] };
    const said = alma.page.locator(".said");
    let waited = false;
    for (let tries = 0; tries < 4 && !waited; tries++) {
      await expect(alma.page.locator(".pad")).toBeVisible();
      for (const picture of wrong.pictures) await taps.pick(picture);
      await expect(alma.page.locator(".slots .on")).toHaveCount(0, { timeout: 30_000 });
      await expect(said).toContainText(t["code.wrong"]);
      waited = (await said.getByText(/Vent \d/).count()) > 0;
    }
    expect(waited, "a wait was asked for").toBe(true);
    await expect(alma.page.locator(".pad")).toBeVisible({ timeout: 60_000 });
    await enterCode(taps, secret);
    await onScreen(alma.page, "card");
  });
});

/** From the language to the first round of practising; gives the seven pictures. */
async function toPractise(taps: Taps): Promise<readonly number[]> {
  await taps.press("Dansk");
  await taps.press(t["who.child"]);
  await taps.press(t["handover.next"]);
  await taps.press(t["look.middle"]);
  await taps.press(t["colour.next"]);
  await expect(taps.page.locator(".mine > li")).toHaveCount(7);
  const pictures = await picturesOf(taps.page, ".mine use");
  await taps.press(t["pictures.practise"]);
  return pictures;
}

test("one may draw other pictures once, and help now in the middle of practising loses nothing", async ({ people }) => {
  const alma = await people.come("Alma");
  const taps = new Taps(alma.page);
  const before = await toPractise(taps);
  await alma.page.getByRole("button", { name: "Tilbage", exact: true }).click();
  await taps.press(t["pictures.again"]);
  await expect.poll(() => picturesOf(alma.page, ".mine use")).not.toEqual(before);
  await expect(alma.page.getByRole("button", { name: t["pictures.again"] })).toHaveCount(0);
  const pictures = await picturesOf(alma.page, ".mine use");
  await taps.press(t["pictures.practise"]);
  for (const picture of pictures) await taps.pick(picture);
  // Help in the middle of the second round: nothing of it is lost.
  for (const picture of pictures.slice(0, 3)) await taps.pick(picture);
  await taps.press(t["help.title"]);
  await onScreen(alma.page, "help");
  await alma.page.getByRole("button", { name: "Tilbage", exact: true }).click();
  await onScreen(alma.page, "practise");
  await expect(alma.page.locator(".slots .on")).toHaveCount(3);
  await expect(alma.page.getByRole("button", { name: t["help.title"] })).toBeFocused();
  for (const picture of pictures.slice(3)) await taps.pick(picture);
  await onScreen(alma.page, "first-thing");
});

test("a slip in the round without help is pointed out, and the round is taken again", async ({ people }) => {
  const alma = await people.come("Alma");
  const taps = new Taps(alma.page);
  const pictures = await toPractise(taps);
  for (const picture of pictures) await taps.pick(picture);
  const [one = 0] = pictures;
  await taps.pick((one + 1) % 64);
  await expect(alma.page.getByText(t["practise.wrong"]).first()).toBeVisible();
  await expect(alma.page.locator(".pad > [data-hint]")).toHaveCount(1);
  for (const picture of pictures) await taps.pick(picture);
  await expect(alma.page.getByText(t["practise.second"]).first()).toBeVisible();
  for (const picture of pictures) await taps.pick(picture);
  await onScreen(alma.page, "first-thing");
});

test("the card is made, tried out, and opens a pocket that never had net", async ({ people }) => {
  test.setTimeout(240_000);
  const alma = await people.come("Alma");
  // Never with a server: so the card opens this device at once.
  await storedForOffline(alma.page);
  await alma.flightMode(true);
  const taps = new Taps(alma.page);
  // With a server the card would wait, on this tablet too.
  await storedForOffline(alma.page);
  await alma.flightMode(true);
  const secret = await makePocket(taps);
  await closeFirstTime(taps);
  await openPocket(taps, secret);
  await onScreen(alma.page, "card");
  await taps.press(t["card.make"]);
  // The code again: whoever finds the tablet open can't make a way in.
  await expect(alma.page.getByRole("heading", { name: insideTexts["ask.title"] })).toBeVisible();
  await enterCode(taps, secret);
  await expect(alma.page.locator(".card-rows > li")).toHaveCount(6);
  const all = await picturesOf(alma.page, ".card-rows use");
  const row = (index: number) => all.slice(index * 5, index * 5 + 5);
  await taps.press(t["card.try"]);
  for (let tried = 0; tried < 2; tried++) {
    const asked = Number(/\d/.exec((await alma.page.locator(".lead").textContent()) ?? "")?.[0]);
    for (const picture of row(asked - 1)) await taps.pick(picture);
  }
  await expect(alma.page.getByText(t["cardtry.done"]).first()).toBeVisible();
  await taps.press(t["cardtry.finish"]);
  await onScreen(alma.page, "home");

  await alma.page.reload();
  await alma.page.locator(".locked > .big").click();
  await alma.page.getByRole("button", { name: "Mere" }).click();
  await taps.press(t["code.card"]);
  await onScreen(alma.page, "card-unlock");
  // One mistake in the third row: only that row is asked for again.
  for (let index = 0; index < 6; index++) {
    const pictures = index === 2 ? [(row(2)[0] ?? 0) ^ 1, ...row(2).slice(1)] : row(index);
    for (const picture of pictures) await taps.pick(picture);
  }
  await expect(alma.page.locator(".said")).toContainText("række 3");
  for (const picture of row(2)) await taps.pick(picture);
  await onScreen(alma.page, "home");
});

test("a second child on the same tablet gets a pocket of its own", async ({ people }) => {
  const tablet = await people.come("the tablet");
  const taps = new Taps(tablet.page);
  const alma = await makePocket(taps, { colour: "brick" });
  await closeFirstTime(taps);
  await tablet.page.locator(".locked > .big").click();
  await tablet.page.getByRole("button", { name: "Mere" }).click();
  await taps.press(t["code.new"]);
  const noah = await makePocket(taps, { colour: "moss", look: "middle" });
  await closeFirstTime(taps);
  await expect(tablet.page.locator(".locked > .big")).toHaveCount(2);
  const colours = await tablet.page
    .locator(".locked > .big")
    .evaluateAll((pockets) => pockets.map((pocket) => (pocket as HTMLElement).dataset.pocket));
  await openPocket(taps, noah, "da", colours.indexOf("moss"));
  await onScreen(tablet.page, "card");
  await tablet.page.reload();
  await openPocket(taps, alma, "da", colours.indexOf("brick"));
});

test("a caseworker chooses a passphrase; weak ones are refused with a reason", async ({ people }) => {
  const mette = await people.come("Mette");
  const taps = new Taps(mette.page);
  await taps.press("Dansk");
  await taps.press(t["who.caseworker"]);
  await taps.press(t["colour.next"]);
  await onScreen(mette.page, "passphrase");
  await taps.press(t["passphrase.own"]);
  for (const [words, reason] of [
    ["sommer 2024", t["passphrase.short"]],
    ["hest hest hest hest hest", t["passphrase.few"]],
    ["abcd efgh ijkl mnop", t["passphrase.pattern"]],
  ] as const) {
    await taps.type(t["passphrase.ownLabel"], words);
    await taps.type(t["passphrase.repeat"], words);
    await taps.press(t["passphrase.next"]);
    await expect(mette.page.locator("main")).toContainText(reason);
  }
  await taps.type(t["passphrase.ownLabel"], "Min røde cykel punkterede");
  await taps.type(t["passphrase.repeat"], "min røde cykel punktede");
  await taps.press(t["passphrase.next"]);
  await expect(mette.page.locator("main")).toContainText(t["passphrase.differs"]);
  await taps.type(t["passphrase.repeat"], "min  røde cykel punkterede");
  await taps.press(t["passphrase.next"]);
  await onScreen(mette.page, "your-name");
});

test("where this browser holds no pocket, the start says so and offers to make one", async ({ people }) => {
  const alma = await people.come("Alma");
  await expect(alma.page.getByText(t["start.none"])).toBeVisible();
  await settleIn(new Taps(alma.page));
  await alma.page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) if (name) indexedDB.deleteDatabase(name);
  });
  await alma.page.reload();
  await expect(alma.page.getByText(t["start.none"])).toBeVisible();
});
