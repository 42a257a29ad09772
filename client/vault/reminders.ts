/**
 * Kind words of home, at most one at a time: whether somebody saw the code (asked once, at the first opening alone), and
 * that the card was not tried out yet (until it was; "not now" gives three days of quiet). Kept per device and sealed:
 * from outside nobody sees how often the pocket was opened.
 */
import type { Reminder } from "./api.ts";
import { readCardRow } from "./card.ts";
import type { Pocket } from "./pocket.ts";

interface RemindersRow {
  /** How often it was opened here, counted to `ALONE`. */
  readonly opened: number;
  readonly codeAsked: boolean;
  /** Milliseconds since the epoch: the card is not spoken of before. */
  readonly cardFrom: number;
}

const GROUP = ["reminders"] as const;
/** Making it is the first time, opening it during the first run the second: the third is the first alone. */
const ALONE = 3;
const CARD_QUIET_MS = 3 * 24 * 3600_000;

export class Reminders {
  readonly #pocket: Pocket;
  /** The row as it is now; changes are made one after the other. */
  #row: Promise<RemindersRow>;

  /** Counts this opening. */
  constructor(pocket: Pocket) {
    this.#pocket = pocket;
    this.#row = pocket.store
      .read<RemindersRow>("keyring", GROUP, "now")
      .catch(() => null)
      .then((kept) => kept ?? { opened: 0, codeAsked: false, cardFrom: 0 });
    void this.#change((row) => ({ ...row, opened: Math.min(row.opened + 1, ALONE) })).catch(() => undefined);
  }

  async due(): Promise<Reminder | null> {
    const { opened, codeAsked, cardFrom } = await this.#row;
    if (opened < ALONE) return null;
    if (!codeAsked) return "new-code";
    const card = await readCardRow(this.#pocket);
    if (card?.state === "tried" || this.#pocket.clock.now() < cardFrom) return null;
    return card === null ? "make-card" : "try-card";
  }

  dismiss(which: Reminder): Promise<void> {
    const cardFrom = this.#pocket.clock.now() + CARD_QUIET_MS;
    return this.#change((row) => (which === "new-code" ? { ...row, codeAsked: true } : { ...row, cardFrom }));
  }

  async #change(to: (row: RemindersRow) => RemindersRow): Promise<void> {
    this.#row = this.#row.then(to);
    const row = await this.#row;
    const { store } = this.#pocket;
    await store.commit([store.put("keyring", GROUP, "now", row)]);
  }
}
