/**
 * The page's view of several devices: linking one, listing and removing them, the card on a device that has not the
 * pocket, and waits that are running. Part of api.ts, whose rules hold here too. Types only.
 *
 * A new device comes to the pocket by one of two ways, both at the threshold:
 *
 *   by another device: `offerLink` there shows a code → `takeLink` here → both `compare` → both `confirmLink` →
 *                      `ready` here → `finishLink` with a code of this device's own
 *   by the card:       `restore` with the rows → `waiting` until a time → `restore` with the rows again → `ready` →
 *                      `finishRestore` with a code of this device's own
 *
 * Either leaves the pocket open. What is in it comes from the server then: `SyncState.catchingUp` says how far.
 */
import type { DeviceAbout, NewPocket, PocketId, Role, WayInSecret } from "./api-pocket.ts";

/** One device of this person: random, the same on all of them. 32 hex characters. */
export type DeviceId = string & { readonly __device: unique symbol };

export interface Device extends DeviceAbout {
  readonly id: DeviceId;
  readonly isThis: boolean;
  /** When it came to this pocket, milliseconds since the epoch. */
  readonly since: number;
  /** Removed here, and not yet with the server: it still reads and acts until then. */
  readonly removing: boolean;
  /** Another device: it told that it has all that this one has, and nothing else, as of now. */
  readonly holdsSame: boolean;
}

/** A code that asks again who is there: before linking, stopping a wait, choosing the waiting time, removing a device. */
export type Code = Exclude<WayInSecret, { readonly kind: "card" }>;

/** What `finishLink` and `finishRestore` still need to make the pocket here; the role comes with the pocket. */
export type NewHere = Omit<NewPocket, "role">;

export interface LinkOffer {
  /** For the QR code; secret until it was used. Works once. */
  readonly payload: string;
  /** Milliseconds since the epoch: five minutes from now. */
  readonly expiresAt: number;
}

/** Where a linking stands, on either side. */
export type LinkStep =
  /** The other side has not been heard yet: the code is on the screen (old device), or was taken (new device). */
  | { readonly step: "waiting"; readonly until: number }
  /** Seven indexes 0 … 63, to be the same on both. */
  | { readonly step: "compare"; readonly pictures: readonly number[] }
  /** Said "the same" here; the other side not yet (new device), or its keys are on their way (old device). */
  | { readonly step: "confirming"; readonly pictures: readonly number[] }
  /** New device: `finishLink` can make the pocket. */
  | { readonly step: "ready"; readonly role: Role }
  /** Old device: the new one has what it needs and is in the list. */
  | { readonly step: "linked" }
  /** Nothing came of it, nothing changed. */
  | { readonly step: "ended"; readonly why: "link-expired" | "link-refused" | "link-used" };

/** A card that is being waited for, by somebody, on some device. */
export interface Wait {
  readonly id: string;
  /** Milliseconds since the epoch; in the past when the wait is over and the card can open. */
  readonly until: number;
}

/** Hours between asking with the card and getting in: the child's choice. 24 until it has chosen. */
export type CardWaitHours = 1 | 24 | 72;

export type RestoreStep =
  /** The server waits; living devices see it and can stop it. Ask again, with the rows, after `until`. */
  | { readonly step: "waiting"; readonly until: number }
  /** The pocket can be made here: choose a code and call `finishRestore`. */
  | { readonly step: "ready"; readonly role: Role };

export interface DevicesThreshold {
  /**
   * The card on a browser that has not the pocket. The first call starts the waiting time, each later one asks how far it
   * is. Nothing of the card is kept. @throws card-rows (with the rows), card-unknown, card-ended, offline, slow-down
   */
  restore(rows: readonly (readonly number[])[]): Promise<RestoreStep>;
  /** After `ready`: makes the pocket here and leaves it open. @throws not-allowed before, storage-full, wrong-code */
  finishRestore(wanted: NewHere): Promise<PocketId>;
  /** Takes the code that another device shows. @throws link-broken, link-expired, link-used, offline */
  takeLink(payload: string, about: DeviceAbout): Promise<void>;
  /** Null when no linking is under way on this side; changes are told by the event `link`. */
  linkStep(): Promise<LinkStep | null>;
  /** Said after comparing, on either side; `false` ends it for both. @throws not-allowed in another step */
  confirmLink(same: boolean): Promise<void>;
  /** Ends a linking that is under way on this side; the code opens nothing any more. */
  endLink(): Promise<void>;
  /** After `ready`: makes the pocket here and leaves it open. @throws not-allowed before, storage-full, wrong-code */
  finishLink(wanted: NewHere): Promise<PocketId>;
}

export interface DevicesInside {
  /** Oldest first. */
  devices(): Promise<readonly Device[]>;
  /**
   * Four indexes 0 … 63, the same on every device that holds the same; null while something is missing here or waits to be
   * sent. Changes are told by `changed: devices`.
   */
  devicesSign(): Promise<readonly number[] | null>;
  nameDevice(device: DeviceId, about: DeviceAbout): Promise<void>;
  /**
   * A lost device: new keys for everything it knew, from the moment the server has them; until then also what it was is in
   * the list, as `removing`. What it could read it may still have. @throws wrong-code, slow-down, not-allowed for this one
   */
  removeDevice(device: DeviceId, code: Code): Promise<void>;
  /** A code for one new device. An earlier offer ends. @throws wrong-code, slow-down, offline */
  offerLink(code: Code): Promise<LinkOffer>;
  /** Waits that are running or over, as the server says now; the event `changed: waits` when there is a new one. */
  waits(): Promise<readonly Wait[]>;
  /** Stops it: that card opens nothing any more, make a new one. @throws wrong-code, slow-down, offline, not-here */
  stopWait(id: string, code: Code): Promise<void>;
  cardWait(): Promise<CardWaitHours>;
  /** For the card that there is and all later ones. @throws wrong-code, slow-down */
  setCardWait(hours: CardWaitHours, code: Code): Promise<void>;
  /**
   * Where the card works now: `here`: only on this device and at once; `everywhere`: on a new device too, after the wait;
   * `not-yet`: a new card, which works when this device has had net. Null without a card.
   */
  cardReach(): Promise<CardReach>;
}

export type CardReach = "here" | "everywhere" | "not-yet" | null;
