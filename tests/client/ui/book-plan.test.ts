import { describe, expect, it } from "vitest";
import { NO_MARKS } from "../../../client/documents/marks.ts";
import type { BookEntry } from "../../../client/state/types.ts";
import {
  hasPages,
  planBook,
  staysWhole,
  titlesOf,
  toLines,
  toRuns,
  yearsOf,
} from "../../../client/ui/screens/take-along/book-plan.ts";

const entry = (at: string, more: Partial<BookEntry> = {}): BookEntry => ({
  document: at.padEnd(32, "0") as BookEntry["document"],
  kind: "entry",
  title: "",
  text: [],
  moods: [],
  photos: [],
  recordings: [],
  drawings: [],
  stickers: [],
  marks: NO_MARKS,
  from: null,
  together: null,
  createdAt: Date.parse(at),
  stops: [],
  topics: [],
  shown: [],
  ...more,
});

describe("the plan of a book", () => {
  it("has a chapter for each month in which something stands, oldest first, and the wishes apart", () => {
    const plan = planBook(
      [
        entry("2024-12-30T12:00", { title: "Sne" }),
        entry("2025-03-02T12:00", { moods: ["happy"] }),
        entry("2025-03-09T12:00", { kind: "wish", title: "En hund" }),
        entry("2025-03-20T12:00", { title: "Broen" }),
      ],
      "da",
    );
    expect(plan.chapters.map(({ title, entries }) => [title, entries.length])).toEqual([
      ["December 2024", 1],
      ["Marts 2025", 2],
    ]);
    expect(plan.wishes.map(({ title }) => title)).toEqual(["En hund"]);
  });

  it("lets days that are faces alone stand together, and nothing that says more among them", () => {
    const [one, two, three] = ["2025-03-01", "2025-03-02", "2025-03-06"].map((day) =>
      entry(`${day}T12:00`, { moods: ["calm"] }),
    ) as [BookEntry, BookEntry, BookEntry];
    const more = [
      entry("2025-03-03T12:00", { moods: ["sad"], title: "Broen" }),
      entry("2025-03-04T12:00", { moods: ["sad"], marks: { ...NO_MARKS, place: "hos mormor" } }),
      entry("2025-03-05T12:00", { moods: ["sad"], from: "Poul" }),
    ];
    expect(toRuns([one, two, ...more, three])).toEqual([
      { faces: [one, two] },
      ...more.map((single) => ({ entry: single })),
      { faces: [three] },
    ]);
  });

  it("parts no entry that fits on a page", () => {
    const said = (length: number) => [{ type: "paragraph" as const, runs: [{ text: "a".repeat(length) }] }];
    expect(staysWhole(entry("2025-03-01T12:00", { text: said(700) as BookEntry["text"] }))).toBe(true);
    expect(staysWhole(entry("2025-03-01T12:00", { text: said(701) as BookEntry["text"] }))).toBe(false);
  });

  it("leaves out what holds nothing, and keeps what only says where it was or what a wish is about", () => {
    const place = entry("2025-03-02T12:00", { marks: { ...NO_MARKS, place: "hos mormor" } });
    const about = entry("2025-03-02T12:00", { kind: "wish", marks: { ...NO_MARKS, subject: "family" } });
    const plan = planBook([entry("2025-03-01T12:00"), place, about, entry("2025-03-03T12:00", { kind: "wish" })], "da");
    expect(plan.chapters.flatMap(({ entries }) => entries)).toEqual([place]);
    expect(plan.wishes).toEqual([about]);
    const begun = { id: "a".repeat(32) as never, over: null, height: 1, picture: null, strokes: [] };
    expect(hasPages([entry("2025-03-01T12:00", { drawings: [begun] })])).toBe(true);
  });

  it("is no book where there is nothing but a cover; one topic of one's page is a book", () => {
    expect(hasPages([])).toBe(false);
    expect(hasPages([entry("2025-03-01T12:00"), entry("2025-03-01T12:00", { kind: "life" })])).toBe(false);
    const me = entry("2025-03-01T12:00", { kind: "me", topics: [{ topic: "likes", signs: ["dog"], text: "" }] });
    expect(hasPages([me])).toBe(true);
  });

  it("names an entry by its title or its day, and nothing that isn't in it", () => {
    const named = entry("2025-03-02T12:00", { title: "Broen" });
    const unnamed = entry("2025-03-03T12:00", { moods: ["happy"] });
    const titles = titlesOf([named, unnamed, entry("2025-03-04T12:00")], "da");
    expect([...titles.values()]).toEqual(["Broen", "3.\u00a0marts 2025"]);
  });

  it("says its years, of entries and wishes alone", () => {
    const life = entry("2020-03-01T12:00", { kind: "life" });
    const first = entry("2024-03-01T12:00");
    expect(yearsOf([life, first, entry("2026-03-01T12:00")])).toBe("2024–2026");
    expect(yearsOf([life, first])).toBe("2024");
    expect(yearsOf([life])).toBe("");
  });

  it("puts photos two and two beside each other, a panorama and whoever is left alone", () => {
    const [wide, tall, square, panorama] = [
      [1600, 1200],
      [900, 1600],
      [1000, 1000],
      [2000, 500],
    ].map(([width = 1, height = 1]) => ({ width, height }));
    const lines = (...photos: (typeof wide)[]) => toLines(photos.filter((one) => one !== undefined));
    expect(lines()).toEqual([]);
    expect(lines(wide)).toEqual([[wide]]);
    expect(lines(wide, tall, square)).toEqual([[wide, tall], [square]]);
    expect(lines(wide, panorama, tall, square)).toEqual([[wide], [panorama], [tall, square]]);
  });
});
