import { dayInWords } from "../../../i18n/when.ts";
import { language } from "../../../state/language.ts";
import { people } from "../../../state/lists.ts";
import { go } from "../../../state/route.ts";
import type { Summary } from "../../../state/types.ts";
import { DOT, whoseWords } from "../../heads.ts";
import { joinNames } from "../../names.ts";
import type { IconName } from "../../parts/icon.tsx";
import { Row } from "../../parts/lists.tsx";
import { SummaryThumb } from "../../parts/summary-thumb.tsx";
import { useList } from "../../use-list.ts";

/** Of what I wrote for my case: when it is in my own words where I said it, who is there, and who sees it. */
export function OwnRow({ summary, title, icon }: { summary: Summary; title: string; icon?: IconName }) {
  const persons = useList(people);
  const { day, persons: who } = summary.marks;
  const when = day.trim() === "" ? dayInWords(summary.createdAt, Date.now(), language.value) : day;
  return (
    <Row
      title={title}
      under={[when, joinNames(who), whoseWords(summary, persons)].filter(Boolean).join(DOT)}
      start={<SummaryThumb summary={summary} icon={icon} />}
      onPress={() => go("entry", { document: summary.document })}
    />
  );
}
