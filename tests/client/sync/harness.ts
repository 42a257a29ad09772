/** Drives the engine by hand: one event, the effects it asked for, and short names for what comes often. */

import { nextDue } from "../../../client/sync/due.ts";
import type { Effect, KeeperEffect } from "../../../client/sync/effects.ts";
import { step } from "../../../client/sync/engine.ts";
import type { Event, KeeperEvent } from "../../../client/sync/events.ts";
import type { Frozen, Loaded, SyncedSpace } from "../../../client/sync/ports.ts";
import { initialState, type SpaceState, type State } from "../../../client/sync/state.ts";
import type {
  ClientFrame,
  DocumentTag,
  OpId,
  OuterRecord,
  RefusalCode,
  Seq,
  ServerFrame,
  ServerId,
  SpaceId,
  StoredRecord,
} from "../../../protocol/frames.ts";

const id = (name: string): string =>
  [...new TextEncoder().encode(name)]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("")
    .padEnd(32, "0");

export const spaceId = (name: string): SpaceId => id(name) as SpaceId;
export const opId = (name: string): OpId => id(name) as OpId;
export const POCKET = spaceId("pocket");

export function record(name: string, changes: Partial<OuterRecord> = {}): OuterRecord {
  const document = id("doc") as DocumentTag;
  return { document, kind: "said", epoch: 1, opId: opId(name), sealed: new Uint8Array(256), ...changes };
}

export const stored = (seq: Seq, name = `r${seq}`, epoch = 1): StoredRecord => ({ ...record(name, { epoch }), seq });

export const frozen = (ops: readonly OuterRecord[], changes: Partial<Frozen> = {}): Frozen => ({
  ops,
  left: 0,
  waitingForBlobs: 0,
  ...changes,
});

/** Health of a space whose chains have no gap. */
export const WHOLE = { wantsAsking: false, trouble: null } as const;

/** All of a state as text; bytes by their number, maps by their entries. */
function picture(state: State): string {
  return JSON.stringify(state, (_, value: unknown) => {
    if (value instanceof Map) return [...value];
    return value instanceof Uint8Array ? value.length : value;
  });
}

type Body<E> = E extends unknown ? Omit<E, "space" | "life"> : never;
type AnswerBody<F> = F extends { readonly request: number } ? Omit<F, "request"> : never;

export class Harness {
  state: State = initialState();
  now = 1_000_000;
  random = 0.5;
  incarnation = "aa".repeat(16);
  /** Effects of the last event. */
  effects: readonly Effect[] = [];
  readonly sent: ClientFrame[] = [];

  run(event: Event): readonly Effect[] {
    const given = picture(this.state);
    const stepped = step(this.state, event, { now: this.now, random: this.random });
    if (picture(this.state) !== given) throw new Error("the step changed what it was given");
    this.state = stepped.state;
    this.effects = stepped.effects;
    for (const effect of stepped.effects) if (effect.type === "send") this.sent.push(effect.frame);
    return stepped.effects;
  }

  /** Lets time pass to the next thing the engine waits for, at most `ms`; ticks there. */
  wait(ms: number): readonly Effect[] {
    const end = this.now + ms;
    const all: Effect[] = [];
    for (let due = nextDue(this.state); due !== null && due <= end; due = nextDue(this.state)) {
      if (due <= this.now && all.length > 1000) throw new Error("ticks in a circle");
      this.now = Math.max(this.now, due);
      all.push(...this.run({ type: "tick" }));
    }
    this.now = end;
    return all;
  }

  space(space: SpaceId = POCKET): SpaceState {
    return this.state.spaces.get(space) as SpaceState;
  }

  /** Effects of the last event of one type. */
  of<Type extends Effect["type"]>(type: Type): Extract<Effect, { readonly type: Type }>[] {
    return this.effects.filter((effect): effect is Extract<Effect, { readonly type: Type }> => effect.type === type);
  }

  types(): string[] {
    return this.effects.map((effect) => (effect.type === "send" ? `> ${effect.frame.type}` : effect.type));
  }

  keeper(body: Body<KeeperEvent>, space: SpaceId = POCKET, life = this.space(space).life): readonly Effect[] {
    return this.run({ ...body, space, life } as KeeperEvent);
  }

  frame(frame: ServerFrame): readonly Effect[] {
    return this.run({ type: "frame", wire: this.state.wires, frame });
  }

  /** The newest frame of this type that was sent. */
  last<Type extends ClientFrame["type"]>(type: Type): Extract<ClientFrame, { readonly type: Type }> {
    return this.sent.findLast((frame) => frame.type === type) as Extract<ClientFrame, { readonly type: Type }>;
  }

  /** Answers the newest request of this type. */
  answer(type: ClientFrame["type"], body: AnswerBody<ServerFrame>): readonly Effect[] {
    const { request } = this.last(type) as { readonly request: number };
    return this.frame({ ...body, request } as ServerFrame);
  }

  refuse(type: ClientFrame["type"], code: RefusalCode): readonly Effect[] {
    return this.answer(type, { type: "refused", code });
  }

  ack(name: string, seq: Seq): readonly Effect[] {
    const frame = this.sent.findLast((one) => one.type === "append" && one.record.opId === opId(name));
    return this.frame({ type: "ack", request: (frame as { readonly request: number }).request, opId: opId(name), seq });
  }

  // Ways to the usual places

  connect(): void {
    this.run({ type: "wireOpened", wire: this.state.wires });
    this.frame({
      type: "welcome",
      protocol: 3,
      server: id("server") as ServerId,
      incarnation: this.incarnation,
      nonce: new Uint8Array(32),
    });
  }

  /** Started, with one loaded space, on a greeted connection. */
  loaded(synced: Partial<SyncedSpace> = {}, loaded: Partial<Loaded> = {}): this {
    this.run({ type: "addSpace", synced: { space: POCKET, epoch: 1, right: "own", mailbox: false, ...synced } });
    this.run({ type: "start" });
    this.connect();
    this.keeper({ type: "loaded", loaded: { cursor: null, frozen: [], pending: 0, ...loaded } });
    return this;
  }

  /** Proves and opens what is being opened. */
  open(head: Seq, space: SpaceId = POCKET): this {
    const { epoch } = this.space(space);
    this.keeper({ type: "proved", wire: this.state.wires, epoch, proof: new Uint8Array(64) }, space);
    this.answer("open", { type: "opened", space, head, epoch, checkpoint: null });
    return this;
  }

  /** Live with nothing missing. */
  live(synced: Partial<SyncedSpace> = {}, loaded: Partial<Loaded> = {}, head: Seq = 0): this {
    this.loaded(synced, loaded).open(head);
    return this.catchUp(head);
  }

  catchUp(head: Seq, pending = 0): this {
    this.answer("pull", { type: "page", space: POCKET, records: [], head, more: false });
    for (const { type } of this.of("apply")) if (type === "apply") this.keeper({ type: "applied", ...WHOLE });
    this.keeper({ type: "caughtUp", pending, ...WHOLE });
    return this;
  }

  close(code = 1006): readonly Effect[] {
    return this.run({ type: "wireClosed", wire: this.state.wires, code });
  }

  keeperEffects(): KeeperEffect[] {
    return this.effects.filter((effect): effect is KeeperEffect => "life" in effect);
  }
}
