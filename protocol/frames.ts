/**
 * The frames that travel over the one WebSocket between a vault worker and the server. Spec: docs/protocol/frames.md.
 *
 * A connection begins with `hello` → `welcome`. Each space is then opened with a capability proof over the nonce of
 * `welcome`; after `opened` the client pulls pages from its cursor until `more` is false, and from then on receives
 * `live` records of that space. Whatever the client asks carries a `request` number of its own choosing, and exactly
 * one answer with the same number comes back (`ack`, `page`, `token`, `wrap`, `done` or `refused`).
 *
 * Codec: `codec.ts`. Limits: `limits.ts`. Error and close codes: `errors.ts`, `closes.ts`.
 */
import type { BlobId, ChainId, DocumentTag, OpId, ServerId, SpaceId, WrapTag } from "../crypto/types.ts";

/** Position of a record in its space, from 1, without gaps when handed out; 0 means "before the first". */
export type Seq = number;

/** Wire 1..5, see docs/protocol/records.md. */
export type RecordKind = "update" | "snapshot" | "said" | "control" | "void";

/** A rung of the ladder: own may do what write may, write what read may. Wire 3, 2, 1. */
export type Right = "own" | "write" | "read";

/** What the server sees of a record. `sealed` is padded ciphertext of at most 240 KiB. */
export interface OuterRecord {
  readonly document: DocumentTag;
  readonly kind: RecordKind;
  readonly epoch: number;
  readonly opId: OpId;
  readonly sealed: Uint8Array;
}

export interface StoredRecord extends OuterRecord {
  readonly seq: Seq;
}

/** A wrap under its tag: whoever names the tag may have it (docs/protocol/wraps.md). At most 16 KiB. */
export interface TaggedWrap {
  readonly tag: WrapTag;
  readonly bytes: Uint8Array;
  /** Seconds that must pass between the first request for this wrap and its release; 0 for devices and members. */
  readonly waitSeconds: number;
}

/** Ed25519 public keys (32 bytes each) against which the server checks proofs for one epoch of a space. */
export interface CapabilityKeys {
  readonly own: Uint8Array;
  readonly write: Uint8Array;
  readonly read: Uint8Array;
}

/** One contact or one open invitation that may drop sealed bytes into a mailbox (docs/protocol/drops.md). */
export interface DropRegistration {
  /** Ed25519 public key, 32 bytes; the server checks a drop's signature against it. */
  readonly key: Uint8Array;
  /** Whole Unix seconds; 0 means until revoked. */
  readonly expires: number;
  /** True for an invitation: the first accepted drop closes it. */
  readonly singleUse: boolean;
  /** Bytes that may lie undelivered under this key. */
  readonly quotaBytes: number;
  /** Sealed bytes handed to whoever proves the key (the inviter's card); at most 8 KiB, may be empty. */
  readonly attachment: Uint8Array;
}

export type ClientFrame =
  | { readonly type: "hello"; readonly protocol: number }
  | {
      readonly type: "open";
      readonly request: number;
      readonly space: SpaceId;
      readonly epoch: number;
      readonly right: Right;
      /** 64-byte Ed25519 signature, docs/protocol/capabilities.md. */
      readonly proof: Uint8Array;
    }
  | { readonly type: "close"; readonly space: SpaceId }
  /** Bodies in order of seq, from the one after `after`; the answer is one `page` of at most 256 KiB. */
  | { readonly type: "pull"; readonly request: number; readonly space: SpaceId; readonly after: Seq }
  | {
      readonly type: "append";
      readonly request: number;
      readonly space: SpaceId;
      readonly record: OuterRecord;
      /** The bytes of `record`, where the frame was read: the server passes them on as they came. Never written. */
      readonly encoded?: Uint8Array;
    }
  /** A control record that is a roster checkpoint: accepted only while `expected` is the newest checkpoint's op id. */
  | {
      readonly type: "checkpoint";
      readonly request: number;
      readonly space: SpaceId;
      readonly expected: OpId | null;
      readonly record: OuterRecord;
    }
  /** New epoch, its capability keys, wraps and checkpoint in one transaction. Closes others' channels with 4403. */
  | {
      readonly type: "rotate";
      readonly request: number;
      readonly space: SpaceId;
      readonly expected: OpId | null;
      /** The head up to which all is known that the checkpoint names; null: whatever is there. Else `head-moved`. */
      readonly seen: Seq | null;
      /** Must be the current epoch + 1. */
      readonly epoch: number;
      readonly keys: CapabilityKeys;
      readonly wraps: readonly TaggedWrap[];
      /** Tags whose wraps end with this rotation (a removed member's). */
      readonly removedTags: readonly WrapTag[];
      readonly record: OuterRecord;
    }
  /** Own rung: puts or replaces wraps of the current epoch. */
  | {
      readonly type: "putWraps";
      readonly request: number;
      readonly space: SpaceId;
      readonly wraps: readonly TaggedWrap[];
    }
  /** Own rung: deletes every record and blob of a document; its op ids stay known. A member can delete nothing. */
  | {
      readonly type: "deleteDocument";
      readonly request: number;
      readonly space: SpaceId;
      readonly document: DocumentTag;
    }
  | { readonly type: "deleteSpace"; readonly request: number; readonly space: SpaceId }
  /**
   * Own rung, after the server was restored: everything that it had lost is there again. A space that was closed to the
   * others is open from then on. `checkpoint`: op id of the newest checkpoint; it counts where it is later than the
   * server's. Refused stale-checkpoint when no such control record is stored.
   */
  | {
      readonly type: "reopen";
      readonly request: number;
      readonly space: SpaceId;
      readonly checkpoint: OpId | null;
    }
  /**
   * Own rung: deletes the document's update records before the seq `before`, and its snapshots but the last
   * two. Refused unless a snapshot of the document lies at or after `before`. Said, void and control records stay.
   */
  | {
      readonly type: "prune";
      readonly request: number;
      readonly space: SpaceId;
      readonly document: DocumentTag;
      readonly before: Seq;
    }
  /** Own rung: which wraps with a waiting time somebody asked for. A `putWraps` of the same tag stops the wait. */
  | { readonly type: "listWaits"; readonly request: number; readonly space: SpaceId }
  /** A 10-minute bearer token for blobs of this space. */
  | { readonly type: "token"; readonly request: number; readonly space: SpaceId }
  /** Sealed, never stored, at most 4 KiB; sent on to the others who have the space open. */
  | { readonly type: "ephemeral"; readonly space: SpaceId; readonly document: DocumentTag; readonly bytes: Uint8Array }
  /** Own rung of a mailbox. */
  | {
      readonly type: "registerDrop";
      readonly request: number;
      readonly space: SpaceId;
      readonly drop: DropRegistration;
    }
  | { readonly type: "revokeDrop"; readonly request: number; readonly space: SpaceId; readonly key: Uint8Array }
  /** Own rung of a mailbox: what was dropped since `after` (a cursor of its own); the answer is `drops`. */
  | { readonly type: "pullDrops"; readonly request: number; readonly space: SpaceId; readonly after: Seq }
  /** Own rung: the drops up to and including `through` are safe on the device and may be deleted. */
  | { readonly type: "clearDrops"; readonly request: number; readonly space: SpaceId; readonly through: Seq };

export type ServerFrame =
  | {
      readonly type: "welcome";
      readonly protocol: number;
      readonly server: ServerId;
      /** New after each restore from a backup (16 bytes as hex). */
      readonly incarnation: string;
      /** 32 random bytes, fresh for this connection. */
      readonly nonce: Uint8Array;
    }
  | {
      readonly type: "opened";
      readonly request: number;
      readonly space: SpaceId;
      readonly head: Seq;
      readonly epoch: number;
      /** Op id of the newest checkpoint, for compare-and-set. */
      readonly checkpoint: OpId | null;
    }
  | {
      readonly type: "page";
      readonly request: number;
      readonly space: SpaceId;
      readonly records: readonly StoredRecord[];
      readonly head: Seq;
      readonly more: boolean;
    }
  | { readonly type: "live"; readonly space: SpaceId; readonly record: StoredRecord }
  | { readonly type: "ack"; readonly request: number; readonly opId: OpId; readonly seq: Seq }
  | { readonly type: "token"; readonly request: number; readonly token: string; readonly validSeconds: number }
  | { readonly type: "done"; readonly request: number }
  | {
      readonly type: "drops";
      readonly request: number;
      readonly space: SpaceId;
      readonly drops: readonly { readonly seq: Seq; readonly key: Uint8Array; readonly bytes: Uint8Array }[];
      readonly more: boolean;
    }
  | {
      readonly type: "waits";
      readonly request: number;
      readonly space: SpaceId;
      /** `secondsLeft` 0: the wrap is released and stays so until it is replaced. */
      readonly waits: readonly { readonly tag: WrapTag; readonly secondsLeft: number }[];
    }
  /** Something was dropped into an open mailbox: pull it. */
  | { readonly type: "dropped"; readonly space: SpaceId }
  | { readonly type: "ephemeral"; readonly space: SpaceId; readonly document: DocumentTag; readonly bytes: Uint8Array }
  | { readonly type: "refused"; readonly request: number; readonly code: RefusalCode }
  /** The space ended for this connection: rotated past its epoch (fetch the wrap by tag), or deleted. */
  | { readonly type: "ended"; readonly space: SpaceId; readonly code: "epoch-over" | "space-deleted" };

/** Why the server did not do what was asked. One sentence each in `errors.ts`. */
export type RefusalCode =
  | "bad-frame"
  | "bad-proof"
  | "not-open"
  | "no-right"
  | "stale-epoch"
  | "stale-checkpoint"
  | "head-moved"
  | "document-deleted"
  | "op-conflict"
  | "too-large"
  | "over-quota"
  | "rate-limited"
  | "no-such-space"
  | "storage-failed"
  | "unknown-protocol"
  | "restored"
  | "epoch-ahead";

/** Ids that appear in paths and frames only; named here so that both ends import them from one place. */
export type { BlobId, ChainId, DocumentTag, OpId, ServerId, SpaceId, WrapTag };
