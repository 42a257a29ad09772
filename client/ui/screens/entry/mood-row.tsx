import { useRef, useState } from "preact/hooks";
import type { OpenEntry } from "../../../state/entry.ts";
import { moodWord } from "../../heads.ts";
import { Icon } from "../../parts/icon.tsx";
import { useLeftWord } from "../../parts/left-word.ts";
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
    <fieldset class="group" disabled={!entry.ready.value} aria-label={t("entry.moods")}>
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
        <OwnMood
          entry={entry}
          onDone={() => {
            opener.current?.focus();
            setAdding(false);
          }}
        />
      )}
    </fieldset>
  );
}

function OwnMood({ entry, onDone }: { entry: OpenEntry; onDone: () => void }) {
  const { field, add } = useLeftWord((word) => {
    const mood = `own:${word}`;
    if (!entry.moods.peek().includes(mood)) entry.toggleMood(mood);
  });
  return (
    <form
      class="own-mood-form"
      onSubmit={(event) => {
        event.preventDefault();
        add();
        onDone();
      }}
    >
      <input
        ref={field}
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
  );
}
