import { MAX_MARK, type OpenEntry, type WordMark } from "../../../state/entry.ts";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { useLeftWord } from "../../parts/left-word.ts";
import { type TextKey, t } from "../../text.ts";

/** When and where it was, who was there, and words to find it by: all in the child's own words, none asked for. */
export function MarksForm({ entry }: { entry: OpenEntry }) {
  const marks = entry.marks.value;
  return (
    <div class="marks">
      <Words icon="day" label="marks.day" value={marks.day} onWrite={(words) => entry.writeWords("day", words)} />
      <Words
        icon="place"
        label="marks.place"
        value={marks.place}
        onWrite={(words) => entry.writeWords("place", words)}
      />
      <WordList entry={entry} mark="persons" icon="people" label="marks.persons" />
      <WordList entry={entry} mark="tags" icon="tag" label="marks.tags" />
    </div>
  );
}

interface WordsProps {
  readonly icon: IconName;
  readonly label: TextKey;
  readonly value: string;
  readonly onWrite: (words: string) => void;
}

export function Words({ icon, label, value, onWrite }: WordsProps) {
  return (
    <label class="mark-line">
      <Icon name={icon} />
      <span>{t(label)}</span>
      <input
        class="field"
        maxLength={MAX_MARK}
        autocomplete="off"
        spellcheck={false}
        defaultValue={value}
        onInput={(event) => onWrite(event.currentTarget.value)}
      />
    </label>
  );
}

interface WordListProps {
  readonly entry: OpenEntry;
  readonly mark: WordMark;
  readonly icon: IconName;
  readonly label: TextKey;
}

export function WordList({ entry, mark, icon, label }: WordListProps) {
  const words = entry.marks.value[mark];
  const { field, add } = useLeftWord((word) => {
    const there = entry.marks.peek()[mark];
    if (!there.some((one) => one.toLocaleLowerCase() === word.toLocaleLowerCase())) entry.toggleWord(mark, word);
  });
  return (
    <form
      class="mark-words"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <label class="mark-line">
        <Icon name={icon} />
        <span>{t(label)}</span>
        <input ref={field} class="field" maxLength={MAX_MARK} autocomplete="off" spellcheck={false} />
      </label>
      <button type="submit" class="btn line">
        {t("marks.add")}
      </button>
      {words.length > 0 && (
        <ul class="mark-chips" aria-label={t(label)}>
          {words.map((word) => (
            <li key={word}>
              <span>{word}</span>
              <button
                type="button"
                aria-label={t("marks.remove", { word })}
                onClick={() => entry.toggleWord(mark, word)}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </form>
  );
}
