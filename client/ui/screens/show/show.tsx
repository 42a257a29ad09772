import { useState } from "preact/hooks";
import { isCodeNeeded } from "../../../state/code-again.ts";
import { people } from "../../../state/lists.ts";
import { back, goInstead, type RouteParams } from "../../../state/route.ts";
import { isChanged, isTooLong, show } from "../../../state/sharing.ts";
import type { Person, PersonId, Summary } from "../../../state/types.ts";
import { findPerson, nameOf } from "../../names.ts";
import { useCodeGate } from "../../parts/ask-code.tsx";
import { Button } from "../../parts/button.tsx";
import { HelpLine } from "../../parts/help-line.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Facts, Word } from "../../parts/lists.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { NotSafe } from "./not-safe.tsx";
import "./show.css";
import { ShowNote } from "./show-note.tsx";
import { ShowOptionsRow } from "./show-options.tsx";
import { usePreview } from "./use-preview.ts";

const reasonOf = (error: unknown) =>
  isTooLong(error) ? "show.tooLong" : isChanged(error) ? "show.changed" : "show.failed";

/**
 * "Vis til …": exactly what the other gets, who reads it, and what showing is not. No yellow here, and "Ikke nu" is as
 * big as the other: nothing nudges towards showing.
 */
export function Show({ params }: { params: RouteParams }) {
  const document = params.document as Summary["document"];
  const person = findPerson(useList(people), params.person);
  const preview = usePreview(document);
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<"show.failed" | "show.tooLong" | "show.changed" | null>(null);
  const gate = useCodeGate();
  const name = nameOf(person);
  const give = async (): Promise<void> => {
    const { copy, options } = preview;
    if (person === undefined || copy === null || !preview.current || busy) return;
    setBusy(true);
    setFailure(null);
    await gate.run(
      async () => {
        const share = await show(document, params.person as PersonId, options, copy);
        goInstead("share", { share });
      },
      (error) => {
        if (!isCodeNeeded(error)) setFailure(reasonOf(error));
        if (isChanged(error)) preview.makeAnew();
        setBusy(false);
      },
    );
  };
  if (gate.question !== null) return <>{gate.question}</>;
  const { copy, options } = preview;
  const nothing =
    copy !== null &&
    copy.title === "" &&
    copy.subject === null &&
    copy.text.length +
      copy.photos.length +
      copy.recordings.length +
      copy.moods.length +
      copy.stickers.length +
      copy.parts.length ===
      0;
  return (
    <Screen
      hem={
        <div class="equal">
          <Button kind="line" onPress={back}>
            {t("show.notNow")}
          </Button>
          <Button kind="line" off={!preview.current || nothing || busy} onPress={() => void give()}>
            {t("show.go", { name })}
          </Button>
        </div>
      }
    >
      <h1>{t("show.title", { name })}</h1>
      {(failure !== null || preview.failed) && (
        <div role="alert">
          <Word icon="info">{t(failure ?? "show.failed")}</Word>
        </div>
      )}
      {nothing && <Word icon="info">{t(preview.entry.parts.value.length > 0 ? "show.pickParts" : "show.empty")}</Word>}
      {copy !== null && <ShowNote copy={copy} name={name} preview={preview} />}
      <ShowOptionsRow preview={preview} />
      <Facts facts={factsFor(person, name)} />
      {/* What adults shall think of: another child isn't asked to. */}
      {person?.role !== "child" && (
        <button type="button" class="not-safe" onClick={() => setAsking(true)}>
          <Icon name="draw" />
          <span>
            {t("show.notSafe")}
            {options.notSafeForParents && <span class="meta">{t("show.notSafeOn")}</span>}
          </span>
        </button>
      )}
      {asking && (
        <NotSafe
          on={options.notSafeForParents}
          onChange={(on) => preview.change({ notSafeForParents: on })}
          onClose={() => setAsking(false)}
        />
      )}
    </Screen>
  );
}

const factsFor = (person: Person | undefined, name: string): Parameters<typeof Facts>[0]["facts"] => [
  {
    icon: "eye",
    text: (
      <>
        <b>{t("show.onlyReads", { name })}</b>{" "}
        {t(person?.role === "child" ? "show.youSeeNot" : "show.youSee", { name })}
      </>
    ),
  },
  ...(person?.role === "child"
    ? []
    : [
        { icon: "work" as const, text: t("show.file", { name }) },
        { icon: "shield" as const, text: t("show.duty") },
      ]),
  {
    icon: "clock",
    text: (
      <>
        {t("show.notHelp", { name })} <HelpLine />
      </>
    ),
  },
];
