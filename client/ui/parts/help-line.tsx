import { country } from "../../state/language.ts";
import { t } from "../text.ts";
import { helpNumbers } from "./help-numbers.ts";

const LINE = "‹line›";
const DANGER = "‹danger›";

/** "Har du brug for hjælp nu? Ring 116 111. Ring 112, hvis det er farligt.", with numbers that can be called. */
export function HelpLine() {
  const { line, danger } = helpNumbers[country.value];
  const parts = t("show.call", { line: LINE, danger: DANGER }).split(/(‹line›|‹danger›)/u);
  return (
    <span>
      {t("show.helpNow")}{" "}
      {parts.map((part) =>
        part === LINE || part === DANGER ? (
          <a key={part} class="tel" href={`tel:${(part === LINE ? line : danger).dial}`}>
            {(part === LINE ? line : danger).shown}
          </a>
        ) : (
          part
        ),
      )}
    </span>
  );
}
