/** Recording with Chromium's own microphone (beeps) and camera (a spinning circle). */
import { expect, type Page } from "@playwright/test";
import { press, text } from "./meet.ts";
import type { Person, PersonOptions } from "./person.ts";

/** Both devices are there, and allowed without asking. */
export const FAKE_DEVICES: PersonOptions = {
  args: ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
  permissions: ["microphone", "camera"],
};

export async function record(person: Person, kind: "sound" | "video", forMs: number): Promise<void> {
  await press(person, "entry.record");
  await press(person, `recorder.${kind}`);
  await expect(person.page.getByRole("timer")).toBeVisible();
  await person.page.waitForTimeout(forMs);
}

/** Records for `forMs` and stops; when it resolves, it stands in the entry. */
export async function recordAndStop(person: Person, kind: "sound" | "video", forMs: number): Promise<void> {
  const before = await person.page.getByRole("group", { name: anyRecording }).count();
  await record(person, kind, forMs);
  await press(person, "recorder.stop");
  await expect(person.page.getByRole("timer")).toHaveCount(0);
  await expect(person.page.getByRole("group", { name: anyRecording })).toHaveCount(before + 1);
}

const anyRecording = new RegExp(
  `^(${(["sound", "video"] as const).map((kind) => text(`recording.${kind}`, { number: "" }).trim()).join("|")}) \\d+$`,
);

/** From here on the page remembers, in its memory, every piece that its recorders give. */
export const rememberPieces = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const pieces: Uint8Array[] = [];
    Object.assign(globalThis, { pieces });
    const { arrayBuffer } = Blob.prototype;
    Blob.prototype.arrayBuffer = async function (this: Blob) {
      const bytes = await arrayBuffer.call(this);
      if (/^(audio|video)\//.test(this.type)) pieces.push(new Uint8Array(bytes.slice(0)));
      return bytes;
    };
  });

/** What was remembered, piece by piece: what stands in the clear in the page, and may stand nowhere else. */
export const rememberedPieces = async (page: Page): Promise<readonly Buffer[]> => {
  const all = await page.evaluate(() =>
    (globalThis as unknown as { pieces: Uint8Array[] }).pieces.map((piece) => {
      let letters = "";
      for (const byte of piece) letters += String.fromCharCode(byte);
      return btoa(letters);
    }),
  );
  return all.map((piece) => Buffer.from(piece, "base64"));
};
