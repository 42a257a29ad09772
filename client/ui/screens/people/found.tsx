import { goInstead, startAt } from "../../../state/route.ts";
import { isChild } from "../../../state/session.ts";
import type { Person } from "../../../state/types.ts";
import { colourOf, nameOf } from "../../names.ts";
import { Button } from "../../parts/button.tsx";
import { PersonMark } from "../../parts/marks.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";

/** Two pockets have found each other. Where this may be somebody again, the child is asked next. */
export function Found({ person }: { person: Person }) {
  const next = () => (person.maybeAgain.length > 0 ? goInstead("again", { person: person.id }) : startAt("home"));
  return (
    <Screen
      hem={
        <Button kind="now" wide onPress={next}>
          {t("entry.done")}
        </Button>
      }
    >
      <div class="person-head big">
        <PersonMark name={nameOf(person)} colour={colourOf(person.id)} />
        <h1>{nameOf(person)}</h1>
      </div>
      <p class="voice found">{t("pair.found")}</p>
      {isChild.value && !person.maySee && <p class="lead">{t("person.onlyShows", { name: nameOf(person) })}</p>}
    </Screen>
  );
}
