/**
 * A server in memory that behaves as protocol/frames.ts and docs/protocol/drops.md say, as far as sharing can tell. It
 * keeps all it was ever given, so a test can look through everything it has seen.
 */

import { TransportError } from "../../../../client/vault/ports.ts";
import type { SharingAsk } from "../../../../client/vault/sharing/ports.ts";
import { equalBytes, toHex } from "../../../../crypto/sodium.ts";
import type { BlobId, DocumentTag, OpId, SpaceId, WrapTag } from "../../../../crypto/types.ts";
import type {
  CapabilityKeys,
  DropRegistration,
  OuterRecord,
  StoredRecord,
  TaggedWrap,
} from "../../../../protocol/frames.ts";

interface ServerSpace {
  epoch: number;
  keys: CapabilityKeys;
  checkpoint: OpId | null;
  records: StoredRecord[];
  readonly deleted: Set<DocumentTag>;
  readonly known: Map<OpId, number>;
  readonly blobs: Map<BlobId, { document: DocumentTag; chunks: readonly Uint8Array[] }>;
  head: number;
}

interface DropBox {
  readonly mailbox: SpaceId;
  readonly drop: DropRegistration;
  used: boolean;
  last: Uint8Array | null;
}

export class MemoryServer {
  /** Another one after each restore. */
  incarnation = "aa".repeat(16);
  readonly spaces = new Map<SpaceId, ServerSpace>();
  readonly wraps = new Map<WrapTag, Uint8Array>();
  readonly boxes = new Map<string, DropBox>();
  readonly mail = new Map<SpaceId, { key: Uint8Array; bytes: Uint8Array }[]>();
  /** Everything that ever came in. */
  readonly seen: Uint8Array[] = [];
  /** Rises with every change: a world is quiet when it stands still. */
  changes = 0;
  now: () => number = () => 0;

  create(space: SpaceId, keys: CapabilityKeys, wraps: readonly TaggedWrap[]): void {
    if (this.spaces.has(space)) return;
    this.spaces.set(space, {
      epoch: 1,
      keys,
      checkpoint: null,
      records: [],
      deleted: new Set(),
      known: new Map(),
      blobs: new Map(),
      head: 0,
    });
    this.#putWraps(wraps);
    this.changes++;
  }

  #space(space: SpaceId): ServerSpace {
    const found = this.spaces.get(space);
    if (found === undefined) throw new TransportError("refused", "no-such-space");
    return found;
  }

  /** The refusal's code, or the sequence number. */
  append(space: SpaceId, record: OuterRecord): number | string {
    const there = this.#space(space);
    const known = there.known.get(record.opId);
    if (known !== undefined) return known;
    if (record.epoch !== there.epoch) return "stale-epoch";
    if (there.deleted.has(record.document)) return "document-deleted";
    there.head++;
    there.known.set(record.opId, there.head);
    there.records.push({ ...record, seq: there.head });
    this.seen.push(record.sealed);
    this.changes++;
    return there.head;
  }

  ask(request: SharingAsk): "done" | string {
    switch (request.type) {
      case "registerDrop":
        this.boxes.set(toHex(request.drop.key), {
          mailbox: request.space,
          drop: request.drop,
          used: false,
          last: null,
        });
        this.seen.push(request.drop.attachment);
        break;
      case "revokeDrop":
        this.boxes.delete(toHex(request.key));
        break;
      case "checkpoint": {
        const there = this.#space(request.space);
        if (there.known.has(request.record.opId)) return "done";
        if (there.checkpoint !== request.expected) return "stale-checkpoint";
        const answer = this.append(request.space, request.record);
        if (typeof answer === "string") return answer;
        there.checkpoint = request.record.opId;
        break;
      }
      case "rotate": {
        const there = this.#space(request.space);
        if (there.known.has(request.record.opId)) return "done";
        if (there.checkpoint !== request.expected) return "stale-checkpoint";
        if (request.epoch !== there.epoch + 1) return "stale-epoch";
        if (request.seen !== null && request.seen !== there.head) return "head-moved";
        there.epoch = request.epoch;
        there.keys = request.keys;
        for (const tag of request.removedTags) this.wraps.delete(tag);
        this.#putWraps(request.wraps);
        this.append(request.space, request.record);
        there.checkpoint = request.record.opId;
        break;
      }
      case "deleteDocument": {
        const there = this.#space(request.space);
        there.deleted.add(request.document);
        there.records = there.records.filter(({ document }) => document !== request.document);
        for (const [id, { document }] of there.blobs) if (document === request.document) there.blobs.delete(id);
        break;
      }
    }
    this.changes++;
    return "done";
  }

  drop(key: Uint8Array, sealed: Uint8Array): void {
    const box = this.#box(key);
    const again = box?.last !== null && box?.last !== undefined && equalBytes(box.last, sealed);
    if (again) return;
    if (box === null || box.used) throw new TransportError("refused", "not-found");
    if (box.drop.singleUse) box.used = true;
    box.last = sealed;
    const mail = this.mail.get(box.mailbox) ?? [];
    mail.push({ key, bytes: sealed });
    this.mail.set(box.mailbox, mail);
    this.seen.push(sealed);
    this.changes++;
  }

  attachment(key: Uint8Array): Uint8Array | null {
    return this.#box(key)?.drop.attachment ?? null;
  }

  #box(key: Uint8Array): DropBox | null {
    const box = this.boxes.get(toHex(key));
    if (box === undefined || (box.drop.expires !== 0 && box.drop.expires * 1000 <= this.now())) return null;
    return box;
  }

  #putWraps(wraps: readonly TaggedWrap[]): void {
    for (const { tag, bytes } of wraps) {
      this.wraps.set(tag, bytes);
      this.seen.push(bytes);
    }
  }

  putBlob(space: SpaceId, document: DocumentTag, blob: BlobId, chunks: readonly Uint8Array[]): void {
    this.#space(space).blobs.set(blob, { document, chunks });
    this.seen.push(...chunks);
  }
}
