import { describe, expect, it } from "vitest";
import { unpackedTable, unsnap } from "./leveldb.ts";

/** A table with one data block and an index block that points to it. */
function table(block: Buffer, type: 0 | 1): Buffer {
  const data = Buffer.concat([block, Buffer.from([type, 0, 0, 0, 0])]);
  const handle = Buffer.from([0, block.length]);
  const index = Buffer.concat([
    Buffer.from([0, 1, handle.length]),
    Buffer.from("k"),
    handle,
    Buffer.from([0, 0, 0, 0, 1, 0, 0, 0]),
  ]);
  const footer = Buffer.alloc(48);
  footer.set([0, 0, data.length, index.length]);
  footer.set([0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb], 40);
  return Buffer.concat([data, index, Buffer.from([0, 0, 0, 0, 0]), footer]);
}

describe("Snappy", () => {
  it("puts a word together that was packed as a copy of what stood before", () => {
    // "heron heron": six letters as they are, then five copied from six back.
    const packed = Buffer.from([11, (6 - 1) << 2, ...Buffer.from("heron "), ((5 - 4) << 2) | 1, 6]);
    expect(Buffer.from(unsnap(packed)).toString()).toBe("heron heron");
  });
  it("a copy may overlap itself", () => {
    expect(Buffer.from(unsnap(Buffer.from([6, 0, 0x61, ((5 - 4) << 2) | 1, 1]))).toString()).toBe("aaaaaa");
  });
  it("a copy from before the beginning is an error, not silence", () => {
    expect(() => unsnap(Buffer.from([6, 0, 0x61, 5, 9]))).toThrow("from nowhere");
  });
});

describe("tables", () => {
  it("a packed block is read unpacked", () => {
    const packed = Buffer.from([11, (6 - 1) << 2, ...Buffer.from("heron "), ((5 - 4) << 2) | 1, 6]);
    const blocks = unpackedTable(table(packed, 1)).map((block) => Buffer.from(block).toString("latin1"));
    expect(blocks).toContain("heron heron");
  });
  it("a plain block as it is", () => {
    const blocks = unpackedTable(table(Buffer.from("heron"), 0)).map((block) => Buffer.from(block).toString("latin1"));
    expect(blocks).toContain("heron");
  });
  it("what isn't a table has no blocks", () => expect(unpackedTable(Buffer.alloc(100))).toEqual([]));
});
