/** What the lamp says, and where Lomme belongs on the home screen: tables. */
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { SafetyFacts } from "../../../client/state/storage-safety.ts";

type Safety = typeof import("../../../client/state/storage-safety.ts");
type Platform = typeof import("../../../client/state/storage-platform.ts");
let safety: Safety;
let platform: Platform;

beforeAll(async () => {
  // The page's own facts are read when its modules are; here there is no page.
  vi.stubGlobal("navigator", { userAgent: "", maxTouchPoints: 0 });
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  safety = await import("../../../client/state/storage-safety.ts");
  platform = await import("../../../client/state/storage-platform.ts");
});

const fine: SafetyFacts = {
  unsent: 0,
  onServer: true,
  otherDevices: 0,
  card: "tried",
  cardReach: "everywhere",
  room: "enough",
  belongsOnHomeScreen: false,
  serverFull: false,
  roomShort: false,
};

describe("the lamp", () => {
  it.each<[string, Partial<SafetyFacts>, string, boolean]>([
    ["the card was tried and reaches a new device", {}, "safe-card", true],
    ["another device has it, without a card", { otherDevices: 1, card: "none", cardReach: null }, "safe-devices", true],
    ["never with the server", { onServer: false }, "one-copy", false],
    ["never with the server, though there is a card", { onServer: false, cardReach: "here" }, "one-copy", false],
    ["something waits", { unsent: 1 }, "on-its-way", false],
    ["something waits, and another device is there", { unsent: 1, otherDevices: 2 }, "on-its-way", false],
    ["a copy that only this device opens", { card: "none", cardReach: null }, "no-way-back", false],
    ["a card that nobody tried", { card: "made" }, "card-untried", false],
    ["a card that is not with the server", { cardReach: "not-yet" }, "card-on-its-way", false],
    [
      "a browser that forgets, whatever else holds",
      { belongsOnHomeScreen: true, otherDevices: 1 },
      "home-screen",
      false,
    ],
    ["a full server", { serverFull: true, otherDevices: 1 }, "server-full", false],
    ["a full server that a code would help with", { roomShort: true, unsent: 3 }, "room-short", false],
    ["no room here, before everything", { room: "short", belongsOnHomeScreen: true }, "full", false],
    ["no room here, and the last words wait for the lock", { room: "waits" }, "full-waits", false],
    ["no room here, not even for a lock", { room: "none" }, "full-none", false],
    ["words that a lock could not keep", { room: "unkept" }, "full-unkept", false],
  ])("%s", (_what, facts, reason, isSafe) => {
    const said = safety.safetyOf({ ...fine, ...facts });
    expect(said).toBe(reason);
    expect(safety.isSafe(said)).toBe(isSafe);
  });
});

const safari = (device: string, more = "Version/18.5 Mobile/15E148 Safari/604.1") =>
  `Mozilla/5.0 (${device}) AppleWebKit/605.1.15 (KHTML, like Gecko) ${more}`;

describe("where storage goes after seven days", () => {
  it.each<[string, string, number, "touch" | "mac" | null]>([
    ["Safari on an iPhone", safari("iPhone; CPU iPhone OS 18_5 like Mac OS X"), 5, "touch"],
    [
      "Chrome on an iPhone is WebKit too",
      safari("iPhone; CPU iPhone OS 18_5 like Mac OS X", "CriOS/140.0 Mobile/15E148 Safari/604.1"),
      5,
      "touch",
    ],
    [
      "an iPad that says it is a Mac",
      safari("Macintosh; Intel Mac OS X 10_15_7", "Version/18.5 Safari/605.1.15"),
      5,
      "touch",
    ],
    ["Safari on a Mac", safari("Macintosh; Intel Mac OS X 10_15_7", "Version/18.5 Safari/605.1.15"), 0, "mac"],
    [
      "Chrome on a Mac",
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
      0,
      null,
    ],
    [
      "Firefox on a Mac",
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0",
      0,
      null,
    ],
    [
      "Chrome on Android",
      "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
      5,
      null,
    ],
    [
      "Edge on Windows with a touch screen",
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0",
      10,
      null,
    ],
  ])("%s", (_what, userAgent, maxTouchPoints, forgets) => {
    const facts = { userAgent, maxTouchPoints, standalone: undefined, displaysStandalone: false };
    expect(platform.platformOf(facts)).toEqual({ forgets, installed: false });
    expect(platform.platformOf({ ...facts, standalone: true }).installed).toBe(true);
    expect(platform.platformOf({ ...facts, displaysStandalone: true }).installed).toBe(true);
  });
});
