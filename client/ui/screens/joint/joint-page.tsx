import { useEffect, useMemo } from "preact/hooks";
import { openJointPage } from "../../../state/joint.ts";
import { people, profile } from "../../../state/lists.ts";
import { back, type RouteParams } from "../../../state/route.ts";
import { isChild } from "../../../state/session.ts";
import type { JointPage as Page } from "../../../state/types.ts";
import { LazyEditor } from "../../editor/lazy-editor.tsx";
import { colourOf, findPerson, nameOf } from "../../names.ts";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Word } from "../../parts/lists.tsx";
import { PersonMark } from "../../parts/marks.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { SavedMark } from "../entry/saved-mark.tsx";
import { TitleField } from "../entry/title-field.tsx";
import "../entry/entry.css";
import "./joint.css";

/** A page that two write on at once. The screen says so the whole time; who is here is shown only when one turned it on. */
export function JointPage({ params }: { params: RouteParams }) {
  const page = useMemo(() => openJointPage(params.page as Page["document"]), [params.page]);
  useEffect(() => () => page.close(), [page]);
  const person = findPerson(useList(people), params.person);
  const mine = useList(profile);
  const name = nameOf(person);
  const on = page.presence.value;
  const apart = person !== undefined && person.state !== "paired";
  return (
    <Screen
      middle={<SavedMark entry={page} />}
      hem={
        <>
          {isChild.value && !apart && (
            <button
              type="button"
              class="presence"
              role="switch"
              aria-checked={on}
              onClick={() => void page.setPresence(!on, mine?.name ?? "").catch(() => undefined)}
            >
              <Icon name={on ? "eye" : "eyeOff"} />
              <span>{t("together.presence")}</span>
            </button>
          )}
          <Button kind="now" wide={!isChild.value} onPress={back}>
            {t("entry.done")}
          </Button>
        </>
      }
    >
      <h1 class="vh">{t("together.title")}</h1>
      <div class="joint-with">
        {person !== undefined && <PersonMark name={name} colour={colourOf(person.id)} />}
        <p class="small">
          <b>{t(apart ? "together.apart" : "together.sees", { name })}</b>
          {isChild.value && !apart && ` ${t(on ? "together.presenceOn" : "together.presenceOff", { name })}`}
        </p>
      </div>
      <div class="sheet">
        {page.trouble.value !== null && (
          <Word icon="info">{t(page.trouble.value === "removed" ? "together.ended" : "entry.notOpen")}</Word>
        )}
        {page.saved.value === "problem" && page.trouble.value === null && (
          <Word icon="warning">{t("entry.problem")}</Word>
        )}
        <TitleField value={page.title.value} ready={page.ready.value} onWrite={page.writeTitle} />
        {page.ready.value ? (
          <LazyEditor
            text={page.text}
            label={t("together.text")}
            placeholder={t("together.here")}
            presence={page.others}
          />
        ) : (
          <p class="meta">{t("entry.opening")}</p>
        )}
      </div>
    </Screen>
  );
}
