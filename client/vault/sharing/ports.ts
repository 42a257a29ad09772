/**
 * What showing, pairing and taking back ask of the vault core: a place to say things in a space, a place to keep their
 * own state, blobs, and the mailbox. The core (client/vault/inside.ts and below) implements it; the tests of this folder
 * run two people's ports over an in-memory log with the real crypto.
 */
import type {
  AuthorPublicKey,
  BlobId,
  BlobKey,
  DocumentTag,
  DropKeyPair,
  SpaceId,
  WrapTag,
} from "../../../crypto/types.ts";
import type { CapabilityKeys, DropRegistration, OpId, OuterRecord, TaggedWrap } from "../../../protocol/frames.ts";

/** One opened record of a space, chain-checked by the core before anyone sees it. */
export interface OpenedRecord {
  readonly space: SpaceId;
  readonly document: DocumentTag;
  readonly kind: "said" | "control";
  readonly author: AuthorPublicKey;
  readonly opId: OpId;
  readonly payload: Uint8Array;
  /** pending/frozen: ours and not yet with the server. */
  readonly state: "pending" | "frozen" | "stored";
}

/** The keys of one space as the keyring keeps them; every field is 32 bytes but where the type says otherwise. */
export interface SpaceKeys {
  readonly space: SpaceId;
  readonly epoch: number;
  readonly right: "own" | "write";
  /** Seed of the rung that `right` names. */
  readonly seed: Uint8Array;
  /** Private author key of this person in this space. */
  readonly authorPrivate: Uint8Array;
  /** Owner's private key of the space (checkpoints, tombstones); only where right is "own". */
  readonly ownerPrivate: Uint8Array | null;
  readonly ownerPublic: Uint8Array;
}

export interface SharingCore {
  /** Milliseconds since the epoch. */
  now(): number;

  // State of sharing itself: sealed JSON rows under V and in the pocket's own log, by name. Committed strictly.
  readState(name: string): Promise<string | null>;
  writeState(entries: readonly { readonly name: string; readonly json: string | null }[]): Promise<void>;

  // Spaces
  /** Keeps the keys (strictly durable) and starts syncing the space. `mailbox` spaces are asked for drops. */
  addSpace(keys: SpaceKeys): Promise<void>;
  spaceKeys(space: SpaceId): Promise<SpaceKeys | null>;
  /** Forgets keys, log and blobs of a space. */
  forgetSpace(space: SpaceId): Promise<void>;
  /** Creates the space on the server now or as soon as there is net (kept across restarts). */
  createOnServer(space: SpaceId, keys: CapabilityKeys, wraps: readonly TaggedWrap[]): Promise<void>;
  /** Members whose author key may write in this space (from the verified roster). */
  setAuthors(space: SpaceId, authors: readonly AuthorPublicKey[]): Promise<void>;

  // Records
  /** Commits one immutable said record strictly; it is frozen and sent when there is net, after its blobs. */
  say(space: SpaceId, document: DocumentTag, payload: Uint8Array, blobs: readonly BlobId[]): Promise<void>;
  /** Everything opened in the space, in its order; purged documents are absent. */
  records(space: SpaceId): Promise<readonly OpenedRecord[]>;
  /** Deletes every trace of a document of this space on this device: rows, blobs, summaries. */
  purge(space: SpaceId, document: DocumentTag): Promise<void>;

  // Requests to the server that survive a restart until answered; the promise settles with the answer.
  /** `record` is sealed by the caller (crypto/rosters.ts, records.ts). Answers: done, or the refusal's code. */
  ask(
    request:
      | {
          readonly type: "checkpoint";
          readonly space: SpaceId;
          readonly expected: OpId | null;
          readonly record: OuterRecord;
        }
      | {
          readonly type: "rotate";
          readonly space: SpaceId;
          readonly expected: OpId | null;
          readonly epoch: number;
          readonly keys: CapabilityKeys;
          readonly wraps: readonly TaggedWrap[];
          readonly removedTags: readonly WrapTag[];
          readonly record: OuterRecord;
        }
      | { readonly type: "deleteDocument"; readonly space: SpaceId; readonly document: DocumentTag }
      | { readonly type: "registerDrop"; readonly space: SpaceId; readonly drop: DropRegistration }
      | { readonly type: "revokeDrop"; readonly space: SpaceId; readonly key: Uint8Array },
  ): Promise<"done" | string>;

  // Mailbox
  /** Drops sealed bytes with a drop key; kept and retried until the server has taken it. @throws offline when `now` */
  drop(key: DropKeyPair, sealed: Uint8Array, when: "now" | "eventually"): Promise<void>;
  dropAttachment(key: DropKeyPair): Promise<Uint8Array | null>;

  // Blobs
  /** The opened bytes of a blob of the pocket, for copying into a circle. @throws not-here */
  readPocketBlob(blob: BlobId): Promise<Uint8Array>;
  /** Seals bytes under a key of their own for a circle and keeps the chunks for upload. */
  putBlob(space: SpaceId, document: DocumentTag, key: BlobKey, bytes: Uint8Array): Promise<BlobId>;
  /** Fetches (when missing) and opens a blob of a circle. @throws not-here, does-not-open */
  readBlob(space: SpaceId, blob: BlobId, key: BlobKey): Promise<Uint8Array>;
}

/** What the core calls when something arrives. */
export interface SharingEvents {
  /** New records of a space are committed (ours acknowledged included). */
  recordsChanged(space: SpaceId): Promise<void>;
  /** Sealed bytes dropped into a mailbox; when it resolves they may be cleared on the server. */
  dropped(space: SpaceId, key: Uint8Array, sealed: Uint8Array): Promise<void>;
  /** The space ended for us: rotated without us, or deleted. */
  spaceEnded(space: SpaceId): Promise<void>;
}
