import { beforeAll, describe, expect, test } from "vitest";
import type { PersonId } from "../../../../client/vault/api.ts";
import { TransportError } from "../../../../client/vault/ports.ts";
import { createErrands, type Errand } from "../../../../client/vault/sharing/errands.ts";
import { createRetries } from "../../../../client/vault/sharing/retries.ts";
import { createTurns } from "../../../../client/vault/turns.ts";
import { createDropKey } from "../../../../crypto/capabilities.ts";
import { ready } from "../../../../crypto/sodium.ts";
import { createDisk, MemoryCore } from "./memory-core.ts";
import { MemoryServer } from "./memory-server.ts";

beforeAll(ready);

const person = "ab".repeat(16) as PersonId;

function setUp() {
  const core = new MemoryCore(createDisk("Alma", "child"), new MemoryServer());
  const dropped: string[] = [];
  let failure: unknown = null;
  core.drop = async (_key, sealed) => {
    if (failure !== null) throw failure;
    dropped.push(String(sealed[0]));
  };
  let waits = 0;
  let mayKnowAgain = false;
  const ended: PersonId[] = [];
  const errands = createErrands(core, {
    mayKnowAgain: async () => mayKnowAgain,
    pairingRefused: async (person) => {
      ended.push(person);
    },
    requestRefused: async () => undefined,
    rotate: async () => "later",
    waiting: () => {
      waits++;
    },
  });
  const plan = async (lane: string, ...numbers: number[]) => {
    const list = numbers.map(
      (n): Errand => ({ do: "drop", seed: createDropKey().seed, sealed: Uint8Array.of(n), person }),
    );
    await core.writeState(await errands.plan(lane, list));
  };
  return {
    core,
    errands,
    dropped,
    plan,
    fail: (error: unknown) => {
      failure = error;
    },
    ended,
    restore: (is: boolean) => {
      mayKnowAgain = is;
    },
    left: async () => (await core.listState("errand/")).length,
    waits: () => waits,
  };
}

describe("errands", () => {
  test("run in the order of their lane, more than ten of them, and are forgotten when done", async () => {
    const { errands, plan, dropped, left } = setUp();
    const numbers = Array.from({ length: 12 }, (_, i) => i);
    await plan("a", ...numbers);
    await plan("a", 12);
    expect(await errands.run("a")).toBe(true);
    expect(dropped).toEqual([...numbers, 12].map(String));
    expect(await left()).toBe(0);
  });

  test("one that must wait keeps those behind it, and no other lane", async () => {
    const { errands, plan, dropped, fail, left, waits } = setUp();
    await plan("a", 1, 2);
    fail(new TransportError("refused", "rate-limited"));
    expect(await errands.run("a")).toBe(false);
    expect(waits()).toBe(1);
    fail(null);
    await plan("b", 3);
    errands.kick(false);
    await errands.idle();
    expect(dropped).toEqual(["3"]);
    expect(await left()).toBe(2);
    errands.kick(true);
    await errands.idle();
    expect(dropped).toEqual(["3", "1", "2"]);
  });

  test("offline nothing is tried, and nobody is asked to try again", async () => {
    const { core, errands, plan, dropped, waits } = setUp();
    core.online = false;
    await plan("a", 1);
    expect(await errands.run("a")).toBe(false);
    expect([dropped, waits()]).toEqual([[], 0]);
  });

  test.each(["too-large", "bad-proof"] as const)("a refusal that will never change ends it: %s", async (refusal) => {
    const { errands, plan, fail, left } = setUp();
    await plan("a", 1);
    fail(new TransportError("refused", refusal));
    expect(await errands.run("a")).toBe(true);
    expect(await left()).toBe(0);
  });

  test("a mailbox that knows nothing of us ends the pairing, unless it may only have been restored", async () => {
    const { errands, plan, fail, left, ended, restore } = setUp();
    await plan("a", 1);
    fail(new TransportError("refused", "not-found"));
    restore(true);
    expect(await errands.run("a")).toBe(false);
    expect([await left(), ended]).toEqual([1, []]);
    restore(false);
    expect(await errands.run("a")).toBe(true);
    expect([await left(), ended]).toEqual([0, [person]]);
  });

  test("what is planned while its lane runs is run too", async () => {
    const { core, errands, plan, dropped } = setUp();
    const { drop } = core;
    let planned = false;
    core.drop = async (key, sealed) => {
      await drop(key, sealed);
      if (!planned) {
        planned = true;
        await plan("a", 2);
        void errands.run("a");
      }
    };
    await plan("a", 1);
    await errands.run("a");
    expect(dropped).toEqual(["1", "2"]);
  });
});

describe("retries", () => {
  function create() {
    const waits: number[] = [];
    let tries = 0;
    const calls: (() => void)[] = [];
    const time = { now: 1_000_000 };
    const after = (ms: number, call: () => void) => {
      waits.push(ms / 1000);
      calls.push(() => {
        time.now += ms;
        call();
      });
      return () => undefined;
    };
    const retries = createRetries({ after, now: () => time.now }, () => {
      tries++;
    });
    return { retries, waits, time, tries: () => tries, fire: () => calls.shift()?.() };
  }

  test("wait twice as long each time, up to ten minutes, and once for many who ask", () => {
    const { retries, waits, tries, fire } = create();
    for (let i = 0; i < 12; i++) {
      retries.soon();
      retries.soon();
      fire();
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]);
    expect(tries()).toBe(12);
    retries.reset();
    retries.soon();
    expect(waits.at(-1)).toBe(1);
  });

  test("begin at the shortest again after a quiet time: what was lost last week says nothing of today", () => {
    const { retries, waits, time, fire } = create();
    for (let i = 0; i < 5; i++) {
      retries.soon();
      fire();
      time.now += 1_000;
    }
    expect(waits).toEqual([1, 2, 4, 8, 16]);
    time.now += 60_000;
    retries.soon();
    expect(waits.at(-1)).toBe(1);
  });
});

test("turns: one after the other, also after one that failed", async () => {
  const turn = createTurns();
  const seen: string[] = [];
  const work = (name: string, fails: boolean) => async () => {
    seen.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 1));
    seen.push(`${name} ends`);
    if (fails) throw new Error(name);
    return name;
  };
  const [first, second] = [turn(work("a", true)), turn(work("b", false))];
  await expect(first).rejects.toThrow("a");
  expect(await second).toBe("b");
  expect(seen).toEqual(["a begins", "a ends", "b begins", "b ends"]);
});
