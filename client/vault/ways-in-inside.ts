/** The code, the card and a passkey, as the page asks for them from inside (api-ways-in.ts, api-passkey.ts). */
import type { PasskeyInside } from "./api-passkey.ts";
import type { WaysInInside } from "./api-ways-in.ts";
import type { Beyond } from "./beyond.ts";
import { makeCard, readCardRow, tryCard } from "./card.ts";
import type { CodeAgain } from "./code-again.ts";
import { changeCode, type Kdf } from "./codes.ts";
import { addPasskey, removePasskey } from "./passkey.ts";
import type { Pocket } from "./pocket.ts";
import { Reminders } from "./reminders.ts";
import type { Side } from "./side/side.ts";

export interface WaysInDeps {
  readonly kdf: Kdf;
  readonly again: CodeAgain;
  /** It was opened with the card: whoever forgot the code may make a new one without it. */
  readonly byCard: boolean;
  /** The second code; null in the small pocket that it opens. */
  readonly side: Side | null;
}

export function createWaysInInside(
  pocket: Pocket,
  beyond: Pick<Beyond, "cardChanged">,
  { kdf, again, byCard, side }: WaysInDeps,
): WaysInInside & PasskeyInside {
  const reminders = new Reminders(pocket);
  return {
    confirmCode: (code) => again.confirm(code),
    changeCode: async (code) => {
      if (!byCard) again.require();
      await changeCode(pocket, kdf, code);
      await side?.endUnless(code.kind);
    },
    makeCard: async () => {
      again.require();
      const rows = await makeCard(pocket);
      await beyond.cardChanged();
      return rows;
    },
    tryCard: (rows) => tryCard(pocket, rows),
    cardState: async () => (await readCardRow(pocket))?.state ?? "none",
    reminder: () => reminders.due(),
    dismissReminder: (which) => reminders.dismiss(which),
    addPasskey: async (passkey) => {
      again.require();
      await addPasskey(pocket, kdf, passkey);
    },
    removePasskey: () => removePasskey(pocket),
  };
}
