/** The page's view of a passkey as a way in. Part of api.ts, whose rules hold here too. Types only. */

/** All that has to be known to ask a passkey; neither is secret. */
export interface Passkey {
  /** The credential's id, as WebAuthn gave it: 1 to 1,023 bytes. */
  readonly credential: Uint8Array;
  /** What its secret function is asked: 32 random bytes. */
  readonly salt: Uint8Array;
}

export interface PasskeyCover extends Passkey {
  /** Four, or none for staff. */
  readonly pictures: number;
}

export interface NewPasskey extends Passkey {
  /** 32 bytes: what the passkey answered to the salt. */
  readonly output: Uint8Array;
  /** Four indexes 0 … 63, drawn by the app; none for staff. */
  readonly pictures: readonly number[];
}

export interface PasskeyInside {
  /** In the place of an earlier one. Takes about a second. @throws code-needed, not-allowed for a child without pictures */
  addPasskey(passkey: NewPasskey): Promise<void>;
  /** It opens nothing any more; the code stays. */
  removePasskey(): Promise<void>;
}
