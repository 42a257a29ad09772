/**
 * Sharing, put together: what the page may ask of it and what the core tells it. Each call that decides something takes
 * its turn; what waits for the network (errands, photos) runs beside the turns.
 */
import type { SpaceId } from "../../../crypto/types.ts";
import type { PersonId } from "../api.ts";
import type { SharingInside } from "../api-people.ts";
import { VaultFailure } from "../failure.ts";
import { createTurns } from "../turns.ts";
import { createAgain } from "./again.ts";
import { rekeyCircle, wrapsAfter } from "./circle-keys.ts";
import { hearCircle } from "./circle-log.ts";
import { followRoster, reattachCircles } from "./circles.ts";
import { createDrops } from "./drops.ts";
import { createErrands } from "./errands.ts";
import { createGiving, layRoomAside } from "./give-room.ts";
import { createInvitation, fetchInvited, forgetOldInvitations, startJoin } from "./invitations.ts";
import { createLedger, type HandedOver } from "./ledger.ts";
import { followCard } from "./new-cards.ts";
import { confirmPictures, forgetPerson, leaveUnfinished } from "./pairing.ts";
import { laneOf, listPeople } from "./people.ts";
import type { SharingCore, SharingEvents } from "./ports.ts";
import { answerShare, fetchArrivals, findBlobKey, listReceived, markOpened, sayOnce } from "./receiving.ts";
import { finishLeaving, holdRemovals, removePerson, rotateWithout } from "./remove.ts";
import { createRenewals, endUnfinished, holdForRenewal } from "./renew.ts";
import { dropAgain, isPairingDone, mayKnowAgain, noteHeard } from "./restored.ts";
import { createRetries, patiently } from "./retries.ts";
import { followShares, forgetPhantoms, listShares, seeAnswers } from "./shares.ts";
import { previewCopy, showTo } from "./showing.ts";
import { obeyTombstones, resumeTakeBacks, takeBack } from "./take-back.ts";
import { listUnlisted } from "./unlisted.ts";

export interface Sharing extends SharingInside, SharingEvents {
  /** A device of mine was lost: circles wait for their new keys, or get them. A rejection means: call again later. */
  renewCircles(): Promise<void>;
  /** A device of mine was lost: whatever it could still answer or drop with is over. */
  endUnfinished(): Promise<void>;
  /** Gives children their room where there are tokens for it, in the background. */
  giveRoom(): void;
  /** Two more for this child; gives how many there were. */
  giveMoreRoom(person: PersonId): Promise<number>;
  /** Resolves when no errand and no fetching is under way. */
  idle(): Promise<void>;
}

export function createSharing(core: SharingCore): Sharing {
  const ledger = createLedger(core);
  const turn = createTurns();
  const errands = createErrands(core, {
    requestRefused: (id) =>
      turn(async () => {
        const person = await ledger.people.get(id);
        if (person?.state === "joining") await forgetPerson(core, ledger, errands, person);
        core.changed("people");
      }),
    pairingRefused: (id) =>
      turn(async () => {
        const person = await ledger.people.get(id);
        if (person === null || (await isPairingDone(core, ledger, person))) return;
        await leaveUnfinished(core, ledger, errands, person);
        core.changed("people");
      }),
    mayKnowAgain: (id) => mayKnowAgain(core, ledger, id),
    rotate: (id) => rotateWithout(core, ledger, turn, id),
    waiting: () => retries.soon(),
  });
  const retries = createRetries(core, () => void tryAgain().catch(() => undefined));
  const again = createAgain(core, ledger, errands, turn);
  const renewals = createRenewals(core, ledger, turn);
  const drops = createDrops(core, ledger, errands, turn);
  const giving = createGiving(core, ledger, turn, () => retries.soon());
  const fetching = new Map<SpaceId, Promise<void>>();
  const heardBefore = new Map<SpaceId, number>();

  /** Only an adult's Lomme says what it did. */
  const confirms = async (): Promise<boolean> => (await core.self()).role !== "child";

  function fetchSoon(space: SpaceId): void {
    if (fetching.has(space) || !core.isOnline()) return;
    const run = confirms()
      .then((says) => fetchArrivals(core, ledger, space, says))
      .then((said) => {
        if (said) core.changed("received");
      })
      .catch(() => {
        if (core.isOnline()) retries.soon();
      })
      .finally(() => fetching.delete(space));
    fetching.set(space, run);
  }

  async function tryAgain(): Promise<void> {
    errands.kick(true);
    giving.kick();
    void renewals.run().catch(() => retries.soon());
    await again.resume();
    for (const { row } of await ledger.circles.all()) if (!row.mine) fetchSoon(row.space);
  }

  return {
    people: async () => listPeople(ledger, (await core.self()).role, core.now()),

    async invite(by: HandedOver = "link") {
      const { lane, payload, expiresAt } = await turn(() => createInvitation(core, ledger, errands, by));
      // An invitation the server doesn't know would only be refused to whoever was given it.
      if (!(await patiently(core, errands.run(lane), false))) throw new VaultFailure("offline");
      return { payload, expiresAt };
    },

    async join(payload, by) {
      const invited = await fetchInvited(core, payload);
      const id = await turn(() => startJoin(core, ledger, errands, invited, by));
      // Without an answer the request stays an errand, and the person "joining".
      await patiently(core, errands.run(laneOf(id)), false);
      if ((await ledger.people.get(id)) === null) throw new VaultFailure("invitation-used");
      core.changed("people");
      return id;
    },

    async confirmPictures(person, same) {
      await turn(() => confirmPictures(core, ledger, errands, person, same));
      errands.kick(false);
      giving.kick();
      core.changed("people");
    },

    async removePerson(person) {
      await turn(() => removePerson(core, ledger, errands, person));
      errands.kick(false);
      core.changed("people");
      core.changed("shares");
    },

    previewAgain: again.preview,
    sameAgain: again.decide,

    preview: (document, options) => previewCopy(core, document, options),

    async show(document, person, options, previewed) {
      const share = await turn(() => showTo(core, ledger, document, person, options, previewed));
      core.changed("shares");
      return share;
    },

    shares: (document) => listShares(core, ledger, document),

    async takeBack(share) {
      await turn(() => takeBack(core, ledger, errands, share));
      errands.kick(false);
      core.changed("shares");
    },

    received: () => listReceived(core, ledger),

    async markOpened(share) {
      const says = await confirms();
      await turn(() => markOpened(core, ledger, share, says));
      core.changed("received");
    },

    async answer(share, text, wish) {
      // What becomes of a wish is an adult's to say, also where a child was shown it.
      if (wish !== undefined && !(await confirms())) throw new VaultFailure("not-allowed");
      await turn(() => answerShare(core, ledger, share, text, wish));
      core.changed("received");
      core.changed("shares");
    },

    async seeAnswers(share) {
      if (await turn(() => seeAnswers(core, ledger, share))) core.changed("shares");
    },

    async keepInCaseFile(share) {
      if (!(await confirms())) throw new VaultFailure("not-allowed");
      await turn(async () => {
        for (const { row } of await ledger.circles.all()) await sayOnce(core, ledger, row.space, share, "kept");
      });
      core.changed("received");
    },

    async start() {
      await turn(async () => {
        await holdRemovals(core, ledger, errands);
        await holdForRenewal(core, ledger);
        await forgetOldInvitations(core, ledger);
        await reattachCircles(core, ledger);
        await forgetPhantoms(core, ledger);
        await drops.takeKept();
        await resumeTakeBacks(core, ledger, errands);
      });
      // Opening the pages of a circle may take seconds: beside the start.
      core.after(0, () => void turn(() => finishLeaving(core, ledger)).catch(() => undefined));
      await again.resume();
      errands.kick(true);
    },

    async online() {
      retries.reset();
      await tryAgain();
    },

    async recordsChanged(space) {
      const says = await confirms();
      const isNews = await turn(async () => {
        const heard = await hearCircle(core, ledger, space);
        if (heard === null) return false;
        const circle = await followRoster(core, ledger, heard.circle, heard.records);
        if (await noteHeard(core, ledger, { ...heard, circle })) core.changed("people");
        const asked = await followCard(ledger, core, heard);
        if (asked) core.after(0, () => void renewals.run().catch(() => retries.soon()));
        const went = await obeyTombstones(core, { ...heard, circle }, says);
        if (circle.mine) await listUnlisted(core, ledger, { ...heard, circle });
        const moved = circle.mine && (await followShares(core, ledger, { ...heard, circle }));
        if (circle.mine) await resumeTakeBacks(core, ledger, errands, space);
        const news = heardBefore.get(space) !== heard.utterances.length;
        heardBefore.set(space, heard.utterances.length);
        if (news || went || moved) core.changed(circle.mine ? "shares" : "received");
        if (!circle.mine) fetchSoon(space);
        return circle.mine && news;
      });
      errands.kick(false);
      // It may be the copy for which showing again has waited.
      if (isNews) void again.resume().catch(() => undefined);
    },

    async dropped(key, sealed) {
      await drops.take(key, sealed);
      errands.kick(false);
      giving.kick();
      core.changed("people");
    },

    async rowsArrived() {
      await turn(async () => {
        await holdRemovals(core, ledger, errands);
        await holdForRenewal(core, ledger);
        await reattachCircles(core, ledger);
        await drops.takeKept();
        await resumeTakeBacks(core, ledger, errands);
      });
      errands.kick(false);
      giving.kick();
      for (const what of ["people", "shares", "received"] as const) core.changed(what);
    },

    giveRoom: giving.kick,

    async giveMoreRoom(person) {
      const laid = await turn(() => layRoomAside(core, ledger, person));
      giving.kick();
      return laid;
    },

    renewCircles: renewals.run,

    async endUnfinished() {
      await turn(() => endUnfinished(core, ledger, errands));
      errands.kick(false);
      core.changed("people");
    },

    rekey: (space, refused) => turn(() => rekeyCircle(core, ledger, space, refused)),

    wrapsAfter: (space, epoch) => turn(() => wrapsAfter(core, ledger, space, epoch)),

    async spaceEnded(space) {
      await turn(async () => {
        const circle = await ledger.circles.get(space);
        const person = circle === null ? null : await ledger.people.get(circle.person);
        if (circle === null || circle.mine || person?.state !== "paired") return;
        await core.writeState([ledger.people.entry(person.id, { ...person, state: "removed" })]);
      });
      core.changed("people");
    },

    async restored() {
      await turn(() => dropAgain(core, ledger, errands));
      errands.kick(true);
    },

    blobKey: (space, blob) => findBlobKey(core, ledger, space, blob),
    headOf: async (space) => {
      const circle = await ledger.circles.get(space);
      return circle?.mine ? (circle.head?.op ?? null) : null;
    },

    async idle() {
      await errands.idle();
      await Promise.all([...fetching.values(), giving.idle()]);
      await turn(async () => undefined);
    },
  };
}
