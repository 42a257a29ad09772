import { describe, expect, it } from "vitest";
import { Harness, POCKET, spaceId } from "./harness.ts";

describe("asks", () => {
  const askDelete = { type: "deleteDocument", space: POCKET, document: "00".repeat(16) } as never;

  it("asks once per connection until it is answered", () => {
    const engine = new Harness().loaded();
    engine.run({ type: "ask", id: 7, frame: askDelete });
    expect(engine.types()).not.toContain("> deleteDocument");
    engine.open(0);
    expect(engine.sent.filter((frame) => frame.type === "deleteDocument")).toHaveLength(1);
    engine.close();
    engine.wait(1_000);
    engine.connect();
    engine.open(0);
    expect(engine.sent.filter((frame) => frame.type === "deleteDocument")).toHaveLength(2);
    engine.answer("deleteDocument", { type: "done" });
    expect(engine.of("answer")).toMatchObject([{ id: 7, outcome: { answer: { type: "done" } } }]);
  });

  it("asks a rotation on the connection it was made on and never again: what it says of the others is old by then", () => {
    const engine = new Harness().loaded();
    const rotate = { type: "rotate", space: POCKET } as never;
    engine.run({ type: "ask", id: 1, frame: rotate });
    expect(engine.of("answer")).toEqual([]);
    engine.open(0);
    engine.close();
    expect(engine.of("answer")).toMatchObject([{ id: 1, outcome: { refused: "connection-lost" } }]);
    engine.run({ type: "ask", id: 2, frame: rotate });
    expect(engine.of("answer")).toMatchObject([{ id: 2, outcome: { refused: "connection-lost" } }]);
    engine.wait(1_000);
    engine.connect();
    engine.open(0);
    for (const [id, refused] of [
      [3, "storage-failed"],
      [4, "stale-checkpoint"],
    ] as const) {
      engine.run({ type: "ask", id, frame: rotate });
      engine.refuse("rotate", refused);
      expect(engine.of("answer")).toMatchObject([{ id, outcome: { refused } }]);
    }
    engine.run({ type: "ask", id: 5, frame: rotate });
    engine.refuse("rotate", "not-open");
    expect(engine.of("answer")).toMatchObject([{ id: 5, outcome: { refused: "connection-lost" } }]);
    engine.wait(60_000);
    expect(engine.sent.filter((frame) => frame.type === "rotate")).toHaveLength(4);
  });

  it("asks nothing that names numbers of a restored server: there they are other records", () => {
    const engine = new Harness().live();
    const prune = { type: "prune", space: POCKET, document: "00".repeat(16), before: 22 } as never;
    const here = engine.space().incarnation;
    const pruned = () => engine.sent.filter((frame) => frame.type === "prune").length;
    engine.run({ type: "ask", id: 1, frame: prune, incarnation: here });
    expect(pruned()).toBe(1);
    engine.close();
    // Asked while nobody answers: the same server comes back, and has it asked.
    engine.run({ type: "ask", id: 2, frame: prune, incarnation: here });
    engine.wait(1_000);
    engine.connect();
    engine.open(0);
    // Not before its first page shows that it is the same in every way (backfill.test.ts).
    expect(pruned()).toBe(1);
    engine.catchUp(0);
    expect(pruned()).toBe(3);
    engine.answer("prune", { type: "done" });
    expect(engine.of("answer")).toMatchObject([{ id: 2, outcome: { answer: { type: "done" } } }]);
    engine.close();
    engine.wait(4_000);
    engine.incarnation = "bb".repeat(16);
    engine.connect();
    engine.open(0);
    expect(engine.of("answer")).toMatchObject([{ id: 1, outcome: { refused: "connection-lost" } }]);
    // Made before the core knew of the restore, and asked only now.
    engine.run({ type: "ask", id: 3, frame: prune, incarnation: here });
    expect(engine.of("answer")).toMatchObject([{ id: 3, outcome: { refused: "connection-lost" } }]);
    expect(pruned()).toBe(3);
  });

  it("asks nothing that holds the keys of an epoch in a newer one: it would lie over those", () => {
    const engine = new Harness().live();
    const wraps = { type: "putWraps", space: POCKET, wraps: [] } as never;
    const put = () => engine.sent.filter((frame) => frame.type === "putWraps").length;
    const { epoch } = engine.space();
    engine.run({ type: "ask", id: 1, frame: wraps, epoch });
    // The core may know of its own rotation before the engine does.
    engine.run({ type: "ask", id: 2, frame: wraps, epoch: epoch + 1 });
    engine.run({ type: "ask", id: 3, frame: wraps });
    expect(put()).toBe(3);
    engine.close();
    engine.run({ type: "changeEpoch", space: POCKET, epoch: epoch + 1, right: "own" });
    engine.wait(1_000);
    engine.connect();
    engine.open(0);
    expect(engine.of("answer")).toMatchObject([{ id: 1, outcome: { refused: "connection-lost" } }]);
    expect(put()).toBe(5);
  });

  it("asks nothing that names numbers when the same server claims less than it had", () => {
    const engine = new Harness().live();
    const prune = { type: "prune", space: POCKET, document: "00".repeat(16), before: 22 } as never;
    engine.run({ type: "ask", id: 1, frame: { type: "checkpoint", space: POCKET } as never });
    engine.answer("checkpoint", { type: "ack", opId: "00".repeat(16) as never, seq: 1 });
    engine.run({ type: "ask", id: 2, frame: prune, incarnation: engine.space().incarnation });
    engine.close();
    engine.wait(1_000);
    engine.connect();
    engine.open(0);
    expect(engine.of("answer")).toMatchObject([{ id: 2, outcome: { refused: "connection-lost" } }]);
    expect(engine.sent.filter((frame) => frame.type === "prune")).toHaveLength(1);
  });

  it("fetches at once what came before a rotation that had not seen it, and leaves the next one to the core", () => {
    const engine = new Harness().live();
    const pulls = () => engine.sent.filter((frame) => frame.type === "pull").length;
    const before = pulls();
    engine.run({ type: "ask", id: 1, frame: { type: "rotate", space: POCKET } as never });
    engine.refuse("rotate", "head-moved");
    expect(engine.of("answer")).toMatchObject([{ id: 1, outcome: { refused: "head-moved" } }]);
    expect(pulls()).toBe(before + 1);
    engine.wait(60_000);
    expect(engine.sent.filter((frame) => frame.type === "rotate")).toHaveLength(1);
  });

  it("asks again after a passing refusal and hands every other one on", () => {
    const engine = new Harness().live();
    engine.run({ type: "ask", id: 1, frame: askDelete });
    engine.refuse("deleteDocument", "rate-limited");
    expect(engine.of("answer")).toEqual([]);
    engine.wait(2_000);
    expect(engine.sent.filter((frame) => frame.type === "deleteDocument")).toHaveLength(2);
    engine.refuse("deleteDocument", "no-right");
    expect(engine.of("answer")).toMatchObject([{ id: 1, outcome: { refused: "no-right" } }]);
  });

  it("opens the space again when the server says that it isn't open", () => {
    const engine = new Harness().live();
    engine.run({ type: "ask", id: 1, frame: askDelete });
    engine.refuse("deleteDocument", "not-open");
    expect(engine.of("prove")).toHaveLength(1);
    engine.open(0);
    expect(engine.sent.filter((frame) => frame.type === "deleteDocument")).toHaveLength(2);
  });

  it("asks in the newer epoch what is not bound to one, and hands on what is", () => {
    const engine = new Harness().live();
    engine.run({ type: "ask", id: 1, frame: askDelete });
    engine.run({ type: "ask", id: 2, frame: { type: "rotate", space: POCKET } as never });
    engine.refuse("deleteDocument", "stale-epoch");
    expect(engine.of("rekey")).toHaveLength(1);
    engine.refuse("rotate", "stale-epoch");
    expect(engine.of("answer")).toMatchObject([{ id: 2, outcome: { refused: "stale-epoch" } }]);
    engine.keeper({ type: "rekeyed", epochAsked: 1, result: { state: "rekeyed", epoch: 2, right: "own" } });
    engine.open(0);
    expect(engine.sent.filter((frame) => frame.type === "deleteDocument")).toHaveLength(2);
  });

  it("settles what was asked of a space that is no more, and of one that isn't there", () => {
    const engine = new Harness().loaded();
    engine.run({ type: "ask", id: 1, frame: askDelete });
    engine.run({ type: "ask", id: 2, frame: { type: "deleteSpace", space: POCKET } });
    engine.run({ type: "ask", id: 3, frame: { type: "token", space: spaceId("other") } });
    expect(engine.of("answer")).toMatchObject([{ id: 3, outcome: { refused: "not-open" } }]);
    engine.keeper({ type: "proved", wire: 1, epoch: 1, proof: new Uint8Array(64) });
    engine.refuse("open", "no-such-space");
    engine.keeper({ type: "missed", result: "gone" });
    expect(engine.of("answer")).toMatchObject([
      { id: 1, outcome: { refused: "not-open" } },
      { id: 2, outcome: { answer: { type: "done" } } },
    ]);
  });

  it("moves over the number of our own control record, which doesn't come back", () => {
    const engine = new Harness().live();
    engine.run({ type: "ask", id: 1, frame: { type: "checkpoint", space: POCKET } as never });
    engine.answer("checkpoint", { type: "ack", opId: "00".repeat(16) as never, seq: 1 });
    expect(engine.space().seq).toBe(1);
  });

  it("settles everything as stopped at the end", () => {
    const engine = new Harness().live();
    engine.run({ type: "ask", id: 1, frame: askDelete });
    engine.run({ type: "stop" });
    expect(engine.of("answer")).toMatchObject([{ id: 1, outcome: { refused: "stopped" } }]);
    engine.run({ type: "ask", id: 2, frame: askDelete });
    expect(engine.of("answer")).toMatchObject([{ id: 2, outcome: { refused: "stopped" } }]);
  });
});

describe("opening", () => {
  it("has a space created that the server doesn't know, then opens it", () => {
    const engine = new Harness().loaded();
    engine.keeper({ type: "proved", wire: 1, epoch: 1, proof: new Uint8Array(64) });
    engine.refuse("open", "no-such-space");
    expect(engine.of("missing")).toHaveLength(1);
    engine.keeper({ type: "missed", result: "created" });
    expect(engine.of("prove")).toHaveLength(1);
  });

  it("waits when its wrap holds nothing newer, and goes on at once when the core has", () => {
    const engine = new Harness().live();
    engine.frame({ type: "ended", space: POCKET, code: "epoch-over" });
    engine.keeper({ type: "rekeyed", epochAsked: 1, result: { state: "unchanged", epoch: 1, right: "own" } });
    expect(engine.space().phase).toBe("paused");
    engine.run({ type: "changeEpoch", space: POCKET, epoch: 2, right: "own" });
    expect(engine.of("prove")).toMatchObject([{ epoch: 2 }]);
  });

  it("goes on where newer keys came while the keeper found no wrap; without any it is over", () => {
    const engine = new Harness().live();
    engine.frame({ type: "ended", space: POCKET, code: "epoch-over" });
    engine.run({ type: "changeEpoch", space: POCKET, epoch: 2, right: "own" });
    engine.keeper({ type: "rekeyed", epochAsked: 1, result: { state: "removed" } });
    expect(engine.of("prove")).toMatchObject([{ epoch: 2 }]);
    engine.keeper({ type: "proved", wire: 1, epoch: 2, proof: new Uint8Array(64) });
    engine.refuse("open", "stale-epoch");
    engine.keeper({ type: "rekeyed", epochAsked: 2, result: { state: "removed" } });
    expect(engine.space().phase).toBe("ended");
  });

  it("says when its proof isn't taken, and tries rarely", () => {
    const engine = new Harness().loaded();
    engine.keeper({ type: "proved", wire: 1, epoch: 1, proof: new Uint8Array(64) });
    engine.refuse("open", "bad-proof");
    expect(engine.state.status).toMatchObject({ connection: "problem", problem: "bad-proof" });
  });

  it("drops answers that a space got before it was removed and added again", () => {
    const engine = new Harness().loaded();
    const { life } = engine.space();
    engine.run({ type: "removeSpace", space: POCKET });
    engine.run({ type: "addSpace", synced: { space: POCKET, epoch: 1, right: "own", mailbox: false } });
    engine.keeper({ type: "loaded", loaded: { cursor: null, frozen: [], pending: 0 } }, POCKET, life);
    expect(engine.effects).toEqual([]);
    expect(engine.space().phase).toBe("loading");
  });
});

describe("mailbox", () => {
  const drop = (seq: number) => ({ seq, key: new Uint8Array(32), bytes: Uint8Array.of(seq) });

  const cleared = (engine: Harness): number[] =>
    engine.sent.flatMap((frame) => (frame.type === "clearDrops" ? [frame.through] : []));

  it("clears on the server only what came of it has got there too, and asks for the rest meanwhile", () => {
    const engine = new Harness().loaded({ mailbox: true }).open(0);
    expect(engine.last("pullDrops").after).toBe(0);
    engine.answer("pullDrops", { type: "drops", space: POCKET, drops: [drop(1), drop(2)], more: true });
    expect(engine.of("applyDrops")).toMatchObject([{ drops: [{ seq: 1 }, { seq: 2 }] }]);
    engine.keeper({ type: "dropsApplied", through: 2, more: true });
    expect(engine.of("settleDrops")).toMatchObject([{ through: 2 }]);
    expect(engine.last("pullDrops").after).toBe(2);
    engine.answer("pullDrops", { type: "drops", space: POCKET, drops: [drop(3)], more: false });
    engine.keeper({ type: "dropsApplied", through: 3, more: false });
    expect(cleared(engine)).toEqual([]);
    engine.keeper({ type: "dropsSettled", through: 2, wire: 1 });
    expect(cleared(engine)).toEqual([2]);
    engine.answer("clearDrops", { type: "done" });
    engine.keeper({ type: "dropsSettled", through: 3, wire: 1 });
    expect(cleared(engine)).toEqual([2, 3]);
    engine.answer("clearDrops", { type: "done" });
    engine.frame({ type: "dropped", space: POCKET });
    expect(engine.last("pullDrops").after).toBe(3);
  });

  it("clears nothing of a channel that is over: the next one brings it again", () => {
    const engine = new Harness().loaded({ mailbox: true }).open(0);
    engine.answer("pullDrops", { type: "drops", space: POCKET, drops: [drop(1)], more: false });
    engine.keeper({ type: "dropsApplied", through: 1, more: false });
    engine.close();
    engine.wait(1_000);
    engine.connect();
    engine.open(0);
    engine.keeper({ type: "dropsSettled", through: 1, wire: 1 });
    expect(cleared(engine)).toEqual([]);
    expect(engine.last("pullDrops").after).toBe(0);
    // Under the same number the next one may have brought another, of which nothing is with the server yet.
    engine.answer("pullDrops", { type: "drops", space: POCKET, drops: [drop(1)], more: false });
    engine.keeper({ type: "dropsApplied", through: 1, more: false });
    engine.keeper({ type: "dropsSettled", through: 1, wire: 1 });
    expect(cleared(engine)).toEqual([]);
    engine.keeper({ type: "dropsSettled", through: 1, wire: 2 });
    expect(cleared(engine)).toEqual([1]);
  });

  it("applies what a channel brought that ended meanwhile once more, and clears by the new one", () => {
    const engine = new Harness().loaded({ mailbox: true }).open(0);
    engine.answer("pullDrops", { type: "drops", space: POCKET, drops: [drop(7)], more: false });
    engine.close();
    engine.wait(1_000);
    engine.connect();
    engine.open(0);
    engine.keeper({ type: "dropsApplied", through: 7, more: false });
    expect(engine.of("settleDrops")).toEqual([]);
    engine.answer("pullDrops", { type: "drops", space: POCKET, drops: [drop(1)], more: false });
    engine.keeper({ type: "dropsApplied", through: 1, more: false });
    engine.keeper({ type: "dropsSettled", through: 1, wire: 2 });
    expect(cleared(engine)).toEqual([1]);
  });

  it("asks again on the next connection for what was not kept", () => {
    const engine = new Harness().loaded({ mailbox: true }).open(0);
    engine.answer("pullDrops", { type: "drops", space: POCKET, drops: [drop(1)], more: false });
    engine.close();
    engine.keeper({ type: "dropsApplied", through: 1, more: false });
    expect(engine.sent.map((frame) => frame.type)).not.toContain("clearDrops");
    engine.wait(1_000);
    engine.connect();
    engine.open(0);
    expect(engine.sent.filter((frame) => frame.type === "pullDrops")).toHaveLength(2);
  });
});
