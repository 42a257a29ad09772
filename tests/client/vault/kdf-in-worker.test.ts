/** When the KDF's worker ends. That it derives right is shown in browsers (keys, story). */
import { expect, test } from "vitest";
import { createKdfInWorker, type KdfAnswer, type KdfQuestion } from "../../../client/vault/kdf-in-worker.ts";
import type { WayInSeed } from "../../../crypto/types.ts";

const PARAMS = { memoryKiB: 65_536, passes: 3, salt: new Uint8Array(16) };

/** A worker that answers with `answer`, and how often one was ended. */
function aWorker(answer: KdfAnswer) {
  const ended = { times: 0 };
  const start = (): Worker => {
    const worker = {
      onmessage: null as ((event: MessageEvent<KdfAnswer>) => void) | null,
      onerror: null,
      postMessage: (_question: KdfQuestion) =>
        queueMicrotask(() => worker.onmessage?.(new MessageEvent("message", { data: answer }))),
      terminate: () => {
        ended.times += 1;
      },
    };
    return worker as unknown as Worker;
  };
  return { start, ended };
}

test.each<[string, KdfAnswer]>([
  ["its answer", { seed: new Uint8Array(32) as WayInSeed, params: PARAMS }],
  ["its refusal", { code: "kdf-out-of-range" }],
])("ends a second after %s: ending takes the processor from opening the pocket", async (_what, answer) => {
  const later: { ms: number; call: () => void }[] = [];
  const { start, ended } = aWorker(answer);
  const kdf = createKdfInWorker(start, {
    after: (ms, call) => {
      later.push({ ms, call });
      return () => undefined;
    },
  });
  await kdf.derive(new Uint8Array(8), PARAMS).catch(() => undefined);
  expect([ended.times, later.map(({ ms }) => ms)]).toEqual([0, [1_000]]);
  later[0]?.call();
  expect(ended.times).toBe(1);
});
