/**
 * A year in Alma's pocket, so that the gallery's pictures are of a pocket that somebody lives with: entries with photos, moods
 * knitted into the year, wishes with their answers. It comes as an archive, as from an older tablet. From home to home.
 */
import { expect } from "@playwright/test";
import { strToU8, zipSync } from "fflate";
import type { Person } from "../browser/harness.ts";
import { type DrawnPhoto, drawnPhoto } from "./drawn-photos.ts";
import { type Lived, livedYear } from "./lived-year.ts";
import type { Stage } from "./stage.ts";

const DAY_MS = 24 * 3600 * 1000;

export async function walkLived(stage: Stage, alma: Person): Promise<void> {
  const { page } = alma;
  await stage.press(alma, "home.settings");
  await stage.press(alma, "take.title");
  await stage.named(page, stage.text("take.bring")).click();
  const buffer = await archiveOf(alma, livedYear(stage.language));
  await page.locator("input[type=file]").setInputFiles({ name: "lomme.zip", mimeType: "application/zip", buffer });
  await expect(page.getByRole("heading", { name: stage.text("bring.doneTitle") })).toBeVisible({ timeout: 60_000 });
  await stage.press(alma, "take.finish");
  // Before that screen stands, "back" would be pressed on the one before it.
  await expect(page.locator("html")).toHaveAttribute("data-screen", "things");
  await stage.home(alma);
  // What home asks in the first days has its own pictures.
  for (const answer of ["newcode.no", "remind.later"] as const) {
    const isAsked = await stage
      .button(alma, answer)
      .waitFor({ timeout: 1_500 })
      .then(
        () => true,
        () => false,
      );
    if (isAsked) await stage.press(alma, answer);
  }
  await stage.see(alma, "home", "lived");
  await stage.press(alma, stage.look === "quiet" ? "home.diary" : "home.things");
  await stage.see(alma, "things", "lived");
  await stage.home(alma);
  await stage.press(alma, "home.wishes");
  await stage.see(alma, "wishes", "lived");
  await stage.home(alma);
}

/** The archive of docs/protocol/take-along.md §1 as far as bringing in needs it. */
async function archiveOf({ page }: Person, lived: readonly Lived[]): Promise<Buffer> {
  const files: Record<string, Uint8Array> = {};
  const noon = new Date();
  noon.setHours(12, 0, 0, 0);
  for (const [index, one] of lived.entries()) {
    const id = (index + 1).toString(16).padStart(32, "a");
    const createdAt = noon.getTime() - one.daysAgo * DAY_MS;
    const photos = [];
    if (one.photo !== undefined) photos.push(await photoOf(id, one.photo));
    const content = {
      about: {
        $map: {
          kind: one.subject === undefined ? "entry" : "wish",
          title: one.title ?? "",
          createdAt,
          ...(one.subject !== undefined && { subject: one.subject }),
          ...(one.pinned === true && { pinned: true }),
        },
      },
      ...(one.text !== undefined && {
        text: { $nodes: [{ $node: "paragraph", children: [{ $text: [{ insert: one.text }] }] }] },
      }),
      ...(one.mood !== undefined && { moods: { $list: [one.mood] } }),
      ...(one.persons !== undefined && { persons: { $list: one.persons } }),
      ...(photos.length > 0 && { photos: { $list: photos } }),
    };
    const at = (days: number): string => new Date(createdAt + days * DAY_MS).toISOString();
    const answers = one.answer && [{ from: "Mette", at: at(2), text: one.answer.text, wish: one.answer.wish }];
    const shown = answers ? [{ to: "Mette", at: at(1), takenBack: false, answers }] : [];
    const document = { format: "lomme-document", version: 1, id, content, shown };
    files[`entries/${id}.json`] = strToU8(JSON.stringify(document));
  }
  const manifest = { format: "lomme-archive", version: 1, documents: lived.length, missing: 0 };
  files["lomme.json"] = strToU8(JSON.stringify(manifest));
  return Buffer.from(zipSync(files));

  async function photoOf(id: string, photo: DrawnPhoto) {
    const full = `media/${id}/1.jpg`;
    const small = `media/${id}/1-small.jpg`;
    files[full] = await drawnPhoto(page, photo);
    files[small] = await drawnPhoto(page, photo, 312);
    return { full: { $file: full }, thumbnail: { $file: small }, width: 1248, height: 832 };
  }
}
