/**
 * What the driver of syncing asks of the vault core (keeper.ts): proofs, freezing, keeping what arrives. Everything that
 * reads rows, decides and writes does it inside `store.exclusive`; what talks to the network doesn't.
 */
import { proveCapability } from "../../crypto/capabilities.ts";
import { randomId } from "../../crypto/ids.ts";
import { encodeVoid } from "../../crypto/inner.ts";
import { openPresence } from "../../crypto/presence.ts";
import { equalBytes } from "../../crypto/sodium.ts";
import type { BlobId, DocumentTag, RecordKind, ServerNonce, SpaceId } from "../../crypto/types.ts";
import type { OuterRecord } from "../../protocol/frames.ts";
import type { CreateSpace } from "../../protocol/http.ts";
import type { Health, Rekeyed } from "../sync/ports.ts";
import { Batch } from "./batch.ts";
import { uploadBlob } from "./blob-travel.ts";
import { VaultFailure } from "./failure.ts";
import { createFetchContents } from "./fetch-contents.ts";
import { freeze, sealFor } from "./freeze.ts";
import type { SpaceKeeper } from "./keeper.ts";
import { createOffers } from "./offer-again.ts";
import type { Pocket } from "./pocket.ts";
import { type Http, TransportError } from "./ports.ts";
import { type Learned, receive, reconsider } from "./receive.ts";
import { explainEnded, obeyRemovals } from "./removal.ts";
import { beginAsking, forgetStored, sendLostAgain, settleAsking, summariseAgain } from "./repair.ts";
import { createdAs, ownWrapsAfter, repeatRotation } from "./repeat-rotation.ts";
import { createSharedSent } from "./shared-sent.ts";
import type { SharingEvents } from "./sharing/ports.ts";
import { placeOf } from "./space-log.ts";
import { uploadEach } from "./upload-each.ts";
import { type GetToken, withToken } from "./with-token.ts";

/** An update or snapshot that the server has. */
export interface StoredChange {
  readonly kind: RecordKind;
  readonly document: DocumentTag;
}

export interface KeeperDeps {
  readonly pocket: Pocket;
  readonly http: Http;
  readonly sharing: Pick<SharingEvents, "dropped" | "rekey" | "spaceEnded" | "wrapsAfter">;
  readonly token: GetToken;
  /** Records of a space were committed, frozen or acknowledged. Not to be waited for. */
  recordsChanged(space: SpaceId): void;
  /** What the chains of a space say changed without a record arriving. */
  noteHealth(space: SpaceId, health: Health): void;
  /** These updates and snapshots are with the server. */
  changesStored(space: SpaceId, changes: readonly StoredChange[]): void;
  /** A rotation of the pocket or the mailbox by another device of mine. @throws TransportError */
  rekeyOwn(space: SpaceId, refused: number): Promise<Rekeyed>;
  /** The pocket ended for this device: another removed it. */
  removed(): void;
  /** The server was restored and the space is ours: put back what only its owner can. Not to be waited for. */
  reopen(space: SpaceId): void;
  /** A space of mine was made on the server. Not to be waited for. */
  created(): void;
}

export function createSpaceKeeper(deps: KeeperDeps): SpaceKeeper {
  const { pocket, http, sharing, token, recordsChanged } = deps;
  const { store, keyring, outbox, blobs, clock } = pocket;
  const exclusive = <T>(work: () => Promise<T>): Promise<T> => store.exclusive(work);

  const resealed = async (space: SpaceId, wanted: ReadonlySet<string>): Promise<OuterRecord[]> => {
    const log = pocket.log(space);
    const records: OuterRecord[] = [];
    for (const frozen of await outbox.frozen(space)) {
      if (!wanted.has(frozen.opId)) continue;
      const row = await log.row(frozen.kind, frozen.document, frozen.opId);
      if (row?.inner != null) records.push(sealFor(log, row, row.inner));
    }
    return records;
  };

  const upload = (space: SpaceId, blob: BlobId): Promise<void> =>
    withToken(token, space, (valid) => uploadBlob(blobs, http, valid, space, blob));

  const offers = createOffers({ pocket, upload });

  const show = async (space: SpaceId, learned: Pick<Learned, "updates">): Promise<void> => {
    await showLearned(pocket, space, learned);
    const documents = learned.updates.map(({ document }) => document);
    if (documents.length === 0) return;
    if (space === keyring.me.pocket) await summariseAgain(pocket, documents);
    deps.changesStored(space, learned.updates);
  };

  const fetchContents = createFetchContents({
    pocket,
    http,
    token,
    took: async (space, fetched) => {
      await show(space, fetched);
      deps.noteHealth(space, fetched.health);
      if (fetched.said || fetched.updates.length > 0) recordsChanged(space);
    },
  });

  const sharedSent = createSharedSent(pocket);

  const isCircle = (space: SpaceId): boolean => keyring.space(space)?.kind === "circle";

  return {
    load: (space) =>
      exclusive(async () => {
        const { cursor, rewound } = await pocket.log(space).state();
        // What the server lost goes out again in its order, which freezing keeps: nothing of the same chain overtakes it.
        const all = await outbox.frozen(space);
        const now = all.filter(({ again }) => !(rewound || again));
        const frozen = await resealed(space, new Set(now.map(({ opId }) => opId)));
        return { cursor, frozen, pending: (await outbox.pending(space)).length + all.length - now.length };
      }),

    prove: async (space, epoch, right, nonce, server) => {
      const pair = keyring.ladder(space, epoch)?.capabilities[right];
      if (pair === undefined) throw new VaultFailure("not-here");
      return proveCapability(pair.privateKey, {
        nonce: nonce as ServerNonce,
        serverId: server,
        space,
        epoch,
        right,
      });
    },

    applyRecords: async (space, arrived) => {
      const learned = await exclusive(() => receive(pocket.log(space), arrived));
      // They are kept, whether or not they could be shown.
      await show(space, learned).finally(() => {
        if (arrived.records.length > 0) recordsChanged(space);
      });
      if (learned.awaits) void fetchContents(space).catch(() => undefined);
      const told = space === keyring.me.pocket && arrived.records.some(({ kind }) => kind === "control");
      return (told ? await obeyRemovals(pocket) : null) ?? learned.health;
    },

    caughtUp: (space) => {
      void fetchContents(space).catch(() => undefined);
      return exclusive(async () => {
        const health = await settleAsking(pocket.log(space));
        await sendLostAgain(pocket.log(space));
        const { reopening, blobsDoubted } = await pocket.log(space).state();
        if (reopening) deps.reopen(space);
        const again = (await outbox.frozen(space)).filter((row) => row.again);
        const pending = (await outbox.pending(space)).length + again.length;
        // Freezing finds the doubt, and has the photos offered: also where no word waits.
        return { ...health, pending: Math.max(pending, blobsDoubted ? 1 : 0) };
      });
    },

    askAgain: (space) => exclusive(() => beginAsking(pocket.log(space))),

    rewind: (space) =>
      exclusive(async () => {
        await forgetStored(pocket.log(space));
        offers.doubted(space);
      }),

    freeze: async (space, limit) => {
      const frozen = await exclusive(() => freeze(pocket.log(space), blobs, limit, clock.now()));
      if (frozen.ops.length > 0) recordsChanged(space);
      return frozen;
    },

    acked: async (space, acks, through) => {
      const changes: StoredChange[] = [];
      await exclusive(async () => {
        const log = pocket.log(space);
        const state = await log.state();
        const frozen = new Map((await outbox.frozen(space)).map((row) => [row.opId, row]));
        const batch = new Batch();
        for (const { opId, seq } of acks) {
          const mine = frozen.get(opId);
          if (mine === undefined) continue;
          outbox.removeFrozen(batch, space, opId);
          const row = await log.row(mine.kind, mine.document, opId);
          if (row === null) continue;
          if (mine.kind === "update" || mine.kind === "snapshot") changes.push(mine);
          if (state.purged.some(({ document }) => document === mine.document)) log.removeRow(batch, row);
          else log.putRow(batch, { ...row, seq });
        }
        log.putState(batch, { ...state, cursor: through });
        await batch.commit(store);
      });
      recordsChanged(space);
      if (changes.length > 0) deps.changesStored(space, changes);
      if (space === keyring.me.pocket) await sharedSent.look();
    },

    reseal: (space, opIds) => exclusive(() => resealed(space, new Set(opIds))),

    rekey: async (space, refused) => {
      if (isCircle(space)) return sharing.rekey(space, refused);
      if (keyring.space(space) === null) return { state: "removed" };
      const rekeyed = await deps.rekeyOwn(space, refused);
      // What came before its keys did can be read now.
      if (rekeyed.state === "rekeyed") await show(space, await exclusive(() => reconsider(pocket.log(space))));
      return rekeyed;
    },

    voidOp: async (space, opId, reason) => {
      await exclusive(async () => {
        const log = pocket.log(space);
        const mine = (await outbox.frozen(space)).find((row) => row.opId === opId);
        if (mine === undefined) return;
        const batch = new Batch();
        outbox.removeFrozen(batch, space, opId);
        const row = await log.row(mine.kind, mine.document, opId);
        // Somebody else's, brought again after a restore, is theirs to explain: a void counts for its own author's chain. A
        // key of ours that ended signs none any more.
        const own = keyring.author(space);
        const isOurs = row?.author != null && own !== null && equalBytes(row.author, own);
        if (row?.inner != null && isOurs) {
          // Deleted on the server: it takes nothing more for that document, not even a void.
          const document = reason === "document-deleted" ? randomId<DocumentTag>() : mine.document;
          const payload = encodeVoid(placeOf(row.inner));
          await log.addPending(batch, { document, kind: "void", payload, blobs: [], clientIds: [] }, clock.now());
        } else if (row !== null) await explainEnded(pocket, batch, space, row);
        // What was written stays readable here, unless it was removed here too.
        const { purged } = await log.state();
        if (row !== null && purged.some((gone) => gone.document === mine.document)) log.removeRow(batch, row);
        await batch.commit(store);
      });
      recordsChanged(space);
    },

    uploadBlobs: async (space) => {
      const waiting = new Set((await exclusive(() => outbox.pending(space))).flatMap((row) => row.blobs));
      const failed = await uploadEach(
        await blobs.uncommitted(space, [...waiting]),
        (blob) => upload(space, blob),
        // Its record has nothing to wait for: it is refused the same way, and given up with a void.
        async (blob) => {
          const row = await blobs.row(space, blob);
          if (row !== null) await blobs.noteCommitted(row);
        },
      );
      if ((await exclusive(() => pocket.log(space).state())).blobsDoubted) await offers.again(space);
      if (failed !== null) throw failed;
    },

    missing: async (space) => {
      const row = keyring.space(space);
      if (row === null) return "gone";
      // Also one that the server had and lost (a backup from before it): made again in its first epoch, and its rotations
      // are repeated then.
      const creation = row.creation ?? createdAs(row);
      if (creation === null) return row.right === "own" ? "gone" : "awaited";
      const { keys, wraps } = creation;
      const create = (kind: CreateSpace["kind"]): Promise<void> =>
        http.createSpace({ space, kind, keys, wraps }, null).catch((error: unknown) => {
          const refusal = error instanceof TransportError ? error.refusal : null;
          // An organisation's server: without one of its tokens it makes nothing but what is as small as a pocket. Where there
          // is a token, it is spent on the space afterwards (room.ts), as on one that was made before there was any.
          if (refusal === "no-token" && kind === "space") return create("pocket");
          // Ours already: the answer to an earlier try was lost.
          if (refusal !== "exists") throw error;
        });
      await create(row.kind === "pocket" ? "pocket" : "space");
      await exclusive(() => keyring.keep({ ...(keyring.space(space) ?? row), created: true }));
      deps.created();
      return "created";
    },

    repeat: async (space, epoch, expected) => {
      const again = isCircle(space)
        ? await sharing.wrapsAfter(space, epoch)
        : await ownWrapsAfter(pocket, space, epoch);
      return again === null ? null : repeatRotation(pocket, space, epoch, expected, again);
    },

    applyDrops: async (space, drops) => {
      if (space !== keyring.me.mailbox) return;
      for (const { key, bytes } of drops) await sharing.dropped(key, bytes);
    },

    settleDrops: () => sharedSent.wait(),

    ephemeral: (space, document, bytes) => {
      const ladder = keyring.ladder(space, keyring.epoch(space));
      if (ladder === null) return;
      try {
        void pocket.documents.showPresence(space, document, openPresence(ladder, document, bytes));
      } catch {
        // Of another epoch, or noise: presence is never worth an error.
      }
    },

    ended: async (space) => {
      if (isCircle(space)) await sharing.spaceEnded(space);
      else if (space === keyring.me.pocket) deps.removed();
    },
  };
}

/** Updates of others go to the pages that have the document open. */
export async function showLearned(
  pocket: Pocket,
  space: SpaceId,
  { updates }: Pick<Learned, "updates">,
): Promise<void> {
  const { me } = pocket.keyring;
  const isShared = (document: DocumentTag): boolean => space === me.pocket && document === me.shared;
  const rows = updates.flatMap(({ document, payload }) => (isShared(document) ? [payload] : []));
  if (rows.length > 0) await pocket.shared.take(rows);
  for (const update of updates) {
    if (!isShared(update.document)) await pocket.documents.show(space, update.document, [update]);
  }
}
