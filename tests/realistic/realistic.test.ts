import { afterEach, describe, expect, it } from "vitest";
import { readTitle, textOf } from "../../client/documents/entry.ts";
import { readPlainText } from "../../client/documents/rich-text.ts";
import type { Pocket } from "../../client/vault/pocket.ts";
import { CHILD, Device, PICTURES } from "../client/vault/device.ts";
import { openPage, type Page } from "../client/vault/page.ts";
import { type LifeOptions, liveLife } from "./life.ts";
import { makeRealisticPocket } from "./make.ts";

const life: LifeOptions = {
  seed: 7,
  entries: 140,
  photos: 12,
  records: 560,
  from: Date.UTC(2026, 0, 1),
  language: "both",
};
const moments = [...liveLife(life)];

/** Bytes that name their scene stand for the JPEG; real ones are drawn in the browser (fill-worker.ts). */
const draw = async (scene: number) => ({
  full: new Uint8Array(3000).fill(scene),
  thumbnail: Uint8Array.of(scene),
  width: 4,
  height: 3,
});

const pages: Page[] = [];
afterEach(() => {
  for (const page of pages.splice(0)) page.close();
});

describe("the generated pocket", () => {
  it("is the same for the same seed, another for another, and as large as was asked for", () => {
    expect([...liveLife(life)]).toEqual(moments);
    expect([...liveLife({ ...life, seed: 8 })]).not.toEqual(moments);
    expect([...liveLife({ ...life, entries: 20 })].map(({ paragraphs }) => paragraphs)).toEqual(
      moments.slice(0, 20).map(({ paragraphs }) => paragraphs),
    );
    expect(moments.filter(({ scene }) => scene !== null)).toHaveLength(life.photos);
    expect(moments.reduce((sum, { records }) => sum + records, 0)).toBe(life.records);
    for (const { title, paragraphs } of moments)
      expect(`${title} ${paragraphs.join(" ")}`).not.toMatch(/[{}]|undefined/);
  });

  it("opens through the vault: every entry with its words and photo, nothing left to be sent or to be read again", async () => {
    const device = await Device.create();
    const made = await makeRealisticPocket(device.parts, CHILD, life, draw);
    expect(made).toMatchObject({ entries: 140, photos: 12, records: 560 });
    const alone = device.connect;
    const opened: Pocket[] = [];
    device.connect = async (pocket) => {
      opened.push(pocket);
      return alone(pocket);
    };
    const vault = device.start();
    await vault.unlock(made.pocket, PICTURES);
    const [pocket] = opened as [Pocket];
    const kinds = ["entry", "wish"] as const;
    const listed = (await Promise.all(kinds.map((kind) => vault.timeline(kind, undefined, 500)))).flat();
    const byAge = listed.toSorted((a, b) => a.createdAt - b.createdAt);
    expect(byAge.map(({ createdAt, title }) => [createdAt, title])).toEqual(
      moments.map(({ at, title }) => [at, title]),
    );

    const space = pocket.keyring.me.pocket;
    expect(await pocket.outbox.pending(space)).toEqual([]);
    expect(await pocket.outbox.frozen(space)).toEqual([]);
    expect((await pocket.log(space).allRows()).filter(({ seq, problem }) => seq === null || problem !== null)).toEqual(
      [],
    );
    expect(await pocket.log(space).state()).toMatchObject({ problem: null, cursor: { seq: life.records } });

    for (const at of [0, 60, 139]) {
      const [summary, moment] = [byAge[at], moments[at]];
      if (summary === undefined || moment === undefined) throw new Error("too few entries");
      const page = await openPage(vault, summary.document);
      pages.push(page);
      expect(readTitle(page.doc)).toBe(moment.title);
      expect(readPlainText(textOf(page.doc))).toBe(moment.paragraphs.join("\n"));
    }
    const at = moments.findIndex(({ scene }) => scene !== null);
    const thumbnail = byAge[at]?.thumbnail;
    if (thumbnail == null) throw new Error("no thumbnail");
    expect(new Uint8Array(await (await vault.readBlob(thumbnail)).arrayBuffer())).toEqual(
      (await draw(moments[at]?.scene ?? 0)).thumbnail,
    );

    pocket.log = () => {
      throw new Error("a text was read out of the log");
    };
    await pocket.texts.gather();
    const words = moments[60]?.paragraphs[0]?.split(" ").slice(0, 4).join(" ") ?? "";
    const { hits } = await vault.search(words, {}, 500);
    expect(hits.map(({ summary }) => summary.createdAt)).toContain(moments[60]?.at);
  });
});
