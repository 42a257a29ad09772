import { stepOf } from "../../../state/sharing.ts";
import type { Person, Share, TakeBackState } from "../../../state/types.ts";
import { genitive, nameOf } from "../../names.ts";
import { type TextKey, t } from "../../text.ts";

const steps: Record<ReturnType<typeof stepOf>, TextKey> = {
  saved: "state.saved",
  sending: "state.sending",
  sent: "state.sent",
  arrived: "state.arrived",
  opened: "state.opened",
  answered: "state.answered",
};

const ends: Record<TakeBackState, TextKey> = {
  waiting: "state.waiting",
  "gone-unopened": "state.goneUnopened",
  "gone-opened": "state.goneOpened",
  "in-case-file": "state.inFile",
  unknown: "state.unknown",
};

export const stepWords = (step: ReturnType<typeof stepOf>, name: string): string => t(steps[step], { name });

/** Where a share stands, in a word or two. */
export const shareWords = (share: Share, person: Person | undefined): string => {
  if (share.takeBack === null) return stepWords(stepOf(share), nameOf(person));
  const waits = share.takeBack === "waiting" && person?.role !== "child";
  return waits ? takeBackWords(share.takeBack, person) : t("shown.takenBack");
};

/** What became of taking back: waiting, or one of the honest ends. */
export const takeBackWords = (state: TakeBackState, person: Person | undefined): string => {
  const name = nameOf(person);
  // A child's Lomme confirms nothing: there is nothing to wait for.
  const isSilent = person?.role === "child" && (state === "waiting" || state === "unknown");
  return t(isSilent ? "state.goingChild" : ends[state], { name, genitive: genitive(name) });
};
