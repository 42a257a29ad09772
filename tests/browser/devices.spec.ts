/** A pocket on two devices: linked by a code and seven pictures; come to by the card after its wait, which a living device stops. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { readCard } from "../../client/vault/codes.ts";
import { deriveCardKeys } from "../../crypto/card.ts";
import { recoveryTag } from "../../crypto/recipients.ts";
import { ready } from "../../crypto/sodium.ts";
import { examine } from "./harness/examine.ts";
import { giveCode, goHome, heading, press, text, writeEntry } from "./harness/meet.ts";
import { expect, type Person, type TestServer, test } from "./harness.ts";
import { learnSeven, onScreen, openPocket, picturesOf, type Secret, Taps, texts } from "./steps.ts";

const t = texts.da;
const clock = join(mkdtempSync(join(tmpdir(), "lomme-clock-")), "ahead");
const setAhead = (ms: number): void => writeFileSync(clock, String(ms));

test.use({
  begins: "settled",
  serverEnv: {
    NODE_OPTIONS: `--import ${pathToFileURL(join(import.meta.dirname, "harness/ahead.mjs")).href}`,
    CLOCK_AHEAD: clock,
  },
});
test.beforeEach(() => setAhead(0));

const outside = (person: Person, key: keyof typeof t): Promise<void> =>
  person.page.getByRole("button", { name: t[key] }).first().click();

/** From "we found your pocket" to home, with seven pictures of this device's own. */
async function moveIn(person: Person): Promise<readonly number[]> {
  const { page } = person;
  const pictures = await learnSeven(new Taps(page));
  await onScreen(page, "home");
  return pictures;
}

/** From the start page of an empty browser to home, and from home to the list of devices there. */
async function linkTo(phone: Person, tablet: Person, secret: Secret, wrongPictureFirst = false): Promise<void> {
  await outside(phone, "start.have");
  await onScreen(phone.page, "arrive");
  await outside(phone, "arrive.device");
  await phone.page.getByLabel(t["device.name"]).fill("Min telefon");
  await outside(phone, "device.next");
  await expect(phone.page.getByRole("heading", { name: t["link.title"] })).toBeVisible();

  await press(tablet, "home.settings");
  await press(tablet, "devices.title");
  await onScreen(tablet.page, "devices");
  await press(tablet, "devices.add");
  await giveCode(tablet, secret);
  const code = await tablet.page.getByRole("img", { name: text("linking.codeLabel") }).screenshot();
  const picture = phone.page.locator("input[type=file]");
  if (wrongPictureFirst) {
    await picture.setInputFiles({ name: "a.png", mimeType: "image/png", buffer: await phone.page.screenshot() });
    await expect(phone.page.getByText(t["link.noCode"])).toBeVisible();
  }
  await picture.setInputFiles({ name: "code.png", mimeType: "image/png", buffer: code });

  const seen: string[][] = [];
  for (const person of [tablet, phone]) {
    await expect(person.page.getByRole("heading", { name: t["link.compareTitle"] })).toBeVisible({ timeout: 30_000 });
    seen.push(await person.page.locator(".mine li").allInnerTexts());
  }
  expect(seen[0]).toHaveLength(7);
  expect(seen[0]).toEqual(seen[1]);
  for (const person of [phone, tablet]) await outside(person, "link.yes");
  await outside(phone, "restore.next");
  await moveIn(phone);
  await expect(heading(tablet, "linking.doneTitle")).toBeVisible({ timeout: 30_000 });
  await press(tablet, "linking.finish");
}

test("a second device is linked by a code and seven pictures, and fills with what was there; lost, it is taken out and gets nothing new", async ({
  people,
  back,
}) => {
  test.setTimeout(300_000);
  const tablet = await back("Alma");
  const { secret } = tablet;
  await writeEntry(tablet, "Broen ved søen", "Vi gik ud på broen.");
  await goHome(tablet);

  const phone = await people.come("Alma's phone");
  await linkTo(phone, tablet, secret, true);
  await expect(phone.page.getByRole("button", { name: /Broen ved søen/ })).toBeVisible({ timeout: 60_000 });
  await expect(tablet.page.locator(".devices > li")).toHaveCount(2, { timeout: 30_000 });
  await expect(tablet.page.getByText("Min telefon")).toBeVisible();

  // What is written on one is on the other.
  await writeEntry(phone, "Fra telefonen", "Skrevet i bussen.");
  await goHome(phone);
  await goHome(tablet);
  await expect(tablet.page.getByRole("button", { name: /Fra telefonen/ })).toBeVisible({ timeout: 30_000 });

  // The phone is lost: taken out, with the code, on the device that is left.
  await press(tablet, "home.settings");
  await press(tablet, "devices.title");
  await expect(tablet.page.locator(".devices > li")).toHaveCount(2);
  await press(tablet, "devices.lost");
  await expect(tablet.page.getByRole("heading", { name: text("lost.title", { name: "Min telefon" }) })).toBeVisible();
  await expect(tablet.page.getByText(text("lost.until"))).toBeVisible();
  expect(await examine(tablet.page, "device-lost")).toEqual([]);
  await press(tablet, "lost.remove");
  await giveCode(tablet, secret);
  await expect(heading(tablet, "lost.doneTitle")).toBeVisible({ timeout: 30_000 });
  await expect(tablet.page.getByText(text("lost.card"))).toBeVisible();
  expect(await examine(tablet.page, "device-lost-done")).toEqual([]);
  await press(tablet, "linking.finish");
  await expect(tablet.page.locator(".devices > li")).toHaveCount(1);
  await goHome(tablet);
  await writeEntry(tablet, "Kun her", "Det ser telefonen ikke.");
  await goHome(tablet);
  await expect(phone.page.getByText(text("sync.removed"))).toBeVisible({ timeout: 30_000 });
  await expect(phone.page.getByRole("button", { name: /Fra telefonen/ })).toBeVisible();
  await expect(phone.page.getByRole("button", { name: /Kun her/ })).toHaveCount(0);
});

test("a browser put back from an old copy loses nothing and repeats nothing; one whose store is gone is linked again", async ({
  people,
  back,
}) => {
  test.setTimeout(300_000);
  const tablet = await back("Alma");
  const { secret } = tablet;
  await writeEntry(tablet, "Mandag", "Skrevet før kopien.");
  await goHome(tablet);
  const phone = await people.come("Alma's phone");
  await linkTo(phone, tablet, secret);
  await goHome(tablet);
  const seenOn = (person: Person, title: string) =>
    expect(person.page.getByRole("button", { name: new RegExp(title) })).toBeVisible({ timeout: 60_000 });
  await seenOn(phone, "Mandag");

  // The disk of the tablet is copied, used, and put back as it was.
  const copy = mkdtempSync(join(tmpdir(), "lomme-copy-"));
  await tablet.close();
  cpSync(tablet.profile, copy, { recursive: true });
  await tablet.open();
  await openPocket(new Taps(tablet.page), secret);
  await writeEntry(tablet, "Tirsdag", "Skrevet efter kopien.");
  await goHome(tablet);
  await seenOn(phone, "Tirsdag");
  await tablet.close();
  rmSync(tablet.profile, { recursive: true, force: true });
  cpSync(copy, tablet.profile, { recursive: true });
  await tablet.open();
  await openPocket(new Taps(tablet.page), secret);
  await writeEntry(tablet, "Onsdag", "Skrevet på den gamle disk.");
  await goHome(tablet);
  for (const person of [tablet, phone]) {
    for (const title of ["Tirsdag", "Onsdag"]) await seenOn(person, title);
    await expect(person.page.locator(".sync-word")).toHaveCount(0);
  }
  rmSync(copy, { recursive: true, force: true });

  // The browser of the phone throws its store away, as one does that runs out of room.
  await phone.page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) if (name) indexedDB.deleteDatabase(name);
  });
  await phone.page.reload();
  await linkTo(phone, tablet, secret);
  for (const title of ["Tirsdag", "Onsdag"]) await seenOn(phone, title);
});

test("seven pictures that differ end it: nothing is linked", async ({ people, back }) => {
  test.setTimeout(240_000);
  const tablet = await back("Alma");
  const { secret } = tablet;
  const phone = await people.come("somebody's phone");
  await outside(phone, "start.have");
  await outside(phone, "arrive.device");
  await outside(phone, "device.next");
  await press(tablet, "home.settings");
  await press(tablet, "devices.title");
  await press(tablet, "devices.add");
  await giveCode(tablet, secret);
  const code = await tablet.page.getByRole("img", { name: text("linking.codeLabel") }).screenshot();
  await phone.page.locator("input[type=file]").setInputFiles({ name: "code.png", mimeType: "image/png", buffer: code });
  for (const person of [tablet, phone])
    await expect(person.page.getByRole("heading", { name: t["link.compareTitle"] })).toBeVisible({ timeout: 30_000 });
  await outside(tablet, "link.no");
  await expect(tablet.page.getByText(text("linking.refused"))).toBeVisible();
  await outside(phone, "link.no");
  await expect(phone.page.getByRole("heading", { name: t["link.endedTitle"] })).toBeVisible({ timeout: 30_000 });
  await tablet.page.getByRole("button", { name: "Tilbage", exact: true }).click();
  await expect(tablet.page.locator(".devices > li")).toHaveCount(1);
});

/** Makes a card that waits an hour; gives its thirty pictures. Ends at home. */
async function makeCard(person: Person, secret: Secret): Promise<readonly number[]> {
  await press(person, "home.settings");
  await outside(person, "settings.card");
  await person.page.getByRole("radio", { name: text("cardwait.1") }).click();
  await expect(person.page.getByText(text("cardwait.means1"))).toBeVisible();
  await outside(person, "card.make");
  await giveCode(person, secret);
  await expect(person.page.locator(".card-rows > li")).toHaveCount(6);
  const card = await picturesOf(person.page, ".card-rows use");
  await person.page.getByRole("button", { name: "Tilbage", exact: true }).click();
  await onScreen(person.page, "home");
  return card;
}

/** What the server's store answers to a question for one number. */
function countIn({ dataDir }: TestServer, sql: string, ...given: Uint8Array[]): number {
  const db = new DatabaseSync(join(dataDir, "lomme.sqlite"), { readOnly: true });
  try {
    const [count] = Object.values(db.prepare(sql).get(...given) ?? {}) as SQLOutputValue[];
    return Number(count);
  } finally {
    db.close();
  }
}

/** Waits until the card opens something at the server. */
async function cardIsThere(server: TestServer, card: readonly number[]): Promise<void> {
  await ready();
  const rows = Array.from({ length: 6 }, (_, row) => card.slice(5 * row, 5 * row + 5));
  const tag = Buffer.from(recoveryTag(deriveCardKeys(readCard(rows)).wrapSecret), "hex");
  const count = (): number => countIn(server, "SELECT COUNT(*) FROM wraps WHERE tag = ? AND wait > 0", tag);
  await expect.poll(count, { timeout: 30_000 }).toBe(1);
}

/** The server is asked every five minutes, and whenever home comes up. */
async function seesWait(person: Person): Promise<void> {
  await expect(async () => {
    await press(person, "home.settings");
    await goHome(person);
    await expect(person.page.getByText(text("wait.slip"))).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 60_000 });
}

async function useCard(person: Person, card: readonly number[]): Promise<void> {
  const taps = new Taps(person.page);
  await taps.pickAll(card);
}

test("the card brings the pocket to a new device after its wait, with everything in it", async ({
  people,
  back,
  server,
}) => {
  test.setTimeout(300_000);
  const tablet = await back("Alma");
  const { secret } = tablet;
  const documents = (): number => countIn(server, "SELECT COUNT(DISTINCT document) FROM records");
  const before = documents();
  await writeEntry(tablet, "Broen ved søen", "Vi gik ud på broen.");
  await goHome(tablet);
  await expect.poll(documents, { timeout: 30_000 }).toBeGreaterThan(before);
  const card = await makeCard(tablet, secret);
  await cardIsThere(server, card);

  const fresh = await people.come("a new tablet");
  await outside(fresh, "start.have");
  await outside(fresh, "arrive.card");
  await useCard(fresh, card);
  await expect(fresh.page.getByRole("heading", { name: t["restore.waitTitle"] })).toBeVisible({ timeout: 30_000 });
  // It is seen on the living device, which is then lost; the wait goes on.
  await seesWait(tablet);
  await tablet.close();
  setAhead(3_700_000);
  await outside(fresh, "restore.again");
  await useCard(fresh, card);
  await outside(fresh, "restore.next");
  await outside(fresh, "device.next");
  await moveIn(fresh);
  await expect(fresh.page.getByRole("button", { name: /Broen ved søen/ })).toBeVisible({ timeout: 60_000 });
});

test("a living device stops a wait with its code; the card opens nothing any more", async ({
  people,
  back,
  server,
}) => {
  test.setTimeout(300_000);
  const tablet = await back("Alma");
  const { secret } = tablet;
  const card = await makeCard(tablet, secret);
  await cardIsThere(server, card);
  const thief = await people.come("somebody who found the card");
  await outside(thief, "start.have");
  await outside(thief, "arrive.card");
  await useCard(thief, card);
  await expect(thief.page.getByRole("heading", { name: t["restore.waitTitle"] })).toBeVisible({ timeout: 30_000 });
  await seesWait(tablet);
  await tablet.page.getByRole("button", { name: text("wait.slip") }).click();
  await onScreen(tablet.page, "card-waits");
  await press(tablet, "wait.stop");
  await giveCode(tablet, secret);
  await expect(heading(tablet, "wait.stoppedTitle")).toBeVisible({ timeout: 30_000 });
  setAhead(3_700_000);
  await outside(thief, "restore.again");
  await useCard(thief, card);
  await expect(thief.page.getByText(t["restore.ended"]).or(thief.page.getByText(t["restore.unknown"]))).toBeVisible({
    timeout: 30_000,
  });
});
