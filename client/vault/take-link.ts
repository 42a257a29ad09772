/**
 * The new device's side of a linking, at the threshold: takes the code, sends who it is, shows the pictures, and after both
 * have said that they are the same, gets the keys. Kept in memory only. Spec: docs/protocol/devices.md §3.
 */
import { createDropKey, dropKeyFromSeed, hashDropBody, proveDrop } from "../../crypto/capabilities.ts";
import { CryptoError } from "../../crypto/errors.ts";
import { createDeviceKeys, createIdentity, signContactCard } from "../../crypto/identity.ts";
import { randomId } from "../../crypto/ids.ts";
import { openInvitedCard } from "../../crypto/invitation.ts";
import { createJoin, finishJoin } from "../../crypto/pairing.ts";
import { openWrap, RECOVERY_CONTEXT } from "../../crypto/recipients.ts";
import { toHex } from "../../crypto/sodium.ts";
import type { DropKeyPair, DropSeed, PairKey, Wrap, WrapTag } from "../../crypto/types.ts";
import type { DeviceAbout, LinkStep, VaultEvent } from "./api.ts";
import { VaultFailure } from "./failure.ts";
import { encodeJoining, linkPsk, linkTag, parseLink } from "./link-messages.ts";
import { decodeOwnKeys } from "./own-keys.ts";
import { type Clock, type Http, TransportError } from "./ports.ts";
import type { Brought } from "./threshold.ts";

/** How often the server is asked for what the other side leaves: a linking takes a minute, 60 questions. */
const ASK_MS = 1_000;

export interface TakeLinkDeps {
  readonly clock: Clock;
  readonly http: Pick<Http, "getWrap" | "drop" | "dropAttachment" | "server">;
  emit(event: VaultEvent): void;
}

export interface TakeLink {
  /** @throws VaultFailure link-broken, link-expired, link-used; TransportError offline */
  take(payload: string, about: DeviceAbout): Promise<void>;
  step(): LinkStep | null;
  /** @throws VaultFailure not-allowed */
  confirm(same: boolean): void;
  end(): void;
  /** The keys, once. @throws VaultFailure not-allowed before `ready` */
  keys(): Brought;
}

interface Taken {
  readonly until: number;
  readonly device: ReturnType<typeof createDeviceKeys>;
  step: LinkStep;
  key: PairKey | null;
  brought: Brought | null;
}

export function createTakeLink({ clock, http, emit }: TakeLinkDeps): TakeLink {
  let now: Taken | null = null;

  const tell = (taken: Taken, step: LinkStep): void => {
    if (now !== taken) return;
    taken.step = step;
    emit({ type: "link", step });
  };
  const authorize = async (key: DropKeyPair, purpose: "drop" | "card", body: Uint8Array): Promise<string> => {
    const { server } = await http.server();
    return `Drop ${toHex(proveDrop(key.privateKey, { serverId: server, purpose, bodyHash: hashDropBody(body) }))}`;
  };
  const drop = async (key: DropKeyPair, sealed: Uint8Array): Promise<void> =>
    http.drop(key.publicKey, await authorize(key, "drop", sealed), sealed);

  /** What the other side leaves under a tag; null when it ended, here or by time. */
  async function waitFor(taken: Taken, tag: WrapTag): Promise<Uint8Array | null> {
    while (now === taken && clock.now() < taken.until) {
      const wrap = await http.getWrap(tag).catch((error: unknown) => {
        if (error instanceof TransportError) return null; // No net for a moment.
        throw error;
      });
      if (wrap instanceof Uint8Array) return now === taken ? wrap : null;
      await new Promise<void>((resolve) => clock.after(ASK_MS, resolve));
    }
    tell(taken, { step: "ended", why: "link-expired" });
    return null;
  }

  async function compare(taken: Taken, tag: WrapTag, state: Uint8Array): Promise<void> {
    const message = await waitFor(taken, tag);
    if (message === null) return;
    const {
      pairKey,
      pictures,
      replyDropSeed,
      message: last,
    } = finishJoin(state, taken.device.box.seed, message, new Uint8Array(0));
    await drop(dropKeyFromSeed(replyDropSeed as DropSeed), last);
    taken.key = pairKey;
    tell(taken, { step: "compare", pictures });
  }

  async function fetchKeys(taken: Taken, key: PairKey): Promise<void> {
    const wrap = await waitFor(taken, linkTag(key));
    if (wrap === null) return;
    const keys = decodeOwnKeys(openWrap(wrap as Wrap, taken.device.box.seed, RECOVERY_CONTEXT, linkPsk(key)));
    taken.brought = { ...keys, me: { ...keys.me, device: taken.device } };
    tell(taken, { step: "ready", role: keys.me.role });
  }

  /** What doesn't open is the other side's no, or not from the other side at all. */
  const orRefused = (taken: Taken, work: Promise<void>): void =>
    void work.catch((error: unknown) => {
      const isOpenable = !(error instanceof CryptoError);
      tell(taken, { step: "ended", why: isOpenable ? "link-expired" : "link-refused" });
    });

  return {
    async take(payload, about) {
      const invitation = parseLink(payload);
      const until = invitation.expires * 1000;
      if (until <= clock.now()) throw new VaultFailure("link-expired");
      const key = dropKeyFromSeed(invitation.dropSeed);
      const sealed = await http.dropAttachment(key.publicKey, await authorize(key, "card", new Uint8Array(0)));
      if (sealed === null) throw new VaultFailure("link-used");
      const { card, role } = openCard(invitation, sealed);
      const device = createDeviceKeys();
      const taken: Taken = { until, device, step: { step: "waiting", until }, key: null, brought: null };
      const answer = randomId<WrapTag>();
      const { message, state } = createJoin({
        invitation,
        inviterCard: card,
        // For this one linking: it says nothing, and is forgotten with it.
        joinerCard: signContactCard(createIdentity(), {
          box: device.box.publicKey,
          mailbox: invitation.mailbox,
          role,
          name: " ",
        }),
        replyDropSeed: createDropKey().seed,
        extra: encodeJoining({ ...about, answer, device: device.publicKey }),
      });
      try {
        await drop(key, message);
      } catch (error) {
        if (error instanceof TransportError && error.refusal === "not-found") throw new VaultFailure("link-used");
        throw error;
      }
      now = taken;
      tell(taken, taken.step);
      orRefused(taken, compare(taken, answer, state));
    },

    step: () => now?.step ?? null,

    confirm(same) {
      const taken = now;
      if (taken === null || taken.key === null || taken.step.step !== "compare") throw new VaultFailure("not-allowed");
      if (!same) return tell(taken, { step: "ended", why: "link-refused" });
      tell(taken, { step: "confirming", pictures: taken.step.pictures });
      orRefused(taken, fetchKeys(taken, taken.key));
    },

    end() {
      now = null;
      emit({ type: "link", step: null });
    },

    keys() {
      const brought = now?.brought ?? null;
      if (brought === null || now?.step.step !== "ready") throw new VaultFailure("not-allowed");
      return brought;
    },
  };
}

function openCard(invitation: ReturnType<typeof parseLink>, sealed: Uint8Array) {
  try {
    const { card, fields } = openInvitedCard(invitation, sealed);
    return { card, role: fields.role };
  } catch (error) {
    throw new VaultFailure("link-broken", undefined, error);
  }
}
