import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeBlobCommit,
  decodeClientFrame,
  decodeClientFrames,
  decodeCreateSpace,
  decodeMissing,
  decodePollDown,
  decodePollUp,
  decodeRoom,
  decodeServerFrame,
  decodeServerFrames,
  decodeTokenOffer,
  encodeBlobCommit,
  encodeClientFrame,
  encodeCreateSpace,
  encodeLive,
  encodeMissing,
  encodePollDown,
  encodePollUp,
  encodeRoom,
  encodeServerFrame,
  encodeTokenOffer,
  type PollDown,
  type PollUp,
} from "../../protocol/codec.ts";
import { REFUSALS, refusalOfWire } from "../../protocol/errors.ts";
import type {
  ClientFrame,
  OuterRecord,
  RefusalCode,
  ServerFrame,
  SpaceId,
  StoredRecord,
} from "../../protocol/frames.ts";
import type { CreateSpace } from "../../protocol/http.ts";
import {
  MAX_EXPIRES_SECONDS,
  MAX_FRAME_BYTES,
  MAX_FRAMES_PER_MESSAGE,
  MAX_SEALED_BYTES,
  MAX_WAIT_SECONDS,
  MAX_WRAP_BYTES,
} from "../../protocol/limits.ts";

const bytes = (min: number, max = min) => fc.uint8Array({ minLength: min, maxLength: max });
const id = <Id extends string>() => bytes(16).map((raw) => Buffer.from(raw).toString("hex") as Id);
const number = fc.oneof(fc.nat(300), fc.maxSafeNat());
const expires = fc.integer({ min: 0, max: MAX_EXPIRES_SECONDS });
const key = bytes(32);
const kind = fc.constantFrom("update", "snapshot", "said", "control", "void");
const record = fc.record({ document: id(), kind, epoch: number, opId: id(), sealed: bytes(1, 900) });
const keys = fc.record({ own: key, write: key, read: key });
const wrap = fc.record({ tag: id(), waitSeconds: fc.nat(MAX_WAIT_SECONDS), bytes: bytes(0, 300) });
const wraps = fc.array(wrap, { maxLength: 4 });
const request = { request: number, space: id() };
const is = <const Type extends string>(type: Type) => fc.constant(type);

const clientFrame = fc.oneof(
  fc.record({ type: is("hello"), protocol: number }),
  fc.record({
    type: is("open"),
    ...request,
    epoch: number,
    right: fc.constantFrom("own", "write", "read"),
    proof: bytes(64),
  }),
  fc.record({ type: is("close"), space: id() }),
  fc.record({ type: is("pull"), ...request, after: number }),
  fc.record({ type: is("append"), ...request, record }),
  fc.record({ type: is("checkpoint"), ...request, expected: fc.option(id()), record }),
  fc.record({
    type: is("rotate"),
    ...request,
    expected: fc.option(id()),
    seen: fc.option(number),
    epoch: number,
    keys,
    wraps,
    removedTags: fc.array(id(), { maxLength: 3 }),
    record,
  }),
  fc.record({ type: is("putWraps"), ...request, wraps }),
  fc.record({ type: is("deleteDocument"), ...request, document: id() }),
  fc.record({ type: is("prune"), ...request, document: id(), before: number }),
  fc.record({ type: is("deleteSpace"), ...request }),
  fc.record({ type: is("listWaits"), ...request }),
  fc.record({ type: is("reopen"), ...request, checkpoint: fc.option(id()) }),
  fc.record({ type: is("token"), ...request }),
  fc.record({ type: is("ephemeral"), space: id(), document: id(), bytes: bytes(0, 500) }),
  fc.record({
    type: is("registerDrop"),
    ...request,
    drop: fc.record({ key, expires, singleUse: fc.boolean(), quotaBytes: number, attachment: bytes(0, 200) }),
  }),
  fc.record({ type: is("revokeDrop"), ...request, key }),
  fc.record({ type: is("pullDrops"), ...request, after: number }),
  fc.record({ type: is("clearDrops"), ...request, through: number }),
) as fc.Arbitrary<ClientFrame>;

const stored = fc.record({ seq: number, document: id(), kind, epoch: number, opId: id(), sealed: bytes(1, 900) });
const serverFrame = fc.oneof(
  fc.record({ type: is("welcome"), protocol: number, server: id(), incarnation: id(), nonce: bytes(32) }),
  fc.record({ type: is("opened"), ...request, head: number, epoch: number, checkpoint: fc.option(id()) }),
  fc.record({
    type: is("page"),
    ...request,
    records: fc.array(stored, { maxLength: 4 }),
    head: number,
    more: fc.boolean(),
  }),
  fc.record({ type: is("live"), space: id(), record: stored }),
  fc.record({ type: is("ack"), request: number, opId: id(), seq: number }),
  fc.record({ type: is("token"), request: number, token: fc.base64String({ minLength: 4 }), validSeconds: number }),
  fc.record({ type: is("done"), request: number }),
  fc.record({
    type: is("drops"),
    ...request,
    drops: fc.array(fc.record({ seq: number, key, bytes: bytes(0, 300) }), { maxLength: 3 }),
    more: fc.boolean(),
  }),
  fc.record({ type: is("dropped"), space: id() }),
  fc.record({
    type: is("waits"),
    ...request,
    waits: fc.array(fc.record({ tag: id(), secondsLeft: fc.nat(MAX_WAIT_SECONDS) }), { maxLength: 3 }),
  }),
  fc.record({ type: is("ephemeral"), space: id(), document: id(), bytes: bytes(0, 500) }),
  fc.record({
    type: is("refused"),
    request: number,
    code: fc.constantFrom(...(Object.keys(REFUSALS) as RefusalCode[])),
  }),
  fc.record({ type: is("ended"), space: id(), code: fc.constantFrom("epoch-over", "space-deleted") }),
) as fc.Arbitrary<ServerFrame>;

const badFrame = expect.objectContaining({ code: "bad-frame" });
const code = (work: () => unknown): unknown => {
  try {
    work();
    return null;
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};

/** For every frame: decodes to itself, and nothing one byte away in length does. */
function describeCodec<Frame>(
  name: string,
  frames: fc.Arbitrary<Frame>,
  encode: (frame: Frame) => Uint8Array,
  decode: (raw: Uint8Array) => Frame,
): void {
  describe(name, () => {
    test("decoding gives back what was encoded", () => {
      fc.assert(
        fc.property(frames, (frame) => {
          expect(decode(encode(frame))).toEqual(frame);
        }),
      );
    });
    test("one byte more is refused", () => {
      fc.assert(
        fc.property(frames, (frame) => {
          expect(code(() => decode(Buffer.concat([encode(frame), Buffer.of(0)])))).toBe("bad-frame");
        }),
      );
    });
    test("every shorter start is refused", () => {
      fc.assert(
        fc.property(frames, fc.nat(), (frame, cut) => {
          const raw = encode(frame);
          expect(code(() => decode(raw.subarray(0, cut % raw.length)))).toBe("bad-frame");
        }),
      );
    });
    test("any bytes either decode and encode to themselves, or are refused", () => {
      fc.assert(
        fc.property(frames, fc.nat(), fc.integer({ min: 0, max: 255 }), (frame, at, value) => {
          const raw = encode(frame).slice();
          raw[at % raw.length] = value;
          let read: Frame;
          try {
            read = decode(raw);
          } catch (error) {
            expect(error).toEqual(badFrame);
            return;
          }
          expect(encode(read)).toEqual(raw);
        }),
        { numRuns: 2000 },
      );
    });
    test("random bytes never do anything but decode or be refused", () => {
      fc.assert(
        fc.property(bytes(0, 80), (raw) => {
          expect([null, "bad-frame"]).toContain(code(() => decode(raw)));
        }),
        { numRuns: 2000 },
      );
    });
  });
}

/** Without the bytes of the record that are kept beside it. */
const bare = (frame: ClientFrame): ClientFrame => {
  if (frame.type !== "append") return frame;
  const { encoded: _, ...rest } = frame;
  return rest;
};

describeCodec("client frames", clientFrame, encodeClientFrame, (raw) => bare(decodeClientFrame(raw)));
describeCodec("server frames", serverFrame, encodeServerFrame, decodeServerFrame);

const createSpace = fc.record({
  space: id(),
  kind: fc.constantFrom("pocket", "space"),
  keys,
  wraps,
}) as unknown as fc.Arbitrary<CreateSpace>;
describeCodec("the body that creates a space", createSpace, encodeCreateSpace, decodeCreateSpace);
const size = fc.nat(Number.MAX_SAFE_INTEGER);
describeCodec(
  "how much room a space has",
  fc.record({ bytes: size, quota: size, most: size, unspent: fc.boolean() }),
  encodeRoom,
  decodeRoom,
);
test("a token that is offered is one to 64 letters of base64url", () => {
  const token = "a-Z_09".repeat(10);
  expect(decodeTokenOffer(encodeTokenOffer(token))).toBe(token);
  for (const text of ["", "two words", "æble", `${token}abcde`, "a=", "a\n"]) {
    expect(() => decodeTokenOffer(encodeTokenOffer(text))).toThrow("bad-frame");
  }
});
describeCodec(
  "the body that commits a blob",
  fc.array(key, { minLength: 1, maxLength: 5 }),
  encodeBlobCommit,
  decodeBlobCommit,
);
describeCodec(
  "what goes up in a poll",
  fc.record({ number, frames: fc.array(bytes(0, 40), { maxLength: 4 }) }) as fc.Arbitrary<PollUp>,
  encodePollUp,
  decodePollUp,
);
describeCodec(
  "what comes down in a poll",
  fc.record({ close: fc.nat(4999), frames: fc.array(bytes(0, 40), { maxLength: 4 }) }) as fc.Arbitrary<PollDown>,
  encodePollDown,
  decodePollDown,
);
describeCodec("the list of missing chunks", fc.array(fc.nat(4095), { maxLength: 9 }), encodeMissing, decodeMissing);

describe("limits at their edges", () => {
  const append = (size: number): ClientFrame =>
    ({
      type: "append",
      request: 1,
      space: "00".repeat(16),
      record: {
        document: "11".repeat(16),
        kind: "said",
        epoch: 1,
        opId: "22".repeat(16),
        sealed: new Uint8Array(size),
      },
    }) as unknown as ClientFrame;

  test("the largest record passes, one byte more doesn't, none at all neither", () => {
    expect(decodeClientFrame(encodeClientFrame(append(MAX_SEALED_BYTES)))).toMatchObject(append(MAX_SEALED_BYTES));
    expect(code(() => encodeClientFrame(append(MAX_SEALED_BYTES + 1)))).toBe("bad-frame");
    expect(code(() => encodeClientFrame(append(0)))).toBe("bad-frame");
  });

  test("a drop key ends in the year 9999 at the latest", () => {
    const drop = { key: new Uint8Array(32), singleUse: true, quotaBytes: 1, attachment: new Uint8Array(0) };
    const register = (expires: number) =>
      ({
        type: "registerDrop",
        request: 1,
        space: "00".repeat(16),
        drop: { ...drop, expires },
      }) as unknown as ClientFrame;
    const last = encodeClientFrame(register(MAX_EXPIRES_SECONDS));
    expect(decodeClientFrame(last)).toEqual(register(MAX_EXPIRES_SECONDS));
    expect(code(() => encodeClientFrame(register(MAX_EXPIRES_SECONDS + 1)))).toBe("bad-frame");
    last[1 + 1 + 16 + 32] = (last[1 + 1 + 16 + 32] as number) + 1; // the lowest seven bits of the end
    expect(code(() => decodeClientFrame(last))).toBe("bad-frame");
  });

  test("a frame over 256 KiB is refused before it is read", () => {
    expect(code(() => decodeClientFrame(new Uint8Array(MAX_FRAME_BYTES + 1)))).toBe("bad-frame");
    const wide = { tag: "00".repeat(16), waitSeconds: 0, bytes: new Uint8Array(MAX_WRAP_BYTES) };
    const frame = { type: "putWraps", request: 1, space: "00".repeat(16), wraps: Array(17).fill(wide) };
    expect(code(() => encodeClientFrame(frame as unknown as ClientFrame))).toBe("bad-frame");
  });

  test("a length that promises more than there is asks for no memory", () => {
    // append, request 1, space, document, kind, epoch, op id, then a sealed length of 2^53 - 1
    const head = Buffer.concat([Buffer.of(5, 1), Buffer.alloc(32), Buffer.of(1, 1), Buffer.alloc(16)]);
    const length = Buffer.from("ffffffffffffff0f", "hex");
    expect(code(() => decodeClientFrame(Buffer.concat([head, length])))).toBe("bad-frame");
  });

  test("an integer may be written in one way only", () => {
    expect(decodeClientFrame(Buffer.of(1, 1))).toEqual({ type: "hello", protocol: 1 });
    expect(code(() => decodeClientFrame(Buffer.of(1, 0x81, 0x00)))).toBe("bad-frame");
    expect(code(() => decodeClientFrame(Buffer.of(1, ...Array(9).fill(0xff), 0x01)))).toBe("bad-frame");
  });

  test("what a client decoded doesn't share memory with the frame; the server's record is a view, used up at once", () => {
    const { space, record } = append(4) as Extract<ClientFrame, { type: "append" }>;
    const raw = encodeServerFrame({ type: "live", space, record: { seq: 1, ...record } });
    const frame = decodeServerFrame(raw) as Extract<ServerFrame, { type: "live" }>;
    raw.fill(9);
    expect(frame.record.sealed).toEqual(new Uint8Array(4));
    const sent = encodeClientFrame(append(4));
    const seen = decodeClientFrame(sent) as Extract<ClientFrame, { type: "append" }>;
    expect(seen.record.sealed.buffer).toBe(sent.buffer);
  });

  test("what was encoded stays as it is when more is encoded, also while encoding", () => {
    const first = encodeClientFrame({ type: "hello", protocol: 1 });
    const kept = first.slice();
    encodeClientFrame(append(3000));
    expect(first).toEqual(kept);
    const up: PollUp = { number: 7, frames: [encodeClientFrame(append(9)), first] };
    expect(decodePollUp(encodePollUp(up))).toEqual(up);
  });
});

test("a record passed on as it came is the one that would be written", () => {
  fc.assert(
    fc.property(id<SpaceId>(), number, record, (space, seq, sent) => {
      const frame = encodeClientFrame({ type: "append", request: 1, space, record: sent as OuterRecord });
      const { encoded } = decodeClientFrame(frame) as Extract<ClientFrame, { type: "append" }>;
      const written = encodeServerFrame({ type: "live", space, record: { seq, ...sent } as StoredRecord });
      expect(encodeLive(space, seq, encoded as Uint8Array)).toEqual(written);
    }),
  );
});

describe("messages of several frames", () => {
  test("any frames, one after another, come back as they were", () => {
    const message = <Frame>(encode: (frame: Frame) => Uint8Array, frames: Frame[]) => Buffer.concat(frames.map(encode));
    fc.assert(
      fc.property(fc.array(clientFrame, { minLength: 1, maxLength: 8 }), (frames) => {
        expect(decodeClientFrames(message(encodeClientFrame, frames)).map(bare)).toEqual(frames);
      }),
    );
    fc.assert(
      fc.property(fc.array(serverFrame, { minLength: 1, maxLength: 8 }), (frames) => {
        expect(decodeServerFrames(message(encodeServerFrame, frames))).toEqual(frames);
      }),
    );
  });

  test("none, too many, a bad one among good ones, a cut one: nothing of it counts", () => {
    const hello = encodeClientFrame({ type: "hello", protocol: 1 });
    const many = (count: number): Uint8Array => Buffer.concat(Array.from({ length: count }, () => hello));
    expect(decodeClientFrames(many(MAX_FRAMES_PER_MESSAGE))).toHaveLength(MAX_FRAMES_PER_MESSAGE);
    const bad = [
      new Uint8Array(0),
      many(MAX_FRAMES_PER_MESSAGE + 1),
      Buffer.concat([hello, Buffer.of(99)]),
      Buffer.concat([hello, hello.subarray(0, 1)]),
      new Uint8Array(MAX_FRAME_BYTES + 1),
    ];
    for (const message of bad) expect(code(() => decodeClientFrames(message))).toBe("bad-frame");
    for (const message of [new Uint8Array(0), Buffer.of(39, 1, 99)]) {
      expect(code(() => decodeServerFrames(message))).toBe("bad-frame");
    }
  });
});

test("every refusal has a wire number of its own", () => {
  const wires = Object.values(REFUSALS).map(({ wire }) => wire);
  expect(new Set(wires).size).toBe(wires.length);
  for (const [name, { wire }] of Object.entries(REFUSALS)) expect(refusalOfWire(wire)).toBe(name);
  expect(refusalOfWire(99)).toBeNull();
});
