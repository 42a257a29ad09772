/**
 * Room for the spaces of one's own: finds those that were made without a token, and spends one on each. In the background,
 * whenever there is net: at a connection, when tokens come, when a space was made, and when the server says that one is full.
 *
 * A child's pocket and circles get theirs at once. An adult's tokens are meant for children, so an adult's own spaces wait
 * until they are half full; and so does every mailbox, in which nothing stays.
 *
 * The token's row says which space it is being spent on before the server is asked, so that after a lost answer the same
 * is asked again, which costs nothing (docs/protocol/http.md §2). What the server refuses for good goes, and only that.
 */
import type { SpaceId } from "../../crypto/types.ts";
import type { Room } from "../../protocol/http.ts";
import type { PocketRoom } from "./api-room.ts";
import type { Syncing } from "./keeper.ts";
import type { SpaceRow } from "./keyring.ts";
import type { Pocket } from "./pocket.ts";
import { type Http, TransportError } from "./ports.ts";
import { statePortOf } from "./state-rows.ts";
import { createTokenRows, isFree, shuffle, type TokenRow } from "./tokens.ts";
import { createTurns } from "./turns.ts";
import { withToken } from "./with-token.ts";

/** A full space has less than this left: the largest chunk, with what else may come with it. */
const FULL_BYTES = 256 * 1024;
/** After something failed that may pass; doubles up to the second. */
const FIRST_AGAIN_MS = 15_000;
const LONGEST_AGAIN_MS = 3_600_000;

export interface RoomKeeper {
  /** Something changed: looks again, soon and in the background. */
  kick(): void;
  /** A new connection: no more waiting for what failed on the last one. */
  online(): void;
  /** The server's word on my pocket; null without net. */
  read(): Promise<PocketRoom | null>;
  /** Whether the server gives more room for a token; null where it wasn't asked since this pocket was opened, and can't be. */
  asks(): Promise<boolean | null>;
  /** A space of mine is full that a token would make larger, and there is none. */
  readonly isShort: boolean;
  stop(): void;
}

export interface RoomDeps {
  readonly pocket: Pocket;
  readonly http: Pick<Http, "readRoom" | "offerToken" | "server">;
  readonly syncing: Pick<Syncing, "token" | "state" | "retry">;
  /** `isShort` may be another now. */
  changed(): void;
}

export function createRoomKeeper({ pocket, http, syncing, changed }: RoomDeps): RoomKeeper {
  const { keyring, shared, clock } = pocket;
  const tokens = createTokenRows(statePortOf(shared));
  const turn = createTurns();
  const looking = new Set<SpaceId>();
  const again = new Set<SpaceId>();
  const short = new Set<SpaceId>();
  let asks: boolean | null = null;
  let stopped = false;
  let againMs = FIRST_AGAIN_MS;
  let cancelAgain: (() => void) | null = null;

  const isFull = (): boolean => syncing.state().problem === "over-quota";
  const write = (token: string, row: TokenRow | null): Promise<void> => shared.write([tokens.entry(token, row)]);

  const readRoom = (space: SpaceId): Promise<Room> =>
    withToken(syncing.token, space, (valid) => http.readRoom(valid, space));

  /** True when the space has its room now, or is none any more; false when this token gives none. @throws otherwise */
  async function offer(space: SpaceId, token: string): Promise<boolean> {
    try {
      const { unspent } = await withToken(syncing.token, space, (valid) => http.offerToken(valid, space, token));
      await write(token, unspent ? {} : null);
      short.delete(space);
      syncing.retry(space);
      pocket.emit({ type: "changed", what: "room" });
      return true;
    } catch (error) {
      const refusal = error instanceof TransportError ? error.refusal : (error as { readonly code?: unknown }).code;
      if (refusal === "no-token" || refusal === "bad-frame") {
        await write(token, null);
        pocket.emit({ type: "changed", what: "room" });
        return false;
      }
      if (refusal !== "no-such-space" && refusal !== "no-right" && refusal !== "not-open") throw error;
      await write(token, {});
      return true;
    }
  }

  /** One that is marked with the space from now on; null where there is none left. */
  const takeToken = (space: SpaceId): Promise<string | null> =>
    turn(async () => {
      const [next] = shuffle((await tokens.all()).filter(isFree));
      if (next === undefined) return null;
      await write(next.id, { ...next.row, at: space });
      return next.id;
    });

  const isEager = ({ kind }: SpaceRow): boolean => keyring.me.role === "child" && kind !== "mailbox";

  async function tend(row: SpaceRow): Promise<void> {
    const { space } = row;
    const held = await tokens.all();
    for (const { id } of held.filter((one) => one.row.at === space)) await offer(space, id);
    // A circle that was parted from meanwhile: what was meant for it is free again.
    const isOver = ({ at }: TokenRow): boolean => at !== undefined && keyring.space(at) === null;
    for (const { id } of held.filter((one) => isOver(one.row))) await write(id, {});
    if (!held.some(isFree) && !isFull()) return;
    const { bytes, quota, most } = await readRoom(space);
    const canGrow = quota < most;
    if (canGrow && (isEager(row) || bytes * 2 > quota)) {
      for (;;) {
        const token = await takeToken(space);
        if (token === null) break;
        if (await offer(space, token)) return changed();
      }
    }
    const isShort = canGrow && bytes + FULL_BYTES > quota;
    if (isShort === short.has(space)) return;
    if (isShort) short.add(space);
    else short.delete(space);
    changed();
  }

  /** One look at a time per space; what changes meanwhile makes it look once more. */
  async function look(row: SpaceRow): Promise<void> {
    const { space } = row;
    again.add(space);
    if (looking.has(space)) return;
    looking.add(space);
    try {
      while (again.delete(space) && !stopped) await tend(row);
    } catch {
      later();
    } finally {
      looking.delete(space);
    }
  }

  function later(): void {
    if (stopped || cancelAgain !== null) return;
    cancelAgain = clock.after(againMs, () => {
      cancelAgain = null;
      kick();
    });
    againMs = Math.min(2 * againMs, LONGEST_AGAIN_MS);
  }

  function kick(): void {
    if (stopped || !syncing.state().online) return;
    const own = keyring.spaces().filter(({ right }) => right === "own");
    const [first, ...others] = own.toSorted((a, b) => Number(b.kind === "pocket") - Number(a.kind === "pocket"));
    if (first === undefined) return;
    // Where there is one token only, it is for the pocket.
    void look(first).then(() => others.forEach((row) => void look(row)));
  }

  return {
    kick,
    online: () => {
      againMs = FIRST_AGAIN_MS;
      kick();
    },
    read: async () => {
      if (!syncing.state().online) return null;
      return readRoom(keyring.me.pocket).catch(() => null);
    },
    asks: async () => {
      // What a server asks for is how it was started: said once, it holds.
      if (asks === null && syncing.state().online) {
        const facts = await http.server().catch(() => null);
        asks = facts === null ? null : facts.creation === "token";
      }
      return asks;
    },
    get isShort() {
      return short.size > 0;
    },
    stop: () => {
      stopped = true;
      cancelAgain?.();
    },
  };
}
