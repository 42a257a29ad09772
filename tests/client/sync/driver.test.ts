/** The driver around the engine, over the model server and the model keeper of the simulation. */
import { describe, expect, it } from "vitest";
import { createSyncing } from "../../../client/vault/syncing.ts";
import type { DocumentTag, SpaceId } from "../../../protocol/frames.ts";
import { FakeKeeper, freshDisk, type SpaceDisk } from "../../simulation/fake-keeper.ts";
import { MemoryServer } from "../../simulation/memory-server.ts";
import { Network } from "../../simulation/network.ts";
import { simulate } from "../../simulation/simulation.ts";
import { World } from "../../simulation/world.ts";

const SPACE = "5e".repeat(16) as SpaceId;
const DOCUMENT = "d0".repeat(16) as DocumentTag;

function device(world: World, server: MemoryServer) {
  const network = new Network(world, server);
  const disks = new Map<SpaceId, SpaceDisk>([[SPACE, freshDisk(world)]]);
  const counts = { storageFull: 0, rekeyed: 0, resealed: 0, rewound: 0, reuploaded: 0 };
  const faults = { storageFull: 0 };
  const deps = { world, server, network, disks, removed: new Set<SpaceId>(), faults, counts };
  const keeper = new FakeKeeper({ ...deps, syncing: () => syncing });
  const syncing = createSyncing({ transport: network.transport(), clock: world.clock, keeper, random: world.random });
  syncing.addSpace({ space: SPACE, epoch: 1, right: "own", mailbox: false });
  syncing.start();
  const disk = disks.get(SPACE) as SpaceDisk;
  const write = (text: string): void => {
    disk.pending.push({ document: DOCUMENT, text, blob: null });
    syncing.changed(SPACE);
  };
  return { network, keeper, syncing, disk, faults, write };
}

function alone() {
  const world = new World(7);
  const server = new MemoryServer(world);
  return { world, server, ...device(world, server) };
}

describe("syncing", () => {
  it("connects, creates its space, and brings what was written to the server", async () => {
    const { world, server, syncing, write } = alone();
    const states: string[] = [];
    syncing.onState(({ connection, unsent }) => states.push(`${connection} ${unsent}`));
    write("hello");
    await world.run(5_000);
    expect(server.spaces.get(SPACE)?.records).toHaveLength(1);
    expect(states.at(-1)).toBe("on 0");
    expect(syncing.state()).toEqual({ connection: "on", online: true, unsent: 0, problem: null });
  });

  it("flushes at once, and says false when there is no net in time", async () => {
    const { world, syncing, write, network } = alone();
    await world.run(5_000);
    write("quick");
    const sent = syncing.flush(2_000);
    await world.run(600); // less than the calm second
    await expect(sent).resolves.toBe(true);
    await expect(syncing.flush(2_000)).resolves.toBe(true);
    network.online = false;
    network.breakConnections();
    write("stays");
    const unsent = syncing.flush(2_000);
    await world.run(2_000);
    await expect(unsent).resolves.toBe(false);
  });

  it("asks for a token once, again near its end, and again when it was refused", async () => {
    const { world, server, syncing } = alone();
    await world.run(5_000);
    const both = Promise.all([syncing.token(SPACE), syncing.token(SPACE)]);
    await world.run(500);
    const [token, same] = await both;
    expect(same).toBe(token);
    const there = server.spaces.get(SPACE)!;
    there.epoch = 9; // so that the next token is another
    await expect(syncing.token(SPACE)).resolves.toBe(token);
    const fresh = syncing.token(SPACE, token);
    await world.run(500);
    expect(await fresh).not.toBe(token);
    there.epoch = 10;
    world.after(520_000, () => undefined);
    await world.run(520_000);
    const later = syncing.token(SPACE);
    await world.run(500);
    expect(await later).toBe(`${SPACE}/10`);
  });

  it("rejects what was asked with its code, and with stopped at the end", async () => {
    const { world, syncing } = alone();
    await world.run(5_000);
    const other = "0f".repeat(16) as SpaceId;
    await expect(syncing.ask({ type: "token", space: other })).rejects.toMatchObject({
      name: "SyncError",
      code: "not-open",
    });
    const listing = syncing.ask({ type: "listWaits", space: SPACE });
    listing.catch(() => undefined);
    await world.run(500);
    await expect(listing).rejects.toMatchObject({ code: "bad-frame" });
    const asked = syncing.ask({ type: "deleteDocument", space: SPACE, document: DOCUMENT });
    syncing.stop();
    await expect(asked).rejects.toMatchObject({ code: "stopped" });
    await expect(syncing.ask({ type: "token", space: SPACE })).rejects.toMatchObject({ code: "stopped" });
  });

  it("hands presence on to the others, and drops it when the space isn't open", async () => {
    const world = new World(8);
    const server = new MemoryServer(world);
    const [one, other] = [device(world, server), device(world, server)];
    const heard: Uint8Array[] = [];
    other.keeper.ephemeral = (_space, _document, bytes) => heard.push(bytes);
    one.syncing.sendEphemeral(SPACE, DOCUMENT, Uint8Array.of(1));
    await world.run(5_000);
    one.syncing.sendEphemeral(SPACE, DOCUMENT, Uint8Array.of(2));
    await world.run(500);
    expect(heard).toEqual([Uint8Array.of(2)]);
  });

  it("tells a full disk, loses nothing, and goes on when there is room", async () => {
    const { world, server, syncing, write, faults } = alone();
    await world.run(5_000);
    faults.storageFull = 1;
    write("later");
    await world.run(5_000);
    expect(syncing.state()).toMatchObject({ connection: "problem", problem: "storage-full" });
    faults.storageFull = 0;
    await world.run(120_000);
    expect(syncing.state()).toEqual({ connection: "on", online: true, unsent: 0, problem: null });
    expect(server.spaces.get(SPACE)?.records).toHaveLength(1);
  });
});

describe("a short simulation", () => {
  it.each([1, 2, 3, 4, 5, 6])("seed %i", async (seed) => {
    await simulate(seed, { steps: 60, refusals: seed % 2 === 0 });
  });
});
