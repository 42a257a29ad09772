/**
 * Why something that was to be brought in is refused as a whole. Nothing is changed then but what had come in before.
 *
 * `archive-unknown` no archive of a kind we know · `archive-newer` made by a newer Lomme · `archive-sealed` words are needed
 * · `archive-words` these words don't open it · `archive-damaged` changed, cut, or made to hurt
 */
export type ArchiveErrorCode =
  | "archive-unknown"
  | "archive-newer"
  | "archive-sealed"
  | "archive-words"
  | "archive-damaged";

export class ArchiveError extends Error {
  readonly code: ArchiveErrorCode;

  constructor(code: ArchiveErrorCode) {
    super(code);
    this.name = "ArchiveError";
    this.code = code;
  }
}
