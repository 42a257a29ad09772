/** The code, the card, and what home says about them. Part of the vault's API (api.ts). */
import type { Code } from "./api-devices.ts";

export type Reminder = "new-code" | "make-card" | "try-card";

export interface WaysInInside {
  /**
   * The code once more, as on the locked side; it counts for five minutes. What says `@throws code-needed` asks for it.
   * Takes about a second. @throws wrong-code, slow-down (with seconds)
   */
  confirmCode(code: Code): Promise<void>;
  /**
   * Puts a new code in the place of the old one, which opens nothing any more, nor does a passkey; the card stays. Takes about a second.
   * @throws code-needed, but not where the card opened this pocket: then the old code may be forgotten
   */
  changeCode(code: Code): Promise<void>;
  /** Makes a new card (the old one ends) and gives its six rows of five. @throws code-needed */
  makeCard(): Promise<readonly (readonly number[])[]>;
  /** True when these rows are the card of this pocket; notes that it was tried. */
  tryCard(rows: readonly (readonly number[])[]): Promise<boolean>;
  cardState(): Promise<"none" | "made" | "tried">;

  /** The one kind word home has now: whether the code was seen (once), or that the card was not tried out yet. */
  reminder(): Promise<Reminder | null>;
  /** Said no to, or done. */
  dismissReminder(which: Reminder): Promise<void>;
}
