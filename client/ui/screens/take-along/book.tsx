import { useEffect, useState } from "preact/hooks";
import { readBook, takeAlongCount } from "../../../state/take-along.ts";
import type { BookEntry, TakeAlongCount } from "../../../state/types.ts";
import { useCodeGate } from "../../parts/ask-code.tsx";
import { Button } from "../../parts/button.tsx";
import { Choice } from "../../parts/choice.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Facts, Word } from "../../parts/lists.tsx";
import { Screen } from "../../parts/screen.tsx";
import { type TextKey, t } from "../../text.ts";
import { BookPages, type BookSize } from "./book-pages.tsx";
import { hasPages } from "./book-plan.ts";
import "./take-along.css";

/** Photos that a browser still prints in one go on a tablet: some 150 MB. */
const MOST_PHOTOS = 400;
const MOST_ENTRIES = 2_000;
const MAX_TITLE = 60;
/** Years one may choose among, newest first. */
const YEARS_SHOWN = 12;

const PARTS = {
  withPhotos: "book.photos",
  withWishes: "book.wishes",
  withTogether: "book.withOthers",
  withPutAway: "book.away",
  pinnedOnly: "book.pinned",
} as const satisfies Record<string, TextKey>;
type Parts = Record<keyof typeof PARTS, boolean>;

/** What goes into the book, and then the book: to be printed, or saved as a PDF by the browser. */
export function Book() {
  const gate = useCodeGate();
  const [there, setThere] = useState<TakeAlongCount | null>(null);
  const [title, setTitle] = useState(() => t("book.nameNow"));
  const [year, setYear] = useState("all");
  const [size, setSize] = useState<BookSize>("a5");
  const [parts, setParts] = useState<Parts>({
    withPhotos: true,
    withWishes: true,
    withTogether: true,
    withPutAway: false,
    pinnedOnly: false,
  });
  const [trouble, setTrouble] = useState<TextKey | null>(null);
  const [entries, setEntries] = useState<readonly BookEntry[] | null>(null);
  useEffect(() => {
    void takeAlongCount().then(setThere, () => undefined);
  }, []);

  const make = (): Promise<void> =>
    gate.run(
      async () => {
        const chosen = year === "all" ? null : Number(year);
        const read = await readBook({
          ...(chosen !== null && {
            from: new Date(chosen, 0, 1).getTime(),
            before: new Date(chosen + 1, 0, 1).getTime(),
          }),
          pinnedOnly: parts.pinnedOnly,
          withPutAway: parts.withPutAway,
          withWishes: parts.withWishes,
          withTogether: parts.withTogether,
        });
        const chosenParts = parts.withPhotos ? read : read.map((entry) => ({ ...entry, photos: [], drawings: [] }));
        const photos = chosenParts.reduce((sum, entry) => sum + entry.photos.length, 0);
        if (!hasPages(chosenParts)) setTrouble("book.empty");
        else if (photos > MOST_PHOTOS || read.length > MOST_ENTRIES) setTrouble("book.large");
        else {
          setTrouble(null);
          setEntries(chosenParts);
        }
      },
      () => setTrouble("book.failed"),
    );

  if (gate.question !== null) return gate.question;
  if (entries !== null) {
    const name = title.trim() || t("book.nameNow");
    return <BookPages title={name} entries={entries} size={size} onBack={() => setEntries(null)} />;
  }
  return (
    <Screen
      hem={
        <Button kind="now" icon="book" wide off={there?.documents === 0} onPress={() => void make()}>
          {t("book.make")}
        </Button>
      }
    >
      <h1>{t("book.title")}</h1>
      {trouble !== null && (
        <div role="alert">
          <Word icon="info">{t(trouble)}</Word>
        </div>
      )}
      <p class="lead">{t(there?.documents === 0 ? "book.empty" : "book.lead")}</p>
      <label class="book-name">
        <span class="label">{t("book.name")}</span>
        <input
          class="field"
          type="text"
          maxLength={MAX_TITLE}
          autocomplete="off"
          spellcheck={false}
          value={title}
          onInput={(event) => setTitle(event.currentTarget.value)}
        />
      </label>
      <section class="setting">
        <h2>{t("book.when")}</h2>
        <Choice
          label={t("book.when")}
          chosen={year}
          onChoose={setYear}
          values={[
            { value: "all", word: t("book.all") },
            ...(there?.years.slice(0, YEARS_SHOWN) ?? []).map((one) => ({ value: String(one), word: String(one) })),
          ]}
        />
      </section>
      <section class="setting">
        <h2>{t("book.what")}</h2>
        <div class="chips">
          {(Object.keys(PARTS) as (keyof Parts)[]).map((part) => (
            <button
              key={part}
              type="button"
              aria-pressed={parts[part]}
              onClick={() => setParts({ ...parts, [part]: !parts[part] })}
            >
              <Icon name={parts[part] ? "check" : "plus"} />
              {t(PARTS[part])}
            </button>
          ))}
        </div>
      </section>
      <section class="setting">
        <h2>{t("book.size")}</h2>
        <Choice<BookSize>
          label={t("book.size")}
          chosen={size}
          onChoose={setSize}
          values={[
            { value: "a5", word: "A5" },
            { value: "a4", word: "A4" },
          ]}
        />
      </section>
      <Facts facts={[{ icon: "eye", text: t("book.own") }]} />
    </Screen>
  );
}
