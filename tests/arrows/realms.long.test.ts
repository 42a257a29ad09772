/** Each realm has its own library: what belongs to another doesn't compile, and the check says in which realm. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSkeleton, type Skeleton } from "./skeleton.ts";

const PLANTS: readonly (readonly [realm: string, file: string, code: string, message: string])[] = [
  ["pure", "crypto/planted-1.ts", "export const title = document.title;", "'document'"],
  ["pure", "crypto/planted-2.ts", "export const home = process.env;", "'process'"],
  ["pure", "crypto/planted-3.ts", "export const later = setTimeout;", "'setTimeout'"],
  ["pure", "protocol/planted.ts", "export const store = localStorage;", "'localStorage'"],
  ["pure", "client/sync/planted.ts", "export const ask = fetch;", "'fetch'"],
  ["pure", "client/documents/planted.ts", "export const note = new Worker('x');", "'Worker'"],
  ["worker", "client/vault/planted.ts", "export const title = document.title;", "'document'"],
  ["worker", "client/storage/planted.ts", "export const w = window.name;", "'window'"],
  ["worker", "client/transport/planted.ts", "export const home = process.env;", "'process'"],
  ["page", "client/ui/planted.ts", "export const home = process.env;", "'process'"],
  ["page", "client/state/planted.ts", "export const bytes = Buffer.alloc(1);", "'Buffer'"],
  ["sw", "client/sw/sw.ts", "export const title = document.title;", "'document'"],
  ["server", "sync-server/planted.ts", "export const title = document.title;", "'document'"],
  ["server", "sync-server/planted-2.ts", "export enum Kind { A }", "erasableSyntaxOnly"],
  ["tests", "tests/planted.test.ts", "export const missing: string = 1;", "not assignable"],
];

let house: Skeleton;
let output = "";
let code: number | null = null;

beforeAll(() => {
  house = createSkeleton();
  house.write(Object.fromEntries(PLANTS.map(([, file, text]) => [file, text])));
  ({ output, code } = house.run("node", "tools/types.mjs"));
});
afterAll(() => house.remove());

/** The part of the report that belongs to one realm. */
const reportOf = (realm: string): string =>
  output.split(/^types \((?=\w+\):)/m).find((part) => part.startsWith(realm)) ?? "";

describe("realms", () => {
  it.each(PLANTS)("%s: %s doesn't compile", (realm, file, _text, message) => {
    const line = reportOf(realm)
      .split("\n")
      .find((text) => text.startsWith(`${file}(`));
    expect(line).toContain(message);
  });
  it("fail the run", () => expect(code).toBe(1));
});
