/**
 * One document opened in the worker: the worker's end of the VaultSocket. It speaks the stock y-websocket sync protocol
 * to any number of pages' channels over one scratch Y.Doc, and tells its owner only what is new.
 * Spec: docs/protocol/vault-socket.md. Contract tests: tests/client/documents/live.test.ts, with the stock provider.
 *
 * - The scratch doc is filled from the opened log in one transaction (`Y.mergeUpdates` is superlinear).
 * - A channel's SyncStep1 is answered with SyncStep2; our own SyncStep1 follows once, so that the page sends what it
 *   has and we have not.
 * - What a page sends goes into the scratch doc, and only what its `update` event emits is given to `edited`: a page's
 *   reply always carries its whole delete set, and a reconnect must not write that into the log again.
 * - Awareness is dropped unless presence was turned on: the stock provider sends it on every connect.
 */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { readSyncMessage, writeSyncStep1, writeUpdate } from "y-protocols/sync";
import * as Y from "yjs";
import { CHANNEL_CLOSES } from "./closes.ts";
import { createDoc } from "./create-doc.ts";

/** y-websocket drops a connection that received nothing for 30 s; an empty update this often keeps it. */
export const KEEP_ALIVE_MS = 10_000;

const MESSAGE_SYNC = 0;
const MESSAGE_AWARENESS = 1;
/** An update of a document without content: no structs, no deletions. */
const EMPTY_UPDATE = Uint8Array.of(0, 0);

/** What the owner offers a page: one y-message per frame. */
export interface PageChannel {
  send(frame: Uint8Array): void;
  /** 4400 … 4499 mean "don't reconnect" to the stock provider. */
  close(code: number, reason: string): void;
}

export interface LiveHooks {
  /** A page (or the worker itself) added something: to be committed. */
  edited(update: Uint8Array): void;
  /** An awareness update of this device, while presence is on. */
  presence(bytes: Uint8Array): void;
}

export interface AttachedChannel {
  /** Takes one frame of the page. Never throws: a frame that isn't one closes the channel. */
  receive(frame: Uint8Array): void;
  detach(): void;
}

/** Origins of transactions that no page made. */
const FROM_LOG = Symbol("log");
const FROM_WORKER = Symbol("worker");

export class LiveDocument {
  readonly doc = createDoc();
  readonly #hooks: LiveHooks;
  readonly #channels = new Set<PageChannel>();
  #presence: boolean = false;

  constructor(log: readonly Uint8Array[], hooks: LiveHooks) {
    this.#hooks = hooks;
    this.applyFromLog(log);
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      this.#broadcast(
        syncFrame((encoder) => writeUpdate(encoder, update)),
        origin,
      );
      if (origin !== FROM_LOG) this.#hooks.edited(update);
    });
  }

  /**
   * Records of others, or of the log: shown to the pages, not given to `edited`. An update that can't be read is passed
   * over; it stays in the log, and the rest of the document opens.
   */
  applyFromLog(updates: readonly Uint8Array[]): void {
    this.doc.transact(() => {
      for (const update of updates) {
        try {
          Y.applyUpdate(this.doc, update, FROM_LOG);
        } catch {
          // Malformed, or made to be.
        }
      }
    }, FROM_LOG);
  }

  /** An edit that the worker itself makes, as when it has sealed a photo. */
  edit(change: (doc: Y.Doc) => void): void {
    this.doc.transact(() => change(this.doc), FROM_WORKER);
  }

  get attached(): number {
    return this.#channels.size;
  }

  setPresence(on: boolean): void {
    this.#presence = on;
  }

  /** An awareness update of another person, opened. They chose to be seen; seeing it says nothing of us. */
  showPresence(bytes: Uint8Array): void {
    this.#broadcast(awarenessFrame(bytes), FROM_LOG);
  }

  /** To be called every KEEP_ALIVE_MS while channels are attached. */
  keepAlive(): void {
    this.#broadcast(
      syncFrame((encoder) => writeUpdate(encoder, EMPTY_UPDATE)),
      FROM_LOG,
    );
  }

  attach(channel: PageChannel): AttachedChannel {
    this.#channels.add(channel);
    channel.send(syncFrame((encoder) => writeSyncStep1(encoder, this.doc)));
    const detach = (): void => {
      this.#channels.delete(channel);
    };
    return {
      detach,
      receive: (frame) => {
        try {
          this.#receive(channel, frame);
        } catch {
          detach();
          channel.close(CHANNEL_CLOSES.badFrame.code, CHANNEL_CLOSES.badFrame.reason);
        }
      },
    };
  }

  /** Ends every channel; a page may come back where the code allows it. */
  closeChannels(code: number, reason: string): void {
    for (const channel of this.#channels) channel.close(code, reason);
    this.#channels.clear();
  }

  /** Ends every channel and frees the document. */
  close(code: number, reason: string): void {
    this.closeChannels(code, reason);
    this.doc.destroy();
  }

  #receive(channel: PageChannel, frame: Uint8Array): void {
    const decoder = decoding.createDecoder(frame);
    const type = decoding.readVarUint(decoder);
    if (type === MESSAGE_SYNC) {
      let failure: Error | null = null;
      const reply = encoding.createEncoder();
      encoding.writeVarUint(reply, MESSAGE_SYNC);
      readSyncMessage(decoder, reply, this.doc, channel, (error) => {
        failure = error;
      });
      if (failure !== null) throw failure;
      if (encoding.length(reply) > 1) channel.send(encoding.toUint8Array(reply));
    } else if (type === MESSAGE_AWARENESS) {
      if (this.#presence) this.#hooks.presence(decoding.readVarUint8Array(decoder));
    }
    // Queries for awareness and auth messages: there is nothing to tell.
  }

  #broadcast(frame: Uint8Array, origin: unknown): void {
    for (const channel of this.#channels) if (channel !== origin) channel.send(frame);
  }
}

function syncFrame(write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE_SYNC);
  write(encoder);
  return encoding.toUint8Array(encoder);
}

function awarenessFrame(bytes: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE_AWARENESS);
  encoding.writeVarUint8Array(encoder, bytes);
  return encoding.toUint8Array(encoder);
}
