import type { WishSubject } from "../../state/entry.ts";
import { t } from "../text.ts";
import { Icon, type IconName } from "./icon.tsx";

export const subjectIcons: Readonly<Record<WishSubject, IconName>> = {
  family: "people",
  network: "together",
  contact: "young",
  home: "home",
  school: "bag",
  meetings: "chat",
};

/** What a wish is about: a mark and a word, never the mark alone. */
export function SubjectMark({ subject }: { subject: WishSubject }) {
  return (
    <span class="wish-mark meta">
      <Icon name={subjectIcons[subject]} small />
      <span>{t(`subject.${subject}`)}</span>
    </span>
  );
}
