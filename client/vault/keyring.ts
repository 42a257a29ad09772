/**
 * The keys of one pocket on this device, sealed under V: who I am, the media root, and the keys of every space. Read once
 * at unlocking; every change is committed strictly before it counts.
 */
import { createAuthorKeys, createDeviceKeys, createIdentity, createOwnerKeys } from "../../crypto/identity.ts";
import { randomId } from "../../crypto/ids.ts";
import { createOwnSeed, deriveLadder, type Ladder } from "../../crypto/ladder.ts";
import { createMediaRoot } from "../../crypto/media.ts";
import { createBoxKeyPair } from "../../crypto/recipients.ts";
import { KEY_BYTES, randomBytes } from "../../crypto/sodium.ts";
import type {
  AuthorKeyPair,
  AuthorPrivateKey,
  AuthorPublicKey,
  BoxKeyPair,
  DocumentTag,
  Hash32,
  IdentityKeyPair,
  MediaRoot,
  OpId,
  OwnerPrivateKey,
  OwnerPublicKey,
  Right,
  RungSeed,
  SpaceId,
  WayInSeed,
} from "../../crypto/types.ts";
import type { CapabilityKeys, TaggedWrap } from "../../protocol/frames.ts";
import type { DeviceId, Role } from "./api.ts";
import type { Batch } from "./batch.ts";
import type { Write } from "./ports.ts";
import type { SealedStore } from "./sealed-store.ts";
import type { Retired } from "./space-rows.ts";

export type SpaceKind = "pocket" | "mailbox" | "circle";

export interface Me {
  readonly identity: IdentityKeyPair;
  readonly box: BoxKeyPair;
  readonly device: ReturnType<typeof createDeviceKeys>;
  readonly mediaRoot: MediaRoot;
  /** Those that removals ended, newest first: they open what was put in before. */
  readonly olderRoots?: readonly MediaRoot[];
  /** The last removal of a device: which devices it left the keys for, and which one made it. Absent: there was none. */
  readonly renewal?: Renewal;
  /** The document of the pocket in which the rows lie that all my devices share (shared-state.ts). */
  readonly shared: DocumentTag;
  /** Opens V of each of my devices, and stands in the pocket's wraps: the card gets in by it, after its wait. */
  readonly recovery: WayInSeed;
  /** It came here from elsewhere: what is in it has to come from the server. */
  readonly arrived: boolean;
  readonly name: string;
  readonly role: Role;
  readonly pocket: SpaceId;
  readonly mailbox: SpaceId;
}

export interface Renewal {
  readonly devices: readonly DeviceId[];
  readonly by: DeviceId;
}

/** Where the checkpoints of a space of one's own stand, for the next one. */
export interface OwnRoster {
  readonly number: number;
  readonly hash: Hash32;
  readonly head: { readonly op: OpId; readonly hash: Hash32 };
}

/** Keys of one space; `epochs` rise. */
export interface SpaceRow {
  readonly space: SpaceId;
  readonly kind: SpaceKind;
  readonly right: Right;
  readonly epochs: readonly { readonly epoch: number; readonly seed: RungSeed }[];
  readonly author: AuthorKeyPair;
  readonly ownerPublic: OwnerPublicKey;
  readonly ownerPrivate: OwnerPrivateKey | null;
  /** Author keys that ended, and how far what they signed counts. */
  readonly retired?: readonly Retired[];
  /** Pocket and mailbox: absent until their first rotation. */
  readonly roster?: OwnRoster;
  /** Mailbox: the pocket's epoch under which it was rotated last; absent for the first. */
  readonly under?: number;
  /** What the server must be told when it doesn't know the space yet; null for spaces that others made. */
  readonly creation: { readonly keys: CapabilityKeys; readonly wraps: readonly TaggedWrap[] } | null;
  /** The server has had it. */
  readonly created: boolean;
}

/** What `arrive` takes over; device keys where they were made before (linking). */
interface Arrived {
  readonly me: Omit<Me, "device" | "name" | "arrived"> & { readonly device?: Me["device"] };
  readonly pocket: SpaceRow;
  readonly mailbox: SpaceRow;
}

const ME = ["me"] as const;
const SPACES = ["space"] as const;

export class Keyring {
  readonly #store: SealedStore;
  readonly #spaces = new Map<SpaceId, SpaceRow>();
  readonly #ladders = new Map<string, Ladder>();
  #me: Me;

  private constructor(store: SealedStore, me: Me, spaces: readonly SpaceRow[]) {
    this.#store = store;
    this.#me = me;
    for (const row of spaces) this.#spaces.set(row.space, row);
  }

  /** The first keys of a new pocket, committed. */
  static async create(store: SealedStore, role: Role): Promise<Keyring> {
    const pocket = createOwnSpace("pocket");
    const mailbox = createOwnSpace("mailbox");
    const me: Me = {
      identity: createIdentity(),
      box: createBoxKeyPair(),
      device: createDeviceKeys(),
      mediaRoot: createMediaRoot(),
      shared: randomId<DocumentTag>(),
      recovery: randomBytes(KEY_BYTES) as WayInSeed,
      arrived: false,
      name: "",
      role,
      pocket: pocket.space,
      mailbox: mailbox.space,
    };
    const rows = [pocket, mailbox];
    await store.commit([
      store.put("keyring", ME, "me", me),
      ...rows.map((row) => store.put("keyring", SPACES, row.space, row)),
    ]);
    return new Keyring(store, me, rows);
  }

  /** The keys of a pocket that came from elsewhere, with device keys of this device's own, committed. */
  static async arrive(store: SealedStore, { me, pocket, mailbox }: Arrived): Promise<Keyring> {
    const here: Me = { ...me, device: me.device ?? createDeviceKeys(), arrived: true, name: "" };
    const rows = [pocket, mailbox];
    await store.commit([
      store.put("keyring", ME, "me", here),
      ...rows.map((row) => store.put("keyring", SPACES, row.space, row)),
    ]);
    return new Keyring(store, here, rows);
  }

  /** @throws CryptoError does-not-open when the row of the person can't be read: nothing else could be then */
  static async open(store: SealedStore): Promise<Keyring | null> {
    const [me, spaces] = await Promise.all([
      store.read<Me>("keyring", ME, "me"),
      store.list<SpaceRow>("keyring", SPACES),
    ]);
    if (me === null) return null;
    return new Keyring(
      store,
      me,
      spaces.map(({ value }) => value),
    );
  }

  get me(): Me {
    return this.#me;
  }

  /** In a turn of its own: not from inside `store.exclusive`. */
  setName(name: string): Promise<void> {
    return this.#store.exclusive(async () => {
      const me = { ...this.#me, name };
      await this.#store.commit([this.#store.put("keyring", ME, "me", me)]);
      this.#me = me;
    });
  }

  /** For the caller's own commit. */
  writeMe(batch: Batch, me: Me): void {
    batch.add(this.#store.put("keyring", ME, "me", me), () => {
      this.#me = me;
    });
  }

  writeSpace(batch: Batch, row: SpaceRow): void {
    batch.add(this.write(row), () => this.remember(row));
  }

  spaces(): readonly SpaceRow[] {
    return [...this.#spaces.values()];
  }

  space(space: SpaceId): SpaceRow | null {
    return this.#spaces.get(space) ?? null;
  }

  /** The newest epoch we hold keys of; 0 when the space is unknown. */
  epoch(space: SpaceId): number {
    return this.#spaces.get(space)?.epochs.at(-1)?.epoch ?? 0;
  }

  /** Derived keys of one epoch; null when we have none of it. */
  ladder(space: SpaceId, epoch: number): Ladder | null {
    const id = `${space}/${epoch}`;
    const known = this.#ladders.get(id);
    if (known !== undefined) return known;
    const row = this.#spaces.get(space);
    const seed = row?.epochs.find((entry) => entry.epoch === epoch)?.seed;
    if (row === undefined || seed === undefined) return null;
    const ladder = deriveLadder({ right: row.right, seed, space, epoch });
    this.#ladders.set(id, ladder);
    return ladder;
  }

  author(space: SpaceId): AuthorPublicKey | null {
    return this.#spaces.get(space)?.author.publicKey ?? null;
  }

  /** The write that keeps `row`; call `remember` when it has been committed. */
  write(row: SpaceRow): Write {
    return this.#store.put("keyring", SPACES, row.space, row);
  }

  remember(row: SpaceRow): void {
    this.#spaces.set(row.space, row);
  }

  async keep(row: SpaceRow): Promise<void> {
    await this.#store.commit([this.write(row)]);
    this.remember(row);
  }

  forgetting(space: SpaceId): Write {
    return this.#store.remove("keyring", SPACES, space);
  }

  forget(space: SpaceId): void {
    this.#spaces.delete(space);
    for (const id of this.#ladders.keys()) if (id.startsWith(space)) this.#ladders.delete(id);
  }
}

/** A space of my own with a first epoch, to be created on the server as soon as there is net. */
function createOwnSpace(kind: "pocket" | "mailbox"): SpaceRow {
  const space = randomId<SpaceId>();
  const seed = createOwnSeed();
  const owner = createOwnerKeys();
  return {
    space,
    kind,
    right: "own",
    epochs: [{ epoch: 1, seed }],
    author: createAuthorKeys(),
    ownerPublic: owner.publicKey,
    ownerPrivate: owner.privateKey,
    creation: { keys: capabilityKeysOf(deriveLadder({ right: "own", seed, space, epoch: 1 })), wraps: [] },
    created: false,
  };
}

/** Public keys against which the server checks proofs. */
export function capabilityKeysOf(ladder: Ladder): CapabilityKeys {
  const { own, write, read } = ladder.capabilities;
  if (own === undefined || write === undefined) throw new Error("only an owner registers capability keys");
  return { own: own.publicKey, write: write.publicKey, read: read.publicKey };
}

/** The pair of an Ed25519 private key: its public half is its last 32 bytes. */
export const authorPair = (privateKey: AuthorPrivateKey): AuthorKeyPair => ({
  privateKey,
  publicKey: privateKey.slice(32) as AuthorPublicKey,
});
