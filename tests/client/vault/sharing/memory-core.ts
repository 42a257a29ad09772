/**
 * The vault core as sharing sees it, over maps instead of a store and a MemoryServer instead of a wire; records, blobs and
 * chains go through the real crypto. What is in `Disk` survives a restart, everything else is lost with it.
 */
import type * as Y from "yjs";
import type { CopyOptions } from "../../../../client/documents/kinds.ts";
import { copyForShowing } from "../../../../client/documents/own-read.ts";
import type { SharedEntry } from "../../../../client/documents/shared-rows.ts";
import type { MadeUnder } from "../../../../client/sync/ports.ts";
import type { PersonId, Role } from "../../../../client/vault/api.ts";
import { VaultFailure } from "../../../../client/vault/failure.ts";
import { capabilityKeysOf } from "../../../../client/vault/keyring.ts";
import { TransportError } from "../../../../client/vault/ports.ts";
import type { Reached } from "../../../../client/vault/reached.ts";
import { checkpointChain } from "../../../../client/vault/sharing/checkpoints.ts";
import type {
  BlobSource,
  OpenedRecord,
  RosterFacts,
  Self,
  SharingAsk,
  SharingCore,
  SpaceKeys,
} from "../../../../client/vault/sharing/ports.ts";
import { openBlob, sealBlob } from "../../../../crypto/blobs.ts";
import { createAuthorKeys, createIdentity, createOwnerKeys } from "../../../../crypto/identity.ts";
import { randomId } from "../../../../crypto/ids.ts";
import {
  type ChainHead,
  digestHeads,
  hashInner,
  type InnerFields,
  NO_PREVIOUS,
  parseInner,
  signInner,
  verifyInner,
} from "../../../../crypto/inner.ts";
import { createOwnSeed, deriveLadder } from "../../../../crypto/ladder.ts";
import { createBoxKeyPair } from "../../../../crypto/recipients.ts";
import { openRecord, sealRecord } from "../../../../crypto/records.ts";
import { deriveAuthorKeys } from "../../../../crypto/renewed.ts";
import { equalBytes, toHex } from "../../../../crypto/sodium.ts";
import type {
  AuthorKeyPair,
  AuthorPublicKey,
  BlobId,
  BlobKey,
  ChainId,
  DocumentTag,
  DropKeyPair,
  OpId,
  OwnSeed,
  SealedChunk,
  SealedRecord,
  SignedInner,
  SpaceId,
  WrapTag,
} from "../../../../crypto/types.ts";
import type { MemoryServer } from "./memory-server.ts";

interface Pending {
  readonly document: DocumentTag;
  readonly kind: "said" | "control";
  readonly payload: Uint8Array;
  readonly blobs: readonly BlobId[];
}

interface Kept {
  readonly inner: SignedInner;
  readonly fields: InnerFields;
  readonly author: AuthorPublicKey;
  state: "frozen" | "stored";
}

export interface DiskSpace {
  readonly keys: SpaceKeys[];
  creation: Parameters<SharingCore["addSpace"]>[1];
  authors: readonly AuthorPublicKey[];
  readonly before: { readonly chain: ChainId; readonly counter: number; readonly author: AuthorPublicKey }[];
  gaps: ChainHead[];
  held: boolean;
  readonly purged: Map<DocumentTag, readonly ChainHead[]>;
  chain: ChainId;
  head: ChainHead | null;
  pending: Pending[];
  log: Kept[];
  cursor: number;
  ended: boolean;
}

export interface Disk {
  readonly self: Self;
  readonly state: Map<string, string>;
  readonly spaces: Map<SpaceId, DiskSpace>;
  readonly documents: Map<DocumentTag, Y.Doc>;
  readonly shownTo: Map<DocumentTag, readonly PersonId[]>;
  readonly pocketBlobs: Map<BlobId, Uint8Array>;
  readonly circleBlobs: Map<
    BlobId,
    { space: SpaceId; document: DocumentTag; chunks: readonly Uint8Array[]; sent: boolean }
  >;
}

export function createDisk(name: string, role: Role): Disk {
  const space = randomId<SpaceId>();
  const owner = createOwnerKeys();
  const disk: Disk = {
    self: {
      identity: createIdentity(),
      box: createBoxKeyPair(),
      name,
      role,
      mailbox: space,
      device: "00",
      hasOthers: false,
      pocketEpoch: 1,
      losing: false,
      renews: false,
    },
    state: new Map(),
    spaces: new Map(),
    documents: new Map(),
    shownTo: new Map(),
    pocketBlobs: new Map(),
    circleBlobs: new Map(),
  };
  const seed = createOwnSeed();
  const keys: SpaceKeys = {
    space,
    epoch: 1,
    right: "own",
    seed,
    authorPrivate: createAuthorKeys().privateKey,
    ownerPrivate: owner.privateKey,
    ownerPublic: owner.publicKey,
  };
  const creation = { keys: capabilityKeysOf(deriveLadder({ right: "own", seed, space, epoch: 1 })), wraps: [] };
  disk.spaces.set(space, createSpace(keys, creation));
  return disk;
}

const createSpace = (keys: SpaceKeys, creation: DiskSpace["creation"]): DiskSpace => ({
  keys: [keys],
  creation,
  authors: [],
  before: [],
  gaps: [],
  held: false,
  purged: new Map(),
  chain: randomId<ChainId>(),
  head: null,
  pending: [],
  log: [],
  cursor: 0,
  ended: false,
});

export class MemoryCore implements SharingCore {
  readonly disk: Disk;
  readonly server: MemoryServer;
  online = true;
  /** What the core would tell the page. */
  readonly told: string[] = [];
  /** Spaces in which something was committed since the last look. */
  readonly dirty = new Set<SpaceId>();
  #waiting: { readonly request: SharingAsk; readonly answer: (code: string) => void }[] = [];
  /** Stops after so many more writes, like an app that is closed: for tests of broken-off steps. */
  writesLeft = Number.POSITIVE_INFINITY;

  constructor(disk: Disk, server: MemoryServer) {
    this.disk = disk;
    this.server = server;
  }

  readonly #timers: { readonly at: number; readonly call: () => void }[] = [];

  now = (): number => this.server.now();
  after = (ms: number, call: () => void): (() => void) => {
    const timer = { at: this.now() + ms, call };
    this.#timers.push(timer);
    return () => void this.#timers.splice(this.#timers.indexOf(timer), 1);
  };

  /** Calls what is due. */
  ring(): void {
    const due = this.#timers.filter(({ at }) => at <= this.now());
    for (const timer of due) {
      this.#timers.splice(this.#timers.indexOf(timer), 1);
      timer.call();
    }
  }

  isOnline = (): boolean => this.online;
  /** A server that was restored and not told everything again. */
  toldAgain = true;
  isToldAgain = async (): Promise<boolean> => this.toldAgain;
  self = async (): Promise<Self> => this.disk.self;
  changed = (what: string): void => {
    this.told.push(what);
  };

  async readState(name: string): Promise<string | null> {
    return this.disk.state.get(name) ?? null;
  }

  async listState(prefix: string) {
    return [...this.disk.state]
      .filter(([name]) => name.startsWith(prefix))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, json]) => ({ name, json }));
  }

  /** As SharedRows does it: of a row that was read only what is different. */
  async writeState(entries: readonly SharedEntry[]): Promise<void> {
    this.#write();
    for (const { name, json, base } of entries) {
      const now = this.disk.state.get(name);
      if (json === null) this.disk.state.delete(name);
      else if (base === undefined || name.startsWith("errand/")) this.disk.state.set(name, json);
      else if (now !== undefined) this.disk.state.set(name, changed(now, base, json));
    }
  }

  #write(): void {
    if (this.writesLeft <= 0) throw new Error("closed");
    this.writesLeft--;
  }

  #space(space: SpaceId): DiskSpace {
    const found = this.disk.spaces.get(space);
    if (found === undefined) throw new Error("no such space here");
    return found;
  }

  async addSpace(keys: SpaceKeys, creation: DiskSpace["creation"]): Promise<void> {
    this.#write();
    const there = this.disk.spaces.get(keys.space);
    if (there === undefined) this.disk.spaces.set(keys.space, createSpace(keys, creation));
    else {
      const before = authorOf(there);
      const known = there.keys.findIndex(({ epoch }) => epoch === keys.epoch);
      // Again, with another author key: signed with that from here on.
      if (known < 0) there.keys.push(keys);
      else there.keys[known] = keys;
      if (equalBytes(before, authorOf(there))) return;
      there.chain = randomId<ChainId>();
      there.head = null;
    }
  }

  /** In the place of the pocket's seeds, what all devices of a person have here too. */
  async renewedAuthors(space: SpaceId): Promise<readonly AuthorKeyPair[]> {
    const { identity, pocketEpoch } = this.disk.self;
    const seed = identity.privateKey.slice(0, 32) as Uint8Array as OwnSeed;
    const epochs = Array.from({ length: pocketEpoch - 1 }, (_, n) => pocketEpoch - n);
    return epochs.map((epoch) => deriveAuthorKeys(seed, { space, epoch }));
  }

  async spaceKeys(space: SpaceId): Promise<SpaceKeys | null> {
    return this.disk.spaces.get(space)?.keys.at(-1) ?? null;
  }

  async forgetSpace(space: SpaceId): Promise<void> {
    this.#write();
    this.disk.spaces.delete(space);
  }

  async setAuthors(space: SpaceId, { number, members, frontier }: RosterFacts): Promise<void> {
    this.#write();
    const there = this.#space(space);
    // What keys that ended had signed by then, the record of this very roster included.
    there.before.push(
      ...frontier,
      ...there.authors.map((author) => ({ chain: checkpointChain(space), counter: number + 1, author })),
    );
    this.#space(space).authors = members.map(({ author }) => author);
  }

  async allowGaps(space: SpaceId, gaps: readonly ChainHead[]): Promise<void> {
    this.#space(space).gaps.push(...gaps);
  }

  async holdOutbox(space: SpaceId, held: boolean): Promise<void> {
    this.#write();
    this.#space(space).held = held;
    this.dirty.add(space);
  }

  async ownChain(space: SpaceId): Promise<ChainId | null> {
    return this.disk.spaces.get(space)?.chain ?? null;
  }

  async reached(space: SpaceId): Promise<Reached> {
    const newest = new Map<ChainId, ChainHead & { author: AuthorPublicKey }>();
    for (const { inner, fields, author } of this.#space(space).log) {
      const { chain, counter } = fields;
      if ((newest.get(chain)?.counter ?? 0) < counter)
        newest.set(chain, { chain, counter, hash: hashInner(inner), author });
    }
    return { heads: [...newest.values()], seen: this.#space(space).cursor, incarnation: this.server.incarnation };
  }

  async say(
    space: SpaceId,
    document: DocumentTag,
    kind: "said" | "control",
    payload: Uint8Array,
    blobs: readonly BlobId[],
  ) {
    this.#write();
    this.#space(space).pending.push({ document, kind, payload, blobs });
    this.dirty.add(space);
  }

  async records(space: SpaceId): Promise<readonly OpenedRecord[]> {
    const there = this.disk.spaces.get(space);
    if (there === undefined) return [];
    const author = authorOf(there);
    const kept = there.log
      .filter(({ fields }) => !there.purged.has(fields.document))
      .map(({ inner, fields, author: by, state }): OpenedRecord => {
        const { document, kind, opId, payload, chain, counter } = fields;
        if (kind !== "said" && kind !== "control") throw new Error("sharing says nothing else");
        return {
          space,
          document,
          kind,
          opId,
          payload,
          author: by,
          state,
          place: { chain, counter, hash: hashInner(inner) },
        };
      });
    const pending = there.pending.map(
      ({ document, kind, payload }): OpenedRecord => ({
        space,
        document,
        kind,
        payload,
        author,
        opId: null,
        place: null,
        state: "pending",
      }),
    );
    return [...kept, ...pending];
  }

  async placesOf(space: SpaceId, document: DocumentTag): Promise<readonly ChainHead[]> {
    const there = this.#space(space);
    const places = there.log
      .filter(({ fields }) => fields.document === document)
      .map(({ inner, fields }) => ({ chain: fields.chain, counter: fields.counter, hash: hashInner(inner) }));
    return there.purged.get(document) ?? places;
  }

  async purge(space: SpaceId, document: DocumentTag): Promise<readonly ChainHead[]> {
    this.#write();
    const there = this.#space(space);
    const known = there.purged.get(document);
    if (known !== undefined) return known;
    const places = await this.placesOf(space, document);
    there.pending = there.pending.filter((pending) => pending.document !== document);
    there.purged.set(document, places);
    for (const [id, blob] of this.disk.circleBlobs) if (blob.document === document) this.disk.circleBlobs.delete(id);
    this.dirty.add(space);
    return places;
  }

  ask(request: SharingAsk, _made?: MadeUnder): Promise<string> {
    if (this.isOnline() && this.server.spaces.has(request.space)) return Promise.resolve(this.server.ask(request));
    return new Promise((answer) => this.#waiting.push({ request, answer }));
  }

  async drop(key: DropKeyPair, sealed: Uint8Array): Promise<void> {
    this.#needNet();
    this.server.drop(key.publicKey, sealed);
  }

  async dropAttachment(key: DropKeyPair): Promise<Uint8Array | null> {
    this.#needNet();
    return this.server.attachment(key.publicKey);
  }

  async getWrap(tag: WrapTag): Promise<Uint8Array | null> {
    this.#needNet();
    return this.server.wraps.get(tag) ?? null;
  }

  #needNet(): void {
    if (!this.isOnline()) throw new TransportError("offline");
  }

  async copyForShowing(document: DocumentTag, options: CopyOptions) {
    const doc = this.disk.documents.get(document);
    if (doc === undefined) throw new VaultFailure("not-here");
    return copyForShowing(doc, options);
  }

  async setShownTo(document: DocumentTag, people: readonly PersonId[]): Promise<void> {
    this.disk.shownTo.set(document, people);
  }

  async readPocketBlob(blob: BlobId): Promise<Uint8Array> {
    const bytes = this.disk.pocketBlobs.get(blob);
    if (bytes === undefined) throw new VaultFailure("not-here");
    return bytes;
  }

  async readCircleBlob(_space: SpaceId, blob: BlobId, key: BlobKey): Promise<Uint8Array> {
    return this.openKept(blob, key);
  }

  async putBlob(space: SpaceId, document: DocumentTag, key: BlobKey, bytes: Uint8Array): Promise<BlobId> {
    const blob = randomId<BlobId>();
    this.disk.circleBlobs.set(blob, { space, document, chunks: sealBlob(key, blob, bytes), sent: false });
    return blob;
  }

  async copyBlob(from: BlobSource, space: SpaceId, document: DocumentTag, key: BlobKey): Promise<BlobId> {
    const bytes = from.key === null ? await this.readPocketBlob(from.blob) : this.openKept(from.blob, from.key);
    if (bytes.length !== from.bytes) throw new VaultFailure("does-not-open");
    return this.putBlob(space, document, key, bytes);
  }

  async fetchBlob(space: SpaceId, document: DocumentTag, blob: BlobId, key: BlobKey): Promise<void> {
    if (this.disk.circleBlobs.has(blob)) return;
    this.#needNet();
    const found = this.server.spaces.get(space)?.blobs.get(blob);
    if (found === undefined) throw new VaultFailure("not-here");
    openBlob(key, blob, found.chunks as readonly SealedChunk[]);
    this.disk.circleBlobs.set(blob, { space, document, chunks: found.chunks, sent: true });
  }

  /** What the page's `readBlob` does with a key from sharing. */
  openKept(blob: BlobId, key: BlobKey): Uint8Array {
    const kept = this.disk.circleBlobs.get(blob);
    if (kept === undefined) throw new VaultFailure("not-here");
    return openBlob(key, blob, kept.chunks as readonly SealedChunk[]);
  }

  // ── What the engine would do ─────────────────────────────────────────────────────────────────────────────────────

  createSpaces(): void {
    for (const [space, { creation }] of this.disk.spaces) {
      if (creation !== null) this.server.create(space, creation.keys, creation.wraps);
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { request, answer } of waiting) {
      if (this.server.spaces.has(request.space)) answer(this.server.ask(request));
      else this.#waiting.push({ request, answer });
    }
  }

  /** Freezes, uploads, pushes. False when the epoch is over. */
  push(space: SpaceId): boolean {
    const there = this.#space(space);
    if (there.held || there.ended) return true;
    for (const pending of there.pending.splice(0)) this.#freeze(space, there, pending);
    for (const [id, blob] of this.disk.circleBlobs) {
      if (blob.space !== space || blob.sent) continue;
      this.server.putBlob(space, blob.document, id, blob.chunks);
      this.disk.circleBlobs.set(id, { ...blob, sent: true });
    }
    for (const kept of there.log.filter(({ state }) => state === "frozen")) {
      const { document, kind, opId } = kept.fields;
      const answer = this.server.append(space, this.#seal(space, there, kept.inner, { document, kind, opId }));
      if (answer === "stale-epoch") return false;
      kept.state = "stored";
      this.dirty.add(space);
    }
    return true;
  }

  #freeze(space: SpaceId, there: DiskSpace, { document, kind, payload }: Pending): void {
    const keys = there.keys.at(-1);
    if (keys === undefined) throw new Error("no keys");
    const counter = (there.head?.counter ?? 0) + 1;
    const inner = signInner(
      {
        space,
        document,
        kind,
        opId: randomId<OpId>(),
        chain: there.chain,
        counter,
        previous: there.head?.hash ?? NO_PREVIOUS,
        heads: digestHeads([]),
        clientIds: [],
        payload,
      },
      keys.authorPrivate,
    );
    there.head = { chain: there.chain, counter, hash: hashInner(inner) };
    there.log.push({ inner, fields: parseInner(inner), author: authorOf(there), state: "frozen" });
    this.dirty.add(space);
  }

  #seal(space: SpaceId, there: DiskSpace, inner: SignedInner, outer: Pick<InnerFields, "document" | "kind" | "opId">) {
    const keys = there.keys.at(-1);
    if (keys === undefined) throw new Error("no keys");
    const { contentKey } = deriveLadder({ right: keys.right, seed: keys.seed, space, epoch: keys.epoch });
    const record = { ...outer, epoch: keys.epoch };
    return { ...record, sealed: sealRecord(inner, { space, ...record }, contentKey) };
  }

  /** Opens what is new; records whose author doesn't count are left out. */
  pull(space: SpaceId): void {
    const there = this.#space(space);
    const server = this.server.spaces.get(space);
    if (server === undefined || there.ended) return;
    for (const record of server.records.filter(({ seq }) => seq > there.cursor)) {
      const keys = there.keys.find(({ epoch }) => epoch === record.epoch);
      if (keys === undefined) continue;
      there.cursor = record.seq;
      const { contentKey } = deriveLadder({ right: keys.right, seed: keys.seed, space, epoch: keys.epoch });
      const { document, kind, epoch, opId } = record;
      const opened = openRecord(record.sealed as SealedRecord, { space, document, kind, epoch, opId }, contentKey);
      const { chain, counter } = opened;
      const stood = there.before.filter((entry) => entry.chain === chain && counter <= entry.counter);
      const author = [...there.authors, ...stood.map((entry) => entry.author)].find((key) =>
        verifyInner(opened.inner, key),
      );
      const known = there.log.some(({ fields }) => fields.opId === opId);
      if (author === undefined || known) continue;
      there.log.push({ inner: opened.inner, fields: parseInner(opened.inner), author, state: "stored" });
      this.dirty.add(space);
    }
  }

  /** Places in chains that nothing explains; none in an honest world. */
  unexplainedGaps(space: SpaceId): string[] {
    const there = this.#space(space);
    const byChain = new Map<ChainId, Set<number>>();
    const note = (chain: ChainId, counter: number) =>
      byChain.set(chain, (byChain.get(chain) ?? new Set()).add(counter));
    for (const { fields } of there.log) note(fields.chain, fields.counter);
    for (const { chain, counter } of there.gaps) note(chain, counter);
    return [...byChain].flatMap(([chain, counters]) => {
      const most = Math.max(...counters);
      return Array.from({ length: most }, (_, i) => i + 1).flatMap((n) => (counters.has(n) ? [] : [`${chain} ${n}`]));
    });
  }
}

const authorOf = (there: DiskSpace): AuthorPublicKey =>
  (there.keys.at(-1)?.authorPrivate.slice(32) ?? new Uint8Array(32)) as AuthorPublicKey;

export const contains = (haystack: Uint8Array, needle: Uint8Array): boolean => toHex(haystack).includes(toHex(needle));

function changed(now: string, base: string, json: string): string {
  const [row, before, after] = [now, base, json].map((one) => JSON.parse(one) as Record<string, unknown>);
  if (row === undefined || before === undefined || after === undefined) throw new Error("no row");
  for (const field of Object.keys(before)) if (!(field in after)) delete row[field];
  for (const [field, value] of Object.entries(after))
    if (JSON.stringify(before[field]) !== JSON.stringify(value)) row[field] = value;
  return JSON.stringify(row);
}
