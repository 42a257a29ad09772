/**
 * One open pocket: its rows, keys, lists and open documents, tied together. Lives from unlocking to sealing; what the
 * page may ask of it is in inside.ts.
 */
import type { Burn, SpaceId, VaultKey, WrapTag } from "../../crypto/types.ts";
import { clientTag } from "../documents/client-ids.ts";
import { type OwnRead, readOwn } from "../documents/own-read.ts";
import { readUpdates } from "../documents/updates.ts";
import type { DeviceAbout, Summary, VaultEvent } from "./api.ts";
import type { RoomLeft } from "./api-storage.ts";
import type { Batch } from "./batch.ts";
import { BeingAdded } from "./being-added.ts";
import { BlobStore } from "./blob-store.ts";
import type { Decoder } from "./decoder.ts";
import { Keyring } from "./keyring.ts";
import { memberIn } from "./members.ts";
import { OpenDocuments } from "./open-documents.ts";
import { Outbox } from "./outbox.ts";
import { SummaryPages } from "./pages.ts";
import type { BurnFile, Clock, CoverRow, Shelf } from "./ports.ts";
import { RecordingRows } from "./recording-rows.ts";
import type { SealedStore } from "./sealed-store.ts";
import { SharedState } from "./shared-state.ts";
import { SpaceLog } from "./space-log.ts";
import { Texts } from "./texts.ts";
import { createTurns, type Turn } from "./turns.ts";
import { Vetting } from "./vetting.ts";

/** Lists follow typing at a walking pace. */
const LISTS_MS = 400;
/** How often a full disk is asked whether it is still full. */
const ROOM_MS = 10_000;

export interface PocketParts {
  readonly shelf: Shelf;
  readonly clock: Clock;
  readonly row: CoverRow;
  readonly vaultKey: VaultKey;
  /** The 32 bytes without which no way in of this device opens. */
  readonly burn: Burn;
  readonly burnFile: BurnFile;
  readonly store: SealedStore;
  readonly keyring: Keyring;
  readonly pages: SummaryPages;
  /** What the page said about this device when the pocket was made here. */
  readonly about?: DeviceAbout | undefined;
  /** Looks at what others wrote before it comes near a document. */
  readonly decoder: Decoder;
  emit(event: VaultEvent): void;
}

export class Pocket {
  readonly burnFile: BurnFile;
  readonly store: SealedStore;
  readonly keyring: Keyring;
  readonly pages: SummaryPages;
  readonly texts: Texts;
  readonly outbox: Outbox;
  readonly blobs: BlobStore;
  readonly recordings: RecordingRows;
  readonly beingAdded = new BeingAdded();
  readonly vetting: Vetting;
  readonly documents: OpenDocuments;
  readonly shared: SharedState;
  readonly clock: Clock;
  readonly about: DeviceAbout;
  /** There are rows to send in this space; the driver of syncing listens. */
  onPending: (space: SpaceId) => void = () => undefined;
  /** A document was opened for a page. */
  onOpened: (space: SpaceId, document: Summary["document"]) => void = () => undefined;
  /** An awareness update of this device for a joint page. */
  onPresence: (space: SpaceId, document: Summary["document"], bytes: Uint8Array) => void = () => undefined;
  /** Joint pages have lists of their own. */
  summariseJoint: OpenDocumentsHook = () => undefined;
  /** Lays room aside for a full disk. */
  layAside: () => Promise<void> = async () => undefined;
  readonly emit: (event: VaultEvent) => void;
  /** Ways in are made for one V: never while that is being renewed. */
  readonly ways: Turn = createTurns();
  /** Wraps for the card, one after the other until each is answered: a late one never lies over a newer (card-wrap.ts). */
  readonly cardWraps: Turn = createTurns();
  /** Tags under which this device may have laid the keys for a card since it was opened. */
  readonly laidForCard: Set<WrapTag> = new Set();
  readonly #covers: Turn = createTurns();
  readonly #shelf: Shelf;
  readonly #logs = new Map<SpaceId, SpaceLog>();
  #row: CoverRow;
  #vaultKey: VaultKey;
  #burn: Burn;
  #cancelLists: (() => void) | null = null;
  #lookedAt = 0;
  #lastRoom: RoomLeft = "enough";

  constructor(parts: PocketParts) {
    this.#shelf = parts.shelf;
    this.#row = parts.row;
    this.#vaultKey = parts.vaultKey;
    this.#burn = parts.burn;
    this.burnFile = parts.burnFile;
    this.store = parts.store;
    this.keyring = parts.keyring;
    this.pages = parts.pages;
    this.clock = parts.clock;
    this.about = parts.about ?? { name: "", kind: "computer" };
    this.emit = parts.emit;
    this.outbox = new Outbox(parts.store);
    this.blobs = new BlobStore(parts.store);
    this.shared = new SharedState({
      store: parts.store,
      clock: parts.clock,
      document: parts.keyring.me.shared,
      log: () => this.log(this.keyring.me.pocket),
      pending: (space) => this.onPending(space),
    });
    this.texts = new Texts({
      store: parts.store,
      pages: parts.pages,
      clock: parts.clock,
      readDocument: async (document) => readUpdates(await this.log(this.keyring.me.pocket).updates(document), readOwn),
    });
    this.recordings = new RecordingRows(parts.store, this.blobs);
    this.vetting = new Vetting(parts.decoder);
    this.documents = new OpenDocuments(parts.store, parts.clock, {
      log: (space) => this.log(space),
      isShared: (space) => space !== this.keyring.me.pocket,
      clientTag: (space) => this.clientTag(space),
      load: (space, document) => {
        const log = this.log(space);
        // What stands in the pocket was written on a device of ours.
        if (space === this.keyring.me.pocket) return this.store.exclusive(() => log.updates(document));
        return this.vetting.load(log, document);
      },
      sift: async (space, document, updates) =>
        space === this.keyring.me.pocket ? updates : this.vetting.sift(this.log(space), document, updates),
      summarise: (batch, space, document, doc) => {
        if (space === this.keyring.me.pocket) this.putSummary(batch, document, readOwn(doc));
        else this.summariseJoint(batch, space, document, doc);
      },
      saved: (document, saved) => this.emit({ type: "saved", document, saved }),
      committed: (space) => {
        this.listsChanged();
        this.onPending(space);
        void this.roomAgain();
      },
      failed: () => void this.roomAgain(),
      opened: (space, document) => this.onOpened(space, document),
      presence: (space, document, bytes) => this.onPresence(space, document, bytes),
    });
  }

  /** With which Yjs client ids this person writes in a circle (client-ids.ts); null elsewhere. */
  async clientTag(space: SpaceId): Promise<number | null> {
    const author = this.keyring.author(space);
    if (author === null || this.keyring.space(space)?.kind !== "circle") return null;
    const log = this.log(space);
    return clientTag(memberIn(log, await log.state(), author));
  }

  get row(): CoverRow {
    return this.#row;
  }

  get vaultKey(): VaultKey {
    return this.#vaultKey;
  }

  get burn(): Burn {
    return this.#burn;
  }

  /** V was renewed (renewal.ts): new ways in are made for this one. */
  adoptKeys(vaultKey: VaultKey, burn: Burn): void {
    this.#vaultKey = vaultKey;
    this.#burn = burn;
  }

  /** Keeps a changed cover, strictly; what another window changed of it since stays. `change` may be called more than once. */
  async changeRow(change: (row: CoverRow) => CoverRow): Promise<void> {
    await this.settleRow(change);
    this.emit({ type: "changed", what: "cover" });
  }

  /** The same, of which the page need not hear. */
  settleRow(change: (row: CoverRow) => CoverRow): Promise<void> {
    return this.#covers(async () => {
      this.#row = await this.#shelf.changeCover(this.#row.id, change);
    });
  }

  log(space: SpaceId): SpaceLog {
    const known = this.#logs.get(space);
    if (known !== undefined) return known;
    const log = new SpaceLog(space, this.store, this.keyring, this.outbox);
    this.#logs.set(space, log);
    return log;
  }

  forgetLog(space: SpaceId): void {
    this.#logs.delete(space);
  }

  /** To be called with every change of an own document, in its batch. */
  putSummary(batch: Batch, document: Summary["document"], { summary, text }: OwnRead): void {
    const before = this.pages.get(document);
    // Rises with every change, also when the clock doesn't: a kept text is of this summary when both say the same.
    const changedAt = Math.max(this.clock.now(), (before?.changedAt ?? 0) + 1);
    this.pages.put(batch, { ...summary, document, shownTo: before?.shownTo ?? [], changedAt });
    this.texts.put(batch, { ...summary, document, changedAt, text });
  }

  /** While the disk is full: looks whether there is room again, at most every ROOM_MS. The page hears of a change. */
  async roomAgain(): Promise<void> {
    const now = this.clock.now();
    if (this.store.short && now - this.#lookedAt >= ROOM_MS) {
      this.#lookedAt = now;
      await this.layAside();
    }
    const room = await this.roomLeft();
    if (room === this.#lastRoom) return;
    this.#lastRoom = room;
    this.emit({ type: "changed", what: "storage" });
  }

  async roomLeft(): Promise<RoomLeft> {
    const { short, dry } = this.store;
    if (await this.documents.isRefused()) return dry ? "unkept" : "waits";
    if (dry) return "none";
    return short ? "short" : "enough";
  }

  /** Tells the page that its lists are old, at most every LISTS_MS. */
  listsChanged(): void {
    this.#cancelLists ??= this.clock.after(LISTS_MS, () => {
      this.#cancelLists = null;
      this.emit({ type: "changed", what: "timeline" });
    });
  }

  /** Ends it. Whoever wants to keep what waits has called `documents.commitAll` before. */
  async close(): Promise<void> {
    this.#cancelLists?.();
    this.texts.stop();
    await this.documents.close();
    // Another window may open it next: a renewal of V must not go on beside what that one does.
    this.store.stopSealing();
    await this.ways(async () => undefined);
    await this.#covers(async () => undefined);
    this.shared.close();
    await this.store.exclusive(() => Promise.resolve());
    this.store.close();
  }
}

type OpenDocumentsHook = (
  batch: Batch,
  space: SpaceId,
  document: Summary["document"],
  doc: Parameters<typeof readOwn>[0],
) => void;

type Openable = Omit<PocketParts, "keyring" | "pages">;

/** Reads what an open pocket needs: keys and summaries, tens of rows. Null when the keyring isn't there. */
export const openPocket = (parts: Openable): Promise<Pocket | null> => openWith(parts, SummaryPages.open(parts.store));

/** The same but for summaries: only those of the first screen. Whoever opens it so calls `pages.readAll` before anything else. */
export const openPocketAhead = (parts: Openable, summaries: number): Promise<Pocket | null> =>
  openWith(parts, SummaryPages.openAhead(parts.store, summaries));

async function openWith(parts: Openable, opening: Promise<SummaryPages>): Promise<Pocket | null> {
  const [keyring, pages] = await Promise.all([openKeyring(parts.store), opening]);
  return keyring === null ? null : new Pocket({ ...parts, keyring, pages });
}

/** A keyring that can't be read is as bad as none: nothing in the pocket could be. */
const openKeyring = (store: SealedStore): Promise<Keyring | null> => Keyring.open(store).catch(() => null);
