/**
 * What sharing remembers, as rows of the state that all devices of a person share (state-rows.ts); the core seals them
 * under the vault key and carries them in the pocket's own log, so that a new device has them too.
 *
 * Rows are read each time they are needed and written together: one `writeState` holds everything that one step changes,
 * so that a closing between two steps leaves a whole state behind.
 */
import type {
  AuthorKeyPair,
  AuthorPublicKey,
  Checkpoint,
  ContactCard,
  DocumentTag,
  DropKeyPair,
  DropSeed,
  Hash32,
  IntroductionId,
  OpId,
  OwnerPrivateKey,
  OwnerPublicKey,
  PairKey,
  QrSecret,
  RungSeed,
  SpaceId,
} from "../../../crypto/types.ts";
import type { OuterRecord, Seq } from "../../../protocol/frames.ts";
import type { PersonId, Role, TakeBackState } from "../api.ts";
import { createRows, type Rows, type StatePort } from "../state-rows.ts";

/** How an invitation was handed over: seen on a screen in the same room, or sent in a way that others may read. */
export type HandedOver = "scan" | "link";

export interface InvitationRow {
  /** Public drop key as hex: the row's own name. */
  readonly key: string;
  readonly by: HandedOver;
  readonly mailbox: SpaceId;
  readonly dropSeed: DropSeed;
  readonly qrSecret: QrSecret;
  readonly cardHash: Hash32;
  /** The card whose hash that is. */
  readonly card: ContactCard;
  /** Whole seconds since 1970. */
  readonly expires: number;
  /** The device of mine that made it. */
  readonly device: string;
  /** Who came through it: from then on nobody else does. */
  readonly person: PersonId | null;
}

/** What was put into somebody's mailbox, and why (errands.ts). */
export interface Dropped {
  readonly do: "drop" | "request";
  readonly seed: DropSeed;
  readonly sealed: Uint8Array;
  readonly person: PersonId;
}

export interface PersonRow {
  readonly id: PersonId;
  readonly name: string;
  readonly role: Role;
  readonly state: "joining" | "compare" | "paired" | "unfinished" | "removing" | "removed";
  /** Milliseconds since the epoch. */
  readonly begun?: number;
  readonly side: "inviter" | "joiner";
  /** The device of mine on which the pairing was begun. */
  readonly device: string;
  /** "link" when either side says so: then both compare pictures. */
  readonly by: HandedOver;
  /** Public drop key of the invitation (hex), so that a link opened twice is one person. */
  readonly invitation: string;
  readonly card: ContactCard;
  /** State of crypto/pairing.ts between two messages; null once it has run. */
  readonly pairing: Uint8Array | null;
  readonly pairKey: PairKey | null;
  readonly pictures: readonly number[] | null;
  /** With which I reach them; null until their message brought it. */
  readonly theirDrop: DropSeed | null;
  /** With which they reach me. */
  readonly myDrop: DropKeyPair;
  /** That key was closed, though we are together: a lost device knew it. */
  readonly myDropClosed?: true;
  /** What I dropped for them since they last showed that they had what came before: a restored server may have lost it. */
  readonly unheard?: readonly Dropped[];
  /** For the circle of the two of us. */
  readonly myAuthor: AuthorKeyPair;
  readonly theirAuthor: AuthorPublicKey | null;
  /** Author keys of theirs that a rotation of the circle ended. */
  readonly theirEarlier?: readonly AuthorPublicKey[];
  /** Of a circle of mine: the key with which they shall sign, since they lost a device; it takes a rotation. */
  readonly theirNext?: AuthorPublicKey;
  /** Of a circle of theirs: author keys of mine from before I lost a device. */
  readonly myEarlier?: readonly AuthorPublicKey[];
  readonly circle: SpaceId | null;
  /** I left their circle on this device of mine: it is forgotten there, at the next start when a closing came in between. */
  readonly leftOn?: string;
  /** An introduction that came before the pictures were compared. */
  readonly waiting: Uint8Array | null;
  /** Introductions that were taken in: each counts once. */
  readonly seen: readonly IntroductionId[];
  /** A child for whom tokens of mine were laid aside, which happens once (give-room.ts). */
  readonly given?: true;
  /** Whom of those I had already this may be again, as it was when we were paired. Absent: nobody. */
  readonly maybeAgain?: readonly PersonId[];
  /**
   * What the child answered to that, once: the same adult as `earlier`, or somebody else (null). `done`: all was shown
   * again and `earlier` parted from; until then it is taken up at each start and each connection.
   */
  readonly again?: { readonly earlier: PersonId | null; readonly done: boolean };
}

export interface CircleRow {
  readonly space: SpaceId;
  readonly person: PersonId;
  /** True where I am the owner. */
  readonly mine: boolean;
  readonly owner: OwnerPublicKey;
  readonly ownerPrivate: OwnerPrivateKey | null;
  /** Owner only: what names and authenticates the wrap that a rotation leaves for my own devices; null otherwise. */
  readonly ownKey: PairKey | null;
  /** The pinned first checkpoint. */
  readonly genesis: Checkpoint;
  /** Own seeds where the circle is mine, write seeds otherwise; rising epochs. */
  readonly epochs: readonly { readonly epoch: number; readonly seed: RungSeed }[];
  /**
   * Owner only: the epoch of my pocket under which it was rotated last; absent for the first. A field of its own, since
   * another device of mine writes the epochs when it finds them in its wrap, which doesn't say.
   */
  readonly under?: number;
  /** The newest checkpoint that was verified, when it isn't the first. */
  readonly latest?: Checkpoint;
  /** The epoch of my pocket since which the other has my card. */
  readonly told?: number;
  /** Its number and hash. */
  readonly newest: { readonly number: number; readonly hash: Hash32 };
  /** Owner only: newest record in the chain of checkpoints, for compare-and-set and the next one's `previous`. */
  readonly head: { readonly op: OpId; readonly hash: Hash32 } | null;
  /** Owner only: how many tombstones were signed. */
  readonly tombstones: number;
  /** Owner only: a rotation that was decided and not yet acknowledged; kept whole, so that it is asked again unchanged. */
  readonly rotation: Rotation | null;
  /** The core has its keys and authors: a closing in between is made good at the next start. */
  readonly attached: boolean;
  /** What was wrong with the roster (crypto/roster-chain.ts); nothing is written there any more. */
  readonly problem: string | null;
}

export interface Rotation {
  readonly epoch: number;
  /** The server's head up to which the checkpoint names all. */
  readonly seen: Seq;
  /** Of the server whose head that is; of a restored one it is another record's number. */
  readonly incarnation: string | null;
  /** Own seed of that epoch. */
  readonly seed: RungSeed;
  readonly checkpoint: Checkpoint;
  readonly head: { readonly op: OpId; readonly hash: Hash32 };
  readonly record: OuterRecord;
}

export interface ShareRow {
  readonly id: DocumentTag;
  /** What it was made of; absent where only the copy is left to say that it was shown (unlisted.ts). */
  readonly document?: DocumentTag;
  readonly person: PersonId;
  readonly space: SpaceId;
  /** The device of mine that makes the copy: while it hasn't frozen it, no other can know whether it is there. */
  readonly device: string;
  /** The share to the same adult's earlier Lomme that this one repeats. */
  readonly again?: DocumentTag;
  /** Milliseconds since the epoch; those of the other side come from their clock. */
  readonly at: {
    readonly saved: number;
    readonly sending?: number;
    readonly sent?: number;
    readonly arrived?: number;
    readonly opened?: number;
    readonly answered?: number;
  };
  readonly takeBack: {
    readonly state: TakeBackState;
    readonly at: number;
    /** False until tombstone and deletion were handed over: taken up again at the next start. */
    readonly begun: boolean;
  } | null;
}

/** A child's own note of having opened something: it stays here and is sent to nobody. */
export interface OpenedRow {
  readonly share: DocumentTag;
  readonly at: number;
}

/** How many answers to a share of mine were on my screen: it stays here and is sent to nobody. */
export interface SeenRow {
  readonly share: DocumentTag;
  readonly answers: number;
}

/** The server came back from a backup, and what stands here was said to it again. */
export interface RestoredRow {
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Ledger {
  readonly invitations: Rows<InvitationRow>;
  readonly people: Rows<PersonRow>;
  readonly circles: Rows<CircleRow>;
  readonly shares: Rows<ShareRow>;
  readonly opened: Rows<OpenedRow>;
  readonly seen: Rows<SeenRow>;
  /** One row, under the mailbox's id. */
  readonly restored: Rows<RestoredRow>;
}

export const createLedger = (core: StatePort): Ledger => ({
  invitations: createRows<InvitationRow>(core, "invitation"),
  people: createRows<PersonRow>(core, "person"),
  circles: createRows<CircleRow>(core, "circle"),
  shares: createRows<ShareRow>(core, "share"),
  opened: createRows<OpenedRow>(core, "opened"),
  seen: createRows<SeenRow>(core, "seen"),
  restored: createRows<RestoredRow>(core, "restored"),
});
