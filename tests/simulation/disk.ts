/** The disk of a simulated device: a store that can be opened again after a crash, without what had not reached it. */
import type { Shelf, VaultStore } from "../../client/vault/ports.ts";
import { MemoryShelf } from "../client/storage/memory-shelf.ts";
import type { World } from "./world.ts";

export interface Disk {
  readonly shelf: Shelf;
  open(): Promise<VaultStore>;
  /** Power cut: what had not reached the disk is gone, and every open handle with it. */
  crash(): void;
}

export function createMemoryDisk(world: World): Disk {
  const shelf = new MemoryShelf({ pause: () => world.sleep(world.between(1, 10)) });
  return { shelf, open: () => shelf.openStore("a"), crash: () => shelf.crash() };
}
