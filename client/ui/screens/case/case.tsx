import { dayInWords } from "../../../i18n/when.ts";
import { answeredBefore, isOfCase, ownSide } from "../../../state/case.ts";
import { language } from "../../../state/language.ts";
import { people, shares, shownSummaries, wishes } from "../../../state/lists.ts";
import { go } from "../../../state/route.ts";
import type { Person } from "../../../state/types.ts";
import { eachOnce } from "../../each-once.ts";
import { headOf } from "../../heads.ts";
import { colourOf, findPerson, nameOf } from "../../names.ts";
import { openOwn } from "../../open-own.ts";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Row } from "../../parts/lists.tsx";
import { PersonMark } from "../../parts/marks.tsx";
import { PocketHem } from "../../parts/pocket-hem.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SyncWord } from "../../parts/sync-word.tsx";
import { CaseDrawing } from "../../parts/tile-drawings.tsx";
import { type Way, Ways } from "../../parts/ways.tsx";
import { WishMark } from "../../parts/wish-mark.tsx";
import { type TextKey, t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { writeNew } from "../../write-new.ts";
import { shareWords } from "../show/share-words.ts";
import "../show/show.css";
import "./case.css";
import { type BroughtThing, type CaseThing, planCase, whoSees } from "./case-plan.ts";
import { OwnRow } from "./own-row.tsx";

const ways: readonly Way[] = [
  { route: "meetings", label: "meetings.title", icon: "chat" },
  { route: "papers", label: "papers.title", icon: "copy" },
  { route: "rights", label: "rights.short", icon: "shield" },
];

/** What a case is to the one it is about: what was decided and why, what waits, what stands in it, who is who, my own side. */
export function Case() {
  const all = useList(shares);
  const persons = useList(people);
  const own = useList(shownSummaries);
  const wished = useList(wishes);
  const mine = useList(ownSide)?.filter(
    ({ marks }) => !isOfCase("meeting", marks.tags) && !isOfCase("paper", marks.tags),
  );
  const write = (): void => void writeNew("entry", { about: "case" });
  const plan = planCase(all ?? [], own ?? [], wished ?? [], useList(answeredBefore) ?? []);
  const who = whoSees(eachOnce(persons ?? []), all ?? []);
  const hasBefore = plan.decidedBefore.length + plan.answeredBefore.length > 0;
  const isEmpty = all !== null && persons !== null && all.length === 0 && who.length === 0 && !hasBefore;
  const parts = { persons, now: Date.now() };
  return (
    <Screen help={false} hem={<PocketHem label={t("case.write")} onNew={write} />} hemLabel={t("home.pocket")}>
      <h1>{t("case.title")}</h1>
      {isEmpty ? (
        <Empty patch="sand" Drawing={CaseDrawing} text={t("case.empty")} />
      ) : (
        <p class="lead">{t("case.lead")}</p>
      )}
      <SyncWord />
      <Ways ways={ways} label="case.waysLabel" />
      <Things title="case.decided" things={plan.decided} before={plan.decidedBefore} {...parts} />
      <Things title="case.answered" things={plan.answered} before={plan.answeredBefore} {...parts} />
      <Things title="case.waiting" things={plan.waiting} {...parts} />
      <Things title="case.inFile" things={plan.inFile} bare {...parts} />
      {who.length > 0 && (
        <section class="case-part">
          <h2>{t("case.who")}</h2>
          <ul class="rows">
            {who.map(({ person, sees, opened }) => (
              <Row
                key={person.id}
                title={nameOf(person)}
                under={[roleWords(person), sees === 0 ? t("case.seesNothing") : seesWords(person, sees, opened)].join(
                  "\n",
                )}
                start={<PersonMark name={nameOf(person)} colour={colourOf(person.id)} />}
                onPress={() => go("person", { person: person.id })}
              />
            ))}
          </ul>
        </section>
      )}
      <section class="case-part">
        <h2>{t("case.mine")}</h2>
        <p class="small">{t("case.mineText")}</p>
        <ul class="rows">
          {mine?.map((summary) => (
            <OwnRow key={summary.document} summary={summary} title={headOf(summary)} />
          ))}
        </ul>
      </section>
      <div class="case-more">
        {all !== null && all.length > 0 && (
          <Button kind="quiet" icon="eye" onPress={() => go("shown")}>
            {t("home.shown")}
          </Button>
        )}
        {plan.own.length > 0 && (
          <Button kind="quiet" icon="star" onPress={() => go("wishes")}>
            {t("case.ownWishes", { count: plan.own.length })}
          </Button>
        )}
      </div>
    </Screen>
  );
}

interface PartProps {
  /** Without what was said: that stands further up. */
  readonly bare?: boolean;
  readonly before?: readonly BroughtThing[];
  readonly persons: readonly Person[] | null;
  readonly now: number;
}

/** One part of the page; nothing where nothing stands in it. */
function Things({
  title,
  things,
  before = [],
  ...parts
}: PartProps & { title: TextKey; things: readonly CaseThing[] }) {
  if (things.length + before.length === 0) return null;
  return (
    <section class="case-part">
      <h2>{t(title)}</h2>
      <ul class="rows">
        {things.map((thing) => (
          <li key={thing.document}>
            <ThingRow thing={thing} {...parts} />
          </li>
        ))}
        {before.map((thing) => (
          <li key={thing.document}>
            <BroughtRow thing={thing} now={parts.now} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What it is, what became of it, and who said so when. */
function ThingRow({ thing, persons, now, bare = false }: PartProps & { thing: CaseThing }) {
  const { summary, shares: all, answer, wish, document } = thing;
  const [latest] = all;
  const person = answer?.person ?? latest?.person;
  const who = findPerson(persons, person);
  const name = nameOf(who);
  const at = answer?.said.at ?? latest?.steps.at(-1)?.at ?? now;
  const day = dayInWords(at, now, language.value);
  const where = latest === undefined ? "" : shareWords(latest, who);
  return (
    <button type="button" class="case-thing" onClick={() => go("case-thing", { document })}>
      {person !== undefined && <PersonMark name={name} colour={colourOf(person)} />}
      <span>
        <b>{summary === null ? t("state.to", { name }) : headOf(summary)}</b>
        {wish !== null && !bare && <WishMark answer={wish} />}
        {answer !== null && !bare && <span class="voice case-words">{answer.said.text}</span>}
        <span class="meta">{[name, answer === null ? where : "", day].filter(Boolean).join(" · ")}</span>
      </span>
      <span class="go">
        <Icon name="go" />
      </span>
    </button>
  );
}

/** What others said before it was brought in: all of it stands on the thing itself. */
function BroughtRow({ thing, now }: { thing: BroughtThing; now: number }) {
  const { from, at, text, wish } = thing.before;
  return (
    <button type="button" class="case-thing" onClick={() => openOwn(thing)}>
      <PersonMark name={from} colour="plum" />
      <span>
        <b>{headOf(thing)}</b>
        {wish !== null && <WishMark answer={wish} />}
        {text !== "" && <span class="voice case-words">{text}</span>}
        <span class="meta">
          {[from, at === 0 ? "" : dayInWords(at, now, language.value)].filter(Boolean).join(" · ")}
        </span>
      </span>
      <span class="go">
        <Icon name="go" />
      </span>
    </button>
  );
}

/** What they do, as their own Lomme says it: nobody else has looked whether it is so. */
const roleWords = ({ role }: Person): string => t(`case.role.${role}`);

/** A child's Lomme never tells what it reads. */
const seesWords = ({ role }: Person, sees: number, opened: number): string =>
  role === "child"
    ? t("case.sees", { count: sees })
    : `${t("case.sees", { count: sees })} · ${t("case.opened", { count: opened })}`;
