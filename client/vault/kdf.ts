/** The KDF as the vault asks for it: a port, since it runs in a worker of its own (kdf-in-worker.ts). */
import type { WayInSeed } from "../../crypto/types.ts";
import type { KdfParams } from "../../crypto/unlocking.ts";

/** Argon2id in a throw-away worker: WebAssembly memory never shrinks, and nothing of it stays behind. */
export interface Kdf {
  /** Fresh parameters, calibrated to about a second on this device and never under the floor, and the seed they give. */
  calibrate(secret: Uint8Array): Promise<{ readonly seed: WayInSeed; readonly params: KdfParams }>;
  /** @throws CryptoError kdf-out-of-range before any work */
  derive(secret: Uint8Array, params: KdfParams): Promise<WayInSeed>;
}
