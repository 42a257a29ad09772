/**
 * What showing, pairing and taking back ask of the vault core, and what the core calls here. The core implements
 * `SharingCore`; the tests of this folder run two and three people's cores over an in-memory server with the real crypto.
 *
 * Who remembers what: everything that must survive a restart stands in sharing's own state (`writeState`) before it is
 * tried. Asks and drops are therefore kept in memory only; sharing tries them again at `start` and at each `online`,
 * so each of them may reach the server twice, and every one is harmless the second time.
 */
import type { ChainHead } from "../../../crypto/inner.ts";
import type { RosterMember } from "../../../crypto/rosters.ts";
import type {
  AuthorKeyPair,
  AuthorPrivateKey,
  AuthorPublicKey,
  BlobId,
  BlobKey,
  BoxKeyPair,
  ChainId,
  DocumentTag,
  DropKeyPair,
  IdentityKeyPair,
  OpId,
  OwnerPrivateKey,
  OwnerPublicKey,
  RungSeed,
  SpaceId,
  WrapTag,
} from "../../../crypto/types.ts";
import type { CapabilityKeys, TaggedWrap } from "../../../protocol/frames.ts";
import type { Meeting } from "../../documents/from-others.ts";
import type { CopiedContent, CopyOptions } from "../../documents/kinds.ts";
import type { SharedEntry } from "../../documents/shared-rows.ts";
import type { Ask, MadeUnder, Rekeyed } from "../../sync/ports.ts";
import type { PersonId, Role } from "../api.ts";
import type { BlobKeys } from "../blob-travel.ts";
import type { Reached } from "../reached.ts";
import type { StatePort } from "../state-rows.ts";

/** Who I am to the people I pair with. */
export interface Self {
  readonly identity: IdentityKeyPair;
  readonly box: BoxKeyPair;
  /** At most 64 UTF-8 bytes; may be empty. */
  readonly name: string;
  readonly role: Role;
  /** My mailbox: a space of my own, which the core creates and whose drops it collects. */
  readonly mailbox: SpaceId;
  /** This device, as 32 hex digits. */
  readonly device: string;
  /** I have other devices that share these rows and this mailbox. */
  readonly hasOthers: boolean;
  /** Newest epoch of the pocket: every removal of a device of mine raises it, and with it what my circles must follow. */
  readonly pocketEpoch: number;
  /** I removed a device, and the pocket's keys are not yet changed. */
  readonly losing: boolean;
  /** This device made the last rotation of the pocket: it goes first with what follows. */
  readonly renews: boolean;
}

/** One opened said or control record of a space; the core has checked its author's signature and its chain. */
export interface OpenedRecord {
  readonly space: SpaceId;
  readonly document: DocumentTag;
  readonly kind: "said" | "control";
  /** Whose signature holds; always one of `setAuthors`, or our own. */
  readonly author: AuthorPublicKey;
  readonly payload: Uint8Array;
  /** pending: not frozen yet. frozen: may be with the server already. stored: the server has it. */
  readonly state: "pending" | "frozen" | "stored";
  /** Its op id and its place in its author's chain; null while pending. */
  readonly opId: OpId | null;
  readonly place: ChainHead | null;
}

/** The keys of one epoch of one space, as the keyring keeps them. */
export interface SpaceKeys {
  readonly space: SpaceId;
  readonly epoch: number;
  readonly right: "own" | "write";
  /** Seed of the rung that `right` names. */
  readonly seed: RungSeed;
  /** Private author key of this person in this space; the same in every epoch. */
  readonly authorPrivate: AuthorPrivateKey;
  /** Signs checkpoints and tombstones of the space; only where right is "own". */
  readonly ownerPrivate: OwnerPrivateKey | null;
  readonly ownerPublic: OwnerPublicKey;
}

/** Requests over the socket (protocol/frames.ts); `record` is sealed by the caller. */
export type SharingAsk = Extract<
  Ask,
  { readonly type: "checkpoint" | "rotate" | "deleteDocument" | "registerDrop" | "revokeDrop" }
>;

/** A recording that is here: of the pocket (`key` null), or of a circle. `bytes`: length of its content. */
export interface BlobSource {
  readonly space: SpaceId;
  readonly blob: BlobId;
  readonly key: BlobKey | null;
  readonly bytes: number;
}

/** All that the core needs to know of a verified roster. */
export interface RosterFacts {
  readonly number: number;
  readonly members: readonly RosterMember[];
  /** How far every chain had come: what was signed with a key that is in it no more counts up to there. */
  readonly frontier: readonly (ChainHead & { readonly author: AuthorPublicKey })[];
}

/** Circles as sharing keeps them on this device. */
export interface CircleSpaces {
  /**
   * Keeps the keys (strictly) and syncs the space from then on. A higher epoch of a space that is there: from now on
   * records are sealed for it; earlier epochs' keys stay for what was sealed before. Idempotent.
   * `creation`: the space is ours and new; it is created on the server as soon as there is net, restarts included.
   */
  addSpace(
    keys: SpaceKeys,
    creation: { readonly keys: CapabilityKeys; readonly wraps: readonly TaggedWrap[] } | null,
  ): Promise<void>;
  /** Keys of the newest epoch. */
  spaceKeys(space: SpaceId): Promise<SpaceKeys | null>;
  /**
   * With what I sign in somebody else's circle after a device of mine was lost: a key for each later epoch of my pocket,
   * newest first, the same on all my devices (docs/protocol/keys.md §4). Empty while none was ever lost.
   */
  renewedAuthors(space: SpaceId): Promise<readonly AuthorKeyPair[]>;
  /**
   * Forgets keys, log and blobs of a space. Nothing happens where there is none. `keep`: what was written together in it is
   * kept in the pocket first, in the same transaction, with the name of whom it was written with.
   */
  forgetSpace(space: SpaceId, keep: Pick<Meeting, "together" | "met"> | null): Promise<void>;
  /**
   * Whose records count in this space (from the verified roster), ourselves included, and whose snapshots do; kept strictly.
   * An older roster, or the same, changes nothing. `joined`: it is the checkpoint we joined with; what lies before its
   * frontier is not missing.
   */
  setAuthors(space: SpaceId, roster: RosterFacts, joined?: boolean): Promise<void>;
  /** Places in chains that an owner's signed tombstone explains: no gap, though their records are gone. Kept. */
  allowGaps(space: SpaceId, gaps: readonly ChainHead[]): Promise<void>;
  /** While held nothing of the space is frozen or sent, asks excepted; kept strictly. */
  holdOutbox(space: SpaceId, held: boolean): Promise<void>;
  /** The chain that this device writes; null before its first record was frozen. Other devices of mine have their own. */
  ownChain(space: SpaceId): Promise<ChainId | null>;
  /** Newest place of every chain of the space that is known here, and the server's head that they belong to (reached.ts). */
  reached(space: SpaceId): Promise<Reached>;
}

/** What sharing copies: content of own documents, and the blobs of circles. */
export interface ShownContent {
  /** Chosen content of an own document; photos still name the pocket's blobs. @throws not-here */
  copyForShowing(document: DocumentTag, options: CopyOptions): Promise<CopiedContent>;
  /** To whom an own document is shown now; goes into its summary. */
  setShownTo(document: DocumentTag, people: readonly PersonId[]): Promise<void>;
  /** The opened bytes of a blob of the pocket, for copying into a circle. @throws not-here */
  readPocketBlob(blob: BlobId): Promise<Uint8Array>;
  /** The opened bytes of a circle's blob that is here. @throws not-here, does-not-open */
  readCircleBlob(space: SpaceId, blob: BlobId, key: BlobKey): Promise<Uint8Array>;
  /** Seals bytes under a key of their own for a circle and keeps the chunks for upload. */
  putBlob(space: SpaceId, document: DocumentTag, key: BlobKey, bytes: Uint8Array): Promise<BlobId>;
  /** Seals a blob that is here anew for a circle under a key of its own, with memory for a few chunks. @throws not-here,
   * does-not-open; what was written by then goes when the document is purged */
  copyBlob(from: BlobSource, space: SpaceId, document: DocumentTag, key: BlobKey): Promise<BlobId>;
  /** Fetches the sealed chunks of a circle's blob and keeps those that open with its key, unless they are here.
   * @throws offline, not-here */
  fetchBlob(space: SpaceId, document: DocumentTag, blob: BlobId, keys: BlobKeys): Promise<void>;
}

export interface SharingCore extends StatePort, CircleSpaces, ShownContent {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once after `ms`, while the pocket is open; the returned function cancels. */
  after(ms: number, call: () => void): () => void;
  /** Whether the server answers right now. */
  isOnline(): boolean;
  /**
   * False while a server that was restored is being told again what it lost: what it doesn't have then, it may have soon.
   * @throws TransportError offline
   */
  isToldAgain(): Promise<boolean>;
  self(): Promise<Self>;
  /** These lists of the page's API changed: the core tells the page. */
  changed(what: "people" | "shares" | "received" | "room"): void;

  // State of sharing itself: JSON under names like "person/<id>", sealed under V and in the pocket's own log.
  // Reading them is StatePort (state-rows.ts).
  /** All or nothing, strictly durable. Null removes. */
  writeState(entries: readonly SharedEntry[]): Promise<void>;

  // Records
  /** Commits one immutable record strictly; it is frozen and sent when there is net, after its blobs. */
  say(
    space: SpaceId,
    document: DocumentTag,
    kind: "said" | "control",
    payload: Uint8Array,
    blobs: readonly BlobId[],
  ): Promise<void>;
  /** Everything opened in the space, in its order, ours last while unsent; purged documents are absent. */
  records(space: SpaceId): Promise<readonly OpenedRecord[]>;
  /** Places of a document's records that were frozen by now, read or not, and also when it was purged: what `purge` gives. */
  placesOf(space: SpaceId, document: DocumentTag): Promise<readonly ChainHead[]>;
  /**
   * Deletes every trace of a document of this space on this device: rows (pending ones too, which are then never
   * sent; frozen ones leave the outbox only once acknowledged), blobs, thumbnails. Later records of it are ignored.
   * Gives the places of its records that had been frozen by then: what a tombstone must name, and nothing when it never
   * left the device. Asked again it gives the same, so it is kept with the mark that the document is gone.
   */
  purge(space: SpaceId, document: DocumentTag): Promise<readonly ChainHead[]>;

  // The server
  /** Pending until the server has answered, however long that takes: "done", or the refusal's code. Not kept. */
  ask(request: SharingAsk, made?: MadeUnder): Promise<"done" | string>;
  /** One attempt to drop. @throws TransportError offline, or refused with the server's code ("not-found" …) */
  drop(key: DropKeyPair, sealed: Uint8Array): Promise<void>;
  /** The card behind an invitation; null when the key is unknown, expired or revoked. @throws offline */
  dropAttachment(key: DropKeyPair): Promise<Uint8Array | null>;
  /** The wrap under a tag; null when there is none. @throws offline */
  getWrap(tag: WrapTag): Promise<Uint8Array | null>;
}

export type RotateAsk = Extract<SharingAsk, { readonly type: "rotate" }>;
export type RotationWraps = Pick<RotateAsk, "wraps" | "removedTags">;

/** What the core calls when something arrives. A rejection means: nothing is lost, call again later. */
export interface SharingEvents {
  /** Once after unlocking, before anything else here is called: takes up what a closing broke off. */
  start(): Promise<void>;
  /** The connection stands: tries again what needs the server. */
  online(): Promise<void>;
  /** Records of a space were committed, frozen, acknowledged. Call it after any of them; never from inside a call. */
  recordsChanged(space: SpaceId): Promise<void>;
  /** Another device of mine wrote rows of sharing, which are here now. */
  rowsArrived(): Promise<void>;
  /** Sealed bytes dropped into the mailbox under `key` (32 bytes); when it resolves they may be cleared. */
  dropped(key: Uint8Array, sealed: Uint8Array): Promise<void>;
  /** The server refused epoch `refused` of a circle: fetches the wrap that follows it, keeps newer keys. @throws offline */
  rekey(space: SpaceId, refused: number): Promise<Rekeyed>;
  /**
   * A server fell back to `epoch` of a circle of mine: the wraps that belong to the rotation after it, for whoever may read
   * now, and the tags of those who may not. Null for circles of others.
   */
  wrapsAfter(space: SpaceId, epoch: number): Promise<RotationWraps | null>;
  /** The space ended for us: removed, or deleted. */
  spaceEnded(space: SpaceId): Promise<void>;
  /** Key of a photo or recording in a circle that was shown to or by us (BlobRef of a Received or Share); null when unknown. */
  blobKey(space: SpaceId, blob: BlobId): Promise<{ readonly document: DocumentTag; readonly key: BlobKey } | null>;
  /** The server was restored, and the rows of all my devices are here: what it lost of mailboxes is put there again. */
  restored(): Promise<void>;
  /** Op id of the newest checkpoint of a circle of mine; null for anything else. */
  headOf(space: SpaceId): Promise<OpId | null>;
}
