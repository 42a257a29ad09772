/**
 * One document that is on a screen: its live Y.Doc, and the way of an edit to the disk. What came within the commit window
 * is merged and committed in one strict transaction, pending row and summary together; only then `saved` is said.
 */
import type { BlobId, DocumentTag, SpaceId } from "../../crypto/types.ts";
import { keepClientId } from "../documents/client-ids.ts";
import { CHANNEL_CLOSES } from "../documents/closes.ts";
import { LiveDocument } from "../documents/live.ts";
import { clientIdsOf, mergeUpdates } from "../documents/updates.ts";
import { Batch } from "./batch.ts";
import { VaultFailure } from "./failure.ts";
import type { Clock, CommitOptions, Write } from "./ports.ts";
import type { LearnedUpdate } from "./receive.ts";
import type { SealedStore } from "./sealed-store.ts";
import type { SpaceLog } from "./space-log.ts";

/** From the first key press of a window to its commit. "Saved here" is promised within 300 ms. */
const COMMIT_WINDOW_MS = 100;
/** The same for a joint page, where somebody waits for the letters: 250 ms to the other's screen, all in all. */
const JOINT_COMMIT_WINDOW_MS = 25;
/** After a commit failed (a full disk): tried again this often, with everything still in memory. */
const RETRY_MS = 2_000;
/** On a full disk every commit eats of the room laid aside for it: few of them, then. */
const SHORT_WINDOW_MS = 2_000;

export interface DocumentHooks {
  log(space: SpaceId): SpaceLog;
  /** Everything of a document that may be applied. Not inside `store.exclusive`. */
  load(space: SpaceId, document: DocumentTag): Promise<readonly Uint8Array[]>;
  /** Those that have just come and may be applied. Never throws. */
  sift(space: SpaceId, document: DocumentTag, updates: readonly LearnedUpdate[]): Promise<readonly LearnedUpdate[]>;
  /** With which client ids we write in a space that others write in, too (client-ids.ts); null in one's own. */
  clientTag(space: SpaceId): Promise<number | null>;
  /** Others may have this space's documents open. */
  isShared(space: SpaceId): boolean;
  /** Adds what lists show of the document to the same transaction. */
  summarise(batch: Batch, space: SpaceId, document: DocumentTag, doc: LiveDocument["doc"]): void;
  /** `saved` false: an edit waits; true: everything is durable. */
  saved(document: DocumentTag, saved: boolean): void;
  /** A strict commit went through. */
  committed(space: SpaceId, document: DocumentTag): void;
  failed(error: unknown): void;
  /** A page has it open. */
  opened(space: SpaceId, document: DocumentTag): void;
  presence(space: SpaceId, document: DocumentTag, bytes: Uint8Array): void;
}

export class OpenDocument {
  readonly space: SpaceId;
  readonly document: DocumentTag;
  readonly live: LiveDocument;
  readonly clientTag: number | null;
  /** Pages and calls that hold it. */
  users = 0;
  readonly #store: SealedStore;
  readonly #clock: Clock;
  readonly #hooks: DocumentHooks;
  #edits: Uint8Array[] = [];
  #blobs: BlobId[] = [];
  #alongside: Write[] = [];
  #unsaved: boolean = false;
  #ended: boolean = false;
  #refused: boolean = false;
  #cancelTimer: (() => void) | null = null;
  #committing: Promise<void> | null = null;

  constructor(
    place: { readonly space: SpaceId; readonly document: DocumentTag },
    log: readonly Uint8Array[],
    clientTag: number | null,
    store: SealedStore,
    clock: Clock,
    hooks: DocumentHooks,
  ) {
    this.space = place.space;
    this.document = place.document;
    this.#store = store;
    this.#clock = clock;
    this.#hooks = hooks;
    this.live = new LiveDocument(log, {
      edited: (update) => this.#edited(update),
      presence: (bytes) => hooks.presence(place.space, place.document, bytes),
    });
    this.clientTag = clientTag;
    if (clientTag !== null) keepClientId(this.live.doc, clientTag);
  }

  /** Nothing waits to be committed. */
  get isIdle(): boolean {
    return !this.#waits && this.#committing === null;
  }

  /** It was closed for good: what is edited now goes nowhere. */
  get isEnded(): boolean {
    return this.#ended;
  }

  get #waits(): boolean {
    return this.#edits.length > 0 || this.#alongside.length > 0;
  }

  /** The last commit was refused (a full disk): what waits is in memory alone. */
  get isRefused(): boolean {
    return this.#refused;
  }

  /**
   * An edit by the vault itself; `blobs` must reach the server before it does. Committed by the next `commit`, in one
   * transaction with `alongside`, also where that had to be tried again.
   */
  edit(change: (doc: LiveDocument["doc"]) => void, blobs: readonly BlobId[], alongside: readonly Write[] = []): void {
    this.#blobs.push(...blobs);
    this.#alongside.push(...alongside);
    this.live.edit(change);
  }

  /**
   * Resolves when every edit made so far is durable, or the document was removed meanwhile (`isEnded`): then there is nothing
   * left to keep. @throws StoreError; the edits stay and are tried again
   */
  async commit(options: Pick<CommitOptions, "last"> = {}): Promise<void> {
    while (this.#committing !== null) await this.#committing.catch(() => undefined);
    if (!this.#waits || this.#ended) return;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#committing = this.#write(options);
    try {
      await this.#committing;
      this.#refused = false;
    } catch (error) {
      this.#committing = null;
      if (error instanceof VaultFailure && error.code === "not-here") {
        this.#refused = false;
        await this.end(CHANNEL_CLOSES.removed.code, CHANNEL_CLOSES.removed.reason);
        return;
      }
      this.#refused = true;
      this.#schedule(RETRY_MS);
      throw error;
    }
    this.#committing = null;
    if (this.#waits) {
      this.#schedule(this.#windowMs());
    } else {
      this.#unsaved = false;
      this.#hooks.saved(this.document, true);
    }
    this.#hooks.committed(this.space, this.document);
  }

  /** Ends every channel. What waits is dropped: whoever wants to keep it has committed before. */
  async end(code: number, reason: string): Promise<void> {
    this.#ended = true;
    this.#cancelTimer?.();
    this.#edits = [];
    this.#alongside = [];
    await this.#committing?.catch(() => undefined);
    this.live.close(code, reason);
  }

  #edited(update: Uint8Array): void {
    this.#edits.push(update);
    if (!this.#unsaved) {
      this.#unsaved = true;
      this.#hooks.saved(this.document, false);
    }
    this.#schedule(this.#windowMs());
  }

  #windowMs(): number {
    if (this.#store.short) return SHORT_WINDOW_MS;
    return this.#hooks.isShared(this.space) ? JOINT_COMMIT_WINDOW_MS : COMMIT_WINDOW_MS;
  }

  #schedule(afterMs: number): void {
    if (this.#cancelTimer !== null || this.#committing !== null || this.#ended) return;
    this.#cancelTimer = this.#clock.after(afterMs, () => {
      this.#cancelTimer = null;
      this.commit().catch((error: unknown) => this.#hooks.failed(error));
    });
  }

  async #write(options: CommitOptions): Promise<void> {
    const { space, document } = this;
    const edits = this.#edits;
    const blobs = this.#blobs;
    const alongside = this.#alongside;
    this.#edits = [];
    this.#blobs = [];
    this.#alongside = [];
    try {
      await this.#store.exclusive(async () => {
        const log = this.#hooks.log(space);
        // It may have been removed while this waited for its turn; it must not come back with what was put in last.
        if (await log.isPurged(document)) throw new VaultFailure("not-here");
        const batch = new Batch();
        if (edits.length > 0) {
          const payload = mergeUpdates(edits);
          const added = { document, kind: "update", payload, blobs, clientIds: clientIdsOf(payload) } as const;
          await log.addPending(batch, added, this.#clock.now());
          this.#hooks.summarise(batch, space, document, this.live.doc);
        }
        for (const write of alongside) batch.add(write);
        await batch.commit(this.#store, options);
      });
    } catch (error) {
      this.#edits = [...edits, ...this.#edits];
      this.#blobs = [...blobs, ...this.#blobs];
      this.#alongside = [...alongside, ...this.#alongside];
      throw error;
    }
  }
}
