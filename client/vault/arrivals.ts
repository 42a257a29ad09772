/**
 * Coming to a pocket that is elsewhere, from a browser that hasn't got it: by the card, or by another device. Either ends
 * with keys, a code of this device's own, and a pocket that is open and fills from the server. Spec: docs/protocol/devices.md.
 */
import type { LinkStep, NewHere, RestoreStep } from "./api.ts";
import { readCard } from "./codes.ts";
import { VaultFailure } from "./failure.ts";
import type { OwnKeys } from "./own-keys.ts";
import type { Clock, Http } from "./ports.ts";
import { askForKeys } from "./recovery.ts";
import { createTakeLink, type TakeLink, type TakeLinkDeps } from "./take-link.ts";
import { type Brought, bringPocket, type Crossed, type ThresholdDeps } from "./threshold.ts";

export interface ArrivalDeps extends Omit<ThresholdDeps, "http"> {
  readonly clock: Clock;
  readonly http: (Pick<Http, "getWrap"> & TakeLinkDeps["http"]) | null;
  emit: TakeLinkDeps["emit"];
}

export interface Arrivals {
  restore(rows: readonly (readonly number[])[]): Promise<RestoreStep>;
  finishRestore(wanted: NewHere): Promise<Crossed>;
  takeLink: TakeLink["take"];
  linkStep(): LinkStep | null;
  confirmLink(same: boolean): void;
  endLink(): void;
  finishLink(wanted: NewHere): Promise<Crossed>;
}

export function createArrivals(deps: ArrivalDeps): Arrivals {
  const { http, clock, emit } = deps;
  let restored: OwnKeys | null = null;
  const link = http === null ? null : createTakeLink({ clock, http, emit });

  const bring = (wanted: NewHere, keys: Brought): Promise<Crossed> => bringPocket({ ...deps, http }, wanted, keys);

  return {
    async restore(rows) {
      restored = null;
      const card = readCard(rows);
      if (http === null) throw new VaultFailure("offline");
      const answer = await askForKeys(http, card);
      if (typeof answer === "number") return { step: "waiting", until: clock.now() + answer * 1000 };
      restored = answer;
      return { step: "ready", role: answer.me.role };
    },

    async finishRestore(wanted) {
      if (restored === null) throw new VaultFailure("not-allowed");
      const crossed = await bring(wanted, restored);
      restored = null;
      return crossed;
    },

    async takeLink(payload, about) {
      if (link === null) throw new VaultFailure("offline");
      await link.take(payload, about);
    },

    linkStep: () => link?.step() ?? null,

    confirmLink(same) {
      if (link === null) throw new VaultFailure("not-allowed");
      link.confirm(same);
    },

    endLink: () => link?.end(),

    async finishLink(wanted) {
      if (link === null) throw new VaultFailure("not-allowed");
      const crossed = await bring(wanted, link.keys());
      link.end();
      return crossed;
    },
  };
}
