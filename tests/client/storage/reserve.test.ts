/** Words go into the room that was laid aside when the disk is full; what can come again doesn't. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { withReserve } from "../../../client/storage/pocket-store.ts";
import { createReserve } from "../../../client/storage/reserve.ts";
import { StoreError, type Urgency } from "../../../client/vault/ports.ts";

function disk(room: number, laidAside: number, forTheLock = 0) {
  const state = { room, laidAside, forTheLock, spends: 0, tries: 0 };
  return {
    state,
    reserve: {
      get spent() {
        return state.spends > 0;
      },
      get dry() {
        return state.forTheLock === 0;
      },
      spend: async (urgency: Urgency) => {
        state.spends++;
        const made = state.laidAside + (urgency === "words" ? 0 : state.forTheLock);
        state.room += made;
        state.laidAside = 0;
        if (urgency !== "words") state.forTheLock = 0;
        return made > 0;
      },
      fill: async () => undefined,
    },
    write: (size: number) => async () => {
      state.tries++;
      if (size > state.room) throw new StoreError("storage-full");
      state.room -= size;
      return size;
    },
  };
}

describe("a full disk", () => {
  it("takes words into the room that was laid aside", async () => {
    const { state, reserve, write } = disk(5, 100);
    expect(await withReserve(reserve, "words", write(3))).toBe(3);
    expect(state.spends).toBe(0);
    expect(await withReserve(reserve, "words", write(50))).toBe(50);
    expect(state).toMatchObject({ spends: 1, tries: 3 });
  });

  it("says so when that is used up, after one try", async () => {
    const { state, reserve, write } = disk(0, 0);
    await expect(withReserve(reserve, "words", write(1))).rejects.toMatchObject({ code: "storage-full" });
    expect(state.tries).toBe(1);
  });

  it("keeps a part for the lock, which words don't take", async () => {
    const { state, reserve, write } = disk(0, 100, 20);
    expect(await withReserve(reserve, "words", write(90))).toBe(90);
    await expect(withReserve(reserve, "words", write(15))).rejects.toMatchObject({ code: "storage-full" });
    expect(state.forTheLock).toBe(20);
    expect(await withReserve(reserve, "lock", write(15))).toBe(15);
  });

  it("gives nothing up for another trouble", async () => {
    const { state, reserve } = disk(0, 100);
    const broken = () => Promise.reject(new StoreError("store-closed"));
    await expect(withReserve(reserve, "lock", broken)).rejects.toMatchObject({ code: "store-closed" });
    expect(state.spends).toBe(0);
  });
});

const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * The origin's private file system with so many bytes free beside the one file in it. As Chromium does, it gives a file that
 * grows a power of two, and a MiB at the least: of what is free below that, nothing can be laid aside.
 */
function files(free: number) {
  const disk = { free, held: 0 };
  const grow = (to: number): void => {
    const asked = to <= disk.held ? to : Math.max(MIB, 2 ** Math.ceil(Math.log2(to)));
    if (asked - disk.held > disk.free) throw new DOMException("no room", "QuotaExceededError");
    disk.free -= to - disk.held;
    disk.held = to;
  };
  const handle = {
    getSize: () => disk.held,
    truncate: grow,
    write: (bytes: Uint8Array, { at }: { at: number }) => {
      grow(Math.max(disk.held, at + bytes.length));
      return bytes.length;
    },
    flush: () => undefined,
    close: () => undefined,
  };
  const root = { getFileHandle: async () => ({ createSyncAccessHandle: async () => handle }) };
  vi.stubGlobal("navigator", {
    storage: { getDirectory: async () => root, estimate: async () => ({ quota: 10 ** 12, usage: 0 }) },
  });
  return disk;
}

describe("room laid aside", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("is four MiB where there is room, and one of them is for a lock", async () => {
    const disk = files(100 * MIB);
    const reserve = createReserve();
    await reserve.fill();
    expect([disk.held, reserve.spent, reserve.dry]).toEqual([4 * MIB, false, false]);
    expect(await reserve.spend("words")).toBe(true);
    expect([disk.held, reserve.spent, reserve.dry]).toEqual([MIB, true, false]);
    expect(await reserve.spend("words")).toBe(false);
    for (let left = 7; left >= 1; left--) {
      expect(await reserve.spend("lock")).toBe(true);
      expect([disk.held, reserve.dry]).toEqual([left * 128 * KIB, left === 1]);
    }
    expect(await reserve.spend("lock")).toBe(false);
    expect(await reserve.spend("all"), "a code is tried, something is deleted").toBe(true);
    expect([disk.held, reserve.dry]).toEqual([0, true]);
    expect(await reserve.spend("all")).toBe(false);
    await reserve.fill();
    expect([disk.held, reserve.spent, reserve.dry]).toEqual([4 * MIB, false, false]);
  });

  it("on a full disk keeps one lock after the other, and says when there is none left", async () => {
    const disk = files(MIB);
    const full = () => new StoreError("storage-full");
    const write = (bytes: number) => async () => {
      if (bytes > disk.free) throw full();
      disk.free -= bytes;
    };
    let locks = 0;
    for (;;) {
      const reserve = createReserve();
      await reserve.fill();
      expect(reserve.spent).toBe(true);
      if (reserve.dry) break;
      await expect(withReserve(reserve, "words", write(disk.free + 1))).rejects.toMatchObject({ code: "storage-full" });
      await withReserve(reserve, "lock", write(90 * KIB));
      locks++;
    }
    expect(locks).toBe(9);
    expect(disk.held).toBe(128 * KIB);
  });

  it("doesn't take back what words were given", async () => {
    const disk = files(17 * MIB);
    const reserve = createReserve();
    await reserve.fill();
    disk.free = 0;
    await reserve.spend("words");
    await reserve.fill();
    expect([disk.held, disk.free]).toEqual([MIB, 3 * MIB]);
  });

  it("counts as used up where the browser has no such files, until it is asked for anew", async () => {
    vi.stubGlobal("navigator", { storage: { estimate: async () => ({}) } });
    const reserve = createReserve();
    await reserve.fill();
    expect([reserve.spent, reserve.dry]).toEqual([false, false]);
    expect(await reserve.spend("lock")).toBe(false);
    expect([reserve.spent, reserve.dry]).toEqual([true, true]);
    await reserve.fill();
    expect(reserve.dry).toBe(false);
  });
});
