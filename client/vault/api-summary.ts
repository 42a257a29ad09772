/** What every list of the page shows: one own document in a few words. Types only; a part of api.ts. */
import type { DocumentTag } from "../../crypto/types.ts";
import type { DocumentSummary } from "../documents/kinds.ts";

/** A person one is paired with: random, local to this pocket. 32 hex characters. */
export type PersonId = string & { readonly __person: unique symbol };

/** What lists show; comes from sealed packed pages, so that thousands open with tens of rows. */
export interface Summary extends DocumentSummary {
  readonly document: DocumentTag;
  /** Milliseconds since the epoch. */
  readonly changedAt: number;
  /** Whom it is shown to now. */
  readonly shownTo: readonly PersonId[];
}
