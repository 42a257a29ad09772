/** What the page hears from the vault without having asked. Part of the vault's API (api.ts). */
import type { DocumentTag } from "../../crypto/types.ts";
import type { LinkStep } from "./api-devices.ts";
import type { VaultErrorCode } from "./api-errors.ts";

export interface SyncState {
  /** off: no net or not wanted; unlike "problem", which has a code and a sentence. */
  readonly connection: "off" | "connecting" | "on" | "problem";
  /** Records that the server has not acknowledged yet. */
  readonly unsent: number;
  /** A code with a sentence of its own (sync-word.tsx). "room-short": "over-quota" where a token would help (api-room.ts). */
  readonly problem: string | null;
  /** Long work: records that came and that there are, while a device that is new here is being filled; else null. */
  readonly catchingUp: { readonly done: number; readonly total: number } | null;
}

export type VaultEvent =
  /** Something in these lists changed: ask again. */
  | {
      readonly type: "changed";
      readonly what:
        | "timeline"
        | "search"
        | "people"
        | "shares"
        | "received"
        | "joint"
        | "door"
        | "cover"
        | "devices"
        | "waits"
        | "memories"
        /** The second code, or what it may show. */
        | "side"
        | "storage"
        /** Room with the server, and the tokens for it. */
        | "room";
    }
  /** Where the linking of a device stands on this side now; null when none is under way any more. */
  | { readonly type: "link"; readonly step: LinkStep | null }
  /** How many documents of what is brought in have come. */
  | { readonly type: "bringing-in"; readonly done: number; readonly total: number }
  /** This document's latest edit is committed (or not yet). */
  | { readonly type: "saved"; readonly document: DocumentTag; readonly saved: boolean }
  | { readonly type: "sync"; readonly state: SyncState }
  /** Another tab took over: nothing was lost, this page covers itself. */
  | { readonly type: "taken-over" }
  /** … and what waited is sealed: the worker holds nothing any more, and can go. */
  | { readonly type: "let-go" }
  /** What lies behind the first screen could not be read: the pocket is closed again. */
  | { readonly type: "failed"; readonly code: VaultErrorCode };
