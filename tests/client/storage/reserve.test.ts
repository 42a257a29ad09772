/** Words go into the room that was laid aside when the disk is full; what can come again doesn't. */
import { describe, expect, it } from "vitest";
import { withReserve } from "../../../client/storage/pocket-store.ts";
import { StoreError } from "../../../client/vault/ports.ts";

function disk(room: number, laidAside: number, forTheLock = 0) {
  const state = { room, laidAside, forTheLock, spends: 0, tries: 0 };
  return {
    state,
    reserve: {
      get spent() {
        return state.spends > 0;
      },
      spend: async (last: boolean) => {
        state.spends++;
        const made = state.laidAside + (last ? state.forTheLock : 0);
        state.room += made;
        state.laidAside = 0;
        if (last) state.forTheLock = 0;
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
    expect(await withReserve(reserve, false, write(3))).toBe(3);
    expect(state.spends).toBe(0);
    expect(await withReserve(reserve, false, write(50))).toBe(50);
    expect(state).toMatchObject({ spends: 1, tries: 3 });
  });

  it("says so when that is used up, after one try", async () => {
    const { state, reserve, write } = disk(0, 0);
    await expect(withReserve(reserve, false, write(1))).rejects.toMatchObject({ code: "storage-full" });
    expect(state.tries).toBe(1);
  });

  it("keeps a part for the lock, which words don't take", async () => {
    const { state, reserve, write } = disk(0, 100, 20);
    expect(await withReserve(reserve, false, write(90))).toBe(90);
    await expect(withReserve(reserve, false, write(15))).rejects.toMatchObject({ code: "storage-full" });
    expect(state.forTheLock).toBe(20);
    expect(await withReserve(reserve, true, write(15))).toBe(15);
  });

  it("gives nothing up for another trouble", async () => {
    const { state, reserve } = disk(0, 100);
    const broken = () => Promise.reject(new StoreError("store-closed"));
    await expect(withReserve(reserve, true, broken)).rejects.toMatchObject({ code: "store-closed" });
    expect(state.spends).toBe(0);
  });
});
