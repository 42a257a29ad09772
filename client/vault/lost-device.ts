/**
 * Removing a lost device: new keys for everything it knew. Spec: docs/protocol/devices.md §6.
 *
 *   decide   the person's intent, a shared row that waits with everything else; nothing of the pocket and of its circles
 *            leaves from here on; what is put in gets keys of a new media root.
 *   pocket   one rotation: new epoch, author key, box, recovery seed; a wrap for each device that stays and for the card.
 *   mailbox  its own rotation; what was begun with keys that the lost device knew (invitations, pairings) ends.
 *   circles  one rotation each (sharing/renew.ts).
 *
 * Nothing but the intent is remembered: each step is found to be due by what stands in the keyring and the rows, so one
 * that was broken off anywhere is begun again, and one that another device did is not. Of two rotations made at once the
 * server takes one; whoever lost takes on its keys and looks whether anything is left to do.
 */
import { openDeviceCertificate } from "../../crypto/identity.ts";
import { createBoxKeyPair } from "../../crypto/recipients.ts";
import { KEY_BYTES, randomBytes } from "../../crypto/sodium.ts";
import type { SpaceId, WayInSeed } from "../../crypto/types.ts";
import type { TaggedWrap } from "../../protocol/frames.ts";
import type { DeviceId } from "./api.ts";
import { Batch } from "./batch.ts";
import { makeCardWrap, noteCardSent } from "./card-wrap.ts";
import { type DeviceRow, deviceIdOf, goneEntry, listDeviceRows, removingEntry } from "./devices.ts";
import { VaultFailure } from "./failure.ts";
import { forgetIntents, keepIntent, listIntents, listKnownDevices, listStaying } from "./intents.ts";
import type { Syncing } from "./keeper.ts";
import { renewMediaRoot } from "./media-keys.ts";
import { encodeOwnKeys, type OwnKeys, ownKeysOf } from "./own-keys.ts";
import {
  adoptOwnKeys,
  closeOldRecovery,
  mailboxWrap,
  ownKeyAt,
  rekeyMailbox,
  rekeyPocket,
  wrapForDevice,
} from "./own-renewal.ts";
import { createOwnRotation } from "./own-rotation.ts";
import type { Pocket } from "./pocket.ts";
import type { Http } from "./ports.ts";
import { MAX_TRIES, reachedIn } from "./reached.ts";
import { createTurns } from "./turns.ts";

/** After something that may pass. */
const AGAIN_MS = 2_000;
const LONGEST_AGAIN_MS = 5 * 60_000;

export interface LostDeviceDeps {
  readonly pocket: Pocket;
  readonly http: Pick<Http, "getWrap">;
  readonly syncing: Pick<Syncing, "ask" | "state" | "changeEpoch" | "hold" | "changed">;
  /** Circles: what waits is held, what is due is done. Told whenever either may have changed. */
  renewCircles(): Promise<void>;
  /** Invitations and pairings that the lost device knew of. */
  endUnfinished(): Promise<void>;
}

export interface LostDevices {
  /** The intent; kept when it resolves. @throws VaultFailure not-here */
  remove(device: DeviceId): Promise<void>;
  /** At the start, before anything is sent. */
  start(): Promise<void>;
  /** The pocket is caught up, or something may have changed: takes up what is due. Not to be waited for. */
  kick(): void;
  /** Keys of a newer epoch of the pocket or the mailbox were asked for by the engine. */
  rekey(space: SpaceId, refused: number): ReturnType<typeof rekeyPocket>;
  stop(): void;
}

export function createLostDevices({ pocket, http, syncing, renewCircles, endUnfinished }: LostDeviceDeps): LostDevices {
  const { keyring, store } = pocket;
  const turn = createTurns();
  let running = false;
  let again = false;
  let stopped = false;
  let pauseMs = AGAIN_MS;
  /** Rotations of the pocket that something came in between of. */
  let tries = 0;
  /** Removals that are being decided: they hold the pocket, and their intents are not kept yet. */
  let deciding = 0;

  const intents = () => listIntents(pocket);

  const hold = async (space: SpaceId, held: boolean): Promise<void> => {
    const changed = await store.exclusive(async () => {
      const log = pocket.log(space);
      const state = await log.state();
      if (state.held === held) return false;
      // Whoever found nobody to be removed may have looked before somebody was.
      if (!held && ((await intents()).length > 0 || deciding > 0)) return false;
      const batch = new Batch();
      log.putState(batch, { ...state, held });
      await batch.commit(store);
      return true;
    });
    if (!changed) return;
    syncing.hold(space, held);
    if (!held) syncing.changed(space, "now");
  };

  /** The keys after the next rotation of the pocket. */
  const renewed = (next: OwnKeys["pocket"], devices: readonly DeviceId[]): OwnKeys => {
    const { me, mailbox } = ownKeysOf(keyring);
    const by = deviceIdOf(keyring.me);
    const recovery = randomBytes(KEY_BYTES) as WayInSeed;
    return { me: { ...me, box: createBoxKeyPair(), recovery, renewal: { devices, by } }, pocket: next, mailbox };
  };

  /** True when nobody is left to be removed. */
  async function rotatePocket(): Promise<boolean> {
    // Mostly nobody is lost, and this is looked at with everything that arrives.
    if ((await intents()).length === 0) return true;
    await settleIntents();
    return (await intents()).length === 0 || pocket.cardWraps(rotateOnce);
  }

  /** The card's wrap goes with it: what was laid there with the keys before is answered by then. */
  async function rotateOnce(): Promise<boolean> {
    const lost = await intents();
    if (lost.length === 0) return true;
    const row = keyring.space(keyring.me.pocket);
    if (row === null) throw new VaultFailure("not-here");
    const reached = await reachedIn(pocket.log(row.space));
    const { ask, next } = createOwnRotation(row, reached.heads, tries < MAX_TRIES ? reached.seen : null);
    const staying = await listStaying(pocket, lost);
    const keys = renewed(
      next,
      staying.map(({ id }) => id),
    );
    const payload = encodeOwnKeys(keys);
    const { publicKey: identity } = keyring.me.identity;
    const wraps: TaggedWrap[] = staying.map(({ id, certificate }) => {
      const { box } = openDeviceCertificate(certificate, identity);
      return wrapForDevice(payload, box, { space: row.space, identity, key: ownKeyAt(row, id) });
    });
    const card = await makeCardWrap(pocket, keys);
    if (card !== null) wraps.push(card.wrap);
    try {
      await syncing.ask({ ...ask, wraps, removedTags: [] }, { incarnation: reached.incarnation });
    } catch (error) {
      const { code } = error as { readonly code?: unknown };
      if (code === "head-moved") tries++;
      if (code !== "stale-checkpoint" && code !== "stale-epoch") throw error;
      // Another device came first: with its keys, looked at anew.
      if ((await turn(() => rekeyPocket(pocket, http, ask.epoch - 1))).state !== "rekeyed") throw error;
      syncing.changeEpoch(row.space, keyring.epoch(row.space), "own");
      return false;
    }
    await turn(() => adoptOwnKeys(pocket, keys));
    syncing.changeEpoch(row.space, keyring.epoch(row.space), "own");
    if (card !== null) await noteCardSent(pocket, card);
    return false;
  }

  /**
   * Whom the newest keys were not left for is gone: each that was to be, whichever device did it; and who came in unseen, where
   * this one did. To another device, whom the one that rotated has linked since then would look the same.
   */
  async function settleIntents(): Promise<void> {
    const { renewal, pocket: space } = keyring.me;
    const isOut = ({ id }: Pick<DeviceRow, "id">): boolean => renewal !== undefined && !renewal.devices.includes(id);
    const done = (await intents()).filter((intent) => isOut(intent) && intent.above < keyring.epoch(space));
    if (done.length === 0) return;
    const unseen = renewal?.by === deviceIdOf(keyring.me) ? (await listDeviceRows(pocket)).filter(isOut) : [];
    // Also one whose row isn't there any more: it must not come again.
    const out = new Map([...unseen, ...done].map((one) => [one.id, one]));
    await pocket.shared.write([...out.values()].flatMap((one) => goneEntry(pocket, one)));
    await forgetIntents(pocket, done);
    pocket.emit({ type: "changed", what: "devices" });
  }

  async function rotateMailbox(): Promise<void> {
    const row = keyring.space(keyring.me.mailbox);
    const under = keyring.epoch(keyring.me.pocket);
    // Nobody was ever removed, or it is done.
    if (row === null || under < 2 || (row.under ?? 1) >= under) return;
    await endUnfinished();
    const { heads, incarnation } = await reachedIn(pocket.log(row.space));
    // Nothing is said in a mailbox.
    const { ask, next } = createOwnRotation(row, heads, null);
    const marked = { ...next, under };
    try {
      await syncing.ask({ ...ask, wraps: [mailboxWrap(pocket, row, marked)], removedTags: [] }, { incarnation });
    } catch (error) {
      const { code } = error as { readonly code?: unknown };
      if (code !== "stale-checkpoint" && code !== "stale-epoch") throw error;
      await turn(() => rekeyMailbox(pocket, http));
      syncing.changeEpoch(row.space, keyring.epoch(row.space), "own");
      if (keyring.epoch(row.space) === row.epochs.at(-1)?.epoch) throw error;
      return rotateMailbox();
    }
    await store.exclusive(() => keyring.keep(marked));
    syncing.changeEpoch(row.space, keyring.epoch(row.space), "own");
  }

  async function run(): Promise<void> {
    if (running || stopped) {
      again = true;
      return;
    }
    running = true;
    try {
      do {
        again = false;
        while (!(await rotatePocket()));
        tries = 0;
        await hold(keyring.me.pocket, false);
        await rotateMailbox();
        await renewCircles();
        pauseMs = AGAIN_MS;
      } while (again && !stopped);
    } catch {
      if (!stopped) pocket.clock.after(pauseMs, kick);
      pauseMs = Math.min(2 * pauseMs, LONGEST_AGAIN_MS);
    } finally {
      running = false;
    }
  }

  /** Rotating takes what everybody else had sent by then as said: only when all of it is here. */
  const kick = (): void => {
    if (stopped) return;
    // A problem of one space (no room there, two histories) is no reason to leave a lost device in.
    const { connection } = syncing.state();
    if (connection === "off" || connection === "connecting") {
      // What the others send meanwhile is waited for anew: those tries were about another time.
      tries = 0;
      return;
    }
    void (async () => {
      if ((await store.exclusive(() => pocket.log(keyring.me.pocket).state())).cursor !== null) await run();
    })().catch(() => undefined);
  };

  return {
    async remove(device) {
      const rows = await listKnownDevices(pocket);
      const row = rows.find(({ id }) => id === device);
      if (row === undefined) throw new VaultFailure("not-here");
      if (row.removing) return kick();
      deciding++;
      try {
        // Held first: the intent itself must not leave under the keys that it is about.
        await hold(keyring.me.pocket, true);
        const certificates = rows.flatMap(({ id, certificate }) => (id === device ? [] : [{ id, certificate }]));
        const staying = certificates.map(({ id }) => id);
        await keepIntent(pocket, { id: device, staying, above: keyring.epoch(keyring.me.pocket), certificates });
        await pocket.shared.write([await renewMediaRoot(pocket), removingEntry(pocket, row, staying)]);
      } catch (error) {
        kick(); // What was not decided after all needs nothing held.
        throw error;
      } finally {
        deciding--;
      }
      await renewCircles();
      pocket.emit({ type: "changed", what: "devices" });
      kick();
    },
    async start() {
      await hold(keyring.me.pocket, (await intents()).length > 0);
      await closeOldRecovery(pocket).catch(() => undefined);
    },
    kick,
    rekey: (space, refused) =>
      turn(() => (space === keyring.me.pocket ? rekeyPocket(pocket, http, refused) : rekeyMailbox(pocket, http))),
    stop() {
      stopped = true;
    },
  };
}
