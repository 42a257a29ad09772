/**
 * What reaches beyond this device, as the calls from inside need it: a pocket tied to a server has it (connected.ts), and
 * one without (alone.ts) has what works all the same.
 */
import type { BlobId, BlobKey, DocumentTag } from "../../crypto/types.ts";
import type { BlobRef } from "../documents/kinds.ts";
import type { SyncState } from "./api-events.ts";
import type { JointInside, SharingInside } from "./api-people.ts";
import type { BeyondDevices } from "./devices-inside.ts";
import type { Write } from "./ports.ts";
import type { BeyondRoom } from "./room-inside.ts";

export interface Beyond {
  readonly sharing: SharingInside;
  readonly joint: JointInside;
  /** The space a document stands in: the pocket, or the circle of a joint page. @throws not-here */
  spaceOf(document: DocumentTag): Promise<BlobRef["space"]>;
  /** The key of a photo or recording in a circle, which is fetched when it isn't here. @throws not-here, offline */
  circleBlobKey(ref: BlobRef): Promise<BlobKey>;
  /**
   * Fetches a photo or recording that another device of mine put in, unless it is here. `document`: whose it is, where that
   * is known. @throws offline, not-here
   */
  fetchOwnBlob(blob: BlobId, document?: DocumentTag): Promise<void>;
  syncState(): SyncState;
  /** Gives the server what waits, for at most `ms`. */
  flush(ms: number): Promise<void>;
  /** What to write together with a removal, so that the server is told of it whatever happens in between. */
  removing(document: DocumentTag): readonly Write[];
  /** A document was removed: the server is told as soon as there is net. */
  removed(document: DocumentTag): void;
  /** My name changed. */
  renamed(): Promise<void>;
  /** There is a new card: its wrap goes to the server. */
  cardChanged(): Promise<void>;
  /** Null without a server. */
  readonly devices: BeyondDevices | null;
  /** Null without a server. */
  readonly room: BeyondRoom | null;
}
