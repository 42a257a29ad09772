/**
 * One step while it is being made: the state so far, the effects so far, and which spaces were touched. Copies a map
 * the first time it is changed and never changes what it was given, so that the step is pure from outside.
 */
import type { ClientFrame, SpaceId } from "../../protocol/frames.ts";
import type { Effect, KeeperEffect } from "./effects.ts";
import type { Moment } from "./events.ts";
import type { WithoutRequest } from "./ports.ts";
import type { AskState, Request, SpaceState, State } from "./state.ts";

type WithoutIdentity<E> = E extends unknown ? Omit<E, "space" | "life"> : never;
type About<R> = R extends unknown ? Omit<R, "space" | "life" | "sentAt"> : never;
export type AskableFrame = WithoutRequest<Extract<ClientFrame, { readonly request: number }>>;

export class Turn {
  readonly now: number;
  readonly random: number;
  readonly effects: Effect[] = [];
  readonly touched = new Set<SpaceId>();
  #state: State;
  /** Our own copies, once something in them changes. */
  #spaces: Map<SpaceId, SpaceState> | null = null;
  #requests: Map<number, Request> | null = null;
  #asks: Map<number, AskState> | null = null;

  constructor(state: State, moment: Moment) {
    this.now = moment.now;
    this.random = moment.random;
    this.#state = state;
  }

  get state(): State {
    return this.#state;
  }

  patch(changes: Partial<Omit<State, "spaces" | "requests" | "asks">>): void {
    this.#state = { ...this.#state, ...changes };
  }

  emit(effect: Effect): void {
    this.effects.push(effect);
  }

  // Spaces

  touch(space: SpaceId): void {
    this.touched.add(space);
  }

  touchAll(): void {
    for (const space of this.#state.spaces.keys()) this.touched.add(space);
  }

  putSpace(space: SpaceState): void {
    this.#ownSpaces().set(space.space, space);
    this.touched.add(space.space);
  }

  dropSpace(space: SpaceId): void {
    this.#ownSpaces().delete(space);
  }

  /** The space with these changes; returned as it is now. */
  change(space: SpaceState, changes: Partial<SpaceState>): SpaceState {
    const changed = { ...space, ...changes };
    this.putSpace(changed);
    return changed;
  }

  /** Asks the keeper for something, in the space's current life. */
  keep(space: SpaceState, effect: WithoutIdentity<KeeperEffect>): void {
    this.effects.push({ ...effect, space: space.space, life: space.life } as KeeperEffect);
  }

  nextLife(): number {
    const lives = this.#state.lives + 1;
    this.patch({ lives });
    return lives;
  }

  // Wire

  send(frame: ClientFrame): void {
    const { connection } = this.#state;
    if (connection.phase === "idle" || connection.phase === "waiting") return;
    this.effects.push({ type: "send", wire: connection.wire, frame });
  }

  /** Sends a frame that is answered, and remembers about what it was. */
  ask(space: SpaceState | null, frame: AskableFrame, about: About<Request>): void {
    const request = this.#state.nextRequest;
    this.patch({ nextRequest: request + 1 });
    const entry = { ...about, space: frame.space, life: space?.life ?? 0, sentAt: this.now };
    this.#ownRequests().set(request, entry as Request);
    this.send({ ...frame, request } as ClientFrame);
  }

  /** Takes the entry out: each request is answered once, a second answer finds nothing. */
  takeRequest(request: number): Request | null {
    const entry = this.#state.requests.get(request) ?? null;
    if (entry !== null) this.#ownRequests().delete(request);
    return entry;
  }

  forgetRequests(): void {
    this.#ownRequests().clear();
  }

  // Asks

  putAsk(ask: AskState): void {
    this.#ownAsks().set(ask.id, ask);
  }

  dropAsk(id: number): void {
    this.#ownAsks().delete(id);
  }

  #ownSpaces(): Map<SpaceId, SpaceState> {
    if (this.#spaces === null) {
      this.#spaces = new Map(this.#state.spaces);
      this.#state = { ...this.#state, spaces: this.#spaces };
    }
    return this.#spaces;
  }

  #ownRequests(): Map<number, Request> {
    if (this.#requests === null) {
      this.#requests = new Map(this.#state.requests);
      this.#state = { ...this.#state, requests: this.#requests };
    }
    return this.#requests;
  }

  #ownAsks(): Map<number, AskState> {
    if (this.#asks === null) {
      this.#asks = new Map(this.#state.asks);
      this.#state = { ...this.#state, asks: this.#asks };
    }
    return this.#asks;
  }
}
