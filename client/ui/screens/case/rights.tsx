import { country } from "../../../state/language.ts";
import { people } from "../../../state/lists.ts";
import { go } from "../../../state/route.ts";
import type { Country } from "../../../state/types.ts";
import { nameOf } from "../../names.ts";
import { Button } from "../../parts/button.tsx";
import { CallLine } from "../../parts/call-line.tsx";
import { helpNumbers } from "../../parts/help-numbers.ts";
import type { IconName } from "../../parts/icon.tsx";
import { Facts } from "../../parts/lists.tsx";
import { Screen } from "../../parts/screen.tsx";
import { type TextKey, t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { writeNew } from "../../write-new.ts";
import "./case.css";

/** Of the country's law, in a child's words. A lawyer confirms the wording before Lomme is used in earnest. */
const rights: Readonly<Record<Country, readonly { readonly icon: IconName; readonly text: TextKey }[]>> = {
  dk: [
    { icon: "chat", text: "rights.dk.heard" },
    { icon: "people", text: "rights.dk.supporter" },
    { icon: "work", text: "rights.dk.file" },
  ],
  se: [
    { icon: "chat", text: "rights.se.heard" },
    { icon: "child", text: "rights.se.alone" },
    { icon: "work", text: "rights.se.file" },
    { icon: "shield", text: "rights.se.fifteen" },
  ],
};

/** What one has a right to, and whom one can ask: one's own adults, and the children's line. */
export function Rights() {
  const { line } = helpNumbers[country.value];
  const asked = (useList(people) ?? []).filter(({ role, state }) => role === "caseworker" && state === "paired");
  const facts = [...rights[country.value], { icon: "lock", text: "rights.mine" } as const];
  return (
    <Screen
      hem={
        <Button kind="line" icon="pencil" wide onPress={() => void writeNew("entry", { about: "case" })}>
          {t("rights.write")}
        </Button>
      }
    >
      <h1>{t("rights.title")}</h1>
      <Facts facts={facts.map(({ icon, text }) => ({ icon, text: t(text) }))} />
      <section class="case-part">
        <h2>{t("rights.ask")}</h2>
        <p class="small">{t("rights.askText")}</p>
        <CallLine number={line} under={t(country.value === "dk" ? "help.line.dk" : "help.line.se")} patch="moss" />
        <p class="small call-note">{t("help.trace")}</p>
        <div class="case-more">
          {asked.map((person) => (
            <Button key={person.id} kind="quiet" icon="people" onPress={() => go("person", { person: person.id })}>
              {nameOf(person)}
            </Button>
          ))}
        </div>
      </section>
    </Screen>
  );
}
