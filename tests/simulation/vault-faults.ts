/** What happens to devices and net in the vault simulation: linked, lost and taken out, without net, crashed. */
import type { DeviceId } from "../../client/vault/api.ts";
import { deviceIdOf, listDeviceRows } from "../../client/vault/devices.ts";
import type { Retired } from "../../client/vault/space-rows.ts";
import { VaultDevice } from "./vault-device.ts";
import { checkKept } from "./vault-invariants.ts";
import { linkDevice } from "./vault-linking.ts";
import { isQuiet, type VaultWorld } from "./vault-world.ts";

/** Of the child, linked while the simulation runs: five in all at the most. */
const MAX_LINKED = 2;

export async function link(here: VaultWorld, old: VaultDevice): Promise<void> {
  if (here.linked === MAX_LINKED || old.syncing.state().connection !== "on") return;
  // Whom another device than the deciding one links between decision and rotation, nobody saw who decided: it goes with
  // the lost one (devices.md §6).
  if (
    here.lost !== null &&
    old !== here.decided &&
    !here.childs.every(({ pocket }) => pocket.keyring.epoch(old.pocket.keyring.me.pocket) > 1)
  )
    return;
  const linked = await linkDevice(await here.parts(), old);
  if (!(linked instanceof VaultDevice)) return here.count(linked.ended);
  here.devices.push(linked);
  here.linked++;
  here.count("linked");
}

/** A device is lost and removed from another. Whoever found it keeps it running, with all that it knew. */
export async function removeLost(here: VaultWorld, lost: VaultDevice, by: VaultDevice): Promise<void> {
  const { world } = here;
  // What it still keeps for itself is lost with it.
  if (here.lost !== null || lost === by || !isQuiet(lost) || here.isWriting(lost)) return;
  const idOf = ({ pocket }: VaultDevice): DeviceId => deviceIdOf(pocket.keyring.me);
  const known = new Set((await world.until(listDeviceRows(by.pocket))).map(({ id }) => id));
  // Whoever isn't in the list yet would be removed with it.
  if (!here.childs.every((device) => known.has(idOf(device)))) return;
  const ended = await endInCircle(here, lost, by);
  if (ended === null || (here.evil !== null && !(await isElsewhere(here, lost)))) return;
  await world.until(by.lost.remove(idOf(lost)));
  here.lost = lost;
  here.decided = by;
  lost.network.online = true;
  here.family.circle.ended.push(...ended);
  for (const device of here.honest) await world.until(device.learnEnded());
  // What it had sent is not lost with it: nobody else could send that again after a restore.
  here.server.backUp();
  here.count("removedDevice");
}

/**
 * Whether another of the child's devices has all that this one wrote in the pocket. What only the server has when it is
 * lost, an evil one can keep for good (devices.md §6); an honest one gives it to whoever removes.
 */
async function isElsewhere(here: VaultWorld, lost: VaultDevice): Promise<boolean> {
  const { space } = here.family.pocket;
  const { chain, heads } = await lost.pocket.log(space).state();
  const own = heads.find((head) => head.chain === chain);
  const others = here.childs.filter((device) => device !== lost);
  const states = await Promise.all(others.map(({ pocket }) => pocket.log(space).state()));
  return (
    own === undefined ||
    states.some(
      ({ heads, missing }) =>
        heads.some((head) => head.chain === chain && head.counter >= own.counter) &&
        missing.every((run) => run.chain !== chain),
    )
  );
}

/**
 * The circle is handed in, and so is what its rotation would say: how far the lost device's chain had come there. Null
 * while whoever removes it doesn't know.
 */
async function endInCircle(here: VaultWorld, lost: VaultDevice, by: VaultDevice): Promise<readonly Retired[] | null> {
  const { space } = here.family.circle;
  const { chain, heads } = await lost.pocket.log(space).state();
  const own = heads.find((head) => head.chain === chain);
  if (own === undefined) return [];
  const known = (await by.pocket.log(space).state()).heads.find((head) => head.chain === chain);
  return known?.counter === own.counter ? [{ ...own, owner: true }] : null;
}

export function setOnline({ network, syncing }: VaultDevice, online: boolean): void {
  network.online = online;
  if (online) syncing.nudge();
  else network.breakConnections();
}

export function toggle(here: VaultWorld, device: VaultDevice): void {
  setOnline(device, !device.network.online);
  here.count("toggled");
}

export async function crash(here: VaultWorld, device: VaultDevice): Promise<void> {
  here.count("crashed");
  await startAgain(here, device);
}

export async function startAgain(here: VaultWorld, device: VaultDevice): Promise<void> {
  device.crash();
  // What a page had typed and not saved is gone with it, as are its docs.
  for (const { docs } of [...here.own, here.joint]) docs.delete(device);
  await here.world.until(device.boot());
  await here.world.until(checkKept(here, device));
}

export function changeFaults({ world, server }: VaultWorld, { network }: VaultDevice): void {
  const { faults } = server;
  faults.refuse = world.pick([0, 0, 0.1, 0.4]);
  faults.loseLive = world.pick([0, 0, 0.2]);
  faults.doubleLive = world.pick([0, 0, 0.3]);
  faults.lateLive = world.pick([0, 0, 0.3]);
  faults.full = world.chance(0.15);
  network.faults.break = world.pick([0, 0, 0.02, 0.1]);
  network.faults.double = world.pick([0, 0.1]);
}

/** Nothing fails any more, and everybody is there. */
export function calmDown({ server, evil, devices }: VaultWorld): void {
  Object.assign(server.faults, { refuse: 0, loseLive: 0, doubleLive: 0, lateLive: 0, full: false });
  evil?.calmDown();
  for (const { network, syncing } of devices) {
    Object.assign(network.faults, { break: 0, double: 0 });
    network.online = true;
    syncing.nudge();
  }
}
