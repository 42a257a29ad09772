/** People, what is shown to them and said by them, and pages written together. Part of the vault's API (api.ts). */
import type { DocumentTag, SpaceId } from "../../crypto/types.ts";
import type { CopiedContent, CopyOptions, WishAnswer } from "../documents/kinds.ts";
import type { Role } from "./api-pocket.ts";
import type { PersonId } from "./api-summary.ts";

/** One thing shown to one person: the document tag of the said copy in the circle. */
export type ShareId = DocumentTag;

export interface Person {
  readonly id: PersonId;
  readonly name: string;
  readonly role: Role;
  /**
   * joining: the other has not answered yet; compare: pictures wait to be compared (pairing by link); unfinished: it came to
   * nothing (a device was lost in the middle, or nothing came for long): the two find each other again.
   */
  readonly state: "joining" | "compare" | "paired" | "unfinished" | "removing" | "removed";
  /** Seven indexes 0 … 63, the same on both sides; null until known. */
  readonly safetyPictures: readonly number[] | null;
  readonly circle: SpaceId | null;
  /** When the pairing was begun, in ms of this person's clock; null when nobody noted it. */
  readonly metAt: number | null;
  /**
   * Something can be shown to them: the circle is mine. Of an adult never; between two children the one who invited shows,
   * and the other has only what was shown, until it has invited too (then they are each two persons to the other).
   */
  readonly maySee: boolean;
  /**
   * Between two children who each invited the other: the other of their two rows, the newest, in which it is the other way
   * who shows. Null for everybody else. Screens show the two as one.
   */
  readonly sameAs: PersonId | null;
  /**
   * Adults of the same role who were shown something: this may be one of them again, with an emptied browser. Only the
   * child can know; empty for everyone else, and once the child has answered (`sameAgain`).
   */
  readonly maybeAgain: readonly PersonId[];
}

export interface Invitation {
  /** Goes into the QR code, or behind `#` of a link. */
  readonly payload: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** saved here → on its way → with the server → on (name)'s device → opened → answered. */
export type ShareStep = "saved" | "sending" | "sent" | "arrived" | "opened" | "answered";
/** After "take back": waiting until confirmed, then one of the honest ends. */
export type TakeBackState = "waiting" | "gone-unopened" | "gone-opened" | "in-case-file" | "unknown";

export interface Share {
  readonly id: ShareId;
  readonly document: DocumentTag;
  readonly person: PersonId;
  /** Each step reached, with its time (ms); the last is the current one. */
  readonly steps: readonly { readonly step: ShareStep; readonly at: number }[];
  readonly answers: readonly Said[];
  /** How many of the answers were on my screen; a note of my own that nobody else gets. */
  readonly answersSeen: number;
  readonly takeBack: TakeBackState | null;
  /** When the other said that it stands in the case file; null while nobody has. */
  readonly keptAt: number | null;
}

/** One immutable message of a person in a circle. */
export interface Said {
  readonly id: DocumentTag;
  readonly from: PersonId | "me";
  readonly text: string;
  readonly at: number;
  /** What became of the wish it is about; a later one stands before an earlier one, and all of them stay. */
  readonly wish: WishAnswer | null;
}

/** Exactly what the other gets; the preview and the reader draw the same thing. */
export type ShownCopy = CopiedContent;

/** What showing would give now. */
export interface PreviewedCopy extends ShownCopy {
  /** Of all of it; `show` gives nothing else than what has this one. */
  readonly digest: string;
}

/** Something shown to me (the desk's and the child's inbox alike). */
export interface Received {
  readonly id: ShareId;
  readonly person: PersonId;
  readonly copy: ShownCopy;
  readonly receivedAt: number;
  readonly openedAt: number | null;
  readonly answers: readonly Said[];
  /** I have said that it stands in the case file. */
  readonly inCaseFile: boolean;
}

export interface JointPage {
  readonly document: DocumentTag;
  readonly person: PersonId;
  readonly title: string;
  readonly startedBy: PersonId | "me";
  readonly changedAt: number;
}

export type ShowOptions = CopyOptions;

/** People, and what is shown to them and said by them. */
export interface SharingInside {
  // People
  people(): Promise<readonly Person[]>;
  /**
   * `by` says how it will be handed over: a code on a screen in the same room, or a link (also a picture of the code) that
   * travels where others may read; then both compare pictures. "link" when left out. @throws offline
   */
  invite(by?: "scan" | "link"): Promise<Invitation>;
  /** @throws invitation-used, invitation-expired, invitation-broken, offline */
  /** `by` scan: with the camera, off the other's screen. A picture of a code that was sent counts as a link. */
  join(payload: string, by: "scan" | "link"): Promise<PersonId>;
  confirmPictures(person: PersonId, same: boolean): Promise<void>;
  removePerson(person: PersonId): Promise<void>;
  /** What `sameAgain` would show: the copies as they were shown to `earlier` and not taken back, oldest first. */
  previewAgain(earlier: PersonId): Promise<readonly ShownCopy[]>;
  /**
   * The child's one answer. `person` is `earlier` again: gets those copies, and `earlier` is parted from; also without
   * net. Or null: somebody else. @throws not-allowed for whom was not asked about; code-needed for "again"
   */
  sameAgain(person: PersonId, earlier: PersonId | null): Promise<void>;

  // Showing
  preview(document: DocumentTag, options: ShowOptions): Promise<PreviewedCopy>;
  /**
   * `previewed`: digest of the preview that was on the screen. What came since (another device's words, while the code was
   * asked) goes to nobody unseen. @throws code-needed, not-allowed, changed-since
   */
  show(document: DocumentTag, person: PersonId, options: ShowOptions, previewed?: string): Promise<ShareId>;
  shares(document?: DocumentTag): Promise<readonly Share[]>;
  takeBack(share: ShareId): Promise<void>;
  received(): Promise<readonly Received[]>;
  /** Called when its text was on the screen. */
  markOpened(share: ShareId): Promise<void>;
  /**
   * An adult may say with it what became of a wish; "declined" is never said without words (why).
   * @throws not-here, not-allowed
   */
  answer(share: ShareId, text: string, wish?: WishAnswer): Promise<void>;
  /** Notes that all answers so far were on my screen. */
  seeAnswers(share: ShareId): Promise<void>;
  /** An adult says that it stands in the case file: taking it back can't reach it there. @throws not-allowed, not-here */
  keepInCaseFile(share: ShareId): Promise<void>;
}

/** Pages written together. */
export interface JointInside {
  jointPages(): Promise<readonly JointPage[]>;
  startJoint(person: PersonId, title: string): Promise<DocumentTag>;
  setPresence(document: DocumentTag, on: boolean): Promise<void>;
}
