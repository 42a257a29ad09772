/** Argon2id in a worker that lives for one question (client/kdf-worker.ts). */
import { CryptoError, type CryptoErrorCode } from "../../crypto/errors.ts";
import type { WayInSeed } from "../../crypto/types.ts";
import type { KdfParams } from "../../crypto/unlocking.ts";
import type { Kdf } from "./codes.ts";
import { VaultFailure } from "./failure.ts";
import type { Clock } from "./ports.ts";

/** Without params: calibrate, draw a salt, derive. */
export type KdfQuestion = { readonly secret: Uint8Array } | { readonly secret: Uint8Array; readonly params: KdfParams };
export type KdfAnswer = { readonly seed: WayInSeed; readonly params: KdfParams } | { readonly code: unknown };

/**
 * The worker ends a second after its answer: giving its memory back takes the processor from opening the pocket, which is what
 * one waits for then. It ends with this worker at the latest.
 */
const ENDS_AFTER_MS = 1_000;

export function createKdfInWorker(startWorker: () => Worker, { after }: Pick<Clock, "after">): Kdf {
  const ask = async (question: KdfQuestion) => {
    const worker = startWorker();
    try {
      const answer = await new Promise<KdfAnswer>((resolve, reject) => {
        worker.onmessage = ({ data }: MessageEvent<KdfAnswer>) => resolve(data);
        worker.onerror = () => reject(new VaultFailure("failed"));
        worker.postMessage(question);
      });
      if ("code" in answer) throw new CryptoError(answer.code as CryptoErrorCode, "key derivation");
      return answer;
    } finally {
      after(ENDS_AFTER_MS, () => worker.terminate());
      // Where the KDF ends and unlocking begins; bench:client reads it, and it goes with this worker.
      performance.mark("kdf-end");
    }
  };
  return {
    calibrate: (secret) => ask({ secret }),
    derive: async (secret, params) => (await ask({ secret, params })).seed,
  };
}
