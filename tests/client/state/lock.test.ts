/** Locking over the real vault on a disk that is slow, refuses or is full: what is kept before the worker ends, and what is asked. */
import { expose, transfer } from "comlink";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { VaultApi } from "../../../client/vault/api.ts";
import { StoreError } from "../../../client/vault/ports.ts";
import type { MemoryShelfOptions } from "../storage/memory-shelf.ts";
import { CHILD, Device, drawAsIs, PICTURES, until } from "../vault/device.ts";

const replaced: string[] = [];
const html = { dataset: {} as Record<string, string | undefined> };
const page = Object.assign(new EventTarget(), {
  documentElement: html,
  activeElement: null,
  visibilityState: "visible",
  getElementById: () => null,
});

/** What takes half a second and more takes a quarter of it: limits and the disk alike, so that nobody waits for them here. */
const { setTimeout: realTimeout } = globalThis;
const quicker = (call: () => void, ms = 0) => realTimeout(call, ms < 500 ? ms : ms / 4);

beforeEach(() => {
  vi.resetModules();
  replaced.length = 0;
  html.dataset = {};
  vi.stubGlobal("document", page);
  vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
  vi.stubGlobal("location", { replace: (to: string) => replaced.push(to) });
  vi.stubGlobal("history", { pushState: () => undefined, replaceState: () => undefined });
  vi.stubGlobal("getSelection", () => null);
  vi.stubGlobal("HTMLElement", class {});
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("setTimeout", quicker);
});
afterEach(() => vi.unstubAllGlobals());

const DISK_MS = 1_200;

interface Disk {
  pauseMs: number;
  refuses: boolean;
  /** What the making smaller of a photo takes, and how many were begun. */
  drawMs: number;
  drawing: number;
}

/** A page inside a pocket of one entry, on a disk that can be made slow or refuse. */
async function inside(options: MemoryShelfOptions = {}) {
  const disk: Disk = { pauseMs: 0, refuses: false, drawMs: 0, drawing: 0 };
  const pause = async (): Promise<void> => {
    if (disk.refuses) throw new StoreError("store-failed");
    if (disk.pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, disk.pauseMs));
  };
  const device = await Device.create(Object.assign(options, { pause }));
  device.draw = async (file) => {
    disk.drawing++;
    await new Promise((resolve) => setTimeout(resolve, disk.drawMs));
    return drawAsIs(file);
  };
  const vault = device.start();
  const pocket = await vault.createPocket(CHILD);
  const document = await vault.createDocument("entry");
  const { port1, port2 } = new MessageChannel();
  const openDocument: VaultApi["openDocument"] = async (tag) => {
    const opened = await vault.openDocument(tag);
    return transfer(opened, [opened.port]);
  };
  expose({ ...vault, openDocument }, port2);
  port1.start();
  let ended: "still there" | "ended" = "still there";
  const terminate = (): void => {
    ended = "ended";
    port1.close();
    device.shelf.crash();
  };
  const state = {
    ...(await import("../../../client/state/lock.ts")),
    ...(await import("../../../client/state/vault.ts")),
    ...(await import("../../../client/state/session.ts")),
    ...(await import("../../../client/state/entry.ts")),
  };
  state.prepareVault(() => Object.assign(port1, { terminate }) as unknown as Worker);
  await state.startVault();
  state.followVault();
  state.followUse();
  state.enter(await vault.cover());
  const entry = state.openEntry(document);
  await until(() => entry.ready.value);
  /** What is there at the next unlock. */
  const found = async () => {
    const later = device.start();
    await later.unlock(pocket, PICTURES);
    return later.timeline("entry");
  };
  return { device, pocket, disk, state, entry, found, worker: () => ended };
}

describe("a lock", () => {
  test("by button is quick where sealing is quick", async () => {
    const { state, entry, found, worker } = await inside();
    entry.write("Mormor kom.");
    const began = performance.now();
    await state.lock();
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(worker()).toBe("ended");
    expect(replaced).toEqual(["/"]);
    expect(await found()).toMatchObject([{ excerpt: "Mormor kom." }]);
  });

  test("by button waits for a slow disk, and loses nothing", async () => {
    const { state, disk, entry, found } = await inside();
    disk.pauseMs = DISK_MS;
    entry.write("Mormor kom.");
    const locking = state.lock();
    expect(html.dataset.covered).toBe("");
    await locking;
    disk.pauseMs = 0;
    expect(await found()).toMatchObject([{ excerpt: "Mormor kom." }]);
  });

  test("by button asks when the disk refuses, whatever the reason; locks once it is kept", {
    timeout: 20_000,
  }, async () => {
    const { state, disk, entry, found, worker } = await inside();
    disk.refuses = true;
    entry.write("Mormor kom.");
    await state.lock();
    expect(state.lockRefused.value).toBe("late");
    expect(worker()).toBe("still there");
    // The question is seen, and nothing else.
    expect(html.dataset).toEqual({ pocket: "denim", phase: "open", asking: "" });
    disk.refuses = false;
    await until(() => worker() === "ended");
    expect(await found()).toMatchObject([{ excerpt: "Mormor kom." }]);
  });

  test("by button asks what there is no room for, and one can stay or lock anyway; by itself it asks nobody", async () => {
    const quota = { quotaBytes: 1_000_000 };
    const here = await inside(quota);
    quota.quotaBytes = 1;
    here.entry.write("Mormor kom.");
    await here.state.lock();
    expect(here.state.lockRefused.value).toBe("full");
    here.state.stayOpen();
    expect(html.dataset).toEqual({ pocket: "denim", phase: "open" });
    await here.state.lock();
    expect(here.worker()).toBe("still there");
    await here.state.lock("anyway");
    expect(here.worker()).toBe("ended");
    vi.resetModules();
    quota.quotaBytes = 1_000_000;
    const other = await inside(quota);
    quota.quotaBytes = 1;
    other.entry.write("Mormor kom.");
    await other.state.lock("by-itself");
    expect(other.worker()).toBe("ended");
  });

  test("waits for a photo that is being made smaller, also when it comes by itself", async () => {
    for (const why of ["button", "by-itself"] as const) {
      vi.resetModules();
      const { disk, state, entry, found } = await inside();
      disk.drawMs = DISK_MS;
      void entry.addPhoto(new Blob([new Uint8Array(300)]), false).catch(() => undefined);
      await state.lock(why);
      expect(await found()).toMatchObject([{ photos: 1 }]);
    }
  });

  test("waits for the rest of several photos", async () => {
    const { disk, state, entry, found } = await inside();
    disk.drawMs = DISK_MS;
    const { sealAfter } = await import("../../../client/state/before-sealing.ts");
    const add = async (): Promise<void> => {
      for (let one = 0; one < 2; one++) await entry.addPhoto(new Blob([new Uint8Array(300)]), false);
    };
    void sealAfter(add()).catch(() => undefined);
    await state.lock();
    expect(await found()).toMatchObject([{ photos: 2 }]);
  });

  test("ends in a new page where there is no vault any more", async () => {
    const { state } = await inside();
    state.endVault();
    await state.lock();
    expect(replaced).toEqual(["/"]);
  });
});

describe("another window", () => {
  test("gets the pocket when the photo is in it, and only then does the worker go", async () => {
    const { device, disk, pocket, state, entry, found, worker } = await inside();
    disk.drawMs = DISK_MS;
    void entry.addPhoto(new Blob([new Uint8Array(300)]), false).catch(() => undefined);
    await until(() => disk.drawing === 1);
    const { createLeftWord } = await import("../../../client/ui/parts/left-word.ts");
    createLeftWord({ value: "Farmor" }, (word) => entry.toggleWord("persons", word));
    const taken = device.shelf.takeAway(pocket);
    await until(() => state.phase.value === "elsewhere");
    expect(worker()).toBe("still there");
    await taken;
    await until(() => worker() === "ended");
    expect(await found()).toMatchObject([{ photos: 1, marks: { persons: ["Farmor"] } }]);
    // The answer to an unlocking that comes after it opens nothing.
    if (state.pocket.value === null) throw new Error("no pocket");
    state.enter(state.pocket.value);
    expect(state.phase.value).toBe("elsewhere");
  });
});
