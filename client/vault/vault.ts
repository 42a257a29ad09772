/**
 * The vault of one worker: the threshold, and behind it at most one open pocket. Everything the page calls goes through
 * here and every error leaves as a `VaultError` (a plain object: a class would lose its code on the hop).
 */
import type { DoorPublicKey } from "../../crypto/types.ts";
import { drawIndexes } from "../../crypto/unlocking.ts";
import { BIN_MS } from "../documents/marks.ts";
import { createAlone } from "./alone.ts";
import type { Inside, LeftAtDoor, PocketId, Threshold, VaultApi, VaultEvent } from "./api.ts";
import { createArrivals } from "./arrivals.ts";
import { findCover, toCover } from "./covers.ts";
import type { Decoder } from "./decoder.ts";
import { leaveAtDoor, turnDoorKey } from "./door.ts";
import { toVaultError, VaultFailure } from "./failure.ts";
import { type Beyond, createInside, createSideInside } from "./inside.ts";
import type { OfferLink } from "./offer-link.ts";
import type { OneWindow } from "./one-window.ts";
import { beginOpening, type StoreUnderWay } from "./opening.ts";
import type { DrawPicture } from "./picture.ts";
import { openPocket, type Pocket } from "./pocket.ts";
import type { Http, Reserve } from "./ports.ts";
import { createRecorder } from "./recorder.ts";
import { restoreSummaries } from "./repair.ts";
import { SealedStore } from "./sealed-store.ts";
import { gatherTexts } from "./search.ts";
import { Side } from "./side/side.ts";
import { createSideShelf, noBurnFile, sideRowOf } from "./side/side-shelf.ts";
import { type Crossed, createPocket, openPocketKey, type ThresholdDeps } from "./threshold.ts";

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

interface Opened {
  readonly pocket: Pocket;
  readonly link: OfferLink | null;
  readonly inside: Inside;
  close(): Promise<void>;
}

const PICTURES = 64;
const PICTURES_IN_CODE = 7;
const MAX_DRAWN = 64;
/** From unlocking to reading what search needs. */
const GATHER_AFTER_MS = 400;
/** From unlocking to laying room aside, which nobody waits for. */
const RESERVE_AFTER_MS = 2_000;

export function createVault(deps: VaultDeps): VaultApi {
  const listeners = new Set<(event: VaultEvent) => void>();
  let opened: Opened | null = null;
  const emit = (event: VaultEvent): void => {
    for (const listener of listeners) listener(event);
  };

  /** Another window wants to be the one: everything is sealed, then this vault holds nothing any more. */
  const giveUp = async (): Promise<void> => {
    const last = opened;
    opened = null;
    emit({ type: "taken-over" });
    await last?.inside.seal(0).catch(() => undefined);
    await last?.close();
  };

  const enter = async (crossed: Crossed, byCard = false, store: StoreUnderWay | null = null): Promise<void> => {
    if (opened !== null) throw new VaultFailure("not-allowed");
    const letGo = await deps.window.claim(giveUp);
    try {
      opened = await openInside(deps, crossed, emit, { byCard, store });
    } catch (error) {
      letGo();
      throw error;
    }
  };

  const enterNew = async (crossed: Crossed): Promise<PocketId> => {
    await enter(crossed);
    return toCover(crossed.row).id;
  };

  const arrivals = createArrivals({ ...deps, emit });

  const threshold: Threshold = {
    covers: async () => (await deps.shelf.covers()).map(toCover),
    drawPictures: async () => drawIndexes(PICTURES_IN_CODE, PICTURES),
    drawNumbers: async (count, below) => drawIndexes(Math.min(count, MAX_DRAWN), below),
    createPocket: async (wanted) => {
      return enterNew(await createPocket(deps, wanted));
    },
    unlock: async (pocket, secret) => {
      // A database that isn't there must not be made; its opening needs no key, and waits for none.
      await findCover(deps.shelf, pocket);
      const store = beginOpening(deps.shelf, pocket);
      try {
        await enter(await openPocketKey(deps, pocket, secret), secret.kind === "card", store);
      } finally {
        store.end();
      }
    },
    leaveAtDoor: (pocket, left) => leaveOutside(deps, pocket, left),
    restore: (rows) => arrivals.restore(rows),
    finishRestore: async (wanted) => enterNew(await arrivals.finishRestore(wanted)),
    takeLink: (payload, about) => arrivals.takeLink(payload, about),
    linkStep: async () => (opened === null ? arrivals.linkStep() : (opened.link?.step() ?? null)),
    confirmLink: async (same) => {
      if (opened === null) arrivals.confirmLink(same);
      else await opened.link?.confirm(same);
    },
    endLink: async () => {
      if (opened === null) arrivals.endLink();
      else await opened.link?.end();
    },
    finishLink: async (wanted) => enterNew(await arrivals.finishLink(wanted)),
  };

  const api: Record<string, unknown> = {
    ...threshold,
    listen: async (listener: (event: VaultEvent) => void) => {
      listeners.add(listener);
    },
  };
  for (const name of INSIDE) {
    api[name] = (...args: never[]) => {
      if (opened === null) throw new VaultFailure("locked");
      return (opened.inside[name] as (...args: never[]) => unknown)(...args);
    };
  }
  return withVaultErrors(api) as unknown as VaultApi;
}

interface Way {
  readonly byCard: boolean;
  readonly store: StoreUnderWay | null;
}

async function openInside(
  deps: VaultDeps,
  crossed: Crossed,
  emit: (event: VaultEvent) => void,
  { byCard, store: underWay }: Way,
): Promise<Opened> {
  if (crossed.isSide) return openSideInside(deps, crossed, emit);
  const raw = await (underWay?.take() ?? deps.shelf.openStore(crossed.row.id));
  const store = await SealedStore.open(raw, crossed.vaultKey);
  const { shelf, clock, decoder, burn: burnFile } = deps;
  let side: Side | null = null;
  const told = (event: VaultEvent): void => {
    emit(event);
    if (event.type === "changed" && event.what === "timeline") side?.soon();
  };
  const parts = { ...crossed, shelf, clock, burnFile, decoder, store, emit: told };
  const pocket = store === null ? null : await openPocket({ ...parts, store });
  if (pocket === null) {
    raw.close();
    throw new VaultFailure("store-unreadable");
  }
  side = new Side(pocket, deps);
  try {
    return await furnish(deps, pocket, byCard, side);
  } catch (error) {
    await pocket.close();
    throw error;
  }
}

/** The small pocket behind a second code. It is tied to nothing: no server ever hears of it. */
async function openSideInside(deps: VaultDeps, crossed: Crossed, emit: (event: VaultEvent) => void): Promise<Opened> {
  const { shelf, clock, decoder } = deps;
  const raw = await shelf.openStore(crossed.row.side?.id ?? "");
  const store = await SealedStore.open(raw, crossed.vaultKey);
  const [row, sideShelf] = [sideRowOf(crossed.row), createSideShelf(shelf)];
  const parts = { ...crossed, row, shelf: sideShelf, clock, burnFile: noBurnFile, decoder, emit };
  const pocket = store === null ? null : await openPocket({ ...parts, store });
  if (pocket === null) {
    raw.close();
    throw new VaultFailure("store-unreadable");
  }
  const recorder = createRecorder(pocket, deps.hasRoom);
  void recorder.resume().catch(() => undefined);
  pocket.clock.after(GATHER_AFTER_MS, () => void gatherTexts(pocket).catch(() => undefined));
  const inside = createSideInside(pocket, createAlone(pocket), recorder, { ...deps, byCard: false, side: null });
  void emptyBin(pocket, inside).catch(() => undefined);
  return { pocket, link: null, inside, close: () => pocket.close() };
}

async function furnish(deps: VaultDeps, pocket: Pocket, byCard: boolean, side: Side): Promise<Opened> {
  if (pocket.row.door !== null) {
    const { door, settle } = await turnDoorKey(pocket.store, true);
    await pocket.changeRow((row) => ({ ...row, door }));
    await settle();
  }
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
    pocket,
    link: beyond.devices?.link ?? null,
    inside,
    close: async () => {
      await beyond.stop();
      await side.close();
      await pocket.close();
    },
  };
}

/** What has lain in the bin for its 30 days goes; what doesn't go now goes at the next unlocking. */
async function emptyBin({ pages, clock }: Pocket, inside: Inside): Promise<void> {
  for (const document of pages.binnedBefore(clock.now() - BIN_MS)) await inside.removeDocument(document);
}

async function leaveOutside(deps: VaultDeps, pocket: string, left: LeftAtDoor): Promise<void> {
  const row = await findCover(deps.shelf, pocket);
  if (row.door === null) throw new VaultFailure("door-closed");
  const store = await deps.shelf.openStore(row.id);
  try {
    await leaveAtDoor(store, row.door as DoorPublicKey, left, deps.draw, deps.clock.now());
  } finally {
    store.close();
  }
}

/** Every function of `api`, failing with a plain VaultError. */
function withVaultErrors(api: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(api).map(([name, call]) => [
      name,
      async (...args: unknown[]) => {
        try {
          return await (call as (...args: unknown[]) => unknown)(...args);
        } catch (error) {
          throw toVaultError(error);
        }
      },
    ]),
  );
}

/** All of Inside by name: the compiler refuses a list with one missing. */
const INSIDE = Object.keys({
  cover: 0,
  changeCover: 0,
  profile: 0,
  setName: 0,
  createDocument: 0,
  openDocument: 0,
  timeline: 0,
  overview: 0,
  summaries: 0,
  isWhole: 0,
  markedWords: 0,
  page: 0,
  memorySettings: 0,
  setMemories: 0,
  setBrake: 0,
  memories: 0,
  search: 0,
  removeDocument: 0,
  takeOutOfBin: 0,
  addPhoto: 0,
  readBlob: 0,
  beginRecording: 0,
  appendRecording: 0,
  endRecording: 0,
  dropRecording: 0,
  openRecording: 0,
  people: 0,
  invite: 0,
  join: 0,
  confirmPictures: 0,
  removePerson: 0,
  previewAgain: 0,
  sameAgain: 0,
  preview: 0,
  show: 0,
  shares: 0,
  takeBack: 0,
  received: 0,
  markOpened: 0,
  answer: 0,
  seeAnswers: 0,
  keepInCaseFile: 0,
  jointPages: 0,
  startJoint: 0,
  setPresence: 0,
  setDoor: 0,
  doorItems: 0,
  acceptDoorItem: 0,
  binDoorItem: 0,
  reminder: 0,
  dismissReminder: 0,
  confirmCode: 0,
  changeCode: 0,
  makeCard: 0,
  tryCard: 0,
  cardState: 0,
  devices: 0,
  devicesSign: 0,
  nameDevice: 0,
  removeDevice: 0,
  offerLink: 0,
  waits: 0,
  stopWait: 0,
  cardWait: 0,
  setCardWait: 0,
  cardReach: 0,
  sideState: 0,
  letSee: 0,
  setSideCode: 0,
  endSide: 0,
  takeAlongCount: 0,
  beginTakeAlong: 0,
  nextOfTakeAlong: 0,
  endTakeAlong: 0,
  bringIn: 0,
  endBringingIn: 0,
  book: 0,
  copies: 0,
  isFull: 0,
  roomFor: 0,
  maySpeakOf: 0,
  spokeOf: 0,
  keepsOriginals: 0,
  keepOriginals: 0,
  takeOriginal: 0,
  removeOriginal: 0,
  addPasskey: 0,
  removePasskey: 0,
  syncState: 0,
  seal: 0,
} satisfies Record<keyof Inside, 0>) as (keyof Inside)[];
