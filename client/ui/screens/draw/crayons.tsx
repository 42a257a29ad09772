import { CRAYONS } from "../../../state/drawing.ts";
import { type TextKey, t } from "../../text.ts";
import { sizes } from "./strokes.ts";

const colourTexts: readonly TextKey[] = [
  "draw.black",
  "draw.blue",
  "draw.red",
  "draw.yellow",
  "draw.green",
  "draw.purple",
  "draw.sky",
  "draw.white",
];
const sizeTexts: readonly TextKey[] = ["draw.thin", "draw.middle", "draw.thick"];

interface CrayonsProps {
  readonly colour: number;
  readonly size: number;
  readonly onColour: (colour: number) => void;
  readonly onSize: (size: number) => void;
}

/** Eight crayons and three tips. The chosen one stands out of the hem, and is said. */
export function Crayons({ colour, size, onColour, onSize }: CrayonsProps) {
  return (
    <div class="draw-tools">
      <fieldset class="group crayons" aria-label={t("draw.colours")}>
        {CRAYONS.map((crayon, index) => (
          <button
            key={crayon}
            type="button"
            aria-label={t(colourTexts[index] ?? "draw.black")}
            aria-pressed={index === colour}
            onClick={() => onColour(index)}
          >
            <svg viewBox="0 0 32 40" aria-hidden="true">
              <path d="M6 40V16L16 2l10 14v24z" fill={crayon} />
            </svg>
          </button>
        ))}
      </fieldset>
      <fieldset class="group tips" aria-label={t("draw.sizes")}>
        {sizes.map((tip, index) => (
          <button
            key={tip}
            type="button"
            aria-label={t(sizeTexts[index] ?? "draw.middle")}
            aria-pressed={index === size}
            onClick={() => onSize(index)}
          >
            <svg viewBox="0 0 32 32" aria-hidden="true">
              <circle cx="16" cy="16" r={4 + index * 4} />
            </svg>
          </button>
        ))}
      </fieldset>
    </div>
  );
}
