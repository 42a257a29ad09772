import { people } from "../../../state/lists.ts";
import { join } from "../../../state/people.ts";
import { goInstead } from "../../../state/route.ts";
import { vaultCode } from "../../../state/vault.ts";
import { type TextKey, t } from "../../text.ts";

const texts: Readonly<Record<string, TextKey>> = {
  "invitation-used": "pair.used",
  "invitation-expired": "pair.tooOld",
  "invitation-broken": "pair.broken",
  offline: "pair.offline",
};

/** Joins by an invitation and goes on to the person. @returns the sentence that says why not, or null */
export const joinBy = async (payload: string, by: "scan" | "link"): Promise<string | null> => {
  try {
    const person = await join(payload, by);
    await people.refresh();
    goInstead("compare", { person });
    return null;
  } catch (error) {
    return t(texts[vaultCode(error)] ?? "pair.failed");
  }
};
