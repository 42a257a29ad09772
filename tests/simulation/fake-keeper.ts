/**
 * A vault core that keeps its promises (client/vault/keeper.ts) with a disk in memory and nothing sealed: what it calls
 * `sealed` is JSON. The disk outlives a crash; a call that had not committed by then never will.
 */

import type { Arrived, Cursor } from "../../client/sync/ports.ts";
import type { SpaceKeeper, Syncing } from "../../client/vault/keeper.ts";
import type { BlobId, ChainId, DocumentTag, OpId, OuterRecord, SpaceId } from "../../protocol/frames.ts";
import type { MemoryServer } from "./memory-server.ts";
import type { Network } from "./network.ts";
import type { World } from "./world.ts";

/** What a record says inside; here in the clear. */
export interface Inner {
  readonly chain: ChainId;
  readonly counter: number;
  readonly text: string;
}

export interface PendingRow {
  readonly document: DocumentTag;
  readonly text: string;
  readonly blob: BlobId | null;
}

export interface SpaceDisk {
  epoch: number;
  cursor: Cursor | null;
  chain: ChainId;
  counter: number;
  /** Opened records by op id; ours once they are acknowledged. */
  log: Map<OpId, OuterRecord>;
  pending: PendingRow[];
  outbox: OuterRecord[];
  /** What pending rows named "again …" stand for. */
  again: Map<OpId, OuterRecord>;
  committedBlobs: Set<BlobId>;
  /** Op ids seen on the server since the last rewind. */
  seen: Set<OpId>;
  rewound: boolean;
  voided: string[];
  drops: string[];
  ended: string | null;
}

export function freshDisk(world: World): SpaceDisk {
  return {
    epoch: 1,
    cursor: null,
    chain: world.id(),
    counter: 0,
    log: new Map(),
    pending: [],
    outbox: [],
    again: new Map(),
    committedBlobs: new Set(),
    seen: new Set(),
    rewound: false,
    voided: [],
    drops: [],
    ended: null,
  };
}

const encode = (inner: Inner): Uint8Array => new TextEncoder().encode(JSON.stringify(inner));
const inners = new WeakMap<Uint8Array, Inner>();

/** Read once per array: a simulation looks at the same records after every step. */
export function innerOf({ sealed }: OuterRecord): Inner {
  const known = inners.get(sealed);
  if (known !== undefined) return known;
  const inner = JSON.parse(new TextDecoder().decode(sealed)) as Inner;
  inners.set(sealed, inner);
  return inner;
}

/** Chains are the real keeper's business. */
const WHOLE = { wantsAsking: false, trouble: null } as const;

export interface FakeKeeperDeps {
  readonly world: World;
  readonly server: MemoryServer;
  readonly network: Network;
  readonly disks: Map<SpaceId, SpaceDisk>;
  /** Spaces the owner has removed us from. */
  readonly removed: Set<SpaceId>;
  readonly faults: { storageFull: number };
  readonly counts: { storageFull: number; rekeyed: number; resealed: number; rewound: number; reuploaded: number };
  readonly syncing: () => Syncing;
}

export class FakeKeeper implements SpaceKeeper {
  dead: boolean = false;
  /** Promises that the driver broke towards the keeper. */
  readonly violations: string[] = [];
  readonly #deps: FakeKeeperDeps;
  /** Chains are continued only after the head of one's own chain was seen in this life. */
  readonly #caughtUp = new Set<SpaceId>();
  readonly #busy = new Set<SpaceId>();

  constructor(deps: FakeKeeperDeps) {
    this.#deps = deps;
  }

  /** One strict transaction: some time, then all or nothing. */
  async #commit<T>(space: SpaceId, work: (disk: SpaceDisk) => T): Promise<T> {
    const { world, faults, counts } = this.#deps;
    if (this.#busy.has(space)) this.violations.push("two calls of the same space at once");
    this.#busy.add(space);
    await world.sleep(world.between(1, 15));
    this.#busy.delete(space);
    if (this.dead) return new Promise(() => {});
    if (world.chance(faults.storageFull)) {
      counts.storageFull++;
      throw Object.assign(new Error("full"), { code: "storage-full" });
    }
    return work(this.#disk(space));
  }

  #disk(space: SpaceId): SpaceDisk {
    return this.#deps.disks.get(space) as SpaceDisk;
  }

  load: SpaceKeeper["load"] = (space) =>
    this.#commit(space, (disk) => ({
      cursor: disk.cursor,
      // After a rewind they go out with what the server lost, in the order of the chain.
      frozen: disk.rewound ? [] : [...disk.outbox],
      pending: disk.pending.length + (disk.rewound ? disk.outbox.length : 0),
    }));

  prove: SpaceKeeper["prove"] = async (_space, epoch, _right, nonce) => {
    await this.#deps.world.sleep(this.#deps.world.between(1, 10));
    const proof = new Uint8Array(64);
    proof.set(nonce);
    proof[32] = epoch;
    return proof;
  };

  applyRecords: SpaceKeeper["applyRecords"] = (space, { records, through }: Arrived) =>
    this.#commit(space, (disk) => {
      this.#moveCursor(disk, through);
      for (const { seq: _, ...record } of records) {
        disk.seen.add(record.opId);
        disk.log.set(record.opId, record);
        disk.outbox = disk.outbox.filter((op) => op.opId !== record.opId);
      }
      return WHOLE;
    });

  #moveCursor(disk: SpaceDisk, through: Cursor): void {
    const { cursor } = disk;
    if (cursor !== null && cursor.incarnation === through.incarnation && through.seq < cursor.seq)
      this.violations.push(`the cursor went back from ${cursor.seq} to ${through.seq}`);
    disk.cursor = through;
  }

  caughtUp: SpaceKeeper["caughtUp"] = (space) =>
    this.#commit(space, (disk) => {
      this.#caughtUp.add(space);
      if (disk.rewound) {
        disk.rewound = false;
        // What the server lost goes back to the outbox, ours and others', inner verbatim.
        const lost = [...disk.log.values()].filter((record) => !disk.seen.has(record.opId));
        const frozen = new Map(disk.outbox.map((op) => [op.opId, op]));
        const repeated = disk.pending.flatMap(({ text }) => disk.again.get(text.slice(6) as OpId) ?? []);
        this.#deps.counts.reuploaded += lost.filter(({ opId }) => !frozen.has(opId)).length;
        const all = new Map([...lost, ...repeated, ...disk.outbox].map((record) => [record.opId, record]));
        const again = [...all.values()].sort((a, b) => counterOf(a) - counterOf(b));
        disk.again = new Map(again.map((record) => [record.opId, record]));
        disk.pending = disk.pending.filter(({ text }) => !text.startsWith("again "));
        disk.outbox = [];
        disk.pending.unshift(
          ...again.map((record) => ({ document: record.document, text: `again ${record.opId}`, blob: null })),
        );
      }
      return { ...WHOLE, pending: disk.pending.length };
    });

  askAgain: SpaceKeeper["askAgain"] = (space) =>
    this.#commit(space, (disk) => {
      disk.cursor = null;
    });

  rewind: SpaceKeeper["rewind"] = (space) =>
    this.#commit(space, (disk) => {
      this.#deps.counts.rewound++;
      disk.cursor = null;
      disk.rewound = true;
      disk.seen = new Set();
    });

  freeze: SpaceKeeper["freeze"] = (space, limit) =>
    this.#commit(space, (disk) => {
      if (!this.#caughtUp.has(space)) this.violations.push("frozen before the catch-up");
      const ops: OuterRecord[] = [];
      let waitingForBlobs = 0;
      let left = 0;
      const kept: PendingRow[] = [];
      for (const row of disk.pending) {
        const blocked = row.blob !== null && !disk.committedBlobs.has(row.blob);
        if (blocked) waitingForBlobs++;
        else if (ops.length >= limit) left++;
        if (blocked || ops.length >= limit) kept.push(row);
        else ops.push(this.#freezeRow(disk, row));
      }
      disk.pending = kept;
      disk.outbox.push(...ops);
      return { ops, left, waitingForBlobs };
    });

  #freezeRow(disk: SpaceDisk, row: PendingRow): OuterRecord {
    const again = row.text.startsWith("again ") ? disk.again.get(row.text.slice(6) as OpId) : undefined;
    if (again !== undefined) return { ...again, epoch: disk.epoch };
    const inner: Inner = { chain: disk.chain, counter: ++disk.counter, text: row.text };
    const kind = row.text.startsWith("void ") ? "void" : "said";
    return {
      document: row.document,
      kind,
      epoch: disk.epoch,
      opId: this.#deps.world.id<OpId>(),
      sealed: encode(inner),
    };
  }

  acked: SpaceKeeper["acked"] = (space, acks, through) =>
    this.#commit(space, (disk) => {
      this.#moveCursor(disk, through);
      for (const { opId } of acks) {
        disk.seen.add(opId);
        const op = disk.outbox.find((one) => one.opId === opId);
        if (op !== undefined) disk.log.set(opId, op);
        disk.outbox = disk.outbox.filter((one) => one.opId !== opId);
      }
    });

  reseal: SpaceKeeper["reseal"] = (space, opIds) =>
    this.#commit(space, (disk) => {
      this.#deps.counts.resealed += opIds.length;
      disk.outbox = disk.outbox.map((op) => (opIds.includes(op.opId) ? { ...op, epoch: disk.epoch } : op));
      return disk.outbox.filter((op) => opIds.includes(op.opId));
    });

  rekey: SpaceKeeper["rekey"] = async (space) => {
    await this.#deps.network.http();
    const { server, removed, counts } = this.#deps;
    const epoch = server.spaces.get(space)?.epoch ?? 1;
    if (removed.has(space)) return { state: "removed" };
    return this.#commit(space, (disk) => {
      const newer = epoch > disk.epoch;
      if (newer) counts.rekeyed++;
      disk.epoch = Math.max(disk.epoch, epoch);
      return { state: newer ? "rekeyed" : "unchanged", epoch: disk.epoch, right: "write" };
    });
  };

  voidOp: SpaceKeeper["voidOp"] = (space, opId) =>
    this.#commit(space, (disk) => {
      const op = disk.outbox.find((one) => one.opId === opId) as OuterRecord;
      disk.outbox = disk.outbox.filter((one) => one.opId !== opId);
      disk.voided.push(innerOf(op).text);
      const document = this.#deps.world.id<DocumentTag>();
      disk.pending.unshift({ document, text: `void ${innerOf(op).counter}`, blob: null });
    });

  uploadBlobs: SpaceKeeper["uploadBlobs"] = async (space) => {
    await this.#deps.syncing().token(space);
    const disk = this.#disk(space);
    for (const { blob } of [...disk.pending]) {
      if (blob === null || disk.committedBlobs.has(blob)) continue;
      await this.#deps.network.http();
      if (this.dead) return new Promise(() => {});
      this.#deps.server.commitBlob(space, blob);
      disk.committedBlobs.add(blob);
    }
  };

  /** Owners are the real keeper's business. */
  repeat: SpaceKeeper["repeat"] = async () => null;

  missing: SpaceKeeper["missing"] = async (space) => {
    await this.#deps.network.http();
    if (this.dead) return new Promise(() => {});
    this.#deps.server.createSpace(space);
    return "created";
  };

  applyDrops: SpaceKeeper["applyDrops"] = (space, drops) =>
    this.#commit(space, (disk) => {
      for (const { bytes } of drops) {
        const text = new TextDecoder().decode(bytes);
        if (!disk.drops.includes(text)) disk.drops.push(text);
      }
    });

  settleDrops: SpaceKeeper["settleDrops"] = async () => {};

  ephemeral: SpaceKeeper["ephemeral"] = () => {};

  ended: SpaceKeeper["ended"] = (space, code) =>
    this.#commit(space, (disk) => {
      disk.ended = code;
    });
}

function counterOf(record: OuterRecord): number {
  return innerOf(record).counter;
}
