const pickerAtMostMs = 5 * 60_000;
/** A picker that has come back may say so before its page is shown again. */
const backAgainMs = 3_000;

/**
 * When to lock, as a plain machine without timers: the page feeds it what happens (times in milliseconds) and asks after
 * each when locking is due. While a camera or picker that Lomme opened is out, hiding locks after five minutes at the
 * earliest, so that a picked photo survives.
 */
export function createLockClock(delays: { hiddenMs: () => number; idleMs: () => number }) {
  let hiddenSince: number | null = null;
  let usedAt = 0;
  let pickerSince: number | null = null;
  let notBefore = 0;
  let inUse = 0;
  return {
    used(now: number): void {
      usedAt = now;
    },
    hidden(now: number): void {
      hiddenSince ??= now;
    },
    shown(now: number): void {
      hiddenSince = null;
      usedAt = now;
    },
    /** A camera or a picker that Lomme opened is out, or has come back. */
    picker(out: boolean, now: number): void {
      pickerSince = out ? now : null;
      usedAt = now;
      if (out || hiddenSince === null) return;
      // Hidden for the picker's sake until now: from here on it is hidden like any page.
      hiddenSince = now;
      notBefore = now + backAgainMs;
    },
    /** Recording and playback count as use while they last. */
    lasting(started: boolean, now: number): void {
      inUse += started ? 1 : -1;
      usedAt = now;
    },
    /** When to lock if nothing else happens: a time, or null while there is no reason to. */
    dueAt(): number | null {
      if (hiddenSince !== null) {
        const atLeast = pickerSince === null ? notBefore : pickerSince + pickerAtMostMs;
        return Math.max(hiddenSince + delays.hiddenMs(), atLeast);
      }
      return inUse > 0 ? null : usedAt + delays.idleMs();
    },
  };
}
