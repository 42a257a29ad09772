/**
 * The net between one device and the server: frames take time, a connection keeps their order and can break at any
 * moment with whatever is on the way. In one of ten seeds frames go through the real codec; else as they are, for speed.
 */
import type { Http, Transport } from "../../client/vault/ports.ts";
import { TransportError } from "../../client/vault/ports.ts";
import { decodeClientFrame, decodeServerFrame, encodeClientFrame, encodeServerFrame } from "../../protocol/codec.ts";
import type { SpaceId } from "../../protocol/frames.ts";
import { type MemoryServer, nameOfKey, type RegisteredDrop, type Space } from "./memory-server.ts";
import type { World } from "./world.ts";

export class Network {
  online: boolean = true;
  /** Chance that a frame breaks the connection; and that a sent frame arrives twice. */
  readonly faults = { break: 0, double: 0 };
  readonly counts = { broken: 0, doubled: 0, refusedConnections: 0 };
  readonly #world: World;
  readonly #coded: boolean;
  readonly #server: MemoryServer;
  #breakAll: (() => void)[] = [];

  constructor(world: World, server: MemoryServer) {
    this.#coded = world.coded;
    this.#world = world;
    this.#server = server;
  }

  breakConnections(): void {
    for (const one of this.#breakAll.splice(0)) one();
  }

  transport(http: Partial<Http> = {}): Transport {
    return {
      http: http as Http,
      connect: (events) => {
        const world = this.#world;
        let over = false;
        /** Frames keep their order: none arrives before the one sent before it. */
        const arrival = { up: 0, down: 0 };
        const travel = (way: "up" | "down", call: () => void): void => {
          const at = Math.max(arrival[way], world.now + world.between(1, 80));
          arrival[way] = at;
          world.after(at - world.now, () => {
            if (!over) call();
          });
        };
        const end = (code: number): void => {
          if (over) return;
          over = true;
          session?.gone();
          world.after(world.between(0, 20), () => events.closed(code));
        };
        let session: ReturnType<MemoryServer["connect"]> | null = null;
        if (!this.online) {
          this.counts.refusedConnections++;
          world.after(world.between(1, 50), () => end(1006));
        } else {
          this.#breakAll.push(() => end(1006));
          travel("down", () => {
            session = this.#server.connect(
              this,
              (frame) =>
                travel("down", () => events.frame(this.#coded ? decodeServerFrame(encodeServerFrame(frame)) : frame)),
              (code) => travel("down", () => end(code)),
            );
            events.opened();
          });
        }
        return {
          send: (frame) => {
            if (over) return;
            const received = this.#coded ? decodeClientFrame(encodeClientFrame(frame)) : frame;
            const times = world.chance(this.faults.double) && frame.type === "append" ? 2 : 1;
            this.counts.doubled += times - 1;
            for (let time = 0; time < times; time++) travel("up", () => session?.receive(received));
            if (world.chance(this.faults.break)) {
              this.counts.broken++;
              world.after(world.between(0, 100), () => end(1006));
            }
          },
          close: () => end(1000),
        };
      },
    };
  }

  /** Blobs over HTTP, as docs/protocol/http.md says; a chunk that is there counts once its blob is committed. */
  blobs(): Pick<Http, "putChunk" | "missingChunks" | "commitBlob" | "getChunk"> {
    const there = (space: SpaceId): Space => {
      const found = this.#server.spaces.get(space);
      if (found === undefined) throw new TransportError("refused", "not-found");
      return found;
    };
    return {
      putChunk: async (_token, space, document, blob, index, chunk) => {
        await this.http();
        const entry = there(space).chunks.get(blob) ?? { document, chunks: [] };
        entry.chunks[index] = chunk;
        there(space).chunks.set(blob, entry);
      },
      missingChunks: async (_token, space, blob, chunks) => {
        await this.http();
        const stored = there(space).chunks.get(blob)?.chunks ?? [];
        return Array.from({ length: chunks }, (_, index) => index).filter((index) => stored[index] === undefined);
      },
      commitBlob: async (_token, space, blob) => {
        await this.http();
        this.#server.commitBlob(space, blob);
      },
      getChunk: async (_token, space, blob, index) => {
        await this.http();
        const chunk = there(space).blobs.has(blob) ? there(space).chunks.get(blob)?.chunks[index] : undefined;
        return chunk === undefined ? null : this.#server.tamperChunk(chunk);
      },
    };
  }

  /** What a device asks that is no member yet: wraps under their tags, drops into a mailbox. Proofs aren't checked. */
  doors(): Pick<Http, "server" | "createSpace" | "getWrap" | "drop" | "dropAttachment"> {
    const find = (key: Uint8Array): RegisteredDrop | null => this.#server.drops.get(nameOfKey(key)) ?? null;
    return {
      server: async () => {
        await this.http();
        const { id: server, incarnation } = this.#server;
        return { protocol: 3, server, incarnation, creation: "open" };
      },
      createSpace: async ({ space, keys, wraps }) => {
        await this.http();
        if (this.#server.spaces.has(space)) throw new TransportError("refused", "exists");
        this.#server.createSpace(space);
        this.#server.keys.set(`${space}/1`, keys);
        for (const { tag, bytes } of wraps) this.#server.wraps.set(tag, bytes);
      },
      getWrap: async (tag) => {
        await this.http();
        const wrap = this.#server.wraps.get(tag);
        return wrap === undefined ? null : this.#server.tamperWrap(wrap);
      },
      drop: async (key, _authorization, sealed) => {
        await this.http();
        const found = find(key);
        if (found === null || found.used) throw new TransportError("refused", "not-found");
        found.used = found.drop.singleUse;
        this.#server.drop(found.space, sealed, key);
      },
      dropAttachment: async (key) => {
        await this.http();
        const found = find(key);
        return found === null || found.used ? null : found.drop.attachment;
      },
    };
  }

  /** What a keeper asks over HTTP: takes time, fails without net. */
  async http(): Promise<void> {
    await this.#world.sleep(this.#world.between(5, 150));
    if (!this.online || this.#world.chance(this.faults.break)) throw new TransportError("offline");
  }
}
