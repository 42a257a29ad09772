import type { Mark, Person, SearchHit } from "../../../state/types.ts";
import { headOf, underLine } from "../../heads.ts";
import { openOwn } from "../../open-own.ts";
import { SummaryThumb } from "../../parts/summary-thumb.tsx";

/** One entry or wish that was found, with what was looked for marked in its title and in a line of its text. */
export function Hit({ hit, persons }: { hit: SearchHit; persons: readonly Person[] | null }) {
  const { summary, titleMarks, excerpt, excerptMarks } = hit;
  const titled = summary.title.trim() !== "";
  return (
    <li>
      <button type="button" onClick={() => openOwn(summary)}>
        <SummaryThumb summary={summary} />
        <span>
          {titled ? (
            <b>
              <Marked text={summary.title} marks={titleMarks} />
            </b>
          ) : (
            (excerpt === "" || isPage(summary)) && <b>{headOf(summary)}</b>
          )}
          {excerpt !== "" && (
            <span class="hit-line">
              <Marked text={excerpt} marks={excerptMarks} />
            </span>
          )}
          <span class="meta">{underLine(summary, persons, Date.now())}</span>
        </span>
      </button>
    </li>
  );
}

function Marked({ text, marks }: { text: string; marks: readonly Mark[] }) {
  const ends = [0, ...marks.map(([, to]) => to)];
  return (
    <>
      {marks.map(([from, to], index) => (
        <>
          {text.slice(ends[index], from)}
          <mark>{text.slice(from, to)}</mark>
        </>
      ))}
      {text.slice(ends.at(-1))}
    </>
  );
}

/** A life story or a page about me has no title of its own: which of them it is says its name. */
const isPage = ({ kind }: SearchHit["summary"]): boolean => kind === "life" || kind === "me";
