/** What an entry can hold and where it can lie: looks of the text, drawings, marks, put away, the bin. All offline. */
import { goHome, press, text, writeEntry } from "./harness/meet.ts";
import { photoWithExif } from "./harness/photo.ts";
import { expect, type Person, test } from "./harness.ts";
import { openPocket, settleIn, Taps } from "./steps.ts";

test.use({ begins: "visited" });

const savedIn = (person: Person) =>
  expect(person.page.getByText(text("entry.saved"), { exact: true }).first()).toBeVisible();

const openEntry = (person: Person, title: string) =>
  person.page
    .getByRole("button", { name: new RegExp(title) })
    .first()
    .click();

const button = (person: Person, name: string | RegExp) => person.page.getByRole("button", { name, exact: true });

/** How many pixels of the paper are not the paper's own colour. */
const inked = (person: Person): Promise<number> =>
  person.page.locator(".draw-paper canvas").evaluate((canvas: HTMLCanvasElement) => {
    // A copy to read from: reading the canvas itself would make the browser slow it down, and say so.
    const copy = new OffscreenCanvas(canvas.width, canvas.height);
    const context = copy.getContext("2d", { willReadFrequently: true });
    context?.drawImage(canvas, 0, 0);
    const { data } = context?.getImageData(0, 0, copy.width, copy.height) ?? { data: [] };
    let count = 0;
    for (let at = 0; at < data.length; at += 4) if ((data[at] ?? 255) < 200) count += 1;
    return count;
  });

test.describe("in a pocket that was there", () => {
  test.use({ begins: "settled" });

  test("a text can be bold, a list and a heading, and is so after a lock", async ({ back }) => {
    const alma = await back("Alma");
    const { secret } = alma;
    await writeEntry(alma, "Min liste", "");
    const editor = alma.page.getByRole("textbox", { name: text("entry.text") });
    await editor.click();
    await press(alma, "format.title");
    await press(alma, "format.heading");
    await expect(button(alma, text("format.heading"))).toHaveAttribute("aria-pressed", "true");
    await alma.page.keyboard.type("Det vil jeg");
    await alma.page.keyboard.press("Enter");
    await press(alma, "format.list");
    await expect(button(alma, text("format.list"))).toHaveAttribute("aria-pressed", "true");
    await alma.page.keyboard.type("svømme");
    await alma.page.keyboard.press("Enter");
    await press(alma, "format.bold");
    await alma.page.keyboard.type("bage");
    await savedIn(alma);
    await alma.page.reload();
    await openPocket(new Taps(alma.page), secret);
    await openEntry(alma, "Min liste");
    await expect(editor.locator("h2")).toHaveText("Det vil jeg");
    await expect(editor.locator("ul li")).toHaveText(["svømme", "bage"]);
    await expect(editor.locator("li strong")).toHaveText("bage");
  });

  test("a drawing is made by finger and by keys, survives a lock line by line, and becomes a picture", async ({
    back,
  }) => {
    const alma = await back("Alma", { offline: true });
    const { secret } = alma;
    await press(alma, "home.new");
    await press(alma, "entry.draw");
    const paper = alma.page.getByRole("application", { name: text("draw.paper") });
    const box = await paper.boundingBox();
    if (box === null) throw new Error("no paper");
    const empty = await inked(alma);
    await alma.page.mouse.move(box.x + 40, box.y + 40);
    await alma.page.mouse.down();
    await alma.page.mouse.move(box.x + 200, box.y + 160, { steps: 12 });
    await alma.page.mouse.up();
    const first = await inked(alma);
    expect(first).toBeGreaterThan(empty + 200);
    await alma.page.waitForTimeout(400);
    // No "done", no leaving: the line is in the entry already.
    await alma.page.reload();
    await openPocket(new Taps(alma.page), secret);
    await alma.page.locator(".rows button").first().click();
    await expect(alma.page.getByText(text("entry.drawBegun"))).toBeVisible();
    await press(alma, "entry.drawMore");
    await expect.poll(() => inked(alma)).toBeGreaterThan(empty + 200);

    await paper.focus();
    await alma.page.keyboard.press(" ");
    for (let step = 0; step < 6; step += 1) await alma.page.keyboard.press("ArrowRight");
    await alma.page.keyboard.press(" ");
    await expect.poll(() => inked(alma)).toBeGreaterThan(first + 100);
    const both = await inked(alma);
    await press(alma, "draw.undo");
    await expect.poll(() => inked(alma)).toBeLessThan(both);
    await press(alma, "entry.done");
    await expect(alma.page.getByRole("img", { name: text("entry.photoOf", { number: "1" }) })).toBeVisible();
    await expect(alma.page.getByText(text("entry.drawBegun"))).toHaveCount(0);

    // Gone on with: the new picture takes the place of the old one.
    await alma.page.getByRole("button", { name: `${text("entry.photoLook")}, 1` }).click();
    await press(alma, "entry.drawMore");
    await expect.poll(() => inked(alma)).toBeGreaterThan(empty + 200);
    await press(alma, "entry.done");
    await expect(alma.page.getByRole("img", { name: text("entry.photoOf", { number: "1" }) })).toBeVisible();
    await expect(alma.page.getByRole("img", { name: text("entry.photoOf", { number: "2" }) })).toHaveCount(0);
  });

  test("a photo can be drawn on, and the photo itself stays as it was", async ({ back }) => {
    const alma = await back("Alma");
    await press(alma, "home.new");
    await alma.page
      .locator("input[type=file]")
      .first()
      .setInputFiles({ name: "a.jpg", mimeType: "image/jpeg", buffer: await photoWithExif(alma.page, "a") });
    const photo = alma.page.getByRole("img", { name: text("entry.photoOf", { number: "1" }) });
    await expect(photo).toBeVisible();
    await alma.page.getByRole("button", { name: `${text("entry.photoLook")}, 1` }).click();
    await press(alma, "entry.drawOn");
    const paper = alma.page.getByRole("application", { name: text("draw.paper") });
    await paper.focus();
    await alma.page.keyboard.press(" ");
    for (let step = 0; step < 4; step += 1) await alma.page.keyboard.press("ArrowDown");
    await alma.page.keyboard.press(" ");
    await press(alma, "entry.done");
    await expect(alma.page.getByRole("img", { name: text("entry.photoOf", { number: "2" }) })).toBeVisible();
    await expect(photo).toBeVisible();
  });

  test("marks are the child's own words; put away is out of the list, the bin gives back for thirty days", async ({
    back,
  }) => {
    const alma = await back("Alma");
    const { secret } = alma;
    for (const title of ["Øverst", "Væk", "I spanden"]) {
      await writeEntry(alma, title, "Ord.");
      await goHome(alma);
    }

    await openEntry(alma, "Øverst");
    // A mood of one's own, beside a drawn one.
    await press(alma, "entry.ownMood");
    // Not added: the tile that opened the field closes it, and the word is taken all the same.
    await alma.page.getByLabel(text("entry.ownMoodLabel")).fill("Spændt");
    await press(alma, "entry.ownMood");
    const moods = alma.page.getByRole("group", { name: text("entry.moods") });
    await moods.getByRole("button", { name: "Glad", exact: true }).click();
    for (const name of ["Spændt", "Glad"])
      await expect(moods.getByRole("button", { name, exact: true })).toHaveAttribute("aria-pressed", "true");
    await press(alma, "entry.more");
    await press(alma, "more.marks");
    await alma.page.getByLabel(text("marks.day")).fill("den sommer, jeg var 7");
    await alma.page.getByLabel(text("marks.place")).fill("bag skuret");
    for (const [mark, word] of [
      ["marks.persons", "Farmor"],
      ["marks.tags", "bål"],
    ] as const) {
      await alma.page.getByLabel(text(mark)).fill(word);
      await alma.page.keyboard.press("Enter");
      await expect(alma.page.getByRole("list", { name: text(mark) })).toContainText(word);
    }
    // "Done" stands beside "add": what was typed is meant.
    await alma.page.getByRole("textbox", { name: text("marks.persons") }).fill("Bent");
    await alma.page
      .getByRole("dialog")
      .getByRole("button", { name: text("entry.done") })
      .click();
    for (const words of ["den sommer, jeg var 7", "bag skuret", "Farmor og Bent", "bål"])
      await expect(alma.page.locator("main").getByText(words, { exact: true })).toBeVisible();
    await press(alma, "entry.more");
    await press(alma, "more.pin");
    await savedIn(alma);
    await goHome(alma);

    await openEntry(alma, "Væk");
    await press(alma, "entry.more");
    await press(alma, "more.archive");
    await expect(alma.page.locator("html")).toHaveAttribute("data-screen", "home");
    await openEntry(alma, "I spanden");
    await press(alma, "entry.delete");
    await alma.page
      .getByRole("dialog")
      .getByRole("button", { name: text("entry.delete") })
      .click();
    await expect(alma.page.locator("html")).toHaveAttribute("data-screen", "home");
    const row = (title: string) => alma.page.getByRole("button", { name: new RegExp(title) });
    await expect(row("I spanden")).toHaveCount(0);
    await expect(row("Væk")).toHaveCount(0);

    await alma.page.reload();
    await openPocket(new Taps(alma.page), secret);
    await press(alma, "home.things");
    await expect(alma.page.getByRole("region", { name: text("things.pinned") })).toContainText("Øverst");
    await expect(row("Væk")).toHaveCount(0);
    await openEntry(alma, "Øverst");
    await expect(alma.page.getByText("bag skuret", { exact: true })).toBeVisible();
    await expect(alma.page.getByText("bål", { exact: true })).toBeVisible();
    await alma.page.getByRole("button", { name: "Tilbage", exact: true }).click();
    await press(alma, "away.title");
    await expect(row("Væk")).toBeVisible();
    await row("I spanden").click();
    await press(alma, "away.takeOut");
    await expect(row("I spanden")).toHaveCount(0);
    await goHome(alma);
    await expect(row("I spanden")).toBeVisible();

    // And for good: out of the bin it never comes back.
    await openEntry(alma, "I spanden");
    await press(alma, "entry.delete");
    await alma.page
      .getByRole("dialog")
      .getByRole("button", { name: text("entry.delete") })
      .click();
    await press(alma, "home.things");
    await press(alma, "away.title");
    await row("I spanden").click();
    await press(alma, "away.gone");
    await expect(row("I spanden")).toHaveCount(0);
  });
});

test("a complete entry without a letter typed: a way to begin, faces, pictures, a photo; all of it after a lock", async ({
  people,
}) => {
  const alma = await people.come("Alma");
  const secret = await settleIn(new Taps(alma.page), { look: "pictures" });
  // From here on whoever types fails.
  const typed = (): Promise<number> => alma.page.evaluate(() => (globalThis as unknown as { typed: number }).typed);
  await alma.page.evaluate(() => {
    Object.assign(globalThis, { typed: 0 });
    addEventListener("keydown", () => (globalThis as unknown as { typed: number }).typed++, true);
  });
  await press(alma, "home.new");
  await press(alma, "begin.open");
  const ways = alma.page.getByRole("dialog", { name: text("begin.title") });
  await expect(ways.getByText(text("begin.letterMeans"))).toBeVisible();
  for (const way of ["begin.good", "begin.angry", "begin.after", "begin.letter", "begin.dream"] as const)
    await expect(ways.getByRole("button", { name: text(way), exact: true })).toBeVisible();
  await press(alma, "begin.before");
  const editor = alma.page.getByRole("textbox", { name: text("entry.text") });
  await expect(alma.page.getByLabel(text("entry.title"), { exact: true })).toHaveValue(text("begin.before"));
  await expect(editor.locator("h2")).toHaveCount(3);
  await expect(button(alma, text("begin.open"))).toHaveCount(0);
  // More than one face.
  const face = (name: string) =>
    alma.page.getByRole("group", { name: text("entry.moods") }).getByRole("button", { name, exact: true });
  for (const name of ["Glad", "Vred"]) await face(name).click();
  await alma.page
    .locator("input[type=file]")
    .first()
    .setInputFiles({ name: "a.jpg", mimeType: "image/jpeg", buffer: await photoWithExif(alma.page, "a") });
  const photo = alma.page.getByRole("img", { name: text("entry.photoOf", { number: "1" }) });
  await expect(photo).toBeVisible();

  const field = alma.page.locator(".sticker-field button");
  for (const picture of [0, 9]) {
    await press(alma, "stickers.tool");
    await field.nth(picture).click();
  }
  const on = alma.page.getByRole("list", { name: text("stickers.title") }).getByRole("button");
  await expect(on).toHaveCount(2);
  await on.first().click();
  await expect(on).toHaveCount(1);
  await savedIn(alma);
  expect(await typed()).toBe(0);
  await alma.page.reload();
  await openPocket(new Taps(alma.page), secret);
  await press(alma, "home.things");
  await openEntry(alma, text("begin.before"));
  await expect(on).toHaveCount(1);
  await expect(photo).toBeVisible();
  for (const name of ["Glad", "Vred"]) await expect(face(name)).toHaveAttribute("aria-pressed", "true");
  await expect(face("Rolig")).toHaveAttribute("aria-pressed", "false");
  // A letter that isn't sent begins itself too, and says that it stays.
  await goHome(alma);
  await press(alma, "home.new");
  await press(alma, "begin.open");
  await expect(alma.page.getByRole("dialog")).toContainText(text("begin.letterMeans"));
  await press(alma, "begin.letter");
  await expect(editor.getByRole("heading", { name: text("begin.letter.dear") })).toBeVisible();
});
