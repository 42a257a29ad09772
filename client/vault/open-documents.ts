/**
 * The documents that are open right now: each once, however many pages and calls hold it, closed when the last lets go and
 * nothing waits in it. Spec: docs/protocol/store.md §5, docs/protocol/vault-socket.md.
 */
import type { BlobId, DocumentTag, SpaceId } from "../../crypto/types.ts";
import { CHANNEL_CLOSES } from "../documents/closes.ts";
import { KEEP_ALIVE_MS, type LiveDocument } from "../documents/live.ts";
import type { DocumentPort } from "./api.ts";
import { connectPort } from "./document-port.ts";
import { VaultFailure } from "./failure.ts";
import { type DocumentHooks, OpenDocument } from "./open-document.ts";
import type { Clock, CommitOptions, Write } from "./ports.ts";
import type { LearnedUpdate } from "./receive.ts";
import type { SealedStore } from "./sealed-store.ts";

type Doc = LiveDocument["doc"];

/** A removal that takes place only where nothing would be lost by it. All of it inside `store.exclusive`. */
export interface Removal {
  /** Nothing outside the document speaks against it. */
  mayGo(): Promise<boolean>;
  /** Asked last, of the document as it stands, with what waits in it. */
  isEmpty(doc: Doc): boolean;
  remove(): Promise<void>;
}

export class OpenDocuments {
  readonly #store: SealedStore;
  readonly #clock: Clock;
  readonly #hooks: DocumentHooks;
  readonly #open = new Map<string, Promise<OpenDocument>>();
  #cancelKeepAlive: (() => void) | null = null;

  constructor(store: SealedStore, clock: Clock, hooks: DocumentHooks) {
    this.#store = store;
    this.#clock = clock;
    this.#hooks = {
      ...hooks,
      committed: (space, document) => {
        hooks.committed(space, document);
        void this.#open.get(id(space, document))?.then((open) => this.#closeIfIdle(open));
      },
    };
  }

  /** A port for one page; the document stays open while a page holds one. */
  async connect(space: SpaceId, document: DocumentTag): Promise<DocumentPort> {
    const open = await this.#acquire(space, document);
    this.#keepAlive();
    // Edits of a page that has gone may still wait (a full disk): the next one begins with that, not with "saved".
    if (!open.isIdle) this.#hooks.saved(document, false);
    this.#hooks.opened(space, document);
    return { port: connectPort(open.live, () => this.#release(open)), clientTag: open.clientTag };
  }

  /**
   * An edit by the vault itself, committed when this resolves, in one transaction with `alongside`. `blobs` must reach the
   * server before it does. @throws StoreError; it waits and is tried again; VaultFailure not-here when it was removed
   */
  async edit(
    space: SpaceId,
    document: DocumentTag,
    change: (doc: Doc) => void,
    blobs: readonly BlobId[] = [],
    alongside: readonly Write[] = [],
  ): Promise<void> {
    const open = await this.#acquire(space, document);
    try {
      open.edit(change, blobs, alongside);
      await open.commit();
      if (open.isEnded) throw new VaultFailure("not-here");
    } finally {
      await this.#release(open);
    }
  }

  /** Reads a document as it stands, edits that wait included. */
  async read<T>(space: SpaceId, document: DocumentTag, look: (doc: Doc) => T): Promise<T> {
    const open = await this.#acquire(space, document);
    try {
      return look(open.live.doc);
    } finally {
      await this.#release(open);
    }
  }

  /** Records of others, or of another device, that are already kept. */
  async show(space: SpaceId, document: DocumentTag, updates: readonly LearnedUpdate[]): Promise<void> {
    const open = await this.#open.get(id(space, document));
    if (open === undefined) return;
    const fine = await this.#hooks.sift(space, document, updates);
    open.live.applyFromLog(fine.map(({ payload }) => payload));
  }

  async setPresence(space: SpaceId, document: DocumentTag, on: boolean): Promise<void> {
    (await this.#open.get(id(space, document)))?.live.setPresence(on);
  }

  async showPresence(space: SpaceId, document: DocumentTag, bytes: Uint8Array): Promise<void> {
    (await this.#open.get(id(space, document)))?.live.showPresence(bytes);
  }

  /** The first open document of a space of which `is` holds. */
  async find(space: SpaceId, is: (doc: Doc) => boolean): Promise<DocumentTag | null> {
    for (const open of await this.#loaded()) {
      if (open.space === space && is(open.live.doc)) return open.document;
    }
    return null;
  }

  /** Commits what waits in every document; `last`: before a lock. @throws StoreError when something could not be kept */
  async commitAll(options: Pick<CommitOptions, "last"> = {}): Promise<void> {
    const all = await this.#loaded();
    // Each on its own: one that can't be kept leaves none of the others in memory.
    const done = await Promise.allSettled(all.map((open) => open.commit(options)));
    for (const one of done) if (one.status === "rejected") throw one.reason;
  }

  /** Edits of some document wait because a commit was refused. */
  async isRefused(): Promise<boolean> {
    return (await this.#loaded()).some((open) => open.isRefused);
  }

  /** Closes a document for good: it was removed. What waited in it goes with it. */
  async drop(space: SpaceId, document: DocumentTag): Promise<void> {
    const open = await this.#open.get(id(space, document));
    if (open === undefined) return;
    this.#open.delete(id(space, document));
    await open.end(CHANNEL_CLOSES.removed.code, CHANNEL_CLOSES.removed.reason);
  }

  /** Closes a document for good and removes it, unless something stands or waits in it. True when it was removed. */
  async removeIf(space: SpaceId, document: DocumentTag, removal: Removal): Promise<boolean> {
    const open = await this.#acquire(space, document);
    try {
      await open.commit();
      return await this.#store.exclusive(async () => {
        if (!(await removal.mayGo())) return false;
        // From this look to its end nobody else gets a turn.
        if (open.isEnded || !open.isIdle || !removal.isEmpty(open.live.doc)) return false;
        this.#open.delete(id(space, document));
        await open.end(CHANNEL_CLOSES.removed.code, CHANNEL_CLOSES.removed.reason);
        await removal.remove();
        return true;
      });
    } finally {
      await this.#release(open);
    }
  }

  /** Ends everything; whoever wants to keep what waits calls `commitAll` before. */
  async close(): Promise<void> {
    this.#cancelKeepAlive?.();
    const all = await this.#loaded();
    this.#open.clear();
    await Promise.all(all.map((open) => this.#seal(open)));
  }

  /** In one that couldn't be read nothing waits; whoever asked for it hears why. */
  async #loaded(): Promise<readonly OpenDocument[]> {
    const all = await Promise.allSettled(this.#open.values());
    return all.flatMap((open) => (open.status === "fulfilled" ? [open.value] : []));
  }

  async #acquire(space: SpaceId, document: DocumentTag): Promise<OpenDocument> {
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
      if (open.isEnded) {
        this.#open.delete(key);
        continue;
      }
      open.users++;
      return open;
    }
  }

  async #load(space: SpaceId, document: DocumentTag): Promise<OpenDocument> {
    const log = await this.#hooks.load(space, document);
    const tag = await this.#hooks.clientTag(space);
    return new OpenDocument({ space, document }, log, tag, this.#store, this.#clock, this.#hooks);
  }

  async #release(open: OpenDocument): Promise<void> {
    await open.commit().catch((error: unknown) => this.#hooks.failed(error));
    open.users--;
    await this.#closeIfIdle(open);
  }

  async #closeIfIdle(open: OpenDocument): Promise<void> {
    const key = id(open.space, open.document);
    if (open.users > 0 || !open.isIdle || !this.#open.has(key)) return;
    if ((await this.#open.get(key)) !== open || open.users > 0 || !open.isIdle) return;
    this.#open.delete(key);
    await this.#seal(open);
  }

  #seal(open: OpenDocument): Promise<void> {
    return open.end(CHANNEL_CLOSES.sealed.code, CHANNEL_CLOSES.sealed.reason);
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
