/**
 * What each request of a connection does and answers, once its space is open. Spec: docs/protocol/frames.md §4. The
 * session (session.ts) decides when, and turns what is thrown into a refusal.
 */
import { encodeLive, encodeServerFrame } from "../protocol/codec.ts";
import type { ClientFrame, OuterRecord, Right, ServerFrame, SpaceId } from "../protocol/frames.ts";
import { TOKEN_SECONDS } from "../protocol/limits.ts";
import type { BlobStore } from "./blobs/port.ts";
import type { Channel } from "./channel.ts";
import { type Clock, nowSeconds } from "./clock.ts";
import type { Fanout } from "./fanout/port.ts";
import { type Appended, type Storage, StorageError } from "./storage/port.ts";
import type { Tokens } from "./tokens.ts";

export type Request = Extract<ClientFrame, { request: number }>;
export type RequestOf<Type extends Request["type"]> = Extract<Request, { type: Type }>;

/** What the answers are made with. */
export interface RequestDeps {
  readonly storage: Storage;
  readonly blobs: BlobStore;
  readonly fanout: Fanout;
  readonly tokens: Tokens;
  readonly clock: Clock;
}

/** The connection that asks. */
export interface Desk {
  readonly deps: RequestDeps;
  /** @throws not-open, no-right */
  requireChannel(space: SpaceId, right: Right): Channel;
  forget(channel: Channel): void;
  send(frame: ServerFrame): void;
}

/** Marks an answer that was sent already. */
export const NOTHING_MORE: ServerFrame = { type: "done", request: 0 };

/** Tells the others, then the author. */
export function acknowledge(
  fanout: Fanout,
  channel: Channel,
  request: number,
  record: OuterRecord,
  { seq, fresh }: Appended,
  encoded?: Uint8Array,
): ServerFrame {
  if (fresh) {
    const { space } = channel.grant;
    const frame =
      encoded === undefined
        ? encodeServerFrame({ type: "live", space, record: { seq, ...record } })
        : encodeLive(space, seq, encoded, Buffer.allocUnsafe);
    channel.charge(frame.length * fanout.publish(space, { type: "record", seq, frame }, channel));
    channel.skip(seq);
  }
  return { type: "ack", request, opId: record.opId, seq };
}

async function rotate(frame: RequestOf<"rotate">, { deps, requireChannel }: Desk): Promise<ServerFrame> {
  const channel = requireChannel(frame.space, "own");
  requireControl(frame.record);
  const { seq, fresh } = await deps.storage.rotate(channel.grant, frame);
  if (fresh) {
    channel.grant = { space: frame.space, epoch: frame.epoch, right: "own" };
    deps.fanout.publish(frame.space, { type: "rotated", epoch: frame.epoch }, channel);
    channel.skip(seq);
  }
  return { type: "ack", request: frame.request, opId: frame.record.opId, seq };
}

export async function answer(frame: Exclude<Request, { type: "open" | "append" }>, desk: Desk): Promise<ServerFrame> {
  const { deps, requireChannel } = desk;
  const { storage, fanout } = deps;
  const { request, space } = frame;
  const done: ServerFrame = { type: "done", request };
  switch (frame.type) {
    case "pull": {
      const channel = requireChannel(space, "read");
      const page = await storage.readPage(channel.grant, frame.after);
      if (requireChannel(space, "read") !== channel) throw new StorageError("not-open"); // it ended meanwhile
      desk.send({ type: "page", request, space, ...page });
      if (!page.more) channel.goLive(page.head);
      return NOTHING_MORE;
    }
    case "checkpoint": {
      const channel = requireChannel(space, "own");
      requireControl(frame.record);
      const appended = await storage.checkpoint(channel.grant, frame.expected, frame.record);
      return acknowledge(fanout, channel, request, frame.record, appended);
    }
    case "rotate":
      return rotate(frame, desk);
    case "putWraps":
      await storage.putWraps(requireChannel(space, "own").grant, frame.wraps);
      return done;
    case "listWaits": {
      const waits = await storage.listWaits(requireChannel(space, "own").grant, nowSeconds(deps.clock));
      return { type: "waits", request, space, waits };
    }
    case "deleteDocument": {
      const orphans = await storage.deleteDocument(requireChannel(space, "own").grant, frame.document);
      for (const { blob } of orphans) await deps.blobs.remove(space, blob);
      return done;
    }
    case "deleteSpace": {
      const channel = requireChannel(space, "own");
      const removal = storage.deleteSpace(channel.grant);
      for (const { blob } of await removal) await deps.blobs.remove(space, blob);
      desk.forget(channel);
      fanout.publish(space, { type: "deleted" }, channel);
      return done;
    }
    case "reopen":
      await storage.reopen(requireChannel(space, "own").grant, frame.checkpoint);
      return done;
    case "prune":
      await storage.prune(requireChannel(space, "own").grant, frame.document, frame.before);
      return done;
    case "token": {
      const { grant } = requireChannel(space, "read");
      const token = deps.tokens.mint(grant, nowSeconds(deps.clock));
      return { type: "token", request, token, validSeconds: TOKEN_SECONDS };
    }
    case "registerDrop":
      await storage.registerDrop(requireChannel(space, "own").grant, frame.drop);
      return done;
    case "revokeDrop":
      await storage.revokeDrop(requireChannel(space, "own").grant, frame.key);
      return done;
    case "pullDrops": {
      const drops = await storage.readDrops(requireChannel(space, "own").grant, frame.after);
      return { type: "drops", request, space, ...drops };
    }
    case "clearDrops":
      await storage.clearDrops(requireChannel(space, "own").grant, frame.through);
      return done;
  }
}

/** @throws bad-frame: checkpoints and rotations carry a control record */
function requireControl(record: OuterRecord): void {
  if (record.kind !== "control") throw new StorageError("bad-frame");
}
