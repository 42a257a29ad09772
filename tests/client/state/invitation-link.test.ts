import { describe, expect, it, vi } from "vitest";
import { openedInvitation, payloadOf, takeInvitation } from "../../../client/state/invitation-link.ts";

const payload = "Ab3_-".repeat(20);

describe("invitations by link", () => {
  it("are found in a link, behind a hash, and by themselves", () => {
    expect(payloadOf(`https://lomme.example/#${payload}`)).toBe(payload);
    expect(payloadOf(`#${payload}`)).toBe(payload);
    expect(payloadOf(`  ${payload}\n`)).toBe(payload);
  });
  it("are not made of anything else", () => {
    for (const text of ["", "#", "#top", "https://lomme.example/", `#${payload}<script>`, `${payload} ${payload}`]) {
      expect(payloadOf(text)).toBeNull();
    }
  });
  it("leave the address bar at once, and wait in memory", () => {
    const replaced: unknown[][] = [];
    vi.stubGlobal("location", { hash: `#${payload}`, origin: "https://lomme.example" });
    vi.stubGlobal("history", { state: 3, replaceState: (...call: unknown[]) => replaced.push(call) });
    takeInvitation();
    expect(replaced).toEqual([[3, "", "/"]]);
    expect(openedInvitation.value).toBe(payload);
    vi.unstubAllGlobals();
  });
  it("take any other fragment out of the address bar too, and keep the one that waits", () => {
    const replaced: unknown[][] = [];
    vi.stubGlobal("location", { hash: "#something-short", origin: "https://lomme.example" });
    vi.stubGlobal("history", { state: null, replaceState: (...call: unknown[]) => replaced.push(call) });
    takeInvitation();
    expect(replaced).toHaveLength(1);
    expect(openedInvitation.value).toBe(payload);
    vi.unstubAllGlobals();
  });
});
