/**
 * Voice notes and videos, with Chromium's own microphone (beeps) and camera (a spinning circle): recorded in flight mode,
 * broken off by the lock and by a crash, played with seeking through the service worker, shown to a caseworker.
 */
import type { Locator } from "@playwright/test";
import { goHome, pairByLink, press, text } from "./harness/meet.ts";
import { storedForOffline } from "./harness/offline.ts";
import { expect, type Person, statusLines, test } from "./harness.ts";
import { onScreen, openPocket, settleIn, Taps } from "./steps.ts";

const FAKE = {
  args: ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
  permissions: ["microphone", "camera"],
};

async function record(person: Person, kind: "sound" | "video", forMs: number): Promise<void> {
  await press(person, "entry.record");
  await press(person, `recorder.${kind}`);
  await expect(person.page.getByRole("timer")).toBeVisible();
  await person.page.waitForTimeout(forMs);
}

async function recordAndStop(person: Person, kind: "sound" | "video", forMs: number): Promise<void> {
  await record(person, kind, forMs);
  await press(person, "recorder.stop");
  await expect(person.page.getByRole("timer")).toHaveCount(0);
}

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

test("recorded in flight mode, played from the vault, and sought in", async ({ people, server }) => {
  const alma = await people.come("Alma", FAKE);
  const { page } = alma;
  await storedForOffline(page);
  await alma.flightMode(true);
  const secret = await settleIn(new Taps(page), { look: "middle" });
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
  await goHome(alma);
  await press(alma, "home.lock");
  await expect(page.locator(".locked")).toBeVisible();
  alma.allow("an address of before the lock", statusLines(server.origin, 404));
  expect(await page.evaluate(failsToPlay, address)).toBe(true);
  await openPocket(new Taps(page), secret);
  await onScreen(page, "home");
});
