/** Recording into an entry and reading it again, over the real vault; Argon2id alone takes a second of it. */
import { afterEach, describe, expect, it } from "vitest";
import { readRecordings } from "../../../client/documents/recordings.ts";
import type { RecordingSource, VaultApi } from "../../../client/vault/api.ts";
import type { BlobId, DocumentTag } from "../../../crypto/types.ts";
import { CHILD, Device, PICTURES, until } from "./device.ts";
import { openPage } from "./page.ts";
import { type Player, play } from "./play.ts";

const players: Player[] = [];
afterEach(() => {
  for (const player of players.splice(0)) player.close();
});

/** A WebM file as far as its first four bytes go; the rest is never twice the same. */
function recorded(length: number): Uint8Array {
  const bytes = Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8) * 17) % 256);
  bytes.set([0x1a, 0x45, 0xdf, 0xa3]);
  return bytes;
}

const shape = (durationMs: number) => ({ durationMs, peaks: [0, 7, 31] });

async function hand(vault: VaultApi, recording: BlobId, bytes: Uint8Array, piece: number): Promise<void> {
  for (let at = 0; at < bytes.length; at += piece) {
    await vault.appendRecording(recording, bytes.subarray(at, at + piece), shape(at));
  }
}

async function start(options: { quotaBytes?: number } = {}) {
  const device = await Device.create(options);
  const vault = device.start();
  const pocket = await vault.createPocket(CHILD);
  const document = await vault.createDocument("entry");
  return { device, vault, pocket, document };
}

async function recordingsIn(vault: VaultApi, document: DocumentTag): Promise<readonly RecordingSource[]> {
  const page = await openPage(vault, document);
  const found = readRecordings(page.doc);
  page.close();
  return found;
}

async function playIn(vault: VaultApi, recording: RecordingSource): Promise<Player> {
  const player = await play(vault, recording);
  players.push(player);
  return player;
}

/** Rows of the table that holds chunks, parts and recordings. */
async function rowsOfBlobs(device: Device): Promise<number> {
  const store = await device.shelf.openStore((await device.cover()).id);
  return (await store.measure("blobs", "")).rows;
}

describe("a recording", () => {
  // Around one chunk of 128 KiB, and over several with pieces that end in the middle of one.
  it.each([
    [10, 10],
    [131_072, 131_072],
    [131_073, 4_000],
    [262_144, 131_072],
    [400_000, 70_001],
    [400_000, 400_000],
  ])("of %i bytes in pieces of %i is read as it was handed over, from anywhere", async (length, piece) => {
    const { vault, document } = await start();
    const bytes = recorded(length);
    const recording = await vault.beginRecording(document, "audio/webm");
    await hand(vault, recording, bytes, piece);
    const ended = await vault.endRecording(recording);
    if (ended === null) throw new Error("it was recorded");
    expect(ended).toMatchObject({ type: "audio/webm", bytes: length, peaks: [0, 7, 31] });
    expect(await recordingsIn(vault, document)).toEqual([ended]);
    expect(await vault.timeline("entry")).toMatchObject([{ document, sounds: 1, videos: 0 }]);
    const player = await playIn(vault, ended);
    expect(player.head).toEqual({ type: "head", bytes: length, mime: "audio/webm" });
    for (const from of [0, 1, Math.floor(length / 2), length - 1]) {
      expect(Buffer.compare(await player.read(from), bytes.subarray(from))).toBe(0);
    }
    expect(await player.piece(length)).toEqual({ type: "gone" });
  });

  it("keeps every piece that was handed over when the power goes, and is in its entry after the next unlock", async () => {
    const { device, vault, pocket, document } = await start();
    const bytes = recorded(300_000);
    const recording = await vault.beginRecording(document, "video/webm");
    await hand(vault, recording, bytes, 9_999);
    device.shelf.crash();
    const later = device.start();
    await later.unlock(pocket, PICTURES);
    const found = await until(async () => (await recordingsIn(later, document))[0]);
    expect(found).toMatchObject({ type: "video/webm", bytes: 300_000 });
    expect(await later.timeline("entry")).toMatchObject([{ document, sounds: 0, videos: 1 }]);
    const player = await playIn(later, found);
    expect(Buffer.compare(await player.read(0), bytes)).toBe(0);
    // Found once: the third unlock puts it in no second time.
    await later.seal(0);
    device.shelf.crash();
    const third = device.start();
    await third.unlock(pocket, PICTURES);
    await third.seal(0);
    expect(await recordingsIn(third, document)).toHaveLength(1);
  });

  it("of which nothing was handed over leaves no trace, ended, thrown away or broken off", async () => {
    const { device, vault, pocket, document } = await start();
    const before = await rowsOfBlobs(device);
    expect(await vault.endRecording(await vault.beginRecording(document, "audio/webm"))).toBeNull();
    const unwanted = await vault.beginRecording(document, "audio/webm");
    await hand(vault, unwanted, recorded(200_000), 50_000);
    await vault.dropRecording(unwanted);
    expect(await rowsOfBlobs(device)).toBe(before);
    await vault.beginRecording(document, "audio/webm");
    device.shelf.crash();
    const later = device.start();
    await later.unlock(pocket, PICTURES);
    await until(async () => (await rowsOfBlobs(device)) === before);
    expect(await later.timeline("entry")).toEqual([]);
  });

  it("goes with its document, also while it is being made", async () => {
    const { device, vault, document } = await start();
    const before = await rowsOfBlobs(device);
    const first = await vault.beginRecording(document, "audio/webm");
    await hand(vault, first, recorded(200_000), 50_000);
    const ended = await vault.endRecording(first);
    const second = await vault.beginRecording(document, "audio/webm");
    await hand(vault, second, recorded(200_000), 50_000);
    await vault.removeDocument(document);
    expect(await rowsOfBlobs(device)).toBe(before);
    await expect(vault.appendRecording(second, recorded(9), shape(9))).rejects.toMatchObject({ code: "not-here" });
    expect(await vault.endRecording(second)).toBeNull();
    expect(await rowsOfBlobs(device)).toBe(before);
    await expect(play(vault, ended!)).rejects.toMatchObject({ code: "not-here" });
  });

  it("keeps what came before the disk was full, and finishes when there is room again", async () => {
    const quota = { quotaBytes: 10_000_000 };
    const { device, vault, pocket, document } = await start(quota);
    const bytes = recorded(120_000);
    const recording = await vault.beginRecording(document, "audio/webm");
    await hand(vault, recording, bytes.subarray(0, 80_000), 40_000);
    quota.quotaBytes = 1;
    await expect(vault.appendRecording(recording, bytes.subarray(80_000), shape(3))).rejects.toMatchObject({
      code: "storage-full",
    });
    quota.quotaBytes = 10_000_000;
    // With a hole behind it nothing more is taken, also when there is room again.
    await expect(vault.appendRecording(recording, recorded(5), shape(4))).rejects.toMatchObject({ code: "not-here" });
    quota.quotaBytes = 1;
    await expect(vault.endRecording(recording)).rejects.toMatchObject({ code: "storage-full" });
    quota.quotaBytes = 10_000_000;
    await vault.seal(0);
    device.shelf.crash();
    const later = device.start();
    await later.unlock(pocket, PICTURES);
    const found = await until(async () => (await recordingsIn(later, document))[0]);
    const player = await playIn(later, found);
    expect(Buffer.compare(await player.read(0), bytes.subarray(0, 80_000))).toBe(0);
  });

  it("is not begun where a long one would not fit, and not in what isn't there", async () => {
    const { device, vault, document } = await start();
    device.room = 9_000_000;
    await expect(vault.beginRecording(document, "video/webm")).rejects.toMatchObject({ code: "storage-full" });
    await vault.dropRecording(await vault.beginRecording(document, "audio/webm"));
    const nowhere = "0".repeat(32) as DocumentTag;
    await expect(vault.beginRecording(nowhere, "audio/webm")).rejects.toMatchObject({ code: "not-here" });
    await expect(vault.beginRecording(document, "text/html" as "audio/webm")).rejects.toMatchObject({
      code: "not-allowed",
    });
  });

  it("is given out only as what our recorder writes, and only at its length", async () => {
    const { vault, document } = await start();
    const recording = await vault.beginRecording(document, "audio/webm");
    await vault.appendRecording(recording, new TextEncoder().encode("<script>alert(1)</script>"), shape(1));
    const script = await vault.endRecording(recording);
    await expect(play(vault, script!)).rejects.toMatchObject({ code: "does-not-open" });
    const right = await vault.beginRecording(document, "audio/webm");
    await hand(vault, right, recorded(200_000), 90_000);
    const ended = (await vault.endRecording(right))!;
    await expect(play(vault, { ...ended, bytes: 100 })).rejects.toMatchObject({ code: "does-not-open" });
    const longer = await playIn(vault, { ...ended, bytes: 200_001 });
    expect(await longer.piece(150_000)).toEqual({ type: "gone" });
  });
});
