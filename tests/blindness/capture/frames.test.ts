import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FrameReader } from "./frames.ts";

interface Shape {
  readonly opcode: number;
  readonly last?: boolean;
  readonly mask?: boolean;
  readonly reserved?: number;
}

function frame(payload: Uint8Array, { opcode, last = true, mask = true, reserved = 0 }: Shape): Buffer {
  const size = payload.length;
  const length =
    size < 126
      ? [size]
      : size < 65_536
        ? [126, size >> 8, size & 255]
        : [127, 0, 0, 0, 0, 0, size >> 16, (size >> 8) & 255, size & 255];
  length[0] = (length[0] ?? 0) | (mask ? 0x80 : 0);
  const key = [0x12, 0x9a, 0xff, 0x00];
  const body = mask ? payload.map((byte, i) => byte ^ (key[i % 4] ?? 0)) : payload;
  return Buffer.concat([Buffer.from([(last ? 0x80 : 0) | reserved | opcode, ...length, ...(mask ? key : [])]), body]);
}

const text = (word: string): Uint8Array => new Uint8Array(Buffer.from(word));

describe("frames", () => {
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 100_000])(
    "a masked message of %i bytes comes out as it went in",
    (size) => {
      const payload = new Uint8Array(size).map((_, i) => i * 7);
      const [message] = new FrameReader().push(frame(payload, { opcode: 2 }));
      expect(message).toEqual({ kind: "binary", bytes: payload, frames: 1 });
    },
  );

  it("fragments are put together, with a ping in between", () => {
    const reader = new FrameReader();
    const messages = reader.push(
      Buffer.concat([
        frame(text("a word that "), { opcode: 1, last: false }),
        frame(text("ping"), { opcode: 9 }),
        frame(text("is bro"), { opcode: 0, last: false }),
        frame(text("ken"), { opcode: 0 }),
      ]),
    );
    expect(messages.map(({ kind, bytes, frames }) => [kind, Buffer.from(bytes).toString(), frames])).toEqual([
      ["ping", "ping", 1],
      ["text", "a word that is broken", 3],
    ]);
    expect(reader.rest()).toHaveLength(0);
  });

  it("however TCP cuts the stream, the same messages come out", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.uint8Array({ maxLength: 300 }), fc.boolean()), { maxLength: 5 }),
        fc.array(fc.nat(40), { minLength: 1, maxLength: 20 }),
        (payloads, cuts) => {
          const stream = Buffer.concat(payloads.map(([payload, mask]) => frame(payload, { opcode: 2, mask })));
          const reader = new FrameReader();
          const out = [];
          let at = 0;
          for (let i = 0; at < stream.length; i += 1) {
            const step = (cuts[i % cuts.length] ?? 0) + 1;
            out.push(...reader.push(stream.subarray(at, at + step)));
            at += step;
          }
          expect(out.map(({ bytes }) => [...bytes])).toEqual(payloads.map(([payload]) => [...payload]));
        },
      ),
    );
  });

  it.each([
    ["compression", frame(text("x"), { opcode: 2, reserved: 0x40 }), "reserved bits"],
    ["a stray continuation", frame(text("x"), { opcode: 0 }), "continuation"],
    ["an unknown opcode", frame(text("x"), { opcode: 5 }), "opcode 5"],
    [
      "a message in a message",
      Buffer.concat([frame(text("x"), { opcode: 2, last: false }), frame(text("y"), { opcode: 2 })]),
      "unfinished",
    ],
  ])("%s is a fault with a name", (_name, bytes, fault) => {
    const reader = new FrameReader();
    expect(reader.push(bytes)).toEqual([]);
    expect(reader.fault()).toContain(fault);
  });

  it("half a frame is kept as rest", () => {
    const reader = new FrameReader();
    expect(reader.push(frame(text("unfinished"), { opcode: 2 }).subarray(0, 9))).toEqual([]);
    expect(reader.rest()).toHaveLength(9);
  });
});
