/**
 * Streams so many bytes through sealer and opener, in a process of its own, and says by how much memory rose at most:
 * `node --expose-gc stream.ts <megabytes>` prints one JSON object. Content is made and checked on the way, never held.
 */
import { createHash } from "node:crypto";
import { createBlobKey, createBlobOpener, createBlobSealer } from "../../crypto/blobs.ts";
import { randomId } from "../../crypto/ids.ts";
import { ready } from "../../crypto/sodium.ts";
import type { BlobId, SealedChunk } from "../../crypto/types.ts";

declare const gc: () => void;
const PIECE_BYTES = 64 * 1024 + 1;
await ready();

function stream(bytes: number) {
  const [key, blob] = [createBlobKey(), randomId<BlobId>()];
  const [sealer, opener] = [createBlobSealer(key, blob), createBlobOpener(key, blob)];
  const [sent, received] = [createHash("sha256"), createHash("sha256")];
  const piece = new Uint8Array(PIECE_BYTES);
  let held: SealedChunk | null = null;
  let receivedBytes = 0;
  let peak = 0;
  const open = (chunk: SealedChunk, isFinal: boolean) => {
    const content = opener.push(chunk, isFinal);
    received.update(content);
    receivedBytes += content.length;
  };
  const pass = (chunks: SealedChunk[]) => {
    for (const chunk of chunks) {
      // One chunk is held back, since only the end tells which is last.
      if (held !== null) open(held, false);
      held = chunk;
    }
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  for (let done = 0; done < bytes; done += PIECE_BYTES) {
    const now = piece.subarray(0, Math.min(PIECE_BYTES, bytes - done));
    new DataView(now.buffer).setUint32(0, done);
    sent.update(now);
    pass(sealer.push(now));
    if (done % (32 * PIECE_BYTES) === 0) gc();
  }
  pass(sealer.finish());
  if (held !== null) open(held, true);
  opener.finish();
  return { receivedBytes, peak, same: sent.digest("hex") === received.digest("hex") };
}

// The collector runs every 2 MB: what counts is what sealer and opener hold, not how long an engine lets garbage lie.
const bytes = Number(process.argv[2]) * 1_000_000;
stream(4_000_000);
gc();
const baseline = process.memoryUsage.rss();
const { receivedBytes, peak, same } = stream(bytes);
console.log(JSON.stringify({ receivedBytes, same, peakAboveBaselineBytes: peak - baseline }));
