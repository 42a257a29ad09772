/**
 * One connection, from `hello` to its end, as a state machine over a storage port and a send function. It knows neither
 * sockets nor a database. Spec: docs/protocol/frames.md.
 *
 * Requests of one connection are started in the order they come; writes may be under way together and are answered in
 * the order they commit. Nothing is answered before it is durable.
 */
import { CLOSES, type Close } from "../protocol/closes.ts";
import { decodeClientFrames, encodeServerFrame } from "../protocol/codec.ts";
import { ProtocolError } from "../protocol/errors.ts";
import type { ClientFrame, OuterRecord, RefusalCode, Right, ServerFrame, SpaceId } from "../protocol/frames.ts";
import {
  EPHEMERAL_RATE,
  MAX_BAD_PROOFS,
  MAX_OPEN_SPACES,
  MAX_READS_WAITING,
  PROOF_RATE,
  PROTOCOL_VERSION,
} from "../protocol/limits.ts";
import { rightToWire } from "../protocol/wire.ts";
import { Channel, type ChannelOwner } from "./channel.ts";
import type { Metrics } from "./metrics.ts";
import { OneByOne } from "./one-by-one.ts";
import { isCapabilityProof } from "./proofs.ts";
import { Bucket } from "./rates.ts";
import {
  acknowledge,
  answer,
  type Desk,
  NOTHING_MORE,
  type Request,
  type RequestDeps,
  type RequestOf,
} from "./requests.ts";
import { type Append, type Appended, type Grant, type Lane, type Storage, StorageError } from "./storage/port.ts";
import type { Turns } from "./turns.ts";

export interface SessionDeps extends RequestDeps {
  /** 32 fresh random bytes. */
  createNonce(): Uint8Array;
  /** Something failed that is no refusal; only for the log. */
  onFailure(error: unknown): void;
  readonly metrics: Metrics;
  /** Of all connections of this process. */
  readonly turns: Turns;
}

/** The other end, as the session sees it. */
export interface Connection {
  send(frame: Uint8Array): void;
  close(close: Close): void;
  isCongested(): boolean;
  /** What this client wrote was sent to others, so many bytes in all; it may be read from more slowly for it. */
  charge?(bytes: number): void;
}

export interface Session {
  /** One whole message; answers how many frames it held. */
  receive(message: Uint8Array): number;
  /** The client has taken what it was sent; go on with what was held back. */
  drained(): void;
  /** The connection is gone. */
  end(): void;
  /** Whether a space was ever opened. */
  readonly hasProved: boolean;
  /** Requests that were started and not answered. */
  readonly underWay: number;
}

export function createSession(deps: SessionDeps, connection: Connection): Session {
  const { storage, fanout } = deps;
  const channels = new Map<SpaceId, Channel>();
  const reads = new OneByOne(MAX_READS_WAITING, deps.turns, () => ended || connection.isCongested());
  const proofRate = new Bucket(PROOF_RATE, deps.clock.nowMs());
  let ephemeralRate: Bucket | null = null;
  let nonce: Uint8Array | null = null;
  let hasProved = false;
  let badProofs = 0;
  let underWay = 0;
  let ended = false;

  const send = (frame: ServerFrame): void => {
    if (!ended) connection.send(encodeServerFrame(frame));
  };

  const owner: ChannelOwner = {
    send: (frame) => {
      if (!ended) connection.send(frame);
    },
    isCongested: () => connection.isCongested(),
    charge: connection.charge ?? NO_CHARGE,
    turns: deps.turns,
    readPage: (grant, after) => storage.readPage(grant, after),
    channelEnded(channel, code) {
      forget(channel);
      send({ type: "ended", space: channel.grant.space, code });
    },
  };

  function forget(channel: Channel): void {
    const { space } = channel.grant;
    channel.stop();
    fanout.unsubscribe(space, channel);
    if (channels.get(space) === channel) channels.delete(space);
  }

  function forgetOpen(space: SpaceId): void {
    const channel = channels.get(space);
    if (channel !== undefined) forget(channel);
  }

  /** @throws not-open, no-right */
  function requireChannel(space: SpaceId, right: Right): Channel {
    const channel = channels.get(space);
    if (channel === undefined) throw new StorageError("not-open");
    if (rightToWire(channel.grant.right) < rightToWire(right)) throw new StorageError("no-right");
    return channel;
  }

  const desk: Desk = { deps, requireChannel, forget, send };

  async function open(frame: RequestOf<"open">, challenge: Uint8Array): Promise<ServerFrame> {
    const { request, space, epoch, right, proof } = frame;
    if (!channels.has(space) && channels.size >= MAX_OPEN_SPACES) throw new StorageError("rate-limited");
    if (!proofRate.take(1, deps.clock.nowMs())) throw new StorageError("rate-limited");
    const state = await storage.readSpace(space);
    if (state === null) throw new StorageError("no-such-space");
    if (epoch !== state.epoch) throw new StorageError(epoch > state.epoch ? "epoch-ahead" : "stale-epoch");
    const claim = { nonce: challenge, server: storage.identity.server, space, epoch, right };
    if (!isCapabilityProof(claim, state.keys[right], proof)) {
      if (++badProofs >= MAX_BAD_PROOFS) connection.close(CLOSES.tooFast);
      throw new StorageError("bad-proof");
    }
    if (state.closed && right !== "own") throw new StorageError("restored");
    forgetOpen(space);
    const channel = new Channel(owner, { space, epoch, right });
    fanout.subscribe(space, channel);
    try {
      // Looked at once more after subscribing: a rotation in between would have been heard by nobody.
      const isStill = (await storage.readSpace(space))?.epoch === epoch;
      if (!isStill || ended) throw new StorageError("stale-epoch");
      // So is what the same message opened meanwhile: a channel that nobody knows of would listen for ever.
      forgetOpen(space);
      if (channels.size >= MAX_OPEN_SPACES) throw new StorageError("rate-limited");
    } catch (error) {
      fanout.unsubscribe(space, channel);
      throw error;
    }
    channels.set(space, channel);
    hasProved = true;
    return { type: "opened", request, space, head: state.head, epoch, checkpoint: state.checkpoint };
  }

  /** The server's daily work: no promise and no function for each, which cost as much as the lookup of a record. */
  function append(frame: RequestOf<"append">): void {
    const { request, space, record } = frame;
    let channel: Channel;
    try {
      channel = requireChannel(space, record.kind === "snapshot" || record.kind === "control" ? "own" : "write");
    } catch (error) {
      refuseWith(request, error);
      return;
    }
    underWay++;
    storage.take(new Appending(frame, channel, decided));
  }

  const decided: Decided = ({ frame, channel }, appended, error) => {
    underWay--;
    const { request, record, encoded } = frame;
    if (appended === null) refuseWith(request, error);
    else send(acknowledge(fanout, channel, request, record, appended, encoded));
  };

  async function handle(frame: Exclude<Request, { type: "append" }>, challenge: Uint8Array): Promise<void> {
    underWay++;
    try {
      const reply = await (frame.type === "open" ? open(frame, challenge) : answer(frame, desk));
      if (reply !== NOTHING_MORE) send(reply);
    } catch (error) {
      refuseWith(frame.request, error);
    } finally {
      underWay--;
    }
  }

  function refuseWith(request: number, error: unknown): void {
    const code = refusalOf(error);
    deps.metrics.count("refusals", code);
    send({ type: "refused", request, code });
  }

  function refusalOf(error: unknown): RefusalCode {
    if (error instanceof StorageError && error.code !== "storage-failed") return error.code as RefusalCode;
    deps.onFailure(error);
    return "storage-failed";
  }

  function sendEphemeral(frame: Extract<ClientFrame, { type: "ephemeral" }>): void {
    const channel = channels.get(frame.space);
    if (channel === undefined || channel.grant.right === "read") return;
    const now = deps.clock.nowMs();
    ephemeralRate ??= new Bucket(EPHEMERAL_RATE, now);
    if (!ephemeralRate.take(1, now)) return;
    const { space, document, bytes } = frame;
    const heard = encodeServerFrame({ type: "ephemeral", space, document, bytes });
    fanout.publish(space, { type: "ephemeral", frame: heard }, channel);
  }

  function greet(protocol: number): boolean {
    if (protocol !== PROTOCOL_VERSION) {
      connection.close(CLOSES.unknownProtocol);
      return false;
    }
    nonce = deps.createNonce();
    send({ type: "welcome", protocol: PROTOCOL_VERSION, ...identityOf(storage), nonce });
    return true;
  }

  /** False when the connection is closed because of it. */
  function take(frame: ClientFrame): boolean {
    deps.metrics.count("frames", frame.type);
    if (frame.type === "hello" ? nonce !== null : nonce === null) {
      connection.close(CLOSES.badFrame); // hello comes first, and once
      return false;
    }
    if (frame.type === "hello") return greet(frame.protocol);
    if (frame.type === "close") {
      forgetOpen(frame.space);
    } else if (frame.type === "ephemeral") sendEphemeral(frame);
    else if (frame.type === "append") append(frame);
    else if (frame.type === "pull" || frame.type === "pullDrops") {
      const read = (): Promise<void> => handle(frame, EMPTY);
      if (!reads.add(read)) refuseWith(frame.request, new StorageError("rate-limited"));
    } else void handle(frame, nonce as Uint8Array);
    return true;
  }

  return {
    receive(message) {
      let frames: ClientFrame[];
      try {
        frames = decodeClientFrames(message);
      } catch (error) {
        if (!(error instanceof ProtocolError)) deps.onFailure(error);
        connection.close(CLOSES.badFrame);
        return 1;
      }
      frames.every(take);
      return frames.length;
    },
    drained() {
      reads.resume();
      for (const channel of channels.values()) channel.catchUp();
    },
    end() {
      ended = true;
      reads.clear();
      for (const channel of [...channels.values()]) forget(channel);
    },
    get hasProved() {
      return hasProved;
    },
    get underWay() {
      return underWay;
    },
  };
}

type Decided = (append: Appending, appended: Appended | null, error: unknown) => void;

/** An append under way: all that one costs between its frame and its answer. */
class Appending implements Append {
  readonly frame: RequestOf<"append">;
  readonly channel: Channel;
  readonly grant: Grant;
  readonly record: OuterRecord;
  readonly lane: Lane;
  readonly #decided: Decided;

  constructor(frame: RequestOf<"append">, channel: Channel, decided: Decided) {
    this.frame = frame;
    this.channel = channel;
    this.grant = channel.grant; // A rotation gives the channel another one.
    this.record = frame.record;
    this.lane = channel.lane;
    this.#decided = decided;
  }

  resolve(appended: Appended): void {
    this.#decided(this, appended, null);
  }

  reject(error: unknown): void {
    this.#decided(this, null, error);
  }
}

const NO_CHARGE = (): void => undefined;

/** Reads need no challenge. */
const EMPTY = new Uint8Array(0);

function identityOf(storage: Storage): Pick<Extract<ServerFrame, { type: "welcome" }>, "server" | "incarnation"> {
  const { server, incarnation } = storage.identity;
  return { server, incarnation };
}
