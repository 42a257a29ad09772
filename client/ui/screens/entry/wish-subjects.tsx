import type { OpenEntry } from "../../../state/entry.ts";
import { WISH_SUBJECTS } from "../../../state/entry.ts";
import { Icon } from "../../parts/icon.tsx";
import { subjectIcons } from "../../parts/subject-mark.tsx";
import { t } from "../../text.ts";

/** What a wish is about: one of six, or none. With it alone a wish is whole: no letter need be typed. */
export function WishSubjects({ entry }: { entry: OpenEntry }) {
  const chosen = entry.marks.value.subject;
  return (
    <fieldset class="group" disabled={!entry.ready.value} aria-label={t("wishes.about")}>
      <p class="small subjects-ask">{t("wishes.about")}</p>
      <div class="subjects">
        {WISH_SUBJECTS.map((subject) => (
          <button
            key={subject}
            type="button"
            aria-pressed={chosen === subject}
            onClick={() => entry.writeSubject(chosen === subject ? null : subject)}
          >
            <Icon name={subjectIcons[subject]} />
            <span>{t(`subject.${subject}`)}</span>
          </button>
        ))}
      </div>
    </fieldset>
  );
}
