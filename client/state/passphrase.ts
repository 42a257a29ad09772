/** Passphrases: five words that the app draws, or one's own when it isn't weak. */
import { vault } from "./vault.ts";

/** Five of 512 words are 45 bits; a code drawn by the app needs at least 42 (docs/threat-model.md). */
const proposedWords = 5;

export async function proposePassphrase(words: readonly string[]): Promise<string> {
  const drawn = await vault().drawNumbers(proposedWords, words.length);
  return drawn.map((index) => words[index]).join(" ");
}

/** What is typed counts without regard to capitals and extra spaces, so that a phone's keyboard can't lock anyone out. */
export const normalisePassphrase = (typed: string): string =>
  typed.normalize("NFC").trim().toLowerCase().replaceAll(/\s+/g, " ");

export type Weakness = "short" | "few" | "pattern";

const shortestLetters = 16;
const fewestWords = 4;
const rows = ["abcdefghijklmnopqrstuvwxyzæøåäö", "01234567890123456789", "qwertyuiopåasdfghjklæøöäzxcvbnm"];

/** Why a passphrase of one's own is refused, or null when it may be used. */
export function findWeakness(typed: string): Weakness | null {
  const phrase = normalisePassphrase(typed);
  const words = phrase.split(" ").filter(Boolean);
  if ([...phrase].length < shortestLetters || words.length < fewestWords) return "short";
  if (new Set(words).size < fewestWords) return "few";
  if (words.some((word) => isRun(word)) || new Set(phrase.replaceAll(" ", "")).size < 6) return "pattern";
  return null;
}

/** abcd, 4321, qwer, aaaa */
function isRun(word: string): boolean {
  if (word.length < 3) return false;
  if (new Set(word).size === 1) return true;
  const backwards = [...word].reverse().join("");
  return rows.some((row) => row.includes(word) || row.includes(backwards));
}
