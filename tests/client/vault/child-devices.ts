/** Devices of one child over a model server, with the real core and crypto: each joins with the keys the child began with. */
import { afterEach, beforeEach } from "vitest";
import { createMemoryDisk } from "../../simulation/disk.ts";
import { MemoryServer } from "../../simulation/memory-server.ts";
import { VaultDevice } from "../../simulation/vault-device.ts";
import { createFamily, type Family, type SharedSpace } from "../../simulation/vault-people.ts";
import { World } from "../../simulation/world.ts";

/** Made anew before each test. */
export let world: World;
export let server: MemoryServer;
export let pocket: SharedSpace;
let family: Family;
const devices: VaultDevice[] = [];

/** To be called once by a test file. */
export function useChildDevices(): void {
  beforeEach(() => {
    world = new World(1);
    server = new MemoryServer(world);
    server.checkProof = () => true;
    family = createFamily();
    ({ pocket } = family);
    for (const { space } of [pocket, family.circle, family.mailbox]) server.createSpace(space);
    server.backUp();
  });
  afterEach(() => {
    for (const device of devices.splice(0)) device.crash();
  });
}

export async function join(): Promise<VaultDevice> {
  const device = await VaultDevice.create({ world, server, family, disk: createMemoryDisk(world) }, family.child);
  devices.push(device);
  await world.run(3_000);
  return device;
}
