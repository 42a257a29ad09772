/** Ties a device of the tests to a server, as worker.ts ties a real one. */
import { type ConnectDeps, connectPocket } from "../../../client/vault/connected.ts";
import type { Pocket } from "../../../client/vault/pocket.ts";
import type { Transport } from "../../../client/vault/ports.ts";
import type { Device } from "./device.ts";

interface Line extends Partial<Pick<ConnectDeps, "random" | "onNudge">> {
  /** Sees each pocket that is opened, before it is connected. */
  readonly opened?: (pocket: Pocket) => void;
}

/** From the device's next start on. Whoever ends the device calls its `stops`. */
export function connectOver(device: Device, transport: Transport, line: Line = {}): void {
  const { random = Math.random, onNudge = () => () => undefined, opened } = line;
  device.connect = async (pocket) => {
    opened?.(pocket);
    const beyond = await connectPocket(pocket, { transport, random, onNudge });
    device.stops.push(() => beyond.stop());
    return beyond;
  };
}
