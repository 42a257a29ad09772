/** The code once more while the pocket is open, and a new code in its place. */
import { asRefusal, openedByCard, type Refusal } from "./session.ts";
import type { WayInSecret } from "./types.ts";
import { vault, vaultCode } from "./vault.ts";

export type Code = Exclude<WayInSecret, { readonly kind: "card" }>;

/** True for a call that was refused because the code has to be given again first. */
export const isCodeNeeded = (error: unknown): boolean => vaultCode(error) === "code-needed";

/** @returns null when it was right; it counts for five minutes */
export const confirmCode = (code: Code): Promise<Refusal | null> => refusalOf(() => vault().confirmCode(code));

/** @returns null when the new code stands; the old one opens nothing any more */
export const changeCode = (code: Code): Promise<Refusal | null> =>
  refusalOf(async () => {
    await vault().changeCode(code);
    openedByCard.value = false;
  });

/** A call to the vault as screens like it: its refusal, or null. */
export async function refusalOf(call: () => Promise<unknown>): Promise<Refusal | null> {
  try {
    await call();
    return null;
  } catch (error) {
    return asRefusal(error);
  }
}
