/**
 * axe on every screen of the route table, light and dark, the sizes of what is touched, and that every label is read aloud:
 * what the walk passes by, and nothing may be left out.
 */
import type { Page } from "@playwright/test";
import { first } from "../../client/i18n/first.ts";
import { routes } from "../../client/state/route-table.ts";
import { type Eye, Stage, screensOfOthers, WITH_MICROPHONE } from "../gallery/stage.ts";
import {
  walkAgain,
  walkDevices,
  walkOtherFirstRuns,
  walkOutside,
  walkOwnThings,
  walkPairing,
  walkShowing,
  walkTogetherAndDoor,
} from "../gallery/walk.ts";
import { walkLife } from "../gallery/walk-life.ts";
import { walkSecondCode } from "../gallery/walk-second-code.ts";
import { IPAD } from "../gallery/walk-settings.ts";
import { walkTakeAlong } from "../gallery/walk-take-along.ts";
import { examine, isLong } from "./harness/examine.ts";
import { drawIn } from "./harness/other-language.ts";
import { unsaidOn, withVoice } from "./harness/voices.ts";
import { expect, test } from "./harness.ts";
import { onScreen, type TestLanguage, type TestLook, texts } from "./steps.ts";

const LANGUAGES: readonly TestLanguage[] = ["da", "sv", "en"];
const LOOKS: readonly TestLook[] = ["pictures", "middle", "quiet"];
const EVERY = process.env.SLOW === "1";

/**
 * Danish in every look. In the middle one each screen is drawn in the two other languages too, as it stands there: axe for the
 * screens that have the longest texts, and the sizes and the reading aloud of all. With SLOW=1 every language is walked in every
 * look, with axe everywhere.
 */
const WALKS: readonly (readonly [TestLanguage, TestLook])[] = EVERY
  ? LANGUAGES.flatMap((language) => LOOKS.map((look) => [language, look] as const))
  : [
      ["da", "middle"],
      ["da", "pictures"],
      ["da", "quiet"],
    ];

/** What is wrong with the screens that a walk comes by. */
function examiner(language: TestLanguage, look: TestLook, found: string[]): Eye {
  const read = new Set<string>();
  const examineIn = async (page: Page, route: string, state: string, sizesOnly: boolean, drawn: TestLanguage) => {
    found.push(...(await examine(page, `${route} ${state} ${drawn}`, { sizesOnly })));
    if (!read.has(`${route} ${drawn}`))
      for (const label of await unsaidOn(page)) found.push(`${route} ${drawn}: not read aloud: ${label}`);
    read.add(`${route} ${drawn}`);
  };
  return async (page, route, state) => {
    await examineIn(page, route, state, false, language);
    if (EVERY || look !== "middle") return;
    for (const other of LANGUAGES.filter((one) => one !== language)) {
      await drawIn(page, other);
      await examineIn(page, route, state, !(await isLong(page)), other);
    }
    await drawIn(page, language);
  };
}

test.describe("walks", () => {
  test.describe.configure({ mode: "parallel" });
  // As an organisation runs it: where everybody may create, nobody is asked for a code for more room.
  test.use({ serverEnv: { CREATION: "token" }, begins: "visited" });
  for (const [language, look] of WALKS)
    test(`every screen is clean: ${language}, ${look}`, async ({ people }) => {
      test.setTimeout(900_000);
      const found: string[] = [];
      const stage = new Stage(language, look, examiner(language, look, found));
      const alma = await withVoice(await people.come("Alma", WITH_MICROPHONE));
      const secret = await walkOutside(stage, alma);
      await walkOwnThings(stage, alma);
      await walkTakeAlong(stage, alma, secret);
      await walkLife(stage, alma);
      await walkDevices(stage, alma, secret);
      await walkSecondCode(stage, alma, secret);
      const mette = await withVoice(await people.come("Mette"));
      const carer = await withVoice(await people.come("a carer"));
      await walkOtherFirstRuns(stage, mette, carer);
      await walkPairing(stage, alma, mette);
      await walkShowing(stage, alma, mette, secret);
      await mette.close();
      const again = await withVoice(await people.come("Mette, with an emptied browser", { args: IPAD }));
      await walkAgain(stage, alma, again, secret);
      await walkTogetherAndDoor(stage, alma);
      expect(found).toEqual([]);
      // English alone has the screen that asks for the country.
      const elsewhere = screensOfOthers(language, look);
      expect(Object.keys(routes).filter((route) => !stage.seen.has(route) && !elsewhere.has(route))).toEqual([]);
    });
});

test("the country is asked for in English alone, and that screen is clean", async ({ people }) => {
  const { page } = await withVoice(await people.come("Alma"));
  await page.getByRole("button", { name: first.en["first.language"], exact: true }).click();
  await onScreen(page, "country");
  expect(await examine(page, "country")).toEqual([]);
  expect(await unsaidOn(page)).toEqual([]);
});

test("the examination sees what it should: a planted button without a name, and text too pale or too dark", async ({
  people,
}) => {
  const alma = await people.come("Alma");
  await expect(alma.page.getByText(texts.da["start.none"])).toBeVisible();
  // Drawn in another language, and back.
  await drawIn(alma.page, "sv");
  expect(await alma.page.getByText(texts.sv["start.none"]).count()).toBe(1);
  expect(await alma.page.getByText(texts.da["start.none"]).count()).toBe(0);
  await drawIn(alma.page, "da");
  expect(await alma.page.getByText(texts.da["start.none"]).count()).toBe(1);
  await alma.page.evaluate(() => {
    const main = document.querySelector("main");
    main?.append(document.createElement("button"));
    for (const [id, colour] of [
      ["pale", "#e5ddd0"],
      ["dark", "#33302c"],
    ] as const) {
      const words = document.createElement("p");
      words.id = id;
      words.textContent = id;
      words.style.color = colour;
      main?.append(words);
    }
  });
  const found = await examine(alma.page, "planted");
  expect(found.filter((line) => /light: color-contrast at .*#pale/.test(line))).toHaveLength(1);
  expect(found.filter((line) => /dark: color-contrast at .*#dark/.test(line))).toHaveLength(1);
  expect(found.filter((line) => /light: button-name/.test(line))).toHaveLength(1);
});
