import type { EntryMarks } from "../../../state/entry.ts";
import { joinNames } from "../../names.ts";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { t } from "../../text.ts";

interface MarkLineProps {
  readonly marks: EntryMarks;
  readonly from: string | null;
  readonly together: string | null;
}

/** When, where, with whom, what about and who wrote it, in a quiet line under the text. Nothing where nothing was said. */
export function MarkLine({ marks, from, together }: MarkLineProps) {
  const said: readonly (readonly [IconName, string])[] = [
    ["day", marks.day],
    ["place", marks.place],
    ["people", joinNames(marks.persons)],
    ["tag", joinNames(marks.tags)],
    ["door", from === null || from.trim() === "" ? "" : t("book.from", { name: from })],
    ["pencil", together === null || together === "" ? "" : t("book.together", { name: together })],
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
