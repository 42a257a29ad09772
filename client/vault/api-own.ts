/** One's own documents: making, opening, listing, removing. Part of the vault's API (api.ts). */
import type { DocumentTag } from "../../crypto/types.ts";
import type { OwnKind } from "../documents/kinds.ts";
import type { Summary } from "./api-summary.ts";

/** One month in which something stands. */
export interface MonthOverview {
  readonly year: number;
  /** 0 … 11 */
  readonly month: number;
  readonly count: number;
  /** For each day of the month the first mood of its newest entry that has one. */
  readonly moods: readonly (string | null)[];
}

/** kept: neither put away nor in the bin. pinned: kept, and at the top. bin: goes 30 days after it was put there. */
export type Whereabouts = "kept" | "pinned" | "archived" | "bin";

/** A document opened for a page. */
export interface DocumentPort {
  /** Speaks y-protocol frames; the page wraps it in VaultSocket for the stock WebsocketProvider. */
  readonly port: MessagePort;
  /** With which Yjs client ids the page writes where others write, too (client-ids.ts); null in one's own documents. */
  readonly clientTag: number | null;
}

export interface OwnInside {
  createDocument(kind: OwnKind): Promise<DocumentTag>;
  openDocument(document: DocumentTag): Promise<DocumentPort>;
  /** Newest first; "kept" when `where` is left out. */
  timeline(kind: OwnKind, before?: number, limit?: number, where?: Whereabouts): Promise<readonly Summary[]>;
  /** Months in which entries stand, newest first, by this device's calendar. */
  overview(kind: OwnKind): Promise<readonly MonthOverview[]>;
  /**
   * False when something of it lies here that can't be read: a damaged row, or a record that doesn't fit. What can be read
   * is shown, and nothing is deleted. @throws not-here
   */
  isWhole(document: DocumentTag): Promise<boolean>;
  /** Those of them that are here. */
  summaries(documents: readonly DocumentTag[]): Promise<readonly Summary[]>;
  /** Of what was brought in and had been answered where it came from, outside the bin, newest first. */
  answeredBefore(): Promise<readonly Summary[]>;
  removeDocument(document: DocumentTag): Promise<void>;
  /** Removes it where nothing stands in it and nothing is on its way into it (a photo, a recording). True when it is gone. */
  removeIfEmpty(document: DocumentTag): Promise<boolean>;
  /** Back among the others; committed when this resolves. @throws not-here */
  takeOutOfBin(document: DocumentTag): Promise<void>;
}
