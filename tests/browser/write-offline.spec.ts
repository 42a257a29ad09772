/** Writing without a network: nothing is lost but the last moment, whatever happens to the tab, the browser, the server. */
import { storedForOffline } from "./harness/offline.ts";
import { comeAsChild, press, unlock } from "./harness/walk.ts";
import { expect, type Person, test } from "./harness.ts";

const WORDS = "I dag så jeg en hejre ved søen, og den stod helt stille.";

const editorOf = ({ page }: Person) => page.getByRole("textbox", { name: "Din tekst" });

async function writeNew(person: Person, words: string): Promise<void> {
  await press(person, "Ny");
  await editorOf(person).click();
  await person.page.keyboard.type(words);
  await expect(person.page.getByText("Gemt her", { exact: true }).first()).toBeVisible();
}

const readBack = async (person: Person): Promise<string> => {
  await person.page
    .getByRole("button", { name: new RegExp(WORDS.slice(0, 12)) })
    .first()
    .click();
  await expect(editorOf(person)).toContainText(WORDS);
  return (await editorOf(person).textContent()) ?? "";
};

test("a browser that dies in the middle of a word has lost at most the last 300 ms", async ({ people, server }) => {
  const alma = await people.come("Alma");
  await storedForOffline(alma.page);
  await alma.flightMode(true);
  await server.stop();
  const child = await comeAsChild(alma);
  await writeNew(alma, WORDS);
  await alma.page.keyboard.type(" Så fløj");
  // 300 ms is what may be lost: what was typed before them must be there.
  await alma.page.waitForTimeout(300);
  await alma.page.keyboard.type(" de");
  await alma.kill();
  await alma.open();
  await unlock(child);
  expect(await readBack(alma)).toContain(`${WORDS} Så fløj`);
});

test("a tab that is closed in the middle of a word, likewise", async ({ people }) => {
  const alma = await people.come("Alma");
  await storedForOffline(alma.page);
  await alma.flightMode(true);
  const child = await comeAsChild(alma);
  await writeNew(alma, WORDS);
  await alma.page.keyboard.type(" Så fløj");
  await alma.page.waitForTimeout(300);
  await alma.page.keyboard.type(" de");
  await alma.page.reload();
  await unlock(child);
  expect(await readBack(alma)).toContain(`${WORDS} Så fløj`);
});

test("the lock in the middle of a word loses nothing at all", async ({ people }) => {
  const alma = await people.come("Alma");
  const child = await comeAsChild(alma);
  await writeNew(alma, WORDS);
  await alma.page.keyboard.type(" Så fløj den");
  await press(alma, "Ud");
  await expect(alma.page).toHaveTitle("Skyer og vejr");
  await alma.page.goto(new URL(alma.page.url()).origin);
  await unlock(child);
  expect(await readBack(alma)).toContain(`${WORDS} Så fløj den`);
});
