import { useState } from "preact/hooks";
import type { ShownCopy } from "../../../state/types.ts";
import { countsOf, headOf } from "../../heads.ts";
import { ShownCopyView } from "../../parts/shown-copy.tsx";
import { Torn } from "../../parts/torn.tsx";
import { t } from "../../text.ts";
import "../show/show.css";

/** One thing as it was shown: its title, and all of it on a press. */
export function AgainCopy({ copy }: { copy: ShownCopy }) {
  const [whole, setWhole] = useState(false);
  const excerpt = copy.text.map(({ runs }) => runs.map(({ text }) => text).join("")).join(" ");
  const title = headOf({ ...copy, ...countsOf(copy), excerpt });
  return (
    <li class="lifted">
      <Torn>
        {!whole && <h3>{title}</h3>}
        {whole && <ShownCopyView copy={copy} level={3} />}
        <button
          type="button"
          class="see-all"
          aria-expanded={whole}
          aria-label={`${whole ? t("show.less") : t("show.whole")}: ${title}`}
          onClick={() => setWhole(!whole)}
        >
          {whole ? t("show.less") : t("show.whole")}
        </button>
      </Torn>
    </li>
  );
}
