/** What must hold in the vault simulation, after every step and at rest. */
import * as Y from "yjs";
import { hasPlace } from "../../client/vault/runs.ts";
import type { LogRow } from "../../client/vault/space-rows.ts";
import { parseInner } from "../../crypto/inner.ts";
import { equalBytes } from "../../crypto/sodium.ts";
import type { OpId } from "../../crypto/types.ts";
import { pictureOf } from "./random-edits.ts";
import { textOf, VaultDevice } from "./vault-device.ts";
import { linkDevice } from "./vault-linking.ts";
import { epochsOf, type SharedSpace } from "./vault-people.ts";
import { logged, type VaultWorld, type Written } from "./vault-world.ts";

/** What the first device saw at rest. */
type Pictures = Map<Written, string>;

/** Whatever the server does: what is shown was written by a person, in this space, and is there once. */
export async function checkShown(here: VaultWorld): Promise<void> {
  const { world } = here;
  for (const device of here.devices) {
    for (const { space } of logged(device)) {
      const rows = await world.until(device.said(space));
      // What is said is known by its document: two devices may each have written it again after a removal.
      const texts = [...new Map(rows.map((row) => [row.document, textOf(row)])).values()].flatMap((text) => text ?? []);
      for (const text of texts) {
        if (!/^text \d+$/.test(text)) throw new Error(`shows "${text}"`);
        if ((here.said.get(text) ?? space) !== space) throw new Error(`${text} is shown in another space`);
      }
      if (new Set(texts).size !== texts.length) throw new Error("shows a text twice");
    }
    checkKeys(here, device);
  }
  const device = world.pick(here.devices);
  if (device !== here.colluder) {
    for (const one of here.writtenOn(device)) await world.until(checkWritten(device, one, "a device"));
  }
}

/** After a power cut: what this device had said that it kept is there, sent or waiting. */
export async function checkKept(here: VaultWorld, device: VaultDevice): Promise<void> {
  const texts = new Set<string>();
  for (const { space } of logged(device)) {
    for (const row of await device.said(space)) texts.add(textOf(row) ?? "");
    for (const { kind, payload } of await device.pocket.log(space).outbox.pending(space)) {
      if (kind === "said" && payload instanceof Uint8Array) texts.add(new TextDecoder().decode(payload));
    }
  }
  const lost = [...(here.saidOn.get(device) ?? [])].filter((text) => !texts.has(text));
  if (lost.length > 0) throw new Error(`lost at a power cut: ${lost}`);
}

/** Holds after every step, whatever is on its way. */
export function checkAlways(here: VaultWorld): void {
  here.watch.check();
  for (const device of here.devices) checkKeys(here, device);
}

/** No device holds a key that the child didn't make. */
function checkKeys({ family }: VaultWorld, device: VaultDevice): void {
  const held = device.pocket.keyring.space(family.circle.space)?.epochs ?? [];
  const made = epochsOf(family.circle, device.person);
  for (const { epoch, seed } of held) {
    const honest = made.find((one) => one.epoch === epoch)?.seed;
    if (honest === undefined || !equalBytes(seed, honest)) throw new Error("holds a key that the child didn't make");
  }
}

async function checkWritten(device: VaultDevice, written: Written, name: string): Promise<Y.Doc> {
  const { shared, document, honest } = written;
  return honest.check(await device.updates(shared.space, document), name);
}

/** Everybody has everything, or says that something is lacking; and whoever comes late, too. */
export async function checkAtRest(here: VaultWorld): Promise<void> {
  const pictures: Pictures = new Map();
  await checkShown(here);
  for (const device of here.honest) {
    await here.world.until(checkDevice(here, device, `device ${here.devices.indexOf(device)}`, pictures));
  }
  await checkLost(here);
  if (here.evil === null) await checkLateComer(here, pictures);
}

/** What was only changed on its way is whole again on every device, and none says that something is missing. */
export async function checkMended(here: VaultWorld, hidden: ReadonlySet<OpId>): Promise<void> {
  const { world } = here;
  for (const device of here.honest) {
    const name = `device ${here.devices.indexOf(device)}`;
    for (const shared of logged(device)) {
      if (await world.until(isGoneForGood(here, device, shared, hidden))) continue;
      const lacks = await world.until(lackingOn(here, device, shared, name));
      const { problem } = await device.pocket.log(shared.space).state();
      if (lacks.length > 0)
        throw new Error(`${name} lacks ${lacks} in its ${shared.kind}, though it is all there again`);
      if (problem === "incomplete")
        throw new Error(`${name} misses something in its ${shared.kind} that is there again`);
    }
  }
}

/**
 * Whether all that a device misses was kept from it for good: let go by the server at the word of an honest device, to which
 * it had shown neither that nor what came after it in its chain; or forgotten (`hidden`) by one that kept the record from
 * which its author would have known.
 */
async function isGoneForGood(
  { devices, server }: VaultWorld,
  device: VaultDevice,
  { space }: SharedSpace,
  hidden: ReadonlySet<OpId>,
): Promise<boolean> {
  const { missing } = await device.pocket.log(space).state();
  if (missing.length === 0) return false;
  const rows = (await Promise.all(devices.map(({ pocket }) => pocket.log(space).allRows()))).flat();
  const lost = rows.filter(({ inner }) => inner !== null && hasPlace(missing, parseInner(inner)));
  return lost.length > 0 && lost.every(({ opId }) => server.pruned.has(opId) || hidden.has(opId));
}

/** Nothing that was written after the removal is on the lost device, nor any key of it. */
async function checkLost({ lost, family, childs, world, said, late }: VaultWorld): Promise<void> {
  if (lost === null) return;
  const { space } = family.pocket;
  const epochs = childs.map(({ pocket }) => pocket.keyring.epoch(space));
  if (epochs.some((epoch) => epoch !== 2)) throw new Error(`a device was removed, and the epochs are ${epochs}`);
  if (lost.pocket.keyring.epoch(space) !== 1) throw new Error("a lost device has the new keys");
  const rows = await world.until(lost.said(space));
  const texts = new Set(rows.flatMap((row) => textOf(row) ?? []));
  const secret = [...said].filter(([text, where]) => where === space && late.has(text));
  if (secret.some(([text]) => texts.has(text)))
    throw new Error("a lost device shows what was written after its removal");
}

/** What was let go on the server is not needed: a device that is linked only now has everything, and misses nothing. */
async function checkLateComer(here: VaultWorld, pictures: Pictures): Promise<void> {
  const linked = await linkDevice(await here.parts(), here.childs[0] as VaultDevice);
  if (!(linked instanceof VaultDevice)) throw new Error(`no device can be linked at rest: ${linked.ended}`);
  here.devices.push(linked);
  for (let minutes = 0; minutes < 2; minutes++) await here.world.run(60_000);
  await here.world.until(checkDevice(here, linked, "the late comer", pictures));
}

async function checkDevice(here: VaultWorld, device: VaultDevice, name: string, pictures: Pictures): Promise<void> {
  const { connection, unsent, problem } = device.syncing.state();
  if (connection !== "on" || unsent !== 0) throw new Error(`${name} is ${connection}, ${unsent} unsent, ${problem}`);
  checkKeys(here, device);
  for (const shared of logged(device)) {
    const { space, kind } = shared;
    const state = await device.pocket.log(space).state();
    const rows = await device.said(space);
    const lacks = await lackingOn(here, device, shared, name, pictures);
    const bad = rows.find((row) => row.problem !== null && !isLetGo(row));
    if (here.evil !== null) {
      // Noticed, or harmless: where something is lacking, the space or the document says that it isn't whole.
      const broken = await isBroken(here, device, shared);
      if (state.problem !== null || bad !== undefined || broken) here.count("noticed");
      else if (lacks.length > 0) throw new Error(`${name} lacks ${lacks[0]} in its ${kind} and noticed nothing`);
      continue;
    }
    if (lacks.length > 0) throw new Error(`${name} lacks ${lacks} in its ${kind}`);
    if (state.problem !== null) throw new Error(`${name} raises a false alarm in its ${kind}: ${state.problem}`);
    if (bad !== undefined) throw new Error(`${name} can't use a record of its ${kind}: ${bad.problem}`);
  }
}

/** Texts, letters, deletions and everything else that should be shown in a space, as far as this device lacks it. */
async function lackingOn(
  here: VaultWorld,
  device: VaultDevice,
  shared: SharedSpace,
  name: string,
  pictures: Pictures = new Map(),
): Promise<readonly string[]> {
  const { space } = shared;
  const texts = new Set((await device.said(space)).flatMap((row) => textOf(row) ?? []));
  const lacking = [...here.said].filter(([text, where]) => where === space && !texts.has(text));
  return [...lacking.map(([text]) => text), ...(await documentsLacking(here, device, shared, name, pictures))];
}

/**
 * What another device signed too late and writes again itself: a deletion, or a word about a place of its chain. People's
 * words are written again by whoever has them, so none of them is ever left like this.
 */
const isLetGo = ({ kind, problem }: LogRow): boolean =>
  problem === "retired" && (kind === "control" || kind === "void");

async function isBroken({ own, joint }: VaultWorld, device: VaultDevice, { space }: SharedSpace): Promise<boolean> {
  const log = device.pocket.log(space);
  const whole = await Promise.all([...own, joint].map(({ document }) => log.isWhole(document)));
  return whole.includes(false);
}

/** Letters, everything else that a document shows, and deletions, as far as this device lacks them. */
async function documentsLacking(
  here: VaultWorld,
  device: VaultDevice,
  shared: SharedSpace,
  name: string,
  pictures: Pictures,
): Promise<readonly string[]> {
  const lacks: string[] = [];
  for (const one of here.writtenOn(device)) {
    if (one.shared !== shared || device === here.colluder) continue;
    const shown = await checkWritten(device, one, name);
    const picture = pictureOf(shown);
    // What was committed is there; what was crashed out in the middle of its commit may be there too.
    Y.applyUpdate(shown, Y.encodeStateAsUpdate(one.committed));
    if (pictureOf(shown) !== picture) lacks.push(`something of ${pictureOf(shown)}: it sees ${picture}`);
    if (here.evil !== null) continue;
    const first = pictures.get(one) ?? picture;
    if (picture !== first) lacks.push(`what the first device sees, ${first}: it sees ${picture}`);
    pictures.set(one, first);
  }
  if (shared === here.family.pocket) {
    for (const [document, by] of here.deleted) {
      // A server that kept it from whoever took that device out: words are written again, a deletion is let go (devices.md §7).
      if (here.evil !== null && by === here.lost) continue;
      const left = await device.pocket.log(shared.space).updates(document);
      if (left.length > 0 || device.pocket.pages.get(document) !== null) lacks.push("a deletion");
    }
  }
  return lacks;
}
