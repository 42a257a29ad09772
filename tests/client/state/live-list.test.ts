import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createLiveList } from "../../../client/state/live-list.ts";
import type { VaultApi, VaultEvent } from "../../../client/vault/api.ts";

const listeners = new Set<(event: VaultEvent) => void>();
/** A vault that says what the test says, and is asked by the list's own question only. */
const from = {
  vault: () => ({}) as VaultApi,
  listen: (listener: (event: VaultEvent) => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  drawing: () => drawing,
};
/** The first screen after the code, while it is drawn. */
let drawing: Promise<void> | null = null;

const changed = (what: "people" | "timeline"): void => {
  for (const listener of listeners) listener({ type: "changed", what });
};

describe("a list that the vault keeps", () => {
  let answers: ((value: number) => void)[] = [];
  let asked = 0;
  const ask = () => {
    asked += 1;
    return new Promise<number>((resolve) => answers.push(resolve));
  };
  beforeEach(() => {
    answers = [];
    asked = 0;
  });
  afterEach(() => listeners.clear());

  it("isn't asked for before a screen shows it, nor after the last one has gone", () => {
    const list = createLiveList(ask, ["people"], from);
    changed("people");
    expect(asked).toBe(0);
    const first = list.hold();
    const second = list.hold();
    first();
    first();
    answers[0]?.(1);
    changed("people");
    expect(asked).toBe(1);
    second();
    changed("people");
    expect(asked).toBe(1);
  });
  it("is asked for again when it changed, and only then", async () => {
    const list = createLiveList(ask, ["people"], from);
    list.hold();
    answers[0]?.(1);
    await vi.waitFor(() => expect(list.value.value).toBe(1));
    changed("timeline");
    expect(asked).toBe(1);
    changed("people");
    answers[1]?.(2);
    await vi.waitFor(() => expect(list.value.value).toBe(2));
  });
  it("answers many changes that come meanwhile with one more question", async () => {
    const list = createLiveList(ask, ["people"], from);
    list.hold();
    for (let i = 0; i < 5; i += 1) changed("people");
    answers[0]?.(1);
    await vi.waitFor(() => expect(asked).toBe(2));
    answers[1]?.(2);
    await vi.waitFor(() => expect(list.value.value).toBe(2));
    expect(asked).toBe(2);
  });
  it("isn't asked for while the first screen is drawn, and then only when it is still shown", async () => {
    let drawn = (): void => undefined;
    drawing = new Promise((resolve) => {
      drawn = resolve;
    });
    const [shown, left] = [createLiveList(ask, [], from), createLiveList(ask, [], from)];
    shown.give(7);
    shown.hold();
    left.hold()();
    expect([shown.value.value, asked]).toEqual([7, 0]);
    drawn();
    await vi.waitFor(() => expect(asked).toBe(1));
    await Promise.resolve();
    expect(asked).toBe(1);
    drawing = null;
  });
  it("keeps the old answer when asking fails, and says that it failed", async () => {
    const says: (() => Promise<number>)[] = [async () => 7, () => Promise.reject(new Error("closed")), async () => 7];
    const list = createLiveList(() => says.shift()?.() ?? Promise.resolve(0), [], from);
    await list.refresh();
    await list.refresh();
    expect(list.value.value).toBe(7);
    expect(list.failed.value).toBe(true);
    await list.refresh();
    expect(list.failed.value).toBe(false);
  });
});
