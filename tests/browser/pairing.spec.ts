/** Meeting and scanning: by camera, from a picture of the code, and what an invitation that is used or broken says. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeInvitation, parseInvitation } from "../../crypto/invitation.ts";
import { ready } from "../../crypto/sodium.ts";
import { goHome, heading, makeLink, pairByLink, pasteLink, press, text, writeEntry } from "./harness/meet.ts";
import { expect, type Person, statusLines, test } from "./harness.ts";
import { onScreen, settleIn, Taps } from "./steps.ts";

test.use({ begins: "settled" });

async function toCode(person: Person): Promise<Buffer> {
  await press(person, "home.people");
  await press(person, "people.add");
  await person.page.getByRole("textbox").fill("Alma");
  await press(person, "pair.nameSave");
  await press(person, "pair.show");
  return person.page.getByRole("img", { name: text("pair.codeLabel") }).screenshot();
}

async function toScan(person: Person): Promise<void> {
  await press(person, "desk.people");
  await press(person, "people.add");
  await press(person, "pair.scan");
  await heading(person, "pair.scan").waitFor();
}

const bothFound = async (one: Person, other: Person): Promise<void> => {
  for (const person of [one, other]) {
    await expect(person.page.getByText(text("pair.found"))).toBeVisible({ timeout: 30_000 });
  }
};

/** A film of one still picture, as the fake camera reads it: grey, in the middle of a 640 × 480 frame. */
async function film(person: Person, png: Buffer, file: string): Promise<void> {
  const [width, height] = [640, 480];
  const grey = await person.page.evaluate(
    async ([picture, w, h]) => {
      const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const context = new OffscreenCanvas(w, h).getContext("2d");
      if (!context) throw new Error("no canvas");
      context.fillStyle = "#fff";
      context.fillRect(0, 0, w, h);
      const side = h - 40;
      context.drawImage(bitmap, (w - side) / 2, 20, side, side);
      const { data } = context.getImageData(0, 0, w, h);
      return Array.from({ length: w * h }, (_, i) => data[4 * i] ?? 0);
    },
    [png.toString("base64"), width, height] as const,
  );
  const frame = Buffer.concat([
    Buffer.from("FRAME\n"),
    Buffer.from(grey),
    Buffer.alloc((width / 2) * (height / 2) * 2, 128),
  ]);
  const head = Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`);
  writeFileSync(file, Buffer.concat([head, ...Array.from({ length: 10 }, () => frame)]));
}

test("by camera: the caseworker scans the child's code, and both have found each other", async ({ back }) => {
  test.setTimeout(180_000);
  const video = join(mkdtempSync(join(tmpdir(), "lomme-film-")), "code.y4m");
  const alma = await back("Alma");
  await film(alma, await toCode(alma), video);
  const mette = await back("Mette", {
    args: [
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
      `--use-file-for-fake-video-capture=${video}`,
    ],
  });
  await toScan(mette);
  await bothFound(alma, mette);
});

test("from a picture of the code both compare; a picture without one says so and loses nothing", async ({ back }) => {
  test.setTimeout(180_000);
  const [alma, mette] = await Promise.all([back("Alma"), back("Mette")]);
  const code = await toCode(alma);
  await toScan(mette);
  const picture = mette.page.locator("input[type=file]");
  await picture.setInputFiles({ name: "a.png", mimeType: "image/png", buffer: await mette.page.screenshot() });
  await expect(mette.page.getByText(text("pair.noCode"))).toBeVisible();
  await picture.setInputFiles({ name: "b.png", mimeType: "image/png", buffer: code });
  // A picture may have travelled, so it is treated as a link.
  for (const person of [alma, mette]) await heading(person, "compare.title").waitFor({ timeout: 30_000 });
});

/** The same invitation, with a time that was over a minute ago. */
async function outOfDate(link: string): Promise<string> {
  await ready();
  const [address, payload = ""] = link.split("#");
  const expires = Math.floor(Date.now() / 1000) - 60;
  return `${address}#${encodeInvitation({ ...parseInvitation(payload), expires })}`;
}

test("an invitation works once: who comes later is told, and a broken one is no invitation", async ({
  people,
  back,
  server,
}) => {
  test.setTimeout(240_000);
  const [alma, mette, noah] = await Promise.all([back("Alma"), back("Mette"), people.come("Noah")]);
  await settleIn(new Taps(noah.page), { role: "caseworker", name: "Noah" });
  noah.allow("a used invitation is not there any more", statusLines(server.origin, 404));
  noah.allow("a used invitation is not there any more", statusLines(server.origin, 401));
  noah.allow("a used invitation is not there any more", statusLines(server.origin, 403));
  noah.allow("a used invitation is not there any more", statusLines(server.origin, 410));

  const link = await makeLink(alma, "Alma");
  await pasteLink(noah, "Noah", link.slice(0, -8));
  await expect(noah.page.getByText(text("pair.broken"))).toBeVisible();
  await noah.page.getByLabel(text("pair.pasteLabel")).fill(await outOfDate(link));
  await press(noah, "pair.find");
  await expect(noah.page.getByText(text("pair.tooOld"))).toBeVisible();
  await pasteLink(mette, "Mette", link);
  await heading(mette, "compare.title").waitFor({ timeout: 30_000 });
  await noah.page.getByLabel(text("pair.pasteLabel")).fill(link);
  await press(noah, "pair.find");
  await expect(noah.page.getByText(text("pair.used"))).toBeVisible();
});

test("opened as a link, the invitation leaves the address at once", async ({ back }) => {
  test.setTimeout(180_000);
  const [alma, mette] = await Promise.all([back("Alma"), back("Mette")]);
  const { secret } = mette;
  const link = await makeLink(alma, "Alma");
  await mette.page.goto("about:blank");
  await mette.page.goto(link);
  await expect.poll(() => mette.page.evaluate(() => location.href)).not.toContain("#");
  expect(await mette.page.evaluate(() => JSON.stringify(history.state))).not.toContain(link.slice(-20));
  const taps = new Taps(mette.page);
  await mette.page.locator(".locked > .big").first().click();
  await onScreen(mette.page, "code");
  if ("passphrase" in secret) {
    await taps.type("Skriv din kodesætning", secret.passphrase);
    await taps.press("Åbn");
  }
  await mette.page.getByRole("button", { name: text("pair.opened") }).click({ timeout: 60_000 });
  await heading(mette, "pair.opened").waitFor();
  await press(mette, "pair.find");
  await heading(mette, "compare.title").waitFor({ timeout: 30_000 });
});

test("parting: nothing more can be shown to who was taken out", async ({ back }) => {
  test.setTimeout(240_000);
  const [alma, mette] = await Promise.all([back("Alma"), back("Mette")]);
  await pairByLink(alma, "Alma", mette, "Mette");
  await press(alma, "home.people");
  await alma.page.getByRole("button", { name: /Mette/ }).click();
  await press(alma, "person.remove");
  await alma.page
    .getByRole("dialog")
    .getByRole("button", { name: text("person.remove") })
    .click();
  await onScreen(alma.page, "people");
  await expect(alma.page.getByRole("button", { name: /Mette/ })).toHaveCount(0, { timeout: 30_000 });
  // That a removed device gets nothing, not even with the server's help: tests/client/vault/sharing/parting.test.ts.
  await goHome(alma);
  await writeEntry(alma, "Efter", "Kun min.");
  await press(alma, "entry.show");
  await heading(alma, "show.nobody").waitFor();
  await expect(mette.page.getByText("Efter")).toHaveCount(0);
});
