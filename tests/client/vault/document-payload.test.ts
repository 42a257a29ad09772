import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type DocumentPayload,
  decodeDocumentPayload,
  decodeSaidContent,
  encodeDocumentPayload,
  encodeSaidContent,
} from "../../../client/vault/document-payload.ts";
import { hasPlace, mergeRuns, type Run, subtractRuns } from "../../../client/vault/runs.ts";
import type { BlobId, BlobKey, ChainId } from "../../../crypto/types.ts";

const chain = (digit: number): ChainId => String(digit).repeat(32) as ChainId;
const run = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 9 }))
  .map(([of, from, more]): Run => ({ chain: chain(of), from, to: from + more }));
const runs = fc.array(run, { maxLength: 12 });
const places = (of: readonly Run[]): Set<string> =>
  new Set(
    of.flatMap(({ chain: id, from, to }) => Array.from({ length: to - from + 1 }, (_, at) => `${id}/${from + at}`)),
  );

describe("runs of places", () => {
  it("are the same places merged, and without others what is left", () => {
    fc.assert(
      fc.property(runs, runs, (some, gone) => {
        expect(places(mergeRuns(some))).toEqual(places(some));
        expect(places(subtractRuns(some, gone))).toEqual(places(some).difference(places(gone)));
        for (const { chain: id, from } of gone) {
          expect(hasPlace(some, { chain: id, counter: from })).toBe(places(some).has(`${id}/${from}`));
        }
      }),
    );
  });
});

describe("a document's payload", () => {
  const inBlob = { blob: "ab".repeat(16) as BlobId, key: new Uint8Array(32).fill(7) as BlobKey };
  const content = fc.oneof(fc.uint8Array({ maxLength: 50 }), fc.constant(inBlob));

  it("comes back as it was, in one encoding only", () => {
    fc.assert(
      fc.property(content, runs, fc.constantFrom("update", "snapshot"), (what, some, kind) => {
        const payload: DocumentPayload = { content: what, covered: kind === "snapshot" ? mergeRuns(some) : [] };
        const bytes = encodeDocumentPayload(kind, payload);
        expect(decodeDocumentPayload(kind, bytes)).toEqual(payload);
        expect(() => decodeDocumentPayload(kind === "update" ? "snapshot" : "update", bytes)).toThrow();
      }),
    );
  });

  it.each([
    ["nothing", []],
    ["an unknown form", [5]],
    ["a blob without its key", [2, ...new Array(40).fill(1)]],
    ["a blob with more", [2, ...new Array(49).fill(1)]],
    ["a chain without a run", [3, 0, 1, ...new Array(16).fill(1), 0, 0, 0, 0]],
    ["a run backwards", [3, 0, 1, ...new Array(16).fill(1), 0, 0, 0, 1, ...u64(5), ...u64(4)]],
    ["a run from nought", [3, 0, 1, ...new Array(16).fill(1), 0, 0, 0, 1, ...u64(0), ...u64(4)]],
    [
      "two runs that touch",
      [3, 0, 1, ...new Array(16).fill(1), 0, 0, 0, 2, ...u64(1), ...u64(2), ...u64(3), ...u64(4)],
    ],
    ["more runs than bytes", [3, 0, 1, ...new Array(16).fill(1), 255, 255, 255, 255]],
  ])("is refused: %s", (_, bytes) => {
    for (const kind of ["update", "snapshot", "said"] as const) {
      expect(() => decodeDocumentPayload(kind, Uint8Array.from(bytes))).toThrow(/bad-format|ends too early|./);
    }
  });

  it("stands for what is said, too, which never looks like it", () => {
    expect(decodeSaidContent(encodeSaidContent(inBlob))).toEqual(inBlob);
    const said = new TextEncoder().encode('{"type":"answer"}');
    expect(encodeSaidContent(said)).toBe(said);
    expect(decodeSaidContent(said)).toBe(said);
  });
});

function u64(value: number): number[] {
  return [0, 0, 0, 0, 0, 0, 0, value];
}
