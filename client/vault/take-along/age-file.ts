/**
 * The take-along file as age sees it: a stream sealed with words, in the format of age (C2SP age-encryption.org/v1), so
 * that it opens without Lomme: `age -d -o lomme.zip lomme.zip.age`, and the words.
 *
 *   header    "age-encryption.org/v1", one scrypt stanza (salt, work factor), HMAC-SHA-256 under the file key
 *   payload   nonce 16 ‖ chunks of 64 KiB under ChaCha20-Poly1305, counted, the last one marked (STREAM)
 *
 * scrypt with N = 2^18 (256 MiB, about a second in JavaScript) and six words out of 512 (54 bits): the file may lie on a
 * stick in somebody's drawer for decades, so it gets more than the code of a pocket, which has 42 bits and its burn.
 * Reading refuses a work factor over 2^20 before any work. The only file that imports age-encryption; memory is a chunk or
 * two, however long the stream is. Vectors: tests/vectors/others/age.json (C2SP/CCTV). Decision: docs/decisions/9-take-along.md
 */
import { Decrypter, Encrypter } from "age-encryption";
import { concat } from "../../../crypto/bytes.ts";

/** Fewest words that a file is sealed with; the app draws them, nobody makes them up. */
const AGE_WORDS = 6;
const WORK_FACTOR = 18;
const FIRST_LINE = "age-encryption.org/v1\n";

/**
 * `not-age` the file begins otherwise · `wrong-words` it is whole as far as read, these words don't open it, or it was not
 * sealed with words · `damaged` changed, cut or prolonged; what was read before is authentic and not complete
 */
export type AgeFileErrorCode = "not-age" | "wrong-words" | "damaged";

export class AgeFileError extends Error {
  readonly code: AgeFileErrorCode;

  constructor(code: AgeFileErrorCode) {
    super(code);
    this.name = "AgeFileError";
    this.code = code;
  }
}

/** Seals a stream. Salt, file key and nonce are made inside. Takes about a second and 256 MiB before the first byte.
 * @throws RangeError for fewer than six words, or words that aren't words */
export async function sealAgeFile(
  content: ReadableStream<Uint8Array>,
  words: readonly string[],
): Promise<ReadableStream<Uint8Array>> {
  if (words.length < AGE_WORDS || words.some((word) => !/^[\p{Ll}\p{M}]+$/u.test(word))) {
    throw new RangeError(`expected at least ${AGE_WORDS} words in small letters`);
  }
  const encrypter = new Encrypter();
  encrypter.setPassphrase(joinWords(words.join(" ")));
  encrypter.setScryptWorkFactor(WORK_FACTOR);
  return encrypter.encrypt(content);
}

/** As `age -p` writes its own: hyphens between words. Capitals, spaces and how a keyboard composes å don't matter. */
const joinWords = (typed: string): string =>
  typed
    .normalize("NFC")
    .trim()
    .toLowerCase()
    .split(/[\s-]+/u)
    .join("-");

/** The content of a file sealed with these words, as they were typed. Reading on can still fail with `damaged`: what came
 * before is then thrown away by the caller. @throws AgeFileError */
export const openAgeFile = (file: ReadableStream<Uint8Array>, typed: string): Promise<ReadableStream<Uint8Array>> => {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(joinWords(typed));
  return openWith(decrypter, file);
};

/** The same with any age identity. @throws AgeFileError */
export async function openWith(
  decrypter: Decrypter,
  file: ReadableStream<Uint8Array>,
): Promise<ReadableStream<Uint8Array>> {
  // Asked last, and only when the header was read and nothing before has opened it. It never opens anything itself.
  let nothingFits = false;
  decrypter.addIdentity({
    unwrapFileKey: () => {
      nothingFits = true;
      return null;
    },
  });
  const reading = await readFirstLine(file);
  try {
    const content = (await decrypter.decrypt(reading.whole)).getReader();
    return passOn(content, () => reading.failure() ?? new AgeFileError("damaged"));
  } catch {
    throw reading.failure() ?? new AgeFileError(nothingFits ? "wrong-words" : "damaged");
  }
}

/** The whole file again, once its first line is age's; and what went wrong where it came from, which is no damage. */
async function readFirstLine(file: ReadableStream<Uint8Array>) {
  const reader = file.getReader();
  const read: Uint8Array[] = [];
  let bytesRead = 0;
  while (bytesRead < FIRST_LINE.length) {
    const { done, value } = await reader.read();
    if (done) break;
    read.push(value);
    bytesRead += value.length;
  }
  if (new TextDecoder().decode(concat(...read).subarray(0, FIRST_LINE.length)) !== FIRST_LINE) {
    await reader.cancel();
    throw new AgeFileError("not-age");
  }
  let failure: unknown = null;
  const whole = passOn(
    reader,
    (error) => {
      failure = error;
      return error;
    },
    read,
  );
  return { whole, failure: () => failure };
}

/** What `first` and then `reader` give, and a failure as `failing` names it. Asks only when it is asked: memory stays flat. */
const passOn = (
  reader: ReadableStreamDefaultReader<Uint8Array>,
  failing: (error: unknown) => unknown,
  first: readonly Uint8Array[] = [],
): ReadableStream<Uint8Array> =>
  new ReadableStream(
    {
      start: (controller) => {
        for (const piece of first) controller.enqueue(piece);
      },
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          controller.error(failing(error));
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
