/** Every time and size the engine decides by, each with its reason. Milliseconds and bytes. */

const KiB = 1024;

/** First pause before connecting again; doubles each time. Half of it is random, so that a class of devices spreads. */
export const RECONNECT_MIN_MS = 1_000;
/** A phone in a pocket tries once a minute at most. */
export const RECONNECT_MAX_MS = 60_000;
/** A server that said "don't come back with the same" is asked again only this often: it may have been updated. */
export const REFUSED_WIRE_MS = 300_000;
/** A connection that held this long was a good one: the next pause starts small again. */
export const STEADY_MS = 10_000;
/** From opening the socket to `welcome`: three round trips on a bad phone line. */
export const WELCOME_MS = 20_000;
/** A whole page (256 KiB) on a line of 20 kbit/s; a request older than that has no line under it. */
export const ANSWER_MS = 120_000;
/** Nothing heard for this long while idle: one empty pull shows whether the line is alive, and fetches missed hints. */
export const PROBE_MS = 60_000;
/** A probe goes out on an idle line, with nothing before it: what isn't answered by then is a line that died silently. */
export const PROBE_ANSWER_MS = 20_000;

/** Alone: a pause in typing sends, and so does the time after which a longer text would be late. */
export const CALM_PAUSE_MS = 1_000;
export const CALM_LATEST_MS = 2_000;
/** With others in the same joint document: under the 250 ms from key press to the other's screen. */
export const COMPANY_MS = 150;
/** How long one sign of life of another keeps the quicker pace. */
export const COMPANY_LASTS_MS = 30_000;

/** Frozen and unacknowledged ops of one space: fills a long line, and five thousand notes take some forty freezings. */
export const WINDOW_OPS = 256;
/** Sealed bytes on the way per space; the first op goes whatever its size. */
export const WINDOW_BYTES = 1024 * KiB;
/** Pages asked for at a time over all spaces: 1.5 MiB of answers, as much as the server's send buffer likes. */
export const MAX_PULLS = 6;
/** Pages of one space that may wait to be kept before the next one is asked for. */
export const MAX_APPLYING = 2;
/** Live records that may wait for a missing one; more are pulled instead. */
export const MAX_AHEAD = 256;
/** A missing number is most often an ack of ours on its way; after this it is pulled. */
export const GAP_MS = 300;

/** A newest record up to this size is asked for twice, at each opening of a channel: a page of the diary, not a long snapshot. */
export const ASKED_TWICE_BYTES = 16 * KiB;
/** Between two pulls of everything because something is missing: a member who leaves gap after gap costs us no more. */
export const ASK_AGAIN_MS = 60_000;

/** Pause after a failed or refused step of one space; doubles up to the second. */
export const PAUSE_MIN_MS = 1_000;
export const PAUSE_MAX_MS = 60_000;
/** A refusal that only somebody's act can change (no room, wrong rung). */
export const STUCK_MS = 300_000;

/** Pause before the `failures`-th try again (from 1): doubling, half of it random. `random` is 0 … 1. */
export function pauseMs(failures: number, minMs: number, maxMs: number, random: number): number {
  const full = Math.min(maxMs, minMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(full / 2 + (random * full) / 2);
}
