import { dayInWords, monthLong } from "../../../i18n/when.ts";
import { language } from "../../../state/language.ts";
import { entries, jointPages, people, shares, wishes } from "../../../state/lists.ts";
import { lock } from "../../../state/lock.ts";
import { isPaired } from "../../../state/people.ts";
import { go, mayShow } from "../../../state/route.ts";
import type { RouteId } from "../../../state/route-table.ts";
import type { Person, Share } from "../../../state/types.ts";
import { headOf } from "../../heads.ts";
import { findPerson, joinNames, nameOf, namesOf } from "../../names.ts";
import { Icon } from "../../parts/icon.tsx";
import { Screen } from "../../parts/screen.tsx";
import { Stitch } from "../../parts/stitch.tsx";
import { StorageWord } from "../../parts/storage-word.tsx";
import { SyncWord } from "../../parts/sync-word.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { writeNew } from "../../write-new.ts";
import { isWaiting, thingsWithOthers } from "../case/case-plan.ts";
import { shareWords } from "../show/share-words.ts";
import { useNews } from "./news.ts";
import { NewsSlip } from "./news-slip.tsx";
import { ReminderWord } from "./reminder-word.tsx";
import { SettingsButton } from "./settings-button.tsx";

/** The look of 14 and up: one's own last words, and an index. */
export function QuietHome() {
  const all = useList(entries);
  const persons = useList(people);
  const wished = useList(wishes);
  const pages = useList(jointPages);
  const shown = useList(shares);
  const news = useNews();
  const waits = thingsWithOthers(shown ?? [], []).filter(isWaiting).length;
  const now = Date.now();
  const [last] = all ?? [];
  const paired = (persons ?? []).filter(isPaired).map(nameOf);
  const answered = news?.kind === "answer" ? t("home.answered", { name: nameOf(news.person) }) : "";
  const index: readonly { route: RouteId; label: string; more: string }[] = [
    {
      route: "things",
      label: t("home.diary"),
      more: last === undefined ? "" : monthLong(last.createdAt, language.value).toLocaleLowerCase(),
    },
    { route: "shown", label: t("home.shown"), more: answered || latestWords(shown, persons) },
    { route: "case", label: t("case.title"), more: waits === 0 ? "" : t("case.waits", { count: waits }) },
    { route: "wishes", label: t("home.wishes"), more: countWords(wished?.length ?? 0) },
    { route: "life", label: t("life.title"), more: "" },
    { route: "together", label: t("together.title"), more: countWords(pages?.length ?? 0) },
    {
      route: "people",
      label: t("home.people"),
      more: paired.length > 3 ? countWords(paired.length) : joinNames(paired),
    },
    { route: "gifts", label: t("home.leftForYou"), more: "" },
  ];
  return (
    <Screen help={false} back="none" middle={<SettingsButton />} footer={<QuietHem />} slides>
      <h1 class="vh">{t("home.pocket")}</h1>
      {news !== null && news.kind !== "answer" && <NewsSlip />}
      <SyncWord />
      <StorageWord />
      <ReminderWord />
      {last === undefined ? (
        <p class="voice home-words">{all === null ? "" : t("home.emptyQuiet")}</p>
      ) : (
        <button type="button" class="home-lately" onClick={() => go("entry", { document: last.document })}>
          <span class="meta">{t("home.lately", { day: dayInWords(last.createdAt, now, language.value) })}</span>
          <span class="voice home-words">{last.excerpt || headOf(last)}</span>
          <span class="small">
            {last.shownTo.length === 0
              ? t("home.readOn")
              : t("home.readOnShown", { names: namesOf(persons, last.shownTo) })}
          </span>
        </button>
      )}
      <nav class="index" aria-label={t("home.pocket")}>
        {index
          .filter(({ route }) => mayShow(route))
          .map(({ route, label, more }) => (
            <button key={route} type="button" onClick={() => go(route)}>
              {label} <span class="meta">{more}</span>
            </button>
          ))}
      </nav>
    </Screen>
  );
}

/** Where the latest thing that was shown stands. */
const latestWords = (shown: readonly Share[] | null, persons: readonly Person[] | null): string => {
  const latest = [...(shown ?? [])].sort((a, b) => (a.steps.at(-1)?.at ?? 0) - (b.steps.at(-1)?.at ?? 0)).at(-1);
  return latest === undefined ? "" : shareWords(latest, findPerson(persons, latest.person));
};

const countWords = (count: number): string => (count === 0 ? "" : String(count));

/** Where there is no microphone to ask for, nothing is offered; what records comes with the entry. */
const canSpeak = (): boolean => navigator.mediaDevices !== undefined;

function QuietHem() {
  return (
    <footer class="pocket home-quiet no-print">
      <div class="cloth">
        <Stitch />
        <div class="home-write">
          <button type="button" class="voice" onClick={() => void writeNew("entry")}>
            {t("home.write")}
          </button>
          {canSpeak() && (
            <button
              type="button"
              aria-label={t("entry.record")}
              onClick={() => void writeNew("entry", { begin: "voice" })}
            >
              <Icon name="mic" />
            </button>
          )}
          <button
            type="button"
            aria-label={t("entry.camera")}
            onClick={() => void writeNew("entry", { begin: "camera" })}
          >
            <Icon name="camera" />
          </button>
        </div>
        <div class="home-under">
          <button type="button" onClick={() => void lock()}>
            <Icon name="lock" />
            {t("home.lock")}
          </button>
          <button type="button" onClick={() => go("help")}>
            {t("home.help")}
            <Icon name="help" />
          </button>
        </div>
      </div>
    </footer>
  );
}
