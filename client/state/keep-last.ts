/** What was written and isn't kept yet reaches the disk: all that a lock needs before the worker may end. */
import { finishAll } from "./before-sealing.ts";
import { vault, vaultCode } from "./vault.ts";

/**
 * kept: everything is durable. full: the disk has no room for the last of it. gone: there is no pocket any more that could be
 * sealed (another window has it, and sealed it). given-up: `isWanted` said so.
 */
export type Kept = "kept" | "full" | "gone" | "given-up";

/** A commit that failed for any reason but room is done again after this long. */
const AGAIN_MS = 500;

/**
 * Words first, so that nothing holds them up; then what is under way (a recording, photos), and what that brought. Ends when it
 * is done or can't be, or after a failure when `isWanted` is false; whoever won't wait that long stops waiting. Never fails.
 */
export async function keepLast(isWanted: () => boolean): Promise<Kept> {
  const finishing = finishAll();
  const words = await seal(isWanted);
  if (finishing === null) return words;
  await finishing;
  return words === "kept" ? seal(isWanted) : words;
}

async function seal(isWanted: () => boolean): Promise<Kept> {
  for (;;) {
    try {
      await vaultOrGone()?.seal(0);
      return vaultOrGone() === null ? "gone" : "kept";
    } catch (error) {
      const code = vaultCode(error);
      if (code === "storage-full") return "full";
      if (code === "locked") return "gone";
    }
    if (!isWanted()) return "given-up";
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

function vaultOrGone(): ReturnType<typeof vault> | null {
  try {
    return vault();
  } catch {
    return null;
  }
}
