import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { createOneWindow } from "../../../client/vault/one-window.ts";
import { readPictureHeader } from "../../../client/vault/picture-format.ts";
import { decodeRow, encodeRow } from "../../../client/vault/row-codec.ts";
import { NO_TRIES, oneMoreFailed, waitBeforeTry } from "../../../client/vault/tries.ts";

describe("rows", () => {
  it("come back as they were put, bytes included", () => {
    const value = fc.letrec((tie) => ({
      leaf: fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.uint8Array({ maxLength: 40 })),
      node: fc.oneof(
        { maxDepth: 3 },
        tie("leaf"),
        fc.array(tie("node"), { maxLength: 4 }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie("node"), { maxKeys: 4, noNullPrototype: true }),
      ),
    })).node;
    void fc.assert(
      fc.property(value, (row) => {
        expect(decodeRow(encodeRow(row))).toEqual(row);
      }),
      { numRuns: 300 },
    );
  });

  it("give bytes a buffer of their own, so that no neighbour's bytes are stored along", () => {
    const { key } = decodeRow<{ key: Uint8Array }>(encodeRow({ key: new Uint8Array(8), other: new Uint8Array(99) }));
    expect(key.buffer.byteLength).toBe(8);
  });

  it("keep a field that somebody called __proto__", () => {
    const odd: unknown = JSON.parse('{"__proto__":{"a":1},"b":2}');
    expect(JSON.stringify(decodeRow(encodeRow({ odd })))).toBe('{"odd":{"__proto__":{"a":1},"b":2}}');
  });

  it("refuse another version and a cut row", () => {
    const row = encodeRow({ a: 1 });
    expect(() => decodeRow(Uint8Array.of(2, ...row.subarray(1)))).toThrow(/version/);
    expect(() => decodeRow(row.subarray(0, 6))).toThrow(/ends/);
  });
});

describe("waiting after wrong codes", () => {
  it("begins after the third, doubles, and ends at five minutes", () => {
    let tries = NO_TRIES;
    const waits = Array.from({ length: 12 }, () => {
      tries = oneMoreFailed(tries, 1000);
      return waitBeforeTry(tries, 1000) / 1000;
    });
    expect(waits).toEqual([0, 0, 5, 10, 20, 40, 80, 160, 300, 300, 300, 300]);
  });
});

describe("what a file says it is", () => {
  const bytes = (...parts: (string | number[])[]): Uint8Array => {
    const all = parts.flatMap((part) => (typeof part === "string" ? [...Buffer.from(part, "latin1")] : part));
    return Uint8Array.from([...all, ...Array<number>(Math.max(0, 40 - all.length)).fill(0)]);
  };
  const sof = [0xff, 0xc0, 0, 17, 8, 0x0b, 0xb8, 0x0f, 0xa0];

  it.each([
    ["jpeg", bytes([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2], sof), [4000, 3000]],
    ["png", bytes([0x89], "PNG\r\n", [0x1a, 0x0a, 0, 0, 0, 13], "IHDR", [0, 0, 4, 0, 0, 0, 3, 0]), [1024, 768]],
    ["gif", bytes("GIF89a", [0x40, 0x01, 0xf0, 0x00]), [320, 240]],
    [
      "webp",
      bytes("RIFF", [0, 0, 0, 0], "WEBPVP8X", [10, 0, 0, 0, 0, 0, 0, 0, 0xff, 0x03, 0, 0xff, 0x02, 0]),
      [1024, 768],
    ],
    [
      "webp",
      bytes("RIFF", [0, 0, 0, 0], "WEBPVP8 ", [0, 0, 0, 0, 0, 0, 0, 0x9d, 1, 0x2a, 0x40, 0x01, 0xf0, 0]),
      [320, 240],
    ],
  ] as const)("%s", (format, file, [width, height]) => {
    expect(readPictureHeader(file)).toEqual({ format, width, height });
  });

  it.each([
    ["an SVG", bytes('<svg xmlns="http://www.w3.org/2000/svg">')],
    ["a PDF", bytes("%PDF-1.7")],
    ["a video", bytes([0, 0, 0, 24], "ftypisom")],
    ["something that begins a little like a JPEG", bytes([0xff, 0xd0, 0xff])],
    ["nothing", new Uint8Array(0)],
    ["a beginning", Uint8Array.of(0xff, 0xd8, 0xff)],
  ])("%s is no picture", (_name, file) => {
    expect(readPictureHeader(file)).toBeNull();
  });

  it("never fails, whatever follows the first bytes", () => {
    const starts = [[0xff, 0xd8, 0xff], [...Buffer.from("RIFF....WEBPVP8L")], [...Buffer.from("GIF8")]];
    void fc.assert(
      fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 200 }), (start, rest) => {
        readPictureHeader(Uint8Array.from([...start, ...rest]));
      }),
      { numRuns: 500 },
    );
  });
});

describe("one live window", () => {
  const locks = () => (navigator as unknown as { locks: LockManager }).locks;

  it("is handed over after the first has sealed", async () => {
    const channels: BroadcastChannel[] = [];
    const open = () => {
      const channel = new BroadcastChannel("one-window-test");
      channels.push(channel);
      return channel;
    };
    const order: string[] = [];
    await createOneWindow(locks(), open).claim(async () => {
      order.push("asked");
      await new Promise((resolve) => setTimeout(resolve, 30));
      order.push("sealed");
    });
    const letGo = await createOneWindow(locks(), open).claim(async () => undefined);
    order.push("mine");
    expect(order).toEqual(["asked", "sealed", "mine"]);
    letGo();
    for (const channel of channels) channel.close();
  });

  it("is held for a pocket that isn't open yet only where nobody has it, and given to whoever asks", async () => {
    const here = () => createOneWindow(locks(), () => new BroadcastChannel("held-window-test"));
    /** Letting go takes a turn. */
    const holdSoon = () => vi.waitFor(async () => (await here().hold()) ?? expect.fail("nobody let go"));
    const held = await here().hold();
    expect(await here().hold()).toBeNull();
    const asked: string[] = [];
    const letGo = await here().claim(async () => void asked.push("the second"));
    expect(held?.enter(async () => void asked.push("the first"))).toBeNull();
    expect(await here().hold()).toBeNull();
    expect(asked).toEqual([]);
    letGo();

    const entered = (await holdSoon()).enter(async () => void asked.push("entered"));
    const last = await here().claim(async () => undefined);
    expect(asked).toEqual(["entered"]);
    entered?.();
    last();
    (await holdSoon()).end();
    (await holdSoon()).end();
  });
});
