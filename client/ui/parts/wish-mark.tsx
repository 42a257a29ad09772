import type { WishAnswer } from "../../state/sharing.ts";
import { t } from "../text.ts";
import { Icon, type IconName } from "./icon.tsx";

const icons: Readonly<Record<WishAnswer, IconName>> = {
  heard: "eye",
  agreed: "check",
  declined: "close",
  done: "star",
};

/** What became of a wish: a mark and a word, never the mark alone. */
export function WishMark({ answer }: { answer: WishAnswer }) {
  return (
    <span class="wish-mark meta">
      <Icon name={icons[answer]} small />
      <span>{t(`wish.${answer}`)}</span>
    </span>
  );
}
