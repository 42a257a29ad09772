/**
 * When others say that they said something. Nobody can check it: it is their device's clock, or what somebody planted. So a
 * time that is still to come counts for nothing: what bears it stands behind what was there before it in the same circle, and
 * not above everything for ever. Where one's own clock is behind, that changes back when it is set.
 */
import type { SaidPayload } from "./payloads.ts";

/** As far as honest clocks, and time zones set by hand, are apart. */
const AHEAD_MS = 24 * 3600 * 1000;

/** Of an utterance (circle-log.ts) what counts here. */
interface Said {
  readonly from: "me" | "them";
  readonly payload: SaidPayload;
}

/** `utterances` in the order of the space; `begun`: when the two met (ms), the earliest that anything can be. */
export function withSaneTimes<One extends Said>(
  utterances: readonly One[],
  { begun = 0, now }: { readonly begun?: number | undefined; readonly now: number },
): readonly One[] {
  let before = Math.min(begun, now);
  return utterances.map((utterance) => {
    const { from, payload }: Said = utterance;
    const at = from === "me" || payload.at <= now + AHEAD_MS ? payload.at : before;
    before = Math.max(before, Math.min(at, now));
    if (payload.type !== "shown" || from === "me")
      return at === payload.at ? utterance : { ...utterance, payload: { ...payload, at } };
    // What was written was written before it was shown.
    const { createdAt } = payload.copy;
    if (at === payload.at && createdAt <= at) return utterance;
    return { ...utterance, payload: { ...payload, at, copy: { ...payload.copy, createdAt: Math.min(createdAt, at) } } };
  });
}
