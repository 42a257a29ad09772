/**
 * What the server gets: the story of showing, answering and writing together runs through a proxy that keeps every body
 * and every WebSocket message. Afterwards nothing of it, nor of the server's files and log, shows a word, a name, a file
 * name, a place, or a piece of a picture or a recording.
 */
import { randomInt } from "node:crypto";
import type { Page } from "@playwright/test";
import { byteCanary, entropyOfJpeg, textCanary, windowCanaries } from "../blindness/canary.ts";
import { everythingCaptured } from "../blindness/capture/everything.ts";
import type { CapturingProxy } from "../blindness/capture/proxy.ts";
import { createScanner, type Hit, hitLines, type Scanner, scanDirectory } from "../blindness/scan.ts";
import { giveTo, goHome, heading, pairByLink, press, text } from "./harness/meet.ts";
import { photoWithExif } from "./harness/photo.ts";
import { FAKE_DEVICES, recordAndStop, rememberedPieces, rememberPieces } from "./harness/recording.ts";
import { expect, networkLines, statusLines, type TestServer, test } from "./harness.ts";
import { settleIn, Taps } from "./steps.ts";

const word = (): string => `ø${Array.from({ length: 13 }, () => String.fromCharCode(97 + randomInt(26))).join("")}`;

/** The bytes of the pictures that a page shows: what was sealed and is shown is the re-encoded picture. */
async function picturesShown(page: Page): Promise<readonly Buffer[]> {
  const inspector = await page.context().newCDPSession(page);
  await inspector.send("Page.enable");
  const { frameTree } = await inspector.send("Page.getResourceTree");
  const pictures: Buffer[] = [];
  for (const { url, mimeType } of frameTree.resources) {
    if (!url.startsWith("blob:") || mimeType !== "image/jpeg") continue;
    const { content } = await inspector.send("Page.getResourceContent", { frameId: frameTree.frame.id, url });
    pictures.push(Buffer.from(content, "base64"));
  }
  await inspector.detach();
  return pictures;
}

/** Everything there is: the wire, the server's files, its log. */
function scanEverything(scanner: Scanner, proxy: CapturingProxy, server: TestServer): readonly Hit[] {
  return [
    ...[...everythingCaptured(proxy)].flatMap(({ bytes, where }) => scanner.scan(bytes, where)),
    ...scanDirectory(scanner, server.dataDir),
    ...scanner.scan(Buffer.from(server.log()), "the server's log"),
  ];
}

test("the server sees nothing of what was written, shown, answered and named", async ({
  people,
  server,
  capture: proxy,
}) => {
  test.setTimeout(300_000);
  const names = { child: `Alma ${word()}`, adult: `Mette ${word()}` };
  const words = {
    title: word(),
    typed: word(),
    pasted: word(),
    mood: word(),
    kept: word(),
    answer: word(),
    page: word(),
  };
  const joint = word();
  const fileName = word();
  const exif = word();
  const alma = await people.come("Alma", { ...FAKE_DEVICES, proxy: proxy.address });
  const mette = await people.come("Mette", { proxy: proxy.address });
  const secretOfAlma = await settleIn(new Taps(alma.page), { look: "middle" });
  await settleIn(new Taps(mette.page), { role: "caseworker", name: names.adult });
  await pairByLink(alma, names.child, mette, names.adult);
  const photo = await photoWithExif(alma.page, exif);

  await press(alma, "home.new");
  await alma.page.getByLabel(text("entry.title"), { exact: true }).fill(words.title);
  await alma.page.getByRole("textbox", { name: text("entry.text") }).click();
  await alma.page.keyboard.type(`${words.typed} `);
  await alma.page.keyboard.insertText(words.pasted);
  await press(alma, "entry.ownMood");
  await alma.page.getByLabel(text("entry.ownMoodLabel")).fill(words.mood);
  await press(alma, "entry.ownMoodAdd");
  await alma.page
    .locator("input[type=file]:not([capture])")
    .setInputFiles({ name: `${fileName}.jpg`, mimeType: "image/jpeg", buffer: photo });
  await expect(alma.page.getByRole("img", { name: text("entry.photoOf", { number: "1" }) })).toBeVisible({
    timeout: 30_000,
  });
  await expect(alma.page.getByText(text("entry.saved"), { exact: true }).first()).toBeVisible();
  const reEncoded = await picturesShown(alma.page);
  await rememberPieces(alma.page);
  await recordAndStop(alma, "sound", 2_500);
  const pieces = await rememberedPieces(alma.page);
  expect(pieces.length).toBeGreaterThan(1);

  await press(alma, "entry.show");
  await heading(alma, "show.title", { name: names.adult }).waitFor();
  await expect(alma.page.getByRole("group", { name: text("show.along") }).locator("img")).toBeVisible();
  const thumbnails = await picturesShown(alma.page);
  await giveTo(alma, names.adult, secretOfAlma);
  const row = mette.page.getByRole("button", { name: new RegExp(words.title) });
  await row.click({ timeout: 60_000 });
  await expect(mette.page.getByText(words.pasted)).toBeVisible();
  await expect(mette.page.locator("img.photo").first()).toBeVisible({ timeout: 30_000 });
  await expect(
    mette.page.getByRole("group", { name: text("recording.sound", { number: "1" }) }),
    "the recording came along",
  ).toBeVisible();
  await mette.page.getByRole("textbox", { name: text("desk.replyTo", { name: names.child }) }).click();
  await mette.page.keyboard.insertText(words.answer);
  await press(mette, "desk.send");
  await expect(alma.page.getByText(words.answer)).toBeVisible({ timeout: 30_000 });

  await goHome(alma);
  await press(alma, "home.new");
  await alma.page.getByRole("textbox", { name: text("entry.text") }).click();
  await alma.page.keyboard.insertText(words.kept);
  await expect(alma.page.getByText(text("entry.saved"), { exact: true }).first()).toBeVisible();
  await goHome(alma);
  await press(alma, "home.people");
  await alma.page.getByRole("button", { name: new RegExp(names.adult) }).click();
  await press(alma, "person.together");
  await alma.page.getByLabel(text("together.name")).fill(words.page);
  await press(alma, "together.start");
  await alma.page.getByRole("textbox", { name: text("together.text") }).click();
  await alma.page.keyboard.insertText(joint);
  await press(mette, "desk.title");
  await press(mette, "desk.together");
  await mette.page.getByRole("button", { name: new RegExp(words.page) }).click({ timeout: 60_000 });
  await expect(mette.page.getByRole("textbox", { name: text("together.text") })).toContainText(joint);

  const pictures = [
    ...new Map([...reEncoded, ...thumbnails].map((bytes) => [bytes.toString("latin1"), bytes])).values(),
  ];
  expect(pictures.length, "the photo and its thumbnail were read").toBeGreaterThanOrEqual(2);
  const scanner = createScanner([
    ...Object.entries({ ...words, joint, fileName, exif }).map(([name, value]) => textCanary(value, name)),
    ...Object.entries(names).map(([name, value]) => textCanary(value, `name of the ${name}`)),
    ...pieces.flatMap((piece, i) => windowCanaries(piece, `recorded piece ${i}`)),
    ...[photo, ...pictures].flatMap((bytes, i) => windowCanaries(bytes, `picture ${i}`, entropyOfJpeg(bytes))),
  ]);
  // While it runs (write-ahead log and all), and once more when it has been stopped.
  expect(hitLines(scanEverything(scanner, proxy, server))).toEqual([]);
  for (const person of [alma, mette]) person.allow("the server is stopped", networkLines(server.origin));
  await server.stop();
  expect(hitLines(scanDirectory(scanner, server.dataDir))).toEqual([]);
  expect(proxy.tunnels.length).toBeGreaterThanOrEqual(2);
  expect(proxy.tunnels.some(({ sent }) => sent.length > 10)).toBe(true);
  expect(proxy.exchanges.some(({ method, requestBody }) => method === "PUT" && requestBody.length > 10_000)).toBe(true);
});

test("the scan is not vacuous: what a page sends as it is, is found", async ({ people, server, capture: proxy }) => {
  const alma = await people.come("Alma", { proxy: proxy.address });
  const planted = { frame: word(), upload: word(), address: word() };
  const key = Buffer.from(Array.from({ length: 32 }, () => randomInt(256)));
  for (const status of [400, 401, 403, 404]) {
    alma.allow("the test asks for what there isn't", statusLines(server.origin, status));
  }
  await alma.page.evaluate(
    async ({ frame, upload, address, hex }) => {
      const socket = new WebSocket(`ws://${location.host}/sync`, "lomme.3");
      await new Promise((open) => {
        socket.onopen = open;
      });
      socket.send(new TextEncoder().encode(`....${frame}....`));
      await new Promise((closed) => {
        socket.onclose = closed;
        setTimeout(closed, 1_000);
      });
      await fetch(`/api/wraps/${encodeURIComponent(address)}`);
      await fetch("/api/spaces", {
        method: "POST",
        body: btoa(String.fromCharCode(...new TextEncoder().encode(upload))),
      });
      await fetch("/api/spaces", { method: "POST", body: hex });
    },
    { ...planted, hex: key.toString("hex") },
  );
  const scanner = createScanner([
    ...Object.entries(planted).map(([name, value]) => textCanary(value, name)),
    byteCanary(key, "key"),
  ]);
  await expect
    .poll(() => new Set(scanEverything(scanner, proxy, server).map(({ canary }) => canary)))
    .toEqual(new Set(["frame", "upload", "address", "key"]));
});
