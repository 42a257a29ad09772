/** Words go into the room that was laid aside when the disk is full; what can come again doesn't. */
import { describe, expect, it } from "vitest";
import { withReserve } from "../../../client/storage/pocket-store.ts";
import { StoreError } from "../../../client/vault/ports.ts";

function disk(room: number, laidAside: number) {
  const state = { room, laidAside, spends: 0, tries: 0 };
  return {
    state,
    reserve: {
      get spent() {
        return state.spends > 0;
      },
      spend: async () => {
        state.spends++;
        state.room += state.laidAside;
        const made = state.laidAside > 0;
        state.laidAside = 0;
        return made;
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
    expect(await withReserve(reserve, write(3))).toBe(3);
    expect(state.spends).toBe(0);
    expect(await withReserve(reserve, write(50))).toBe(50);
    expect(state).toMatchObject({ spends: 1, tries: 3 });
  });

  it("says so when that is used up, after one try", async () => {
    const { state, reserve, write } = disk(0, 0);
    await expect(withReserve(reserve, write(1))).rejects.toMatchObject({ code: "storage-full" });
    expect(state.tries).toBe(1);
  });

  it("gives nothing up for another trouble", async () => {
    const { state, reserve } = disk(0, 100);
    const broken = () => Promise.reject(new StoreError("store-closed"));
    await expect(withReserve(reserve, broken)).rejects.toMatchObject({ code: "store-closed" });
    expect(state.spends).toBe(0);
  });
});
