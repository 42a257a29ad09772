/**
 * Gives out an opened recording over a port, one chunk at a time and only what is asked for, so that a video of any length
 * is played with memory for a chunk. Messages: docs/protocol/vault-socket.md §4.
 */
import { BLOB_CHUNK_BYTES } from "../../crypto/blobs.ts";
import type { MediaOpened, MediaPiece, MediaRead } from "../documents/media-port.ts";
import type { RecordingSource } from "./api.ts";
import { VaultFailure } from "./failure.ts";

export type ReadChunk = (index: number) => Promise<Uint8Array>;

/** @throws VaultFailure not-here, does-not-open when it isn't what it is said to be; CryptoError */
export async function servePlayback(
  { bytes, type }: Pick<RecordingSource, "bytes" | "type">,
  read: ReadChunk,
  port: MessagePort,
): Promise<void> {
  let held = { index: 0, content: await read(0) };
  if (!isContainer(held.content, type)) throw new VaultFailure("does-not-open");
  const pieceAt = async (at: number): Promise<Uint8Array> => {
    if (!Number.isInteger(at) || at < 0 || at >= bytes) throw new VaultFailure("not-here");
    const index = Math.floor(at / BLOB_CHUNK_BYTES);
    if (index !== held.index) held = { index, content: await read(index) };
    const from = at - index * BLOB_CHUNK_BYTES;
    if (held.content.length !== Math.min(BLOB_CHUNK_BYTES, bytes - index * BLOB_CHUNK_BYTES)) {
      throw new VaultFailure("does-not-open");
    }
    return held.content.slice(from);
  };
  port.onmessage = ({ data }: MessageEvent<MediaRead>) => {
    pieceAt(data.at).then(
      (piece) => port.postMessage({ type: "piece", bytes: piece } satisfies MediaPiece, [piece.buffer as ArrayBuffer]),
      () => port.postMessage({ type: "gone" } satisfies MediaPiece),
    );
  };
  port.postMessage({ type: "head", bytes, mime: type } satisfies MediaOpened);
}

/** What our recorders write begins like this: EBML for WebM, a box named "ftyp" for MP4. Nothing else is given out. */
function isContainer(head: Uint8Array, type: string): boolean {
  if (type.endsWith("/webm")) return [0x1a, 0x45, 0xdf, 0xa3].every((byte, index) => head[index] === byte);
  return type.endsWith("/mp4") && [0x66, 0x74, 0x79, 0x70].every((byte, index) => head[4 + index] === byte);
}
