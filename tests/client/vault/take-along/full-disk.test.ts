/** Taking along from a device that is full: it must go on, with the words that could not be kept any more. */
import { afterEach, expect, test } from "vitest";
import { setTitle } from "../../../../client/documents/entry.ts";
import { Device, until } from "../device.ts";
import { openPage, type Page, type } from "../page.ts";
import { Child, unpack } from "./archives.ts";

const pages: Page[] = [];
const children: Child[] = [];
afterEach(async () => {
  for (const page of pages.splice(0)) page.close();
  for (const { pocket } of children.splice(0)) await pocket.close();
});

test("what waits in memory on a full device comes along", async () => {
  const quota = { quotaBytes: 1_000_000 };
  const child = await Child.create(await Device.create(quota));
  children.push(child);
  const document = await child.vault.createDocument("entry");
  await child.write(document, (doc) => setTitle(doc, "Kvisthuset"));
  const page = await openPage(child.vault, document);
  pages.push(page);
  quota.quotaBytes = 1;
  type(page, "det sidste ord");
  await until(() => child.vault.events.at(-1)?.type === "saved");
  await expect(child.vault.seal(0)).rejects.toMatchObject({ code: "storage-full" });

  const { file, made } = await child.takeAlong();
  expect(made).toMatchObject({ documents: 1, damaged: 0, next: null });
  const texts = [...(await unpack(file)).values()].map((bytes) => Buffer.from(bytes).toString("utf8")).join("\n");
  for (const words of ["Kvisthuset", "det sidste ord"]) expect(texts).toContain(words);
});
