/**
 * Two copies as the one thing that they are to the child: what was shown to the same adult a second time (again.ts) goes
 * on where the earlier share stood. Spec: docs/protocol/circles.md §7.
 */
import type { Share } from "../api.ts";

/** What they answered before stays with it, and its end promises no more than what is known of both copies. */
export function continueShare(share: Share, before: Share): Share {
  const earlier = before.answers.map((said) => (said.from === "me" ? said : { ...said, from: share.person }));
  return {
    ...share,
    answers: [...earlier, ...share.answers],
    // Noted of the whole since it is one, before that of the earlier share alone.
    answersSeen: Math.max(share.answersSeen, before.answersSeen),
    takeBack: endOfBoth(share.takeBack, before),
    keptAt: before.keptAt ?? share.keptAt,
  };
}

function endOfBoth(state: Share["takeBack"], before: Share): Share["takeBack"] {
  if (state === null) return null;
  if (before.takeBack === "in-case-file") return "in-case-file";
  if (state !== "gone-unopened" || before.takeBack === "gone-unopened") return state;
  const opened = before.takeBack === "gone-opened" || before.steps.some(({ step }) => step === "opened");
  return opened ? "gone-opened" : "unknown";
}
