import { describe, expect, it } from "vitest";
import type { RefusalCode } from "../../../protocol/frames.ts";
import { frozen, Harness, opId, POCKET, record, stored } from "./harness.ts";

const pushed = (engine: Harness) =>
  engine.effects.flatMap((effect) =>
    effect.type === "send" && effect.frame.type === "append" ? [effect.frame.record.opId] : [],
  );
const ops = (...names: string[]) => names.map((name) => record(name));

describe("coalescing", () => {
  it.each([
    ["calm", 1_000],
    ["company", 150],
    ["now", 0],
  ] as const)("freezes a %s change after %i ms", (pace, ms) => {
    const engine = new Harness().live();
    engine.run({ type: "changed", space: POCKET, pace });
    const early = ms === 0 ? [] : engine.wait(ms - 1);
    expect(early).toEqual([]);
    const effects = ms === 0 ? engine.effects : engine.wait(1);
    expect(effects.map((effect) => effect.type)).toContain("freeze");
  });

  it("lets somebody who writes on go no longer than two seconds", () => {
    const engine = new Harness().live();
    const begun = engine.now;
    while (engine.of("freeze").length === 0 && engine.now - begun < 5_000) {
      engine.run({ type: "changed", space: POCKET, pace: "calm" });
      engine.wait(100);
    }
    expect(engine.now - begun).toBe(2_000);
  });

  it("is quicker while another writes in the same space", () => {
    const engine = new Harness().live();
    engine.frame({ type: "live", space: POCKET, record: stored(1) });
    engine.run({ type: "changed", space: POCKET, pace: "calm" });
    expect(engine.wait(150).map((effect) => effect.type)).toContain("freeze");
  });

  it("freezes nothing before catch-up, nothing while held, and at once when flushing", () => {
    const engine = new Harness().loaded().open(1);
    engine.run({ type: "changed", space: POCKET, pace: "now" });
    expect(engine.of("freeze")).toEqual([]);
    engine.run({ type: "hold", space: POCKET, held: true });
    engine.catchUp(1, 1);
    expect(engine.of("freeze")).toEqual([]);
    engine.run({ type: "hold", space: POCKET, held: false });
    expect(engine.of("freeze")).toHaveLength(1);

    const locking = new Harness().live();
    locking.run({ type: "changed", space: POCKET, pace: "calm" });
    locking.run({ type: "flush", on: true });
    expect(locking.of("freeze")).toHaveLength(1);
  });

  it("freezes again what changed during a freezing, and not in a circle what isn't frozen", () => {
    const engine = new Harness().live();
    engine.run({ type: "changed", space: POCKET, pace: "now" });
    engine.run({ type: "changed", space: POCKET, pace: "now" });
    engine.keeper({ type: "frozen", frozen: frozen(ops("a")) });
    expect(engine.of("freeze")).toHaveLength(1);
    engine.keeper({ type: "frozen", frozen: frozen([], { left: 2 }) });
    expect(engine.of("freeze")).toEqual([]);
    expect(engine.wait(1_000).map((effect) => effect.type)).toContain("freeze");
  });
});

describe("pushing", () => {
  it("sends in order, keeps to the window of bytes, and acknowledges", () => {
    const engine = new Harness().live();
    engine.run({ type: "changed", space: POCKET, pace: "now" });
    const big = ["a", "b", "c", "d", "e"].map((name) => record(name, { sealed: new Uint8Array(245_760) }));
    engine.keeper({ type: "frozen", frozen: frozen([...big, record("f")]) });
    expect(pushed(engine)).toEqual(["a", "b", "c", "d"].map(opId));
    engine.ack("a", 1);
    expect(engine.of("acked")).toMatchObject([{ acks: [{ opId: opId("a"), seq: 1 }], through: { seq: 1 } }]);
    expect(pushed(engine)).toEqual(["e", "f"].map(opId));
    for (const [at, name] of ["b", "c", "d", "e", "f"].entries()) engine.ack(name, at + 2);
    expect(engine.state.status.unsent).toBe(0);
  });

  it("sends what lay frozen again after a reconnect, in the same order and unchanged", () => {
    const engine = new Harness().live({}, { frozen: ops("a", "b") });
    expect(pushed(engine)).toEqual(["a", "b"].map(opId));
    engine.close();
    engine.wait(1_000);
    engine.connect();
    engine.open(0).catchUp(0);
    expect(pushed(engine)).toEqual(["a", "b"].map(opId));
  });

  it("hears each answer once", () => {
    const engine = new Harness().live({}, { frozen: ops("a") });
    engine.ack("a", 1);
    engine.ack("a", 1);
    expect(engine.effects).toEqual([]);
  });
});

describe("refusals", () => {
  it.each(["rate-limited", "storage-failed"] as const)(
    "tries again after %s, in order, on a channel opened anew",
    (code) => {
      const engine = new Harness().live({}, { frozen: ops("a", "b") });
      const [a, b] = engine.sent.filter((frame) => frame.type === "append");
      engine.frame({ type: "refused", request: a!.request, code });
      expect(engine.wait(2_000)).toEqual([]); // b is not answered yet
      engine.frame({ type: "refused", request: b!.request, code });
      engine.wait(60_000);
      engine.open(0).catchUp(0);
      expect(pushed(engine)).toEqual(["a", "b"].map(opId));
    },
  );

  it.each(["document-deleted", "too-large", "op-conflict"] as const)("gives an op up after %s and says so", (code) => {
    const engine = new Harness().live({}, { frozen: ops("a", "b") });
    const [a] = engine.sent.filter((frame) => frame.type === "append");
    engine.frame({ type: "refused", request: a!.request, code });
    expect(engine.of("void")).toMatchObject([{ opId: opId("a"), reason: code }]);
    expect(engine.types()).toContain("freeze"); // the void record
    engine.keeper({ type: "frozen", frozen: frozen([record("v", { kind: "void" })]) });
    const v = engine.sent.findLast((frame) => frame.type === "append");
    engine.frame({ type: "refused", request: v!.request, code });
    expect(engine.of("void")).toEqual([]); // a void of a void would go round for ever
  });

  it.each(["over-quota", "no-right"] satisfies RefusalCode[])(
    "keeps an op after %s, says so, and tries rarely",
    (code) => {
      const engine = new Harness().live({}, { frozen: ops("a") });
      engine.refuse("append", code);
      expect(engine.state.status).toMatchObject({ connection: "problem", problem: code, unsent: 1 });
      expect(engine.wait(59_000)).toEqual([]);
      engine.wait(1_000);
      engine.answer("pull", { type: "page", space: POCKET, records: [], head: 0, more: false }); // the probe
      for (let minutes = 0; minutes < 4 && engine.space().phase === "live"; minutes++) {
        engine.wait(60_000);
        if (engine.space().phase === "live")
          engine.answer("pull", { type: "page", space: POCKET, records: [], head: 0, more: false });
      }
      engine.open(0).catchUp(0);
      expect(pushed(engine)).toEqual([opId("a")]);
      engine.ack("a", 1);
      expect(engine.state.status).toEqual({ connection: "on", online: true, problem: null, unsent: 0 });
    },
  );

  it("looks at the wrap after stale-epoch, opens the new epoch, and seals the same ops anew once", () => {
    const engine = new Harness().live({}, { frozen: ops("a", "b") });
    const [a, b] = engine.sent.filter((frame) => frame.type === "append");
    engine.frame({ type: "refused", request: a!.request, code: "stale-epoch" });
    expect(engine.of("rekey")).toMatchObject([{ epoch: 1 }]);
    engine.frame({ type: "refused", request: b!.request, code: "stale-epoch" });
    expect(engine.of("rekey")).toEqual([]);
    engine.keeper({ type: "rekeyed", epochAsked: 1, result: { state: "rekeyed", epoch: 2, right: "own" } });
    expect(engine.of("prove")).toMatchObject([{ epoch: 2 }]);
    engine.open(0).catchUp(0);
    expect(engine.of("reseal")).toMatchObject([{ opIds: ["a", "b"].map(opId) }]);
    expect(pushed(engine)).toEqual([]);
    const resealed = ["a", "b"].map((name) => record(name, { epoch: 2 }));
    engine.keeper({ type: "resealed", asked: ["a", "b"].map(opId), ops: resealed });
    expect(pushed(engine)).toEqual(["a", "b"].map(opId));
  });

  it("ends when there is no wrap any more, and tells it until it is kept", () => {
    const engine = new Harness().live();
    engine.frame({ type: "ended", space: POCKET, code: "epoch-over" });
    engine.keeper({ type: "rekeyed", epochAsked: 1, result: { state: "removed" } });
    expect(engine.of("ended")).toMatchObject([{ code: "removed" }]);
    engine.keeper({ type: "blobsUploaded" });
    expect(engine.state.status.unsent).toBe(0); // an upload that ended later makes nothing wait
    engine.keeper({ type: "failed", code: "storage-full" });
    expect(engine.wait(60_000).filter((effect) => effect.type === "ended")).toHaveLength(1);
    expect(engine.state.status.unsent).toBe(0);
  });

  it("goes on in the epoch that its own rotation made, without opening again", () => {
    const engine = new Harness().live();
    engine.run({ type: "changeEpoch", space: POCKET, epoch: 2, right: "own" });
    engine.run({ type: "changed", space: POCKET, pace: "now" });
    engine.keeper({ type: "frozen", frozen: frozen([record("a", { epoch: 2 })]) });
    expect(pushed(engine)).toEqual([opId("a")]);
    engine.run({ type: "changeEpoch", space: POCKET, epoch: 1, right: "own" });
    expect(engine.space().epoch).toBe(2); // never back
  });
});

describe("blobs", () => {
  it("uploads before the rows that name them, and freezes those then", () => {
    const engine = new Harness().live();
    engine.run({ type: "changed", space: POCKET, pace: "now" });
    engine.keeper({ type: "frozen", frozen: frozen(ops("text"), { waitingForBlobs: 1 }) });
    expect(engine.of("uploadBlobs")).toHaveLength(1);
    expect(pushed(engine)).toEqual([opId("text")]); // a photo holds nothing else up
    expect(engine.state.status.unsent).toBe(2);
    engine.keeper({ type: "blobsUploaded" });
    expect(engine.of("freeze")).toHaveLength(1);
  });

  it("keeps on the device what doesn't fit, says so, and tries again later", () => {
    const engine = new Harness().live();
    engine.run({ type: "changed", space: POCKET, pace: "now" });
    engine.keeper({ type: "frozen", frozen: frozen([], { waitingForBlobs: 1 }) });
    engine.keeper({ type: "blobsFailed", code: "over-quota" });
    expect(engine.state.status).toMatchObject({ problem: "over-quota", unsent: 1 });
    expect(engine.of("uploadBlobs")).toEqual([]);
    // Another that waited may have gone: what names it is frozen at once.
    expect(engine.of("freeze")).toHaveLength(1);
    engine.keeper({ type: "frozen", frozen: frozen([], { waitingForBlobs: 1 }) });
    expect(engine.of("uploadBlobs")).toEqual([]);
    expect(engine.state.status).toMatchObject({ problem: "over-quota", unsent: 1 });
    engine.keeper({ type: "blobsUploaded" });
    engine.keeper({ type: "frozen", frozen: frozen(ops("photo")) });
    engine.ack("photo", 1);
    expect(engine.state.status.problem).toBeNull();
  });
});
