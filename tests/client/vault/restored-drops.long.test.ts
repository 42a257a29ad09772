/**
 * A server that is restored, without its journal, from a backup that is older than an invitation, a pairing, or the end of a
 * card: drop keys are registered anew, drops that were lost are dropped once more, and what ended stays ended.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTransport } from "../../../client/transport/transport.ts";
import type { VaultApi } from "../../../client/vault/api.ts";
import type { Transport } from "../../../client/vault/ports.ts";
import type { TestServer } from "../../browser/harness/server.ts";
import { connectOver } from "./connect-over.ts";
import { PICTURES, until } from "./device.ts";
import { backUp, closedSpaces, dropKeys, forgetBackup, goBackInTime } from "./restoring.ts";
import { emptyBrowser, endWorld, pair, person, settled, startWorld, write } from "./several.ts";

let server: TestServer;
beforeEach(async () => {
  server = await startWorld();
});
afterEach(async () => {
  forgetBackup(server);
  await endWorld();
});

const SOON = 30_000;
const options = { notSafeForParents: false, withMoods: false, photos: [] };

const goBack = () => goBackInTime(server, "--without-journal");
const opened = () => until(() => closedSpaces(server) === 0, SOON);

/** The other, once both sides of the pairing stand. */
const paired = (vault: VaultApi) =>
  until(async () => {
    const [other] = await vault.people();
    return other?.state === "paired" && other.circle !== null ? other.id : null;
  }, SOON);

type Browser = Awaited<ReturnType<typeof person>>;

/** Locks, and opens when it is called. */
async function lock({ device, vault, id }: Browser): Promise<() => Promise<VaultApi>> {
  await vault.seal(500);
  for (const stop of device.stops.splice(0)) await stop();
  return async () => {
    const again = device.start();
    await again.unlock(id, PICTURES);
    await again.confirmCode(PICTURES);
    return again;
  };
}

describe("a server that went back behind a pairing, without its journal", () => {
  test("an invitation holds, also for whoever has it already", async () => {
    const [alma, mette] = [await person("child", "Alma"), await person("caseworker", "Mette")];
    for (const { vault } of [alma, mette]) await settled(vault);
    backUp(server);
    const { payload } = await alma.vault.invite("scan");
    await alma.vault.setName("Alma B."); // The card behind the invitation is the one whose hash is in it.
    await settled(alma.vault);
    await goBack();
    await opened();
    await until(() => dropKeys(server) === 1, SOON);
    await mette.vault.join(payload, "scan");
    await paired(alma.vault);
    await paired(mette.vault);
  }, 120_000);

  test("a request that was accepted and lost comes again, and one that finds no mailbox ends no pairing", async () => {
    const [alma, mette] = [await person("child", "Alma"), await person("caseworker", "Mette")];
    const { payload } = await alma.vault.invite("scan");
    for (const { vault } of [alma, mette]) await settled(vault);
    backUp(server);
    const openAlma = await lock(alma);
    await mette.vault.join(payload, "scan");
    await until(() => dropKeys(server) === 2, SOON);
    await settled(mette.vault);
    await goBack();
    await until(() => dropKeys(server) === 2, SOON);
    const vault = await openAlma();
    await paired(vault);
    await paired(mette.vault);
  }, 120_000);

  test("an introduction that was accepted and lost comes again: what is shown arrives", async () => {
    const [alma, mette] = [await person("child", "Alma"), await person("caseworker", "Mette")];
    for (const { vault } of [alma, mette]) await settled(vault);
    backUp(server);
    const { payload } = await alma.vault.invite("scan");
    await mette.vault.join(payload, "scan");
    await until(async () => (await mette.vault.people())[0]?.state === "paired", SOON);
    const openMette = await lock(mette);
    const adult = await paired(alma.vault);
    const share = await alma.vault.show(await write(alma.vault, "Til dig"), adult, options);
    await settled(alma.vault);
    const openAlma = await lock(alma);
    await goBack();

    // First the one whose key the other's mailbox must have, then the other way round.
    const child = await openAlma();
    await until(() => dropKeys(server) === 1, SOON);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect((await child.people())[0]?.state).toBe("paired");
    const there = await openMette();
    await paired(there);
    await until(async () => (await there.received()).some(({ id }) => id === share), SOON);
    expect((await child.people())[0]?.state).toBe("paired");
  }, 120_000);

  test("the key of somebody parted from stays closed, and everybody else's holds", async () => {
    const [alma, mette] = [await person("child", "Alma"), await person("caseworker", "Mette")];
    const { adultAtChild } = await pair(alma.vault, mette.vault);
    for (const { vault } of [alma, mette]) await settled(vault);
    backUp(server);
    expect(dropKeys(server)).toBe(2);
    await alma.vault.removePerson(adultAtChild);
    await until(() => dropKeys(server) === 1, SOON);
    await until(async () => (await mette.vault.people())[0]?.state === "removed", SOON);
    await goBack();
    expect(dropKeys(server)).toBe(2);
    await until(() => dropKeys(server) === 1, SOON);
  }, 120_000);
});

describe("a card whose wait was stopped", () => {
  const everywhere = ({ vault }: Browser) => until(async () => (await vault.cardReach()) === "everywhere", SOON);

  test("stays ended on a server that went back to before it was", async () => {
    const alma = await person("child", "Alma");
    const card = await alma.vault.makeCard();
    await everywhere(alma);
    const thief = await emptyBrowser();
    expect(await thief.vault.restore(card)).toMatchObject({ step: "waiting" });
    backUp(server);
    const [wait] = await until(async () => {
      const waits = await alma.vault.waits();
      return waits.length > 0 ? waits : null;
    }, SOON);
    await alma.vault.stopWait(wait?.id ?? "", PICTURES);
    expect(await alma.vault.cardState()).toBe("none");
    await expect(thief.vault.restore(card)).rejects.toMatchObject({ code: "card-ended" });
    await goBack();
    await opened();
    await expect(thief.vault.restore(card)).rejects.toMatchObject({ code: "card-ended" });
  }, 120_000);

  test("is stopped as soon as there is net when the line breaks at the stop, and gets no keys meanwhile", async () => {
    const alma = await person("child", "Alma");
    const card = await alma.vault.makeCard();
    await everywhere(alma);
    const thief = await emptyBrowser();
    expect(await thief.vault.restore(card)).toMatchObject({ step: "waiting" });
    await alma.vault.seal(500);
    for (const stop of alma.device.stops.splice(0)) await stop();

    const real = createTransport(server.origin);
    const deaf: Transport = {
      ...real,
      connect(events) {
        const wire = real.connect(events);
        return { ...wire, send: (frame) => frame.type !== "putWraps" && wire.send(frame), close: () => wire.close() };
      },
    };
    const { connect } = alma.device;
    connectOver(alma.device, deaf);
    const there = alma.device.start();
    await there.unlock(alma.id, PICTURES);
    const [wait] = await until(async () => {
      const waits = await there.waits();
      return waits.length > 0 ? waits : null;
    }, SOON);
    const stopping = there.stopWait(wait?.id ?? "", PICTURES).catch(() => undefined);
    await settled(there);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await there.cardState()).toBe("made"); // It isn't stopped yet, and nobody says so.
    for (const stop of alma.device.stops.splice(0)) await stop();
    await stopping;

    alma.device.connect = connect;
    const again = alma.device.start();
    await again.unlock(alma.id, PICTURES);
    await until(async () => (await again.cardState()) === "none", SOON);
    await expect(thief.vault.restore(card)).rejects.toMatchObject({ code: "card-ended" });
  }, 120_000);
});
