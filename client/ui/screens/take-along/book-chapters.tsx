import type { BookEntry, PhotoRef } from "../../../state/types.ts";
import { moodWord } from "../../heads.ts";
import { joinNames } from "../../names.ts";
import { MoodMark } from "../../parts/mood-mark.tsx";
import { Picture } from "../../parts/picture.tsx";
import { RichTextView } from "../../parts/rich-text.tsx";
import { Sign, SignList, signWord } from "../../parts/sign.tsx";
import { SubjectMark } from "../../parts/subject-mark.tsx";
import { whenWords } from "../../parts/when-words.ts";
import { t } from "../../text.ts";
import { BookDrawing } from "./book-drawing.tsx";
import { shapeOf, staysWhole, toLines, toRuns } from "./book-plan.ts";
import { Answers } from "./said-before.tsx";
import { useHeld } from "./use-held.ts";

/** Months follow each other as they come; the first of them, and every other chapter, begins on a page of its own. */
export function BookChapter(props: {
  kind: "month" | "wishes";
  title: string;
  entries: readonly BookEntry[];
  dayOf: (at: number) => string;
  onLoaded: () => void;
}) {
  return (
    <section class={`chapter ${props.kind}`}>
      <h2>{props.title}</h2>
      {toRuns(props.entries).map((run) =>
        "faces" in run ? (
          <Faces key={run.faces[0]?.document} entries={run.faces} dayOf={props.dayOf} />
        ) : (
          <BookArticle
            key={run.entry.document}
            entry={run.entry}
            day={props.dayOf(run.entry.createdAt)}
            onLoaded={props.onLoaded}
          />
        ),
      )}
    </section>
  );
}

/** Days without a word, beside each other. */
function Faces({ entries, dayOf }: { entries: readonly BookEntry[]; dayOf: (at: number) => string }) {
  return (
    <ul class="book-faces">
      {entries.map((entry) => (
        <li key={entry.document}>
          <span class="book-meta">{dayOf(entry.createdAt)}</span>
          <Moods moods={entry.moods} />
        </li>
      ))}
    </ul>
  );
}

function Moods({ moods }: { moods: readonly string[] }) {
  return (
    <p class="book-moods">
      {moods.map((mood) => (
        <span key={mood}>
          <MoodMark mood={mood} /> {moodWord(mood)}
        </span>
      ))}
    </p>
  );
}

function BookArticle({ entry, day, onLoaded }: { entry: BookEntry; day: string; onLoaded: () => void }) {
  const { marks, moods, stickers, photos, recordings, drawings, shown, from, together } = entry;
  const around = [day, marks.day, marks.place].filter(Boolean).join(" · ");
  const people = [
    marks.persons.length > 0 ? t("book.people", { names: joinNames(marks.persons) }) : "",
    from === null || from.trim() === "" ? "" : t("book.from", { name: from }),
    together === null ? "" : t("book.together", { name: together }),
    marks.tags.length > 0 ? `${t("archive.tags")}: ${joinNames(marks.tags)}` : "",
  ].filter(Boolean);
  return (
    <article data-whole={staysWhole(entry)}>
      <header>
        {entry.title !== "" && <h3>{entry.title}</h3>}
        {entry.kind === "wish" && marks.subject !== null && <SubjectMark subject={marks.subject} />}
        <p class="book-meta">{around}</p>
        {people.length > 0 && <p class="book-meta">{people.join(" · ")}</p>}
        {moods.length > 0 && <Moods moods={moods} />}
      </header>
      <RichTextView text={entry.text} />
      {stickers.length > 0 && (
        <p class="book-stickers">
          {stickers.map((picture, index) => (
            <Picture key={index} picture={picture} />
          ))}
        </p>
      )}
      <BookPhotos photos={photos} onLoaded={onLoaded} />
      {drawings.map((drawing) => (
        <BookDrawing
          key={drawing.id}
          drawing={drawing}
          below={photos.find(({ full }) => full.blob === drawing.over)}
          onLoaded={onLoaded}
        />
      ))}
      {recordings.length > 0 && <p class="book-meta">{t("book.recording")}</p>}
      {shown.map((one, index) => (
        <Answers key={index} shown={one} class="book-answers" />
      ))}
    </article>
  );
}

/** The life story, or the page about me. */
export function LifeChapter(props: { entry: BookEntry; titles: ReadonlyMap<string, string>; onLoaded: () => void }) {
  const { entry, titles, onLoaded } = props;
  const photos = new Map(entry.photos.map((photo) => [photo.full.blob, photo]));
  return (
    <section class="chapter">
      <h2>{t(entry.kind === "me" ? "book.aboutMe" : "book.life")}</h2>
      {entry.topics.map(({ topic, signs, text }) => (
        <article key={topic}>
          <h3>{t(`book.topic.${topic}`)}</h3>
          <SignList signs={signs} />
          {text.trim() !== "" && <p class="book-lines">{text}</p>}
        </article>
      ))}
      {entry.stops.map((stop) => (
        <article key={stop.id}>
          <header class="book-stop">
            <Sign sign={stop.sign} />
            <div>
              <h3>{stop.title || signWord(stop.sign)}</h3>
              <p class="book-meta">{whenWords(stop.when)}</p>
            </div>
          </header>
          {stop.text.trim() !== "" && <p class="book-lines">{stop.text}</p>}
          <SeeAlso titles={stop.entries.flatMap((document) => titles.get(document) ?? [])} />
          <BookPhotos
            photos={stop.photos.map((blob) => photos.get(blob)).filter((photo) => photo !== undefined)}
            onLoaded={onLoaded}
          />
        </article>
      ))}
    </section>
  );
}

/** What else in the book belongs to a stop. */
function SeeAlso({ titles }: { titles: readonly string[] }) {
  if (titles.length === 0) return null;
  return <p class="book-meta">{t("book.see", { titles: joinNames(titles) })}</p>;
}

function BookPhotos({ photos, onLoaded }: { photos: readonly PhotoRef[]; onLoaded: () => void }) {
  return toLines(photos).map((line) => (
    <div key={line[0]?.full.blob} class="book-photos">
      {line.map((photo) => (
        <BookPhoto
          key={photo.full.blob}
          photo={photo}
          share={line.length === 1 ? null : shapeOf(photo)}
          alt={t("entry.photoOf", { number: photos.indexOf(photo) + 1 })}
          onLoaded={onLoaded}
        />
      ))}
    </div>
  ));
}

interface BookPhotoProps {
  readonly photo: PhotoRef;
  /** Of the line's width, beside its neighbour's; null where it stands alone. */
  readonly share: number | null;
  readonly alt: string;
  readonly onLoaded: () => void;
}

/** A photo in its own shape, opened at once: paper doesn't scroll. One that isn't here leaves no hole. */
function BookPhoto({ photo, share, alt, onLoaded }: BookPhotoProps) {
  const { space, blob } = photo.full;
  const state = useHeld({ space, blob }, onLoaded);
  if (state === null || typeof state !== "object") return null;
  const { width, height } = photo;
  return (
    <figure data-alone={share === null} {...(share !== null && { style: { flexGrow: share } })}>
      <img src={state.url} alt={alt} width={width} height={height} />
    </figure>
  );
}
