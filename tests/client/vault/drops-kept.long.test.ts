/**
 * A drop is the only copy of what somebody sent, until what came of it is with the server: a device that took it and is
 * lost before that must not take it along.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTransport } from "../../../client/transport/transport.ts";
import type { PersonId, VaultApi } from "../../../client/vault/api.ts";
import type { Transport } from "../../../client/vault/ports.ts";
import type { ClientFrame, SpaceId } from "../../../protocol/frames.ts";
import { startServer, type TestServer } from "../../browser/harness/server.ts";
import { connectOver } from "./connect-over.ts";
import { CHILD, Device, PICTURES, until } from "./device.ts";

let server: TestServer;
const devices: Device[] = [];

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  for (const device of devices) for (const stop of device.stops.splice(0)) await stop();
  await server.remove();
});

interface Line {
  /** Records of the pocket don't get out. */
  holds: boolean;
  pocket: SpaceId | null;
  /** Of every frame that went out. */
  readonly sent: ClientFrame["type"][];
  /** How many more drops it may send to others; the rest wait. */
  drops: number;
}

async function person(role: "child" | "caseworker", name: string) {
  const device = await Device.create({ strict: false });
  devices.push(device);
  const line: Line = { holds: false, pocket: null, sent: [], drops: Number.POSITIVE_INFINITY };
  const real = createTransport(server.origin);
  const transport: Transport = {
    http: {
      ...real.http,
      async drop(...args) {
        await until(async () => line.drops > 0, 60_000);
        line.drops--;
        await real.http.drop(...args);
      },
    },
    connect(events) {
      const wire = real.connect(events);
      return {
        close: () => wire.close(),
        send(frame) {
          if (line.holds && frame.type === "append" && frame.space === line.pocket) return;
          line.sent.push(frame.type);
          wire.send(frame);
        },
      };
    },
  };
  connectOver(device, transport, {
    opened: (pocket) => {
      line.pocket = pocket.keyring.me.pocket;
    },
  });
  const vault = device.start();
  const id = await vault.createPocket({ ...CHILD, role });
  await vault.setName(name);
  await settled(vault);
  return { device, vault, id, line };
}

const settled = (vault: VaultApi) =>
  until(async () => (await vault.syncState()).connection === "on" && (await vault.syncState()).unsent === 0, 15_000);

const paired = async (vault: VaultApi): Promise<PersonId | null> => {
  const [other] = await vault.people();
  return other?.state === "paired" && other.circle !== null ? other.id : null;
};

it("a device that loses all it kept since an introduction came gets the introduction again", async () => {
  const [alma, mette] = [await person("child", "Alma"), await person("caseworker", "Mette")];
  alma.line.drops = 1; // Her answer to the request; not yet the circle she makes for the two.
  const { payload } = await alma.vault.invite("scan");
  await mette.vault.join(payload, "scan");
  await until(async () => (await alma.vault.people())[0]?.state === "paired", 15_000);
  await settled(mette.vault);
  await until(async () => mette.line.sent.includes("clearDrops"), 15_000);
  mette.device.shelf.flush();

  mette.line.holds = true;
  mette.line.sent.splice(0);
  alma.line.drops = Number.POSITIVE_INFINITY;
  await until(() => paired(mette.vault), 15_000);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(mette.line.sent).not.toContain("clearDrops");

  for (const stop of mette.device.stops.splice(0)) await stop();
  mette.device.shelf.crash();
  mette.line.holds = false;
  const vault = mette.device.start();
  await vault.unlock(mette.id, PICTURES);
  expect(await until(() => paired(vault), 20_000)).toMatch(/^[0-9a-f]+$/);
  await until(async () => mette.line.sent.includes("clearDrops"), 15_000);
});
