/** Writing without a network: nothing is lost but the last moment, whatever happens to the tab, the browser, the server. */

import { press, text } from "./harness/meet.ts";
import { expect, type Person, test } from "./harness.ts";
import { openPocket, Taps } from "./steps.ts";

test.use({ begins: "settled" });

const WORDS = "I dag så jeg en hejre ved søen, og den stod helt stille.";

const editorOf = ({ page }: Person) => page.getByRole("textbox", { name: text("entry.text") });

async function writeNew(person: Person, words: string): Promise<void> {
  await press(person, "home.new");
  await editorOf(person).click();
  await person.page.keyboard.type(words);
  await expect(person.page.getByText(text("entry.saved"), { exact: true }).first()).toBeVisible();
}

const readBack = async (person: Person): Promise<string> => {
  await person.page
    .getByRole("button", { name: new RegExp(WORDS.slice(0, 12)) })
    .first()
    .click();
  await expect(editorOf(person)).toContainText(WORDS);
  return (await editorOf(person).textContent()) ?? "";
};

test("a browser that dies in the middle of a word has lost at most the last 300 ms", async ({ back, server }) => {
  const alma = await back("Alma", { offline: true });
  const { secret } = alma;
  await server.stop();
  await writeNew(alma, WORDS);
  await alma.page.keyboard.type(" Så fløj");
  // 300 ms is what may be lost: what was typed before them must be there.
  await alma.page.waitForTimeout(300);
  await alma.page.keyboard.type(" de");
  await alma.kill();
  await alma.open();
  await openPocket(new Taps(alma.page), secret);
  expect(await readBack(alma)).toContain(`${WORDS} Så fløj`);
});

test("a tab that is closed in the middle of a word, likewise", async ({ back }) => {
  const alma = await back("Alma", { offline: true });
  const { secret } = alma;
  await writeNew(alma, WORDS);
  await alma.page.keyboard.type(" Så fløj");
  await alma.page.waitForTimeout(300);
  await alma.page.keyboard.type(" de");
  await alma.page.reload();
  await openPocket(new Taps(alma.page), secret);
  expect(await readBack(alma)).toContain(`${WORDS} Så fløj`);
});

test("the lock loses nothing at all, however soon it comes", async ({ back }) => {
  const alma = await back("Alma");
  const { secret } = alma;
  await writeNew(alma, WORDS);
  await alma.page.keyboard.type(" Så fløj den");
  await press(alma, "entry.done");
  await press(alma, "home.lock");
  await expect(alma.page.locator(".locked")).toBeVisible();
  await openPocket(new Taps(alma.page), secret);
  expect(await readBack(alma)).toContain(`${WORDS} Så fløj den`);
});

test("the quick way out drops the keys at once, and has lost at most the last 300 ms", async ({ back }) => {
  const alma = await back("Alma");
  const { secret } = alma;
  await writeNew(alma, WORDS);
  await alma.page.keyboard.type(" Så fløj");
  await alma.page.waitForTimeout(300);
  await alma.page.keyboard.type(" den");
  await alma.page.getByRole("button", { name: "Ud", exact: true }).click();
  await expect(alma.page).toHaveTitle("Skyer og vejr");
  await alma.page.goto(new URL(alma.page.url()).origin);
  await openPocket(new Taps(alma.page), secret);
  expect(await readBack(alma)).toContain(`${WORDS} Så fløj`);
});
