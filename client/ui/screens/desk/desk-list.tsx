import { openedInvitation } from "../../../state/invitation-link.ts";
import { jointPages } from "../../../state/lists.ts";
import { lock } from "../../../state/lock.ts";
import { quickExit } from "../../../state/quick-exit.ts";
import { go } from "../../../state/route.ts";
import type { Person, Received } from "../../../state/types.ts";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { PocketMark } from "../../parts/marks.tsx";
import { ReadAloud } from "../../parts/read-aloud.tsx";
import { StorageWord } from "../../parts/storage-word.tsx";
import { SyncWord } from "../../parts/sync-word.tsx";
import { t } from "../../text.ts";
import { useNow } from "../../use-now.ts";
import { WaitSlip } from "../home/news-slip.tsx";
import { answeredLast, waitingLongest } from "./desk-order.ts";
import { Answered, Waiting } from "./desk-rows.tsx";

export interface DeskListProps {
  readonly items: readonly Received[] | null;
  readonly persons: readonly Person[] | null;
  readonly chosen: Received["id"] | null;
  readonly onChoose: (id: Received["id"]) => void;
}

/** J and K (or the arrows) walk the list, Enter chooses, R goes to the answer. They work while the list has the focus. */
const walk = (event: KeyboardEvent & { currentTarget: HTMLElement }): void => {
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>(".q button")];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  if (step !== undefined) {
    event.preventDefault();
    rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))]?.focus();
  } else if (event.key === "r") {
    const answer = document.querySelector<HTMLElement>(".reply .editor-text");
    if (answer === null) return;
    event.preventDefault();
    answer.focus();
  }
};

export function DeskList({ items, persons, chosen, onChoose }: DeskListProps) {
  const now = useNow(60_000);
  const waiting = waitingLongest(items ?? []);
  const answered = answeredLast(items ?? []);
  return (
    <section class="desk-list" aria-label={t("desk.title")} onKeyDown={walk}>
      <div class="desk-top">
        <PocketMark />
        <b>{t("desk.brand")}</b>
        <ReadAloud of="desk" />
        <button type="button" onClick={() => void lock()}>
          <Icon name="lock" />
          {t("desk.lock")}
        </button>
        <button type="button" onClick={quickExit}>
          <Icon name="exit" />
          {t("first.exit")}
        </button>
      </div>
      <h1>{t("desk.title")}</h1>
      {waiting.length > 0 && <p class="meta desk-order">{t("desk.order")}</p>}
      <SyncWord />
      <StorageWord />
      <WaitSlip />
      {openedInvitation.value !== null && (
        <button type="button" class="slip" onClick={() => go("pair-link")}>
          <Icon name="link" />
          <b>{t("pair.opened")}</b>
          <Icon name="forward" />
        </button>
      )}
      {items !== null && waiting.length === 0 && (
        <div class="desk-none">
          <p class="voice">{t("desk.empty")}</p>
          {items.length === 0 && <p>{t("desk.emptyText")}</p>}
          {persons?.length === 0 && (
            <Button kind="now" icon="people" onPress={() => go("pair")}>
              {t("pair.title")}
            </Button>
          )}
        </div>
      )}
      <ul class="q">
        {waiting.map((item) => (
          <Waiting
            key={item.id}
            item={item}
            now={now}
            persons={persons}
            chosen={chosen === item.id}
            onChoose={onChoose}
          />
        ))}
      </ul>
      {answered.length > 0 && <h2>{t("desk.answered")}</h2>}
      <ul class="q">
        {answered.map((item) => (
          <Answered key={item.id} item={item} persons={persons} chosen={chosen === item.id} onChoose={onChoose} />
        ))}
      </ul>
      <nav class="desk-places" aria-label={t("desk.brand")}>
        <button type="button" onClick={() => go("people")}>
          <Icon name="people" />
          {t("desk.people")}
        </button>
        {(jointPages.value.value?.length ?? 0) > 0 && (
          <button type="button" onClick={() => go("together")}>
            <Icon name="together" />
            {t("desk.together")}
          </button>
        )}
        <button type="button" onClick={() => go("settings")}>
          <Icon name="settings" />
          {t("home.settings")}
        </button>
        <button type="button" onClick={() => go("help")}>
          <Icon name="help" />
          {t("home.help")}
        </button>
      </nav>
      <p class="meta desk-keys">{t("desk.keys")}</p>
    </section>
  );
}
