import { useEffect, useState } from "preact/hooks";
import { isCodeNeeded } from "../../../state/code-again.ts";
import { people, shares } from "../../../state/lists.ts";
import { previewAgain, sameAgain } from "../../../state/people.ts";
import { goInstead, type RouteParams } from "../../../state/route.ts";
import type { Person, PersonId, ShownCopy } from "../../../state/types.ts";
import { colourOf, findPerson, nameOf } from "../../names.ts";
import { useCodeGate } from "../../parts/ask-code.tsx";
import { Button } from "../../parts/button.tsx";
import { HelpLine } from "../../parts/help-line.tsx";
import { Facts, Row } from "../../parts/lists.tsx";
import { PersonMark } from "../../parts/marks.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { AgainCopy } from "./again-copy.tsx";
import "./people.css";

/**
 * Asked once, when somebody new may be an adult who was shown something before: is it the same one, and what they would
 * get again. Both answers are equally big, and nothing is lost by going back: it stays on the person's screen.
 */
export function Again({ params }: { params: RouteParams }) {
  const all = useList(people);
  const person = findPerson(all, params.person);
  const [chosen, setChosen] = useState<PersonId | null>(null);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const gate = useCodeGate();
  const asked = person?.maybeAgain.flatMap((id) => findPerson(all, id) ?? []) ?? [];
  const earlier = asked.length === 1 ? asked[0] : findPerson(asked, chosen ?? undefined);
  const copies = useCopies(earlier?.id);
  const answered = person !== undefined && asked.length === 0;
  useEffect(() => {
    if (answered) goInstead("person", { person: person.id });
  }, [answered, person]);
  if (person === undefined || answered) return <Screen>{null}</Screen>;
  const answer = async (same: PersonId | null): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setFailed(false);
    await gate.run(
      async () => {
        await sameAgain(person.id, same);
        await shares.refresh();
        await people.refresh();
      },
      (error) => {
        setFailed(!isCodeNeeded(error));
        setBusy(false);
      },
    );
  };
  if (gate.question !== null) return <>{gate.question}</>;
  const no = (
    <Button kind="line" off={busy} onPress={() => void answer(null)}>
      {t("again.no")}
    </Button>
  );
  if (earlier === undefined) {
    return (
      <Screen hem={no}>
        <h1>{t("again.whichTitle", { name: nameOf(person) })}</h1>
        <ul class="rows">
          {asked.map((one) => (
            <Row
              key={one.id}
              title={nameOf(one)}
              start={<PersonMark name={nameOf(one)} colour={colourOf(one.id)} />}
              onPress={() => setChosen(one.id)}
            />
          ))}
        </ul>
        {failed && <p role="alert">{t("pair.failed")}</p>}
      </Screen>
    );
  }
  return (
    <Screen
      {...(asked.length > 1 ? { back: () => setChosen(null) } : {})}
      hem={
        <div class="equal">
          {no}
          <Button kind="line" off={busy || copies === null} onPress={() => void answer(earlier.id)}>
            {t("again.yes")}
          </Button>
        </div>
      }
    >
      <Question person={person} earlier={earlier} copies={copies ?? []} />
      {failed && <p role="alert">{t("pair.failed")}</p>}
    </Screen>
  );
}

/** What would be shown again; null until the vault has told. */
function useCopies(earlier: PersonId | undefined): readonly ShownCopy[] | null {
  const [copies, setCopies] = useState<readonly ShownCopy[] | null>(null);
  useEffect(() => {
    let gone = false;
    setCopies(null);
    if (earlier !== undefined) {
      previewAgain(earlier).then(
        (made) => {
          if (!gone) setCopies(made);
        },
        () => undefined,
      );
    }
    return () => {
      gone = true;
    };
  }, [earlier]);
  return copies;
}

function Question(props: { person: Person; earlier: Person; copies: readonly ShownCopy[] }) {
  const { person, earlier, copies } = props;
  const [name, before] = [nameOf(person), nameOf(earlier)];
  return (
    <>
      <h1>{name === before ? t("again.title", { name }) : t("again.asTitle", { name, earlier: before })}</h1>
      <p class="lead">{t("again.text", { name, earlier: before })}</p>
      <h2 class="person-shown">{t("show.gets", { name })}</h2>
      <ul>
        {copies.map((copy, index) => (
          <AgainCopy key={index} copy={copy} />
        ))}
      </ul>
      <Facts
        facts={[
          { icon: "eye", text: t("show.onlyReads", { name }) },
          { icon: "work", text: t("show.file", { name }) },
          { icon: "shield", text: t("show.duty") },
          { icon: "people", text: t("again.parts", { earlier: before }) },
          { icon: "info", text: `${t("again.nothing")} ${t("again.once")}` },
          {
            icon: "clock",
            text: (
              <>
                {t("show.notHelp", { name })} <HelpLine />
              </>
            ),
          },
        ]}
      />
    </>
  );
}
