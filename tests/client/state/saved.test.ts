import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DocumentTag } from "../../../client/documents/kinds.ts";
import { watchSaved } from "../../../client/state/saved.ts";
import type { VaultEvent } from "../../../client/vault/api.ts";

const mine = "0".repeat(32) as DocumentTag;
const other = "1".repeat(32) as DocumentTag;

const start = () => {
  const listeners = new Set<(event: VaultEvent) => void>();
  const watch = watchSaved(mine, (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  });
  const say = (saved: boolean, document: DocumentTag = mine): void => {
    for (const listener of listeners) listener({ type: "saved", document, saved });
  };
  return { watch, say, listeners };
};

describe("saved here", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is taken back with the first letter and said again only by the vault", () => {
    const { watch, say } = start();
    expect(watch.state.value).toBe("saved");
    watch.edited();
    expect(watch.state.value).toBe("saving");
    vi.advanceTimersByTime(1_000);
    expect(watch.state.value).toBe("saving");
    say(true);
    vi.advanceTimersByTime(50);
    expect(watch.state.value).toBe("saved");
  });
  it("doesn't believe an answer that a new letter has overtaken", () => {
    const { watch, say } = start();
    watch.edited();
    say(true);
    watch.edited();
    vi.advanceTimersByTime(100);
    expect(watch.state.value).toBe("saving");
  });
  it("says that something is wrong when no answer comes, and recovers", () => {
    const { watch, say } = start();
    watch.edited();
    vi.advanceTimersByTime(4_000);
    expect(watch.state.value).toBe("problem");
    watch.edited();
    expect(watch.state.value).toBe("problem");
    say(true);
    vi.advanceTimersByTime(50);
    expect(watch.state.value).toBe("saved");
  });
  it("counts the wait from the first unsaved letter, not the last", () => {
    const { watch } = start();
    for (let i = 0; i < 20; i += 1) {
      watch.edited();
      vi.advanceTimersByTime(300);
    }
    expect(watch.state.value).toBe("problem");
  });
  it("listens to its own document only, and stops", () => {
    const { watch, say, listeners } = start();
    watch.edited();
    say(true, other);
    vi.advanceTimersByTime(50);
    expect(watch.state.value).toBe("saving");
    watch.stop();
    expect(listeners.size).toBe(0);
  });
});
