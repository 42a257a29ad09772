/**
 * The names of everything that travels through crypto/: ids, keys, ciphertexts, hashes. Types only, no code.
 *
 * A brand makes two things of the same shape different to the compiler, so that a nonce never lands where a key belongs.
 * Brands are given out by the functions of crypto/; bytes read back from a store get theirs by `asKey` (bytes.ts) and
 * ids by `parseId` (ids.ts), which check the size first.
 */

declare const brand: unique symbol;
type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };

// ---- ids: 16 random bytes as 32 lower-case hex digits. 128 bits: 2^64 ids before two are likely to collide. ----

/** A space: one append-only log. */
export type SpaceId = Brand<string, "SpaceId">;
/** A document inside a space; the server sees this tag and nothing else of it. */
export type DocumentTag = Brand<string, "DocumentTag">;
/** One record, given once at freezing; the server answers the same op id with the same sequence number. */
export type OpId = Brand<string, "OpId">;
/** One device's run of records under an author key. */
export type ChainId = Brand<string, "ChainId">;
export type BlobId = Brand<string, "BlobId">;
/** The name of one wrap on the server; only owner and recipient can compute it. */
export type WrapTag = Brand<string, "WrapTag">;
/** One server; part of every proof, so that a proof shown to one server is worth nothing at another. */
export type ServerId = Brand<string, "ServerId">;
/** One member of a circle, as the circle's owner numbers them; no link to an identity. */
export type MemberId = Brand<string, "MemberId">;
/** One introduction between two paired people; remembered by the receiver, so that a replay is noticed. */
export type IntroductionId = Brand<string, "IntroductionId">;
/** One set of three helper shares. */
export type ShareSetId = Brand<string, "ShareSetId">;
/** The opaque name of a row in the local store. */
export type RowName = Brand<string, "RowName">;

export type RecordKind = "update" | "snapshot" | "said" | "control" | "void";
export type Right = "own" | "write" | "read";

// ---- symmetric keys and secrets: 32 bytes each unless said otherwise ----

export type OwnSeed = Brand<Uint8Array, "OwnSeed">;
export type WriteSeed = Brand<Uint8Array, "WriteSeed">;
export type ReadSeed = Brand<Uint8Array, "ReadSeed">;
/** The seed of whichever rung a role has. */
export type RungSeed = OwnSeed | WriteSeed | ReadSeed;
/** Seals the records of one space in one epoch. */
export type ContentKey = Brand<Uint8Array, "ContentKey">;
/** V: random per device, seals the local store. */
export type VaultKey = Brand<Uint8Array, "VaultKey">;
/** Seals rows of the local store; derived from V. */
export type RowSealKey = Brand<Uint8Array, "RowSealKey">;
/** Names rows of the local store; derived from V. */
export type RowNameKey = Brand<Uint8Array, "RowNameKey">;
/** Seals one blob; random per blob and per circle it is shown in. */
export type BlobKey = Brand<Uint8Array, "BlobKey">;
/** The root of a pocket's blob keys. */
export type MediaRoot = Brand<Uint8Array, "MediaRoot">;
/** K: shared by two people who paired. */
export type PairKey = Brand<Uint8Array, "PairKey">;
/** The secret of one invitation; lives in a QR code or a URL fragment. */
export type QrSecret = Brand<Uint8Array, "QrSecret">;
/** What names the wraps of one recipient; known to owner and recipient. */
export type WrapSecret = Brand<Uint8Array, "WrapSecret">;
/** What a way in is made of: from Argon2id, a passkey, or the card. */
export type WayInSeed = Brand<Uint8Array, "WayInSeed">;
/** The 32 bytes of Burn; V's slots open only together with them. */
export type Burn = Brand<Uint8Array, "Burn">;
/** 18 bytes (144 bits): the recovery card. */
export type CardSecret = Brand<Uint8Array, "CardSecret">;
/** What two of three helpers give back together. */
export type HelpersSecret = Brand<Uint8Array, "HelpersSecret">;

/** Every 32-byte secret that may be read back from a store through `asKey`. */
export type Key32 =
  | RungSeed
  | ContentKey
  | VaultKey
  | BlobKey
  | PairKey
  | QrSecret
  | WrapSecret
  | WayInSeed
  | Burn
  | HelpersSecret
  | DropSeed
  | BoxSeed
  | Hash32;

// ---- Ed25519: public keys 32 bytes, private keys 64 bytes (libsodium's seed followed by the public key) ----

export type IdentityPublicKey = Brand<Uint8Array, "IdentityPublicKey">;
export type IdentityPrivateKey = Brand<Uint8Array, "IdentityPrivateKey">;
export type DevicePublicKey = Brand<Uint8Array, "DevicePublicKey">;
export type DevicePrivateKey = Brand<Uint8Array, "DevicePrivateKey">;
/** Per person and space. */
export type AuthorPublicKey = Brand<Uint8Array, "AuthorPublicKey">;
export type AuthorPrivateKey = Brand<Uint8Array, "AuthorPrivateKey">;
/** Per space: signs its checkpoints and tombstones. */
export type OwnerPublicKey = Brand<Uint8Array, "OwnerPublicKey">;
export type OwnerPrivateKey = Brand<Uint8Array, "OwnerPrivateKey">;
/** Per space, epoch and rung; the server holds the public halves. */
export type CapabilityPublicKey = Brand<Uint8Array, "CapabilityPublicKey">;
export type CapabilityPrivateKey = Brand<Uint8Array, "CapabilityPrivateKey">;
/** Random, independent of epochs: lets one contact drop into a mailbox. */
export type DropPublicKey = Brand<Uint8Array, "DropPublicKey">;
export type DropPrivateKey = Brand<Uint8Array, "DropPrivateKey">;
/** 32 bytes that a drop key pair grows from; what an invitation carries. */
export type DropSeed = Brand<Uint8Array, "DropSeed">;

export type KeyPair<Public, Private> = { readonly publicKey: Public; readonly privateKey: Private };
export type IdentityKeyPair = KeyPair<IdentityPublicKey, IdentityPrivateKey>;
export type DeviceKeyPair = KeyPair<DevicePublicKey, DevicePrivateKey>;
export type AuthorKeyPair = KeyPair<AuthorPublicKey, AuthorPrivateKey>;
export type OwnerKeyPair = KeyPair<OwnerPublicKey, OwnerPrivateKey>;
export type CapabilityKeyPair = KeyPair<CapabilityPublicKey, CapabilityPrivateKey>;
export type DropKeyPair = KeyPair<DropPublicKey, DropPrivateKey> & { readonly seed: DropSeed };

// ---- X-Wing (X25519 + ML-KEM-768) ----

/** 1216 bytes. */
export type BoxPublicKey = Brand<Uint8Array, "BoxPublicKey">;
/** 32 bytes: the whole private half; libsodium expands it at each use. */
export type BoxSeed = Brand<Uint8Array, "BoxSeed">;
export type BoxKeyPair = { readonly publicKey: BoxPublicKey; readonly seed: BoxSeed };
/** The same, used for the carer's door only, so that no code path can lend it the child's box key. */
export type DoorPublicKey = Brand<Uint8Array, "DoorPublicKey">;
export type DoorSeed = Brand<Uint8Array, "DoorSeed">;
export type DoorKeyPair = { readonly publicKey: DoorPublicKey; readonly seed: DoorSeed };

// ---- hashes and signatures ----

/** 32 bytes, BLAKE2b-256 unless a field says SHA-256. */
export type Hash32 = Brand<Uint8Array, "Hash32">;
/** 32 bytes from the server, fresh for each connection. */
export type ServerNonce = Brand<Uint8Array, "ServerNonce">;
/** 64 bytes, Ed25519. */
export type Signature = Brand<Uint8Array, "Signature">;

// ---- sealed and encoded things, each with its layout in the head of the module that owns it ----

/** records.ts: inner fields with the author's signature; the same bytes in every epoch. */
export type SignedInner = Brand<Uint8Array, "SignedInner">;
/** records.ts: what the server stores. */
export type SealedRecord = Brand<Uint8Array, "SealedRecord">;
/** rows.ts */
export type SealedRow = Brand<Uint8Array, "SealedRow">;
/** blobs.ts */
export type SealedChunk = Brand<Uint8Array, "SealedChunk">;
/** recipients.ts */
export type Wrap = Brand<Uint8Array, "Wrap">;
/** ways-in.ts */
export type WayIn = Brand<Uint8Array, "WayIn">;
/** identity.ts */
export type ContactCard = Brand<Uint8Array, "ContactCard">;
/** identity.ts */
export type DeviceCertificate = Brand<Uint8Array, "DeviceCertificate">;
/** rosters.ts */
export type Checkpoint = Brand<Uint8Array, "Checkpoint">;
/** helpers.ts: one of three. */
export type HelperShare = Brand<Uint8Array, "HelperShare">;
/** tombstones.ts */
export type Tombstone = Brand<Uint8Array, "Tombstone">;
