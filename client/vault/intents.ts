/**
 * That a lost device is to be taken out, as this device keeps it until that is done (docs/protocol/devices.md §6). It stands
 * in the lost device's shared row too, for the list; but that row is anybody's: who writes it in the same moment (a new name,
 * or nothing at all, from the lost device itself) may win over the intent, and nobody would be taken out.
 */
import type { Device, DeviceId } from "./api.ts";
import { type DeviceRow, deviceIdOf, listDeviceRows, listGoneDevices } from "./devices.ts";
import type { Pocket } from "./pocket.ts";

const GROUP = ["removing"] as const;

export interface Intent {
  readonly id: DeviceId;
  /** The devices that stood in the list when the person decided. */
  readonly staying: readonly DeviceId[];
  /** The pocket's epoch at that moment; it takes a later one. */
  readonly above: number;
  /**
   * Of those that stay, where it was decided here. Their rows may be gone when the keys are made: taken away by the lost
   * device, or found to be part of a second history. Who stays gets keys all the same.
   */
  readonly certificates?: readonly Certified[];
}

type Certified = Pick<DeviceRow, "id" | "certificate">;

/** Strictly durable when it resolves. */
export const keepIntent = ({ store }: Pocket, intent: Intent): Promise<void> =>
  store.commit([store.put("spaces", GROUP, intent.id, intent)]);

export const forgetIntents = ({ store }: Pocket, intents: readonly Intent[]): Promise<void> =>
  store.commit(intents.map(({ id }) => store.remove("spaces", GROUP, id)));

/** Decided here, whatever the shared rows say by now, and what another device of mine had decided. */
export async function listIntents(pocket: Pocket): Promise<readonly Intent[]> {
  const kept = (await pocket.store.list<Intent>("spaces", GROUP)).map(({ value }) => value);
  const shared = (await listDeviceRows(pocket)).filter(
    ({ id, removing }) => removing && kept.every((one) => one.id !== id),
  );
  return [...kept, ...shared.map(({ id, staying, above }) => ({ id, staying: staying ?? [], above: above ?? 0 }))];
}

/**
 * For whom the next keys are left: who stood in the list at each of these decisions, and this device. Nobody else: whoever
 * came in since did so unseen.
 */
export async function listStaying(pocket: Pocket, lost: readonly Intent[]): Promise<readonly Certified[]> {
  const own = deviceIdOf(pocket.keyring.me);
  const seen = lost.map(({ staying }) => new Set(staying));
  const [rows, gone] = [await listDeviceRows(pocket), await listGoneDevices(pocket)];
  // Also whom the person decided on only just now.
  const out = new Set((await listIntents(pocket)).map(({ id }) => id));
  const known = new Map<DeviceId, Certified>();
  for (const one of [...lost.flatMap(({ certificates = [] }) => certificates), ...rows]) known.set(one.id, one);
  return [...known.values()].filter(
    ({ id }) => !out.has(id) && !gone.has(id) && (id === own || seen.every((one) => one.has(id))),
  );
}

/** The list as the person sees it: who is to be taken out is marked, also where the row says so no more. */
export async function listKnownDevices(pocket: Pocket): Promise<readonly DeviceRow[]> {
  const out = new Set((await listIntents(pocket)).map(({ id }) => id));
  return (await listDeviceRows(pocket)).map((row) => (out.has(row.id) ? { ...row, removing: true } : row));
}

export async function listDevices(
  pocket: Pocket,
  holdsSame: (id: DeviceId) => boolean = () => false,
): Promise<readonly Device[]> {
  const own = deviceIdOf(pocket.keyring.me);
  return (await listKnownDevices(pocket)).map(({ id, name, kind, since, removing }) => ({
    id,
    name,
    kind,
    since,
    removing,
    isThis: id === own,
    holdsSame: holdsSame(id),
  }));
}
