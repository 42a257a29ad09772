/**
 * Which pockets this browser holds, which one is meant, and whether it is open. Screens read the signals and call the
 * actions; a refused call comes back as its code, never as a thrown error.
 */
import { computed, effect, signal } from "@preact/signals";
import { finishAll } from "./before-sealing.ts";
import { cover } from "./cover.ts";
import { country, language, look } from "./language.ts";
import { inSmallPocket, mayShow, opening, sideIsOpen, startAt } from "./route.ts";
import type { NewPocket, PocketCover, PocketId, Stitch, VaultErrorCode, WayInSecret } from "./types.ts";
import { asVaultError, endVault, onVaultEvent, vault, vaultCode } from "./vault.ts";

export type Phase =
  /** the covers have not been read yet */
  | "starting"
  | "locked"
  | "open"
  /** another window took this pocket over; this page stays covered */
  | "elsewhere"
  /** the store can't be used: `trouble` says why */
  | "trouble";

export const phase = signal<Phase>("starting");
export const trouble = signal<VaultErrorCode | null>(null);
export const covers = signal<readonly PocketCover[]>([]);
/** The pocket that was tapped, or that is open. */
export const pocket = signal<PocketCover | null>(null);
/** The stitch of the pocket in hand; the first run sets it before there is a pocket. */
export const stitch = signal<Stitch>("dash");
/** True when the card opened the pocket: the code may be forgotten. */
export const openedByCard = signal(false);
export const isChild = computed(() => pocket.value?.role === "child");

/** What a refused call tells a screen. */
export interface Refusal {
  readonly code: VaultErrorCode;
  /** Seconds to wait before the next try (code "slow-down"). */
  readonly seconds: number;
  /** Rows of the card that are wrong, 0 … 5 (code "card-rows"). */
  readonly rows: readonly number[];
}

export function asRefusal(error: unknown): Refusal {
  const known = asVaultError(error);
  return { code: vaultCode(error), seconds: known?.detail?.seconds ?? 0, rows: known?.detail?.rows ?? [] };
}

/** Reads what stands on this device; the first thing a page does. */
export async function readCovers(): Promise<void> {
  try {
    covers.value = await vault().covers();
    const [only] = covers.value;
    if (covers.value.length === 1 && only) take(only);
    phase.value = "locked";
  } catch (error) {
    trouble.value = vaultCode(error);
    phase.value = "trouble";
  }
}

/** The database that the vault makes with the first pocket; only whether it is there is looked at. */
const SHELF = "lomme";

/** True when there can't be a pocket here: the browser has no such database. */
export async function isFirstVisit(): Promise<boolean> {
  // Whoever chose a language has been here: the vault isn't kept waiting for the question.
  if (localStorage.getItem("language") !== null) return false;
  try {
    return !(await indexedDB.databases()).some(({ name }) => name === SHELF);
  } catch {
    return false;
  }
}

/** What `readCovers` would find on a first visit, without waiting for the vault. A vault that fails says so later. */
export function beginWithoutPocket(): void {
  covers.value = [];
  phase.value = "locked";
}

/** Takes a pocket in hand: its colour, stitch, language and look are the page's from now on. */
export function take(taken: PocketCover): void {
  pocket.value = taken;
  stitch.value = taken.stitch;
  language.value = taken.language;
  country.value = taken.country;
  look.value = taken.role === "child" ? taken.look : "quiet";
  inSmallPocket.value = taken.isSide === true;
  dress(taken.colour);
}

/** Puts a pocket's colour on the page. */
export function dress(colour: PocketCover["colour"]): void {
  document.documentElement.dataset.pocket = colour;
}

/** Opens it and lands inside. @returns null when it is open now */
export async function unlock(id: PocketId, secret: WayInSecret): Promise<Refusal | null> {
  opening.value = true;
  // While the code is derived.
  const loading = import("./first-screen.ts").catch(() => null);
  try {
    const opened = await vault().unlock(id, secret);
    openedByCard.value = secret.kind === "card";
    (await loading)?.beginFirstScreen(opened);
    enter(opened.cover);
    landAfterOpening();
    return null;
  } catch (error) {
    return asRefusal(error);
  } finally {
    opening.value = false;
  }
}

/** Makes a pocket and stays in it; the caller says where to go. @returns null when it stands */
export async function createPocket(wanted: NewPocket): Promise<Refusal | null> {
  try {
    await vault().createPocket(wanted);
    enter(await vault().cover());
    return null;
  } catch (error) {
    return asRefusal(error);
  }
}

/**
 * The vault holds an open pocket: this page is inside from now on. Whoever goes somewhere goes at once, so that the screen one
 * comes from isn't drawn once more in between.
 */
export function enter(inside: PocketCover): void {
  // Another window was quicker, or the rest could not be read: the vault said so before its answer came, and holds nothing now.
  if (phase.value === "elsewhere" || phase.value === "trouble") return;
  take(inside);
  sideIsOpen.value = true;
  phase.value = "open";
}

/** Changes what the pocket looks like from outside, and this page with it. */
export async function changeCover(patch: Parameters<ReturnType<typeof vault>["changeCover"]>[0]): Promise<void> {
  await vault().changeCover(patch);
  take(await vault().cover());
}

/** The name others see; ≤ 64 characters. */
export const saveName = (name: string): Promise<void> => vault().setName(name);

/** Where one lands after opening: a step of the first run that was left for later, or home. */
function landAfterOpening(): void {
  const step = sessionStorage.getItem("next");
  sessionStorage.removeItem("next");
  startAt(step === "card" && mayShow("card") ? "card" : "home");
}

/** Remembers across the lock that the card comes next; holds nothing else. */
export function cardComesNext(): void {
  sessionStorage.setItem("next", "card");
}

/** For a vault that another window took over; that one is told to try again after five. */
const SEAL_AT_MOST_MS = 15_000;

/** Wires the vault's own news; called once by the page's root. */
export function followVault(): void {
  onVaultEvent((event) => {
    if (event.type === "taken-over") {
      cover();
      // Words that stand in a field go to the vault while it listens; a recording ends, as its next piece would be refused.
      void finishAll();
      // The vault is sealing right now, a photo that is being added too, and says when it is done; one that hangs is ended.
      setTimeout(endVault, SEAL_AT_MOST_MS);
      phase.value = "elsewhere";
      sideIsOpen.value = false;
    }
    if (event.type === "let-go") endVault();
    if (event.type === "failed") {
      trouble.value = event.code;
      phase.value = "trouble";
    }
    if (event.type === "changed" && event.what === "cover" && phase.value === "open") {
      void vault()
        .cover()
        .then(take, () => undefined);
    }
  });
  effect(() => {
    document.documentElement.dataset.phase = phase.value;
  });
}
