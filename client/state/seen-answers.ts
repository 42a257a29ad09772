/**
 * Which answers were on the screen in this unlock, so that home doesn't point at them again. Nothing is kept on disk:
 * after the next unlock an answer counts as news while it is younger than three days.
 */
import { signal } from "@preact/signals";
import type { Share, ShareId } from "../vault/api.ts";

const NEWS_MS = 3 * 86_400_000;
const seen = signal<ReadonlyMap<ShareId, number>>(new Map());

export const markAnswersSeen = (share: Share): void => {
  if ((seen.peek().get(share.id) ?? 0) >= share.answers.length) return;
  seen.value = new Map(seen.peek()).set(share.id, share.answers.length);
};

export const isAnswerSeen = (share: Share): boolean =>
  (seen.value.get(share.id) ?? 0) >= share.answers.length || (share.answers.at(-1)?.at ?? 0) < Date.now() - NEWS_MS;
