/**
 * From a pocket's key to all that the page may ask of it, in two steps: the keyring and the newest few summaries, from which the
 * first screen is drawn, and then the rest (all summaries, the door, the ties to server and people). Between the two
 * the cover and the newest things are answered; every other call waits, and nothing is written.
 */
import { BIN_MS } from "../documents/marks.ts";
import { createAlone } from "./alone.ts";
import type { FirstThings, Inside, PocketCover, VaultErrorCode, VaultEvent } from "./api.ts";
import type { Beyond } from "./beyond.ts";
import { toCover } from "./covers.ts";
import type { Decoder } from "./decoder.ts";
import { turnDoorKey } from "./door.ts";
import { toVaultError, VaultFailure } from "./failure.ts";
import { createInside } from "./inside.ts";
import type { OfferLink } from "./offer-link.ts";
import type { OneWindow } from "./one-window.ts";
import type { Opening } from "./opening.ts";
import { FIRST_THINGS } from "./page-ages.ts";
import type { DrawPicture } from "./picture.ts";
import { openPocketAhead, type Pocket } from "./pocket.ts";
import type { Http, Reserve } from "./ports.ts";
import { createRecorder } from "./recorder.ts";
import { restoreSummaries } from "./repair.ts";
import { SealedStore } from "./sealed-store.ts";
import { gatherTexts } from "./search.ts";
import { Side } from "./side/side.ts";
import { narrowToSide } from "./side/side-inside.ts";
import { createSideShelf, noBurnFile, sideRowOf } from "./side/side-shelf.ts";
import type { Crossed, ThresholdDeps } from "./threshold.ts";

export interface VaultDeps extends Omit<ThresholdDeps, "http"> {
  /** Null for tests of a browser that has no net. */
  readonly http: Http | null;
  readonly window: OneWindow;
  readonly draw: DrawPicture;
  /** Looks at what others wrote before it comes near a document. */
  readonly decoder: Decoder;
  /** Room laid aside for a full disk; none in tests. */
  readonly reserve?: Pick<Reserve, "fill">;
  /** Whether the browser still gives this origin so many bytes; true where it doesn't say. */
  hasRoom(bytes: number): Promise<boolean>;
  /** Ties the pocket to the server and to other people. `stop` ends that. */
  connect(pocket: Pocket): Promise<Beyond & { stop(): Promise<void> }>;
}

/** Of the newest so many are answered before the rest is there. */
const FIRST_SUMMARIES = 40;
/**
 * The rest is begun by whoever asks for something of it. Home does once it is drawn: until then it has the processor for itself.
 * A screen that asks for nothing holds it up no longer than this.
 */
const FIRST_SCREEN_MS = 300;
/** From then to reading what search needs. */
const GATHER_AFTER_MS = 400;
/** To laying room aside, which nobody waits for. */
const RESERVE_AFTER_MS = 2_000;

export interface Furnished {
  readonly inside: Inside;
  readonly link: OfferLink | null;
  stop(): Promise<void>;
}

export interface Opened {
  /** What the first screen is drawn from. Never begins the rest. */
  first(): Promise<FirstThings>;
  /** The answer to a call that needn't wait for the rest; null when it has to. */
  ahead(name: keyof Inside, args: readonly unknown[]): Promise<unknown>;
  /** With everything. Who asks first begins it. @throws StoreError */
  furnished(): Promise<Furnished>;
  /** Seals what waits, and ends it. Never fails. */
  end(): Promise<void>;
}

interface Way {
  readonly byCard: boolean;
  readonly opening: Opening | null;
  emit(event: VaultEvent): void;
  /** The database is taken away: what waits is sealed while it can be. */
  closed(): Promise<void>;
  /** The second step failed: the pocket is closed again. */
  failed(code: VaultErrorCode): void;
}

export async function openInside(deps: VaultDeps, crossed: Crossed, way: Way): Promise<Opened> {
  return crossed.isSide ? openSide(deps, crossed, way) : openOwn(deps, crossed, way);
}

async function openOwn(deps: VaultDeps, crossed: Crossed, { byCard, opening, emit, closed, failed }: Way) {
  const raw = await (opening?.take() ?? deps.shelf.openStore(crossed.row.id, closed));
  const store = await SealedStore.open(raw, crossed.vaultKey);
  const { shelf, clock, decoder, burn: burnFile } = deps;
  let side: Side | null = null;
  const told = (event: VaultEvent): void => {
    emit(event);
    if (event.type === "changed" && event.what === "timeline") side?.soon();
  };
  const parts = { ...crossed, shelf, clock, burnFile, decoder, store, emit: told };
  const pocket = store === null ? null : await openPocketAhead({ ...parts, store }, FIRST_THINGS);
  if (pocket === null) {
    raw.close();
    throw new VaultFailure("store-unreadable");
  }
  const ofPocket = new Side(pocket, deps);
  side = ofPocket;
  return inTwoSteps(pocket, failed, async () => {
    if (crossed.settle) await pocket.settleRow(crossed.settle);
    return furnish(deps, pocket, byCard, ofPocket);
  });
}

/** The small pocket behind a second code. It is tied to nothing: no server ever hears of it. */
async function openSide(deps: VaultDeps, crossed: Crossed, { emit, closed, failed }: Way): Promise<Opened> {
  const { shelf, clock, decoder } = deps;
  const raw = await shelf.openStore(crossed.row.side?.id ?? "", closed);
  const store = await SealedStore.open(raw, crossed.vaultKey);
  const [row, sideShelf] = [sideRowOf(crossed.row), createSideShelf(shelf)];
  const parts = { ...crossed, row, shelf: sideShelf, clock, burnFile: noBurnFile, decoder, emit };
  const pocket = store === null ? null : await openPocketAhead({ ...parts, store }, FIRST_THINGS);
  if (pocket === null) {
    raw.close();
    throw new VaultFailure("store-unreadable");
  }
  return inTwoSteps(
    pocket,
    failed,
    async () => {
      // Past what the small pocket may write of the cover.
      if (crossed.settle) await shelf.changeCover(crossed.row.id, crossed.settle);
      const recorder = createRecorder(pocket, deps.hasRoom);
      void recorder.resume().catch(() => undefined);
      pocket.clock.after(GATHER_AFTER_MS, () => void gatherTexts(pocket).catch(() => undefined));
      const whole = createInside(pocket, createAlone(pocket), recorder, { ...deps, byCard: false, side: null });
      const inside = narrowToSide(pocket, whole);
      void emptyBin(pocket, inside).catch(() => undefined);
      return { inside, link: null, stop: async () => undefined };
    },
    true,
  );
}

function inTwoSteps(
  pocket: Pocket,
  failed: (code: VaultErrorCode) => void,
  furnishing: () => Promise<Furnished>,
  isSide = false,
): Opened {
  const { clock, pages, store } = pocket;
  let rest: Promise<Furnished> | null = null;
  let isThere = false;
  let isOver = false;

  const close = async (): Promise<void> => {
    isOver = true;
    cancel();
    const there = await rest?.catch(() => null);
    await there?.inside.seal(0).catch(() => undefined);
    await there?.stop().catch(() => undefined);
    await pocket.close().catch(() => undefined);
  };
  const begin = async (): Promise<Furnished> => {
    await store.exclusive(() => pages.readAll());
    const furnished = await furnishing();
    isThere = true;
    // bench:client reads it, and it goes with this worker.
    performance.mark("furnished");
    return furnished;
  };
  const furnished = (): Promise<Furnished> => {
    if (rest !== null) return rest;
    if (isOver) return Promise.reject(new VaultFailure("locked"));
    rest = begin();
    rest.catch(async (error: unknown) => {
      if (isOver) return;
      await close();
      failed(toVaultError(error).code);
    });
    return rest;
  };
  const soon = (): void => void furnished().catch(() => undefined);
  const { role } = pocket.keyring.me;
  const cancel = clock.after(role === "child" ? FIRST_SCREEN_MS : 0, soon);

  const cover = (): PocketCover => ({ ...toCover(pocket.row), ...(isSide ? { isSide } : {}) });
  const ahead: Partial<Record<keyof Inside, (...args: never[]) => Promise<unknown>>> = {
    cover: async () => cover(),
    timeline: async (...[kind, before, limit, where]: Parameters<Inside["timeline"]>) => {
      if (before !== undefined || (limit ?? Number.POSITIVE_INFINITY) > FIRST_SUMMARIES) return null;
      return pages.ahead(kind, limit ?? 0, where);
    },
    // Nothing was written yet: whoever locks now doesn't wait for the rest.
    seal: async () => true,
  };
  return {
    first: async () => ({ cover: cover(), newest: (await pages.ahead("entry", FIRST_THINGS)) ?? [] }),
    ahead: async (name, args) => (isThere ? null : ((await ahead[name]?.(...(args as never[]))) ?? null)),
    furnished,
    end: close,
  };
}

async function furnish(deps: VaultDeps, pocket: Pocket, byCard: boolean, side: Side): Promise<Furnished> {
  // A full disk must not keep the pocket shut: the door stays as it is, and what was left there waits.
  if (pocket.row.door !== null) await turnDoorKey(pocket).catch(() => undefined);
  const beyond = await deps.connect(pocket);
  void restoreSummaries(pocket).catch(() => undefined);
  // After the first screen: nobody searches before it stands, and it asks for its lists right now.
  pocket.clock.after(GATHER_AFTER_MS, () => void gatherTexts(pocket).catch(() => undefined));
  const { reserve } = deps;
  if (reserve !== undefined) {
    pocket.layAside = () => reserve.fill();
    pocket.clock.after(RESERVE_AFTER_MS, () => void reserve.fill().then(() => pocket.roomAgain()));
  }
  const recorder = createRecorder(pocket, deps.hasRoom);
  void recorder.resume().catch(() => undefined);
  const inside = createInside(pocket, beyond, recorder, { ...deps, byCard, side });
  void emptyBin(pocket, inside).catch(() => undefined);
  side.soon();
  return {
    inside,
    link: beyond.devices?.link ?? null,
    stop: async () => {
      await beyond.stop();
      await side.close();
    },
  };
}

/** What has lain in the bin for its 30 days goes; what doesn't go now goes at the next unlocking. */
async function emptyBin({ pages, clock }: Pocket, inside: Inside): Promise<void> {
  for (const document of pages.binnedBefore(clock.now() - BIN_MS)) await inside.removeDocument(document);
}
