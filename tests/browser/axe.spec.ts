/**
 * axe on every screen of the route table, light and dark, the sizes of what is touched, and that every label is read aloud:
 * what the walk passes by, and nothing may be left out.
 */
import { routes } from "../../client/state/route-table.ts";
import { Stage, screensOfOthers, WITH_MICROPHONE } from "../gallery/stage.ts";
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
import { unsaidOn, withVoice } from "./harness/voices.ts";
import { expect, test } from "./harness.ts";
import type { TestLanguage, TestLook } from "./steps.ts";

const LANGUAGES: readonly TestLanguage[] = ["da", "sv", "en"];
const LOOKS: readonly TestLook[] = ["pictures", "middle", "quiet"];

/**
 * Danish in every look; the two other languages with axe for the screens that have the longest texts, and the sizes of all.
 * All nine, and axe everywhere, with SLOW=1.
 */
const WALKS: readonly (readonly [TestLanguage, TestLook])[] =
  process.env.SLOW === "1"
    ? LANGUAGES.flatMap((language) => LOOKS.map((look) => [language, look] as const))
    : [
        ["en", "middle"],
        ["sv", "middle"],
        ["da", "middle"],
        ["da", "pictures"],
        ["da", "quiet"],
      ];

test.describe("walks", () => {
  test.describe.configure({ mode: "parallel" });
  // As an organisation runs it: where everybody may create, nobody is asked for a code for more room.
  test.use({ serverEnv: { CREATION: "token" } });
  for (const [language, look] of WALKS)
    test(`every screen is clean: ${language}, ${look}`, async ({ people }) => {
      test.setTimeout(600_000);
      const found: string[] = [];
      const read = new Set<string>();
      const stage = new Stage(language, look, async (page, route, state) => {
        const sizesOnly = language !== "da" && process.env.SLOW !== "1" && !(await isLong(page));
        found.push(...(await examine(page, `${route} ${state}`, { sizesOnly })));
        if (!read.has(route))
          for (const label of await unsaidOn(page)) found.push(`${route}: not read aloud: ${label}`);
        read.add(route);
      });
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

test("the examination sees what it should: a planted button without a name, and text too pale or too dark", async ({
  people,
}) => {
  const alma = await people.come("Alma");
  await expect(alma.page.locator("h1")).toBeVisible();
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
