import { describe, expect, it } from "vitest";
import { Harness, opId, POCKET, record, stored, WHOLE } from "./harness.ts";

const page = (records: readonly number[], head: number, more: boolean) =>
  ({ type: "page", space: POCKET, records: records.map((seq) => stored(seq)), head, more }) as const;

const applied = (engine: Harness) =>
  engine.of("apply").map(({ arrived }) => [arrived.records.map(({ seq }) => seq), arrived.through.seq]);

describe("backfill", () => {
  it("pulls from the cursor, page after page, and says when it has everything", () => {
    const engine = new Harness().loaded({}, { cursor: { seq: 3, incarnation: "aa".repeat(16) } }).open(9);
    expect(engine.last("pull").after).toBe(3);
    engine.answer("pull", page([4, 5], 9, true));
    expect(applied(engine)).toEqual([[[4, 5], 5]]);
    expect(engine.last("pull").after).toBe(5);
    engine.answer("pull", page([6, 7], 9, false));
    expect(applied(engine)).toEqual([[[6, 7], 9]]); // 8 and 9 were deleted
    expect(engine.types().slice(0, 2)).toEqual(["apply", "caughtUp"]);
    expect(engine.space().phase).toBe("settling");
    engine.keeper({ type: "caughtUp", pending: 0, ...WHOLE });
    expect(engine.space().phase).toBe("live");
  });

  it("asks for no third page while two wait to be kept", () => {
    const engine = new Harness().loaded().open(20);
    engine.answer("pull", page([1], 20, true));
    engine.answer("pull", page([2], 20, true));
    expect(engine.types()).not.toContain("> pull");
    engine.keeper({ type: "applied", ...WHOLE });
    expect(engine.types()).toContain("> pull");
  });

  it("hands on no record twice and never goes back, whatever a page says", () => {
    const engine = new Harness().loaded({}, { cursor: { seq: 5, incarnation: "aa".repeat(16) } }).open(7);
    engine.answer("pull", page([4, 6, 6, 5, 7], 2, false));
    expect(applied(engine)).toEqual([[[6, 7], 7]]);
  });

  it("keeps what arrives live during backfill until its turn", () => {
    const engine = new Harness().loaded().open(2);
    engine.frame({ type: "live", space: POCKET, record: stored(3) });
    expect(engine.of("apply")).toEqual([]);
    engine.answer("pull", page([1, 2], 2, false));
    expect(applied(engine)).toEqual([
      [[1, 2], 2],
      [[3], 3],
    ]);
  });

  it("keeps what arrived live though the page that should have it leaves it out", () => {
    const engine = new Harness().loaded().open(2);
    engine.answer("pull", page([1, 2], 2, false));
    engine.keeper({ type: "applied", ...WHOLE });
    engine.keeper({ type: "caughtUp", pending: 0, ...WHOLE });
    engine.frame({ type: "live", space: POCKET, record: stored(5) });
    engine.wait(5_000);
    engine.answer("pull", page([], 6, true));
    expect(applied(engine)).toEqual([[[5], 6]]);
  });

  it("pulls everything again from a server that was restored, and only then says it is complete", () => {
    const engine = new Harness().loaded({}, { cursor: { seq: 9, incarnation: "bb".repeat(16) } }).open(4);
    expect(engine.types()[0]).toBe("rewind");
    expect(engine.last("pull").after).toBe(0);
    const rolledBack = new Harness().loaded({}, { cursor: { seq: 9, incarnation: "aa".repeat(16) } }).open(4);
    expect(rolledBack.types()[0]).toBe("rewind");
    // Also where everything was being asked for once more when it was closed.
    const asking = new Harness().loaded({}, { cursor: { seq: 0, incarnation: "bb".repeat(16) } }).open(4);
    expect(asking.types()[0]).toBe("rewind");
  });

  describe("a server that was put back without saying so", () => {
    const incarnation = "aa".repeat(16);
    const known = { cursor: { seq: 6, incarnation, newest: { seq: 5, opId: opId("r5") } } };

    it("is asked once more for the newest record that is known by its number, and nothing is handed on twice", () => {
      const engine = new Harness().loaded({}, known).open(7);
      expect(engine.last("pull").after).toBe(4);
      engine.answer("pull", page([5, 7], 7, false));
      expect(applied(engine)).toEqual([[[7], 7]]);
      expect(engine.of("apply")[0]?.arrived.through).toEqual({
        seq: 7,
        incarnation,
        newest: { seq: 7, opId: opId("r7") },
      });
      // Deleted meanwhile: none stands there.
      const deleted = new Harness().loaded({}, known).open(7);
      deleted.answer("pull", page([7], 7, false));
      expect(applied(deleted)).toEqual([[[7], 7]]);
    });

    it("is gone through from the start when another stands there", () => {
      const engine = new Harness().loaded({}, known).open(7);
      engine.answer("pull", { ...page([], 7, true), records: [stored(5, "other"), stored(6)] });
      expect(applied(engine)).toEqual([]);
      expect(engine.types().slice(0, 2)).toEqual(["> close", "prove"]);
      engine.open(7);
      expect(engine.types()[0]).toBe("rewind");
      expect(engine.last("pull").after).toBe(0);
      engine.answer("pull", page([1, 2], 2, false));
      expect(applied(engine)).toEqual([[[1, 2], 2]]);
    });

    it("is asked nothing that names its numbers before that is known", () => {
      const engine = new Harness().loaded({}, known);
      const prune = { type: "prune", space: POCKET, document: record("r5").document, before: 5 } as const;
      engine.run({ type: "ask", id: 1, frame: prune, incarnation });
      engine.open(7);
      expect(engine.sent.map(({ type }) => type)).not.toContain("prune");
      engine.answer("pull", page([5, 7], 7, false));
      expect(engine.sent.map(({ type }) => type)).toContain("prune");
      // Put off before, and due while the first page is on its way: time goes on all the same.
      engine.refuse("prune", "rate-limited");
      engine.close();
      engine.wait(1_000);
      engine.connect();
      engine.open(7);
      engine.wait(10_000);
      expect(engine.sent.filter(({ type }) => type === "prune")).toHaveLength(1);
      engine.answer("pull", page([7], 7, false));
      expect(engine.sent.filter(({ type }) => type === "prune")).toHaveLength(2);
      const other = new Harness().loaded({}, known);
      other.run({ type: "ask", id: 1, frame: prune, incarnation });
      other.open(7);
      other.answer("pull", { ...page([], 7, false), records: [stored(5, "other"), stored(7)] });
      other.open(7);
      expect(other.of("answer")).toMatchObject([{ outcome: { refused: "connection-lost" } }]);
      expect(other.sent.map(({ type }) => type)).not.toContain("prune");
    });

    it("is known by what it acknowledged to us; a large record isn't asked for twice", () => {
      const large = new Uint8Array(200 * 1024);
      for (const [sealed, after] of [
        [new Uint8Array(256), 0],
        [large, 1],
      ] as const) {
        const engine = new Harness().live({}, { frozen: [record("a", { sealed })] });
        engine.ack("a", 1);
        engine.close();
        engine.wait(2_000);
        engine.connect();
        engine.open(1);
        expect(engine.last("pull").after).toBe(after);
      }
    });
  });

  it("calls nothing sent, from the welcome of a server that was restored until it knows what that one lost", () => {
    const engine = new Harness().loaded({}, { cursor: { seq: 9, incarnation: "bb".repeat(16) } });
    expect(engine.state.status).toMatchObject({ connection: "on", unsent: 1 });
    engine.open(4);
    expect(engine.state.status).toMatchObject({ connection: "on", unsent: 1 });
    engine.answer("pull", page([1, 2, 3, 4], 4, false));
    engine.keeper({ type: "applied", ...WHOLE });
    expect(engine.state.status.unsent).toBe(1);
    engine.keeper({ type: "caughtUp", pending: 0, ...WHOLE });
    expect(engine.state.status).toMatchObject({ connection: "on", unsent: 0 });
  });

  it("keeps whose server it is, though nothing has come: a restart has to know when that one was restored", () => {
    const empty = { cursor: null };
    const engine = new Harness().loaded({}, empty).open(0);
    engine.answer("pull", page([], 0, false));
    expect(applied(engine)).toEqual([[[], 0]]);
    expect(engine.types().indexOf("apply")).toBeLessThan(engine.types().indexOf("caughtUp"));
    // Once is enough.
    const again = new Harness().loaded({}, { cursor: { seq: 0, incarnation: "aa".repeat(16) } }).open(0);
    again.answer("pull", page([], 0, false));
    expect(applied(again)).toEqual([]);
    // A restored server that has nothing either: the cursor was forgotten with what it had.
    const restored = new Harness().loaded({}, { cursor: { seq: 3, incarnation: "bb".repeat(16) } }).open(0);
    restored.answer("pull", page([], 0, false));
    expect(applied(restored)).toEqual([[[], 0]]);
  });

  it("begins anew from the store when the keeper failed, after a pause", () => {
    const engine = new Harness().loaded().open(2);
    engine.answer("pull", page([1, 2], 2, false));
    const { life } = engine.space();
    engine.keeper({ type: "failed", code: "storage-full" });
    expect(engine.state.status).toMatchObject({ connection: "problem", problem: "storage-full" });
    engine.keeper({ type: "applied", ...WHOLE }, POCKET, life); // of the life before
    expect(engine.space().phase).toBe("paused");
    expect(engine.wait(1_000).map((effect) => effect.type)).toEqual(["load"]);
    engine.keeper({ type: "loaded", loaded: { cursor: null, frozen: [], pending: 0 } });
    engine.open(2);
    expect(engine.last("pull").after).toBe(0);
  });

  it("keeps the connection when a page is refused because the epoch is over, and gives it up when the store fails", () => {
    const engine = new Harness().loaded().open(2);
    engine.refuse("pull", "stale-epoch");
    expect(engine.types()).toEqual(["rekey"]);
    const other = new Harness().loaded().open(2);
    other.refuse("pull", "storage-failed");
    expect(other.types()).toContain("disconnect");
  });

  it("does not look at the wrap of a space it has not loaded", () => {
    const engine = new Harness().live();
    engine.keeper({ type: "failed", code: "storage-full" });
    engine.frame({ type: "ended", space: POCKET, code: "epoch-over" });
    expect(engine.space().phase).toBe("paused");
    expect(engine.of("rekey")).toEqual([]);
  });
});

describe("live", () => {
  it("hands on what follows at once, and passes over what it has", () => {
    const engine = new Harness().live();
    engine.frame({ type: "live", space: POCKET, record: stored(1) });
    expect(applied(engine)).toEqual([[[1], 1]]);
    engine.frame({ type: "live", space: POCKET, record: stored(1) });
    expect(engine.effects).toEqual([]);
  });

  it("waits a moment at a gap and then pulls it", () => {
    const engine = new Harness().live();
    engine.frame({ type: "live", space: POCKET, record: stored(2) });
    engine.frame({ type: "live", space: POCKET, record: stored(3) });
    expect(engine.of("apply")).toEqual([]);
    expect(engine.wait(299)).toEqual([]);
    engine.wait(1);
    expect(engine.last("pull").after).toBe(0);
    engine.answer("pull", page([1, 2], 3, false));
    expect(applied(engine)).toEqual([[[1, 2, 3], 3]]);
    expect(engine.space().seq).toBe(3);
  });

  it("fills a gap with the ack of our own", () => {
    const engine = new Harness().live({}, { frozen: [record("mine")] });
    engine.frame({ type: "live", space: POCKET, record: stored(2) });
    engine.ack("mine", 1);
    expect(applied(engine)).toEqual([[[2], 2]]);
    expect(engine.of("acked")).toMatchObject([{ acks: [{ opId: opId("mine"), seq: 1 }], through: { seq: 2 } }]);
    expect(engine.space().gapAt).toBeNull();
  });

  it("takes our own record that comes back for its ack", () => {
    const engine = new Harness().loaded({}, { frozen: [record("mine")] }).open(1);
    const back = { ...record("mine"), seq: 1 };
    engine.answer("pull", { type: "page", space: POCKET, records: [back], head: 1, more: false });
    expect(applied(engine)).toEqual([[[], 1]]);
    expect(engine.of("acked")).toMatchObject([{ acks: [{ opId: opId("mine"), seq: 1 }] }]);
    engine.keeper({ type: "caughtUp", pending: 0, ...WHOLE });
    expect(engine.sent.map((frame) => frame.type)).not.toContain("append");
    expect(engine.state.status.unsent).toBe(0);
  });

  it("asks no further after a page that says there is more and brings nothing new", () => {
    const engine = new Harness().loaded().open(9);
    engine.answer("pull", page([1, 2], 9, true));
    engine.keeper({ type: "applied", ...WHOLE });
    engine.answer("pull", page([1, 2], 9, true));
    expect(engine.types()).not.toContain("> pull");
    expect(engine.types()).toContain("caughtUp");
  });

  it("goes on after a page that live records have overtaken: what lies behind them is asked for, and not passed over", () => {
    const cursor = { seq: 1, incarnation: new Harness().incarnation };
    const engine = new Harness().live({}, { cursor }, 1);
    engine.frame({ type: "live", space: POCKET, record: stored(3) });
    engine.wait(300);
    expect(engine.last("pull")).toMatchObject({ after: 1 });
    engine.frame({ type: "live", space: POCKET, record: stored(2) });
    expect(engine.space().seq).toBe(3);
    engine.answer("pull", page([2, 3], 9, true));
    expect(engine.last("pull")).toMatchObject({ after: 3 });
    engine.answer("pull", page([4, 5, 6, 7, 8, 9], 9, false));
    expect(engine.space().seq).toBe(9);
  });

  it("pulls everything once more when a chain has a gap, and then says what stayed missing", () => {
    const engine = new Harness().live({}, { cursor: { seq: 5, incarnation: new Harness().incarnation } }, 5);
    engine.frame({ type: "live", space: POCKET, record: stored(6) });
    engine.keeper({ type: "applied", wantsAsking: true, trouble: null });
    expect(engine.types()).toContain("askAgain");
    expect(engine.last("pull").after).toBe(0);

    const records = [1, 2, 3, 5, 6].map((seq) => stored(seq));
    engine.answer("pull", { type: "page", space: POCKET, records, head: 6, more: false });
    expect(engine.of("apply")[0]?.arrived.records).toHaveLength(5);
    engine.keeper({ type: "applied", wantsAsking: false, trouble: "incomplete" });
    engine.keeper({ type: "caughtUp", pending: 0, wantsAsking: false, trouble: "incomplete" });
    expect(engine.state.status).toEqual({ connection: "on", online: true, unsent: 0, problem: "incomplete" });

    // The next gap has to wait: a member who leaves gap after gap costs no more than a pull a minute.
    engine.frame({ type: "live", space: POCKET, record: stored(7) });
    engine.keeper({ type: "applied", wantsAsking: true, trouble: "incomplete" });
    expect(engine.types()).not.toContain("askAgain");
    expect(engine.wait(60_000).map(({ type }) => type)).toContain("askAgain");
  });
});
