/**
 * Canaries, and every form in which one could lie in a file or travel in a frame. A canary is a word (or a piece of a
 * picture) that a person put into Lomme and that nobody but its readers may ever see.
 *
 * Forms: UTF-8, Latin-1 (how Chromium stores strings of one-byte letters), UTF-16 in both orders, percent-encoding,
 * JSON escapes, hex in both cases, base64 and base64url. Base64 packs three bytes into four letters, so a word looks
 * different at each of three alignments: all three are searched, without the letters that depend on their neighbours.
 *
 * A canary needs eight bytes or more that stand nowhere else. Make it of random letters: compressing stores
 * (LevelDB's Snappy) break up what repeats, and leave whole what they have not seen before.
 */
export interface Form {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Canary {
  /** What a report calls it. */
  readonly name: string;
  readonly forms: readonly Form[];
}

/** Shorter needles are found by chance. */
const MIN_BYTES = 8;

/** A word that was written, a title, a name, a file name. */
export function textCanary(text: string, name = text): Canary {
  const utf8 = Buffer.from(text, "utf8");
  const utf16le = Buffer.from(text, "utf16le");
  const utf16be = Buffer.from(utf16le).swap16();
  const forms = [
    ...byteForms(utf8, ""),
    ...byteForms(utf16le, "utf-16le "),
    { name: "utf-16be", bytes: utf16be },
    { name: "percent-encoded", bytes: Buffer.from(encodeURIComponent(text)) },
    { name: "json escapes", bytes: Buffer.from(jsonEscapes(text)) },
  ];
  if ([...text].every((letter) => letter.charCodeAt(0) < 256)) {
    forms.push(...byteForms(Buffer.from(text, "latin1"), "latin-1 "));
  }
  return checked(name, forms);
}

/** Bytes that must not be seen: a key, a piece of a picture. */
export const byteCanary = (bytes: Uint8Array, name: string): Canary => checked(name, byteForms(Buffer.from(bytes), ""));

/**
 * Pieces of `size` bytes, side by side, over the whole of a file: whoever shows 2 × size − 1 bytes in a row shows one
 * of them. `from` skips a head that every file of the kind has (see `entropyOfJpeg`).
 */
export function windowCanaries(bytes: Uint8Array, name: string, from = 0, size = 32): readonly Canary[] {
  const canaries: Canary[] = [];
  for (let at = from; at + size <= bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    // A run of one value (padding) is no picture.
    if (new Set(piece).size > size / 4) canaries.push(byteCanary(piece, `${name} at ${at}`));
  }
  return canaries;
}

/** Where the picture itself begins in a JPEG: behind the start-of-scan segment; its tables are in every JPEG alike. */
export function entropyOfJpeg(jpeg: Uint8Array): number {
  for (let at = 2; at + 4 < jpeg.length; ) {
    if (jpeg[at] !== 0xff) break;
    const length = ((jpeg[at + 2] ?? 0) << 8) | (jpeg[at + 3] ?? 0);
    if (jpeg[at + 1] === 0xda) return at + 2 + length;
    at += 2 + length;
  }
  throw new Error("no start of scan: this is not a JPEG");
}

function byteForms(bytes: Buffer, prefix: string): Form[] {
  return [
    { name: `${prefix}raw`, bytes },
    { name: `${prefix}hex`, bytes: Buffer.from(bytes.toString("hex")) },
    { name: `${prefix}HEX`, bytes: Buffer.from(bytes.toString("hex").toUpperCase()) },
    ...[0, 1, 2].flatMap((alignment) => base64Forms(bytes, alignment, prefix)),
  ];
}

/** The letters that only these bytes decide, when `alignment` unknown bytes stand before them in a group of three. */
function base64Forms(bytes: Buffer, alignment: number, prefix: string): Form[] {
  const letters = Buffer.concat([Buffer.alloc(alignment), bytes]).toString("base64");
  const from = Math.ceil((alignment * 8) / 6);
  const to = Math.floor(((alignment + bytes.length) * 8) / 6);
  const plain = letters.slice(from, to);
  const url = plain.replaceAll("+", "-").replaceAll("/", "_");
  const forms = [{ name: `${prefix}base64 (alignment ${alignment})`, bytes: Buffer.from(plain) }];
  if (url !== plain) forms.push({ name: `${prefix}base64url (alignment ${alignment})`, bytes: Buffer.from(url) });
  return forms;
}

const jsonEscapes = (text: string): string =>
  text.replaceAll(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);

function checked(name: string, forms: readonly Form[]): Canary {
  const raw = forms[0];
  if (!raw || raw.bytes.length < MIN_BYTES) throw new Error(`canary "${name}" is shorter than ${MIN_BYTES} bytes`);
  const seen = new Set<string>();
  const distinct = forms.filter(({ bytes }) => {
    const key = Buffer.from(bytes).toString("latin1");
    return seen.has(key) ? false : seen.add(key);
  });
  return { name, forms: distinct };
}
