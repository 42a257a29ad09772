import { describe, expect, it } from "vitest";
import { MemoryShelf } from "./memory-shelf.ts";
import { storageAcceptance } from "./storage-acceptance.ts";

storageAcceptance("memory", async () => new MemoryShelf());

const put = (key: string, size: number) => ({ put: "log", key, bytes: new Uint8Array(size) }) as const;

describe("memory: what only the fake can do", () => {
  it("keeps strict commits through a crash and ends the handles of before", async () => {
    const shelf = new MemoryShelf();
    const store = await shelf.openStore("a");
    await store.commit([put("x", 1)]);
    shelf.crash();
    await expect(store.get("log", "x")).rejects.toMatchObject({ code: "store-closed" });
    expect(await (await shelf.openStore("a")).get("log", "x")).not.toBeNull();
  });

  it("loses relaxed commits that were not flushed", async () => {
    const shelf = new MemoryShelf({ strict: false });
    const store = await shelf.openStore("a");
    await store.commit([put("x", 1)]);
    shelf.flush();
    await store.commit([put("y", 1)]);
    shelf.crash();
    expect((await (await shelf.openStore("a")).range("log", "")).map((row) => row.key)).toEqual(["x"]);
  });

  it("refuses a commit beyond the quota whole", async () => {
    const store = await new MemoryShelf({ quotaBytes: 10 }).openStore("a");
    await store.commit([put("x", 6)]);
    await expect(store.commit([{ remove: "log", key: "x" }, put("y", 6), put("z", 6)])).rejects.toMatchObject({
      code: "storage-full",
    });
    expect((await store.range("log", "")).map((row) => row.key)).toEqual(["x"]);
  });
});
