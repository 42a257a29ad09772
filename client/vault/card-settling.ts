/**
 * The card, as soon as the pocket is with the server: its wrap is sent there, and then the card waits, also on this device.
 */
import type { WayIn } from "../../crypto/types.ts";
import { isRenewed, readCardRow, recoveryWay } from "./card.ts";
import { sendCardWrap } from "./card-wrap.ts";
import { isCard } from "./codes.ts";
import type { Syncing } from "./keeper.ts";
import type { Pocket } from "./pocket.ts";
import { renewVault } from "./renewal.ts";

export interface CardSettling {
  /** Sends the wrap where there is a newer one than the server has. Never fails. */
  send(): Promise<void>;
  /**
   * At a quiet moment: where the pocket is with the server, and so is the card's wrap, the card waits from here on, also on
   * this device. Once, and tried again at the next quiet moment when it was broken off. Never fails.
   */
  settle(): Promise<void>;
  stop(): void;
}

export function createCardSettling(pocket: Pocket, syncing: Pick<Syncing, "ask" | "state">): CardSettling {
  let stopped = false;
  let renewing = false;
  const settle = async (): Promise<void> => {
    if (renewing || stopped) return;
    renewing = true;
    try {
      if ((await readCardRow(pocket))?.onServer !== true) return;
      await pocket.ways(async () => {
        if (isRenewed(pocket) || stopped) return;
        const codes = (pocket.row.waysIn as readonly WayIn[]).filter((way) => !isCard(way));
        await renewVault(pocket, [...codes, recoveryWay(pocket)]);
      });
    } catch {
      // A full disk, or a lock in the middle: whichever key opens finds everything (renewal.ts).
    } finally {
      renewing = false;
    }
  };

  const send = async (): Promise<void> => {
    await sendCardWrap(pocket, syncing).catch(() => undefined);
    if (syncing.state().connection === "on" && syncing.state().unsent === 0) await settle();
  };

  return {
    send,
    settle,
    stop: () => {
      stopped = true;
    },
  };
}
