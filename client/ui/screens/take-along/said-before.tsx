import { dayAndMonth } from "../../../i18n/when.ts";
import { language } from "../../../state/language.ts";
import type { BookEntry } from "../../../state/types.ts";
import { t } from "../../text.ts";

type Shown = BookEntry["shown"][number];

const WISH_WORDS = {
  heard: "wish.heard",
  agreed: "wish.agreed",
  declined: "wish.declined",
  done: "wish.done",
} as const;
const wishWord = (wish: string | null): string =>
  wish !== null && wish in WISH_WORDS ? t(WISH_WORDS[wish as keyof typeof WISH_WORDS]) : "";

/** What others answered, as it was said: who, when, what became of it. */
export function Answers({ shown, class: name }: { shown: Shown; class: string }) {
  if (shown.answers.length === 0) return null;
  return (
    <ul class={name}>
      {shown.answers.map(({ from, at, text, wish }, place) => (
        <li key={place}>
          <p class="meta">{[from ?? t("book.me"), dayOf(at), wishWord(wish)].filter(Boolean).join(" · ")}</p>
          {text !== "" && <p>{text}</p>}
        </li>
      ))}
    </ul>
  );
}

const dayOf = (at: string): string => {
  const time = Date.parse(at);
  return Number.isNaN(time) ? "" : dayAndMonth(time, 0, language.value);
};

/** On an entry or wish that was brought in: its answers of before. Nothing where there were none. */
export function SaidBefore({ shown }: { shown: readonly Shown[] }) {
  if (shown.every(({ answers }) => answers.length === 0)) return null;
  return (
    <section class="group">
      <h2>{t("take.beforeTitle")}</h2>
      {shown.map((one, index) => (
        <Answers key={index} shown={one} class="said-before" />
      ))}
    </section>
  );
}
