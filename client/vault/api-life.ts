/** What the page may ask about the life story, the page about me, and "on this day". Types only; a part of api.ts. */
import type { DocumentTag } from "../../crypto/types.ts";
import type { PageKind } from "../documents/kinds.ts";
import type { Summary } from "./api-summary.ts";

/** An entry of this day in an earlier year. */
export interface Memory {
  readonly summary: Summary;
  /** Whole years; 0: half a year ago. */
  readonly years: number;
}

/** What shall not come up: one entry, or whatever names somebody. */
export type MemoryBrake =
  | { readonly kind: "entry"; readonly document: DocumentTag }
  | { readonly kind: "name"; readonly name: string };

export interface MemorySettings {
  /** Off until the child turns it on. */
  readonly on: boolean;
  /** Milliseconds since the epoch; null: no pause. */
  readonly pausedUntil: number | null;
  readonly brakes: readonly MemoryBrake[];
}

export interface LifeInside {
  /**
   * The pocket's one document of this kind, made when there is none. Where two devices each made one before they met, what
   * stands in the other is brought into it.
   */
  page(kind: PageKind): Promise<DocumentTag>;
  memorySettings(): Promise<MemorySettings>;
  setMemories(change: Partial<Pick<MemorySettings, "on" | "pausedUntil">>): Promise<void>;
  /** Puts a brake on, or takes it off. On all devices. */
  setBrake(brake: MemoryBrake, on: boolean): Promise<void>;
  /** Newest year first; none while they are off or paused, or where nothing kind is found. */
  memories(): Promise<readonly Memory[]>;
}
