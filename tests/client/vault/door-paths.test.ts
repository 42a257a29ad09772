/**
 * Nothing leads from the door to the child's keys: not in the rows that are touched, not in the code that runs, not in
 * the key itself.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { createDoorKeys, openFromDoor, sealForDoor } from "../../../crypto/door.ts";
import { openEnvelope } from "../../../crypto/envelope.ts";
import { LABELS } from "../../../crypto/labels.ts";
import { ready } from "../../../crypto/sodium.ts";
import { CHILD, Device } from "./device.ts";

/** Every module of ours that `entry` runs, through all its value imports. */
function runs(entry: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  const source = readFileSync(entry, "utf8");
  for (const [, clause = "", from = ""] of source.matchAll(/(?:import|export)\s([^;]*?)\sfrom\s"(\.[^"]+)"/g)) {
    if (clause.trim().startsWith("type ")) continue;
    const path = join(dirname(entry), from);
    if (existsSync(path)) runs(path, seen);
  }
  return seen;
}

describe("from the door", () => {
  it("only rows of the door are touched: none is read, one is written", async () => {
    const device = await Device.create();
    const vault = device.start();
    const pocket = await vault.createPocket(CHILD);
    await vault.setDoor(true);
    const touched: string[] = [];
    const openStore = device.shelf.openStore.bind(device.shelf);
    device.shelf.openStore = async (id) => {
      const store = await openStore(id);
      return new Proxy(store, {
        get: (target, name) => {
          const value: unknown = Reflect.get(target, name);
          if (typeof value !== "function") return value;
          return (...args: unknown[]) => {
            const [first] = args;
            const what = Array.isArray(first) ? first.map((write) => `put ${write.put}`).join() : String(first ?? "");
            touched.push(`${String(name)} ${what}`.trim());
            return value.apply(target, args);
          };
        },
      });
    };
    await device.start().leaveAtDoor(pocket, { from: "Mette", text: "hej", photo: new Blob([new Uint8Array(9)]) });
    expect(touched).toEqual(["measure door", "commit put door", "close"]);
  });

  it("no module runs that knows the keyring, ways in, the ladder, or rows under V", () => {
    const modules = [...runs("client/vault/door.ts")].map((path) => path.replace(/^.*?(client|crypto)\//, "$1/"));
    expect(modules).toContain("crypto/door.ts");
    expect(modules.length).toBeGreaterThan(8);
    const forbidden = /keyring|ways-in|unlocking|ladder|crypto\/rows|recipients|identity|sealed-store|card|pairing/;
    expect(modules.filter((path) => forbidden.test(path))).toEqual([]);
    // The look itself finds what it looks for.
    expect([...runs("client/vault/threshold.ts")].some((path) => forbidden.test(path))).toBe(true);
  });

  it("the key is random, opens what was left and nothing of another purpose", async () => {
    await ready();
    const [door, another] = [createDoorKeys(), createDoorKeys()];
    expect(door.seed).not.toEqual(another.seed);
    const left = sealForDoor(door.publicKey, Uint8Array.of(1, 2, 3));
    expect(openFromDoor(door, left)).toEqual(Uint8Array.of(1, 2, 3));
    expect(() => openFromDoor(another, left)).toThrow();
    for (const label of [LABELS.wrap, LABELS.wayIn, LABELS.introduction, LABELS.joinRequest]) {
      expect(() => openEnvelope(door.seed, { label, context: left.subarray(0, 1) }, left.subarray(1))).toThrow();
    }
  });
});
