/** A server that was restored behind our epoch: what an owner's device does about it, and what a member's doesn't. */
import { describe, expect, it } from "vitest";
import type { Cursor } from "../../../client/sync/ports.ts";
import { Harness, opId, POCKET, record, spaceId } from "./harness.ts";

const EXPECTED = opId("checkpoint");
const rotation = (epoch: number) =>
  ({ type: "rotate", space: POCKET, expected: EXPECTED, epoch, record: record(`c${epoch}`, { epoch }) }) as never;

/** Proves in the epoch that is asked for, which the server takes or refuses. */
function tryToOpen(engine: Harness, epoch: number): void {
  expect(engine.of("prove")).toMatchObject([{ epoch, right: "own" }]);
  engine.keeper({ type: "proved", wire: engine.state.wires, epoch, proof: new Uint8Array(64) });
  expect(engine.last("open")).toMatchObject({ epoch, right: "own" });
}
const opened = (engine: Harness, epoch: number) =>
  engine.answer("open", { type: "opened", space: POCKET, head: 5, epoch, checkpoint: EXPECTED });

describe("a server behind our epoch", () => {
  it("is told the rotations since by an owner, one by one; nothing else is sent or read before", () => {
    const engine = new Harness().loaded({ epoch: 3 }, { frozen: [record("mine", { epoch: 3 })], pending: 1 });
    tryToOpen(engine, 3);
    engine.refuse("open", "epoch-ahead");
    tryToOpen(engine, 2);
    engine.refuse("open", "epoch-ahead");
    tryToOpen(engine, 1);
    opened(engine, 1);
    expect(engine.of("repeat")).toMatchObject([{ epoch: 1, expected: EXPECTED }]);
    engine.keeper({ type: "repeatMade", epoch: 1, rotation: rotation(2) });
    engine.answer("rotate", { type: "ack", opId: opId("c2"), seq: 6 });
    tryToOpen(engine, 2);
    opened(engine, 2);
    engine.keeper({ type: "repeatMade", epoch: 2, rotation: rotation(3) });
    const types = engine.sent.map(({ type }) => type);
    expect(types.filter((type) => type !== "hello" && type !== "open")).toEqual(["rotate", "rotate"]);
    engine.answer("rotate", { type: "ack", opId: opId("c3"), seq: 7 });
    tryToOpen(engine, 3);
    engine.answer("open", { type: "opened", space: POCKET, head: 7, epoch: 3, checkpoint: opId("c3") });
    expect(engine.space()).toMatchObject({ behind: null, phase: "catching", epoch: 3 });
    expect(engine.last("pull")).toMatchObject({ after: 0 });
  });

  it("waits for its owner where we are a member, and where the rotation isn't known here", () => {
    const member = new Harness().loaded({ epoch: 2, right: "write" });
    member.keeper({ type: "proved", wire: 1, epoch: 2, proof: new Uint8Array(64) });
    member.refuse("open", "epoch-ahead");
    expect(member.state.status.problem).toBe("restored");
    expect(member.types()).not.toContain("rekey");
    expect(member.wait(299_000)).toEqual([]);
    expect(member.wait(2_000).map(({ type }) => type)).toContain("prove");

    const owner = new Harness().loaded({ epoch: 2 });
    tryToOpen(owner, 2);
    owner.refuse("open", "epoch-ahead");
    tryToOpen(owner, 1);
    opened(owner, 1);
    owner.keeper({ type: "repeatMade", epoch: 1, rotation: null });
    expect(owner.state.status.problem).toBe("restored");
    expect(owner.space()).toMatchObject({ phase: "paused", behind: null });
  });

  it("is opened in our epoch again when another device of ours was first, or the connection broke", () => {
    const engine = new Harness().loaded({ epoch: 2 });
    tryToOpen(engine, 2);
    engine.refuse("open", "epoch-ahead");
    tryToOpen(engine, 1);
    engine.refuse("open", "stale-epoch");
    expect(engine.wait(10_000).filter(({ type }) => type === "prove")).toMatchObject([{ epoch: 2 }]);

    const other = new Harness().loaded({ epoch: 2 });
    tryToOpen(other, 2);
    other.refuse("open", "epoch-ahead");
    tryToOpen(other, 1);
    opened(other, 1);
    other.keeper({ type: "repeatMade", epoch: 1, rotation: rotation(2) });
    other.frame({ type: "ended", space: POCKET, code: "epoch-over" });
    expect(other.types()).not.toContain("rekey");
    other.refuse("rotate", "not-open");
    expect(other.wait(10_000).filter(({ type }) => type === "prove")).toMatchObject([{ epoch: 2 }]);
    other.keeper({ type: "proved", wire: 1, epoch: 2, proof: new Uint8Array(64) });
    other.refuse("open", "epoch-ahead");
    tryToOpen(other, 1);
    opened(other, 1);
    other.close();
    other.wait(2_000);
    other.connect();
    tryToOpen(other, 1);
  });

  it("below our first epoch is a lie, and tried rarely", () => {
    const engine = new Harness().loaded();
    tryToOpen(engine, 1);
    engine.refuse("open", "epoch-ahead");
    expect(engine.state.status.problem).toBe("restored");
    expect(engine.wait(200_000)).toEqual([]);
  });
});

/** Somebody else's circle that the server doesn't have. */
function missed(cursor: Cursor | null) {
  const circle = spaceId("circle");
  const engine = new Harness().loaded();
  engine.run({ type: "addSpace", synced: { space: circle, epoch: 1, right: "write", mailbox: false } });
  engine.keeper({ type: "loaded", loaded: { cursor, frozen: [], pending: 0 } }, circle);
  engine.keeper({ type: "proved", wire: 1, epoch: 1, proof: new Uint8Array(64) }, circle);
  engine.refuse("open", "no-such-space");
  engine.keeper({ type: "missed", result: "awaited" }, circle);
  expect(engine.types()).not.toContain("ended");
  return { engine, circle };
}

it("a circle of somebody else's that the server has lost is waited for, and never over", () => {
  const { engine, circle } = missed({ seq: 3, incarnation: "aa".repeat(16) });
  expect(engine.space(circle)).toMatchObject({ phase: "paused", problem: "restored" });
});

it("a circle that we were told of before its owner had made it is asked for again within a second", () => {
  const { engine, circle } = missed(null);
  expect(engine.space(circle)).toMatchObject({ phase: "paused", problem: null });
  expect(engine.state.status.problem).toBeNull();
  expect(engine.wait(1_000)).toContainEqual(expect.objectContaining({ type: "prove", space: circle }));
});
