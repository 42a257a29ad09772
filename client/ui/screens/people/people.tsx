import { people } from "../../../state/lists.ts";
import { go } from "../../../state/route.ts";
import { isChild } from "../../../state/session.ts";
import type { Person } from "../../../state/types.ts";
import { eachOnce } from "../../each-once.ts";
import { colourOf, nameOf } from "../../names.ts";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Row } from "../../parts/lists.tsx";
import { PersonMark } from "../../parts/marks.tsx";
import { Screen } from "../../parts/screen.tsx";
import { PeopleDrawing } from "../../parts/tile-drawings.tsx";
import { type TextKey, t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import "./people.css";

const states: Record<Person["state"], TextKey> = {
  joining: "people.joining",
  compare: "people.compare",
  paired: "people.paired",
  unfinished: "people.unfinished",
  removing: "people.removing",
  removed: "people.removed",
};

const underOf = ({ state, maybeAgain, maySee }: Person): string => {
  if (maybeAgain.length > 0) return t("again.ask");
  return state === "paired" && !maySee ? t("people.pairedAdult") : t(states[state]);
};

/** Those one is paired with. The list is short on purpose: everyone in it was met. */
export function People() {
  const all = useList(people);
  const shown = eachOnce(all ?? []).filter(({ state }) => state !== "removed");
  return (
    <Screen
      hem={
        <Button kind="now" icon="plus" wide onPress={() => go("pair")}>
          {t("people.add")}
        </Button>
      }
    >
      <h1>{t("people.title")}</h1>
      {all !== null && shown.length === 0 && (
        <Empty patch="sand" Drawing={PeopleDrawing} text={isChild.value ? t("people.empty") : t("people.emptyAdult")} />
      )}
      <ul class="rows">
        {shown.map((person) => (
          <Row
            key={person.id}
            title={nameOf(person)}
            under={underOf(person)}
            start={<PersonMark name={nameOf(person)} colour={colourOf(person.id)} />}
            onPress={() => go(person.state === "compare" ? "compare" : "person", { person: person.id })}
          />
        ))}
      </ul>
      {isChild.value && (
        <p class="last">
          <Button kind="quiet" icon="door" onPress={() => go("gifts")}>
            {t("people.door")}
          </Button>
        </p>
      )}
    </Screen>
  );
}
