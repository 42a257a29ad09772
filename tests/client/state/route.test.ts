import { beforeEach, describe, expect, it, vi } from "vitest";

/** The browser's history, as much as the router uses: states by depth, and a back that tells. */
const entries: unknown[] = [null];
let at = 0;
const listeners: ((event: { state: unknown }) => void)[] = [];
vi.stubGlobal("history", {
  pushState: (state: unknown, _title: string, address: string) => {
    expect(address).toBe("/");
    entries.splice(at + 1, entries.length, state);
    at++;
  },
  replaceState: (state: unknown, _title: string, address: string) => {
    expect(address).toBe("/");
    entries[at] = state;
  },
  back: () => {
    at--;
    for (const listener of listeners) listener({ state: entries[at] });
  },
});
vi.stubGlobal("addEventListener", (_kind: string, listener: (event: { state: unknown }) => void) =>
  listeners.push(listener),
);

const { back, canGoBack, covered, followHistory, go, goInstead, mayShow, place, sideIsOpen, startAt } = await import(
  "../../../client/state/route.ts"
);
followHistory();

describe("where one is", () => {
  beforeEach(() => {
    sideIsOpen.value = false;
    startAt("start");
  });

  it("goes forth and back, with the address always the same and nothing but a depth in the history", () => {
    go("code");
    go("help", { from: "code" });
    expect(place.value).toEqual({ id: "help", params: { from: "code" } });
    expect(entries.every((state) => typeof state === "number")).toBe(true);
    back();
    expect(place.value.id).toBe("code");
    back();
    expect(place.value.id).toBe("start");
    expect(canGoBack.value).toBe(false);
  });

  it("lays help over the screen it was asked from, which is the same one afterwards", () => {
    expect(covered.value).toBeNull();
    go("code");
    const asked = place.value;
    go("help");
    expect(covered.value).toBe(asked);
    back();
    expect(covered.value).toBeNull();
    expect(place.value).toBe(asked);
    startAt("help");
    expect(covered.value).toBeNull();
  });

  it("never shows a screen of the other side of the lock", () => {
    go("settings");
    expect(place.value.id).toBe("start");
    sideIsOpen.value = true;
    expect(mayShow("code")).toBe(false);
    expect(mayShow("help")).toBe(true);
    go("settings");
    expect(place.value.id).toBe("settings");
  });

  it("walks back from a screen inside to home, however deep the way in was", () => {
    go("code");
    go("card-unlock");
    sideIsOpen.value = true;
    startAt("home");
    go("settings");
    back();
    expect(place.value.id).toBe("home");
  });

  it("leaves no way back to a step that must not be done twice", () => {
    go("code");
    goInstead("card-unlock");
    back();
    expect(place.value.id).toBe("start");
  });
});
