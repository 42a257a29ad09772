/** One member's device with its log of one circle: the real core and crypto over an in-memory disk, without a server. */
import * as Y from "yjs";
import { clientTag } from "../../../client/documents/client-ids.ts";
import { clientIdsOf } from "../../../client/documents/updates.ts";
import { Batch } from "../../../client/vault/batch.ts";
import { BlobStore } from "../../../client/vault/blob-store.ts";
import { freeze } from "../../../client/vault/freeze.ts";
import { Keyring, type SpaceRow } from "../../../client/vault/keyring.ts";
import { Outbox } from "../../../client/vault/outbox.ts";
import { receive } from "../../../client/vault/receive.ts";
import { beginAsking, settleAsking } from "../../../client/vault/repair.ts";
import { SealedStore } from "../../../client/vault/sealed-store.ts";
import { SpaceLog } from "../../../client/vault/space-log.ts";
import type { LogRow } from "../../../client/vault/space-rows.ts";
import { createAuthorKeys, createOwnerKeys } from "../../../crypto/identity.ts";
import { randomId } from "../../../crypto/ids.ts";
import { createOwnSeed } from "../../../crypto/ladder.ts";
import { toHex } from "../../../crypto/sodium.ts";
import type { AuthorKeyPair, BlobId, DocumentTag, OwnSeed, SpaceId } from "../../../crypto/types.ts";
import { createVaultKey } from "../../../crypto/unlocking.ts";
import type { OuterRecord, RecordKind, StoredRecord } from "../../../protocol/frames.ts";
import { MemoryShelf } from "../storage/memory-shelf.ts";

export const space = "5".repeat(32) as SpaceId;
const incarnation = "0".repeat(32);
export class Member {
  readonly log: SpaceLog;
  readonly blobs: BlobStore;
  readonly author: AuthorKeyPair;
  async seed(): Promise<Uint8Array | undefined> {
    return this.log.keyring.space(space)?.epochs[0]?.seed;
  }

  private constructor(log: SpaceLog, blobs: BlobStore, author: AuthorKeyPair) {
    this.log = log;
    this.blobs = blobs;
    this.author = author;
  }

  static async create(seed: OwnSeed, author = createAuthorKeys(), row: Partial<SpaceRow> = {}): Promise<Member> {
    const store = await SealedStore.create(await new MemoryShelf().openStore("a"), createVaultKey());
    const keyring = await Keyring.create(store, "child");
    await keyring.keep({
      space,
      kind: "circle",
      right: "own",
      epochs: [{ epoch: 1, seed }],
      author,
      ownerPublic: createOwnerKeys().publicKey,
      ownerPrivate: null,
      creation: null,
      created: true,
      ...row,
    });
    return new Member(new SpaceLog(space, store, keyring, new Outbox(store)), new BlobStore(store), author);
  }

  async knows(...others: Member[]): Promise<this> {
    const batch = new Batch();
    const authors = [this, ...others].map(({ author }) => author.publicKey);
    this.log.putState(batch, { ...(await this.log.state()), authors });
    await batch.commit(this.log.store);
    return this;
  }

  async write(document: DocumentTag, kind: RecordKind, payload: Uint8Array, blobs: readonly BlobId[] = []) {
    const batch = new Batch();
    const clientIds = kind === "update" ? clientIdsOf(payload) : [];
    await this.log.addPending(batch, { document, kind, payload, blobs, clientIds }, Date.now());
    await batch.commit(this.log.store);
  }

  /** A Yjs client id of this member's (client-ids.ts). */
  client(low: number): number {
    return clientTag(toHex(this.author.publicKey)) * 2 ** 24 + low;
  }

  /** A page of this member's. */
  page(low = Math.floor(Math.random() * 2 ** 24)): Y.Doc {
    const doc = new Y.Doc();
    doc.clientID = this.client(low);
    return doc;
  }

  async freezeAll(): Promise<readonly OuterRecord[]> {
    return (await freeze(this.log, this.blobs, 100, Date.now())).ops;
  }

  async say(text: string): Promise<OuterRecord> {
    await this.write(randomId<DocumentTag>(), "said", new TextEncoder().encode(text));
    const [op] = await this.freezeAll();
    if (op === undefined) throw new Error("nothing was frozen");
    return op;
  }

  async take(...records: StoredRecord[]) {
    return receive(this.log, { records, through: { seq: records.at(-1)?.seq ?? 0, incarnation } });
  }

  /** Everything was pulled once more, and nothing came that wasn't there. */
  async askedAgain() {
    await beginAsking(this.log);
    return settleAsking(this.log);
  }

  async heard(): Promise<readonly string[]> {
    const rows = (await this.log.said()).filter(({ problem }) => problem === null);
    return rows.map(({ inner }) => new TextDecoder().decode(payloadOf(inner)));
  }

  async problems(): Promise<readonly LogRow["problem"][]> {
    return (await this.log.said()).map(({ problem }) => problem);
  }
}

/** The payload of an inner stands before its signature of 64 bytes. */
function payloadOf(inner: Uint8Array | null): Uint8Array {
  if (inner === null) return new Uint8Array();
  const view = new DataView(inner.buffer, inner.byteOffset);
  const start = 144 + 4 * view.getUint8(139);
  return inner.subarray(start, start + view.getUint32(start - 4));
}

export const at = (seq: number, record: OuterRecord): StoredRecord => ({ ...record, seq });

export async function two(): Promise<{ readonly alma: Member; readonly mette: Member; readonly seed: OwnSeed }> {
  const seed = createOwnSeed();
  const [alma, mette] = [await Member.create(seed), await Member.create(seed)];
  // An owner gives no two members ids that begin alike.
  if (alma.client(0) === mette.client(0)) return two();
  await alma.knows(mette);
  await mette.knows(alma);
  return { alma, mette, seed };
}
