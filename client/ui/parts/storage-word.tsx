import { go, mayShow } from "../../state/route.ts";
import { homeWord, notNow } from "../../state/storage-words.ts";
import { t } from "../text.ts";
import { useList } from "../use-list.ts";
import { Button } from "./button.tsx";
import { Word } from "./lists.tsx";

/** On home: that there is no room here, or that the browser would forget. Nothing where nobody has to do anything. */
export function StorageWord() {
  const word = useList(homeWord);
  if (word === null || !mayShow("storage")) return null;
  return (
    <div class="reminder" role="status">
      <Word icon="warning">
        <p>{t(`storage.${word}`)}</p>
        {word === "home-screen" && (
          <>
            <Button kind="line" onPress={() => go("home-screen")}>
              {t("storage.how")}
            </Button>
            <Button kind="quiet" onPress={() => void notNow()}>
              {t("storage.notNow")}
            </Button>
          </>
        )}
      </Word>
    </div>
  );
}
