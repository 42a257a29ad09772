import { useEffect, useRef } from "preact/hooks";
import { people } from "../../../state/lists.ts";
import { followQuestion, found, isBlank, mood, query, showMore } from "../../../state/search.ts";
import { moodWord } from "../../heads.ts";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Word } from "../../parts/lists.tsx";
import { moodNames } from "../../parts/mood.tsx";
import { MoodMark } from "../../parts/mood-mark.tsx";
import { PocketHem } from "../../parts/pocket-hem.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { writeNew } from "../../write-new.ts";
import { Filters } from "./filters.tsx";
import { Hit } from "./hit.tsx";
import "./search.css";

/** Search while one types; a face alone is a question too, for who doesn't write. */
export function Search() {
  const result = useList(found);
  const persons = useList(people);
  const field = useRef<HTMLInputElement>(null);
  useEffect(followQuestion, []);
  useEffect(() => {
    // One came to type; who came back from a hit is left where the screen begins.
    if (isBlank.value) field.current?.focus({ preventScroll: true });
  }, []);
  return (
    <Screen help={false} hem={<PocketHem onNew={() => void writeNew("entry")} />} hemLabel={t("home.pocket")}>
      <h1>{t("search.title")}</h1>
      <search>
        <div class="search-field">
          <Icon name="search" />
          <input
            ref={field}
            class="field"
            type="search"
            enterkeyhint="search"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            aria-label={t("search.fieldLabel")}
            value={query.value}
            onInput={(event) => {
              query.value = event.currentTarget.value;
            }}
          />
        </div>
        <fieldset class="group" aria-label={t("search.moodsLabel")}>
          <div class="moods">
            {moodNames.map((name) => (
              <button
                key={name}
                type="button"
                aria-pressed={mood.value === name}
                onClick={() => {
                  mood.value = mood.value === name ? null : name;
                }}
              >
                <MoodMark mood={name} />
                <span>{moodWord(name)}</span>
              </button>
            ))}
          </div>
        </fieldset>
        <Filters />
      </search>
      {found.failed.value && (
        <Word icon="warning">
          <p>{t("search.failed")}</p>
          <Button kind="quiet" icon="again" onPress={() => void found.refresh()}>
            {t("things.again")}
          </Button>
        </Word>
      )}
      <p class="meta search-count" role="status">
        {isBlank.value
          ? t("search.begin")
          : result !== null && t(result.more ? "search.foundMore" : "search.found", { count: result.hits.length })}
      </p>
      {!isBlank.value && result !== null && !result.complete && <Word icon="clock">{t("search.reading")}</Word>}
      {!isBlank.value && result !== null && result.hits.length === 0 && result.complete && (
        <p class="lead">{t("search.nothing")}</p>
      )}
      {!isBlank.value && (
        <ul class="rows hits">
          {result?.hits.map((hit) => (
            <Hit key={hit.summary.document} hit={hit} persons={persons} />
          ))}
        </ul>
      )}
      {!isBlank.value && result?.more && (
        <Button kind="quiet" onPress={() => void showMore()}>
          {t("search.more")}
        </Button>
      )}
    </Screen>
  );
}
