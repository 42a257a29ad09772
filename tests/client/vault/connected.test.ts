import { describe, expect, it } from "vitest";
import { type Http, type Transport, TransportError } from "../../../client/vault/ports.ts";
import { connectOver } from "./connect-over.ts";
import { CHILD, Device, until } from "./device.ts";

/** A browser without net: every line is closed at once, every question unanswered. */
const noNet: Transport = {
  connect: (events) => {
    setTimeout(() => events.closed(1006), 0);
    return { send: () => undefined, close: () => undefined };
  },
  http: new Proxy({} as Http, {
    get: () => async () => {
      throw new TransportError("offline");
    },
  }),
};

describe("a pocket whose sharing can't be taken up", () => {
  it("opens all the same, says so, and tries again until it can", async () => {
    const device = await Device.create();
    const row: { broken: boolean } = { broken: true };
    connectOver(device, noNet, {
      opened: ({ shared }) => {
        const list = shared.list.bind(shared);
        shared.list = async (prefix) => {
          if (row.broken) throw new Error("a row that can't be read");
          return list(prefix);
        };
      },
    });
    const vault = device.start();
    await vault.createPocket(CHILD);
    expect(await vault.createDocument("entry")).toMatch(/^[0-9a-f]{32}$/);
    expect((await vault.syncState()).problem).toBe("failed");
    row.broken = false;
    await until(async () => (await vault.syncState()).problem === null, 8000);
    const told = vault.events.flatMap((event) => (event.type === "sync" ? [event.state.problem] : []));
    expect(told).toContain("failed");
    expect(told.at(-1)).toBeNull();
    for (const stop of device.stops) await stop();
  });
});
