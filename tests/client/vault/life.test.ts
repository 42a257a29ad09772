import { afterEach, describe, expect, it } from "vitest";
import { setTitle, toggleMood } from "../../../client/documents/entry.ts";
import type { StopId } from "../../../client/documents/kinds.ts";
import { addStop, readLine, setStopTitle } from "../../../client/documents/life.ts";
import { setArchived, toggleWord } from "../../../client/documents/marks.ts";
import { CHILD, Device, PICTURES, until } from "./device.ts";
import { openPage, type Page, type } from "./page.ts";

const pages: Page[] = [];
afterEach(() => {
  for (const page of pages.splice(0)) page.close();
});

async function begin() {
  const device = await Device.create();
  const vault = device.start();
  const id = await vault.createPocket(CHILD);
  return { device, vault, id };
}
type Vault = Awaited<ReturnType<typeof begin>>["vault"];

async function open(vault: Vault, document: Awaited<ReturnType<Vault["page"]>>): Promise<Page> {
  const page = await openPage(vault, document);
  pages.push(page);
  return page;
}

const stop = (n: number) => n.toString(16).padStart(32, "0") as StopId;

describe("the life story's document", () => {
  it("is made once, also when it is asked for twice, and found again after the next unlocking", async () => {
    const { device, vault, id } = await begin();
    const [one, two] = await Promise.all([vault.page("life"), vault.page("life")]);
    expect(one).toBe(two);
    const me = await vault.page("me");
    expect(me).not.toBe(one);
    await vault.seal(0);
    const later = device.start();
    await later.unlock(id, PICTURES);
    expect(await later.page("life")).toBe(one);
    expect(await later.page("me")).toBe(me);
    // Empty, it stands in no list; with a stop search finds its words.
    expect((await later.search("", {}, 10)).hits).toEqual([]);
    const page = await open(later, one);
    addStop(page.doc, stop(1), "house-red");
    setStopTitle(page.doc, stop(1), "Hos mormor");
    await until(async () => (await later.summaries([one]))[0]?.excerpt === "Hos mormor");
    expect((await later.search("mormor", {}, 10)).hits.map(({ summary }) => summary.kind)).toEqual(["life"]);
    expect(await later.timeline("entry")).toEqual([]);
  });

  it("holds what stands in another that was begun before two devices met, and again what is written there later", async () => {
    const { vault } = await begin();
    const documents = [await vault.createDocument("life"), await vault.createDocument("life")].toSorted((a, b) =>
      a < b ? -1 : 1,
    );
    const [first, second] = documents as [(typeof documents)[0], (typeof documents)[0]];
    const other = await open(vault, second);
    addStop(other.doc, stop(2), "school");
    await until(async () => (await vault.summaries([second]))[0]?.stickers === 1);
    expect(await vault.page("life")).toBe(first);
    const mine = await open(vault, first);
    await until(() => readLine(mine.doc).length === 1);
    setStopTitle(other.doc, stop(2), "Skolen");
    await until(async () => (await vault.summaries([second]))[0]?.excerpt === "Skolen");
    await vault.page("life");
    await until(() => readLine(mine.doc)[0]?.title === "Skolen");
  });
});

describe("on this day", () => {
  const YEAR = 365.25 * 24 * 3600_000;

  /** An entry written when the device's clock stood at `at`. */
  async function write(device: Device, vault: Vault, at: number, title: string) {
    device.ahead = at - Date.now();
    const document = await vault.createDocument("entry");
    const page = await open(vault, document);
    setTitle(page.doc, title);
    type(page, `${title} igen`);
    await until(async () => (await vault.summaries([document]))[0]?.excerpt !== "");
    return { document, doc: page.doc };
  }

  const heads = async (vault: Vault) =>
    (await vault.memories()).map(({ summary, years }) => [summary.title, years] as const);
  const yearsAgo = (years: number, now = new Date(2030, 5, 15, 12)) =>
    new Date(now.getFullYear() - years, now.getMonth(), now.getDate(), 9).getTime();
  const NOW = new Date(2030, 5, 15, 12).getTime();

  it("is off until it is turned on, finds this day of earlier years, and keeps quiet about hard days", async () => {
    const { device, vault } = await begin();
    await write(device, vault, yearsAgo(1), "Søen");
    const { doc } = await write(device, vault, yearsAgo(3), "Teltet");
    const hard = await write(device, vault, yearsAgo(2), "Skænderi");
    toggleMood(hard.doc, "angry");
    await until(async () => (await vault.summaries([hard.document]))[0]?.moods.length === 1);
    await write(device, vault, yearsAgo(1) - 26 * 3600_000, "En anden dag");
    device.ahead = NOW - Date.now();
    expect(await vault.memorySettings()).toEqual({ on: false, pausedUntil: null, brakes: [] });
    expect(await heads(vault)).toEqual([]);
    await vault.setMemories({ on: true });
    expect(await heads(vault)).toEqual([
      ["Søen", 1],
      ["Teltet", 3],
    ]);
    setArchived(doc, true);
    await until(async () => (await heads(vault)).length === 1);
    await vault.setMemories({ on: false });
    expect(await heads(vault)).toEqual([]);
  });

  it("has brakes: not this one, nobody of this name whether marked or only written, and a pause that ends", async () => {
    const { device, vault, id } = await begin();
    const lake = await write(device, vault, yearsAgo(1), "Søen");
    const marked = await write(device, vault, yearsAgo(2), "Teltet");
    toggleWord(marked.doc, "persons", "Far");
    await write(device, vault, yearsAgo(3), "Tur med far");
    await until(async () => (await vault.summaries([marked.document]))[0]?.marks.persons.length === 1);
    device.ahead = NOW - Date.now();
    await vault.setMemories({ on: true });
    expect(await heads(vault)).toHaveLength(3);
    await vault.setBrake({ kind: "name", name: "far " }, true);
    expect(await heads(vault)).toEqual([["Søen", 1]]);
    await vault.setBrake({ kind: "entry", document: lake.document }, true);
    expect(await heads(vault)).toEqual([]);
    await vault.setBrake({ kind: "name", name: "FAR" }, false);
    expect(await heads(vault)).toHaveLength(2);
    await vault.setMemories({ pausedUntil: NOW + YEAR / 12 });
    expect(await heads(vault)).toEqual([]);
    await vault.seal(0);
    // They are kept, and a pause ends by itself.
    const later = device.start();
    await later.unlock(id, PICTURES);
    const { brakes, pausedUntil } = await later.memorySettings();
    expect(brakes).toEqual([{ kind: "entry", document: lake.document }]);
    expect(pausedUntil).toBe(NOW + YEAR / 12);
    await later.setMemories({ pausedUntil: null });
    expect(await heads(later)).toHaveLength(2);
    // Two changes at the same time are both kept.
    await Promise.all([later.setMemories({ on: false }), later.setMemories({ pausedUntil: NOW + YEAR / 12 })]);
    expect(await later.memorySettings()).toMatchObject({ on: false, pausedUntil: NOW + YEAR / 12 });
  });

  it("a young pocket has half a year ago, only where no earlier year has this day", async () => {
    const { device, vault } = await begin();
    await write(device, vault, new Date(2029, 11, 15, 10).getTime(), "Jul");
    device.ahead = NOW - Date.now();
    await vault.setMemories({ on: true });
    expect(await heads(vault)).toEqual([["Jul", 0]]);
    await write(device, vault, yearsAgo(1), "Søen");
    device.ahead = NOW - Date.now();
    expect(await heads(vault)).toEqual([["Søen", 1]]);
  });
});
