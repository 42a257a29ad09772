/**
 * Locking. By button: at once. On hiding the page: cover and seal what is being written at once, lock when it stayed
 * hidden for the pocket's delay; while a camera or picker that Lomme opened is out, at most five minutes. Without touch
 * or key for the pocket's idle time: the same as by button.
 *
 * By button it goes on only when everything was kept: words for which there was no room would end with the worker, so the
 * person is asked first. A lock that comes by itself doesn't wait: the screen has said before that they aren't kept.
 *
 * lock = cover → end a recording (≤ 0.7 s) → seal (≤ 1 s) and, with net, flush the outbox (≤ 2 s in all) → end the worker → a new page, so that the
 * realm with its documents and strings is gone.
 */
import { signal } from "@preact/signals";
import { finishAll } from "./before-sealing.ts";
import { cover, coverWords, emptyPage, uncover } from "./cover.ts";
import { createLockClock } from "./lock-clock.ts";
import { phase, pocket } from "./session.ts";
import { endVault, vault, vaultCode } from "./vault.ts";
import { voice } from "./voice.ts";

const finishAtMostMs = 700;
const sealAtMostMs = 1000;
const sealAndFlushAtMostMs = 2000;

const within = (promise: Promise<unknown>, ms: number): Promise<unknown> =>
  Promise.race([promise.catch(() => undefined), new Promise((resolve) => setTimeout(resolve, ms))]);

let locking = false;

/** The lock was held up: the last words found no room, and would be lost. */
export const lockRefused = signal(false);

/** By button, or with `anyway`. The cover says so while the last words are sealed and what is unsent goes out. */
export async function lock({ anyway = false } = {}): Promise<void> {
  if (locking) return;
  locking = true;
  cover();
  voice.stop();
  coverWords.value = "closing";
  if (phase.value === "open") {
    await within(finishAll(), finishAtMostMs);
    const { connection, unsent } = await within(vault().syncState(), 200).then(
      (state) => (state as { connection: string; unsent: number } | undefined) ?? { connection: "off", unsent: 0 },
    );
    const flushes = connection === "on" && unsent > 0;
    if (flushes) coverWords.value = "sending";
    const atMost = flushes ? sealAndFlushAtMostMs : sealAtMostMs;
    let isFull = false;
    const sealing = vault().seal(flushes ? atMost : 0);
    sealing.catch((error: unknown) => {
      isFull = vaultCode(error) === "storage-full";
    });
    await within(sealing, atMost);
    if (isFull && !anyway) {
      locking = false;
      lockRefused.value = true;
      if (document.visibilityState !== "hidden") uncover();
      watch();
      return;
    }
  }
  endVault();
  emptyPage();
  location.replace("/");
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
  if (left <= 0) void lock({ anyway: true });
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
      void finishAll();
      void within(vault().seal(0), sealAtMostMs);
    }
    clock.hidden(Date.now());
    watch();
    return;
  }
  // Timers of a hidden page run late or not at all: look at the clock before showing anything.
  const due = clock.dueAt();
  if (phase.value === "open" && due !== null && due <= Date.now()) {
    void lock({ anyway: true });
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
