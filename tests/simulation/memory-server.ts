/**
 * A server in memory that behaves as docs/protocol/frames.md says, with faults to order: it refuses for a while, loses
 * or doubles live records, goes down, and is restored from an older backup. Proofs are only compared, nothing is signed.
 */
import type {
  BlobId,
  CapabilityKeys,
  ClientFrame,
  DocumentTag,
  DropRegistration,
  OpId,
  OuterRecord,
  RefusalCode,
  Seq,
  ServerFrame,
  ServerId,
  SpaceId,
  StoredRecord,
  WrapTag,
} from "../../protocol/frames.ts";
import type { World } from "./world.ts";

export interface Space {
  epoch: number;
  head: Seq;
  checkpoint: OpId | null;
  records: StoredRecord[];
  opIds: Map<OpId, Seq>;
  deleted: Set<DocumentTag>;
  drops: { seq: Seq; key: Uint8Array; bytes: Uint8Array }[];
  dropSeq: Seq;
  blobs: Set<BlobId>;
  /** Sealed chunks by blob, with the document they belong to. */
  chunks: Map<BlobId, { readonly document: DocumentTag; readonly chunks: Uint8Array[] }>;
}

interface Channel {
  epoch: number;
  /** An append was refused for now: until the space is opened again nothing is taken, so that nothing overtakes it. */
  shut: boolean;
  live: boolean;
}

/** Whoever connects: an evil server can tell devices apart, an honest one doesn't look. */
export type Caller = object;

interface Connection {
  readonly caller: Caller;
  readonly send: (frame: ServerFrame) => void;
  readonly close: (code: number) => void;
  readonly nonce: Uint8Array;
  readonly channels: Map<SpaceId, Channel>;
}

export interface ServerFaults {
  refuse: number;
  loseLive: number;
  doubleLive: number;
  /** A live record is kept back for a moment, and overtaken by later ones. */
  lateLive: number;
  /** The disk is full: nothing is stored until it has room again. */
  full: boolean;
}

/** A drop key of a mailbox, as docs/protocol/drops.md says. */
export interface RegisteredDrop {
  readonly space: SpaceId;
  readonly drop: DropRegistration;
  used: boolean;
}

const PAGE = 5;

/** Whether a proof opens a space; the model keeper's are only compared. */
export type CheckProof = (frame: Extract<ClientFrame, { type: "open" }>, nonce: Uint8Array) => boolean;

const compared: CheckProof = ({ proof, epoch }, nonce) =>
  proof.slice(0, 32).join() === nonce.join() && proof[32] === epoch;

export class MemoryServer {
  readonly id: ServerId;
  readonly faults: ServerFaults = { refuse: 0, loseLive: 0, doubleLive: 0, lateLive: 0, full: false };
  readonly counts = {
    refused: 0,
    refusedFull: 0,
    lostLive: 0,
    doubledLive: 0,
    lateLive: 0,
    restored: 0,
    known: 0,
    voided: 0,
    stale: 0,
    pruned: 0,
    headMoved: 0,
    wentDown: 0,
  };
  /** What an owner's device said that a snapshot stands for. */
  readonly pruned = new Set<OpId>();
  /** What it went back behind without saying so. */
  readonly forgotten = new Set<OpId>();
  readonly wraps = new Map<WrapTag, Uint8Array>();
  /** By `space/epoch`: what a rotation registered. */
  readonly keys = new Map<string, CapabilityKeys>();
  /** By the key's bytes as hex. */
  readonly drops = new Map<string, RegisteredDrop>();
  spaces = new Map<SpaceId, Space>();
  incarnation: string;
  readonly #world: World;
  readonly #connections = new Set<Connection>();
  #backup = new Map<SpaceId, Space>();
  checkProof: CheckProof = compared;
  /** What an evil server does to a record on its way out; null: it withholds it. */
  tamper: (record: StoredRecord, there: Space) => StoredRecord | null = (record) => record;
  /** To whom an evil server will ever show a record that it stores now; null: to all. */
  viewOf: (record: StoredRecord, from: Caller) => ((to: Caller) => boolean) | null = () => null;
  readonly #views = new Map<OpId, (to: Caller) => boolean>();
  /** The same for a wrap that somebody asks for. */
  tamperWrap: (wrap: Uint8Array) => Uint8Array = (wrap) => wrap;
  /** Evil: says that a document is deleted, and keeps it. */
  keepsDeleted: boolean = false;

  /** The same for a chunk of a blob. */
  tamperChunk: (chunk: Uint8Array) => Uint8Array | null = (chunk) => chunk;

  constructor(world: World) {
    this.#world = world;
    this.id = world.id();
    this.incarnation = world.id();
  }

  /** The same server, with all that it stores, in another world. */
  copy(world: World): MemoryServer {
    const other = new MemoryServer(world);
    Object.assign(other, { id: this.id, incarnation: this.incarnation, checkProof: this.checkProof });
    other.spaces = structuredClone(this.spaces);
    for (const [tag, wrap] of this.wraps) other.wraps.set(tag, wrap);
    for (const [name, keys] of this.keys) other.keys.set(name, keys);
    for (const [name, drop] of this.drops) other.drops.set(name, { ...drop });
    return other;
  }

  createSpace(space: SpaceId): void {
    if (this.spaces.has(space)) return;
    this.spaces.set(space, {
      epoch: 1,
      head: 0,
      checkpoint: null,
      records: [],
      opIds: new Map(),
      deleted: new Set(),
      drops: [],
      dropSeq: 0,
      blobs: new Set(),
      chunks: new Map(),
    });
  }

  drop(space: SpaceId, bytes: Uint8Array, key: Uint8Array = new Uint8Array(32)): void {
    const there = this.#space(space);
    there.drops.push({ seq: ++there.dropSeq, key, bytes });
    for (const connection of this.#connections)
      if (connection.channels.has(space)) connection.send({ type: "dropped", space });
  }

  /** Somebody made a new epoch. */
  rotate(space: SpaceId): void {
    this.#space(space).epoch++;
    for (const connection of this.#connections)
      if (connection.channels.delete(space)) connection.send({ type: "ended", space, code: "epoch-over" });
  }

  commitBlob(space: SpaceId, blob: BlobId): void {
    this.#space(space).blobs.add(blob);
  }

  backUp(): void {
    this.#backup = structuredClone(this.spaces);
  }

  /**
   * What came after the backup is gone. Spaces, epochs and deletions that the journal outside of the backup knows stay ahead,
   * unless that is gone too.
   */
  restore(hasJournal: boolean = true): void {
    const before = hasJournal ? this.spaces : [];
    this.spaces = structuredClone(this.#backup);
    for (const [id, space] of before) {
      const there = this.spaces.get(id);
      if (there === undefined) this.createSpace(id);
      const restored = this.#space(id);
      restored.epoch = space.epoch;
      restored.deleted = new Set(space.deleted);
      restored.records = restored.records.filter((record) => !space.deleted.has(record.document));
    }
    this.incarnation = this.#world.id();
    this.counts.restored++;
    this.goDown();
  }

  /** Evil: goes back to the last backup and doesn't say so. */
  rollBack(): void {
    const { incarnation, spaces } = this;
    this.restore();
    this.incarnation = incarnation;
    this.counts.restored--;
    for (const [id, { records }] of spaces) {
      const there = new Set(this.spaces.get(id)?.records.map(({ opId }) => opId));
      for (const { opId } of records) if (!there.has(opId)) this.forgotten.add(opId);
    }
  }

  goDown(): void {
    this.counts.wentDown++;
    for (const connection of [...this.#connections]) connection.close(1006);
    this.#connections.clear();
  }

  connect(caller: Caller, send: (frame: ServerFrame) => void, close: (code: number) => void) {
    const nonce = Uint8Array.from({ length: 32 }, () => this.#world.between(0, 255));
    const connection: Connection = { caller, send, close, nonce, channels: new Map() };
    this.#connections.add(connection);
    return {
      receive: (frame: ClientFrame) => {
        if (this.#connections.has(connection)) this.#receive(connection, frame);
      },
      gone: () => this.#connections.delete(connection),
    };
  }

  #space(id: SpaceId): Space {
    return this.spaces.get(id) as Space;
  }

  #receive(from: Connection, frame: ClientFrame): void {
    if (frame.type === "hello") {
      const { id: server, incarnation } = this;
      from.send({ type: "welcome", protocol: 3, server, incarnation, nonce: from.nonce });
    } else if (frame.type === "open") this.#open(from, frame);
    else if (frame.type === "close") from.channels.delete(frame.space);
    else if (frame.type === "ephemeral") this.#ephemeral(from, frame);
    else this.#request(from, frame);
  }

  #open(from: Connection, frame: Extract<ClientFrame, { type: "open" }>) {
    const { request, space, epoch } = frame;
    const there = this.spaces.get(space);
    const refuse = (code: RefusalCode): void => from.send({ type: "refused", request, code });
    if (there === undefined) return refuse("no-such-space");
    if (epoch !== there.epoch) return refuse("stale-epoch");
    if (!this.checkProof(frame, from.nonce)) return refuse("bad-proof");
    from.channels.set(space, { epoch, live: false, shut: false });
    from.send({ type: "opened", request, space, head: there.head, epoch, checkpoint: there.checkpoint });
  }

  #ephemeral(from: Connection, frame: Extract<ClientFrame, { type: "ephemeral" }>): void {
    for (const other of this.#connections)
      if (other !== from && other.channels.has(frame.space)) other.send({ ...frame });
  }

  #request(from: Connection, frame: Exclude<ClientFrame, { type: "hello" | "open" | "close" | "ephemeral" }>) {
    const { request, space } = frame;
    const there = this.spaces.get(space);
    const channel = from.channels.get(space);
    const refuse = (code: RefusalCode): void => from.send({ type: "refused", request, code });
    if (there === undefined || channel === undefined) return refuse("not-open");
    const passing = frame.type !== "pull" && frame.type !== "pullDrops" && frame.type !== "clearDrops";
    const known = frame.type === "append" && there.opIds.has(frame.record.opId);
    if (frame.type === "append" && !known && this.faults.full) {
      channel.shut = true;
      this.counts.refusedFull++;
      return refuse("storage-failed");
    }
    const shut = frame.type === "append" && channel.shut;
    if (!known && (shut || (passing && this.#world.chance(this.faults.refuse)))) {
      if (frame.type === "append") channel.shut = true;
      this.counts.refused++;
      return refuse(this.#world.pick(["storage-failed", "rate-limited"]));
    }
    switch (frame.type) {
      case "pull": {
        // Who hides records for good says nothing of them: a page is filled up with what there is to show.
        const rest = there.records.filter((record) => record.seq > frame.after && this.#isFor(record, from));
        const more = rest.length > PAGE;
        if (!more) channel.live = true;
        const records = rest.slice(0, PAGE).flatMap((record) => this.tamper(record, there) ?? []);
        from.send({ type: "page", request, space, records, head: there.head, more });
        return;
      }
      case "append":
        return this.#append(from, there, frame);
      case "rotate": {
        const known = there.opIds.get(frame.record.opId);
        if (known === undefined) {
          if (frame.expected !== there.checkpoint) return refuse("stale-checkpoint");
          if (frame.epoch !== there.epoch + 1) return refuse("stale-epoch");
          if (frame.seen !== null && frame.seen !== there.head) {
            this.counts.headMoved++;
            return refuse("head-moved");
          }
          there.epoch = frame.epoch;
          there.checkpoint = frame.record.opId;
          channel.epoch = frame.epoch;
          this.keys.set(`${space}/${frame.epoch}`, frame.keys);
          for (const tag of frame.removedTags) this.wraps.delete(tag);
          for (const { tag, bytes } of frame.wraps) this.wraps.set(tag, bytes);
        }
        // The others' channels end first: none of them has the key of this record.
        for (const other of this.#connections) {
          if (other === from || !other.channels.delete(space)) continue;
          other.send({ type: "ended", space, code: "epoch-over" });
        }
        const seq = known ?? this.#store(from, space, there, frame.record);
        from.send({ type: "ack", request, opId: frame.record.opId, seq });
        return;
      }
      case "checkpoint": {
        const known = there.opIds.get(frame.record.opId);
        if (known === undefined && frame.expected !== there.checkpoint) return refuse("stale-checkpoint");
        if (known === undefined) there.checkpoint = frame.record.opId;
        const seq = known ?? this.#store(from, space, there, frame.record);
        from.send({ type: "ack", request, opId: frame.record.opId, seq });
        return;
      }
      case "putWraps":
        for (const { tag, bytes } of frame.wraps) this.wraps.set(tag, bytes);
        from.send({ type: "done", request });
        return;
      case "registerDrop":
        this.drops.set(nameOfKey(frame.drop.key), { space, drop: frame.drop, used: false });
        from.send({ type: "done", request });
        return;
      case "revokeDrop":
        this.drops.delete(nameOfKey(frame.key));
        from.send({ type: "done", request });
        return;
      case "deleteDocument":
        if (this.keepsDeleted) return from.send({ type: "done", request });
        there.deleted.add(frame.document);
        there.records = there.records.filter((record) => record.document !== frame.document);
        for (const [blob, { document }] of there.chunks) if (document === frame.document) there.chunks.delete(blob);
        from.send({ type: "done", request });
        return;
      case "reopen":
        if (frame.checkpoint !== null && there.opIds.has(frame.checkpoint)) there.checkpoint = frame.checkpoint;
        from.send({ type: "done", request });
        return;
      case "prune": {
        const isOf = (kind: string) => (one: StoredRecord) => one.document === frame.document && one.kind === kind;
        const snapshots = there.records.filter(isOf("snapshot"));
        if ((snapshots.at(-1)?.seq ?? 0) < frame.before) return refuse("no-right");
        const kept = snapshots.filter(({ seq }) => seq <= frame.before).slice(-2);
        const isOver = (one: StoredRecord): boolean =>
          (isOf("update")(one) && one.seq < frame.before) || (isOf("snapshot")(one) && one.seq < (kept[0]?.seq ?? 0));
        for (const { opId } of there.records.filter(isOver)) this.pruned.add(opId);
        this.counts.pruned += there.records.filter(isOver).length;
        there.records = there.records.filter((one) => !isOver(one));
        from.send({ type: "done", request });
        return;
      }
      case "token":
        from.send({ type: "token", request, token: `${space}/${there.epoch}`, validSeconds: 600 });
        return;
      case "pullDrops": {
        const drops = there.drops.filter((drop) => drop.seq > frame.after);
        from.send({ type: "drops", request, space, drops: drops.slice(0, 2), more: drops.length > 2 });
        return;
      }
      case "clearDrops":
        there.drops = there.drops.filter((drop) => drop.seq > frame.through);
        from.send({ type: "done", request });
        return;
      default:
        refuse("bad-frame");
    }
  }

  #append(from: Connection, there: Space, frame: Extract<ClientFrame, { type: "append" }>) {
    const { request, space, record } = frame;
    const known = there.opIds.get(record.opId);
    if (known !== undefined) {
      this.counts.known++;
      from.send({ type: "ack", request, opId: record.opId, seq: known });
      return;
    }
    const refuse = (code: RefusalCode): void => from.send({ type: "refused", request, code });
    if (record.epoch !== there.epoch) {
      this.counts.stale++;
      return refuse("stale-epoch");
    }
    if (there.deleted.has(record.document)) {
      this.counts.voided++;
      return refuse("document-deleted");
    }
    from.send({ type: "ack", request, opId: record.opId, seq: this.#store(from, space, there, record) });
  }

  #store(from: Connection, space: SpaceId, there: Space, record: OuterRecord): Seq {
    const stored = { ...record, seq: ++there.head };
    const view = this.viewOf(stored, from.caller);
    if (view !== null) this.#views.set(stored.opId, view);
    there.records.push(stored);
    there.opIds.set(record.opId, stored.seq);
    for (const other of this.#connections) {
      if (other === from || other.channels.get(space)?.live !== true) continue;
      if (this.#world.chance(this.faults.loseLive)) {
        this.counts.lostLive++;
        continue;
      }
      if (!this.#isFor(stored, other)) continue;
      const record = this.tamper(stored, there);
      if (record === null) continue;
      if (this.#world.chance(this.faults.lateLive)) {
        this.counts.lateLive++;
        this.#world.after(this.#world.between(50, 400), () => {
          if (this.#connections.has(other) && other.channels.has(space)) other.send({ type: "live", space, record });
        });
        continue;
      }
      other.send({ type: "live", space, record });
      if (this.#world.chance(this.faults.doubleLive)) {
        this.counts.doubledLive++;
        other.send({ type: "live", space, record });
      }
    }
    return stored.seq;
  }

  #isFor({ opId }: StoredRecord, { caller }: Connection): boolean {
    return this.#views.get(opId)?.(caller) ?? true;
  }
}

export const nameOfKey = (key: Uint8Array): string => Buffer.from(key).toString("hex");
