import { clockTime, dayAndTime, daysBetween } from "../../../i18n/when.ts";
import { language } from "../../../state/language.ts";
import { SHARE_STEPS } from "../../../state/sharing.ts";
import type { Share, ShareStep } from "../../../state/types.ts";
import { Icon } from "../../parts/icon.tsx";
import { t } from "../../text.ts";
import { stepWords } from "./share-words.ts";

/** What another child's Lomme has and opens is told to nobody. */
const TOLD_OF_CHILDREN = SHARE_STEPS.filter((step) => step !== "arrived" && step !== "opened");

/** The six states as a stitched thread: a filled knot for what was reached, the current one bold, open ones to come. */
export function Thread({ share, name, isChild }: { share: Share; name: string; isChild: boolean }) {
  const shown = isChild ? TOLD_OF_CHILDREN : SHARE_STEPS;
  const reached = new Map(share.steps.map(({ step, at }) => [step, at]));
  // A later step says that the earlier ones happened too, also where their own notice was lost.
  const last = shown.findLastIndex((step) => reached.has(step));
  const now = Date.now();
  return (
    <ol class="thread">
      {shown.map((step, index) => {
        const at = reached.get(step);
        const current = index === last;
        const before = shown.slice(0, index).findLast((earlier) => reached.has(earlier));
        const when = at === undefined ? "" : timeWords(at, before === undefined ? undefined : reached.get(before), now);
        return (
          <li
            key={step}
            class={index > last ? "todo" : current ? "cur" : ""}
            {...(current ? { "aria-current": "step" as const } : {})}
          >
            <Knot step={step} state={index > last ? "todo" : current && step === "sending" ? "now" : "done"} />
            <span class="step">{stepWords(step, name)}</span>
            <span class="meta">{current && step === "sending" ? t("state.now") : when}</span>
          </li>
        );
      })}
    </ol>
  );
}

/** The day is said once: steps of the same day show the clock alone. */
const timeWords = (at: number, before: number | undefined, now: number): string =>
  before !== undefined && daysBetween(before, at) === 0
    ? clockTime(at, language.value)
    : dayAndTime(at, now, language.value);

function Knot({ step, state }: { step: ShareStep; state: "done" | "now" | "todo" }) {
  if (state === "todo") return <span class="knot todo" />;
  if (step === "answered") {
    return (
      <span class="knot moss">
        <Icon name="chat" />
      </span>
    );
  }
  return (
    <span class={state === "now" ? "knot now" : "knot"}>
      <Icon name={state === "now" ? "up" : "check"} />
    </span>
  );
}
