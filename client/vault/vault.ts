/**
 * The vault of one worker: the threshold, and behind it at most one open pocket. Everything the page calls goes through
 * here and every error leaves as a `VaultError` (a plain object: a class would lose its code on the hop).
 */
import type { DoorPublicKey } from "../../crypto/types.ts";
import { drawIndexes } from "../../crypto/unlocking.ts";
import type { Inside, LeftAtDoor, PocketId, Threshold, VaultApi, VaultErrorCode, VaultEvent } from "./api.ts";
import { createArrivals } from "./arrivals.ts";
import { findCover, toCover } from "./covers.ts";
import { leaveAtDoor } from "./door.ts";
import { toVaultError, VaultFailure } from "./failure.ts";
import type { OfferLink } from "./offer-link.ts";
import { type Opened, openInside, type VaultDeps } from "./open-inside.ts";
import { beginOpening, type Opening } from "./opening.ts";
import { type Crossed, createPocket, openPocketKey } from "./threshold.ts";

export type { VaultDeps } from "./open-inside.ts";

const PICTURES = 64;
const PICTURES_IN_CODE = 7;
const MAX_DRAWN = 64;

/** The place of the one window is ours, and the pocket isn't open yet. */
interface Entering {
  /** Another window has asked for the place meanwhile. */
  isAsked: boolean;
  readonly over: Promise<void>;
}

export function createVault(deps: VaultDeps): VaultApi {
  const listeners = new Set<(event: VaultEvent) => void>();
  let opened: Opened | null = null;
  let entering: Entering | null = null;
  const emit = (event: VaultEvent): void => {
    for (const listener of listeners) listener(event);
  };

  /** Another window wants to be the one, or the database (a newer Lomme upgrades it): everything is sealed, then this vault holds nothing any more. */
  const giveUp = async (): Promise<void> => {
    if (entering !== null) {
      // Between the place and the pocket: what is being opened is ended by whoever opens it, and the place kept until then.
      entering.isAsked = true;
      await entering.over;
      return;
    }
    const last = opened;
    opened = null;
    emit({ type: "taken-over" });
    await last?.end();
    emit({ type: "let-go" });
  };

  const enter = async (crossed: Crossed, byCard = false, opening: Opening | null = null): Promise<Opened> => {
    if (opened !== null) throw new VaultFailure("not-allowed");
    const letGo = await (opening ?? deps.window).claim(giveUp);
    let isOver = (): void => undefined;
    const way: Entering = { isAsked: false, over: new Promise((resolve) => (isOver = resolve)) };
    entering = way;
    const failed = (code: VaultErrorCode): void => {
      opened = null;
      letGo();
      emit({ type: "failed", code });
    };
    try {
      const inside = await openInside(deps, crossed, { byCard, opening, emit, closed: giveUp, failed });
      if (way.isAsked) {
        await inside.end();
        throw new VaultFailure("busy-elsewhere");
      }
      opened = inside;
      return inside;
    } catch (error) {
      letGo();
      throw error;
    } finally {
      entering = null;
      isOver();
    }
  };

  const enterNew = async (crossed: Crossed): Promise<PocketId> => {
    await (await enter(crossed)).furnished();
    return toCover(crossed.row).id;
  };

  const link = async (): Promise<OfferLink | null> => (await opened?.furnished())?.link ?? null;

  const arrivals = createArrivals({ ...deps, emit });

  const threshold: Threshold = {
    covers: async () => (await deps.shelf.covers()).map(toCover),
    drawPictures: async () => drawIndexes(PICTURES_IN_CODE, PICTURES),
    drawNumbers: async (count, below) => drawIndexes(Math.min(count, MAX_DRAWN), below),
    createPocket: async (wanted) => {
      return enterNew(await createPocket(deps, wanted));
    },
    unlock: async (pocket, secret) => {
      // A database that isn't there must not be made.
      await findCover(deps.shelf, pocket);
      const opening = beginOpening(deps, pocket, giveUp);
      try {
        const entered = await enter(await openPocketKey(deps, pocket, secret), secret.kind === "card", opening);
        return await entered.first();
      } finally {
        opening.end();
      }
    },
    leaveAtDoor: (pocket, left) => leaveOutside(deps, pocket, left),
    restore: (rows) => arrivals.restore(rows),
    finishRestore: async (wanted) => enterNew(await arrivals.finishRestore(wanted)),
    takeLink: (payload, about) => arrivals.takeLink(payload, about),
    linkStep: async () => (opened === null ? arrivals.linkStep() : ((await (await link())?.step()) ?? null)),
    confirmLink: async (same) => {
      if (opened === null) arrivals.confirmLink(same);
      else await (await link())?.confirm(same);
    },
    endLink: async () => {
      if (opened === null) arrivals.endLink();
      else await (await link())?.end();
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
    api[name] = async (...args: never[]) => {
      const here = opened;
      if (here === null) throw new VaultFailure("locked");
      const early = await here.ahead(name, args);
      if (early !== null) return early;
      const { inside } = await here.furnished();
      return (inside[name] as (...args: never[]) => unknown)(...args);
    };
  }
  return withVaultErrors(api) as unknown as VaultApi;
}

async function leaveOutside(deps: VaultDeps, pocket: string, left: LeftAtDoor): Promise<void> {
  const readDoor = async () => (await findCover(deps.shelf, pocket)).door as DoorPublicKey | null;
  if ((await readDoor()) === null) throw new VaultFailure("door-closed");
  const store = await deps.shelf.openStore(pocket);
  try {
    await leaveAtDoor(store, readDoor, left, deps.draw, deps.clock.now());
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
  answeredBefore: 0,
  isWhole: 0,
  markedWords: 0,
  page: 0,
  memorySettings: 0,
  setMemories: 0,
  setBrake: 0,
  memories: 0,
  search: 0,
  removeDocument: 0,
  removeIfEmpty: 0,
  takeOutOfBin: 0,
  addPhoto: 0,
  addStopPhoto: 0,
  putDrawing: 0,
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
  roomLeft: 0,
  roomFor: 0,
  maySpeakOf: 0,
  spokeOf: 0,
  keepsOriginals: 0,
  keepOriginals: 0,
  takeOriginal: 0,
  removeOriginal: 0,
  room: 0,
  addTokens: 0,
  giveMoreRoom: 0,
  addPasskey: 0,
  removePasskey: 0,
  syncState: 0,
  seal: 0,
} satisfies Record<keyof Inside, 0>) as (keyof Inside)[];
