/**
 * The card on a device where it opens nothing at once: what lies on the server under its tag, released after the waiting
 * time. Nothing of the card is kept between two questions. Spec: docs/protocol/card.md §6.
 */
import { deriveCardKeys } from "../../crypto/card.ts";
import { CryptoError } from "../../crypto/errors.ts";
import { openWrap, RECOVERY_CONTEXT, recoveryTag } from "../../crypto/recipients.ts";
import type { CardSecret, Wrap } from "../../crypto/types.ts";
import { VaultFailure } from "./failure.ts";
import { decodeOwnKeys, type OwnKeys } from "./own-keys.ts";
import type { Http } from "./ports.ts";

/** Seconds left to wait, or the keys. @throws card-unknown, card-ended; TransportError offline */
export async function askForKeys(http: Pick<Http, "getWrap">, card: CardSecret): Promise<number | OwnKeys> {
  const { box, wrapSecret } = deriveCardKeys(card);
  const answer = await http.getWrap(recoveryTag(wrapSecret));
  if (answer === null) throw new VaultFailure("card-unknown");
  if (typeof answer === "number") return answer;
  try {
    return decodeOwnKeys(openWrap(answer as Wrap, box.seed, RECOVERY_CONTEXT));
  } catch (error) {
    // What lies there was put in its place when the card ended: a wrap for a key that nobody has.
    if (error instanceof CryptoError) throw new VaultFailure("card-ended", undefined, error);
    throw error;
  }
}
