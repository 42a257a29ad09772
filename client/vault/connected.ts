/**
 * A pocket tied to the server and to other people: the keeper, the driver of syncing, sharing and joint pages, wired to
 * each other. They need one another, so each is given what it calls as functions that look it up when called.
 */
import { CryptoError } from "../../crypto/errors.ts";
import type { BlobId, DocumentTag, SpaceId } from "../../crypto/types.ts";
import type { BlobRef } from "../documents/kinds.ts";
import type { SyncStatus } from "../sync/ports.ts";
import type { SyncState } from "./api.ts";
import type { Beyond } from "./beyond.ts";
import { createCardSettling } from "./card-settling.ts";
import { putOverLaid } from "./card-wrap.ts";
import { createCatchingUp } from "./catching-up.ts";
import { createCompactor } from "./compactor.ts";
import { ensureOwnDevice } from "./devices.ts";
import { VaultFailure } from "./failure.ts";
import { createHolding } from "./holding.ts";
import { createJointPages } from "./joint-pages.ts";
import type { SpaceKeeper, Syncing } from "./keeper.ts";
import { createLostDevices } from "./lost-device.ts";
import { mediaKeysFor } from "./media-keys.ts";
import { createOfferLink } from "./offer-link.ts";
import { findDocumentOf } from "./own-blobs.ts";
import { createOwnDeletions } from "./own-deletions.ts";
import type { Pocket } from "./pocket.ts";
import type { Transport } from "./ports.ts";
import { shareName, takeName } from "./profile.ts";
import { obeyRemovals } from "./removal.ts";
import { continueRenewal } from "./renewal.ts";
import { createReopening } from "./reopen.ts";
import { summariseDue } from "./repair.ts";
import { keepingRotations } from "./repeat-rotation.ts";
import { createRoomKeeper } from "./room.ts";
import { createSharing, type Sharing } from "./sharing/sharing.ts";
import { createSharingCore } from "./sharing-core.ts";
import { createSpaceKeeper } from "./space-keeper.ts";
import type { SpaceState } from "./space-rows.ts";
import { createSyncing } from "./syncing.ts";
import { TOKENS } from "./tokens.ts";
import { createWaits } from "./waits.ts";

/** A call of sharing that could not be done is tried again after this long. */
const AGAIN_MS = 2_000;
const LONGEST_AGAIN_MS = 5 * 60_000;

export interface ConnectDeps {
  readonly transport: Transport;
  /** Even in 0 … 1. */
  readonly random: () => number;
  /** Calls back when there may be net again; gives how to stop. */
  onNudge(call: () => void): () => void;
}

export async function connectPocket(
  pocket: Pocket,
  { transport, random, onNudge }: ConnectDeps,
): Promise<Beyond & { stop(): Promise<void> }> {
  const { keyring, clock } = pocket;
  const { http } = transport;
  let stopped = false;
  /** Another device of this person's removed this one. */
  let removed = false;

  const keeper = createSpaceKeeper({
    pocket,
    http,
    sharing: {
      dropped: (key, sealed) => (link.isMine(key) ? link.dropped(key, sealed) : sharing.dropped(key, sealed)),
      rekey: (space, refused) => sharing.rekey(space, refused),
      spaceEnded: (space) => sharing.spaceEnded(space),
      wrapsAfter: (space, epoch) => sharing.wrapsAfter(space, epoch),
    },
    token: (space, refused) => syncing.token(space, refused),
    recordsChanged: (space) => recordsChanged(space),
    noteHealth: (space, health) => syncing.noteHealth(space, health),
    rekeyOwn: (space, refused) => lost.rekey(space, refused),
    removed: () => {
      removed = true;
      pocket.emit({ type: "sync", state: stateNow(syncing.state()) });
    },
    reopen: (space) => reopen(space),
    changesStored: (space, changes) => compactor.stored(space, changes),
    created: () => room.kick(),
  });
  const catchingUp = createCatchingUp(transport, () => {
    if (!stopped) pocket.emit({ type: "sync", state: stateNow(syncing.state()) });
  });
  const counted: SpaceKeeper = {
    ...keeper,
    applyRecords: async (space, arrived) => {
      const health = await keeper.applyRecords(space, arrived);
      catchingUp.kept(space, arrived.through.seq);
      if (space === keyring.me.pocket) holding.changed();
      return health;
    },
    caughtUp: async (space) => {
      const told = await keeper.caughtUp(space);
      if (space === keyring.me.pocket) {
        lost.kick();
        holding.changed();
      }
      return told;
    },
  };
  const driver = createSyncing({ transport: catchingUp.transport, clock, keeper: counted, random });
  const syncing: Syncing = { ...driver, ask: keepingRotations(pocket, driver.ask) };
  const compactor = createCompactor({ pocket, http, syncing });
  pocket.onOpened = (space, document) => compactor.opened(space, document);
  const room = createRoomKeeper({
    pocket,
    http,
    syncing,
    changed: () => pocket.emit({ type: "sync", state: stateNow(syncing.state()) }),
  });
  const core = createSharingCore({
    pocket,
    http,
    syncing,
    recordsChanged: (space) => recordsChanged(space),
    tokensChanged: () => room.kick(),
  });
  const sharing: Sharing = createSharing(core);
  const link = createOfferLink(pocket, syncing);
  const waits = createWaits(pocket, syncing);
  const reopen = createReopening({
    pocket,
    syncing,
    headOf: (space) => sharing.headOf(space),
    dropAgain: () => sharing.restored(),
  });
  const holding = createHolding(pocket, syncing);
  const card = createCardSettling(pocket, syncing);
  const deletions = createOwnDeletions(pocket, syncing);
  const lost = createLostDevices({
    pocket,
    http,
    syncing,
    renewCircles: () => sharing.renewCircles(),
    endUnfinished: () => sharing.endUnfinished(),
  });
  const joint = createJointPages(
    pocket,
    () => sharing.people(),
    (space, document, sealed) => syncing.sendEphemeral(space, document, sealed),
  );

  /** Pages written together that arrived stand in the list; again, ever later, where one of them can't be read now. */
  const listingAgain = new Set<SpaceId>();
  function listJoint(space: SpaceId, againMs = AGAIN_MS): void {
    joint.listDue(space).catch(() => {
      if (listingAgain.has(space)) return;
      listingAgain.add(space);
      clock.after(againMs, () => {
        listingAgain.delete(space);
        if (!stopped) listJoint(space, Math.min(2 * againMs, LONGEST_AGAIN_MS));
      });
    });
  }

  /** Sharing hears of a circle's records soon, never from inside a call of its own, and again if it could not listen. */
  const waiting = new Set<SpaceId>();
  function recordsChanged(space: SpaceId, afterMs = 0): void {
    if (stopped || waiting.has(space) || keyring.space(space)?.kind !== "circle") return;
    waiting.add(space);
    clock.after(afterMs, () => {
      waiting.delete(space);
      if (stopped) return;
      listJoint(space);
      sharing.recordsChanged(space).catch(() => recordsChanged(space, AGAIN_MS));
    });
  }

  pocket.onPending = (space) => syncing.changed(space, keyring.space(space)?.kind === "circle" ? "company" : "calm");

  let wasOn = false;
  let wasFull = false;
  syncing.onState((state) => {
    pocket.emit({ type: "sync", state: stateNow(state) });
    const isFull = state.problem === "over-quota";
    if (isFull && !wasFull) room.kick();
    wasFull = isFull;
    const isOn = state.online;
    if (isOn && !wasOn) {
      void sharing.online().catch(() => undefined);
      room.online();
      void card.send();
      waits.watch();
    }
    wasOn = isOn;
    if (isOn && state.unsent === 0) holding.changed();
    if (isOn && state.unsent === 0) void card.settle();
  });

  const fetchOwnBlob = async (blob: BlobId, known?: DocumentTag): Promise<void> => {
    const { pocket: space } = keyring.me;
    if (await pocket.blobs.has(space, blob)) return;
    const document = known ?? (await findDocumentOf(pocket, blob));
    if (document !== null) await core.fetchBlob(space, document, blob, await mediaKeysFor(pocket, blob));
  };

  pocket.shared.onArrival((names) => {
    const soon = (afterMs: number): void => {
      clock.after(afterMs, () => {
        if (stopped) return;
        sharing.rowsArrived().catch(() => soon(AGAIN_MS));
        lost.kick();
      });
    };
    soon(0);
    if (names.some((name) => name.startsWith("device/") || name.startsWith("holds/")))
      pocket.emit({ type: "changed", what: "devices" });
    if (names.some((name) => name.startsWith(`${TOKENS}/`))) {
      pocket.emit({ type: "changed", what: "room" });
      room.kick();
    }
    if (names.some((name) => name.startsWith("ended-card/"))) void putOverLaid(pocket, syncing).catch(() => undefined);
    void takeName(pocket).catch(() => undefined);
  });

  /** What can't be taken up again now must not keep the pocket shut: it is tried again, and until then it is said. */
  let startProblem: string | null = null;
  const tellStart = (problem: string | null): void => {
    if (startProblem === problem) return;
    startProblem = problem;
    pocket.emit({ type: "sync", state: stateNow(syncing.state()) });
  };
  const startSharing = async (againMs: number): Promise<void> => {
    try {
      await sharing.start();
      tellStart(null);
    } catch {
      tellStart("failed");
      if (!stopped) clock.after(againMs, () => void startSharing(Math.min(2 * againMs, LONGEST_AGAIN_MS)));
    }
  };
  /** What is known of some circle doesn't open: nothing is asked or sent there, and everything else goes on. */
  let damaged: "incomplete" | null = null;
  /** Where a token would help, that is what is said. */
  const problemOf = ({ problem }: SyncStatus): string | null =>
    problem === "over-quota" && room.isShort ? "room-short" : (problem ?? startProblem ?? damaged);
  const stateNow = (state: SyncStatus): SyncState => ({
    ...state,
    problem: removed ? "device-removed" : problemOf(state),
    catchingUp: catchingUp.state(),
  });

  await pocket.shared.resume().catch(() => undefined);
  void summariseDue(pocket).catch(() => undefined);
  await ensureOwnDevice(pocket, pocket.about).catch(() => undefined);
  await lost.start().catch(() => undefined);
  await startSharing(AGAIN_MS);
  for (const { space, right, kind } of keyring.spaces()) {
    const state = await stateOf(pocket, space);
    if (state === null && kind === "circle") {
      damaged = "incomplete";
      continue;
    }
    // An own space whose state doesn't open is not sent, and the driver says so with every try.
    syncing.addSpace({ space, epoch: keyring.epoch(space), right, mailbox: kind === "mailbox" });
    if (state?.cursor === null && keyring.me.arrived) catchingUp.begin(space);
    syncing.hold(space, state?.held ?? true);
    recordsChanged(space);
  }
  const stopNudging = onNudge(() => syncing.nudge());
  syncing.start();
  await deletions.resume();
  void obeyRemovals(pocket).then(
    (health) => health !== null && syncing.noteHealth(keyring.me.pocket, health),
    () => undefined,
  );
  void card.send();
  void pocket.ways(() => continueRenewal(pocket)).catch(() => undefined);

  return {
    sharing,
    joint,
    spaceOf: async (document) => {
      if (pocket.pages.get(document) !== null) return keyring.me.pocket;
      const circle = await joint.spaceOf(document);
      if (circle === null) throw new VaultFailure("not-here");
      return circle;
    },
    circleBlobKey: async ({ space, blob }: BlobRef) => {
      const found = await sharing.blobKey(space, blob);
      if (found === null) throw new VaultFailure("not-here");
      await core.fetchBlob(space, found.document, blob, found.key);
      return found.key;
    },
    fetchOwnBlob,
    syncState: () => stateNow(syncing.state()),
    flush: async (ms) => {
      await syncing.flush(ms);
    },
    removing: deletions.removing,
    removed: deletions.removed,
    renamed: () => shareName(pocket),
    cardChanged: async () => void card.send(),
    room: {
      read: () => room.read(),
      asks: () => room.asks(),
      giveMoreRoom: (person) => sharing.giveMoreRoom(person),
      tokensCame: () => {
        sharing.giveRoom();
        room.kick();
      },
    },
    devices: { link, waits, lost, cardChanged: async () => void card.send() },
    stop: async () => {
      stopped = true;
      card.stop();
      stopNudging();
      waits.end();
      lost.stop();
      room.stop();
      holding.stop();
      compactor.stop();
      syncing.stop();
    },
  };
}

/** Null where its row doesn't open (docs/protocol/store.md §10). @throws StoreError */
async function stateOf(pocket: Pocket, space: SpaceId): Promise<SpaceState | null> {
  try {
    return await pocket.log(space).state();
  } catch (error) {
    if (error instanceof CryptoError) return null;
    throw error;
  }
}
