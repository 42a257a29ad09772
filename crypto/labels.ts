/**
 * Every label in crypto/, in one list. A label is `lomme/1/<what it is used with>/<what for>`, so that the list itself
 * shows that no key serves two purposes:
 *
 * - A *seed* is only derived from: several labels may start from one seed, each gives a key of its own.
 * - A *key* (content, row, blob, wrap …) is used under exactly one label.
 * - A *signing key* signs only messages that start with one of its labels (identity: card, device, statement; owner:
 *   checkpoint, tombstone). No label is the start of another, and a length byte stands before each.
 *
 * tests/crypto/labels.test.ts enumerates them. Changing one changes the format: docs/protocol/keys.md §2.
 */
export const LABELS = {
  // Ladder, per space and epoch.
  writeSeed: "lomme/1/own-seed/write-seed",
  ownCapability: "lomme/1/own-seed/capability",
  readSeed: "lomme/1/write-seed/read-seed",
  writeCapability: "lomme/1/write-seed/capability",
  contentKey: "lomme/1/read-seed/content-key",
  readCapability: "lomme/1/read-seed/capability",
  presenceKey: "lomme/1/read-seed/presence-key",

  // What a rotation renews beside the ladder.
  renewedAuthor: "lomme/1/own-seed/author-key",
  renewedOwnKey: "lomme/1/own-seed/device-pair-key",
  renewedPairKey: "lomme/1/write-seed/renewed-pair-key",

  // Records.
  record: "lomme/1/content-key/record",
  presence: "lomme/1/presence-key/presence",
  innerHash: "lomme/1/hash/inner",
  innerSignature: "lomme/1/author-key/inner",
  chainHash: "lomme/1/hash/chain",
  headsDigest: "lomme/1/hash/heads",

  // Blobs.
  blobChunk: "lomme/1/blob-key/chunk",
  mediaBlobKey: "lomme/1/media-root/blob-key",
  takenAlong: "lomme/1/media-root/taken-along",

  // Local store.
  rowSealKey: "lomme/1/vault-key/row-seal-key",
  row: "lomme/1/row-seal-key/row",
  rowName: "lomme/1/row-name-key/name",

  // Recipients: the KDF over an X-Wing secret, per kind of envelope, and what the key that comes out seals.
  wrap: "lomme/1/box-secret/wrap",
  wayIn: "lomme/1/box-secret/way-in",
  door: "lomme/1/box-secret/door",
  introduction: "lomme/1/box-secret/introduction",
  joinRequest: "lomme/1/box-secret/join-request",
  joinAnswer: "lomme/1/box-secret/join-answer",
  envelope: "lomme/1/envelope-key/envelope",
  wrapTag: "lomme/1/wrap-secret/tag",

  // Ways in.
  wayInBox: "lomme/1/way-in-seed/box",
  wayInTag: "lomme/1/way-in-seed/tag",
  wayInPsk: "lomme/1/burn/way-in-psk",
  passkeyWithPictures: "lomme/1/passkey-and-pictures/way-in-seed",

  // Recovery card.
  cardRoot: "lomme/1/card-secret/root",
  cardBox: "lomme/1/card-root/box",
  cardTags: "lomme/1/card-root/wrap-secret",
  cardWayIn: "lomme/1/card-root/way-in-seed",

  // Helpers.
  helpersBox: "lomme/1/helpers-secret/box",
  helpersTags: "lomme/1/helpers-secret/wrap-secret",
  shareCommitment: "lomme/1/hash/helper-share",
  shareSet: "lomme/1/hash/share-set",

  // People and devices.
  card: "lomme/1/identity-key/card",
  device: "lomme/1/identity-key/device",
  statement: "lomme/1/identity-key/statement",
  cardHash: "lomme/1/hash/card",
  deviceHash: "lomme/1/hash/device",

  // Invitation, pairing, and what a pair key is for.
  invitedCardKey: "lomme/1/qr-secret/invited-card-key",
  invitedCard: "lomme/1/invited-card-key/card",
  joinRequestPsk: "lomme/1/qr-secret/join-request-psk",
  joinAnswerPsk: "lomme/1/qr-secret/join-answer-psk",
  pairRoot: "lomme/1/qr-secret/pair-root",
  joinFinishKey: "lomme/1/pair-root/finish-key",
  joinFinish: "lomme/1/finish-key/finish",
  safetyPictures: "lomme/1/pair-root/safety-pictures",
  pairKey: "lomme/1/pair-root/pair-key",
  joinCommitment: "lomme/1/hash/join-commitment",
  joinMessage: "lomme/1/hash/join-message",
  introductionPsk: "lomme/1/pair-key/introduction-psk",
  circlePsk: "lomme/1/pair-key/wrap-psk",
  pairWrapSecret: "lomme/1/pair-key/wrap-secret",

  // Rosters.
  checkpoint: "lomme/1/owner-key/checkpoint",
  tombstone: "lomme/1/owner-key/tombstone",
  checkpointHash: "lomme/1/hash/checkpoint",

  // Proofs to the server.
  capabilityProof: "lomme/1/capability-key/proof",
  dropProof: "lomme/1/drop-key/proof",
} as const;

export type Label = (typeof LABELS)[keyof typeof LABELS];
