/**
 * One device for the vault's tests: the real vault with the real crypto over an in-memory disk that can crash. Only what
 * Node doesn't have stands in: the canvas that draws pictures anew, and the tab lock.
 */

import { createAlone } from "../../../client/vault/alone.ts";
import type { NewPocket, VaultApi, VaultEvent } from "../../../client/vault/api.ts";
import type { Kdf } from "../../../client/vault/codes.ts";
import type { OneWindow } from "../../../client/vault/one-window.ts";
import type { DrawPicture } from "../../../client/vault/picture.ts";
import type { Clock, CoverRow, Http } from "../../../client/vault/ports.ts";
import { createVault, type VaultDeps } from "../../../client/vault/vault.ts";
import { ready } from "../../../crypto/sodium.ts";
import type { Burn, WayInSeed } from "../../../crypto/types.ts";
import { createKdfParams, deriveCodeSeed, KDF_FLOOR, type KdfParams } from "../../../crypto/unlocking.ts";
import { MemoryShelf, type MemoryShelfOptions } from "../storage/memory-shelf.ts";
import { decodeHere } from "./decode-here.ts";

export const PICTURES = { kind: "pictures", pictures: [1, 63, 0, 17, 17, 40, 5] } as const;

export const CHILD: NewPocket = {
  role: "child",
  colour: "denim",
  stitch: "dash",
  language: "da",
  country: "dk",
  look: "middle",
  wayIn: PICTURES,
};

/**
 * Argon2id at its floor, on this thread; the same secret with the same parameters is run once for all tests of a file, as
 * each run takes 64 MiB and a fifth of a second.
 */
let drawn: KdfParams | null = null;
const params = (): KdfParams => {
  drawn ??= createKdfParams(KDF_FLOOR);
  return drawn;
};
const seeds = new Map<string, WayInSeed>();
const derive = (secret: Uint8Array, given: KdfParams): WayInSeed => {
  const name = Buffer.from([...secret, ...given.salt]).toString("hex") + given.memoryKiB + given.passes;
  const seed = seeds.get(name) ?? deriveCodeSeed(secret, given);
  seeds.set(name, seed);
  return seed;
};
const kdf: Kdf = {
  calibrate: async (secret) => ({ seed: derive(secret, params()), params: params() }),
  derive: async (secret, given) => derive(secret, given),
};

/** The bytes of the file stand for the drawn picture; a thumbnail is their beginning. */
export const drawAsIs: DrawPicture = async (file) => {
  const full = new Uint8Array(await file.arrayBuffer());
  return { full, thumbnail: full.slice(0, 100), width: 4, height: 3 };
};

const noOtherWindow: OneWindow = { claim: async () => () => undefined, hold: async () => null };

export class Device {
  readonly shelf: MemoryShelf;
  readonly burns = new Map<string, readonly Burn[]>();
  /** Added to the real time, to wait without waiting. */
  ahead = 0;
  /** Bytes the browser says it still has. */
  room: number | null = null;
  draw: DrawPicture = drawAsIs;
  window: OneWindow = noOtherWindow;
  /** What ends the connections of this device's starts. */
  readonly stops: (() => Promise<void>)[] = [];
  writeBurn = async (pocket: string, burn: Burn): Promise<void> => {
    this.burns.set(pocket, [burn]);
  };
  http: Http | null = null;
  connect: VaultDeps["connect"] = async (pocket) => createAlone(pocket);

  private constructor(options: MemoryShelfOptions) {
    this.shelf = new MemoryShelf(options);
  }

  static async create(options: MemoryShelfOptions = {}): Promise<Device> {
    await ready();
    return new Device(options);
  }

  readonly clock: Clock = {
    now: () => Date.now() + this.ahead,
    after: (ms, call) => {
      const timer = setTimeout(call, ms);
      return () => clearTimeout(timer);
    },
  };

  /** What a vault on this device is made of, but for who it is connected to. */
  get parts(): Omit<VaultDeps, "connect"> {
    return {
      shelf: this.shelf,
      clock: this.clock,
      kdf,
      burn: {
        read: async (pocket) => this.burns.get(pocket) ?? [],
        write: (pocket, burn) => this.writeBurn(pocket, burn),
      },
      window: this.window,
      draw: this.draw,
      http: this.http,
      decoder: decodeHere,
      hasRoom: async (bytes) => this.room === null || this.room >= bytes,
    };
  }

  /** A fresh worker over the same disk, as after a lock or a reload. Its `unlock` waits until everything is there. */
  start(): VaultApi & { events: VaultEvent[] } {
    const vault = this.startEarly();
    const unlock: VaultApi["unlock"] = async (pocket, secret) => {
      const first = await vault.unlock(pocket, secret);
      await vault.profile();
      return first;
    };
    return { ...vault, unlock };
  }

  /** The same, whose `unlock` is over when the first screen can be drawn. */
  startEarly(): VaultApi & { events: VaultEvent[] } {
    const events: VaultEvent[] = [];
    const vault = createVault({ ...this.parts, connect: this.connect });
    void vault.listen((event) => events.push(event));
    return Object.assign(vault, { events });
  }

  async cover(): Promise<CoverRow> {
    const [row] = await this.shelf.covers();
    if (row === undefined) throw new Error("no pocket yet");
    return row;
  }
}

/** Polls until `look` gives something true. */
export async function until<T>(look: () => T | Promise<T>, withinMs = 3000): Promise<NonNullable<T>> {
  const end = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > end) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
