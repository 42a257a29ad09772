import { stepOf } from "../../../state/sharing.ts";
import type { Share, TakeBackState } from "../../../state/types.ts";
import { genitive } from "../../names.ts";
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
export const shareWords = (share: Share, name: string): string => {
  if (share.takeBack === null) return stepWords(stepOf(share), name);
  return share.takeBack === "waiting" ? takeBackWords(share.takeBack, name) : t("shown.takenBack");
};

/** What became of taking back: waiting, or one of the honest ends. */
export const takeBackWords = (state: TakeBackState, name: string): string =>
  t(ends[state], { name, genitive: genitive(name) });
