/**
 * Others' updates are decoded here first. Holds no key and nothing of a document after its answer; whoever asks ends it
 * when it takes too long. Says "ready" once, then answers each question with true or false. Asked by client/vault/decoder.ts.
 */
import { mayApply } from "./documents/probe.ts";
import type { DecodeAnswer, DecodeQuestion } from "./vault/decoder.ts";

self.onmessage = ({ data }: MessageEvent<DecodeQuestion>) => {
  self.postMessage({ id: data.id, may: mayApply(data.base, data.suspects) } satisfies DecodeAnswer);
};
self.postMessage({ id: 0, may: true } satisfies DecodeAnswer);
