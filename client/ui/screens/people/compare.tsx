import { useState } from "preact/hooks";
import { people } from "../../../state/lists.ts";
import { confirmPictures } from "../../../state/people.ts";
import { type RouteParams, startAt } from "../../../state/route.ts";
import { findPerson, nameOf } from "../../names.ts";
import { Button } from "../../parts/button.tsx";
import { NamedPicture } from "../../parts/picture.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { Found } from "./found.tsx";
import "./people.css";

/**
 * After pairing: by scan it only says who was found; by link both sides look at the same seven pictures and say whether
 * they are the same. "No" ends it.
 */
export function Compare({ params }: { params: RouteParams }) {
  const person = findPerson(useList(people), params.person);
  const [ended, setEnded] = useState(false);
  const [failed, setFailed] = useState(false);
  if (person === undefined) return <Screen>{null}</Screen>;
  const name = nameOf(person);
  const decide = async (same: boolean): Promise<void> => {
    try {
      await confirmPictures(person.id, same);
      setEnded(!same);
      await people.refresh();
    } catch {
      setFailed(true);
    }
  };
  if (ended) {
    return (
      <Screen
        back={() => startAt("home")}
        hem={
          <Button kind="line" wide onPress={() => startAt("home")}>
            {t("entry.done")}
          </Button>
        }
      >
        <h1>{t("compare.noTitle")}</h1>
        <p>{t("compare.noText", { name })}</p>
      </Screen>
    );
  }
  if (person.state === "paired") return <Found person={person} />;
  if (person.state !== "compare" || person.safetyPictures === null) {
    return (
      <Screen back={() => startAt("home")}>
        <h1>{t("pair.title")}</h1>
        <p class="voice found" role="status">
          {person.state === "unfinished" ? t("person.unfinished", { name }) : t("pair.waiting")}
        </p>
      </Screen>
    );
  }
  return (
    <Screen
      back={() => startAt("home")}
      hem={
        <div class="equal">
          <Button kind="line" onPress={() => void decide(false)}>
            {t("compare.no")}
          </Button>
          <Button kind="line" onPress={() => void decide(true)}>
            {t("compare.yes")}
          </Button>
        </div>
      }
    >
      <h1>{t("compare.title")}</h1>
      <p class="lead">{t("compare.text", { name })}</p>
      <ol class="mine">
        {person.safetyPictures.map((picture, index) => (
          <li key={index}>
            <NamedPicture picture={picture} />
          </li>
        ))}
      </ol>
      {failed && <p role="alert">{t("pair.failed")}</p>}
    </Screen>
  );
}
