/**
 * The page's view of the second code: which entries it may show, making it, turning it off. Part of api.ts, whose rules
 * hold here too. Types only. What it opens is a small pocket of its own (docs/decisions/14-second-code.md).
 */
import type { DocumentTag } from "../../crypto/types.ts";
import type { Code } from "./api-devices.ts";

export interface SideState {
  /** There is a second code on this device. */
  readonly on: boolean;
  /** What the child marked as "may be seen"; the same on all devices, also while there is no second code here. */
  readonly seen: readonly DocumentTag[];
}

export interface SideInside {
  sideState(): Promise<SideState>;
  /** Marks a document as one that may be seen, or takes the mark off. @throws not-here */
  letSee(document: DocumentTag, seen: boolean): Promise<void>;
  /**
   * A second code of the first one's kind, which opens what is marked and nothing else; in the place of the one before.
   * Takes about a second. @throws code-needed, same-code when it is the first code, not-allowed for another kind
   */
  setSideCode(code: Code): Promise<void>;
  /** What was written behind the second code comes into the pocket first; then both are gone. @throws code-needed */
  endSide(): Promise<void>;
}
