/** How a call of the vault fails. Part of the vault's API (api.ts); failure.ts makes them. */

/** Crosses the worker hop by its code; `detail` is never secret (seconds to wait, rows of a card). */
export interface VaultError {
  readonly name: "VaultError";
  readonly code: VaultErrorCode;
  readonly detail?: { readonly seconds?: number; readonly rows?: readonly number[] };
}

export type VaultErrorCode =
  | "locked"
  | "wrong-code"
  | "card-rows"
  | "slow-down"
  /** The code has to be given again first (`confirmCode`). */
  | "code-needed"
  /** It is the pocket's other code. */
  | "same-code"
  | "older-store"
  | "store-unreadable"
  | "storage-full"
  | "door-closed"
  | "door-full"
  | "bad-picture"
  | "not-here"
  | "does-not-open"
  | "invitation-used"
  | "invitation-expired"
  | "invitation-broken"
  | "card-waits"
  | "card-unknown"
  | "card-ended"
  | "link-broken"
  | "link-expired"
  | "link-used"
  | "link-refused"
  | "offline"
  | "unknown-person"
  | "archive-unknown"
  | "archive-newer"
  | "archive-sealed"
  | "archive-words"
  | "archive-damaged"
  | "not-allowed"
  | "busy-elsewhere"
  /** More than one record may say (`MAX_SAID_BYTES`). */
  | "too-long"
  /** It is no longer what the preview showed. */
  | "changed-since"
  | "failed";
