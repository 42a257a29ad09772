import { afterEach, describe, expect, it } from "vitest";
import { addStroke, beginDrawing, type DrawingId } from "../../../client/documents/drawing.ts";
import { setTitle, toggleMood } from "../../../client/documents/entry.ts";
import { setWords, toggleWord } from "../../../client/documents/marks.ts";
import type { Pocket } from "../../../client/vault/pocket.ts";
import { CHILD, Device, PICTURES, until } from "./device.ts";
import { openPage, type Page, type } from "./page.ts";

const pages: Page[] = [];
afterEach(() => {
  for (const page of pages.splice(0)) page.close();
});

/** A device whose open pocket the test can look into. */
async function begin() {
  const device = await Device.create();
  const alone = device.connect;
  const inside: { pocket: Pocket | null } = { pocket: null };
  device.connect = async (pocket) => {
    inside.pocket = pocket;
    return alone(pocket);
  };
  const vault = device.start();
  const id = await vault.createPocket(CHILD);
  return { device, inside, vault, id };
}
type Vault = Awaited<ReturnType<typeof begin>>["vault"];

async function write(vault: Vault, title: string, text: string, mood?: string): Promise<Page["provider"]["roomname"]> {
  const document = await vault.createDocument("entry");
  const page = await openPage(vault, document);
  pages.push(page);
  setTitle(page.doc, title);
  if (mood !== undefined) toggleMood(page.doc, mood);
  type(page, text);
  await until(async () => (await vault.summaries([document]))[0]?.excerpt.startsWith(text.slice(0, 20).trim()));
  return document;
}

const titles = async (vault: Vault, query: string, filters = {}) =>
  (await vault.search(query, filters, 50)).hits.map(({ summary }) => summary.title);

describe("search", () => {
  it("finds what was just typed, marks it in title and text, and wants every word", async () => {
    const { vault } = await begin();
    await write(
      vault,
      "Åen",
      `${"Vi gik og gik hele dagen, og så kom vi langt om længe frem. ".repeat(2)}Ved åen sad Sören.`,
    );
    await write(vault, "Skoven", "Ved søen");
    expect(await titles(vault, "soeren ÅEN")).toEqual(["Åen"]);
    expect(await titles(vault, "søren skoven")).toEqual([]);
    expect((await titles(vault, "ved")).toSorted()).toEqual(["Skoven", "Åen"]);

    const { hits, more } = await vault.search("åen", {}, 5);
    expect(more).toBe(false);
    const [hit] = hits;
    expect(hit?.titleMarks).toEqual([[0, 3]]);
    expect(hit?.excerpt).toMatch(/^….*åen sad Sören\.$/);
    expect(hit?.excerptMarks.map(([from, to]) => hit.excerpt.slice(from, to))).toEqual(["åen"]);
  });

  it("filters without words, and says when there are more than were asked for", async () => {
    const { vault } = await begin();
    await write(vault, "En", "første dag", "happy");
    await write(vault, "To", "anden dag", "sad");
    expect(await titles(vault, "", { mood: "sad" })).toEqual(["To"]);
    expect(await titles(vault, "dag", { shown: "shown" })).toEqual([]);
    expect(await titles(vault, "", { kind: "wish" })).toEqual([]);
    expect(await titles(vault, "dag", { from: Date.now() + 1000 })).toEqual([]);
    expect(await titles(vault, "dag", { before: 1000 })).toEqual([]);
    const wish = await vault.createDocument("wish");
    const page = await openPage(vault, wish);
    pages.push(page);
    setTitle(page.doc, "En hund");
    for (const mood of ["happy", "own:spændt"]) toggleMood(page.doc, mood);
    await until(async () => (await vault.summaries([wish]))[0]?.moods.length === 2);
    expect(await titles(vault, "", { kind: "wish" })).toEqual(["En hund"]);
    expect(await titles(vault, "", { kind: "entry" })).toEqual(["To", "En"]);
    // One of several moods is enough, and one's own counts like the drawn ones.
    expect(await titles(vault, "", { mood: "happy" })).toEqual(["En hund", "En"]);
    expect(await titles(vault, "", { mood: "own:spændt" })).toEqual(["En hund"]);
    expect(await titles(vault, "", { mood: "happy", kind: "entry" })).toEqual(["En"]);
    expect(await titles(vault, "", { shown: "mine" })).toEqual(["En hund", "To", "En"]);
    await vault.addPhoto(wish, new Blob([new Uint8Array(300)]));
    expect(await titles(vault, "", { has: "photo" })).toEqual(["En hund"]);
    for (const has of ["sound", "video", "drawing"] as const) expect(await titles(vault, "", { has })).toEqual([]);
    const spoken = await vault.beginRecording(wish, "audio/webm");
    await vault.appendRecording(spoken, Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3), { durationMs: 900, peaks: [3] });
    await vault.endRecording(spoken);
    expect(await titles(vault, "", { has: "sound" })).toEqual(["En hund"]);
    const drawing = "a".repeat(32) as DrawingId;
    beginDrawing(page.doc, drawing, { over: null, height: 0.75 });
    addStroke(page.doc, drawing, { colour: 2, size: 0.01, points: [{ x: 0, y: 0, pressure: 1 }] });
    await until(async () => (await vault.summaries([wish]))[0]?.drawings === 1);
    expect(await titles(vault, "", { has: "drawing" })).toEqual(["En hund"]);
    expect(await titles(vault, "", { has: "video" })).toEqual([]);
    expect(await titles(vault, "", { from: 1000, before: Date.now() + 1000 })).toHaveLength(3);
    const { hits, more } = await vault.search("dag", {}, 1);
    expect(hits.map(({ summary }) => summary.title)).toEqual(["To"]);
    expect(more).toBe(true);
  });

  it("finds the words a thing is marked with, says so in the line, and filters by tag, name, place and photo", async () => {
    const { device, inside, vault, id } = await begin();
    const lake = (await write(vault, "Turen", "Vi gik langt")) as never;
    const other = await write(vault, "Skolen", "Vi skrev");
    const page = await openPage(vault, lake);
    pages.push(page);
    toggleWord(page.doc, "tags", "Sommer");
    toggleWord(page.doc, "persons", "Mormor");
    setWords(page.doc, "place", "Furesø");
    await until(async () => (await vault.summaries([lake]))[0]?.marks.place === "Furesø");
    const { hits } = await vault.search("mormor", {}, 5);
    expect(hits.map(({ summary }) => summary.document)).toEqual([lake]);
    expect(hits[0]?.excerpt).toBe("Mormor · Sommer · Furesø");
    expect(hits[0]?.excerptMarks).toEqual([[0, 6]]);
    // A word of the text is shown in its own line, without what stands beside it.
    expect((await vault.search("langt", {}, 5)).hits[0]?.excerpt).toBe("Vi gik langt");
    expect(await titles(vault, "", { tag: "SOMMER" })).toEqual(["Turen"]);
    expect(await titles(vault, "", { name: "mormor" })).toEqual(["Turen"]);
    expect(await titles(vault, "", { place: "furesø" })).toEqual(["Turen"]);
    expect(await titles(vault, "", { tag: "vinter" })).toEqual([]);
    expect(await titles(vault, "", { has: "photo" })).toEqual([]);
    const words = { tags: ["Sommer"], names: ["Mormor"], places: ["Furesø"] };
    expect(await vault.markedWords()).toEqual(words);
    // The packed texts hold the text alone: read again, the words come from the summary.
    await vault.seal(0);
    await inside.pocket?.texts.write();
    const again = device.start();
    await again.unlock(id, PICTURES);
    await inside.pocket?.texts.gather();
    expect((await again.search("mormor", {}, 5)).hits[0]?.excerpt).toBe("Mormor · Sommer · Furesø");
    expect((await again.search("skrev", {}, 5)).hits[0]?.summary.document).toBe(other);
  });

  it("has everything again after the next unlocking: from the log, and from the packed texts once they were written", async () => {
    const { device, inside, vault, id } = await begin();
    await write(vault, "Brevet", "Kære mormor, jeg har fundet nøglen");
    await vault.seal(0);

    const second = device.start();
    await second.unlock(id, PICTURES);
    expect((await second.search("", {}, 1)).complete).toBe(false);
    await until(() => second.events.some((event) => event.type === "changed" && event.what === "search"));
    expect(await titles(second, "nøglen")).toEqual(["Brevet"]);
    await inside.pocket?.texts.write();

    const third = device.start();
    await third.unlock(id, PICTURES);
    const pocket = inside.pocket as Pocket;
    // With the packed texts nothing is read out of the log.
    pocket.log = () => {
      throw new Error("the log was read");
    };
    await pocket.texts.gather();
    expect(await titles(third, "nøglen")).toEqual(["Brevet"]);
  });

  it("doesn't believe a packed text that is older than its document", async () => {
    const { device, inside, vault, id } = await begin();
    const document = await write(vault, "Brevet", "først");
    await inside.pocket?.texts.write();
    const [page] = pages;
    if (page === undefined) throw new Error("no page");
    type(page, " og sidst");
    await until(async () => (await vault.summaries([document as never]))[0]?.excerpt === "først og sidst");
    await vault.seal(0);
    const later = device.start();
    await later.unlock(id, PICTURES);
    await inside.pocket?.texts.gather();
    expect(await titles(later, "sidst")).toEqual(["Brevet"]);
  });

  it("forgets what is removed, in memory and on the disk, together with the document", async () => {
    const { device, inside, vault, id } = await begin();
    const document = await write(vault, "Væk", "ingen må vide det");
    await write(vault, "Bliver", "det her må gerne ses");
    await inside.pocket?.texts.write();
    const pocket = inside.pocket as Pocket;
    expect(await pocket.store.read("pages", ["text"], "0")).not.toBeNull();
    await vault.removeDocument(document as never);
    expect(await pocket.store.read("pages", ["text"], "0")).toBeNull();
    expect(await titles(vault, "må")).toEqual(["Bliver"]);
    const later = device.start();
    await later.unlock(id, PICTURES);
    await inside.pocket?.texts.gather();
    expect(await titles(later, "må")).toEqual(["Bliver"]);
  });

  it("tells the months in which something stands, with the mood of each day", async () => {
    const { vault } = await begin();
    await write(vault, "En", "dag", "happy");
    await write(vault, "To", "dag", "sad");
    const now = new Date();
    const [month, ...others] = await vault.overview("entry");
    expect(others).toEqual([]);
    expect(month).toMatchObject({ year: now.getFullYear(), month: now.getMonth(), count: 2 });
    expect(month?.moods[now.getDate() - 1]).toBe("sad");
    expect(month?.moods.filter((mood) => mood !== null)).toHaveLength(1);
  });
});
