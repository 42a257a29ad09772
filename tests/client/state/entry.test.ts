/** An own document on the page, over the real vault: what the screen's signals say, and when they say it anew. */
import { effect } from "@preact/signals";
import { afterAll, expect, test } from "vitest";
import type * as Y from "yjs";
import { openEntry } from "../../../client/state/entry.ts";
import { endVault } from "../../../client/state/vault.ts";
import { CHILD, Device, until } from "../vault/device.ts";
import { startBehindPort } from "./behind-port.ts";

afterAll(() => endVault());

test("opened, it says everything that stands in it; letters of the text say nothing else anew", async () => {
  const device = await Device.create();
  const vault = device.start();
  await vault.createPocket(CHILD);
  await startBehindPort(vault);
  const document = await vault.createDocument("wish");
  const first = openEntry(document);
  await until(() => first.ready.value);
  first.writeTitle("Ny cykel");
  first.toggleMood("happy");
  first.addSticker(7);
  first.pin(true);
  first.write("Den gamle er for lille.");
  await until(() => first.saved.value === "saved");
  const adding = first.addPhoto(new Blob([new Uint8Array(300)]), false);
  expect(first.saved.value).toBe("saving");
  await adding;
  await until(() => first.saved.value === "saved");
  await vault.seal(0);
  first.close();

  const again = openEntry(document);
  await until(() => again.ready.value);
  expect(again.kind.value).toBe("wish");
  expect(again.title.value).toBe("Ny cykel");
  expect(again.moods.value).toEqual(["happy"]);
  expect(again.stickers.value).toEqual([7]);
  expect(again.photos.value).toHaveLength(1);
  expect(again.marks.value.pinned).toBe(true);
  expect(again.blank.value).toBe(false);
  await until(() => !again.damaged.value);

  let drawn = 0;
  const stop = effect(() => {
    void [again.moods.value, again.photos.value, again.stickers.value, again.drawings.value, again.marks.value];
    drawn++;
  });
  const words = again.text.get(0) as Y.XmlElement;
  for (const letter of "Tak.") (words.get(0) as Y.XmlText).insert(0, letter);
  expect(drawn).toBe(1);
  again.toggleMood("calm");
  expect(drawn).toBe(2);
  expect(again.moods.value).toEqual(["happy", "calm"]);
  stop();
  again.close();
});
