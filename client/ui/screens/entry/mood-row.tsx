import { useRef, useState } from "preact/hooks";
import type { OpenEntry } from "../../../state/entry.ts";
import { moodWord } from "../../heads.ts";
import { Icon } from "../../parts/icon.tsx";
import { moodNames } from "../../parts/mood.tsx";
import { MoodMark } from "../../parts/mood-mark.tsx";
import { t } from "../../text.ts";

const MAX_WORD = 14;

/** Five drawn faces with their words, more than one may be on; and a word of one's own. */
export function MoodRow({ entry }: { entry: OpenEntry }) {
  const [adding, setAdding] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const chosen = entry.moods.value;
  const own = chosen.filter((mood) => !moodNames.some((name) => name === mood));
  return (
    <fieldset class="group" aria-label={t("entry.moods")}>
      <div class="moods six">
        {[...moodNames, ...own].map((mood) => (
          <button key={mood} type="button" aria-pressed={chosen.includes(mood)} onClick={() => entry.toggleMood(mood)}>
            <MoodMark mood={mood} />
            <span>{moodWord(mood)}</span>
          </button>
        ))}
        <button ref={opener} type="button" aria-expanded={adding} onClick={() => setAdding(!adding)}>
          <span class="own-mood">
            <Icon name="plus" />
          </span>
          <span>{t("entry.ownMood")}</span>
        </button>
      </div>
      {adding && (
        <form
          class="own-mood-form"
          onSubmit={(event) => {
            event.preventDefault();
            const field = event.currentTarget.querySelector("input");
            const word = field?.value.trim() ?? "";
            if (word !== "") entry.toggleMood(`own:${word}`);
            opener.current?.focus();
            setAdding(false);
          }}
        >
          <input
            class="field"
            maxLength={MAX_WORD}
            autocomplete="off"
            spellcheck={false}
            aria-label={t("entry.ownMoodLabel")}
            placeholder={t("entry.ownMoodLabel")}
          />
          <button type="submit" class="btn line">
            {t("entry.ownMoodAdd")}
          </button>
        </form>
      )}
    </fieldset>
  );
}
