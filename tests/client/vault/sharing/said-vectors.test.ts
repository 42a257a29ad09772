/** Said payloads against their vectors: what is read, what an earlier version meant, what is left aside. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { encodeSaid, parseSaid, type SaidPayload } from "../../../../client/vault/sharing/payloads.ts";

interface Vectors {
  readonly opened: readonly { readonly name: string; readonly payload: SaidPayload }[];
  readonly earlier: readonly { readonly name: string; readonly payload: unknown; readonly means: SaidPayload }[];
  readonly ignored: readonly { readonly attacks: string; readonly payload: unknown }[];
}
const file = new URL("../../../vectors/by-hand/said.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as Vectors;

const read = (payload: unknown): SaidPayload | null => parseSaid(new TextEncoder().encode(JSON.stringify(payload)));

describe("vectors of what is said", () => {
  test.each(vectors.opened)("$name: read, and said again it is the same", ({ payload }) => {
    expect(read(payload)).toEqual(payload);
    const { v: _, ...said } = payload;
    expect(parseSaid(encodeSaid(said))).toEqual(payload);
  });

  test.each(vectors.earlier)("$name", ({ payload, means }) => {
    expect(read(payload)).toEqual(means);
  });

  test.each(vectors.ignored)("left aside: $attacks", ({ payload }) => {
    expect(read(payload)).toBeNull();
  });
});
