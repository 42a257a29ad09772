/**
 * The hard turns of sharing over the real server, sync, store and crypto: flight mode and locks in between. What happens
 * on the way is in story.test.ts and its neighbours; here the question is whether all parts hold together.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTransport } from "../../../../client/transport/transport.ts";
import type { NewPocket, PersonId, ShareId, VaultApi } from "../../../../client/vault/api.ts";
import { connectPocket } from "../../../../client/vault/connected.ts";
import { type Transport, TransportError, type Wire } from "../../../../client/vault/ports.ts";
import type { DocumentTag } from "../../../../crypto/types.ts";
import { startServer, type TestServer } from "../../../browser/harness/server.ts";
import { CHILD, Device, PICTURES, until } from "../device.ts";
import { openPage, type } from "../page.ts";

const SOON = 20_000;
const plain = { notSafeForParents: false, withMoods: false, photos: [] };
let server: TestServer;
const people: Someone[] = [];

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  for (const someone of people) await someone.close();
  await server.remove();
});

/** A vault on a device that can be put into flight mode. */
class Someone {
  readonly device: Device;
  vault: VaultApi;
  #flight: boolean;
  #pocket: Parameters<VaultApi["unlock"]>[0] | null = null;
  readonly #wires = new Set<() => void>();
  readonly #nudges = new Set<() => void>();

  private constructor(device: Device) {
    this.device = device;
    this.#flight = false;
    const transport = this.#transport();
    device.connect = async (pocket) => {
      const onNudge = (call: () => void) => {
        this.#nudges.add(call);
        return () => this.#nudges.delete(call);
      };
      const beyond = await connectPocket(pocket, { transport, random: Math.random, onNudge });
      device.stops.push(() => beyond.stop());
      return beyond;
    };
    this.vault = device.start();
  }

  static async create(role: NewPocket["role"], name: string): Promise<Someone> {
    const someone = new Someone(await Device.create());
    people.push(someone);
    someone.#pocket = await someone.vault.createPocket({ ...CHILD, role });
    await someone.vault.setName(name);
    await someone.#connected();
    return someone;
  }

  #connected = () => until(async () => (await this.vault.syncState()).connection === "on", SOON);

  #transport(): Transport {
    const real = createTransport(server.origin);
    const http = new Proxy(real.http, {
      get: (target, name: keyof Transport["http"]) => {
        if (this.#flight) return async () => Promise.reject(new TransportError("offline"));
        return target[name].bind(target);
      },
    });
    const connect: Transport["connect"] = (events) => {
      if (this.#flight) {
        setTimeout(() => events.closed(1006), 1);
        return { send: () => undefined, close: () => undefined };
      }
      const wire: Wire = real.connect(events);
      const cut = () => wire.close();
      this.#wires.add(cut);
      return wire;
    };
    return { http, connect };
  }

  async setFlightMode(on: boolean): Promise<void> {
    this.#flight = on;
    if (on) {
      for (const cut of this.#wires) cut();
      this.#wires.clear();
      await until(async () => (await this.vault.syncState()).connection !== "on", SOON);
    } else {
      for (const nudge of this.#nudges) nudge();
      await this.#connected();
    }
  }

  /** Locks, and opens again with the code. */
  async reopen(): Promise<void> {
    await this.vault.seal(500);
    for (const stop of this.device.stops.splice(0)) await stop();
    this.vault = this.device.start();
    if (this.#pocket === null) throw new Error("no pocket");
    await this.vault.unlock(this.#pocket, PICTURES);
  }

  async close(): Promise<void> {
    for (const stop of this.device.stops.splice(0)) await stop();
  }

  async write(words: string): Promise<DocumentTag> {
    const document = await this.vault.createDocument("entry");
    const page = await openPage(this.vault, document);
    type(page, words);
    await until(async () => (await this.vault.timeline("entry")).some(({ excerpt }) => excerpt === words), SOON);
    page.close();
    return document;
  }

  pairedWith = (name: string): Promise<PersonId> =>
    until(async () => {
      const all = (await this.vault.people()).filter((one) => one.name === name);
      return all.find(({ state, circle }) => state === "paired" && circle !== null)?.id ?? null;
    }, SOON);

  endOf = async (share: ShareId) => (await this.vault.shares()).find(({ id }) => id === share)?.takeBack;
  stepOf = async (share: ShareId) => (await this.vault.shares()).find(({ id }) => id === share)?.steps.at(-1)?.step;
}

async function pair(): Promise<{ child: Someone; adult: Someone; mette: PersonId; alma: PersonId }> {
  const child = await Someone.create("child", "Alma");
  const adult = await Someone.create("caseworker", "Mette");
  const { payload } = await child.vault.invite("scan");
  await adult.vault.join(payload, "scan");
  return { child, adult, mette: await child.pairedWith("Mette"), alma: await adult.pairedWith("Alma") };
}

describe("over the server", () => {
  test("fetched, offline, opened, answered, locked; taken back; back online", async () => {
    const { child, adult, mette } = await pair();
    const share = await child.vault.show(await child.write("Kun til dig"), mette, plain);
    await until(async () => (await child.stepOf(share)) === "arrived", SOON);

    await adult.setFlightMode(true);
    await adult.reopen();
    expect((await adult.vault.received())[0]?.copy.text[0]?.runs[0]?.text).toBe("Kun til dig");
    await adult.vault.markOpened(share);
    await adult.vault.answer(share, "Tak, fordi du skrev det.");

    await child.vault.takeBack(share);
    await until(async () => (await child.vault.syncState()).unsent === 0, SOON);
    expect(await child.endOf(share)).toBe("waiting");
    expect(await adult.vault.received()).toHaveLength(1);

    await adult.setFlightMode(false);
    await until(async () => (await child.endOf(share)) === "gone-opened", SOON);
    expect(await adult.vault.received()).toEqual([]);
    expect((await child.vault.shares())[0]?.answers.map(({ text }) => text)).toEqual(["Tak, fordi du skrev det."]);
  });

  test("shown and taken back in flight mode never leaves; shown and locked in flight mode arrives", async () => {
    const { child, adult, mette } = await pair();
    await child.setFlightMode(true);
    const regretted = await child.vault.show(await child.write("fortrudt"), mette, plain);
    await child.vault.takeBack(regretted);
    expect(await child.endOf(regretted)).toBe("gone-unopened");
    const meant = await child.vault.show(await child.write("ment"), mette, plain);
    expect(await child.stepOf(meant)).toBe("saved");
    await child.reopen();
    await child.setFlightMode(false);
    await until(async () => (await child.stepOf(meant)) === "arrived", SOON);
    expect((await adult.vault.received()).map(({ id }) => id)).toEqual([meant]);
  });

  test("with the server, not fetched, taken back: nobody had opened it", async () => {
    const { child, adult, mette } = await pair();
    await adult.setFlightMode(true);
    const share = await child.vault.show(await child.write("hej"), mette, plain);
    await until(async () => (await child.stepOf(share)) === "sent", SOON);
    await child.vault.takeBack(share);
    expect(await child.endOf(share)).toBe("waiting");
    await adult.setFlightMode(false);
    await until(async () => (await child.endOf(share)) === "gone-unopened", SOON);
    // What comes afterwards still arrives: the hole in the chain is explained.
    const next = await child.vault.show(await child.write("igen"), mette, plain);
    await until(async () => (await child.stepOf(next)) === "arrived", SOON);
    expect((await adult.vault.received()).map(({ id }) => id)).toEqual([next]);
  });

  test("parting decided in flight mode: nothing leaves, the other hears of it when there is net", async () => {
    const { child, adult, mette, alma } = await pair();
    const before = await child.vault.show(await child.write("før"), mette, plain);
    await until(async () => (await child.stepOf(before)) === "arrived", SOON);
    await child.setFlightMode(true);
    const unsent = await child.vault.show(await child.write("aldrig sendt"), mette, plain);
    await child.vault.removePerson(mette);
    expect((await child.vault.people())[0]?.state).toBe("removing");
    await child.reopen();
    expect((await child.vault.people())[0]?.state).toBe("removing");
    await child.setFlightMode(false);
    await until(async () => (await child.vault.people())[0]?.state === "removed", SOON);
    await until(async () => (await adult.vault.people())[0]?.state === "removed", SOON);
    expect(await child.endOf(unsent)).toBe("gone-unopened");
    expect((await adult.vault.received()).map(({ id }) => id)).toEqual([before]);
    await expect(adult.vault.answer(before, "hallo?")).rejects.toMatchObject({ code: "not-allowed" });
    await expect(child.vault.show(await child.write("x"), mette, plain)).rejects.toMatchObject({ code: "not-allowed" });
    // Both can begin anew, as new people to each other.
    const { payload } = await adult.vault.invite("link");
    await child.vault.join(payload, "link");
    const compare = (someone: Someone) =>
      until(async () => (await someone.vault.people()).find(({ state }) => state === "compare") ?? null, SOON);
    const [hers, theirs] = [await compare(child), await compare(adult)];
    expect(hers.safetyPictures).toEqual(theirs.safetyPictures);
    await child.vault.confirmPictures(hers.id, true);
    await adult.vault.confirmPictures(theirs.id, true);
    const again = await child.pairedWith("Mette");
    expect(again).not.toBe(mette);
    expect(await adult.pairedWith("Alma")).not.toBe(alma);
    const share = await child.vault.show(await child.write("forfra"), again, plain);
    await until(async () => (await child.stepOf(share)) === "arrived", SOON);
  });

  test("the same adult with an emptied browser gets what was shown before, photos too, and the earlier one nothing more", async () => {
    const { child, adult, mette } = await pair();
    const document = await child.write("Kun til dig");
    const bytes = new Uint8Array(70_000).map((_, at) => at % 251);
    const photo = await child.vault.addPhoto(document, new Blob([bytes]));
    const before = await child.vault.show(document, mette, { ...plain, photos: [photo.full.blob] });
    await until(async () => (await child.stepOf(before)) === "arrived", SOON);
    await adult.close();

    const again = await Someone.create("caseworker", "Mette");
    const { payload } = await child.vault.invite("scan");
    await again.vault.join(payload, "scan");
    const asked = await until(
      async () => (await child.vault.people()).find(({ maybeAgain }) => maybeAgain.length > 0) ?? null,
      SOON,
    );
    expect(asked.maybeAgain).toEqual([mette]);
    const [copy] = await child.vault.previewAgain(mette);
    const preview = copy?.photos[0]?.full;
    if (preview === undefined) throw new Error("no photo in the preview");
    expect(new Uint8Array(await (await child.vault.readBlob(preview)).arrayBuffer())).toEqual(bytes);

    await child.setFlightMode(true);
    await child.vault.sameAgain(asked.id, mette);
    await child.reopen();
    expect((await child.vault.people()).flatMap(({ maybeAgain }) => maybeAgain)).toEqual([]);
    await child.setFlightMode(false);
    await until(async () => (await child.vault.shares())[0]?.steps.at(-1)?.step === "arrived", SOON);
    await until(async () => (await child.vault.people()).find(({ id }) => id === mette)?.state === "removed", SOON);
    const [received, ...more] = await again.vault.received();
    expect(more).toEqual([]);
    expect(received?.copy.text[0]?.runs[0]?.text).toBe("Kun til dig");
    const full = received?.copy.photos[0]?.full;
    if (full === undefined) throw new Error("no photo");
    expect(new Uint8Array(await (await again.vault.readBlob(full)).arrayBuffer())).toEqual(bytes);
    expect((await child.vault.shares()).map(({ person }) => person)).toEqual([asked.id]);
    expect((await child.vault.timeline("entry")).find((one) => one.document === document)?.shownTo).toEqual([asked.id]);
  });

  test("invitations: used, and the server away", async () => {
    const { child } = await pair();
    const stranger = await Someone.create("carer", "Noah");
    const { payload } = await child.vault.invite("scan");
    const second = await Someone.create("carer", "Ole");
    await stranger.vault.join(payload, "scan");
    await expect(second.vault.join(payload, "scan")).rejects.toMatchObject({ code: "invitation-used" });
    expect(await second.vault.people()).toEqual([]);
    await expect(second.vault.join("AAAA", "link")).rejects.toMatchObject({ code: "invitation-broken" });
    await stranger.setFlightMode(true);
    await expect(stranger.vault.invite("scan")).rejects.toMatchObject({ code: "offline" });
    await expect(stranger.vault.join(payload, "scan")).rejects.toMatchObject({ code: "offline" });
  });
});
