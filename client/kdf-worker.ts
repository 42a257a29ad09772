/**
 * One run of Argon2id, then the end: WebAssembly memory never shrinks, and what the KDF left in it goes with the worker.
 * Asked by client/vault/kdf-in-worker.ts with exactly one message; answers with exactly one.
 */
import { ready } from "../crypto/sodium.ts";
import { calibrateKdf, createKdfParams, deriveCodeSeed } from "../crypto/unlocking.ts";
import type { KdfAnswer, KdfQuestion } from "./vault/kdf-in-worker.ts";

/** What unlocking may feel like; never under the floor, however slow the device. */
const TARGET_MS = 1000;

async function answer(question: KdfQuestion): Promise<KdfAnswer> {
  await ready();
  if ("params" in question) {
    return { seed: deriveCodeSeed(question.secret, question.params), params: question.params };
  }
  const cost = await calibrateKdf((tried) => {
    const begun = performance.now();
    deriveCodeSeed(question.secret, createKdfParams(tried));
    return performance.now() - begun;
  }, TARGET_MS);
  const params = createKdfParams(cost);
  return { seed: deriveCodeSeed(question.secret, params), params };
}

self.onmessage = ({ data }: MessageEvent<KdfQuestion>) => {
  answer(data).then(
    (result) => self.postMessage(result),
    (error: unknown) => self.postMessage({ code: (error as { code?: unknown }).code ?? "failed" } satisfies KdfAnswer),
  );
};
