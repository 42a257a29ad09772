/** What sharing asks of this device (sharing/ports.ts), over the pocket's rows, the server's HTTP and the driver. */
import { hashDropBody, proveDrop } from "../../crypto/capabilities.ts";
import { randomId } from "../../crypto/ids.ts";
import { parseInner } from "../../crypto/inner.ts";
import { equalBytes, toHex } from "../../crypto/sodium.ts";
import type { BlobId, DocumentTag, DropKeyPair, SpaceId } from "../../crypto/types.ts";
import { copyForShowing } from "../documents/own-read.ts";
import { adoptRoster } from "./authors.ts";
import { Batch } from "./batch.ts";
import { Chains } from "./chains.ts";
import { deviceIdOf, listDeviceRows } from "./devices.ts";
import { decodeSaidContent } from "./document-payload.ts";
import { VaultFailure } from "./failure.ts";
import { listIntents } from "./intents.ts";
import { forgetJointRow, listJointRows } from "./joint-pages.ts";
import type { Syncing } from "./keeper.ts";
import { putTogetherPages, readTogetherPages } from "./kept-together.ts";
import { authorPair, type SpaceRow } from "./keyring.ts";
import { findMediaKey, mediaKeysFor } from "./media-keys.ts";
import { requireDocument } from "./own-documents.ts";
import type { Pocket } from "./pocket.ts";
import type { Http } from "./ports.ts";
import { reachedIn } from "./reached.ts";
import { reconsider } from "./receive.ts";
import type { OpenedRecord, SharingCore, SpaceKeys } from "./sharing/ports.ts";
import { showLearned } from "./space-keeper.ts";
import { placeOf, type SpaceLog } from "./space-log.ts";
import type { SpaceState } from "./space-rows.ts";
import { statePortOf } from "./state-rows.ts";
import { withToken } from "./with-token.ts";

export interface SharingCoreDeps {
  readonly pocket: Pocket;
  readonly http: Http;
  readonly syncing: Syncing;
  /** Records of a space were committed. Not to be waited for. */
  recordsChanged(space: SpaceId): void;
  /** Tokens came or went. Not to be waited for. */
  tokensChanged(): void;
}

export function createSharingCore(deps: SharingCoreDeps): SharingCore {
  const { pocket, http, syncing, recordsChanged } = deps;
  const { store, keyring, outbox, blobs, clock } = pocket;

  const changeState = (space: SpaceId, change: (state: SpaceState) => SpaceState): Promise<void> =>
    store.exclusive(async () => {
      const log = pocket.log(space);
      const batch = new Batch();
      log.putState(batch, change(await log.state()));
      await batch.commit(store);
    });

  /** After keys or authors have come: what waited for them may be readable now. */
  const lookAgain = async (space: SpaceId): Promise<void> => {
    await showLearned(pocket, space, await store.exclusive(() => reconsider(pocket.log(space))));
    recordsChanged(space);
  };

  const dropProof = async (key: DropKeyPair, purpose: "drop" | "card", body: Uint8Array): Promise<string> => {
    const { server } = await http.server();
    return `Drop ${toHex(proveDrop(key.privateKey, { serverId: server, purpose, bodyHash: hashDropBody(body) }))}`;
  };

  /** Of which document the photos and recordings of a copy are: another device of mine may have put them in. */
  const shownFrom = new Map<BlobId, DocumentTag>();
  const fetchShown = async (blob: BlobId): Promise<void> => {
    const document = shownFrom.get(blob);
    if (document === undefined) return;
    await fetchBlob(keyring.me.pocket, document, blob, await mediaKeysFor(pocket, blob));
  };
  const fetchBlob: SharingCore["fetchBlob"] = async (space, document, blob, key) => {
    if (await blobs.has(space, blob)) return;
    const place = { space, document, blob };
    await withToken(syncing.token, space, (token) =>
      blobs.fetch(http, token, place, key, () => pocket.log(space).isPurged(document)),
    );
  };

  return {
    now: () => clock.now(),
    after: (ms, call) => clock.after(ms, call),
    isOnline: () => syncing.state().online,
    isToldAgain: async () => {
      const { incarnation } = await http.server();
      const { cursor, reopening } = await pocket.log(keyring.me.pocket).state();
      // Nothing of the pocket was ever there: nothing of it can have been lost.
      return !reopening && (cursor === null || cursor.incarnation === incarnation);
    },
    self: async () => {
      const { identity, box, name, role, mailbox } = keyring.me;
      const devices = await listDeviceRows(pocket);
      const device = deviceIdOf(keyring.me);
      return {
        identity,
        box,
        name,
        role,
        mailbox,
        device,
        hasOthers: devices.length > 1,
        pocketEpoch: keyring.epoch(keyring.me.pocket),
        losing: (await listIntents(pocket)).length > 0,
        renews: keyring.me.renewal?.by === device,
      };
    },
    changed: (what) => {
      pocket.emit({ type: "changed", what });
      if (what === "room") deps.tokensChanged();
    },

    ...statePortOf(pocket.shared),
    writeState: (entries) => pocket.shared.write(entries),

    addSpace: async (keys, creation) => {
      const row = await store.exclusive(async () => {
        const known = keyring.space(keys.space);
        const next = withEpoch(known, keys, creation);
        const batch = new Batch();
        keyring.writeSpace(batch, next);
        const isOther = known !== null && !equalBytes(known.author.publicKey, next.author.publicKey);
        const log = pocket.log(keys.space);
        // A chain has one author.
        if (isOther) {
          const state = await log.state();
          const chainsBefore = [...(state.chainsBefore ?? []), ...(state.chain === null ? [] : [state.chain])];
          log.putState(batch, { ...state, chain: null, chainsBefore });
        }
        await batch.commit(store);
        return next;
      });
      const { space, right } = row;
      const { held } = await pocket.log(space).state();
      syncing.addSpace({ space, epoch: keyring.epoch(space), right, mailbox: false });
      syncing.hold(space, held);
      await lookAgain(space);
    },
    spaceKeys: async (space) => toSpaceKeys(keyring.space(space)),
    forgetSpace: async (space, keep) => {
      if (keyring.space(space) === null) return;
      syncing.removeSpace(space);
      const joint = (await listJointRows(store, space)).map(({ document }) => document);
      // What was typed last is in it, and nothing is typed after it was read.
      await pocket.documents.commitAll();
      for (const document of joint) await pocket.documents.drop(space, document);
      const meeting = keep === null ? null : { ...keep, now: clock.now() };
      const kept = meeting === null ? [] : await readTogetherPages(pocket, space, joint, meeting);
      await store.exclusive(async () => {
        const batch = new Batch();
        await putTogetherPages(pocket, batch, kept);
        await pocket.log(space).removeAll(batch, joint);
        for (const document of joint) batch.add(forgetJointRow(store, document));
        await blobs.removeSpace(batch, space);
        batch.add(keyring.forgetting(space), () => keyring.forget(space));
        await batch.commit(store);
        pocket.forgetLog(space);
      });
      if (kept.length > 0) pocket.onPending(keyring.me.pocket);
      pocket.listsChanged();
      pocket.emit({ type: "changed", what: "joint" });
    },
    setAuthors: async (space, roster, joined = false) => {
      if (!(await store.exclusive(() => adoptRoster(pocket, space, roster, joined)))) return;
      await lookAgain(space);
      pocket.onPending(space);
    },
    allowGaps: async (space, gaps) => {
      await changeState(space, (state) => {
        const chains = new Chains(state);
        chains.allow(gaps);
        return { ...state, ...chains.state() };
      });
      const chains = new Chains(await pocket.log(space).state());
      syncing.noteHealth(space, chains.health);
    },
    holdOutbox: async (space, held) => {
      if ((await pocket.log(space).state()).held === held) return;
      await changeState(space, (state) => ({ ...state, held }));
      syncing.hold(space, held);
      if (!held) syncing.changed(space, "now");
    },
    ownChain: async (space) => (await pocket.log(space).state()).chain,
    reached: (space) => reachedIn(pocket.log(space)),

    say: async (space, document, kind, payload, named) => {
      await store.exclusive(async () => {
        const batch = new Batch();
        const added = { document, kind, payload, blobs: named, clientIds: [] };
        await pocket.log(space).addPending(batch, added, clock.now());
        await batch.commit(store);
      });
      syncing.changed(space, "now");
      recordsChanged(space);
    },
    records: (space) => store.exclusive(() => openedRecords(pocket, pocket.log(space))),
    purge: async (space, document) => {
      await pocket.documents.drop(space, document);
      const places = await store.exclusive(async () => {
        const batch = new Batch();
        const gone = await pocket.log(space).removeDocument(batch, document);
        await blobs.removeOf(batch, space, document);
        await batch.commit(store);
        return gone;
      });
      recordsChanged(space);
      return places;
    },

    ask: async (request) => {
      try {
        await syncing.ask(request);
        return "done";
      } catch (error) {
        const code = (error as { readonly code?: unknown }).code;
        // The pocket is being locked: whoever asked asks again after the next unlock.
        if (code === "stopped") return new Promise<string>(() => undefined);
        return typeof code === "string" ? code : "failed";
      }
    },
    drop: async (key, sealed) => http.drop(key.publicKey, await dropProof(key, "drop", sealed), sealed),
    dropAttachment: async (key) => http.dropAttachment(key.publicKey, await dropProof(key, "card", new Uint8Array(0))),
    getWrap: async (tag) => {
      const wrap = await http.getWrap(tag);
      return wrap instanceof Uint8Array ? wrap : null;
    },

    copyForShowing: async (document, options) => {
      requireDocument(pocket, document);
      const copy = await pocket.documents.read(keyring.me.pocket, document, (doc) => copyForShowing(doc, options));
      const shown = copy.photos.flatMap(({ full, thumbnail }) => [full, thumbnail]);
      for (const { blob } of [...shown, ...copy.recordings.map(({ media }) => media)]) shownFrom.set(blob, document);
      return copy;
    },
    setShownTo: async (document, people) => {
      await store.exclusive(async () => {
        const summary = pocket.pages.get(document);
        if (summary === null) return;
        const batch = new Batch();
        pocket.pages.put(batch, { ...summary, shownTo: people });
        await batch.commit(store);
      });
      pocket.listsChanged();
    },
    readPocketBlob: async (blob) => {
      await fetchShown(blob);
      return blobs.read(keyring.me.pocket, blob, await findMediaKey(pocket, blob));
    },
    readCircleBlob: (space, blob, key) => blobs.read(space, blob, key),
    putBlob: async (space, document, key, bytes) => {
      const blob = randomId<BlobId>();
      await store.exclusive(async () => {
        const batch = new Batch();
        blobs.put(batch, { space, document, blob }, key, bytes);
        await batch.commit(store);
      });
      return blob;
    },
    copyBlob: async (from, space, document, key) => {
      const blob = randomId<BlobId>();
      if (from.key === null) await fetchShown(from.blob);
      const opened = from.key ?? (await findMediaKey(pocket, from.blob));
      await blobs.copy({ ...from, key: opened }, { space, document, blob }, key);
      return blob;
    },
    fetchBlob,
  };

  async function openedRecords(of: Pocket, log: SpaceLog): Promise<readonly OpenedRecord[]> {
    const { space } = log;
    const { purged } = await log.state();
    const gone = new Set(purged.map(({ document }) => document));
    const own = of.keyring.author(space);
    const records: OpenedRecord[] = [];
    for (const { kind, document, opId, inner, author, problem, seq } of await log.said()) {
      if (kind !== "said" && kind !== "control") continue;
      if (inner === null || author === null || problem !== null || gone.has(document)) continue;
      // What is too large for a record is there as soon as its blob is.
      const payload = await log.content(decodeSaidContent(parseInner(inner).payload));
      const state = seq === null ? "frozen" : "stored";
      if (payload !== null) {
        records.push({ space, document, kind, author, opId, payload, state, place: placeOf(inner) });
      }
    }
    for (const { kind, document, payload: content } of await outbox.pending(space)) {
      const payload = kind === "said" || kind === "control" ? await log.content(content) : null;
      if (own === null || payload === null || (kind !== "said" && kind !== "control")) continue;
      records.push({ space, document, kind, author: own, opId: null, payload, state: "pending", place: null });
    }
    return records;
  }
}

/** The row with one more epoch, or the same again. */
function withEpoch(known: SpaceRow | null, keys: SpaceKeys, creation: SpaceRow["creation"]): SpaceRow {
  const { space, epoch, right, seed, authorPrivate, ownerPrivate, ownerPublic } = keys;
  const others = (known?.epochs ?? []).filter((entry) => entry.epoch !== epoch);
  return {
    space,
    kind: "circle",
    right,
    epochs: [...others, { epoch, seed }].toSorted((a, b) => a.epoch - b.epoch),
    author: authorPair(authorPrivate),
    ownerPublic,
    ownerPrivate,
    creation: known?.creation ?? creation,
    created: known?.created ?? false,
    // How far ended keys count holds for ever, however often the circle is attached.
    ...(known?.retired !== undefined && { retired: known.retired }),
  };
}

function toSpaceKeys(row: SpaceRow | null): SpaceKeys | null {
  const newest = row?.epochs.at(-1);
  if (row === null || newest === undefined) return null;
  if (row.right === "read") throw new VaultFailure("not-allowed");
  const { space, right, author, ownerPrivate, ownerPublic } = row;
  return { space, ...newest, right, authorPrivate: author.privateKey, ownerPrivate, ownerPublic };
}
