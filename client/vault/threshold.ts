/**
 * Crossing the threshold: making a pocket, and opening one with a code or a card. Nothing here knows what is inside.
 */
import { CryptoError } from "../../crypto/errors.ts";
import { randomId } from "../../crypto/ids.ts";
import { KEY_BYTES, randomBytes } from "../../crypto/sodium.ts";
import type { Burn, CardSecret, VaultKey, WayIn, WayInSeed } from "../../crypto/types.ts";
import { createBurn, createVaultKey } from "../../crypto/unlocking.ts";
import { createWayIn, openWayIn, parseWayIn } from "../../crypto/ways-in.ts";
import type { DeviceAbout, NewHere, NewPocket, PocketId, WayInSecret } from "./api.ts";
import { cardSeed, codeBytes, codeSeed, type Kdf, readCard } from "./codes.ts";
import { encodeCover, findCover } from "./covers.ts";
import { VaultFailure } from "./failure.ts";
import { Keyring } from "./keyring.ts";
import type { OwnKeys } from "./own-keys.ts";
import { type BurnFile, type Clock, type CoverRow, type Http, type Shelf, STORE_FORMAT } from "./ports.ts";
import { askForKeys } from "./recovery.ts";
import { SealedStore } from "./sealed-store.ts";
import { NO_TRIES, oneMoreFailed, waitBeforeTry } from "./tries.ts";

export interface ThresholdDeps {
  readonly shelf: Shelf;
  readonly clock: Clock;
  readonly kdf: Kdf;
  readonly burn: BurnFile;
  /** Where the card's wraps lie; null for a pocket that knows no server. */
  readonly http: Pick<Http, "getWrap"> | null;
}

/** What `bringPocket` takes over. */
export type Brought = Parameters<typeof Keyring.arrive>[1];

export interface Crossed {
  readonly about?: DeviceAbout | undefined;
  readonly row: CoverRow;
  readonly vaultKey: VaultKey;
  readonly burn: Burn;
  /** A second code was given: the key is that of the small pocket behind it (side/side.ts). */
  readonly isSide?: true;
  /** The count of tries as it shall be now, to be kept before anything else of the cover; the first screen needn't wait. */
  readonly settle?: (now: CoverRow) => CoverRow;
}

const DEFAULT_LOCK_DELAY_MS = 60_000;
const DEFAULT_IDLE_LOCK_MS = 180_000;

/**
 * Makes the keys, then the cover: a pocket whose making was broken off has no cover and is never seen.
 * @throws VaultFailure wrong-code for what can't be a code; StoreError storage-full
 */
export const createPocket = (deps: ThresholdDeps, wanted: NewPocket): Promise<Crossed> =>
  makePocket(deps, wanted, (store) => Keyring.create(store, wanted.role));

/** As `createPocket`, for a pocket whose keys came from elsewhere (by the card, or from another device). */
export const bringPocket = (deps: ThresholdDeps, wanted: NewHere, keys: Brought): Promise<Crossed> =>
  makePocket(deps, { ...wanted, role: keys.me.role }, (store) => Keyring.arrive(store, keys), keys.me.recovery);

async function makePocket(
  deps: ThresholdDeps,
  wanted: NewPocket,
  fill: (store: SealedStore) => Promise<unknown>,
  recovery: WayInSeed | null = null,
): Promise<Crossed> {
  const { role, colour, stitch, language, country, look, wayIn } = wanted;
  if (wayIn.kind === "card" || wayIn.kind === "prf") throw new VaultFailure("not-allowed");
  const { seed, params } = await deps.kdf.calibrate(codeBytes(wayIn));
  const id = randomId<PocketId>();
  const vaultKey = createVaultKey();
  const burn = createBurn();
  const cover = { role, colour, stitch, language, country, look };
  const row: CoverRow = {
    id,
    format: STORE_FORMAT,
    cover: encodeCover({ ...cover, lockDelayMs: DEFAULT_LOCK_DELAY_MS, idleLockMs: DEFAULT_IDLE_LOCK_MS }),
    waysIn: [
      createWayIn({ kind: wayIn.kind, seed, params, vaultKey, burn }),
      ...(recovery === null ? [] : [createWayIn({ kind: "card", seed: recovery, vaultKey, burn })]),
    ],
    door: null,
    ...NO_TRIES,
  };
  try {
    await deps.burn.write(id, burn);
    const store = await deps.shelf.openStore(id);
    try {
      await fill(await SealedStore.create(store, vaultKey));
    } finally {
      store.close();
    }
    await deps.shelf.putCover(row);
  } catch (error) {
    await deps.shelf.remove(id).catch(() => undefined);
    throw error;
  }
  return { row, vaultKey, burn, about: wanted.device };
}

/** @throws VaultFailure wrong-code, card-rows, slow-down, older-store, store-unreadable */
export async function openPocketKey(deps: ThresholdDeps, pocket: string, secret: WayInSecret): Promise<Crossed> {
  let before = await findCover(deps.shelf, pocket);
  const wait = waitBeforeTry(before, deps.clock.now());
  if (wait > 0) throw new VaultFailure("slow-down", { seconds: Math.ceil(wait / 1000) });
  const card = secret.kind === "card" ? readCard(secret.rows) : null;
  const code = secret.kind === "card" ? null : secret;
  // What can't be a code at all isn't counted as a try.
  if (code !== null && code.kind !== "prf") codeBytes(code);

  // Counted before it is tried, so that closing the tab in the middle wins nothing. Of the cover nothing but the count is
  // written here: what another window changes while the code is derived stays.
  const row = await deps.shelf.changeCover(pocket, (now) => {
    before = now;
    return { ...now, ...oneMoreFailed(now, deps.clock.now()) };
  });
  const ways = row.waysIn.filter((bytes) => kindOf(bytes) === secret.kind) as WayIn[];
  const sideWays = (row.side?.waysIn ?? []).filter((bytes) => kindOf(bytes) === secret.kind) as WayIn[];
  const burns = await deps.burn.read(pocket);
  if (burns.length === 0) throw new VaultFailure("store-unreadable");
  const seedFor = onceEach(async (params) => {
    if (card !== null) return cardSeed(card);
    if (code === null) throw new VaultFailure("wrong-code");
    const deriving = codeSeed(deps.kdf, code, params);
    rehearse(ways, burns);
    return deriving;
  });
  const found = await tryWays(ways, burns, seedFor);
  if (found !== null) return { row: { ...row, ...NO_TRIES }, ...found, settle: forgiven };
  const behind = card === null ? await tryWays(sideWays, burns, seedFor) : null;
  if (behind !== null) {
    // A right second code forgives no wrong first one: the count is what it was before this try.
    const settle = uncounted(before, row);
    return { row: settle(row), ...behind, isSide: true, settle };
  }
  if (card !== null && deps.http !== null) {
    const uncount = () => deps.shelf.changeCover(pocket, uncounted(before, row));
    const keys = await askOrWait(uncount, deps.http, card);
    const there = await tryWays(ways, burns, async () => keys.me.recovery);
    if (there !== null) return { row: await deps.shelf.changeCover(pocket, forgiven), ...there };
  }
  const next = waitBeforeTry(row, deps.clock.now());
  throw new VaultFailure("wrong-code", next > 0 ? { seconds: Math.ceil(next / 1000) } : undefined);
}

const forgiven = (now: CoverRow): CoverRow => ({ ...now, ...NO_TRIES });

/** As if this try had not been made; one that another window counted since stays. */
const uncounted =
  ({ failed, nextTryAt }: CoverRow, counted: CoverRow) =>
  (now: CoverRow): CoverRow =>
    now.failed === counted.failed ? { ...now, failed, nextTryAt } : now;

/** A card that the server knows is no wrong code: asking with it, or having no net, slows nothing down. */
async function askOrWait(
  uncount: () => Promise<unknown>,
  http: Pick<Http, "getWrap">,
  card: CardSecret,
): Promise<OwnKeys> {
  let answer: number | OwnKeys;
  try {
    answer = await askForKeys(http, card);
  } catch (error) {
    if (error instanceof VaultFailure && error.code === "card-unknown") throw new VaultFailure("wrong-code");
    await uncount();
    throw error;
  }
  if (typeof answer !== "number") return answer;
  await uncount();
  throw new VaultFailure("card-waits", { seconds: answer });
}

type Params = ReturnType<typeof parseWayIn>["params"];

/**
 * Runs the KDF once for each set of parameters: between two bytes of Burn (a renewal was broken off) the same way in stands
 * there twice, and a second code has the parameters of the first, so that opening takes as long with either, and as long as
 * being wrong.
 */
function onceEach(seedFor: (params: Params) => Promise<WayInSeed>): (params: Params) => Promise<WayInSeed> {
  const seeds = new Map<string, Promise<WayInSeed>>();
  return (params) => {
    const name = params === null ? "" : [params.memoryKiB, params.passes, ...params.salt].join();
    const seed = seeds.get(name) ?? seedFor(params);
    seeds.set(name, seed);
    return seed;
  };
}

/** The first way that opens. */
async function tryWays(
  ways: readonly WayIn[],
  burns: readonly Burn[],
  seedFor: (params: Params) => Promise<WayInSeed>,
): Promise<{ readonly vaultKey: VaultKey; readonly burn: Burn } | null> {
  for (const way of ways) {
    const seed = await seedFor(parseWayIn(way).params);
    for (const burn of burns) {
      const vaultKey = tryWay(way, seed, burn);
      if (vaultKey !== null) return { vaultKey, burn };
    }
  }
  return null;
}

/**
 * While the KDF runs elsewhere: with a seed that opens nothing. A browser compiles a function of WebAssembly when it is first
 * called, and those that open a way in take it ten milliseconds, which one would wait for after the KDF.
 */
function rehearse([way]: readonly WayIn[], [burn]: readonly Burn[]): void {
  if (way === undefined || burn === undefined) return;
  try {
    tryWay(way, randomBytes(KEY_BYTES) as WayInSeed, burn);
  } catch {
    // What is wrong with it is said when it is tried.
  }
}

/** Null when the seed doesn't open it. */
function tryWay(way: WayIn, seed: WayInSeed, burn: Burn): VaultKey | null {
  try {
    return openWayIn(way, seed, burn);
  } catch (error) {
    if (error instanceof CryptoError && error.code === "does-not-open") return null;
    throw error;
  }
}

/** Null for a way in that another build wrote, or that was damaged. */
function kindOf(bytes: Uint8Array): string | null {
  try {
    return parseWayIn(bytes as WayIn).kind;
  } catch {
    return null;
  }
}
