import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSending } from "../../../client/state/sending.ts";
import type { SyncState, VaultEvent } from "../../../client/vault/api.ts";

const start = async (unsent: number) => {
  const listeners = new Set<(event: VaultEvent) => void>();
  const state = (now: number, connection: SyncState["connection"] = "on"): SyncState => ({
    connection,
    unsent: now,
    problem: null,
    catchingUp: null,
  });
  const sending = createSending({
    state: async () => state(unsent),
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  const stop = sending.hold();
  await vi.advanceTimersByTimeAsync(0);
  const say = (now: number, connection?: SyncState["connection"]): void => {
    for (const listener of listeners) listener({ type: "sync", state: state(now, connection) });
  };
  return { sending, stop, say, listeners };
};

describe("how far sending has got", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is said after a second, counts on with what is written meanwhile, and ends", async () => {
    const { sending, say } = await start(40);
    say(30);
    expect(sending.value.value).toBeNull();
    vi.advanceTimersByTime(1_000);
    expect(sending.value.value).toEqual({ done: 10, total: 40 });
    say(35);
    expect(sending.value.value).toEqual({ done: 10, total: 45 });
    say(1);
    expect(sending.value.value).toEqual({ done: 44, total: 45 });
    say(0);
    expect(sending.value.value).toBeNull();
  });

  it("is not said of a letter that goes at once, nor without net", async () => {
    const { sending, say } = await start(0);
    say(1);
    vi.advanceTimersByTime(500);
    say(0);
    vi.advanceTimersByTime(5_000);
    expect(sending.value.value).toBeNull();
    say(7);
    vi.advanceTimersByTime(2_000);
    expect(sending.value.value).toEqual({ done: 0, total: 7 });
    say(7, "off");
    expect(sending.value.value).toBeNull();
  });

  it("stops with the screen", async () => {
    const { sending, say, stop, listeners } = await start(3);
    stop();
    expect(listeners.size).toBe(0);
    say(3);
    vi.advanceTimersByTime(5_000);
    expect(sending.value.value).toBeNull();
  });
});
