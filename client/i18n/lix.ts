/**
 * LIX, the Scandinavian measure of how hard a text is to read (Björnsson 1968):
 * words ÷ sentences + 100 × words longer than six letters ÷ words. Under 25 is easy, over 45 is hard.
 */
export interface Lix {
  readonly lix: number;
  readonly words: number;
  readonly sentences: number;
  /** Words of more than six letters, each once, in the order they stand. */
  readonly longWords: readonly string[];
}

const LONG = 6;

export const measureLix = (text: string): Lix => {
  const words = text.match(/[\p{L}\p{N}]+(?:[’'-][\p{L}\p{N}]+)*/gu) ?? [];
  // A sentence ends at . ! ? : or at a line break, where something stands before it.
  const sentences = text.split(/[.!?:]+(?=\s|$)|\n+/u).filter((part) => /[\p{L}\p{N}]/u.test(part)).length;
  const long = words.filter((word) => [...word].length > LONG);
  const lix = words.length === 0 ? 0 : words.length / Math.max(1, sentences) + (100 * long.length) / words.length;
  return { lix: Math.round(lix), words: words.length, sentences, longWords: [...new Set(long)] };
};
