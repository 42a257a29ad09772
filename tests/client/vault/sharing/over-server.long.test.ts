/**
 * The hard turns of sharing over the real server, sync, store and crypto: flight mode and locks in between. What happens
 * on the way is in story.test.ts and its neighbours; here the question is whether all parts hold together.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { NewPocket } from "../../../../client/vault/api.ts";
import { startServer, type TestServer } from "../../../browser/harness/server.ts";
import { until } from "../device.ts";
import { openPage, type } from "../page.ts";
import { pair as introduce, SOON, Someone } from "./someone.ts";

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

async function come(role: NewPocket["role"], name: string): Promise<Someone> {
  const someone = await Someone.create(server, role, name);
  people.push(someone);
  return someone;
}

async function pair() {
  const [child, adult] = [await come("child", "Alma"), await come("caseworker", "Mette")];
  return { child, adult, ...(await introduce(child, adult)) };
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

  test("a text of a megabyte, far more than a record holds: shown, read offline, taken back with its blob", async () => {
    const { child, adult, mette } = await pair();
    const document = await child.write("En lang historie.");
    const page = await openPage(child.vault, document);
    const words = `${" Så skete der en ting mere.".repeat(40_000)} Slut.`;
    type(page, words);
    await until(
      async () => (await child.vault.preview(document, plain)).text[0]?.runs[0]?.text.endsWith("Slut."),
      SOON,
    );
    page.close();
    const share = await child.vault.show(document, mette, plain);
    await until(async () => (await child.stepOf(share)) === "arrived", SOON);
    await adult.setFlightMode(true);
    await adult.reopen();
    const [received] = await adult.vault.received();
    expect(received?.copy.text[0]?.runs[0]?.text).toBe(`En lang historie.${words}`);
    await adult.setFlightMode(false);
    await child.vault.takeBack(share);
    await until(async () => (await child.endOf(share)) === "gone-unopened", SOON);
    expect(await adult.vault.received()).toEqual([]);
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

    const again = await come("caseworker", "Mette");
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
    const stranger = await come("carer", "Noah");
    const { payload } = await child.vault.invite("scan");
    const second = await come("carer", "Ole");
    await stranger.vault.join(payload, "scan");
    await expect(second.vault.join(payload, "scan")).rejects.toMatchObject({ code: "invitation-used" });
    expect(await second.vault.people()).toEqual([]);
    await expect(second.vault.join("AAAA", "link")).rejects.toMatchObject({ code: "invitation-broken" });
    await stranger.setFlightMode(true);
    await expect(stranger.vault.invite("scan")).rejects.toMatchObject({ code: "offline" });
    await expect(stranger.vault.join(payload, "scan")).rejects.toMatchObject({ code: "offline" });
  });
});

test("on an organisation's server, that makes nothing but small spaces without a token, people find each other too", async () => {
  const strict = await startServer({ CREATION: "token" });
  const [child, adult] = [
    await Someone.create(strict, "child", "Alma"),
    await Someone.create(strict, "caseworker", "Mette"),
  ];
  try {
    const { mette } = await introduce(child, adult);
    const share = await child.vault.show(await child.write("Kun til dig"), mette, plain);
    await until(async () => (await child.stepOf(share)) === "arrived", SOON);
    expect((await child.vault.syncState()).problem).toBeNull();
  } finally {
    for (const someone of [child, adult]) await someone.close();
    await strict.remove();
  }
});
