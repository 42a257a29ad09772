/**
 * What crypto/ can refuse, as one coded type. Codes survive a hop between workers (`code` is a plain string);
 * messages name what was expected, never a value, a key or where in a ciphertext something went wrong.
 *
 * | code | meaning | what a person is told |
 * |---|---|---|
 * | does-not-open | wrong key, wrong context or damaged: deliberately not told apart | "This could not be opened." It is kept. |
 * | bad-size | an argument has the wrong number of bytes; nothing was computed | a bug of ours |
 * | bad-format | bytes that parse under no rule of their format | "This could not be read." It is kept. |
 * | unknown-version | the version byte is not ours; kept, reported, never dropped | "Made by a newer Lomme." |
 * | unknown-suite | the suite byte is not ours; as above | "Made by a newer Lomme." |
 * | kdf-out-of-range | Argon2id parameters under the floor or over the ceiling; the KDF was not called | "This lock was changed." |
 * | bad-signature | a signature does not hold | "We can't tell who this is from." |
 * | too-long | more bytes than the format carries | the caller splits or uses a blob |
 * | wrong-card | a card that is not the one the invitation names | "This is not the one who invited you." |
 */
export type CryptoErrorCode =
  | "does-not-open"
  | "bad-size"
  | "bad-format"
  | "unknown-version"
  | "unknown-suite"
  | "kdf-out-of-range"
  | "bad-signature"
  | "too-long"
  | "wrong-card";

export class CryptoError extends Error {
  readonly code: CryptoErrorCode;

  constructor(code: CryptoErrorCode, message: string) {
    super(message);
    this.name = "CryptoError";
    this.code = code;
  }
}

/** The one answer to everything that does not open: always the same words, whatever the cause. */
export const doesNotOpen = (): CryptoError => new CryptoError("does-not-open", "does not open");
