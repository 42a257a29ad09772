/** Pockets to take along out of, and what came out, for the tests of archives. */
import type * as Y from "yjs";
import type {
  ArchiveWords,
  BroughtIn,
  MediaType,
  TakeAlongMade,
  TakeAlongOptions,
  VaultApi,
} from "../../../../client/vault/api.ts";
import type { DrawPicture } from "../../../../client/vault/picture.ts";
import type { Pocket } from "../../../../client/vault/pocket.ts";
import { readZipDirectory, type ZipEntry } from "../../../../client/vault/take-along/zip-directory.ts";
import { filesOf } from "../../../../client/vault/take-along/zip-reading.ts";
import type { DocumentTag } from "../../../../crypto/types.ts";
import { CHILD, Device, PICTURES } from "../device.ts";

export const WORDS: ArchiveWords = {
  language: "da",
  title: "Min lomme",
  about: "Det her er alt fra min lomme.",
  entry: "Uden titel",
  wish: "Ønske",
  photo: "Billede",
  drawing: "Tegning",
  sound: "Lyd",
  video: "Video",
  putAway: "Lagt væk",
  waits: "Ved døren",
  unfinished: "Ikke færdig",
  from: "Fra",
  together: "Skrevet med",
  people: "Med",
  tags: "Ord",
  me: "Mig",
  life: "Min historie",
  aboutMe: "Om mig",
  seasons: { spring: "forår", summer: "sommer", autumn: "efterår", winter: "vinter" },
  age: "{age} år",
  unknown: "ved ikke",
  topics: {
    likes: "kan lide",
    calms: "ro",
    dislikes: "kan ikke lide",
    people: "folk",
    food: "mad",
    sleep: "søvn",
    talk: "snak",
  },
  signs: { house: "hus", dog: "hund" },
  subjects: { home: "Hjem" },
  moods: { happy: "glad", calm: "rolig" },
  answers: { heard: "hørt", agreed: "ja", declined: "nej, fordi", done: "gjort" },
  pictures: Array.from({ length: 64 }, (_, at) => `billede ${at}`),
};

export const SIX = ["blæksprutte", "sommer", "båd", "æble", "kirsebær", "tog"];

/** A JPEG as our own drawing gives them, as far as its parts go; `seed` makes another picture of it. */
export function jpeg(width: number, height: number, seed: number, length = 3000): Uint8Array {
  const scan = Uint8Array.from({ length }, (_, at) => ((at + 1) * (seed + 7)) % 251);
  return Uint8Array.from([
    ...[0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0],
    ...[0xff, 0xdb, 0, 67, 0, ...new Uint8Array(64).fill(16)],
    ...[0xff, 0xc0, 0, 11, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0],
    ...[0xff, 0xc4, 0, 20, 0, ...new Uint8Array(17)],
    ...[0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0],
    ...scan,
    ...[0xff, 0xd9],
  ]);
}

/** What a recorder gives: a container's first bytes, and then anything. */
export const webm = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => [0x1a, 0x45, 0xdf, 0xa3][at] ?? (at * 31) & 255);

/** Draws by looking at the first bytes only: a file says with its length which picture it becomes. */
export const drawSmall: DrawPicture = async (file) => {
  const seed = file.size % 97;
  return { full: jpeg(640, 480, seed), thumbnail: jpeg(320, 240, seed, 500), width: 640, height: 480 };
};

export class Child {
  readonly device: Device;
  readonly vault: ReturnType<Device["start"]>;
  /** The open pocket, to look into. */
  readonly pocket: Pocket;

  private constructor(device: Device, vault: ReturnType<Device["start"]>, pocket: Pocket) {
    this.device = device;
    this.vault = vault;
    this.pocket = pocket;
  }

  static async create(device?: Device, open?: (vault: VaultApi) => Promise<unknown>): Promise<Child> {
    const own = device ?? (await Device.create());
    own.draw = drawSmall;
    const alone = own.connect;
    let opened: Pocket | null = null;
    own.connect = async (pocket) => {
      opened = pocket;
      return alone(pocket);
    };
    const vault = own.start();
    await (open ?? ((api: VaultApi) => api.createPocket(CHILD)))(vault);
    own.connect = alone;
    return new Child(own, vault, opened as unknown as Pocket);
  }

  async write(document: DocumentTag, change: (doc: Y.Doc) => void): Promise<void> {
    await this.pocket.documents.edit(this.pocket.keyring.me.pocket, document, change);
  }

  async record(document: DocumentTag, length: number, type: MediaType = "audio/webm"): Promise<void> {
    const blob = await this.vault.beginRecording(document, type);
    await this.vault.appendRecording(blob, webm(length), { durationMs: 9000, peaks: [1, 2, 31] });
    await this.vault.endRecording(blob);
  }

  takeAlong(options: Partial<TakeAlongOptions> = {}): Promise<{ file: Blob; made: TakeAlongMade }> {
    return takeAlong(this.vault, options);
  }

  bringIn(file: Blob, words: string | null = null): Promise<BroughtIn> {
    return this.vault.bringIn(file, words);
  }
}

/** The whole file, and what it says of itself. */
export async function takeAlong(
  vault: VaultApi,
  options: Partial<TakeAlongOptions> = {},
): Promise<{ file: Blob; made: TakeAlongMade }> {
  await vault.confirmCode(PICTURES);
  await vault.beginTakeAlong({ words: WORDS, sealedWith: null, from: 0, maxBytes: 2 ** 31, ...options });
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (;;) {
    const piece = await vault.nextOfTakeAlong();
    if (piece.type === "made") return { file: new Blob(pieces), made: piece.made };
    pieces.push(piece.bytes as Uint8Array<ArrayBuffer>);
  }
}

/** Every file of a zip by name, unpacked and checked. */
export async function unpack(file: Blob): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for await (const { entry, content } of filesOf(file.stream(), await directory(file))) {
    const pieces: Uint8Array[] = [];
    for await (const piece of content()) pieces.push(piece.slice());
    files.set(entry.name, Buffer.concat(pieces));
  }
  return files;
}

export const directory = async (file: Blob): Promise<readonly ZipEntry[]> =>
  readZipDirectory(new Uint8Array(await file.arrayBuffer()), file.size);

/** All that is content: what is the same wherever it is taken along from. */
export async function contentOf(file: Blob): Promise<Record<string, string>> {
  const files = [...(await unpack(file))].filter(([name]) => /^(entries|media)\//.test(name));
  return Object.fromEntries(files.map(([name, bytes]) => [name, Buffer.from(bytes).toString("base64")] as const));
}
