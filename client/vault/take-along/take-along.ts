/** What is taken along and brought in, as the page asks for it (api-take-along.ts): one of each at a time. */
import { concat } from "../../../crypto/bytes.ts";
import type { BlobId, BlobKey, DocumentTag } from "../../../crypto/types.ts";
import { type BlobRef, isPage, type PageKind } from "../../documents/kinds.ts";
import type { ShownBefore } from "../../documents/taken-along.ts";
import { NotADocument } from "../../documents/whole-document.ts";
import type { Inside } from "../api.ts";
import type {
  BookEntry,
  BookOptions,
  BroughtIn,
  TakeAlongInside,
  TakeAlongMade,
  TakeAlongPiece,
} from "../api-take-along.ts";
import { VaultFailure } from "../failure.ts";
import type { DrawPicture } from "../picture.ts";
import type { Pocket } from "../pocket.ts";
import { sealAgeFile } from "./age-file.ts";
import { isoOf } from "./archive-format.ts";
import { readBookEntry } from "./book-entry.ts";
import { bringIn } from "./bring-in.ts";
import { listWaiting } from "./door-documents.ts";
import { listOthers, listTogether, othersHere } from "./from-others.ts";
import { sweep } from "./keep-document.ts";
import { everyDocument, writeArchive } from "./write-archive.ts";

/** What travels to the page at once. */
const PIECE_BYTES = 1024 * 1024;
const PAGES = ["life", "me"] as const satisfies readonly PageKind[];
/** Between two words to the page about how far it is. */
const TELL_MS = 200;

export interface TakeAlongDeps {
  readonly pocket: Pocket;
  readonly beyond: Reached;
  readonly draw: DrawPicture;
  /** The pocket's one document of this kind (own-pages.ts). */
  page(kind: PageKind): Promise<DocumentTag>;
  /** @throws VaultFailure code-needed */
  requireCode(): void;
}

/** What is needed of what reaches beyond this device. */
interface Reached {
  readonly sharing: Pick<Inside, "people" | "shares" | "received">;
  readonly joint: Pick<Inside, "jointPages">;
  /** @throws offline, not-here */
  fetchOwnBlob(blob: BlobId, document: DocumentTag): Promise<void>;
  /** @throws offline, not-here */
  circleBlobKey(ref: BlobRef): Promise<BlobKey>;
}

interface UnderWay {
  readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly far: { done: number; total: number };
  made(): TakeAlongMade | null;
}

export function createTakeAlong({ pocket, beyond, draw, page, requireCode }: TakeAlongDeps): TakeAlongInside {
  const circles = { ...beyond.sharing, ...beyond.joint };
  let under: UnderWay | null = null;
  let bringing: { ended: boolean } | null = null;
  const end = async (): Promise<void> => {
    const last = under;
    under = null;
    await last?.reader.cancel().catch(() => undefined);
  };
  // What a closing left behind of a bringing in that was under way.
  void sweep(pocket).catch(() => undefined);

  return {
    takeAlongCount: async () => {
      const all = [...pocket.pages.fromNewest()];
      const years = new Set(all.map(({ createdAt }) => new Date(createdAt).getFullYear()));
      return { documents: all.length, years: [...years] };
    },
    beginTakeAlong: async (options) => {
      requireCode();
      await end();
      const far = { done: options.from, total: options.from };
      let made: TakeAlongMade | null = null;
      const bytes = writeArchive({
        pocket,
        options,
        shownOf: await readShown(beyond),
        others: [...(await listOthers(pocket, circles, options.words)), ...(await listWaiting(pocket))],
        circleBlobKey: (ref) => beyond.circleBlobKey(ref),
        fetchBlob: (document, blob) => beyond.fetchOwnBlob(blob, document),
        progress: (done, total) => Object.assign(far, { done, total }),
      });
      const zip = streamOf(bytes, (end) => {
        made = end;
      });
      const file = options.sealedWith === null ? zip : await sealAgeFile(zip, options.sealedWith);
      under = { reader: file.getReader(), far, made: () => made };
    },
    nextOfTakeAlong: async () => {
      if (under === null) throw new VaultFailure("not-here");
      const { reader, far, made } = under;
      const pieces: Uint8Array[] = [];
      let held = 0;
      while (held < PIECE_BYTES) {
        const { done, value } = await reader.read();
        if (done) break;
        // What age gives out is its own buffer no longer, but what the zip gives may be a view of a larger one.
        pieces.push(value);
        held += value.length;
      }
      if (held > 0) return { type: "bytes", bytes: concat(...pieces), ...far } satisfies TakeAlongPiece;
      under = null;
      const whole = made();
      if (whole === null) throw new VaultFailure("failed");
      return { type: "made", made: whole };
    },
    endTakeAlong: end,
    bringIn: async (file, words) => {
      if (bringing !== null) throw new VaultFailure("not-allowed");
      const mine: { ended: boolean } = { ended: false };
      bringing = mine;
      const count = { documents: 0, known: 0, left: 0, damaged: 0 };
      let told = 0;
      const step = (done: number, total: number): void => {
        if (mine.ended) throw new VaultFailure("not-here");
        if (done < total && pocket.clock.now() - told < TELL_MS) return;
        told = pocket.clock.now();
        pocket.emit({ type: "bringing-in", done, total });
      };
      try {
        await sweep(pocket);
        const kind = await bringIn({ pocket, draw, count, step, here: await othersHere(pocket, circles) }, file, words);
        return { kind, ...count } satisfies BroughtIn;
      } finally {
        bringing = null;
        await sweep(pocket).catch(() => undefined);
        pocket.emit({ type: "changed", what: "timeline" });
      }
    },
    endBringingIn: async () => {
      if (bringing !== null) bringing.ended = true;
    },
    book: async (options) => {
      requireCode();
      const space = pocket.keyring.me.pocket;
      const pages = await Promise.all(PAGES.filter((kind) => pocket.pages.allOf(kind).length > 0).map(page));
      const wanted = everyDocument(pocket).filter((summary) =>
        isPage(summary.kind) ? pages.includes(summary.document) && !options.pinnedOnly : isWanted(summary, options),
      );
      const entries: BookEntry[] = [];
      const shownOf = await readShown(beyond);
      for (const { document } of wanted) {
        if (pocket.pages.get(document) === null) continue;
        const entry = await pocket.documents.read(space, document, (doc) => readBookEntry(doc, document));
        const shown = [...entry.shown, ...shownOf(document)];
        entries.push({ ...entry, shown });
      }
      if (!options.withTogether || options.pinnedOnly) return entries;
      const together = (await listTogether(pocket, circles)).filter((page) => isWithin(page, options));
      // A page that nobody's Lomme writes so can't be read, and costs no other.
      for (const { read } of together) entries.push(...(await read().then(({ entry }) => [entry], none)));
      return entries.toSorted((a, b) => a.createdAt - b.createdAt);
    },
  };
}

function isWanted({ kind, createdAt, marks }: ReturnType<typeof everyDocument>[number], options: BookOptions): boolean {
  if (marks.binnedAt !== null || !isWithin({ createdAt }, options)) return false;
  if (marks.archived && !options.withPutAway) return false;
  if (options.pinnedOnly && !marks.pinned) return false;
  return kind !== "wish" || options.withWishes;
}

const isWithin = (
  { createdAt }: { readonly createdAt: number },
  { from = Number.NEGATIVE_INFINITY, before = Number.POSITIVE_INFINITY }: BookOptions,
): boolean => createdAt >= from && createdAt < before;

/** What a generator gives, only when it is asked for; `ended` hears what it gives back at the end. */
function streamOf(
  bytes: AsyncGenerator<Uint8Array, TakeAlongMade>,
  ended: (made: TakeAlongMade) => void,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await bytes.next();
        if (next.done) {
          ended(next.value);
          controller.close();
        } else controller.enqueue(next.value.slice());
      },
      cancel: async () => {
        await bytes.return(undefined as never).catch(() => undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

function none(error: unknown): readonly BookEntry[] {
  if (error instanceof NotADocument) return [];
  throw error;
}

type ShownOf = (document: DocumentTag) => readonly ShownBefore[];

/** What became of each document that was shown, read once for all of them. */
async function readShown({ sharing }: Reached): Promise<ShownOf> {
  const names = new Map((await sharing.people()).map(({ id, name }) => [id, name]));
  const byDocument = new Map<DocumentTag, ShownBefore[]>();
  for (const { document, person, steps, takeBack, answers } of await sharing.shares()) {
    const shown = {
      to: names.get(person) ?? "",
      at: isoOf(steps[0]?.at ?? 0),
      takenBack: takeBack !== null,
      answers: answers.map(({ from, at, text, wish }) => ({
        from: from === "me" ? null : (names.get(from) ?? ""),
        at: isoOf(at),
        text,
        wish,
      })),
    };
    byDocument.set(document, [...(byDocument.get(document) ?? []), shown]);
  }
  return (document) => byDocument.get(document) ?? [];
}
