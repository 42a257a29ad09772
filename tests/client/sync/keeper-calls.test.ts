import { describe, expect, it } from "vitest";
import type { KeeperEffect } from "../../../client/sync/effects.ts";
import type { KeeperEvent } from "../../../client/sync/events.ts";
import type { SpaceKeeper } from "../../../client/vault/keeper.ts";
import { TransportError } from "../../../client/vault/ports.ts";
import { createKeeperCalls } from "../../../client/vault/syncing-calls.ts";
import { opId, POCKET, spaceId, stored } from "./harness.ts";

/** A keeper whose calls end when the test says so. */
function slowKeeper() {
  const calls: string[] = [];
  const ends: ((error?: unknown) => void)[] = [];
  const call = (name: string): Promise<never> => {
    calls.push(name);
    return new Promise((resolve, reject) =>
      ends.push((error) => (error === undefined ? resolve(undefined as never) : reject(error))),
    );
  };
  const keeper = {
    load: () => call("load"),
    applyRecords: (_space, { records, through }) => call(`apply ${records.map(({ seq }) => seq)} to ${through.seq}`),
    acked: (_space, acks, through) => call(`acked ${acks.length} to ${through.seq}`),
    prove: () => call("prove"),
    uploadBlobs: () => call("uploadBlobs"),
  } as Partial<SpaceKeeper> as SpaceKeeper;
  const told: KeeperEvent[] = [];
  const made = createKeeperCalls(keeper, (event) => told.push(event));
  const end = async (error?: unknown): Promise<void> => {
    ends.shift()?.(error);
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { calls, told, made, end };
}

const incarnation = "aa".repeat(16);
const apply = (seq: number, life = 1, space = POCKET): KeeperEffect => ({
  type: "apply",
  space,
  life,
  arrived: { records: [stored(seq)], through: { seq, incarnation } },
});
const acked = (seq: number): KeeperEffect => ({
  type: "acked",
  space: POCKET,
  life: 1,
  acks: [{ opId: opId(`o${seq}`), seq }],
  through: { seq, incarnation },
});

describe("calls of the keeper", () => {
  it("are made one at a time per space, in order; neighbours that wait become one", async () => {
    const { calls, told, made, end } = slowKeeper();
    for (const effect of [apply(1), apply(2), apply(3), acked(4), acked(5), apply(6)]) made.make(effect);
    expect(calls).toEqual(["apply 1 to 1"]);
    for (let at = 0; at < 4; at++) await end();
    expect(calls).toEqual(["apply 1 to 1", "apply 2,3 to 3", "acked 2 to 5", "apply 6 to 6"]);
    expect(told.map(({ type }) => type)).toEqual(["applied", "applied", "applied", "applied"]);
  });

  it("run beside each other for different spaces, and for proofs and blobs", () => {
    const { calls, made } = slowKeeper();
    made.make(apply(1));
    made.make(apply(1, 2, spaceId("circle")));
    made.make({ type: "uploadBlobs", space: POCKET, life: 1 });
    expect(calls).toEqual(["apply 1 to 1", "apply 1 to 1", "uploadBlobs"]);
  });

  it("are not made any more behind one that failed, until the next life", async () => {
    const { calls, told, made, end } = slowKeeper();
    for (const effect of [apply(1), acked(2), { type: "load", space: POCKET, life: 2 } as const]) made.make(effect);
    await end(Object.assign(new Error("full"), { code: "storage-full" }));
    expect(told).toEqual([{ type: "failed", code: "storage-full", space: POCKET, life: 1 }]);
    expect(calls).toEqual(["apply 1 to 1", "load"]);
    made.make(apply(3));
    await end();
    expect(calls).toEqual(["apply 1 to 1", "load"]);
  });

  it.each([
    [new TransportError("offline"), "offline"],
    [new TransportError("refused", "over-quota"), "over-quota"],
    [new Error("a bug"), "failed"],
    [null, "failed"],
  ])("tell %s as its code", async (error, code) => {
    const { told, made, end } = slowKeeper();
    made.make({ type: "uploadBlobs", space: POCKET, life: 1 });
    await end(error);
    expect(told).toEqual([{ type: "blobsFailed", code, space: POCKET, life: 1 }]);
  });

  it("tell nothing and begin nothing once stopped", async () => {
    const { calls, told, made, end } = slowKeeper();
    made.make(apply(1));
    made.make(acked(2));
    made.stop();
    await end();
    made.make(apply(3));
    expect([calls, told]).toEqual([["apply 1 to 1"], []]);
  });
});
