/**
 * Documents that are on a screen right now: a live Y.Doc each, ports to pages, and the way from a key press to the disk.
 * What came within COMMIT_WINDOW_MS is merged and committed in one strict transaction, pending row and summary together;
 * only then the page hears "saved". Spec: docs/protocol/store.md §5, docs/protocol/vault-socket.md.
 */
import type { BlobId, DocumentTag, SpaceId } from "../../crypto/types.ts";
import { CHANNEL_CLOSES } from "../documents/closes.ts";
import { KEEP_ALIVE_MS, LiveDocument } from "../documents/live.ts";
import { clientIdsOf, mergeUpdates } from "../documents/updates.ts";
import { Batch } from "./batch.ts";
import { connectPort } from "./document-port.ts";
import type { Clock } from "./ports.ts";
import type { SealedStore } from "./sealed-store.ts";
import type { SpaceLog } from "./space-log.ts";

/** From the first key press of a window to its commit. "Saved here" is promised within 300 ms. */
export const COMMIT_WINDOW_MS = 100;
/** The same for a joint page, where somebody waits for the letters: 250 ms to the other's screen, all in all. */
export const JOINT_COMMIT_WINDOW_MS = 25;
/** After a commit failed (a full disk): tried again this often, with everything still in memory. */
const RETRY_MS = 2_000;

export interface DocumentHooks {
  log(space: SpaceId): SpaceLog;
  /** Others may have this space's documents open. */
  isShared(space: SpaceId): boolean;
  /** Adds what lists show of the document to the same transaction. */
  summarise(batch: Batch, space: SpaceId, document: DocumentTag, doc: LiveDocument["doc"]): void;
  /** `saved` false: an edit waits; true: everything is durable. */
  saved(document: DocumentTag, saved: boolean): void;
  /** A strict commit went through. */
  committed(space: SpaceId, document: DocumentTag): void;
  failed(error: unknown): void;
  presence(space: SpaceId, document: DocumentTag, bytes: Uint8Array): void;
}

interface Open {
  /** Pages and calls that hold it; at 0, with nothing waiting, it is closed. */
  users: number;
  /** It was removed: whoever still holds it has nothing to close any more. */
  dropped: boolean;
  readonly space: SpaceId;
  readonly document: DocumentTag;
  readonly live: LiveDocument;
  edits: Uint8Array[];
  blobs: BlobId[];
  unsaved: boolean;
  cancelTimer: (() => void) | null;
  committing: Promise<void> | null;
}

export class OpenDocuments {
  readonly #store: SealedStore;
  readonly #clock: Clock;
  readonly #hooks: DocumentHooks;
  readonly #open = new Map<string, Promise<Open>>();
  #cancelKeepAlive: (() => void) | null = null;

  constructor(store: SealedStore, clock: Clock, hooks: DocumentHooks) {
    this.#store = store;
    this.#clock = clock;
    this.#hooks = hooks;
  }

  /** A port for one page; the document stays open while a page holds one. */
  async connect(space: SpaceId, document: DocumentTag): Promise<MessagePort> {
    const open = await this.#acquire(space, document);
    this.#keepAlive();
    return connectPort(open.live, () => this.#release(open));
  }

  /** An edit by the vault itself, committed when this resolves. `blobs` must reach the server before it does. */
  async edit(
    space: SpaceId,
    document: DocumentTag,
    change: (doc: LiveDocument["doc"]) => void,
    blobs: readonly BlobId[] = [],
  ): Promise<void> {
    const open = await this.#acquire(space, document);
    try {
      open.blobs.push(...blobs);
      open.live.edit(change);
      await this.#commit(open);
    } finally {
      await this.#release(open);
    }
  }

  /** Reads a document as it stands, edits that wait included. */
  async read<T>(space: SpaceId, document: DocumentTag, look: (doc: LiveDocument["doc"]) => T): Promise<T> {
    const open = await this.#acquire(space, document);
    try {
      return look(open.live.doc);
    } finally {
      await this.#release(open);
    }
  }

  /** Records of others, or of another device, that are already kept. */
  async show(space: SpaceId, document: DocumentTag, updates: readonly Uint8Array[]): Promise<void> {
    (await this.#open.get(id(space, document)))?.live.applyFromLog(updates);
  }

  async setPresence(space: SpaceId, document: DocumentTag, on: boolean): Promise<void> {
    (await this.#open.get(id(space, document)))?.live.setPresence(on);
  }

  async showPresence(space: SpaceId, document: DocumentTag, bytes: Uint8Array): Promise<void> {
    (await this.#open.get(id(space, document)))?.live.showPresence(bytes);
  }

  /** Commits what waits in every document. @throws StoreError when something could not be kept */
  async commitAll(): Promise<void> {
    const all = await Promise.all(this.#open.values());
    await Promise.all(all.map((open) => this.#commit(open)));
  }

  /** Closes a document for good: it was removed. What waited in it goes with it. */
  async drop(space: SpaceId, document: DocumentTag): Promise<void> {
    const open = await this.#open.get(id(space, document));
    if (open === undefined) return;
    this.#open.delete(id(space, document));
    open.dropped = true;
    open.cancelTimer?.();
    open.edits = [];
    await open.committing;
    open.live.close(CHANNEL_CLOSES.removed.code, CHANNEL_CLOSES.removed.reason);
  }

  /** Ends everything; whoever wants to keep what waits calls `commitAll` before. */
  async close(): Promise<void> {
    this.#cancelKeepAlive?.();
    for (const open of await Promise.all(this.#open.values())) {
      open.cancelTimer?.();
      open.live.close(CHANNEL_CLOSES.sealed.code, CHANNEL_CLOSES.sealed.reason);
    }
    this.#open.clear();
  }

  async #acquire(space: SpaceId, document: DocumentTag): Promise<Open> {
    const key = id(space, document);
    for (;;) {
      let opening = this.#open.get(key);
      if (opening === undefined) {
        opening = this.#load(space, document);
        this.#open.set(key, opening);
        opening.catch(() => this.#open.delete(key));
      }
      const open = await opening;
      // It may have been closed by its last user while we waited for our turn.
      if (this.#open.get(key) !== opening) continue;
      open.users++;
      return open;
    }
  }

  async #load(space: SpaceId, document: DocumentTag): Promise<Open> {
    const log = await this.#store.exclusive(() => this.#hooks.log(space).updates(document));
    const open: Open = {
      users: 0,
      dropped: false,
      space,
      document,
      live: new LiveDocument(log, {
        edited: (update) => this.#edited(open, update),
        presence: (bytes) => this.#hooks.presence(space, document, bytes),
      }),
      edits: [],
      blobs: [],
      unsaved: false,
      cancelTimer: null,
      committing: null,
    };
    return open;
  }

  #edited(open: Open, update: Uint8Array): void {
    open.edits.push(update);
    if (!open.unsaved) {
      open.unsaved = true;
      this.#hooks.saved(open.document, false);
    }
    this.#schedule(open, this.#windowMs(open));
  }

  #windowMs({ space }: Open): number {
    return this.#hooks.isShared(space) ? JOINT_COMMIT_WINDOW_MS : COMMIT_WINDOW_MS;
  }

  #schedule(open: Open, afterMs: number): void {
    if (open.cancelTimer !== null || open.committing !== null) return;
    open.cancelTimer = this.#clock.after(afterMs, () => {
      open.cancelTimer = null;
      this.#commit(open).catch((error: unknown) => this.#hooks.failed(error));
    });
  }

  /** Resolves when every edit made so far is durable. @throws StoreError; the edits stay and are tried again */
  async #commit(open: Open): Promise<void> {
    while (open.committing !== null) await open.committing.catch(() => undefined);
    if (open.edits.length === 0) return;
    open.cancelTimer?.();
    open.cancelTimer = null;
    open.committing = this.#write(open);
    try {
      await open.committing;
    } catch (error) {
      open.committing = null;
      this.#schedule(open, RETRY_MS);
      throw error;
    }
    open.committing = null;
    if (open.edits.length > 0) {
      this.#schedule(open, this.#windowMs(open));
    } else {
      open.unsaved = false;
      this.#hooks.saved(open.document, true);
    }
    this.#hooks.committed(open.space, open.document);
    this.#closeIfIdle(open);
  }

  async #write(open: Open): Promise<void> {
    const { edits, blobs, space, document } = open;
    open.edits = [];
    open.blobs = [];
    try {
      await this.#store.exclusive(async () => {
        const payload = mergeUpdates(edits);
        const batch = new Batch();
        const added = { document, kind: "update", payload, blobs, clientIds: clientIdsOf(payload) } as const;
        await this.#hooks.log(space).addPending(batch, added, this.#clock.now());
        this.#hooks.summarise(batch, space, document, open.live.doc);
        await batch.commit(this.#store);
      });
    } catch (error) {
      open.edits = [...edits, ...open.edits];
      open.blobs = [...blobs, ...open.blobs];
      throw error;
    }
  }

  async #release(open: Open): Promise<void> {
    await this.#commit(open).catch((error: unknown) => this.#hooks.failed(error));
    open.users--;
    this.#closeIfIdle(open);
  }

  #closeIfIdle(open: Open): void {
    if (open.users > 0 || open.edits.length > 0 || open.committing !== null || open.dropped) return;
    open.dropped = true;
    this.#open.delete(id(open.space, open.document));
    open.cancelTimer?.();
    open.live.close(CHANNEL_CLOSES.sealed.code, CHANNEL_CLOSES.sealed.reason);
  }

  #keepAlive(): void {
    this.#cancelKeepAlive ??= this.#clock.after(KEEP_ALIVE_MS, () => {
      this.#cancelKeepAlive = null;
      if (this.#open.size === 0) return;
      for (const opening of this.#open.values()) {
        opening.then(
          (open) => open.live.keepAlive(),
          () => undefined,
        );
      }
      this.#keepAlive();
    });
  }
}

const id = (space: SpaceId, document: DocumentTag): string => `${space}/${document}`;
