/**
 * Locking. By button: at once. On hiding the page: cover and seal what is being written at once, lock when it stayed
 * hidden for the pocket's delay; while a camera or picker that Lomme opened is out, at most five minutes. Without touch
 * or key for the pocket's idle time: the same as by button.
 *
 * By button it goes on only when everything was kept: what found no room, or takes long, would end with the worker, so the
 * person is asked first. A lock that comes by itself asks nobody; it waits a while longer under the cover.
 *
 * lock = cover → seal, end what is under way, seal that (mostly milliseconds; ≤ 5 s by button, ≤ 10 s by itself) and, with net,
 * flush the outbox (≤ 2 s in all) → end the worker → a new page, so that the realm with its documents and strings is gone.
 */
import { signal } from "@preact/signals";
import { cover, coverWords, emptyPage, uncover } from "./cover.ts";
import { type Kept, keepLast } from "./keep-last.ts";
import { createLockClock } from "./lock-clock.ts";
import { phase, pocket } from "./session.ts";
import { endVault, vault } from "./vault.ts";
import { voice } from "./voice.ts";

type Reason = "button" | "anyway" | "by-itself";

/** How long a lock waits under the cover. Whoever pressed it is asked then; nobody is there to ask when it came by itself. */
const KEEP_AT_MOST_MS: Readonly<Record<Reason, number>> = { button: 5_000, "by-itself": 10_000, anyway: 1_000 };
const SEAL_AND_FLUSH_AT_MOST_MS = 2_000;
const STATE_AT_MOST_MS = 200;

const within = <T, E>(promise: Promise<T>, ms: number, otherwise: E): Promise<T | E> =>
  Promise.race([promise.catch(() => otherwise), new Promise<E>((resolve) => setTimeout(() => resolve(otherwise), ms))]);

let locking = false;

/** A lock by button was held up: there is no room for the last of it, or it isn't kept yet. Null while nothing is asked. */
export const lockRefused = signal<"full" | "late" | null>(null);

/** The cover says so while the last words are sealed and what is unsent goes out. Never fails, and ends in a new page or a question. */
export async function lock(why: Reason = "button"): Promise<void> {
  if (locking) return;
  locking = true;
  cover();
  voice.stop();
  coverWords.value = "closing";
  if (phase.value === "open") {
    const began = Date.now();
    const unsent = isSomethingUnsent();
    const keeping = keepLast(() => locking || lockRefused.value !== null);
    const kept = await within<Kept, "late">(keeping, KEEP_AT_MOST_MS[why], "late");
    if (why === "button" && (kept === "full" || kept === "late")) {
      ask(kept, keeping);
      return;
    }
    const left = SEAL_AND_FLUSH_AT_MOST_MS - (Date.now() - began);
    if (kept === "kept" && left > 0 && (await unsent)) {
      coverWords.value = "sending";
      await within(flush(left), left, undefined);
    }
  }
  endVault();
  emptyPage();
  location.replace("/");
}

const flush = async (ms: number): Promise<void> => vault().seal(ms);

/** With a net to send it over. */
const isSomethingUnsent = (): Promise<boolean> =>
  within(
    (async () => {
      const { connection, unsent } = await vault().syncState();
      return connection === "on" && unsent > 0;
    })(),
    STATE_AT_MOST_MS,
    false,
  );

/** The cover gives way to the question alone: whoever pressed the button wanted nothing to be seen. */
function ask(why: "full" | "late", keeping: Promise<Kept>): void {
  locking = false;
  lockRefused.value = why;
  document.documentElement.dataset.asking = "";
  if (document.visibilityState !== "hidden") uncover();
  watch();
  void keeping.then((kept) => {
    // Answered meanwhile, or it was clear from the start.
    if (lockRefused.value !== "late") return;
    if (kept === "full") lockRefused.value = "full";
    else void lock();
  });
}

/** The answer to the question, unless it is to lock anyway. */
export function stayOpen(): void {
  lockRefused.value = null;
  delete document.documentElement.dataset.asking;
}

const clock = createLockClock({
  hiddenMs: () => pocket.value?.lockDelayMs ?? 60_000,
  idleMs: () => pocket.value?.idleLockMs ?? 180_000,
});
let timer: ReturnType<typeof setTimeout> | undefined;

function watch(): void {
  clearTimeout(timer);
  const due = clock.dueAt();
  if (phase.value !== "open" || due === null) return;
  const left = due - Date.now();
  if (left <= 0) void lock("by-itself");
  else timer = setTimeout(watch, Math.min(left, 2 ** 30));
}

/** Call before opening a camera or a file picker; it may hide the page, and the picked photo must survive that. */
export function pickerOpened(): void {
  clock.picker(true, Date.now());
  watch();
}

/** Call when it came back, with a file or without. */
export function pickerClosed(): void {
  clock.picker(false, Date.now());
  watch();
}

/** Recording or playback began; call what it returns when it ends. */
export function countsAsUse(): () => void {
  clock.lasting(true, Date.now());
  watch();
  let ended = false;
  return () => {
    if (ended) return;
    ended = true;
    clock.lasting(false, Date.now());
    watch();
  };
}

function onVisibility(): void {
  if (document.visibilityState === "hidden") {
    voice.stop();
    if (phase.value === "open") {
      cover();
      // Sealing starts before the browser may freeze us; nothing waits for it.
      void keepLast(() => false);
    }
    clock.hidden(Date.now());
    watch();
    return;
  }
  // Timers of a hidden page run late or not at all: look at the clock before showing anything.
  const due = clock.dueAt();
  if (phase.value === "open" && due !== null && due <= Date.now()) {
    void lock("by-itself");
    return;
  }
  clock.shown(Date.now());
  if (!locking && phase.value !== "elsewhere") uncover();
  watch();
}

/** Listens on the whole page; called once by the page's root. */
export function followUse(): void {
  clock.used(Date.now());
  let lastNoted = 0;
  const used = () => {
    const now = Date.now();
    // Once a second is enough, and cheap while a finger moves.
    if (now - lastNoted < 1000) return;
    lastNoted = now;
    clock.used(now);
    watch();
  };
  for (const kind of ["pointerdown", "pointermove", "keydown", "input", "wheel", "touchmove"]) {
    addEventListener(kind, used, { passive: true, capture: true });
  }
  document.addEventListener("visibilitychange", onVisibility);
  phase.subscribe(() => {
    clock.used(Date.now());
    watch();
  });
  addEventListener("pagehide", () => {
    if (phase.value === "open") cover();
  });
  // A page that comes back from the browser's page cache has lost its worker or should have: begin anew.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}
