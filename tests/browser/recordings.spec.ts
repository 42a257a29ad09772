/**
 * Voice notes and videos: recorded in flight mode,
 * broken off by the lock and by a crash, played with seeking through the service worker, shown to a caseworker.
 */
import type { Locator } from "@playwright/test";
import { closePocket, giveTo, heading, press, text } from "./harness/meet.ts";
import { storedForOffline } from "./harness/offline.ts";
import { FAKE_DEVICES, record, recordAndStop } from "./harness/recording.ts";
import { expect, networkLines, type Person, statusLines, test } from "./harness.ts";
import { onScreen, openPocket, settleIn, Taps } from "./steps.ts";

const recordingOf = ({ page }: Person, kind: "sound" | "video", number = 1): Locator =>
  page.getByRole("group", { name: text(`recording.${kind}`, { number: String(number) }), exact: true });

/** Presses play and waits until it has come past `seconds`. */
async function playPast(recording: Locator, seconds: number): Promise<void> {
  await recording.getByRole("button", { name: text("recording.play") }).click();
  await expect.poll(() => timeOf(recording), { timeout: 20_000 }).toBeGreaterThan(seconds);
}

const timeOf = (recording: Locator): Promise<number> =>
  recording.locator("audio, video").evaluate((media: HTMLMediaElement) => media.currentTime);

/** In the page: true when a player gets nothing from this address. */
const failsToPlay = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const audio = new Audio(address);
    audio.onerror = () => resolve(true);
    audio.onloadedmetadata = () => resolve(false);
  });

test.describe("in a pocket that was there", () => {
  test.use({ begins: "settled" });

  test("recorded in flight mode, played from the vault, and sought in", async ({ back, server }) => {
    const alma = await back("Alma", { ...FAKE_DEVICES, offline: true });
    const { page, secret } = alma;
    await press(alma, "home.new");
    await recordAndStop(alma, "sound", 5_000);
    const sound = recordingOf(alma, "sound");
    const answers: { status: number; range: string; cache: string }[] = [];
    page.on("response", (response) => {
      if (!new URL(response.url()).pathname.startsWith("/media/")) return;
      const headers = response.headers();
      answers.push({
        status: response.status(),
        range: headers["content-range"] ?? "",
        cache: headers["cache-control"] ?? "",
      });
    });
    await playPast(sound, 0.5);
    expect(answers[0]).toMatchObject({ status: 206, cache: "no-store" });
    expect(answers[0]?.range).toMatch(/^bytes 0-\d+\/\d+$/);
    await sound.getByRole("button", { name: text("recording.pause") }).click();
    const place = sound.getByRole("slider");
    await place.focus();
    await place.press("End");
    await place.press("ArrowLeft");
    await place.press("ArrowLeft");
    await expect.poll(() => timeOf(sound)).toBeGreaterThan(2);
    await place.press("Home");
    await expect.poll(() => timeOf(sound)).toBe(0);

    await recordAndStop(alma, "video", 3_000);
    const film = recordingOf(alma, "video");
    await playPast(film, 0.5);
    expect(await film.locator("video").evaluate((video: HTMLVideoElement) => video.videoWidth)).toBeGreaterThan(100);

    // After a lock the address is nobody's.
    const address = await sound.locator("audio").evaluate((audio: HTMLAudioElement) => audio.src);
    expect(address).toMatch(new RegExp(`^${server.origin}/media/[0-9a-f]{32}$`));
    await closePocket(alma);
    alma.allow("an address of before the lock", statusLines(server.origin, 404));
    expect(await page.evaluate(failsToPlay, address)).toBe(true);
    await openPocket(new Taps(page), secret);
    await onScreen(page, "home");
  });

  test("hiding the app ends a recording and keeps it; a crash keeps what was recorded by then", async ({ back }) => {
    const alma = await back("Alma", FAKE_DEVICES);
    const { secret } = alma;
    await press(alma, "home.new");
    await record(alma, "sound", 2_500);
    await alma.page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await expect(alma.page.getByRole("timer")).toHaveCount(0);
    await alma.page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { value: "visible", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await expect(recordingOf(alma, "sound")).toBeVisible();
    await record(alma, "sound", 4_000);
    await alma.kill();
    await alma.open();
    await openPocket(new Taps(alma.page), secret);
    await alma.page
      .getByRole("button", { name: /2 lyde/ })
      .first()
      .click();
    const later = recordingOf(alma, "sound", 2);
    await expect(later).toBeVisible();
    // Of four seconds at most the last piece of one second may be missing, and the moment it took to begin.
    const slider = later.getByRole("slider");
    expect(Number(await slider.getAttribute("max"))).toBeGreaterThanOrEqual(2);
    await storedForOffline(alma.page);
    await playPast(later, 1);
  });

  test("the service worker may be ended at any time: it remembers nothing", async ({ back }) => {
    const alma = await back("Alma", FAKE_DEVICES);
    await storedForOffline(alma.page);
    await press(alma, "home.new");
    await recordAndStop(alma, "sound", 4_000);
    const sound = recordingOf(alma, "sound");
    await playPast(sound, 0.3);
    await sound.getByRole("button", { name: text("recording.pause") }).click();
    const inspector = await alma.context.newCDPSession(alma.page);
    await inspector.send("ServiceWorker.enable");
    await inspector.send("ServiceWorker.stopAllWorkers");
    const address = await sound.locator("audio").evaluate((audio: HTMLAudioElement) => audio.src);
    expect(await alma.page.evaluate(failsToPlay, address)).toBe(false);
    expect(await alma.page.evaluate(async () => (await caches.keys()).length)).toBe(1);
  });

  test("a microphone that is refused costs nothing, and says what to do", async ({ back }) => {
    const alma = await back("Alma", { args: ["--use-fake-device-for-media-stream"] });
    await press(alma, "home.new");
    const inspector = await alma.context.newCDPSession(alma.page);
    await inspector.send("Browser.setPermission", {
      permission: { name: "microphone" },
      setting: "denied",
      origin: new URL(alma.page.url()).origin,
    });
    await press(alma, "entry.record");
    await press(alma, "recorder.sound");
    await expect(alma.page.getByRole("alert")).toHaveText(text("recorder.denied"));
    await press(alma, "recorder.not");
    await expect(alma.page.getByRole("dialog")).toHaveCount(0);
    await expect(alma.page.getByRole("button", { name: text("entry.record"), exact: true })).toBeFocused();
  });
});

test.describe("between two who know each other", () => {
  test.use({ begins: "paired" });

  test("shown to a caseworker, who hears it without a network too", async ({ back }) => {
    const [alma, mette] = await Promise.all([back("Alma", FAKE_DEVICES), back("Mette")]);
    await press(alma, "home.new");
    await alma.page.getByLabel(text("entry.title"), { exact: true }).fill("Hør den her");
    await recordAndStop(alma, "sound", 3_000);
    await recordAndStop(alma, "sound", 1_200);
    await expect(recordingOf(alma, "sound", 2)).toBeVisible();
    await press(alma, "entry.show");
    await heading(alma, "show.title", { name: "Mette" }).waitFor();
    // The second stays: it is taken out of what goes along, and the note says so.
    const second = alma.page.getByRole("button", { name: text("recording.sound", { number: "2" }), exact: true });
    await expect(second).toHaveAttribute("aria-pressed", "true");
    await second.click();
    await expect(alma.page.getByText("Bliver i din lomme: en optagelse")).toBeVisible();
    await giveTo(alma, "Mette", alma.secret);
    // "Arrived" is said when everything is on Mette's device.
    await expect(alma.page.locator('[aria-current="step"]')).toContainText("Fremme", { timeout: 60_000 });
    await storedForOffline(mette.page);
    await mette.flightMode(true);
    await mette.page
      .getByRole("button", { name: /Hør den her/ })
      .first()
      .click();
    await expect(recordingOf(mette, "sound", 2)).toHaveCount(0);
    await playPast(recordingOf(mette, "sound"), 1);
  });
});

test("before a service worker is there, a voice note plays from memory", async ({ people, server }) => {
  const alma = await people.come("Alma", FAKE_DEVICES);
  await alma.page.context().route(/\/sw\.js$/, (route) => route.abort());
  alma.allow("the service worker can't be fetched", networkLines(server.origin));
  alma.allow("the service worker can't be fetched", ({ text: line }) => /sw\.js|fetching the script/.test(line));
  await alma.page.evaluate(async () => {
    for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
  });
  await alma.page.reload();
  await settleIn(new Taps(alma.page), { look: "middle" });
  expect(await alma.page.evaluate(() => navigator.serviceWorker.controller)).toBeNull();
  await press(alma, "home.new");
  await recordAndStop(alma, "sound", 2_500);
  const sound = recordingOf(alma, "sound");
  await playPast(sound, 0.5);
  expect(await sound.locator("audio").evaluate((audio: HTMLAudioElement) => audio.src)).toMatch(/^blob:/);
});
