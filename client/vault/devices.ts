/**
 * This person's devices, one shared row each (shared-state.ts): certified by the identity, with the public half under which
 * a removal of another device leaves its keys.
 * Spec: docs/protocol/devices.md §1.
 */
import { certifyDevice, type DeviceKeys, hashDevice, openDeviceCertificate } from "../../crypto/identity.ts";
import { equalBytes, toHex } from "../../crypto/sodium.ts";
import type { DeviceCertificate } from "../../crypto/types.ts";
import type { SharedEntry } from "../documents/shared-rows.ts";
import type { DeviceAbout, DeviceId } from "./api.ts";
import { VaultFailure } from "./failure.ts";
import type { Me } from "./keyring.ts";
import type { Pocket } from "./pocket.ts";
import { sharedRows } from "./state-rows.ts";

const MAX_NAME_CHARACTERS = 64;

export interface DeviceRow extends DeviceAbout {
  readonly id: DeviceId;
  readonly certificate: DeviceCertificate;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Removed, and the pocket's keys not yet changed. */
  readonly removing: boolean;
  /** Then: the devices that stood in the list when the person removed it. */
  readonly staying?: readonly DeviceId[];
  /** Then: the pocket's epoch at that moment; it takes a later one. */
  readonly above?: number;
}

/** The first half of its hash: random, the same on all devices, and no other box can be certified under it. */
const idOf = (keys: DeviceKeys): DeviceId => toHex(hashDevice(keys)).slice(0, 32) as DeviceId;

export const deviceIdOf = ({ device: { publicKey, box } }: Pick<Me, "device">): DeviceId =>
  idOf({ publicKey, box: box.publicKey });

const rowsOf = ({ shared }: Pocket) => sharedRows<DeviceRow>(shared, "device");

/** Of a device that was removed: its certificate never counts again. */
const goneOf = ({ shared }: Pocket) => sharedRows<{ readonly at: number }>(shared, "gone-device");

export const removingEntry = (pocket: Pocket, row: DeviceRow, staying: readonly DeviceId[]): SharedEntry =>
  rowsOf(pocket).entry(row.id, {
    ...row,
    removing: true,
    staying,
    above: pocket.keyring.epoch(pocket.keyring.me.pocket),
  });

export const goneEntry = (pocket: Pocket, { id }: Pick<DeviceRow, "id">): SharedEntry[] => [
  rowsOf(pocket).entry(id, null),
  goneOf(pocket).entry(id, { at: pocket.clock.now() }),
];

/** Those whose certificates never count again. */
export const listGoneDevices = async (pocket: Pocket): Promise<ReadonlySet<string>> =>
  new Set((await goneOf(pocket).all()).map(({ id }) => id));

/** Those whose certificate is of this person's identity and that weren't removed, oldest first. */
export async function listDeviceRows(pocket: Pocket): Promise<readonly DeviceRow[]> {
  const rows = (await rowsOf(pocket).all()).map(({ row }) => row);
  const gone = await listGoneDevices(pocket);
  return rows
    .filter((row) => isCertified(pocket, row) && !gone.has(row.id))
    .toSorted((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1));
}

/** Certificates that held, each once: the list is looked at with every row that arrives, and a signature takes its time. */
const held = new WeakMap<Pocket, Map<DeviceId, DeviceCertificate>>();

function isCertified(pocket: Pocket, { id, certificate }: DeviceRow): boolean {
  const known = held.get(pocket) ?? new Map<DeviceId, DeviceCertificate>();
  held.set(pocket, known);
  const before = known.get(id);
  if (before !== undefined && equalBytes(before, certificate)) return true;
  try {
    if (idOf(openDeviceCertificate(certificate, pocket.keyring.me.identity.publicKey)) !== id) return false;
    known.set(id, certificate);
    return true;
  } catch {
    return false;
  }
}

/** A row for a device whose keys were just made; for the caller's own write. */
export function newDeviceEntry(
  pocket: Pocket,
  device: Pick<Me["device"], "publicKey"> & { readonly box: Pick<Me["device"]["box"], "publicKey"> },
  about: DeviceAbout,
): { readonly row: DeviceRow; readonly entry: SharedEntry } {
  const { publicKey, box } = device;
  const row: DeviceRow = {
    id: idOf({ publicKey, box: box.publicKey }),
    name: about.name.trim().slice(0, MAX_NAME_CHARACTERS),
    kind: about.kind,
    certificate: certifyDevice(pocket.keyring.me.identity, { publicKey, box: box.publicKey }),
    since: pocket.clock.now(),
    removing: false,
  };
  return { row, entry: rowsOf(pocket).entry(row.id, row) };
}

/** This device stands in the list: at the first start, and again if another device lost its row, or certified other keys there. */
export async function ensureOwnDevice(pocket: Pocket, about: DeviceAbout): Promise<void> {
  const { device } = pocket.keyring.me;
  const known = await rowsOf(pocket).get(deviceIdOf({ device }));
  if (known !== null && isCertified(pocket, known)) return;
  await pocket.shared.write([newDeviceEntry(pocket, device, about).entry]);
}

/** @throws VaultFailure not-here */
export async function nameDevice(pocket: Pocket, id: DeviceId, { name, kind }: DeviceAbout): Promise<void> {
  const row = await rowsOf(pocket).get(id);
  if (row === null) throw new VaultFailure("not-here");
  const next = { ...row, name: name.trim().slice(0, MAX_NAME_CHARACTERS), kind };
  await pocket.shared.write([rowsOf(pocket).entry(id, next)]);
}
