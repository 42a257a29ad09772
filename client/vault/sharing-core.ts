/** What sharing asks of this device (sharing/ports.ts), over the pocket's rows, the server's HTTP and the driver. */
import { hashDropBody, proveDrop } from "../../crypto/capabilities.ts";
import { parseInner } from "../../crypto/inner.ts";
import { toHex } from "../../crypto/sodium.ts";
import type { DropKeyPair, SpaceId } from "../../crypto/types.ts";
import { Batch } from "./batch.ts";
import { createCircleSpaces } from "./circle-spaces.ts";
import { deviceIdOf, listDeviceRows } from "./devices.ts";
import { decodeSaidContent } from "./document-payload.ts";
import { listIntents } from "./intents.ts";
import type { Syncing } from "./keeper.ts";
import type { Pocket } from "./pocket.ts";
import type { Http } from "./ports.ts";
import type { OpenedRecord, SharingCore } from "./sharing/ports.ts";
import { createShownContent } from "./shown-content.ts";
import { placeOf, type SpaceLog } from "./space-log.ts";
import { statePortOf } from "./state-rows.ts";

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

  const dropProof = async (key: DropKeyPair, purpose: "drop" | "card", body: Uint8Array): Promise<string> => {
    const { server } = await http.server();
    return `Drop ${toHex(proveDrop(key.privateKey, { serverId: server, purpose, bodyHash: hashDropBody(body) }))}`;
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

    ...createCircleSpaces(deps),
    ...createShownContent(deps),
    ...statePortOf(pocket.shared),
    writeState: (entries) => pocket.shared.write(entries),

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
    placesOf: (space, document) => store.exclusive(() => pocket.log(space).placesOf(document)),
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

    ask: async (request, made) => {
      try {
        await syncing.ask(request, made);
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
