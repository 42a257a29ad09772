import type { Stitch as Kind, PocketColour } from "../../state/types.ts";
import { t } from "../text.ts";
import { Choice } from "./choice.tsx";
import { Stitch } from "./stitch.tsx";

export interface PocketChoiceProps {
  readonly colour: PocketColour;
  readonly stitch: Kind;
  readonly onColour: (colour: PocketColour) => void;
  readonly onStitch: (stitch: Kind) => void;
}

/** Four colours and two stitches, each shown as a small pocket with its word. */
export function PocketChoice({ colour, stitch, onColour, onStitch }: PocketChoiceProps) {
  return (
    <>
      <Choice
        class="swatches"
        label={t("colour.colours")}
        chosen={colour}
        onChoose={onColour}
        values={(["denim", "brick", "moss", "plum"] as const).map((value) => ({
          value,
          word: (
            <>
              <span data-pocket={value}>
                <Stitch kind={stitch} />
              </span>
              <span>{t(`colour.${value}`)}</span>
            </>
          ),
        }))}
      />
      <Choice
        class="swatches two"
        label={t("colour.stitches")}
        chosen={stitch}
        onChoose={onStitch}
        values={(["dash", "cross"] as const).map((value) => ({
          value,
          word: (
            <>
              <span data-pocket={colour}>
                <Stitch kind={value} />
              </span>
              <span>{t(`colour.${value}`)}</span>
            </>
          ),
        }))}
      />
    </>
  );
}
