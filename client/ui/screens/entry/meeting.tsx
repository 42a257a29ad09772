import type { OpenEntry } from "../../../state/entry.ts";
import { people } from "../../../state/lists.ts";
import { eachOnce } from "../../each-once.ts";
import { nameOf } from "../../names.ts";
import { Button } from "../../parts/button.tsx";
import { type TextKey, t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { WordList, Words } from "./marks-form.tsx";

/** What to write before, and what after. Nothing "only mine" among it: whoever is shown the meeting gets all of it. */
const before: readonly TextKey[] = ["begin.before.say", "begin.before.ask"];
const after: readonly TextKey[] = ["meeting.said", "meeting.decided", "meeting.mine"];

/** A meeting: when it is in one's own words, who comes, and lines to write under. None of it has to be filled in. */
export function Meeting({ entry }: { entry: OpenEntry }) {
  const { day, persons } = entry.marks.value;
  const known = eachOnce(useList(people) ?? [])
    .filter(({ state }) => state === "paired")
    .map(nameOf)
    .filter((name) => !persons.includes(name));
  const writeUnder = (lines: readonly TextKey[]): void => {
    entry.writeUnder(lines.map((line) => t(line)));
    setTimeout(() => document.querySelector<HTMLElement>(".editor-text")?.focus());
  };
  return (
    <fieldset class="group meeting" disabled={!entry.ready.value} aria-label={t("meetings.one")}>
      <Words icon="day" label="meeting.day" value={day} onWrite={(words) => entry.writeWords("day", words)} />
      <WordList entry={entry} mark="persons" icon="people" label="meeting.persons" />
      {known.length > 0 && (
        <div class="chips">
          {known.map((name) => (
            <button key={name} type="button" onClick={() => entry.toggleWord("persons", name)}>
              {name}
            </button>
          ))}
        </div>
      )}
      <div class="meeting-lines">
        <Button kind="line" onPress={() => writeUnder(before)}>
          {t("meeting.before")}
        </Button>
        <Button kind="line" onPress={() => writeUnder(after)}>
          {t("meeting.after")}
        </Button>
      </div>
    </fieldset>
  );
}
