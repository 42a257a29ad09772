/** The second code: what it opens, what it never leads to, and that nothing written on either side of it is lost. */
import { describe, expect, it } from "vitest";
import { appendText, readPhotos, toggleMood } from "../../../client/documents/entry.ts";
import { writeTopic } from "../../../client/documents/life-me.ts";
import { setBinned, toggleWord } from "../../../client/documents/marks.ts";
import { addRecordingTo } from "../../../client/documents/recordings.ts";
import { plainToRichText } from "../../../client/documents/rich-text.ts";
import { createAlone } from "../../../client/vault/alone.ts";
import type { Pocket } from "../../../client/vault/pocket.ts";
import { renewVault } from "../../../client/vault/renewal.ts";
import { SealedStore } from "../../../client/vault/sealed-store.ts";
import { openPocketKey } from "../../../client/vault/threshold.ts";
import type { DocumentTag, WayIn } from "../../../crypto/types.ts";
import { CHILD, Device, PICTURES, until } from "./device.ts";
import { openPage } from "./page.ts";
import { webm } from "./take-along/archives.ts";

const SECOND = { kind: "pictures", pictures: [9, 8, 7, 6, 5, 4, 3] } as const;
const WRONG = { kind: "pictures", pictures: [1, 63, 0, 17, 17, 40, 6] } as const;
const WORDS = { kind: "passphrase", passphrase: "sol regn skov båd" } as const;

async function makeDevice() {
  const disk: { failing: boolean; stepsLeft: number } = { failing: false, stepsLeft: 0 };
  const step = async (): Promise<void> => {
    if (disk.failing && disk.stepsLeft-- <= 0) throw new Error("killed");
  };
  const device = await Device.create({ pause: step });
  const opened: Pocket[] = [];
  device.connect = async (pocket) => {
    opened.push(pocket);
    return createAlone(pocket);
  };
  const vault = device.start();
  const id = await vault.createPocket(CHILD);
  const write = async (words: string, kind: "entry" | "wish" = "entry"): Promise<DocumentTag> => {
    const document = await vault.createDocument(kind);
    await edit(document, words);
    return document;
  };
  const edit = (document: DocumentTag, words: string): Promise<unknown> => {
    const [pocket] = opened as [Pocket];
    return pocket.documents.edit(pocket.keyring.me.pocket, document, (doc) => appendText(doc, plainToRichText(words)));
  };
  const makeSecond = async (): Promise<void> => {
    await vault.confirmCode(PICTURES);
    await vault.setSideCode(SECOND);
    await vault.seal(0);
  };
  const openSecond = async () => {
    const side = device.start();
    await side.unlock(id, SECOND);
    return side;
  };
  return { disk, device, vault, id, opened, write, edit, makeSecond, openSecond };
}

const compare = (one: string, other: string): number => (one < other ? -1 : 1);
type Started = ReturnType<Device["start"]>;

const wordsOf = async (vault: Started): Promise<readonly string[]> =>
  [...(await vault.timeline("entry")), ...(await vault.timeline("wish"))]
    .map(({ excerpt }) => excerpt)
    .toSorted(compare);

/** The beginning of a photo of 40 × 30, as a camera writes it. */
const jpegHead = Uint8Array.from([
  ...[0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0],
  ...[0xff, 0xc0, 0, 17, 8, 0, 30, 0, 40, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1],
]);

/** Writes as a page does. */
async function writeThrough(vault: Started, document: DocumentTag, words: string): Promise<void> {
  const page = await openPage(vault, document);
  const before = vault.events.length;
  appendText(page.doc, plainToRichText(words));
  await until(() => vault.events.slice(before).some((event) => event.type === "saved" && event.saved));
  page.close();
}

/** Every byte string that can be reached from a value, as hex. */
function bytesFrom(root: unknown, found = new Set<string>(), seen = new Set<unknown>()): ReadonlySet<string> {
  if (typeof root !== "object" || root === null || seen.has(root)) return found;
  seen.add(root);
  if (root instanceof Uint8Array) {
    found.add(Buffer.from(root).toString("hex"));
    return found;
  }
  if (root instanceof Map) for (const [key, value] of root) for (const one of [key, value]) bytesFrom(one, found, seen);
  else if (root instanceof Set) for (const one of root) bytesFrom(one, found, seen);
  else for (const one of Object.values(root)) bytesFrom(one, found, seen);
  return found;
}

describe("the second code", () => {
  it("opens what is marked and nothing else, and says nothing of more", async () => {
    const { vault, opened, write, makeSecond, openSecond } = await makeDevice();
    const own = await write("Det her er mit");
    const shown = await write("Vi var ved havet");
    await vault.letSee(shown, true);
    const [pocket] = opened as [Pocket];
    const { pocket: space } = pocket.keyring.me;
    await pocket.documents.edit(space, own, (doc) => {
      toggleMood(doc, "angry");
      toggleWord(doc, "tags", "hemmelig");
      toggleWord(doc, "persons", "far");
    });
    await pocket.documents.edit(space, await vault.page("me"), (doc) => writeTopic(doc, "likes", "heste"));
    await vault.setMemories({ on: true });
    await makeSecond();
    const side = await openSecond();
    expect(await wordsOf(side)).toEqual(["Vi var ved havet"]);
    expect(await side.overview("entry")).toMatchObject([{ count: 1 }]);
    expect((await side.search("mit", {}, 10)).hits).toEqual([]);
    expect((await side.search("", { mood: "angry" }, 10)).hits).toEqual([]);
    expect((await side.search("heste", {}, 10)).hits).toEqual([]);
    expect(await side.markedWords()).toEqual({ tags: [], names: [], places: [] });
    const months = await side.overview("entry");
    expect(months.flatMap(({ moods }) => moods).filter(Boolean)).toEqual([]);
    expect((await side.takeAlongCount()).documents).toBe(1);
    expect(await side.memorySettings()).toMatchObject({ on: false, brakes: [] });
    expect(await side.syncState()).toMatchObject({ connection: "off", unsent: 0, problem: null });
    expect(await side.cover()).toMatchObject({ isSide: true, doorOpen: false, waysIn: ["pictures"], colour: "denim" });
    expect(await side.sideState()).toEqual({ on: false, seen: [] });
    for (const list of [side.people, side.shares, side.received, side.jointPages, side.doorItems, side.waits]) {
      expect(await list()).toEqual([]);
    }
    expect(await side.reminder()).toBeNull();
    for (const call of [side.makeCard, side.endSide, () => side.setDoor(true), () => side.changeCode(WORDS)]) {
      await expect(call()).rejects.toMatchObject({ code: "not-allowed" });
    }
  });

  it("leads to no key of the pocket: neither in memory, nor by any row on the disk", async () => {
    const { device, vault, id, opened, write, makeSecond } = await makeDevice();
    const shown = await write("Vi var ved havet");
    await vault.addPhoto(shown, new Blob([new Uint8Array(3000).fill(7)]));
    await vault.letSee(shown, true);
    await makeSecond();
    const [pocket] = opened as [Pocket];
    const { me } = pocket.keyring;
    const secrets = [pocket.vaultKey, me.mediaRoot, me.identity.privateKey, me.recovery, me.device.privateKey];
    const ofPocket = secrets.map((key) => Buffer.from(key).toString("hex"));
    // What the walk would find: the pocket itself holds them.
    const parts = { me, vaultKey: pocket.vaultKey };
    for (const key of ofPocket) expect(bytesFrom(parts).has(key)).toBe(true);

    const crossed = await openPocketKey(device.parts, id, SECOND);
    expect(crossed.isSide).toBe(true);
    const sideRaw = await device.shelf.openStore(crossed.row.side?.id ?? "");
    const store = (await SealedStore.open(sideRaw, crossed.vaultKey)) as SealedStore;
    const tables = ["keyring", "spaces", "outbox", "pages", "log", "door", "blobs"] as const;
    const rows = await Promise.all(tables.map((table) => store.listTable(table)));
    expect(rows.flat().length).toBeGreaterThan(5);
    const reached = [...bytesFrom([crossed, rows])].join(" ");
    for (const key of ofPocket) expect(reached).not.toContain(key);

    // And its key opens no row of the pocket, whatever its name: not even the one with the key of the names.
    const raw = await device.shelf.openStore(id);
    expect(await SealedStore.open(raw, crossed.vaultKey)).toBeNull();
  });

  it("confirms nothing in the pocket, and the first one nothing behind it", async () => {
    const { vault, makeSecond, openSecond } = await makeDevice();
    await makeSecond();
    await expect(vault.confirmCode(SECOND)).rejects.toMatchObject({ code: "wrong-code" });
    await expect((await openSecond()).confirmCode(PICTURES)).rejects.toMatchObject({ code: "wrong-code" });
  });

  it("asks for the code, is not the first one, and is of its kind", async () => {
    const { device, vault } = await makeDevice();
    await expect(vault.setSideCode(SECOND)).rejects.toMatchObject({ code: "code-needed" });
    await expect(vault.endSide()).rejects.toMatchObject({ code: "code-needed" });
    await vault.confirmCode(PICTURES);
    await expect(vault.setSideCode(PICTURES)).rejects.toMatchObject({ code: "same-code" });
    await expect(vault.setSideCode(WORDS)).rejects.toMatchObject({ code: "not-allowed" });
    expect((await device.cover()).side ?? null).toBeNull();
    await vault.setSideCode(SECOND);
    await expect(vault.changeCode(SECOND)).rejects.toMatchObject({ code: "same-code" });
  });

  it("takes one run of the KDF, as the first code and a wrong one do, also after the first was changed", async () => {
    const { device, vault, id, makeSecond } = await makeDevice();
    await makeSecond();
    const runs = async (code: typeof WRONG | typeof SECOND | typeof PICTURES): Promise<number> => {
      let derived = 0;
      const { kdf } = device.parts;
      const derive: typeof kdf.derive = (...args) => {
        derived += 1;
        return kdf.derive(...args);
      };
      const counting = { ...kdf, derive };
      device.ahead += 600_000;
      await openPocketKey({ ...device.parts, kdf: counting }, id, code).catch(() => undefined);
      return derived;
    };
    expect([await runs(PICTURES), await runs(SECOND), await runs(WRONG)]).toEqual([1, 1, 1]);
    await vault.confirmCode(PICTURES);
    await vault.changeCode(WRONG);
    expect([await runs(WRONG), await runs(SECOND), await runs(PICTURES)]).toEqual([1, 1, 1]);
  });

  it("slows down together with the first code, and forgives no wrong first one", async () => {
    const { device, id, makeSecond, openSecond } = await makeDevice();
    await makeSecond();
    for (const _ of [1, 2])
      await expect(device.start().unlock(id, WRONG)).rejects.toMatchObject({ code: "wrong-code" });
    await openSecond();
    expect((await device.cover()).failed).toBe(2);
    const third = device.start().unlock(id, WRONG);
    await expect(third).rejects.toMatchObject({ code: "wrong-code", detail: { seconds: 5 } });
    await expect(openSecond()).rejects.toMatchObject({ code: "slow-down" });
  });

  it("follows what is written, marked and taken off again, with photos and recordings of its own", async () => {
    const { vault, opened, write, edit, makeSecond, openSecond } = await makeDevice();
    const one = await write("Vi var ved havet");
    const wish = await write("en hund", "wish");
    // Kept as it came, with whatever its file tells: that stays in the child's own pocket.
    const photo = await vault.addPhoto(one, new Blob([jpegHead, new Uint8Array(200_000).fill(7)]), true);
    expect(photo.original).not.toBeNull();
    const blob = await vault.beginRecording(one, "audio/webm");
    await vault.appendRecording(blob, new Uint8Array(100_000).fill(3), { durationMs: 900, peaks: [1, 2] });
    const recording = await vault.endRecording(blob);
    const [pocket] = opened as [Pocket];
    await pocket.documents.edit(pocket.keyring.me.pocket, one, (doc) => recording && addRecordingTo(doc, recording));
    await vault.letSee(one, true);
    await vault.letSee(wish, true);
    await makeSecond();
    const side = await openSecond();
    const [copy] = await side.timeline("entry");
    expect(copy).toMatchObject({ photos: 1, sounds: 1, excerpt: "Vi var ved havet" });
    expect(copy?.thumbnail?.blob).not.toBe(photo.thumbnail.blob);
    if (!copy?.thumbnail) throw new Error("no thumbnail");
    expect((await side.readBlob(copy.thumbnail)).size).toBe(100);
    const shown = await openPage(side, copy.document);
    expect(readPhotos(shown.doc).map(({ original }) => original)).toEqual([null]);
    shown.close();

    await edit(one, "og fandt en krabbe");
    await vault.letSee(wish, false);
    await vault.seal(0);
    expect(await wordsOf(await openSecond())).toEqual(["Vi var ved havet og fandt en krabbe"]);
    await vault.letSee(one, false);
    await until(async () => (await openSecond().then(wordsOf)).length === 0, 5000);
  });

  it("loses nothing that is written behind it: that comes into the pocket, also when the second code is turned off", async () => {
    const { device, vault, id, write, makeSecond, openSecond } = await makeDevice();
    const one = await write("Vi var ved havet");
    await vault.letSee(one, true);
    await makeSecond();
    const side = await openSecond();
    const [copy] = await side.timeline("entry");
    const fresh = await side.createDocument("entry");
    for (const [document, words] of [
      [fresh, "Skrevet bagved"],
      [copy?.document as DocumentTag, "rettet bagved"],
    ] as const) {
      await writeThrough(side, document, words);
    }
    await side.seal(0);
    expect(await wordsOf(side)).toEqual(["Skrevet bagved", "Vi var ved havet rettet bagved"]);

    const again = device.start();
    await again.unlock(id, PICTURES);
    await again.seal(0);
    const all = ["Skrevet bagved", "Vi var ved havet", "Vi var ved havet rettet bagved"];
    expect(await wordsOf(again)).toEqual(all);
    // Brought in once, and both sides agree from then on.
    await again.seal(0);
    expect(await wordsOf(again)).toEqual(all);
    expect(await wordsOf(await openSecond())).toEqual(all);

    const later = await openSecond();
    await writeThrough(later, await later.createDocument("entry"), "Til sidst");
    await later.seal(0);
    const last = device.start();
    await last.unlock(id, PICTURES);
    await last.confirmCode(PICTURES);
    const { side: cover } = await device.cover();
    await last.endSide();
    expect(await wordsOf(last)).toEqual([...all, "Til sidst"].toSorted(compare));
    await expect(openSecond()).rejects.toMatchObject({ code: "wrong-code" });
    const gone = await device.shelf.openStore(cover?.id ?? "");
    expect((await gone.measure("keyring", "")).rows).toBe(0);
    expect(await last.sideState()).toMatchObject({ on: false });
  });

  it("still opens when the pocket's key was renewed, and not with the old bytes of Burn", async () => {
    const { device, vault, id, opened, write, makeSecond, openSecond } = await makeDevice();
    await vault.letSee(await write("Vi var ved havet"), true);
    await makeSecond();
    const [pocket] = opened as [Pocket];
    const stale = await device.cover();
    await pocket.ways(() => renewVault(pocket, pocket.row.waysIn as readonly WayIn[]));
    expect(await wordsOf(await openSecond())).toEqual(["Vi var ved havet"]);
    expect((await device.cover()).side?.waysIn).toHaveLength(1);
    await device.shelf.putCover(stale);
    await expect(device.start().unlock(id, SECOND)).rejects.toMatchObject({ code: "wrong-code" });
  });

  it("ends where the first code becomes one of another kind", async () => {
    const { device, vault, write, makeSecond } = await makeDevice();
    await vault.letSee(await write("Vi var ved havet"), true);
    await makeSecond();
    await vault.changeCode(WORDS);
    expect((await device.cover()).side ?? null).toBeNull();
    expect((await vault.sideState()).seen).toHaveLength(1);
  });

  it("brings the words where a photo in it doesn't open, goes on following, and can be turned off", async () => {
    const { device, vault, id, opened, write, makeSecond, openSecond } = await makeDevice();
    await vault.letSee(await write("Vi var ved havet"), true);
    await makeSecond();
    const side = await openSecond();
    const fresh = await side.createDocument("entry");
    await side.addPhoto(fresh, new Blob([new Uint8Array(3000).fill(7)]));
    const sound = await side.beginRecording(fresh, "audio/webm");
    await side.appendRecording(sound, webm(3000), { durationMs: 900, peaks: [1] });
    await side.endRecording(sound);
    await writeThrough(side, fresh, "Skrevet bagved");
    await side.seal(0);
    const raw = await device.shelf.openStore((await device.cover()).side?.id ?? "");
    for (const { key, bytes } of await raw.range("blobs", "")) {
      if (bytes.length < 2000) continue;
      bytes[100] = (bytes[100] ?? 0) ^ 1;
      await raw.commit([{ put: "blobs", key, bytes }]);
    }

    const again = device.start();
    await again.unlock(id, PICTURES);
    await again.seal(0);
    const all = ["Skrevet bagved", "Vi var ved havet"];
    expect(await wordsOf(again)).toEqual(all);
    const now = opened.at(-1) as Pocket;
    const pending = (await now.outbox.pending(now.keyring.me.pocket)).flatMap(({ blobs }) => blobs);
    for (const blob of pending) expect(await now.blobs.has(now.keyring.me.pocket, blob)).toBe(true);
    const later = await again.createDocument("entry");
    await writeThrough(again, later, "Og så det her");
    await again.letSee(later, true);
    await again.seal(0);
    expect(await wordsOf(await openSecond())).toContain("Og så det her");
    const last = device.start();
    await last.unlock(id, PICTURES);
    await last.confirmCode(PICTURES);
    await last.endSide();
    expect(await wordsOf(last)).toEqual(["Og så det her", ...all]);
  });

  it("keeps what was changed and binned behind it for its thirty days: it comes into the bin of the pocket, once", async () => {
    const { device, vault, id, opened, write, edit, makeSecond, openSecond } = await makeDevice();
    const [one, two] = [await write("Vi var ved havet"), await write("Vi var i skoven")];
    for (const document of [one, two]) await vault.letSee(document, true);
    await makeSecond();
    const side = await openSecond();
    const bin = async (document: DocumentTag) => {
      const pocket = await openPage(side, document);
      setBinned(pocket.doc, Date.now());
      await until(async () =>
        (await side.timeline("entry", undefined, 9, "bin")).some((one) => one.document === document),
      );
      pocket.close();
    };
    const copies = await side.timeline("entry");
    const copyOf = (words: string) => copies.find(({ excerpt }) => excerpt === words)?.document as DocumentTag;
    await writeThrough(side, copyOf("Vi var ved havet"), "rettet bagved");
    await bin(copyOf("Vi var ved havet"));
    // Only put away there: it says what it says here.
    await bin(copyOf("Vi var i skoven"));
    const fresh = await side.createDocument("entry");
    await writeThrough(side, fresh, "Skrevet bagved");
    await bin(fresh);
    await side.seal(0);

    const binOf = async (from: Started) =>
      (await from.timeline("entry", undefined, 9, "bin")).map(({ excerpt }) => excerpt).toSorted(compare);
    for (const start of [1, 2]) {
      const again = device.start();
      await again.unlock(id, PICTURES);
      await again.seal(0);
      expect(await binOf(again), `start ${start}`).toEqual(["Vi var ved havet rettet bagved"]);
      expect(await wordsOf(again)).toEqual(["Vi var i skoven", "Vi var ved havet"]);
    }
    opened.splice(0, opened.length - 1);
    await edit(one, "i går");
    const last = device.start();
    await last.unlock(id, PICTURES);
    await last.seal(0);
    expect(await wordsOf(await openSecond())).toEqual(["Vi var ved havet i går"]);
    expect(await binOf(last)).toEqual(["Vi var ved havet rettet bagved"]);
    await last.confirmCode(PICTURES);
    await last.endSide();
    expect(await binOf(last)).toEqual(["Skrevet bagved", "Vi var ved havet rettet bagved"]);
    expect(await wordsOf(last)).toEqual(["Vi var i skoven", "Vi var ved havet i går"]);
  });

  it("brings a recording that was broken off behind it, also when it is turned off right then", async () => {
    const { device, vault, id, write, makeSecond, openSecond } = await makeDevice();
    await vault.letSee(await write("Vi var ved havet"), true);
    await makeSecond();
    const side = await openSecond();
    const fresh = await side.createDocument("entry");
    await writeThrough(side, fresh, "Hør her");
    const blob = await side.beginRecording(fresh, "audio/webm");
    await side.appendRecording(blob, webm(5000), { durationMs: 900, peaks: [1, 2] });
    await side.seal(0);
    device.shelf.crash();
    const last = device.start();
    await last.unlock(id, PICTURES);
    await last.confirmCode(PICTURES);
    await last.endSide();
    const found = (await last.timeline("entry")).find(({ excerpt }) => excerpt === "Hør her");
    expect(found).toMatchObject({ sounds: 1 });
  });

  it("may be killed at every step of following: nothing is lost, nothing stands there twice", async () => {
    let steps = 0;
    for (let killed = true; killed; steps++) {
      const { disk, device, vault, id, write, edit, makeSecond, openSecond } = await makeDevice();
      const one = await write("Vi var ved havet");
      const two = await write("Vi var i skoven");
      await vault.letSee(one, true);
      await makeSecond();
      const side = await openSecond();
      await writeThrough(side, await side.createDocument("entry"), "Skrevet bagved");
      await side.seal(0);
      await edit(one, "i går");
      await vault.letSee(two, true);

      const again = device.start();
      await again.unlock(id, PICTURES);
      Object.assign(disk, { failing: true, stepsLeft: steps });
      await again.seal(0).catch(() => undefined);
      killed = disk.stepsLeft < 0;
      disk.failing = false;
      device.shelf.crash();

      const last = device.start();
      await last.unlock(id, PICTURES);
      await last.seal(0);
      const all = ["Skrevet bagved", "Vi var i skoven", "Vi var ved havet i går"];
      expect(await wordsOf(last), `killed after ${steps} steps`).toEqual(all);
      expect(await wordsOf(await openSecond()), `killed after ${steps} steps`).toEqual(all);
    }
    expect(steps).toBeGreaterThan(8);
  });
});
