/**
 * Is the server blind? The main story runs through a proxy that keeps every HTTP body and every WebSocket message;
 * afterwards all of it, every file of the server's data and every line of its log are searched for what was written,
 * pasted, photographed and named. The adult is offline when the child takes back, so that the honest end is seen too.
 */
import { randomInt } from "node:crypto";
import { entropyOfJpeg, textCanary, windowCanaries } from "../blindness/canary.ts";
import { everythingCaptured } from "../blindness/capture/everything.ts";
import { type CapturingProxy, startCapturingProxy } from "../blindness/capture/proxy.ts";
import { createScanner, type Hit, hitLines, type Scanner, scanDirectory } from "../blindness/scan.ts";
import { goHome, pairByLink, press, text, writeEntry } from "./harness/meet.ts";
import { photoWithExif } from "./harness/photo.ts";
import { expect, type Person, statusLines, type TestServer, test } from "./harness.ts";
import { settleIn, Taps } from "./steps.ts";

/** Letters that stand nowhere else, with a Danish one, so that every encoding differs. */
const word = (): string => `Å${Array.from({ length: 15 }, () => String.fromCharCode(97 + randomInt(26))).join("")}`;

/** Pictures that the page of this person has drawn: the bytes as they were opened, from its object URLs. */
async function keepPictures(person: Person): Promise<void> {
  await person.page.evaluate(() => {
    const made: Blob[] = [];
    const create = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (thing) => {
      if (thing instanceof Blob) made.push(thing);
      return create(thing);
    };
    Object.assign(globalThis, { picturesDrawn: made });
  });
}

async function picturesDrawn(person: Person): Promise<readonly Buffer[]> {
  const all = await person.page.evaluate(async () => {
    const { picturesDrawn: made } = globalThis as unknown as { picturesDrawn: Blob[] };
    return Promise.all(made.map(async (blob) => [...new Uint8Array(await blob.arrayBuffer())]));
  });
  return all.map((bytes) => Buffer.from(bytes));
}

/** Everything an operator or the network could look at. */
function look(scanner: Scanner, proxy: CapturingProxy, server: TestServer): readonly Hit[] {
  return [
    ...[...everythingCaptured(proxy)].flatMap(({ bytes, where }) => scanner.scan(bytes, where)),
    ...scanDirectory(scanner, server.dataDir),
    ...scanner.scan(Buffer.from(server.log()), "log"),
  ];
}

test("what travels and what the server keeps shows nothing of the story", async ({ people, server }) => {
  test.setTimeout(300_000);
  const proxy = await startCapturingProxy();
  try {
    const [alma, mette] = [
      await people.come("Alma", { proxy: proxy.address }),
      await people.come("Mette", { proxy: proxy.address }),
    ];
    const words = { title: word(), typed: word(), pasted: word(), child: word(), adult: word(), answer: word() };
    const exif = word();
    const fileName = word();
    await settleIn(new Taps(alma.page), { look: "middle" });
    await settleIn(new Taps(mette.page), { role: "caseworker", name: words.adult });
    await pairByLink(alma, words.child, mette, words.adult);
    for (const person of [alma, mette]) await keepPictures(person);

    const photo = await photoWithExif(alma.page, exif);
    await writeEntry(alma, words.title, `${words.typed} og `);
    await alma.page.keyboard.insertText(words.pasted);
    await alma.page
      .locator("input[type=file]:not([capture])")
      .setInputFiles({ name: `${fileName}.jpg`, mimeType: "image/jpeg", buffer: photo });
    await alma.page.getByRole("img", { name: text("entry.photoOf", { number: "1" }) }).waitFor({ timeout: 30_000 });
    await press(alma, "entry.show");
    await press(alma, "show.go", { name: words.adult });
    await expect(alma.page.getByText(text("state.arrivedText", { name: words.adult }))).toBeVisible({
      timeout: 30_000,
    });
    await mette.page.getByRole("button", { name: new RegExp(words.title) }).click();
    await expect(mette.page.getByText(words.pasted)).toBeVisible();
    await expect(mette.page.locator(".desk-open img").first()).toBeVisible();
    await expect(alma.page.getByText(text("state.openedText", { name: words.adult }))).toBeVisible();
    await mette.page.getByRole("textbox", { name: text("desk.replyTo", { name: words.child }) }).click();
    await mette.page.keyboard.insertText(words.answer);
    await press(mette, "desk.send");
    await expect(alma.page.getByText(words.answer)).toBeVisible();

    // Taken back while the adult is away: only when she is back is it known to be gone.
    await mette.flightMode(true);
    await press(alma, "state.takeBack");
    await alma.page
      .getByRole("dialog")
      .getByRole("button", { name: text("state.takeBack") })
      .click();
    const genitive = `${words.adult}s`;
    await expect(alma.page.getByText(text("state.waiting", { genitive }))).toBeVisible();
    await expect(mette.page.getByText(words.pasted)).toBeVisible();
    await mette.flightMode(false);
    await expect(alma.page.getByText(text("state.goneOpened", { name: words.adult, genitive }))).toBeVisible({
      timeout: 60_000,
    });
    await expect(mette.page.getByText(words.pasted)).toHaveCount(0);
    await goHome(alma);

    const drawn = [...(await picturesDrawn(alma)), ...(await picturesDrawn(mette))];
    expect(drawn.length).toBeGreaterThanOrEqual(3);
    const canaries = [
      ...Object.entries({ ...words, exif, fileName }).map(([name, value]) => textCanary(value, name)),
      ...windowCanaries(photo, "photo", entropyOfJpeg(photo)),
      ...drawn.flatMap((jpeg, i) => windowCanaries(jpeg, `drawn picture ${i + 1}`, entropyOfJpeg(jpeg))),
    ];
    const scanner = createScanner(canaries);
    expect(hitLines(look(scanner, proxy, server))).toEqual([]);
    expect(scanner.scannedBytes()).toBeGreaterThan(100_000);
    expect(proxy.tunnels.reduce((sum, { sent }) => sum + sent.length, 0)).toBeGreaterThan(20);

    // Not vacuous: the page itself sends a planted word, as an ordinary message and as an upload.
    const planted = word();
    alma.allow("the planted upload is refused", statusLines(server.origin, 401));
    alma.allow("the planted upload is refused", statusLines(server.origin, 400));
    alma.allow("the planted upload is refused", statusLines(server.origin, 403));
    await alma.page.evaluate(async (canary) => {
      const bytes = new TextEncoder().encode(canary);
      const socket = new WebSocket(`${location.origin.replace("http", "ws")}/sync`, "lomme.1");
      await new Promise((done) => {
        socket.onopen = done;
      });
      socket.send(bytes);
      await new Promise((done) => {
        socket.onclose = done;
        setTimeout(done, 2_000);
      });
      const id = "0".repeat(32);
      await fetch(`/api/spaces/${id}/blobs/${id}/chunks/0?document=${id}`, { method: "PUT", body: bytes });
    }, planted);
    await alma.page.waitForTimeout(500);
    const found = look(createScanner([textCanary(planted, "planted")]), proxy, server).map(({ where }) => where);
    expect(found.some((where) => where.startsWith("sent message"))).toBe(true);
    expect(found.some((where) => where.startsWith("request body of PUT"))).toBe(true);
    // Before the proxy: a browser that outlives it would complain.
    for (const person of [alma, mette]) await person.close();
  } finally {
    await proxy.close();
  }
});
