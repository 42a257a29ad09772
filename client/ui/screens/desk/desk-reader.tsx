import { dayAtTime } from "../../../i18n/when.ts";
import { language } from "../../../state/language.ts";
import { keepInCaseFile } from "../../../state/sharing.ts";
import type { Received } from "../../../state/types.ts";
import { Button } from "../../parts/button.tsx";
import { Facts, Word } from "../../parts/lists.tsx";
import { ShownCopyView } from "../../parts/shown-copy.tsx";
import { Torn } from "../../parts/torn.tsx";
import { WishMark } from "../../parts/wish-mark.tsx";
import { t } from "../../text.ts";
import "../show/show.css";
import "../entry/entry.css";
import { useOnScreen } from "../../use-on-screen.ts";
import { Reply } from "./reply.tsx";

/** What one child showed, torn below because it is a copy; what the child knows about it; and the answer beside it. */
export function DeskReader({ item, name, onLeave }: { item: Received; name: string; onLeave: () => void }) {
  const seen = useOnScreen(item);
  const now = Date.now();
  const mine = item.answers.filter(({ from }) => from === "me");
  return (
    <div class="read">
      <article aria-label={name}>
        <p class="meta">{t("desk.shownAt", { name, when: dayAtTime(item.receivedAt, now, language.value) })}</p>
        {item.copy.notSafeForParents && <Word icon="shield">{t("desk.notSafeText", { name })}</Word>}
        <div ref={seen} class="entry">
          <Torn>
            <ShownCopyView copy={item.copy} />
          </Torn>
        </div>
        {mine.length > 0 && (
          <ul class="answers">
            {mine.map((said) => (
              <li key={said.id} class="mine-said">
                <div>
                  <p class="meta">{t("desk.yourAnswer", { when: dayAtTime(said.at, now, language.value) })}</p>
                  {said.wish !== null && <WishMark answer={said.wish} />}
                  <p>{said.text}</p>
                </div>
              </li>
            ))}
          </ul>
        )}
        <div class="side">
          <h2>{t("desk.knows", { name })}</h2>
          <Facts
            facts={[
              {
                icon: "eye",
                text:
                  item.openedAt === null
                    ? t("desk.knowsUnread", { name })
                    : t("desk.knowsOpened", { name, when: dayAtTime(item.openedAt, now, language.value) }),
              },
              { icon: "work", text: t(item.inCaseFile ? "desk.kept" : "desk.knowsFile", { name }) },
              { icon: "eyeOff", text: t("desk.knowsNot", { name }) },
            ]}
          />
          {!item.inCaseFile && (
            <Button kind="line" icon="work" onPress={() => void keepInCaseFile(item.id).catch(() => undefined)}>
              {t("desk.keep")}
            </Button>
          )}
        </div>
      </article>
      <Reply share={item.id} name={name} isWish={item.copy.kind === "wish"} onLeave={onLeave} />
    </div>
  );
}
