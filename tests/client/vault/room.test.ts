/** How a vault spends tokens, against a server that answers as docs/protocol/http.md §2 says, or refuses. */
import { beforeEach, describe, expect, it } from "vitest";
import { createAlone } from "../../../client/vault/alone.ts";
import type { Pocket } from "../../../client/vault/pocket.ts";
import { TransportError } from "../../../client/vault/ports.ts";
import { createRoomKeeper, type RoomDeps } from "../../../client/vault/room.ts";
import { statePortOf } from "../../../client/vault/state-rows.ts";
import { createTokenRows, type TokenRow } from "../../../client/vault/tokens.ts";
import { randomId } from "../../../crypto/ids.ts";
import type { ServerId, SpaceId } from "../../../crypto/types.ts";
import type { HttpErrorCode } from "../../../protocol/errors.ts";
import { CHILD, Device, until } from "./device.ts";

const SMALL = 50_000_000;
const MOST = 2_000_000_000;
const token = (letter: string): string => letter.repeat(32);

/** What the server holds: unspent tokens, spaces, and what it will say instead of the next answers. */
class Pool {
  readonly unspent = new Set<string>();
  readonly bytes = new Map<SpaceId, number>();
  readonly quotas = new Map<SpaceId, number>();
  readonly offered: [SpaceId, string][] = [];
  readonly refusals: (HttpErrorCode | null)[] = [];
  asked = 0;

  creation: "open" | "token" | "unreachable" = "token";
  told = 0;

  readonly http: RoomDeps["http"] = {
    server: async () => {
      this.told++;
      if (this.creation === "unreachable") throw new TransportError("offline", null);
      return { protocol: 3, server: "5".repeat(32) as ServerId, incarnation: "i", creation: this.creation };
    },
    readRoom: async (_token, space) => {
      this.asked++;
      return this.#room(space);
    },
    offerToken: async (_token, space, offered) => {
      this.offered.push([space, offered]);
      const refusal = this.refusals.shift();
      if (refusal !== undefined) throw new TransportError(refusal === null ? "offline" : "refused", refusal);
      if (this.#room(space).quota >= MOST) return { ...this.#room(space), unspent: this.unspent.has(offered) };
      if (!this.unspent.delete(offered)) throw new TransportError("refused", "no-token");
      this.quotas.set(space, MOST);
      return { ...this.#room(space), unspent: false };
    },
  };

  #room = (space: SpaceId) => ({
    bytes: this.bytes.get(space) ?? 0,
    quota: this.quotas.get(space) ?? SMALL,
    most: MOST,
  });
}

async function setUp(role: "child" | "caseworker") {
  const device = await Device.create();
  let opened: Pocket | null = null;
  device.connect = async (pocket) => {
    opened = pocket;
    return createAlone(pocket);
  };
  await device.start().createPocket({ ...CHILD, role });
  const pocket = await until(() => opened);
  const pool = new Pool();
  const timers: { ms: number; call: () => void }[] = [];
  const rows = createTokenRows(statePortOf(pocket.shared));
  const state = { connection: "on" as const, online: true, unsent: 0, problem: null as string | null };
  const keeper = createRoomKeeper({
    pocket: Object.assign(Object.create(pocket), {
      clock: {
        now: () => 0,
        after: (ms: number, call: () => void) => {
          timers.push({ ms, call });
          return () => undefined;
        },
      },
    }),
    http: pool.http,
    syncing: { token: async () => "ten minutes", state: () => state, retry: () => undefined },
    changed: () => undefined,
  });
  return {
    pool,
    timers,
    state,
    keeper,
    space: pocket.keyring.me.pocket,
    mailbox: pocket.keyring.me.mailbox,
    hold: (row: TokenRow, ...letters: string[]) =>
      pocket.shared.write(letters.map((letter) => rows.entry(token(letter), row))),
    held: async (): Promise<Record<string, unknown>> =>
      Object.fromEntries((await pocket.shared.list("token/")).map(({ name, json }) => [name[6], JSON.parse(json)])),
    /** Looks, and waits until nothing more happens. */
    look: async (begin = keeper.kick) => {
      begin();
      for (let quiet = 0, seen = -1; quiet < 5; quiet = seen === pool.asked + pool.offered.length ? quiet + 1 : 0) {
        seen = pool.asked + pool.offered.length;
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    },
  };
}

let child: Awaited<ReturnType<typeof setUp>>;
beforeEach(async () => {
  child = await setUp("child");
});

describe("tokens that a vault holds", () => {
  it("one is spent on a child's pocket at once, and none on its mailbox", async () => {
    const { pool, hold, held, look, space } = child;
    for (const letter of ["a", "b"]) pool.unspent.add(token(letter));
    await hold({}, "a", "b");
    await look();
    expect(pool.quotas).toEqual(new Map([[space, MOST]]));
    expect(Object.values(await held())).toEqual([{}]);
    expect(pool.unspent.size).toBe(1);
  });

  it.each([
    ["token", true],
    ["open", false],
  ] as const)("a server with creation %s asks for them: %s, said once", async (creation, asks) => {
    const { pool, keeper, state } = child;
    pool.creation = creation;
    expect(await keeper.asks()).toBe(asks);
    state.online = false;
    expect(await keeper.asks()).toBe(asks);
    expect(pool.told).toBe(1);
  });

  it("where the server can't be asked nobody knows whether it asks, until it can", async () => {
    const { pool, keeper, state } = child;
    state.online = false;
    expect(await keeper.asks()).toBeNull();
    state.online = true;
    pool.creation = "unreachable";
    expect(await keeper.asks()).toBeNull();
    pool.creation = "open";
    expect(await keeper.asks()).toBe(false);
  });

  it("without one nothing is asked", async () => {
    const { pool, look } = child;
    await look();
    expect(pool.asked).toBe(0);
  });

  it("what is laid aside for somebody isn't touched", async () => {
    const { pool, hold, held, look } = child;
    pool.unspent.add(token("a"));
    await hold({ for: randomId() }, "a");
    await look();
    expect(pool.offered).toEqual([]);
    expect(Object.keys(await held())).toEqual(["a"]);
  });

  it("an adult's own pocket takes one when it is half full, a mailbox too", async () => {
    const { pool, hold, held, look, space, mailbox } = await setUp("caseworker");
    for (const letter of ["a", "b", "c"]) pool.unspent.add(token(letter));
    await hold({}, "a", "b", "c");
    pool.bytes.set(space, SMALL / 2);
    await look();
    expect(pool.offered).toEqual([]);
    pool.bytes.set(space, SMALL / 2 + 1).set(mailbox, SMALL - 1);
    await look();
    expect([pool.quotas.get(space), pool.quotas.get(mailbox)]).toEqual([MOST, MOST]);
    expect(Object.values(await held())).toEqual([{}]);
  });

  it("a definite refusal drops that one only, and the next is tried", async () => {
    const { pool, hold, held, look, space } = child;
    pool.unspent.add(token("c"));
    await hold({}, "a", "b", "c");
    await look();
    expect(pool.quotas.get(space)).toBe(MOST);
    const left = await held();
    expect(left.c).toBeUndefined();
    expect(Object.keys(left).length + pool.offered.length).toBe(3);
  });

  it.each<HttpErrorCode | null>([null, "rate-limited", "storage-failed", "internal"])(
    "after what may pass (%s) the same one is offered to the same space, later and later",
    async (refusal) => {
      const { pool, hold, held, look, timers, space } = child;
      for (const letter of ["a", "b", "c"]) pool.unspent.add(token(letter));
      await hold({}, "a", "b", "c");
      pool.refusals.push(refusal, refusal);
      await look();
      const first = pool.offered[0]?.[1] as string;
      expect((await held())[first[0] as string]).toEqual({ at: space });
      for (const ms of [15_000, 30_000]) {
        expect(timers.at(-1)?.ms).toBe(ms);
        await look(timers.at(-1)?.call);
      }
      expect(pool.offered).toEqual([
        [space, first],
        [space, first],
        [space, first],
      ]);
      expect(timers.length).toBe(2);
      expect(pool.quotas.get(space)).toBe(MOST);
      expect(Object.values(await held())).toEqual([{}, {}]);
    },
  );

  it("one that wasn't needed after all, since another device of mine was first, is free again", async () => {
    const { pool, hold, held, look, space } = child;
    pool.unspent.add(token("a"));
    pool.quotas.set(space, MOST);
    await hold({ at: space }, "a");
    await look();
    expect(await held()).toEqual({ a: {} });
    expect(pool.unspent.size).toBe(1);
  });

  it("one that was meant for a space that is no more is free again, and used", async () => {
    const { pool, hold, held, look, space } = child;
    pool.unspent.add(token("a"));
    await hold({ at: randomId<SpaceId>() }, "a");
    await look();
    await look();
    expect(pool.quotas.get(space)).toBe(MOST);
    expect(await held()).toEqual({});
  });

  it("a full pocket without one says so, until there is one", async () => {
    const { pool, hold, look, keeper, state, space } = child;
    pool.bytes.set(space, SMALL - 1000);
    state.problem = "over-quota";
    await look();
    expect(keeper.isShort).toBe(true);
    pool.unspent.add(token("a"));
    await hold({}, "a");
    await look();
    expect(keeper.isShort).toBe(false);
    pool.bytes.set(space, MOST);
    await look();
    expect(keeper.isShort).toBe(false);
  });
});
