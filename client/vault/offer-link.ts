/**
 * The old device's side of a linking: shows a code, answers the first device that took it, and once the person has said
 * that the pictures are the same, leaves the keys for it. Kept in memory only: locking ends it, and the code is dead.
 * Spec: docs/protocol/devices.md §3.
 */
import { createDropKey } from "../../crypto/capabilities.ts";
import { CryptoError } from "../../crypto/errors.ts";
import { hashCard } from "../../crypto/identity.ts";
import { createQrSecret, type Invitation, sealInvitedCard } from "../../crypto/invitation.ts";
import { acceptJoin, completeJoin, type JoinRequest } from "../../crypto/pairing.ts";
import { RECOVERY_CONTEXT, wrapTo } from "../../crypto/recipients.ts";
import { equalBytes } from "../../crypto/sodium.ts";
import type { DropKeyPair, PairKey } from "../../crypto/types.ts";
import type { DropRegistration, TaggedWrap } from "../../protocol/frames.ts";
import type { LinkOffer, LinkStep } from "./api.ts";
import { endedWrap } from "./card-wrap.ts";
import { newDeviceEntry } from "./devices.ts";
import { VaultFailure } from "./failure.ts";
import { listIntents } from "./intents.ts";
import type { Syncing } from "./keeper.ts";
import { encodeLink, LINK_MS, linkPsk, linkTag, parseJoining } from "./link-messages.ts";
import { encodeOwnKeys, ownKeysOf } from "./own-keys.ts";
import type { Pocket } from "./pocket.ts";
import { cardOf } from "./sharing/invitations.ts";
import { createTurns } from "./turns.ts";

/** One request, one last message: each some 4 KiB. */
const QUOTA_BYTES = 64 * 1024;

/** While a lost device is being taken out: that takes seconds, since there is net. */
const LOOK_MS = 250;
const LONGEST_LOOK_MS = 30_000;

interface Offered {
  readonly invitation: Invitation;
  readonly drop: DropKeyPair;
  readonly finish: DropKeyPair;
  /** The first request, and the only one that counts. */
  request: JoinRequest | null;
  pairing: Uint8Array | null;
  key: PairKey | null;
  step: LinkStep;
  cancel(): void;
}

export interface OfferLink {
  /** @throws VaultFailure offline */
  offer(): Promise<LinkOffer>;
  step(): LinkStep | null;
  /** @throws VaultFailure not-allowed */
  confirm(same: boolean): Promise<void>;
  end(): Promise<void>;
  /** Whether a drop under this key belongs to a linking. */
  isMine(key: Uint8Array): boolean;
  dropped(key: Uint8Array, sealed: Uint8Array): Promise<void>;
}

export function createOfferLink(pocket: Pocket, syncing: Pick<Syncing, "ask" | "state">): OfferLink {
  const { keyring, clock } = pocket;
  let now: Offered | null = null;

  const tell = (offered: Offered, step: LinkStep): void => {
    if (now !== offered) return;
    offered.step = step;
    pocket.emit({ type: "link", step });
  };
  const register = (drop: DropKeyPair, expires: number, attachment: Uint8Array): Promise<unknown> => {
    const registration: DropRegistration = {
      key: drop.publicKey,
      expires,
      singleUse: true,
      quotaBytes: QUOTA_BYTES,
      attachment,
    };
    return syncing.ask({ type: "registerDrop", space: keyring.me.mailbox, drop: registration });
  };
  const revoke = (drop: DropKeyPair): void =>
    void syncing.ask({ type: "revokeDrop", space: keyring.me.mailbox, key: drop.publicKey }).catch(() => undefined);
  /** One after the other: keys that were put off never lie over what ends a linking. */
  const laying = createTurns();
  const putWraps = (wraps: readonly TaggedWrap[], made: { readonly epoch?: number } = {}): Promise<unknown> =>
    laying(() => syncing.ask({ type: "putWraps", space: keyring.me.pocket, wraps }, made));

  /** Both keys are dead from here on, and what the other side waits for opens nothing. */
  function close(offered: Offered, step: LinkStep): void {
    offered.cancel();
    revoke(offered.drop);
    revoke(offered.finish);
    if (offered.key !== null && step.step !== "linked")
      void putWraps([endedWrap(linkTag(offered.key))]).catch(() => undefined);
    tell(offered, step);
  }

  async function answer(offered: Offered, sealed: Uint8Array): Promise<void> {
    if (offered.request !== null) return;
    const step = acceptJoin(
      {
        invitation: offered.invitation,
        inviterBox: keyring.me.box.seed,
        replyDropSeed: offered.finish.seed,
        extra: new Uint8Array(0),
      },
      sealed,
    );
    const { answer: tag } = parseJoining(step.request.extra);
    Object.assign(offered, { request: step.request, pairing: step.state });
    await putWraps([{ tag, bytes: step.message, waitSeconds: 0 }]);
  }

  function complete(offered: Offered, sealed: Uint8Array): void {
    if (offered.pairing === null || offered.key !== null) return;
    const { pairKey, pictures } = completeJoin(offered.pairing, sealed);
    offered.key = pairKey;
    tell(offered, { step: "compare", pictures });
  }

  /** False when a lost device still isn't out after a while: the keys of now end with it, and who has only those goes too. */
  async function isNobodyRemoved(): Promise<boolean> {
    for (let waited = 0; waited < LONGEST_LOOK_MS; waited += LOOK_MS) {
      if ((await listIntents(pocket)).length === 0) return true;
      await new Promise<void>((resolve) => clock.after(LOOK_MS, resolve));
    }
    return false;
  }

  return {
    async offer() {
      if (syncing.state().connection !== "on") throw new VaultFailure("offline");
      if (now !== null) close(now, { step: "ended", why: "link-refused" });
      const card = cardOf(keyring.me);
      const drop = createDropKey();
      const finish = createDropKey();
      const expiresAt = clock.now() + LINK_MS;
      const expires = Math.floor(expiresAt / 1000);
      const qrSecret = createQrSecret();
      const invitation = {
        mailbox: keyring.me.mailbox,
        dropSeed: drop.seed,
        qrSecret,
        cardHash: hashCard(card),
        expires,
      };
      const step: LinkStep = { step: "waiting", until: expiresAt };
      const offered: Offered = {
        invitation,
        drop,
        finish,
        request: null,
        pairing: null,
        key: null,
        step,
        cancel: () => undefined,
      };
      await Promise.all([
        register(drop, expires, sealInvitedCard(invitation, card)),
        register(finish, expires, new Uint8Array(0)),
      ]);
      now = offered;
      offered.cancel = clock.after(LINK_MS, () => {
        if (offered.step.step !== "linked") close(offered, { step: "ended", why: "link-expired" });
      });
      tell(offered, step);
      return { payload: encodeLink(invitation), expiresAt };
    },

    step: () => now?.step ?? null,

    async confirm(same) {
      const offered = now;
      if (offered === null || offered.step.step !== "compare") throw new VaultFailure("not-allowed");
      const { key, request } = offered;
      if (key === null || request === null) throw new VaultFailure("not-allowed");
      if (!same) return close(offered, { step: "ended", why: "link-refused" });
      tell(offered, { step: "confirming", pictures: offered.step.pictures });
      // Each wait may have taken it to its end: its time was over, or the person left.
      const goesOn = (): boolean => now === offered && offered.step.step === "confirming";
      const nobody = await isNobodyRemoved();
      if (!goesOn()) throw new VaultFailure("not-allowed");
      if (!nobody) return close(offered, { step: "ended", why: "link-refused" });
      const { device, ...about } = parseJoining(request.extra);
      const { box } = request.fields;
      const { entry } = newDeviceEntry(pocket, { publicKey: device, box: { publicKey: box } }, about);
      // In the list first: whatever happens next, it can be seen, and removed.
      await pocket.shared.write([entry]);
      if (!goesOn()) {
        // What opens nothing lies under the tag by now, and the keys mustn't come over it.
        await pocket.shared.write([{ name: entry.name, json: null }]);
        throw new VaultFailure("not-allowed");
      }
      pocket.emit({ type: "changed", what: "devices" });
      const epoch = keyring.epoch(keyring.me.pocket);
      const bytes = wrapTo(encodeOwnKeys(ownKeysOf(keyring)), box, RECOVERY_CONTEXT, linkPsk(key));
      try {
        await putWraps([{ tag: linkTag(key), bytes, waitSeconds: 0 }], { epoch });
      } catch (error) {
        // Another device took a lost one out before the server had these keys: who came with them would be out as well.
        if (keyring.epoch(keyring.me.pocket) === epoch) throw error;
        if (goesOn()) close(offered, { step: "ended", why: "link-refused" });
        return;
      }
      // Else it ended while the keys were on their way: the device may have them, and stands in the list.
      if (goesOn()) close(offered, { step: "linked" });
    },

    async end() {
      const offered = now;
      if (offered !== null && offered.step.step !== "linked") close(offered, { step: "ended", why: "link-refused" });
      now = null;
      pocket.emit({ type: "link", step: null });
    },

    isMine: (key) => now !== null && [now.drop, now.finish].some(({ publicKey }) => equalBytes(publicKey, key)),

    async dropped(key, sealed) {
      const offered = now;
      if (offered === null) return;
      try {
        if (equalBytes(key, offered.drop.publicKey)) await answer(offered, sealed);
        else complete(offered, sealed);
      } catch (error) {
        // Who dropped what doesn't open gets no sign of it.
        if (!(error instanceof CryptoError)) throw error;
      }
    },
  };
}
