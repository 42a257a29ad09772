/** What the page and the worker of the plaintext peer say to each other. */
import type { LifeOptions } from "../../tests/realistic/life.ts";

/** As many as the product's home asks for. */
export const NEWEST = 40;

export type PlainQuestion =
  | { readonly ask: "fill"; readonly life: LifeOptions }
  | { readonly ask: "list" }
  | { readonly ask: "gather" }
  | { readonly ask: "nothing" };

export interface PlainAnswer {
  readonly listed: readonly { readonly title: string; readonly excerpt: string; readonly createdAt: number }[];
  readonly gathered?: number;
}
