import { describe, expect, test } from "vitest";
import { SharedRows } from "../../../client/documents/shared-rows.ts";

const row = (fields: object) => JSON.stringify(fields);

describe("rows that all devices share", () => {
  test("two devices that change different fields of one row at the same time both keep theirs", () => {
    const tablet = new SharedRows([]);
    const first = tablet.write([{ name: "person/a", json: row({ name: "Mette", state: "paired", circle: null }) }]);
    const phone = new SharedRows([first as Uint8Array]);
    const removed = tablet.write([{ name: "person/a", json: row({ name: "Mette", state: "removing", circle: null }) }]);
    const founded = phone.write([{ name: "person/a", json: row({ name: "Mette", state: "paired", circle: "c" }) }]);
    expect(tablet.apply([founded as Uint8Array])).toEqual(["person/a"]);
    phone.apply([removed as Uint8Array]);
    const both = { circle: "c", name: "Mette", state: "removing" };
    expect(JSON.parse(tablet.read("person/a") ?? "")).toEqual(both);
    expect(phone.read("person/a")).toBe(tablet.read("person/a"));
  });

  test("of a row that was read only what is different is written: what came in between isn't undone", () => {
    const read = row({ name: "Mette", epochs: 1, under: 1 });
    const tablet = new SharedRows([]);
    tablet.write([{ name: "circle/a", json: read }]);
    tablet.write([{ name: "circle/a", json: row({ name: "Mette", epochs: 1, under: 2 }), base: read }]);
    tablet.write([{ name: "circle/a", json: row({ epochs: 2, under: 1 }), base: read }]);
    expect(JSON.parse(tablet.read("circle/a") ?? "")).toEqual({ epochs: 2, under: 2 });
    expect(tablet.write([{ name: "circle/a", json: read, base: read }])).toBeNull();
    // Removed meanwhile: it stays gone, and nothing half of it comes back.
    tablet.write([{ name: "circle/a", json: null }]);
    expect(tablet.write([{ name: "circle/a", json: row({ epochs: 3 }), base: read }])).toBeNull();
    expect(tablet.read("circle/a")).toBeNull();
  });

  test("of one field one wins, the same everywhere; a row that one removes and another changes is gone", () => {
    const tablet = new SharedRows([]);
    const first = tablet.write([
      { name: "share/a", json: row({ at: 1 }) },
      { name: "share/b", json: row({ at: 1 }) },
    ]);
    const phone = new SharedRows([first as Uint8Array]);
    const here = tablet.write([
      { name: "share/a", json: row({ at: 2 }) },
      { name: "share/b", json: null },
    ]);
    const there = phone.write([
      { name: "share/a", json: row({ at: 3 }) },
      { name: "share/b", json: row({ at: 4 }) },
    ]);
    tablet.apply([there as Uint8Array]);
    phone.apply([here as Uint8Array]);
    expect(phone.read("share/a")).toBe(tablet.read("share/a"));
    expect(["2", "3"]).toContain(JSON.stringify(JSON.parse(tablet.read("share/a") ?? "").at));
    expect([tablet.read("share/b"), phone.read("share/b")]).toEqual([null, null]);
    expect(tablet.names()).toEqual(["share/a"]);
  });

  test("what one step writes is one update; the same again is none; an errand is one value", () => {
    const rows = new SharedRows([]);
    const step = [
      { name: "person/a", json: row({ name: "Mette", seen: [] }) },
      { name: "errand/person-a/00000000-x", json: row({ do: "drop", sealed: { $b: "AA" } }) },
    ];
    const update = rows.write(step);
    expect(update).not.toBeNull();
    expect(rows.write(step)).toBeNull();
    const other = new SharedRows([update as Uint8Array]);
    expect(other.names()).toEqual(step.map(({ name }) => name));
    for (const { name, json } of step) expect(JSON.parse(other.read(name) ?? "")).toEqual(JSON.parse(json));
    const gone = rows.write([{ name: "errand/person-a/00000000-x", json: null }]);
    expect(other.apply([gone as Uint8Array])).toEqual(["errand/person-a/00000000-x"]);
    expect(other.names()).toEqual(["person/a"]);
  });
});
