/** Read aloud, in flight mode: a whole screen, one's own words, a question; and dictation that stays on the device. */
import inside from "../../client/i18n/inside/da.json" with { type: "json" };
import { goHome, press, writeEntry } from "./harness/meet.ts";
import { storedForOffline } from "./harness/offline.ts";
import { bare, giveVoices, labelsOf, readAloud, takeSaid } from "./harness/voices.ts";
import { expect, test } from "./harness.ts";
import { settleIn, Taps } from "./steps.ts";

test.use({ begins: "visited" });

test("every label and one's own words are read by a voice of this device; dictated words land in the entry", async ({
  people,
}) => {
  test.setTimeout(240_000);
  const alma = await people.come("Alma");
  const { page } = alma;
  // Without a voice there is no button anywhere.
  await expect(page.locator("[data-reader], .speak")).toHaveCount(0);
  await giveVoices(page);
  await page.addInitScript(() => {
    class Recogniser {
      lang = "";
      processLocally = false;
      onresult: ((event: unknown) => void) | null = null;
      onend: (() => void) | null = null;
      static available = async ({ processLocally }: { processLocally: boolean }) =>
        processLocally ? "available" : "unavailable";
      start(): void {
        const result = Object.assign([{ transcript: "og så gik vi hjem" }], { isFinal: true });
        setTimeout(() => this.onresult?.({ resultIndex: 0, results: [result] }), 50);
      }
      stop(): void {
        this.onend?.();
      }
    }
    Object.defineProperty(Recogniser.prototype, "processLocally", { value: false, writable: true });
    Object.defineProperty(globalThis, "SpeechRecognition", { value: Recogniser });
  });
  await storedForOffline(page);
  await alma.flightMode(true);
  await page.reload();
  await settleIn(new Taps(page), { look: "pictures" });
  const home = bare((await readAloud(page)).join(" "));
  for (const label of ["home.things", "home.people", "home.wishes", "home.new"] as const) {
    expect(home).toContain(bare(inside[label]));
  }
  await writeEntry(alma, "Broen ved søen", "Vi gik ud på broen.");
  await press(alma, "dictate.start");
  await expect(page.getByRole("textbox", { name: inside["entry.text"] })).toContainText("og så gik vi hjem");
  await press(alma, "dictate.stop");
  const said = await readAloud(page);
  expect(said).toContain("Vi gik ud på broen.");
  expect(said).toContain("og så gik vi hjem");
  expect(said.filter((text) => text.startsWith("SENT AWAY"))).toEqual([]);
  const heard = bare(said.join(" "));
  expect((await labelsOf(page)).map(bare).filter((label) => !heard.includes(label))).toEqual([]);
  await press(alma, "entry.more");
  await page.locator("dialog[open]").waitFor();
  const question = bare((await readAloud(page)).join(" "));
  expect((await labelsOf(page)).map(bare).filter((label) => !question.includes(label))).toEqual([]);
  await press(alma, "more.close");
  await goHome(alma);
  await takeSaid(page);
});
