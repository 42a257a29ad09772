import type { LifeWhen } from "../../state/life.ts";
import { type TextKey, t } from "../text.ts";

/** "sommeren 2018, da jeg var 7"; the child's own words before anything else; "" where nothing was said. */
export function whenWords({ season, age, year, words, unknown }: LifeWhen): string {
  if (words.trim() !== "") return words;
  if (unknown) return t("life.unknown");
  const time = [season === null ? "" : t(`life.in.${season}` as TextKey), year ?? ""]
    .filter((part) => part !== "")
    .join(" ");
  const said = age === null ? time : time === "" ? t("life.wasAge", { age }) : t("life.timeAndAge", { time, age });
  return said.charAt(0).toLocaleUpperCase() + said.slice(1);
}
