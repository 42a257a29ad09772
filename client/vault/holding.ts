/**
 * "Your devices hold the same": a sign of everything that stands in the pocket, the same on each device that has all of it.
 * Each tells the others its own in a row, when it has been quiet for a moment; and shows it as four pictures, which a person
 * can compare with the device in hand. Spec: docs/protocol/devices.md §8.
 *
 *   sign     = SHA-256 of lines "chain counter hash", sorted: the newest place of each chain at which something of the person
 *              stands, as its inner hash (which names all before it), and where ended chains end
 *   pictures = six bits of each of its first four bytes
 */
import { utf8 } from "../../crypto/bytes.ts";
import { sha256, toHex } from "../../crypto/sodium.ts";
import type { DeviceId } from "./api.ts";
import { deviceIdOf, listDeviceRows } from "./devices.ts";
import type { Syncing } from "./keeper.ts";
import type { Pocket } from "./pocket.ts";
import { sharedRows } from "./state-rows.ts";

/** Without anything new for this long; a device that is written on tells its sign in the pauses. */
const QUIET_MS = 5_000;
const PICTURES = 4;

interface HoldingRow {
  readonly sign: string;
  readonly at: number;
}

const rowsOf = ({ shared }: Pocket) => sharedRows<HoldingRow>(shared, "holds");

/** Null while something is known to be missing here. 64 hex digits. */
export async function readSign(pocket: Pocket): Promise<string | null> {
  const { pocket: space } = pocket.keyring.me;
  const { content = {}, missing, awaited, cursor } = await pocket.store.exclusive(() => pocket.log(space).state());
  if (missing.length > 0 || awaited.length > 0 || cursor === null) return null;
  const retired = pocket.keyring.space(space)?.retired ?? [];
  const ended = new Set<string>(retired.map(({ chain }) => chain));
  const lines = [
    ...Object.entries(content).flatMap(([chain, { counter, hash }]) =>
      ended.has(chain) ? [] : [`${chain} ${counter} ${toHex(hash)}`],
    ),
    ...retired.map(({ chain, counter }) => `${chain} ${counter}`),
  ];
  return toHex(sha256(utf8(lines.toSorted((a, b) => (a < b ? -1 : 1)).join("\n"))));
}

/** Four of the 64 pictures. */
export const signPictures = (sign: string): readonly number[] =>
  Array.from({ length: PICTURES }, (_, at) => Number.parseInt(sign.slice(2 * at, 2 * at + 2), 16) & 63);

/** What each device told last. */
export async function signsOfDevices(pocket: Pocket): Promise<ReadonlyMap<DeviceId, string>> {
  return new Map((await rowsOf(pocket).all()).map(({ id, row }) => [id as DeviceId, row.sign]));
}

export interface Holding {
  /** Something came or went. */
  changed(): void;
  stop(): void;
}

export function createHolding(pocket: Pocket, syncing: Pick<Syncing, "state">): Holding {
  let cancel = (): void => undefined;
  let stopped = false;

  async function tell(): Promise<void> {
    const { connection, unsent } = syncing.state();
    if (stopped || connection !== "on" || unsent > 0) return;
    const sign = await readSign(pocket);
    const own = deviceIdOf(pocket.keyring.me);
    if (sign === null || (await listDeviceRows(pocket)).length < 2) return;
    if ((await rowsOf(pocket).get(own))?.sign === sign) return;
    await pocket.shared.write([rowsOf(pocket).entry(own, { sign, at: pocket.clock.now() })]);
    pocket.emit({ type: "changed", what: "devices" });
  }

  return {
    changed() {
      cancel();
      if (!stopped) cancel = pocket.clock.after(QUIET_MS, () => void tell().catch(() => undefined));
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
}
