/** Every text of the product per language, for the tests that read them. */
import outsideDa from "../../../client/i18n/da.json" with { type: "json" };
import outsideEn from "../../../client/i18n/en.json" with { type: "json" };
import { first } from "../../../client/i18n/first.ts";
import insideDa from "../../../client/i18n/inside/da.json" with { type: "json" };
import insideEn from "../../../client/i18n/inside/en.json" with { type: "json" };
import insideSv from "../../../client/i18n/inside/sv.json" with { type: "json" };
import outsideSv from "../../../client/i18n/sv.json" with { type: "json" };

export type Texts = Readonly<Record<string, string>>;

export const parts: Record<"first" | "outside" | "inside", Record<"da" | "sv" | "en", Texts>> = {
  first,
  outside: { da: outsideDa, sv: outsideSv, en: outsideEn },
  inside: { da: insideDa, sv: insideSv, en: insideEn },
};

export const languages = ["da", "sv", "en"] as const;

export const textsOf = (language: "da" | "sv" | "en"): Texts => ({
  ...parts.first[language],
  ...parts.outside[language],
  ...parts.inside[language],
});
