import { country } from "../../state/language.ts";
import { t } from "../text.ts";
import { helpNumbers } from "./help-numbers.ts";

const LINE = "‹line›";
const DANGER = "‹danger›";

/** What stands right behind a number: it was said with it. */
const isStop = (parts: readonly string[], at: number): boolean => [LINE, DANGER].includes(parts[at - 1] ?? "");

/** "Har du brug for hjælp nu? Ring 116 111. Ring 112, hvis det er farligt.", with numbers that can be called. */
export function HelpLine() {
  const { line, danger } = helpNumbers[country.value];
  // A number and the full stop after it stand together: no line begins with a stop.
  const parts = t("show.call", { line: LINE, danger: DANGER }).split(/(?:(‹line›|‹danger›)([.,]?))/u);
  return (
    <span>
      {t("show.helpNow")}{" "}
      {parts.map((part, at) => {
        if (part !== LINE && part !== DANGER) return isStop(parts, at) ? null : part;
        const number = part === LINE ? line : danger;
        return (
          <span key={part} class="tel-kept">
            <a class="tel" href={`tel:${number.dial}`}>
              {number.shown}
            </a>
            {parts[at + 1]}
          </span>
        );
      })}
    </span>
  );
}
