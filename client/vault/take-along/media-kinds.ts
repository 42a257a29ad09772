/** What a file of a photo or recording is, by its first bytes: never by its name. */
import { readPictureHeader } from "../picture-format.ts";

export type MediaKind = "picture" | "webm" | "mp4" | "other";

/** `head`: its first bytes, at least 64 or all there are. */
export function mediaKindOf(head: Uint8Array): MediaKind {
  if ([0x1a, 0x45, 0xdf, 0xa3].every((byte, index) => head[index] === byte)) return "webm";
  if (readPictureHeader(head) !== null) return "picture";
  // "ftyp": also of HEIC, which the line above has taken.
  if ([0x66, 0x74, 0x79, 0x70].every((byte, index) => head[4 + index] === byte)) return "mp4";
  return "other";
}

/** For the name in an archive. */
export function extensionOf(head: Uint8Array): string {
  const kind = mediaKindOf(head);
  if (kind === "webm" || kind === "mp4") return kind;
  const format = readPictureHeader(head)?.format ?? "bin";
  return format === "jpeg" ? "jpg" : format;
}
