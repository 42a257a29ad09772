/** Reads a recording as the service worker does, over the port that the vault answers. */
import type { MediaOpened, MediaPiece } from "../../../client/documents/media-port.ts";
import type { RecordingSource, VaultApi } from "../../../client/vault/api.ts";

export interface Player {
  readonly head: MediaOpened;
  piece(at: number): Promise<MediaPiece>;
  /** Everything from `at` to the end. @throws when a piece is gone */
  read(at: number): Promise<Uint8Array>;
  close(): void;
}

/** @throws VaultError */
export async function play(vault: VaultApi, recording: RecordingSource): Promise<Player> {
  const { port1, port2 } = new MessageChannel();
  const next = <T>(): Promise<T> =>
    new Promise((resolve) => {
      port1.onmessage = ({ data }: MessageEvent<T>) => resolve(data);
    });
  const close = (): void => port1.close();
  const first = next<MediaOpened>();
  try {
    await vault.openRecording(recording, port2);
  } catch (error) {
    close();
    throw error;
  }
  const head = await first;
  const piece = (at: number): Promise<MediaPiece> => {
    const answer = next<MediaPiece>();
    port1.postMessage({ at });
    return answer;
  };
  return {
    head,
    piece,
    close,
    read: async (at) => {
      const parts: Uint8Array[] = [];
      let reached = at;
      while (reached < recording.bytes) {
        const part = await piece(reached);
        if (part.type === "gone") throw new Error(`nothing at ${reached}`);
        parts.push(part.bytes);
        reached += part.bytes.length;
      }
      return Buffer.concat(parts);
    },
  };
}
