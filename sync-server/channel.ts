/**
 * One space, open on one connection. Keeps what the client has (`#cursor`), so that it hears of every later record once
 * and in order: what comes next is sent as it is published; what was missed (published while the client was congested,
 * or before its last page was on its way) is read from the store.
 */
import { encodeServerFrame } from "../protocol/codec.ts";
import type { Seq, ServerFrame } from "../protocol/frames.ts";
import type { Listener, SpaceEvent } from "./fanout/port.ts";
import type { Grant, Lane, Page } from "./storage/port.ts";
import type { Turns } from "./turns.ts";

export interface ChannelOwner {
  send(frame: Uint8Array): void;
  /** The client doesn't take what it is sent; hold back what can be read again later. */
  isCongested(): boolean;
  /** Before each page: others come first that have waited longer. */
  readonly turns: Turns;
  readPage(grant: Grant, after: Seq): Promise<Page>;
  /** What the client wrote was sent to others, so many bytes in all. */
  charge(bytes: number): void;
  /** The channel is over; forget it. */
  channelEnded(channel: Channel, code: "epoch-over" | "space-deleted"): void;
}

export class Channel implements Listener {
  grant: Grant;
  /** A refusal for now holds for every later append of this channel; opening the space again makes a new one. */
  readonly lane: Lane = { refused: null };
  readonly #owner: ChannelOwner;
  #cursor: Seq = 0;
  /** Newest record known to exist. */
  #seen: Seq = 0;
  #live: boolean = false;
  #catchingUp: boolean = false;

  constructor(owner: ChannelOwner, grant: Grant) {
    this.#owner = owner;
    this.grant = grant;
  }

  hear(event: SpaceEvent): void {
    switch (event.type) {
      case "record":
        this.#hearRecord(event.seq, event.frame);
        break;
      case "head":
        this.#seen = Math.max(this.#seen, event.head);
        this.catchUp();
        break;
      case "ephemeral":
        if (!this.#owner.isCongested()) this.#owner.send(event.frame);
        break;
      case "dropped":
        if (this.grant.right === "own") this.#send({ type: "dropped", space: this.grant.space });
        break;
      case "rotated":
        if (event.epoch > this.grant.epoch) this.#owner.channelEnded(this, "epoch-over");
        break;
      case "deleted":
        this.#owner.channelEnded(this, "space-deleted");
        break;
    }
  }

  #hearRecord(seq: Seq, frame: Uint8Array): void {
    this.#seen = Math.max(this.#seen, seq);
    if (!this.#live) return;
    if (seq === this.#cursor + 1 && !this.#catchingUp && !this.#owner.isCongested()) {
      this.#cursor = seq;
      this.#owner.send(frame);
    } else this.catchUp();
  }

  /** The last page went out; everything after `head` is to be sent from now on. */
  goLive(head: Seq): void {
    this.#cursor = Math.max(this.#cursor, head);
    this.#live = true;
    this.catchUp();
  }

  /** The channel is over: nothing more is sent, whatever is being read. */
  stop(): void {
    this.#live = false;
  }

  charge(bytes: number): void {
    this.#owner.charge(bytes);
  }

  /** The client's own record was acknowledged with `seq`; it needn't hear of it. */
  skip(seq: Seq): void {
    this.#seen = Math.max(this.#seen, seq);
    if (this.#live && seq === this.#cursor + 1 && !this.#catchingUp) this.#cursor = seq;
    else this.catchUp();
  }

  /** Sends what is missing, as far as the client takes it. Called again when it has taken some. */
  catchUp(): void {
    if (!this.#live || this.#catchingUp || this.#cursor >= this.#seen || this.#owner.isCongested()) return;
    this.#catchingUp = true;
    this.#sendMissing().then(
      () => this.#settle(),
      () => {
        // The epoch ended, or the store failed: the next event or request says so, or tries again.
        this.#catchingUp = false;
      },
    );
  }

  #settle(): void {
    this.#catchingUp = false;
    this.catchUp();
  }

  async #sendMissing(): Promise<void> {
    while (this.#cursor < this.#seen && !this.#owner.isCongested()) {
      await this.#owner.turns.next();
      if (!this.#live) return;
      const page = await this.#owner.readPage(this.grant, this.#cursor);
      if (!this.#live) return;
      for (const record of page.records) this.#send({ type: "live", space: this.grant.space, record });
      this.#cursor = page.more ? (page.records.at(-1)?.seq ?? this.#cursor) : page.head;
    }
  }

  #send(frame: ServerFrame): void {
    this.#owner.send(encodeServerFrame(frame));
  }
}
