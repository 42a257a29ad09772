/**
 * The whole story of two people over the real server, the real sync and the real crypto: pairing, showing, answering,
 * writing together, taking back, parting. Each person is a vault of their own.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PersonId, VaultApi } from "../../../client/vault/api.ts";
import { PICTURES, until } from "./device.ts";
import { openPage, type } from "./page.ts";
import { play } from "./play.ts";
import { endWorld, pages, person, startWorld, write } from "./several.ts";

beforeAll(startWorld);
afterAll(endWorld);

const options = { notSafeForParents: false, withMoods: true, photos: [] };

describe("two people and a server", () => {
  it("pair, show, open, answer, write together, take back, part", async () => {
    const alma = await person("child", "Alma");
    const mette = await person("caseworker", "Mette");

    // Pairing.
    const { payload } = await alma.vault.invite();
    const almaAtMette = await mette.vault.join(payload, "scan");
    const paired = async (vault: VaultApi): Promise<PersonId | null> => {
      const [other] = await vault.people();
      if (other?.state === "compare") await vault.confirmPictures(other.id, true);
      return other?.state === "paired" && other.circle !== null ? other.id : null;
    };
    const metteAtAlma = await until(() => paired(alma.vault), 15_000);
    expect(await until(() => paired(mette.vault), 15_000)).toBe(almaAtMette);
    expect((await alma.vault.people())[0]?.name).toBe("Mette");
    expect((await mette.vault.people())[0]?.name).toBe("Alma");

    // Showing, with a photo and a recording of several chunks.
    const document = await write(alma.vault, "Jeg savner min hund");
    const photo = await alma.vault.addPhoto(document, new Blob([new Uint8Array(200_000).fill(9)]));
    const spoken = new Uint8Array(700_000).map((_, at) => (at * 7 + (at >> 9)) % 256);
    spoken.set([0x1a, 0x45, 0xdf, 0xa3]);
    const recording = await alma.vault.beginRecording(document, "audio/webm");
    await alma.vault.appendRecording(recording, spoken.subarray(0, 400_000), { durationMs: 900, peaks: [3] });
    await alma.vault.appendRecording(recording, spoken.subarray(400_000), { durationMs: 1800, peaks: [3, 9] });
    await alma.vault.endRecording(recording);
    const share = await alma.vault.show(document, metteAtAlma, {
      ...options,
      photos: [photo.full.blob],
      recordings: [recording],
    });
    // What somebody sees is found by that, and by whom.
    const alone = await write(alma.vault, "Kun min");
    const found = async (filters: Parameters<VaultApi["search"]>[1]) =>
      (await alma.vault.search("", filters, 9)).hits.map(({ summary }) => summary.document);
    expect(await found({ shown: "shown" })).toEqual([document]);
    expect(await found({ person: metteAtAlma })).toEqual([document]);
    expect(await found({ shown: "mine" })).toEqual([alone]);
    expect(await found({ person: almaAtMette })).toEqual([]);
    const received = await until(async () => (await mette.vault.received())[0], 15_000);
    expect(received.copy.text).toEqual([{ type: "paragraph", runs: [{ text: "Jeg savner min hund" }] }]);
    const copied = received.copy.photos[0];
    if (copied === undefined) throw new Error("the photo did not come along");
    expect(copied.full.blob).not.toBe(photo.full.blob);
    const size = await until(
      () =>
        mette.vault.readBlob(copied.full).then(
          (blob) => blob.size,
          () => 0,
        ),
      15_000,
    );
    expect(size).toBe(200_000);
    const heard = received.copy.recordings[0];
    if (heard === undefined) throw new Error("the recording did not come along");
    expect(heard).toMatchObject({ type: "audio/webm", bytes: 700_000, durationMs: 1800, peaks: [3, 9] });
    expect(heard.media.blob).not.toBe(recording);
    const player = await until(() => play(mette.vault, heard).catch(() => null), 15_000);
    expect(Buffer.compare(await player.read(0), spoken)).toBe(0);
    player.close();

    const step = async () => (await alma.vault.shares(document))[0]?.steps.at(-1)?.step;
    await until(async () => (await step()) === "arrived", 15_000);
    await mette.vault.markOpened(received.id);
    await until(async () => (await step()) === "opened", 15_000);
    await mette.vault.answer(received.id, "Jeg taler med din plejemor om det.");
    await until(async () => (await step()) === "answered", 15_000);
    expect((await alma.vault.shares(document))[0]?.answers[0]?.text).toBe("Jeg taler med din plejemor om det.");

    // Writing together.
    const joint = await alma.vault.startJoint(metteAtAlma, "Til mødet");
    await until(async () => (await mette.vault.jointPages())[0]?.title === "Til mødet", 15_000);
    const almasPage = await openPage(alma.vault, joint);
    const mettesPage = await openPage(mette.vault, joint);
    pages.push(almasPage, mettesPage);
    type(almasPage, "Jeg vil tale om skolen");
    await until(() => mettesPage.doc.getXmlFragment("text").toString().includes("skolen"), 15_000);
    type(mettesPage, ", og jeg tager kage med");
    await until(() => almasPage.doc.getXmlFragment("text").toString().includes("kage"), 15_000);

    // Taking back.
    await alma.vault.takeBack(share);
    await until(async () => (await mette.vault.received()).length === 0, 15_000);
    expect(await found({ shown: "shown" })).toEqual([]);
    expect(await found({ shown: "mine" })).toHaveLength(2);
    await until(async () => (await alma.vault.shares(document))[0]?.takeBack === "gone-opened", 15_000);
    await expect(mette.vault.readBlob(copied.full)).rejects.toMatchObject({ name: "VaultError" });
    await expect(play(mette.vault, heard)).rejects.toMatchObject({ name: "VaultError" });

    // A second start knows everything.
    await alma.vault.seal(1000);
    for (const stop of alma.device.stops.splice(0)) await stop();
    const again = alma.device.start();
    await again.unlock(alma.id, PICTURES);
    expect((await again.people())[0]?.state).toBe("paired");

    // Parting.
    await again.removePerson(metteAtAlma);
    await until(async () => (await mette.vault.people())[0]?.state === "removed", 20_000);
  }, 120_000);
});
