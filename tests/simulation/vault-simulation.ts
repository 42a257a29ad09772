/**
 * Three to five devices of a child (some linked on the way) and two adults, the real crypto, a server that is honest and
 * unlucky or evil. Honest: nothing acknowledged is lost, everything converges, what was deleted is gone everywhere, no alarm
 * is raised. Evil: no device ever shows what nobody wrote, and what it lacks it notices.
 *
 * What stands there: vault-world.ts. What people do: vault-acts.ts. What happens to them: vault-faults.ts. What the evil
 * server does: vault-attacks.ts. What must hold: vault-invariants.ts. Here: in which order, by the seed.
 */

// First: Yjs remembers where it found randomness.
import "./seeded-chance.ts";

import { rememberingCrypto } from "./remembered-crypto.ts";
import { withChance } from "./seeded-chance.ts";
import { make, remove, say, type } from "./vault-acts.ts";
import type { VaultDevice } from "./vault-device.ts";
import { calmDown, changeFaults, crash, link, removeLost, setOnline, startAgain, toggle } from "./vault-faults.ts";
import { checkAlways, checkAtRest, checkMended, checkShown } from "./vault-invariants.ts";
import { isQuiet, logged, type Tally, type VaultSimulationOptions, VaultWorld } from "./vault-world.ts";
import { World } from "./world.ts";

export async function simulateVault(seed: number, options: VaultSimulationOptions): Promise<Tally> {
  const world = new World(seed);
  try {
    return await withChance(world.random, () => rememberingCrypto(() => live(world, options)));
  } catch (error) {
    throw new Error(`seed ${seed}, ${options.evil ? "evil" : "honest"}: ${(error as Error).message}`, { cause: error });
  }
}

async function live(world: World, options: VaultSimulationOptions): Promise<Tally> {
  const here = await VaultWorld.create(world, options);
  for (let at = 0; at < options.steps; at++) await step(here, at);
  await rest(here);
  return here.tally;
}

async function step(here: VaultWorld, at: number): Promise<void> {
  const { world, server } = here;
  const device = world.pick(here.honest);
  const ticket = world.random();
  if (ticket < 0.28) say(here, device);
  else if (ticket < 0.46) await type(here, world.pick(here.childs), world.pick(here.own));
  else if (ticket < 0.54) await type(here, device, here.joint);
  else if (ticket < 0.57) make(here, world.pick(here.childs), at);
  else if (ticket < 0.6) await remove(here, world.pick(here.childs));
  else if (ticket < 0.61) await link(here, world.pick(here.childs));
  else if (ticket < 0.62) await removeLost(here, world.pick(here.childs), world.pick(here.childs));
  else if (ticket < 0.69) toggle(here, device);
  else if (ticket < 0.77) device.network.breakConnections();
  else if (ticket < 0.83) await crash(here, device);
  else if (ticket < 0.85) here.rotate();
  else if (ticket < 0.87) server.goDown();
  else if (ticket < 0.89) server.backUp();
  else if (ticket < 0.9) server.restore();
  else if (ticket < 0.94) changeFaults(here, device);
  else await attack(here);
  await world.run(world.pick([5, 50, 300, 1_500, 4_000]));
  checkAlways(here);
  if (here.evil !== null && (at + 1) % 10 === 0) await checkShown(here);
}

async function attack(here: VaultWorld): Promise<void> {
  const { world, evil, joint, colluder: member } = here;
  if (evil === null) return;
  const ticket = world.random();
  if (ticket < 0.2 && member !== null)
    void evil.poison(member, joint.document, joint.honest.doc, [...joint.docs.values()]);
  else if (ticket < 0.35) {
    const device = world.pick(here.childs);
    if (!device.network.online) return;
    evil.withholdDeletions(device);
    await remove(here, device);
  } else evil.turn(here.devices);
}

/**
 * The server is an honest one from here on: whatever it changed on its way out, everybody asks for it once more at a next
 * start. Only its disk is put back once, and nobody says so: one device comes when others have written on.
 */
async function mend(here: VaultWorld): Promise<void> {
  const { world, server, childs, family } = here;
  const hidden = new Set(server.forgotten);
  server.backUp();
  const late = childs[0] as VaultDevice;
  const others = childs.slice(1);
  for (const device of others) setOnline(device, false);
  say(here, late, family.pocket);
  await world.run(10_000);
  setOnline(late, false);
  server.rollBack();
  for (const device of others) setOnline(device, true);
  for (const device of others) for (let texts = 0; texts < 2; texts++) say(here, device, family.pocket);
  await world.run(10_000);
  setOnline(late, true);
  for (const device of here.honest) await startAgain(here, device);
  for (let minutes = 0; minutes < 3; minutes++) await world.run(60_000);
  await checkMended(here, hidden);
  here.count("mended");
}

async function rest(here: VaultWorld): Promise<void> {
  const { world } = here;
  calmDown(here);
  // Two quiet minutes: everything was asked once more that is to be asked.
  for (let minutes = 0, quiet = 0; minutes < 12 && quiet < 2; minutes++) {
    await world.run(60_000);
    quiet = here.honest.every(isQuiet) ? quiet + 1 : 0;
  }
  const before = here.texts;
  // A withheld end of a chain shows when the chain goes on.
  for (const device of here.honest) for (const shared of logged(device)) say(here, device, shared);
  for (let at = before; at < here.texts; at++) here.late.add(`text ${at + 1}`);
  for (let minutes = 0; minutes < 3; minutes++) await world.run(60_000);
  checkAlways(here);
  await checkAtRest(here);
  if (here.isNothingHidden) await mend(here);
  here.count("lookedAt", here.watch.looked);
  for (const [what, times] of Object.entries(here.server.counts)) here.count(what, times);
  for (const { network } of here.devices) {
    for (const [what, times] of Object.entries(network.counts)) here.count(what, times);
  }
}
