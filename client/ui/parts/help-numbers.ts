import type { Country } from "../../state/types.ts";

interface Number {
  readonly shown: string;
  readonly dial: string;
}

/** Whom to call in each country: the children's line, and when it is dangerous now. Bundled, so they are there offline. */
export const helpNumbers: Readonly<Record<Country, { readonly line: Number; readonly danger: Number }>> = {
  dk: { line: { shown: "116 111", dial: "116111" }, danger: { shown: "112", dial: "112" } },
  se: { line: { shown: "116 111", dial: "116111" }, danger: { shown: "112", dial: "112" } },
};
