/** The server has no room left: everything is saved here, one quiet sentence says so, and nothing else stops. */
import { goHome, press, text } from "./harness/meet.ts";
import { photoWithExif } from "./harness/photo.ts";
import { expect, statusLines, test } from "./harness.ts";
import { openPocket, settleIn, Taps } from "./steps.ts";

test.use({ serverEnv: { SPACE_QUOTA_MB: "1" }, begins: "visited" });

test("photos that don't fit on the server stay here, and a sentence says so", async ({ people, server }) => {
  test.setTimeout(240_000);
  const alma = await people.come("Alma");
  alma.allow("the server refuses what is over its quota", statusLines(server.origin, 413));
  const taps = new Taps(alma.page);
  const secret = await settleIn(taps, { look: "middle" });
  await press(alma, "home.new");
  await alma.page.getByLabel(text("entry.title"), { exact: true }).fill("Tre store billeder");
  for (const number of ["1", "2", "3"]) {
    const buffer = await photoWithExif(alma.page, "nothing", 2000);
    await alma.page
      .locator("input[type=file]:not([capture])")
      .setInputFiles({ name: "photo.jpg", mimeType: "image/jpeg", buffer });
    await expect(alma.page.getByRole("img", { name: text("entry.photoOf", { number }) })).toBeVisible({
      timeout: 30_000,
    });
  }
  await expect(alma.page.getByText(text("entry.saved"), { exact: true }).first()).toBeVisible();
  await goHome(alma);
  await expect(alma.page.getByText(text("sync.full"))).toBeVisible({ timeout: 60_000 });

  await press(alma, "home.lock");
  await openPocket(taps, secret);
  await alma.page.getByRole("button", { name: /Tre store billeder/ }).click();
  await expect(alma.page.locator("img.photo")).toHaveCount(3, { timeout: 30_000 });
});
