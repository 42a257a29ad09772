import { dismissReminder, reminder } from "../../../state/reminders.ts";
import { go } from "../../../state/route.ts";
import { openedByCard, pocket } from "../../../state/session.ts";
import { Button } from "../../parts/button.tsx";
import { Word } from "../../parts/lists.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";

/** One kind word at a time, with a way to say no: never a count, never again and again. */
export function ReminderWord() {
  const due = useList(reminder);
  const byPictures = pocket.value?.waysIn.includes("pictures") ?? false;
  if (openedByCard.value) {
    return (
      <div class="reminder">
        <Word icon="key">
          <p>{t("newcode.byCard")}</p>
          <Button kind="line" onPress={() => go("new-code")}>
            {t("newcode.slipMake")}
          </Button>
        </Word>
      </div>
    );
  }
  if (due === null) return null;
  const isCode = due === "new-code";
  const question = isCode
    ? t(byPictures ? "newcode.slipPictures" : "newcode.slipWords")
    : `${t(due === "try-card" ? "remind.card" : "remind.cardNone")} ${t("remind.cardWhy")}`;
  return (
    <div class="reminder">
      <Word icon={isCode ? "key" : "card"}>
        <p>{question}</p>
        <div class="chips">
          <button type="button" onClick={() => go(isCode ? "new-code" : "card")}>
            {t(isCode ? "newcode.slipMake" : "remind.cardTry")}
          </button>
          <button type="button" onClick={() => void dismissReminder(due).catch(() => undefined)}>
            {t(isCode ? "newcode.no" : "remind.later")}
          </button>
        </div>
      </Word>
    </div>
  );
}
