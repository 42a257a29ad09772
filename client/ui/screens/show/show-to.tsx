import { useEffect } from "preact/hooks";
import { people } from "../../../state/lists.ts";
import { canSee } from "../../../state/people.ts";
import { go, goInstead, type RouteParams } from "../../../state/route.ts";
import { colourOf, nameOf } from "../../names.ts";
import { Button } from "../../parts/button.tsx";
import { Row } from "../../parts/lists.tsx";
import { PersonMark } from "../../parts/marks.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import "./show.css";

/** Whom to show it to. With one person there is nothing to choose. */
export function ShowTo({ params }: { params: RouteParams }) {
  const document = params.document ?? "";
  const all = useList(people);
  const paired = (all ?? []).filter(canSee);
  const [only] = paired;
  useEffect(() => {
    if (paired.length === 1 && only !== undefined) goInstead("show", { document, person: only.id });
  }, [paired.length, only, document]);
  if (all === null || paired.length === 1) return <Screen>{null}</Screen>;
  return (
    <Screen
      hem={
        paired.length === 0 ? (
          <Button kind="line" wide icon="people" onPress={() => go("pair")}>
            {t("people.add")}
          </Button>
        ) : null
      }
    >
      <h1>{paired.length === 0 ? t("show.nobody") : t("show.who")}</h1>
      <ul class="rows">
        {paired.map((person) => (
          <Row
            key={person.id}
            title={nameOf(person)}
            start={<PersonMark name={nameOf(person)} colour={colourOf(person.id)} />}
            onPress={() => go("show", { document, person: person.id })}
          />
        ))}
      </ul>
    </Screen>
  );
}
