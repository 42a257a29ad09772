/**
 * Waits for this person's card that somebody has started, as living devices see them, and ending one: what lies under the
 * card's tag is put over with something that opens nothing, and the card is no more. Spec: docs/protocol/card.md §6.
 */
import { recoveryTag } from "../../crypto/recipients.ts";
import type { Wait } from "./api.ts";
import { noteCardEnded, readCardRow } from "./card.ts";
import { sendCardWrap } from "./card-wrap.ts";
import { VaultFailure } from "./failure.ts";
import type { Syncing } from "./keeper.ts";
import type { Pocket } from "./pocket.ts";

/** While there is net: soon enough, since the shortest wait is an hour. */
const LOOK_MS = 5 * 60_000;

export interface Waits {
  list(): Promise<readonly Wait[]>;
  /** @throws VaultFailure offline, not-here */
  stop(id: string): Promise<void>;
  /** There is net: looks now, and from time to time, and tells the page of a change. */
  watch(): void;
  end(): void;
}

export function createWaits(pocket: Pocket, syncing: Pick<Syncing, "ask" | "state">): Waits {
  const space = pocket.keyring.me.pocket;
  let known = "";
  let cancel = (): void => undefined;
  let ended = false;

  async function ask(): Promise<readonly Wait[]> {
    const answer = await syncing.ask({ type: "listWaits", space });
    const card = await readCardRow(pocket);
    if (answer.type !== "waits" || card === null) return [];
    // Other tags of the pocket wait for nobody: only the card has a waiting time.
    const tag = recoveryTag(card.wrapSecret);
    const now = pocket.clock.now();
    const running = answer.waits.filter((wait) => wait.tag === tag);
    return running.map(({ secondsLeft }) => ({ id: tag, until: now + secondsLeft * 1000 }));
  }

  async function look(): Promise<readonly Wait[]> {
    const waits = await ask();
    const seen = waits.map(({ id }) => id).join();
    if (seen !== known) pocket.emit({ type: "changed", what: "waits" });
    known = seen;
    return waits;
  }

  function watch(): void {
    cancel();
    if (ended) return;
    void look().catch(() => undefined);
    cancel = pocket.clock.after(LOOK_MS, () => {
      if (syncing.state().online) watch();
    });
  }

  return {
    list: async () => (syncing.state().online ? look() : []),

    async stop(id) {
      const card = await readCardRow(pocket);
      if (card === null || recoveryTag(card.wrapSecret) !== id) throw new VaultFailure("not-here");
      if (syncing.state().connection !== "on") throw new VaultFailure("offline");
      // Kept first: a closing, or a line that breaks, in between stops nothing but this call.
      await noteCardEnded(pocket, recoveryTag(card.wrapSecret));
      await sendCardWrap(pocket, syncing);
      await look().catch(() => undefined);
      pocket.emit({ type: "changed", what: "waits" });
    },

    watch,

    end() {
      ended = true;
      cancel();
    },
  };
}
