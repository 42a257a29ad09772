/** My name, the same on all my devices: the keyring's row is this device's copy of the shared one. */
import type { Pocket } from "./pocket.ts";
import { sharedRows } from "./state-rows.ts";

const rowsOf = ({ shared }: Pocket) => sharedRows<{ readonly name: string }>(shared, "me");

export const shareName = (pocket: Pocket): Promise<void> =>
  pocket.shared.write([rowsOf(pocket).entry("now", { name: pocket.keyring.me.name })]);

/** What another device says it is now. */
export async function takeName(pocket: Pocket): Promise<void> {
  const row = await rowsOf(pocket).get("now");
  if (row !== null && row.name !== pocket.keyring.me.name) await pocket.keyring.setName(row.name);
}
