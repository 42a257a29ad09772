/**
 * The code asked for once more while the pocket is open, so that neither a script in the page nor a hand that finds the
 * tablet open can show, make a card or change the code. Which acts and for how long: docs/decisions/10-code-again.md.
 */
import { CryptoError } from "../../crypto/errors.ts";
import { equalBytes } from "../../crypto/sodium.ts";
import type { WayIn } from "../../crypto/types.ts";
import { openWayIn, parseWayIn } from "../../crypto/ways-in.ts";
import { type Code, codeBytes, codeSeed, type Kdf } from "./codes.ts";
import { VaultFailure } from "./failure.ts";
import type { Pocket } from "./pocket.ts";
import { NO_TRIES, oneMoreFailed, waitBeforeTry } from "./tries.ts";

/** How long a code that was given again counts. */
export const CODE_COUNTS_MS = 5 * 60_000;

/**
 * Resolves when this is a code of this device. Takes as long as unlocking (Argon2id), and wrong ones count together with
 * those at the locked side. @throws VaultFailure wrong-code, slow-down (with seconds)
 */
export async function checkCode(pocket: Pocket, kdf: Kdf, code: Code): Promise<void> {
  const wait = waitBeforeTry(pocket.row, pocket.clock.now());
  if (wait > 0) throw new VaultFailure("slow-down", { seconds: Math.ceil(wait / 1000) });
  if (code.kind !== "prf") codeBytes(code);
  // Counted before it is tried, as at the threshold.
  await pocket.changeRow((row) => ({ ...row, ...oneMoreFailed(row, pocket.clock.now()) }));
  for (const way of pocket.row.waysIn as readonly WayIn[]) {
    const { kind, params } = parseWayIn(way);
    if (kind !== code.kind) continue;
    const seed = await codeSeed(kdf, code, params);
    if (!opens(way, seed, pocket)) continue;
    await pocket.changeRow((row) => ({ ...row, ...NO_TRIES }));
    return;
  }
  const next = waitBeforeTry(pocket.row, pocket.clock.now());
  throw new VaultFailure("wrong-code", next > 0 ? { seconds: Math.ceil(next / 1000) } : undefined);
}

/** Opens this pocket's own vault key: what opens another one is no code of this pocket. */
function opens(way: WayIn, seed: Parameters<typeof openWayIn>[1], { burn, vaultKey }: Pocket): boolean {
  try {
    return equalBytes(openWayIn(way, seed, burn), vaultKey);
  } catch (error) {
    if (error instanceof CryptoError && error.code === "does-not-open") return false;
    throw error;
  }
}

/** Remembers for one unlock when the code was last given again. */
export class CodeAgain {
  readonly #pocket: Pocket;
  readonly #kdf: Kdf;
  #givenAt: number | null = null;

  constructor(pocket: Pocket, kdf: Kdf) {
    this.#pocket = pocket;
    this.#kdf = kdf;
  }

  /** @throws VaultFailure wrong-code, slow-down */
  async confirm(code: Code): Promise<void> {
    await checkCode(this.#pocket, this.#kdf, code);
    this.#givenAt = this.#pocket.clock.now();
  }

  /** @throws VaultFailure code-needed */
  require(): void {
    // A clock that was set back makes it older, never younger.
    const age = this.#givenAt === null ? -1 : this.#pocket.clock.now() - this.#givenAt;
    if (age < 0 || age > CODE_COUNTS_MS) throw new VaultFailure("code-needed");
  }
}
