import { useState } from "preact/hooks";
import { jointPages } from "../../../state/lists.ts";
import { removePerson } from "../../../state/people.ts";
import { back } from "../../../state/route.ts";
import { isChild } from "../../../state/session.ts";
import type { Person } from "../../../state/types.ts";
import { nameOf } from "../../names.ts";
import { Button } from "../../parts/button.tsx";
import { Rise } from "../../parts/rise.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";

/** Parting: what it does, what it can't do, and when it takes effect. */
export function RemovePerson({ person, onClose }: { person: Person; onClose: () => void }) {
  const [failed, setFailed] = useState(false);
  const together = (useList(jointPages) ?? []).some(({ person: of }) => of === person.id || of === person.sameAs);
  const name = nameOf(person);
  /** What I showed lies there, and the server has to be told; where they showed, I go at once. */
  const isMine = isChild.value && (person.maySee || person.state !== "paired");
  const remove = async (): Promise<void> => {
    try {
      await removePerson(person.id);
      if (person.sameAs !== null) await removePerson(person.sameAs);
      back();
    } catch {
      setFailed(true);
    }
  };
  return (
    <Rise title={t("person.removeTitle", { name })} onClose={onClose}>
      {together && isChild.value && <p>{t("person.removeTogether")}</p>}
      {isMine && <p>{t("person.removeText", { name })}</p>}
      {(!isMine || person.sameAs !== null) && <p>{t("person.removeTextAdult", { name })}</p>}
      {together && !isChild.value && <p>{t("person.removeTogetherAdult")}</p>}
      {person.role === "child" && !isChild.value && <p>{t("person.removeFiled")}</p>}
      {isMine && <p>{t("person.removeNet")}</p>}
      <p>{t("person.removeAgain")}</p>
      {failed && <p role="alert">{t("state.backFailed")}</p>}
      <div class="decide">
        <Button kind="line" onPress={() => void remove()}>
          {t("person.remove")}
        </Button>
        <Button kind="quiet" onPress={onClose}>
          {t("person.keep")}
        </Button>
      </div>
    </Rise>
  );
}
