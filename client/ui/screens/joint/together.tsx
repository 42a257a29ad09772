import { useState } from "preact/hooks";
import { dayInWords } from "../../../i18n/when.ts";
import { startJointPage } from "../../../state/joint.ts";
import { language } from "../../../state/language.ts";
import { jointPages, people } from "../../../state/lists.ts";
import { isPaired } from "../../../state/people.ts";
import { go, type RouteParams } from "../../../state/route.ts";
import { isChild } from "../../../state/session.ts";
import type { PersonId } from "../../../state/types.ts";
import { eachOnce } from "../../each-once.ts";
import { DOT } from "../../heads.ts";
import { colourOf, findPerson, nameOf } from "../../names.ts";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Row, Word } from "../../parts/lists.tsx";
import { PersonMark } from "../../parts/marks.tsx";
import { Screen } from "../../parts/screen.tsx";
import { TogetherDrawing } from "../../parts/tile-drawings.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import "./joint.css";

const MAX_TITLE = 120;

/** The pages that two write together, and starting one. The child starts it; that the other sees the typing is said first. */
export function Together({ params }: { params: RouteParams }) {
  const pages = useList(jointPages);
  const persons = useList(people);
  const [starting, setStarting] = useState(params.person !== undefined);
  const paired = eachOnce(persons ?? []).filter(isPaired);
  const shown = (pages ?? []).filter((page) => params.person === undefined || page.person === params.person);
  if (starting && isChild.value && persons !== null) {
    return <Start person={params.person ?? (paired.length === 1 ? paired[0]?.id : undefined)} paired={paired} />;
  }
  return (
    <Screen
      hem={
        isChild.value ? (
          <Button kind="now" icon="plus" wide onPress={() => setStarting(true)}>
            {t("together.new")}
          </Button>
        ) : null
      }
    >
      <h1>{t("together.title")}</h1>
      <p class="lead">{t("together.lead")}</p>
      {pages !== null && shown.length === 0 && (
        <Empty patch="paper" Drawing={TogetherDrawing} text={t("together.none")} />
      )}
      <ul class="rows">
        {shown.map((page) => {
          const name = nameOf(findPerson(persons, page.person));
          return (
            <Row
              key={page.document}
              title={page.title || t("home.noTitle")}
              under={`${t("together.by", { name })}${DOT}${dayInWords(page.changedAt, Date.now(), language.value)}`}
              start={<PersonMark name={name} colour={colourOf(page.person)} />}
              onPress={() => go("joint-page", { page: page.document, person: page.person })}
            />
          );
        })}
      </ul>
    </Screen>
  );
}

function Start({
  person,
  paired,
}: {
  person: string | undefined;
  paired: ReturnType<typeof people.value.peek> & object;
}) {
  const [chosen, setChosen] = useState(person);
  const [title, setTitle] = useState("");
  const [failed, setFailed] = useState(false);
  const other = findPerson(paired, chosen);
  const start = async (): Promise<void> => {
    if (other === undefined) return;
    try {
      const page = await startJointPage(other.id as PersonId, title.trim());
      go("joint-page", { page, person: other.id });
    } catch {
      setFailed(true);
    }
  };
  if (paired.length === 0) {
    return (
      <Screen
        hem={
          <Button kind="line" wide icon="people" onPress={() => go("pair")}>
            {t("people.add")}
          </Button>
        }
      >
        <h1>{t("together.title")}</h1>
        <Empty patch="paper" Drawing={TogetherDrawing} text={t("together.nobody")} />
      </Screen>
    );
  }
  return (
    <Screen
      hem={
        <Button kind="line" wide icon="together" off={other === undefined} onPress={() => void start()}>
          {t("together.start")}
        </Button>
      }
    >
      <h1>{t("together.title")}</h1>
      {paired.length > 1 && (
        <div role="radiogroup" aria-label={t("together.with")} class="together-with">
          <p class="label">{t("together.with")}</p>
          <div class="chips">
            {paired.map((candidate) => (
              // biome-ignore lint/a11y/useSemanticElements: chips are buttons of the house; the group says that one is chosen
              <button
                key={candidate.id}
                type="button"
                role="radio"
                aria-checked={candidate.id === chosen}
                onClick={() => setChosen(candidate.id)}
              >
                {nameOf(candidate)}
              </button>
            ))}
          </div>
        </div>
      )}
      <label>
        <span class="label">{t("together.name")}</span>
        <input
          class="field"
          maxLength={MAX_TITLE}
          autocomplete="off"
          spellcheck={false}
          value={title}
          onInput={(event) => setTitle(event.currentTarget.value)}
        />
      </label>
      <div class="together-sees">
        <Word icon="eye">{other === undefined ? t("together.lead") : t("together.sees", { name: nameOf(other) })}</Word>
      </div>
      {failed && <p role="alert">{t("pair.failed")}</p>}
    </Screen>
  );
}
