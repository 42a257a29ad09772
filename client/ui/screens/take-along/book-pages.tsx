import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { dayAndMonth } from "../../../i18n/when.ts";
import { language } from "../../../state/language.ts";
import { countsAsUse } from "../../../state/lock.ts";
import type { BookEntry } from "../../../state/types.ts";
import { Button } from "../../parts/button.tsx";
import { Screen } from "../../parts/screen.tsx";
import { Stitch } from "../../parts/stitch.tsx";
import { t } from "../../text.ts";
import { BookChapter, LifeChapter } from "./book-chapters.tsx";
import "./book.css";
import { planBook, titlesOf, yearsOf } from "./book-plan.ts";

export type BookSize = "a5" | "a4";

/** Those that stand on its pages; a drawing that was begun on a photo shows it a second time. */
const picturesOf = ({ kind, photos, drawings }: BookEntry): number =>
  kind === "me"
    ? 0
    : photos.length + drawings.filter(({ over }) => photos.some(({ full }) => full.blob === over)).length;

/** The book as it will be printed: cover, the life story, the months, the wishes. */
export function BookPages(props: { title: string; entries: readonly BookEntry[]; size: BookSize; onBack: () => void }) {
  const { title, entries, size, onBack } = props;
  const pages = useRef<HTMLDivElement>(null);
  const photos = useMemo(() => entries.reduce((sum, entry) => sum + picturesOf(entry), 0), [entries]);
  const [loaded, setLoaded] = useState(0);
  const ready = loaded >= photos;
  // A long look at one's book is use.
  useEffect(countsAsUse, []);
  const { chapters, wishes, pagesOfLife } = useMemo(() => planBook(entries, language.value), [entries]);
  const titles = useMemo(() => titlesOf(entries, language.value), [entries]);
  const print = async (): Promise<void> => {
    // What stands far down isn't decoded before it is seen, and paper sees everything.
    const images = [...(pages.current?.querySelectorAll("img") ?? [])];
    await Promise.all(images.map((image) => image.decode().catch(() => undefined)));
    globalThis.print();
  };
  const onLoaded = (): void => setLoaded((before) => before + 1);
  return (
    <Screen
      back={onBack}
      hem={
        <>
          <Button kind="quiet" onPress={onBack}>
            {t("book.change")}
          </Button>
          <Button kind="now" icon="print" off={!ready} onPress={() => void print()}>
            {t(ready ? "book.print" : "book.loading")}
          </Button>
        </>
      }
    >
      <h1 class="vh no-print">{title}</h1>
      <div class="book" data-size={size} ref={pages} lang={language.value}>
        <section class="book-cover cloth" aria-label={title}>
          <Stitch still />
          <p class="book-title">{title}</p>
          <p class="book-years">{yearsOf(entries)}</p>
        </section>
        {pagesOfLife.map((entry) => (
          <LifeChapter key={entry.document} entry={entry} titles={titles} onLoaded={onLoaded} />
        ))}
        {chapters.map((chapter) => (
          <BookChapter
            key={chapter.title}
            kind="month"
            title={chapter.title}
            entries={chapter.entries}
            dayOf={(at) => dayAndMonth(at, at, language.value)}
            onLoaded={onLoaded}
          />
        ))}
        {wishes.length > 0 && (
          <BookChapter
            kind="wishes"
            title={t("book.wishes")}
            entries={wishes}
            dayOf={(at) => dayAndMonth(at, 0, language.value)}
            onLoaded={onLoaded}
          />
        )}
      </div>
    </Screen>
  );
}
