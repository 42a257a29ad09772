import { describe, expect, it } from "vitest";
import { Harness, POCKET, spaceId, WHOLE } from "./harness.ts";

describe("connection", () => {
  it("does nothing before start, and nothing without a space", () => {
    const engine = new Harness();
    expect(engine.run({ type: "start" })).toEqual([]);
    const other = new Harness();
    other.run({ type: "addSpace", synced: { space: POCKET, epoch: 1, right: "own", mailbox: false } });
    expect(other.types()).toEqual(["load"]);
    other.run({ type: "start" });
    expect(other.types()).toEqual(["connect", "status"]);
  });

  it("greets, and opens what is loaded with a proof over this connection's nonce", () => {
    const engine = new Harness().loaded();
    expect(engine.of("prove")[0]).toMatchObject({ space: POCKET, epoch: 1, right: "own", wire: 1 });
    engine.keeper({ type: "proved", wire: 1, epoch: 1, proof: new Uint8Array(64).fill(3) });
    expect(engine.sent.map((frame) => frame.type)).toEqual(["hello", "open"]);
    expect(engine.last("open").proof).toEqual(new Uint8Array(64).fill(3));
    expect(engine.state.status.connection).toBe("on");
  });

  it("makes a new proof when the connection was lost meanwhile", () => {
    const engine = new Harness().loaded();
    engine.close();
    engine.wait(1_000);
    engine.connect();
    expect(engine.of("prove")[0]).toMatchObject({ wire: 2 });
    engine.keeper({ type: "proved", wire: 1, epoch: 1, proof: new Uint8Array(64) });
    expect(engine.types()).toEqual(["prove"]);
    expect(engine.sent.filter((frame) => frame.type === "open")).toEqual([]);
  });

  it("waits longer each time, half of it random, and at most a minute", () => {
    const engine = new Harness().loaded();
    const pauses: number[] = [];
    for (let lost = 0; lost < 9; lost++) {
      engine.close();
      const { connection } = engine.state;
      const pause = connection.phase === "waiting" ? connection.until - engine.now : -1;
      pauses.push(pause);
      engine.wait(pause);
    }
    expect(pauses).toEqual([750, 1_500, 3_000, 6_000, 12_000, 24_000, 45_000, 45_000, 45_000]);
  });

  it("begins small again after a steady connection, and at once when nudged", () => {
    const engine = new Harness().live();
    for (let lost = 0; lost < 4; lost++) {
      engine.close();
      engine.wait(20_000);
    }
    engine.connect();
    engine.now += 10_000;
    engine.close();
    expect(engine.state.connection).toMatchObject({ phase: "waiting", until: engine.now + 750 });
    expect(engine.run({ type: "nudge" }).map((effect) => effect.type)).toContain("connect");
  });

  it.each([
    [4400, "bad-frame"],
    [4406, "unknown-protocol"],
  ])("says so after %i and comes back rarely", (code, problem) => {
    const engine = new Harness().loaded();
    engine.close(code);
    expect(engine.state.status).toMatchObject({ connection: "problem", problem });
    expect(engine.wait(299_000)).toEqual([]);
    expect(engine.wait(2_000).map((effect) => effect.type)).toContain("connect");
  });

  it("gives a wire up that doesn't greet, doesn't answer, or answers something else", () => {
    const silent = new Harness();
    silent.run({ type: "addSpace", synced: { space: POCKET, epoch: 1, right: "own", mailbox: false } });
    silent.run({ type: "start" });
    expect(silent.wait(20_000).map((effect) => effect.type)).toContain("disconnect");

    const unanswered = new Harness().loaded().open(0);
    expect(unanswered.wait(119_000)).toEqual([]);
    expect(unanswered.wait(2_000).map((effect) => effect.type)).toContain("disconnect");

    const confused = new Harness().loaded().open(0);
    confused.answer("pull", { type: "done" });
    expect(confused.types()).toContain("disconnect");
  });

  it("probes an idle line once a minute, another space each time", () => {
    const engine = new Harness().live();
    engine.run({ type: "addSpace", synced: { space: spaceId("circle"), epoch: 1, right: "write", mailbox: false } });
    engine.keeper({ type: "loaded", loaded: { cursor: null, frozen: [], pending: 0 } }, spaceId("circle"));
    engine.open(0, spaceId("circle"));
    engine.answer("pull", { type: "page", space: spaceId("circle"), records: [], head: 0, more: false });
    engine.keeper({ type: "caughtUp", pending: 0, ...WHOLE }, spaceId("circle"));
    const probed: string[] = [];
    for (let minutes = 0; minutes < 3; minutes++) {
      engine.wait(60_000);
      probed.push(engine.last("pull").space);
      engine.answer("pull", { type: "page", space: engine.last("pull").space, records: [], head: 0, more: false });
    }
    expect(probed).toEqual([POCKET, spaceId("circle"), POCKET]);
  });

  it("gives an idle line up that doesn't answer a probe; what it says, whatever it is, shows that it lives", () => {
    const dead = new Harness().live();
    dead.wait(60_000);
    expect(dead.last("pull")).toBeDefined();
    expect(dead.wait(19_000)).toEqual([]);
    expect(dead.wait(1_000).map((effect) => effect.type)).toContain("disconnect");

    const slow = new Harness().live();
    slow.wait(60_000);
    slow.frame({ type: "dropped", space: POCKET });
    expect(slow.wait(100_000)).toEqual([]);
    expect(slow.wait(20_000).map((effect) => effect.type)).toContain("disconnect");
  });

  it("waits as long as for any answer when something was on its way before the probe", () => {
    const busy = new Harness().loaded().open(0);
    busy.run({ type: "nudge" });
    expect(busy.wait(100_000)).toEqual([]);
  });

  it("hears nothing from a wire it has given up", () => {
    const engine = new Harness().live();
    engine.close();
    engine.wait(1_000);
    expect(engine.run({ type: "wireClosed", wire: 1, code: 1006 })).toEqual([]);
    expect(engine.run({ type: "frame", wire: 1, frame: { type: "done", request: 1 } })).toEqual([]);
    expect(engine.state.connection.phase).toBe("connecting");
  });

  it("hangs up when the last space ends, and when stopped", () => {
    const engine = new Harness().live();
    expect(engine.run({ type: "removeSpace", space: POCKET }).map((effect) => effect.type)).toContain("disconnect");
    const other = new Harness().live();
    expect(other.run({ type: "stop" }).map((effect) => effect.type)).toContain("disconnect");
    expect(other.wait(600_000)).toEqual([]);
  });
});
