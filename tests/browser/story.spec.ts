/** The main job in two browsers: pairing, showing, answering, taking back. */

import { giveTo, goHome, heading, pairByLink, press, text, writeEntry } from "./harness/meet.ts";
import { expect, networkLines, type Person, test } from "./harness.ts";
import { settleIn, Taps } from "./steps.ts";

test.describe("as long as a code takes on a device of this speed", () => {
  test.use({ clock: "real" });

  test("a child shows an entry, the caseworker answers, the child takes it back", async ({ people }) => {
    test.setTimeout(240_000);
    await story(await people.come("Alma"), await people.come("Mette"));
  });
});

test("the same where the network refuses WebSockets", async ({ people, capture, server }) => {
  test.setTimeout(240_000);
  capture.refuseTunnels();
  const [alma, mette] = [
    await people.come("Alma", { proxy: capture.address }),
    await people.come("Mette", { proxy: capture.address }),
  ];
  for (const person of [alma, mette]) person.allow("the network refuses WebSockets", networkLines(server.origin));
  await story(alma, mette);
  expect(capture.tunnels.length).toBeGreaterThan(0);
  expect(capture.tunnels.every(({ heads }) => heads.length === 0)).toBe(true);
  expect(capture.exchanges.some(({ url }) => url === `${server.origin}/api/poll`)).toBe(true);
});

async function story(alma: Person, mette: Person): Promise<void> {
  const secretOfAlma = await settleIn(new Taps(alma.page), { look: "middle" });
  await settleIn(new Taps(mette.page), { role: "caseworker", name: "Mette" });
  await pairByLink(alma, "Alma", mette, "Mette");

  await writeEntry(alma, "Broen ved søen", "Vi gik ud på broen, og hunden sprang i.");
  await press(alma, "entry.show");
  // With one person to choose from, the preview comes at once.
  await heading(alma, "show.title", { name: "Mette" }).waitFor();
  await giveTo(alma, "Mette", secretOfAlma);

  const row = mette.page.getByRole("button", { name: /Broen ved søen/ });
  await row.waitFor({ timeout: 30_000 });
  await expect(alma.page.getByText(text("state.arrivedText", { name: "Mette" }))).toBeVisible();
  await row.click();
  await expect(mette.page.getByText("Vi gik ud på broen, og hunden sprang i.")).toBeVisible();
  await expect(alma.page.getByText(text("state.openedText", { name: "Mette" }))).toBeVisible();
  await mette.page.getByRole("textbox", { name: text("desk.replyTo", { name: "Alma" }) }).click();
  await mette.page.keyboard.type("Tak, fordi jeg måtte se det.");
  await press(mette, "desk.send");
  await expect(alma.page.getByText("Tak, fordi jeg måtte se det.")).toBeVisible();

  await press(alma, "state.takeBack");
  await alma.page
    .getByRole("dialog")
    .getByRole("button", { name: text("state.takeBack") })
    .click();
  await expect(alma.page.getByText(text("state.goneOpened", { name: "Mette", genitive: "Mettes" }))).toBeVisible();
  await expect(mette.page.getByText("Vi gik ud på broen, og hunden sprang i.")).toHaveCount(0);
  await goHome(alma);
  await alma.page.getByRole("button", { name: /Broen ved søen/ }).waitFor();
}
