/**
 * The vault's one error towards the page: a code of api.ts, and details that are never secret. Whatever goes wrong below
 * (store, crypto, transport) is turned into it here; what nobody foresaw becomes "failed".
 */
import { CryptoError } from "../../crypto/errors.ts";
import type { VaultError, VaultErrorCode } from "./api.ts";
import { StoreError, TransportError } from "./ports.ts";

export type FailureDetail = NonNullable<VaultError["detail"]>;

export class VaultFailure extends Error {
  readonly code: VaultErrorCode;
  readonly detail: FailureDetail | undefined;

  constructor(code: VaultErrorCode, detail?: FailureDetail, cause?: unknown) {
    super(code, { cause });
    this.name = "VaultFailure";
    this.code = code;
    this.detail = detail;
  }
}

const FROM_STORE = {
  "storage-full": "storage-full",
  "other-format": "older-store",
  "store-closed": "locked",
  "store-failed": "store-unreadable",
} as const satisfies Record<StoreError["code"], VaultErrorCode>;

/** What crosses to the page: a plain object, since a class would lose its code on the way. */
export function toVaultError(error: unknown): VaultError {
  if (error instanceof VaultFailure) {
    return { name: "VaultError", code: error.code, ...(error.detail && { detail: error.detail }) };
  }
  return { name: "VaultError", code: codeOf(error) };
}

function codeOf(error: unknown): VaultErrorCode {
  if (error instanceof StoreError) return FROM_STORE[error.code];
  if (error instanceof TransportError) return error.code === "offline" ? "offline" : "failed";
  if (error instanceof CryptoError && error.code === "does-not-open") return "does-not-open";
  // Sharing has failures of its own with the same codes; they cross by their code.
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === "string" && isVaultCode(code) ? code : "failed";
}

const CODES: Readonly<Record<VaultErrorCode, true>> = {
  locked: true,
  "wrong-code": true,
  "card-rows": true,
  "slow-down": true,
  "code-needed": true,
  "same-code": true,
  "older-store": true,
  "store-unreadable": true,
  "storage-full": true,
  "door-closed": true,
  "door-full": true,
  "bad-picture": true,
  "not-here": true,
  "does-not-open": true,
  "invitation-used": true,
  "invitation-expired": true,
  "invitation-broken": true,
  "card-waits": true,
  "card-unknown": true,
  "card-ended": true,
  "link-broken": true,
  "link-expired": true,
  "link-used": true,
  "link-refused": true,
  offline: true,
  "unknown-person": true,
  "archive-unknown": true,
  "archive-newer": true,
  "archive-sealed": true,
  "archive-words": true,
  "archive-damaged": true,
  "not-allowed": true,
  "busy-elsewhere": true,
  "too-long": true,
  "changed-since": true,
  failed: true,
};

const isVaultCode = (code: string): code is VaultErrorCode => Object.hasOwn(CODES, code);
