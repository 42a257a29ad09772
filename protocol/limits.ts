/**
 * Every limit, each with its reason. Both ends read them from here; the server enforces them, the client obeys them. What
 * the operator may set (connections, a space's quota) is in sync-server/config.ts. Sizes in bytes, times as the name says.
 */

const KiB = 1024;
const MiB = 1024 * KiB;

/** Spoken by this build; another number in `hello` is refused, never guessed at. */
export const PROTOCOL_VERSION = 3;
/** WebSocket subprotocol: a proxy or an older server that doesn't echo it is not ours. */
export const SUBPROTOCOL = "lomme.3";

/** One frame either way, and one message of several. Four pages of it fit the send buffer before reading stops. */
export const MAX_FRAME_BYTES = 256 * KiB;
/** Frames in one message: what a turn has to say to one client at the busiest; bounds the work of one message. */
export const MAX_FRAMES_PER_MESSAGE = 1024;
/** Sealed bytes of one record: 240 KiB of padded inner and its seal; leaves 15 KiB for the rest of its frame. */
export const MAX_SEALED_BYTES = 241 * KiB;
/** Record bytes in one `page`: what is left of a frame after its head and the heads of its records. */
export const MAX_PAGE_BYTES = 252 * KiB;
/** One page never holds more records than this, so that one pull is a bounded piece of work. */
export const MAX_PAGE_RECORDS = 512;

/** X-Wing ciphertext (1,120) and a list of epoch keys; 32 bytes per epoch leave room for some 450 epochs. */
export const MAX_WRAP_BYTES = 16 * KiB;
/** Members and ways in of one space in one rotation; all of them must fit one frame anyway. */
export const MAX_WRAPS_PER_FRAME = 64;
/** Tags that may lie in one space at a time: 4 MiB of wraps at the worst. */
export const MAX_WRAPS_PER_SPACE = 256;
/** The child chooses 1, 24 or 72 hours; 30 days leaves room for a country's rule and bounds a typing error. */
export const MAX_WAIT_SECONDS = 30 * 24 * 3600;

/** Presence and cursors. Never stored, sent on to everybody who has the space open, so small. */
export const MAX_EPHEMERAL_BYTES = 4 * KiB;

/** One drop: a pairing message or a text with a small picture; larger things travel as blobs. */
export const MAX_DROP_BYTES = 64 * KiB;
/** The inviter's sealed contact card. */
export const MAX_ATTACHMENT_BYTES = 8 * KiB;
/** Contacts and open invitations of one person. */
export const MAX_DROP_KEYS_PER_SPACE = 512;
/** End of a drop key, Unix seconds: the end of the year 9999, a whole day, as ends are rounded up to one. Later is a mistake. */
export const MAX_EXPIRES_SECONDS = 253_402_300_800;
/** What may lie undelivered under one key, whatever the owner asks for. */
export const MAX_DROP_QUOTA_BYTES = 10 * MiB;
/** Record bytes in one `drops` answer: at least three of the largest drops. */
export const MAX_DROPS_PAGE_BYTES = 240 * KiB;

/** One sealed chunk: 128 KiB of content with head and tag (docs/protocol/blobs.md). */
export const MAX_CHUNK_BYTES = 129 * KiB;
/** 4,096 chunks of 128 KiB: a 512 MiB video. Bounds what COMMIT must check. */
export const MAX_CHUNKS_PER_BLOB = 4096;

/** One poll either way: two of the largest frames. */
export const MAX_POLL_BYTES = 2 * MAX_FRAME_BYTES + 4 * KiB;
export const MAX_POLL_FRAMES = 1024;
/** How long a poll waits for something to send: below the minute after which proxies cut a silent request. */
export const POLL_WAIT_MS = 25_000;
/** A polling client that doesn't come back for this long is gone. */
export const POLL_GONE_MS = 30_000;

/** A pocket made without a token: some thousand entries with small pictures (docs/operations.md). */
export const POCKET_QUOTA_BYTES = 50 * MiB;
/** A space made with a token, unless the operator says otherwise: a childhood of photos. */
export const SPACE_QUOTA_BYTES = 2 * 1024 * MiB;
/**
 * How far rotations and checkpoints may go beyond a space's quota: sixteen of the largest, hundreds of the usual ones. Else
 * whoever is to be removed, or found a lost device, could stay by filling the space.
 */
export const ROTATION_RESERVE_BYTES = 4 * MiB;
/** What a record costs beyond its sealed bytes: its row, its op id, its index entries. The op id's share stays. */
export const RECORD_OVERHEAD_BYTES = 64;

/** A socket that has proved nothing: long enough for three round trips on a slow phone, short enough to be no parking. */
export const UNPROVEN_MS = 5_000;
/** Spaces one connection may have open: a caseworker's circles and her pocket, with a factor of ten to spare. */
export const MAX_OPEN_SPACES = 4096;
/** Unsent bytes to one client at which the server stops reading from it and sends it no more live records. */
export const SEND_BUFFER_PAUSE_BYTES = 1 * MiB;
/** Unsent bytes at which the connection is closed: its pending answers alone can't get there honestly. */
export const SEND_BUFFER_CLOSE_BYTES = 8 * MiB;
/** A paused client that takes nothing for this long is gone. */
export const STALLED_MS = 30_000;
/** Pings from the server, so that proxies keep the line open and a dead peer is noticed within two of them. */
export const PING_MS = 25_000;

/** Validity of an HTTP token: an upload on a slow line asks for a few, a leaked one is soon worthless. */
export const TOKEN_SECONDS = 600;

/** Frames of one connection: thousands at once when a device uploads its past, then a steady stream. Beyond it we read slower. */
export const FRAME_RATE = { burst: 10_000, perSecond: 5_000 };
/**
 * What one client's records become when they go to everybody who has the space open counts as frames too: 8 KiB each,
 * so 80 MiB at once and then 40 MiB a second. One writer and two hundred readers would else keep us busy for nothing.
 */
export const CHARGED_BYTES_PER_FRAME = 8 * KiB;
/** Requests under way at which reading pauses until some are answered. */
export const MAX_UNDER_WAY = 1024;
/** Pages and drops asked for ahead: an honest client asks for the next when it has the one before, in each space. */
export const MAX_READS_WAITING = MAX_OPEN_SPACES;
/** Pieces of one message: 256 KiB in TCP segments of a poor line, with room to spare; not one byte each. */
export const MAX_FRAGMENTS = 1024;
/** Pings from a client: an honest one sends none (browsers can't), a proxy one now and then. */
export const PING_RATE = { burst: 20, perSecond: 1 };
/** Proofs that are checked (0.1 ms each): a device opens all its spaces at once, then now and then one. */
export const PROOF_RATE = { burst: 1_000, perSecond: 50 };
/** Proofs that didn't hold before the connection is closed: an honest client has at the most an old epoch's. */
export const MAX_BAD_PROOFS = 20;
/** Presence: what a hand can type or draw, several documents at once. More is dropped, it is never stored anyway. */
export const EPHEMERAL_RATE = { burst: 100, perSecond: 50 };
/** A client that doesn't answer a close is cut off. */
export const CLOSE_TIMEOUT_MS = 2_000;

/**
 * Per address and node, in memory only. One address may be a whole school, so the limits are those of a class, not of a
 * person. Behind a proxy that spreads one address over n nodes they are n times as wide (docs/operations.md §9).
 */
export const ADDRESS_RATES = {
  /** A class that sets up at once: three spaces each. */
  creation: { burst: 100, perSecond: 0.1 },
  /** Guessing a 128-bit tag is hopeless anyway; this bounds the work. */
  wraps: { burst: 300, perSecond: 5 },
  drops: { burst: 300, perSecond: 5 },
  /** Requests of one polling connection. */
  polls: { burst: 200, perSecond: 20 },
} as const;

/** Heads of a request within this. */
export const HTTP_HEAD_MS = 10_000;
/** Whole requests: a chunk of 129 KiB on a very slow phone line. */
export const HTTP_REQUEST_MS = 120_000;
/** Head of a request: cookies we have none, tokens are short. */
export const HTTP_HEAD_BYTES = 16 * KiB;
