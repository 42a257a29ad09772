/**
 * Rows of one space on this device (docs/protocol/store.md §4). The log holds what is signed, the outbox what waits:
 * a pending row has no op id and may still merge; a frozen row never changes.
 */
import type { ChainHead } from "../../crypto/inner.ts";
import type {
  AuthorPublicKey,
  BlobId,
  ChainId,
  DocumentTag,
  OpId,
  RecordKind,
  SignedInner,
  SpaceId,
} from "../../crypto/types.ts";
import type { Seq } from "../../protocol/frames.ts";
import type { Cursor } from "../sync/ports.ts";
import type { BlobContent } from "./document-payload.ts";
import type { Run } from "./runs.ts";
import type { Group } from "./sealed-store.ts";

/** A draft of a row, until it is put into a batch. */
export type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

export type KnownHead = ChainHead & { readonly author: AuthorPublicKey };

/** How far one chain counts whose author a rotation ended (retired.ts); `owner`: its snapshots do, too. */
export type Retired = KnownHead & { readonly owner: boolean };

/** Places that nothing explains and that have not come. `asked`: the server was asked once more for everything since. */
export type MissingRun = Run & { readonly asked: boolean };

export interface Purged {
  readonly document: DocumentTag;
  readonly places: readonly ChainHead[];
}

/** A kept record that could not be used yet: looked at again when keys or authors have come. */
export interface TroubledRecord {
  readonly kind: RecordKind;
  readonly document: DocumentTag;
  readonly opId: OpId;
}

/** A record whose content is a blob that has not come yet. */
export interface AwaitedContent {
  readonly kind: RecordKind;
  readonly document: DocumentTag;
  readonly opId: OpId;
  readonly blob: BlobId;
  /** The server said that it doesn't have it, or had something else. */
  readonly missed: boolean;
}

export interface SpaceState {
  readonly cursor: Cursor | null;
  /** This device's own chain; null before the first freezing, or when it must begin a new one. */
  readonly chain: ChainId | null;
  /** Newest place of every chain, ours included. */
  readonly heads: readonly KnownHead[];
  /** Whose records count, ourselves included; empty means: only ours. */
  readonly authors: readonly AuthorPublicKey[];
  /** Those of them whose snapshots count, where that isn't only ourselves. */
  readonly owners: readonly AuthorPublicKey[];
  /** Where the chains stood when we joined, by the checkpoint we joined with: what lies before never comes. */
  readonly joined: readonly ChainHead[];
  /** Places that an owner's tombstone or the author's own void explains. */
  readonly gaps: readonly ChainHead[];
  /** Places beyond the heads for which an owner's snapshot stands. */
  readonly covered: readonly Run[];
  readonly missing: readonly MissingRun[];
  /** Everything is being pulled once more, because something is missing. */
  readonly asking: boolean;
  /** Documents that were purged here, with the places of their records that had been frozen: later records are ignored. */
  readonly purged: readonly Purged[];
  /** Nothing is frozen or sent. */
  readonly held: boolean;
  /** Something of the shared rows arrived that is not yet in them (shared-state.ts). */
  readonly sharedDue: boolean;
  /** Pocket and circles: documents of which something arrived that is not yet in the lists (summaries-due.ts). */
  readonly summariesDue?: readonly DocumentTag[];
  /** Pocket: newest place of each chain at which something stands that the person made, not the devices' own rows. */
  readonly content?: Readonly<Record<string, { readonly counter: number; readonly hash: ChainHead["hash"] }>>;
  /** Chains that this device wrote before, under author keys that ended. */
  readonly chainsBefore?: readonly ChainId[];
  /** Circle: by which keys the checkpoint record at this place of its chain may be signed too (next-signer.ts). */
  readonly nextSigner?: { readonly counter: number; readonly authors: readonly AuthorPublicKey[] };
  /** Number of the roster that gave `authors`; -1 before the first. */
  readonly roster?: number;
  /** Hex of an author key → id of its member, who keeps that through every key it ever has. */
  readonly members?: Readonly<Record<string, string>>;
  /** Yjs client id (as text) → the member who wrote with it first (or hex of the author, of whom no member is known). */
  readonly clients: Readonly<Record<string, string>>;
  readonly troubled: readonly TroubledRecord[];
  readonly awaited: readonly AwaitedContent[];
  /** The server was restored: until everything was pulled again, nothing counts as stored. */
  readonly rewound: boolean;
  /** The server was restored: what it has of the photos is not known until they were offered again. */
  readonly blobsDoubted: boolean;
  /** Something of another that was made to hurt lies here: kept, never applied. */
  readonly quarantined: boolean;
  /** The server was restored and the space is ours: what was removed must be removed there again, then it is opened. */
  readonly reopening: boolean;
  /** A chain has a gap that nothing explains, or a content didn't come, also when asked again; or two histories. */
  readonly problem: "incomplete" | "fork" | "quarantined" | null;
}

export const NEW_SPACE_STATE: SpaceState = {
  cursor: null,
  chain: null,
  heads: [],
  authors: [],
  owners: [],
  joined: [],
  gaps: [],
  covered: [],
  missing: [],
  asking: false,
  purged: [],
  held: false,
  sharedDue: false,
  clients: {},
  troubled: [],
  awaited: [],
  rewound: false,
  blobsDoubted: false,
  quarantined: false,
  reopening: false,
  problem: null,
};

/** Why a kept record is not shown. */
export type RecordProblem =
  | "does-not-open"
  | "unknown-author"
  /** Signed with a key that a rotation had ended by then (retired.ts). */
  | "retired"
  | "newer-version"
  | "fork"
  /** Writes as another: with another's Yjs client id, or a snapshot by somebody who isn't an owner. */
  | "foreign-client"
  /** Its payload is none (document-payload.ts). */
  | "malformed"
  /** It can't be applied in time, or not at all, or leaves what can't be drawn (vetting.ts). */
  | "poison";

export interface LogRow {
  readonly opId: OpId;
  readonly document: DocumentTag;
  readonly kind: RecordKind;
  readonly epoch: number;
  /** Null: frozen here, not acknowledged yet. */
  readonly seq: Seq | null;
  /** Order on this device. */
  readonly order: number;
  /** Null when it did not open. */
  readonly inner: SignedInner | null;
  readonly author: AuthorPublicKey | null;
  readonly problem: RecordProblem | null;
  /** The sealed bytes of what did not open, to try again. */
  readonly sealed: Uint8Array | null;
  /** A snapshot that was seen to hold all that this device had at the places it stands for; they are gone here. */
  readonly settled?: true;
  /** Another snapshot, that was seen to hold all that this one holds. */
  readonly heldBy?: OpId;
  /** A snapshot of ours that the server was seen to hold unchanged; what it stands for is gone there too. */
  readonly pruned?: true;
}

export interface PendingRow {
  readonly space: SpaceId;
  readonly document: DocumentTag;
  readonly kind: RecordKind;
  /** Orders pending rows; the time of the first edit in it (ms), made unique. */
  readonly order: number;
  /** What is said; of an update or snapshot the Yjs update, or where it lies when it is too large for a record. */
  readonly payload: Uint8Array | BlobContent;
  /** What a snapshot stands for. */
  readonly covered?: readonly Run[];
  /** Blobs that must be with the server before this may leave. */
  readonly blobs: readonly BlobId[];
  readonly clientIds: readonly number[];
}

export interface FrozenRow {
  readonly space: SpaceId;
  readonly document: DocumentTag;
  readonly kind: RecordKind;
  readonly opId: OpId;
  readonly counter: number;
  /** The server had it and lost it: to be handed out again by the next freezing. */
  readonly again?: true;
}

export type OutboxRow = { readonly pending: PendingRow } | { readonly frozen: FrozenRow };

/** Updates and snapshots of one document stand together; said, control and void records of a space do. */
export const logGroup = (space: SpaceId, kind: RecordKind, document: DocumentTag): Group =>
  kind === "update" || kind === "snapshot" ? ["updates", space, document] : ["said", space];
export const pendingGroup = (space: SpaceId, document: DocumentTag): Group => ["pending", space, document];
export const frozenGroup = (space: SpaceId): Group => ["frozen", space];
/** Records of rotations that this device asked for (repeat-rotation.ts). */
export const rotationGroup = (space: SpaceId): Group => ["rotation", space];
export const STATE_GROUP: Group = ["state"];
