import type { EntryMarks } from "../../../state/entry.ts";
import { joinNames } from "../../names.ts";
import { Icon, type IconName } from "../../parts/icon.tsx";

/** When, where, with whom and what about, in a quiet line under the text. Nothing where nothing was said. */
export function MarkLine({ marks }: { marks: EntryMarks }) {
  const said: readonly (readonly [IconName, string])[] = [
    ["day", marks.day],
    ["place", marks.place],
    ["people", joinNames(marks.persons)],
    ["tag", joinNames(marks.tags)],
  ];
  const shown = said.filter(([, words]) => words !== "");
  if (shown.length === 0) return null;
  return (
    <ul class="mark-said meta">
      {shown.map(([icon, words]) => (
        <li key={icon}>
          <Icon name={icon} small />
          <span>{words}</span>
        </li>
      ))}
    </ul>
  );
}
