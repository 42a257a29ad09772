/**
 * A pocket as it is made and as it looks from outside: what both halves of the page's view of the vault (api.ts,
 * api-devices.ts) speak of. Types only.
 */
import type { PasskeyCover } from "./api-passkey.ts";

/** A pocket on this device: a random name for its database, nothing else. 32 hex characters. */
export type PocketId = string & { readonly __pocket: unique symbol };
export type Look = "pictures" | "middle" | "quiet";
export type Language = "da" | "sv" | "en";
export type Country = "dk" | "se";
export type PocketColour = "denim" | "brick" | "moss" | "plum";
export type Stitch = "dash" | "cross";
export type Role = "child" | "caseworker" | "carer";

/** All that can be read while a pocket is locked (architecture.md, Local store). Never a name or a count. */
export interface PocketCover {
  readonly id: PocketId;
  readonly role: Role;
  readonly colour: PocketColour;
  readonly stitch: Stitch;
  readonly language: Language;
  readonly country: Country;
  readonly look: Look;
  /** Milliseconds between hiding the app and locking: 0 … 300 000. */
  readonly lockDelayMs: number;
  /** Milliseconds without touch or key until the pocket locks: 60 000 … 600 000. */
  readonly idleLockMs: number;
  /** Which ways in this device has; the wraps themselves stay in the worker. */
  readonly waysIn: readonly WayInKind[];
  /** A passkey opens it too; null where there is none. */
  readonly passkey: PasskeyCover | null;
  /** True while the child has turned its door on: something can be left without opening the pocket. */
  readonly doorOpen: boolean;
  /** This is the small pocket that a second code opened. Only said once it is open, and never of the one it belongs to. */
  readonly isSide?: true;
}

export type WayInKind = "pictures" | "passphrase" | "card" | "prf";

export type WayInSecret =
  /** Seven indexes 0 … 63, in order. */
  | { readonly kind: "pictures"; readonly pictures: readonly number[] }
  | { readonly kind: "passphrase"; readonly passphrase: string }
  /** The passkey's 32 secret bytes, and the four pictures that go with it; none where it is alone (staff). */
  | { readonly kind: "prf"; readonly output: Uint8Array; readonly pictures: readonly number[] }
  /** Six rows of five indexes 0 … 63, as they stand on the recovery card. */
  | { readonly kind: "card"; readonly rows: readonly (readonly number[])[] };

export interface NewPocket {
  readonly role: Role;
  readonly colour: PocketColour;
  readonly stitch: Stitch;
  readonly language: Language;
  readonly country: Country;
  readonly look: Look;
  readonly wayIn: WayInSecret;
  /** For the list of devices. */
  readonly device?: DeviceAbout;
}

/** What the page knows of the device it runs on; the name may be empty, at most 64 characters. */
export interface DeviceAbout {
  readonly name: string;
  readonly kind: DeviceKind;
}

export type DeviceKind = "phone" | "tablet" | "computer";
