import { t } from "../text.ts";
import type { helpNumbers } from "./help-numbers.ts";
import { Icon } from "./icon.tsx";

interface CallLineProps {
  readonly number: (typeof helpNumbers)["dk"]["line"];
  readonly under: string;
  readonly patch: "moss" | "brick";
}

/** A number of help that is rung by touching its line. */
export function CallLine({ number, under, patch }: CallLineProps) {
  return (
    <a class="call" href={`tel:${number.dial}`} aria-label={t("help.call", { number: number.shown })}>
      <span>
        <span class="num">{number.shown}</span>
        <span class="small under">{under}</span>
      </span>
      <span class={`dial ${patch}`}>
        <Icon name="phone" />
      </span>
    </a>
  );
}
